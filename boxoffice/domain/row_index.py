"""Rows that are found by words: which go by a name, and which have a word that begins so.

Rows are small integers, and several are an integer with one bit for each: a hundred thousand rows
are 12 KB, and two finds meet by `&` in a microsecond.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, MutableSequence, Sequence
from itertools import compress, count, groupby
from operator import itemgetter
from typing import Any, TypeAlias

MANY_ROWS = 1_000
_SPARSE = 28
"""Bits for each row, from which on it is faster to set bit by bit."""
_MOST_SORTED, _LONGEST_BEGUN = 10_000, 20
"""Words that are sorted in one go, if they are not alike in as many characters."""
_DIGITS = b"01" + bytes(254)
FLAGS = bytes(byte == ord("1") for byte in range(256))
"""Makes the digits of a binary number true or false."""
_DENSE = 5
"""Bits, of which with more than one set all are gone through rather than the set ones found."""
_MOST_CACHED = 200
"""Beginnings of words with many rows whose bits are kept once they are made."""
_SHORTEST_MISTYPED = 3
_SHORTEST_WITH_TWO_ERRORS = 6
Rows: TypeAlias = int | MutableSequence[int]
"""The rows that go by one name, sorted; one alone as itself, since a list would cost 90 bytes."""


def bits_of(rows: Collection[int]) -> int:
    """The integer with a bit for each of `rows`."""
    if not rows:
        return 0
    last = max(rows)
    if len(rows) * _SPARSE < last:
        packed = bytearray(last // 8 + 1)
        for row in rows:
            packed[row >> 3] |= 1 << (row & 7)
        return int.from_bytes(packed, "little")
    flags = bytearray(last + 1)
    for row in rows:
        flags[row] = 1
    flags.reverse()
    return int(flags.translate(_DIGITS), 2)


def without(bits: int, others: int) -> int:
    """`bits` but for `others`. To Python, `bits & ~others` is work with negative numbers: slow."""
    return bits ^ (bits & others)


def rows_of(bits: int) -> list[int]:
    """The rows with a bit in `bits`, sorted."""
    text = bin(bits)[:1:-1]
    if bits.bit_count() > len(text) // _DENSE:
        return [*compress(count(), text.encode().translate(FLAGS))]
    found: list[int] = []
    at = text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found


def sort_in_steps(words: Iterable[str], begun: int = 2) -> list[str]:
    """`words` sorted, a few at a time: one sort of a hundred thousand would hold the UI up.

    `begun`: those that have so many characters in common are sorted together, or parted again.
    """
    buckets: dict[str, list[str]] = {}
    for word in words:
        buckets.setdefault(word[:begun], []).append(word)
    ordered: list[str] = []
    for start in sorted(buckets):
        bucket = buckets[start]
        is_large = len(bucket) > _MOST_SORTED and begun < _LONGEST_BEGUN
        ordered += sort_in_steps(bucket, begun + 2) if is_large else sorted(bucket)
    return ordered


def gather(named: Iterable[tuple[Iterable[str], Rows]]) -> dict[str, Rows]:
    """The rows of each name, out of `named`: names with the rows that go by each of them.

    In the order given, and with the doubles that are in it.
    """
    gathered: dict[str, Rows] = {}
    get = gathered.get
    for names, rows in named:
        for name in names:
            known = get(name)
            if known is None:
                gathered[name] = rows if isinstance(rows, int) else [*rows]
                continue
            more = (rows,) if isinstance(rows, int) else rows
            if isinstance(known, int):
                gathered[name] = [known, *more]
            else:
                known += more
    return gathered


class Postings:
    """Which rows go by a name."""

    def __init__(self, named: Iterable[tuple[Iterable[str], Rows]] = ()) -> None:
        """`named`: names with the rows that go by each of them, in any order."""
        self._rows = gather(named)
        for name, rows in self._rows.items():
            if not isinstance(rows, int):
                self._rows[name] = _settled(rows)

    def containers(self) -> list[dict[Any, Any] | list[Any]]:
        """What it is made of."""
        return [self._rows]

    def having(self, name: str) -> Sequence[int]:
        """The rows with exactly this name. Not to be changed."""
        known = self._rows.get(name, [])
        return [known] if isinstance(known, int) else known

    def replace(self, row: int, old: Iterable[str], new: Iterable[str]) -> None:
        """Give `row` the names `new` in place of `old`, which must be those that it has."""
        before, after = set(old), set(new)
        for name in before - after:
            self._drop(name, row)
        for name in after - before:
            self._add(name, row)

    def _add(self, name: str, row: int) -> None:
        known = self._rows.get(name)
        if known is None:
            self._rows[name] = row
        elif isinstance(known, int):
            self._rows[name] = sorted((known, row))
        else:
            insort(known, row)

    def _drop(self, name: str, row: int) -> None:
        known = self._rows[name]
        if isinstance(known, int):
            del self._rows[name]
            return
        del known[bisect_left(known, row)]
        if len(known) == 1:
            self._rows[name] = known[0]


class Index(Postings):
    """Which rows have a word that begins in a given way."""

    def __init__(self, worded: Iterable[tuple[Iterable[str], Rows]] = ()) -> None:
        """`worded`: folded words with the rows that have each of them, in any order."""
        super().__init__(worded)
        self._words = sort_in_steps(self._rows)
        self._common = {
            word: bits_of(rows)
            for word, rows in self._rows.items()
            if not isinstance(rows, int) and len(rows) >= MANY_ROWS
        }
        """The rows of words that many have, as bits."""
        self._cached: dict[str, int] = {}
        """Longer beginnings, as they were asked for."""
        self._short: dict[str, int] = {}
        """One letter, and such two letters as many rows begin with: asked for all the time."""
        for start, words in groupby(self._words, key=itemgetter(slice(2))):
            bits = self._having_any(words)
            self._short[start[:1]] = self._short.get(start[:1], 0) | bits
            if len(start) > 1 and bits.bit_count() >= MANY_ROWS:
                self._short[start] = bits

    def containers(self) -> list[dict[Any, Any] | list[Any]]:
        return [*super().containers(), self._words]

    def replace(self, row: int, old: Iterable[str], new: Iterable[str]) -> None:
        before, after = set(old), set(new)
        super().replace(row, before, after)
        bit, gone, come = 1 << row, before - after, after - before
        for known, lost, won in (
            (self._common, gone, come),
            *((each, _starts(gone), _starts(after)) for each in (self._short, self._cached)),
        ):
            for start in lost & known.keys():
                known[start] = without(known[start], bit)
            for start in won & known.keys():
                known[start] |= bit

    def _add(self, name: str, row: int) -> None:
        if name not in self._rows:
            insort(self._words, name)
        super()._add(name, row)

    def _drop(self, name: str, row: int) -> None:
        super()._drop(name, row)
        if name not in self._rows:
            del self._words[bisect_left(self._words, name)]

    def being(self, word: str) -> int:
        """The rows with just this word, as bits."""
        known = self._common.get(word)
        return bits_of(self.having(word)) if known is None else known

    def starting(self, start: str) -> int:
        """The rows with a word that begins with `start`, as bits."""
        known = self._short.get(start, self._cached.get(start))
        if known is not None:
            return known
        first = bisect_left(self._words, start)
        last = bisect_left(self._words, start + "\x7f", first)
        bits = self._having_any(self._words[first:last])
        if bits.bit_count() >= MANY_ROWS:
            if len(self._cached) >= _MOST_CACHED:
                del self._cached[next(iter(self._cached))]
            self._cached[start] = bits
        return bits

    def _having_any(self, words: Iterable[str]) -> int:
        """The rows with any of these words, all of which must be known, as bits."""
        found, common = list[int](), 0
        for word in words:
            known = self._rows[word]
            if isinstance(known, int):
                found.append(known)
            elif (bits := self._common.get(word)) is not None:
                common |= bits
            else:
                found += known
        return common | bits_of(found)


class NameIndex(Index):
    """Which rows have a word that is like one with a typing error."""

    def __init__(self, worded: Iterable[tuple[Iterable[str], Rows]] = ()) -> None:
        super().__init__(worded)
        self._known = [*self._rows]
        """All words that there were at any time; what came back is there once more."""
        signed: dict[str, list[int]] = {}
        for place, word in enumerate(self._known):
            for sign in _signs(word):
                signed.setdefault(sign, []).append(place)
        self._signed = {sign: bits_of(places) for sign, places in signed.items()}
        """The places of the words with each sign, as bits."""

    def containers(self) -> list[dict[Any, Any] | list[Any]]:
        return [*super().containers(), self._known]

    def _add(self, name: str, row: int) -> None:
        if name not in self._rows:
            bit = 1 << len(self._known)
            self._known.append(name)
            for sign in _signs(name):
                self._signed[sign] = self._signed.get(sign, 0) | bit
        super()._add(name, row)

    def near(self, word: str) -> tuple[int, int]:
        """The rows with a word that becomes `word` by one typing error, and by at most two.

        An error is a letter too many, missing, wrong, or two changed places. A short word allows
        one at most, and what holds a digit none: the next number is another person's.
        """
        if not word.isalpha() or len(word) < _SHORTEST_MISTYPED:
            return 0, 0
        from rapidfuzz import process  # noqa: PLC0415  # not needed to start
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        most = 1 if len(word) < _SHORTEST_WITH_TWO_ERRORS else 2
        close = process.extract(
            word, self._like(word, most), scorer=OSA.distance, score_cutoff=most, limit=None
        )
        one = self._having_any(found for found, errors, _ in close if errors <= 1)
        return one, one | self._having_any(found for found, errors, _ in close if errors == 2)

    def _like(self, word: str, most: int) -> list[str]:
        """The words about as long as `word` that lack at most so many of its letters.

        An error takes one of them away, if any.
        """
        like, lacking = 0, [0] * (most + 1)
        for length in range(len(word) - most, len(word) + most + 1):
            like |= self._signed.get(_of_length(length), 0)
        for letter in set(word):
            lack = without(like, self._signed.get(letter, 0))
            for letters in range(most, 0, -1):
                lacking[letters] |= lacking[letters - 1] & lack
            lacking[0] |= lack
        found = (self._known[place] for place in rows_of(without(like, lacking[most])))
        return [one for one in found if one in self._rows]


def _settled(rows: Collection[int]) -> MutableSequence[int]:
    """`rows` sorted, without doubles; many are packed, in a ninth of what a list would take."""
    if len(rows) >= MANY_ROWS:  # one sort of a hundred thousand would hold the UI up
        return array("I", rows_of(bits_of(rows)))
    return sorted(set(rows))


def _starts(words: Iterable[str]) -> set[str]:
    return {word[:end] for word in words for end in range(1, len(word) + 1)}


def _signs(word: str) -> set[str]:
    """What a word has in common with words that are like it."""
    return {*word, _of_length(len(word))}


def _of_length(length: int) -> str:
    return f"#{length}"
