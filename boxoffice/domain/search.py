"""An index of words by their beginnings.

Rows are small integers in the order in which they are listed, and what is found is an integer with
one bit for each: a hundred thousand rows are 12 KB, two finds meet by `&` in a microsecond, and one
that was handed out never changes. The index knows nothing of tickets.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable
from typing import TypeAlias

_KEPT = 200
"""Beginnings of words with many rows whose bits are kept once they are made."""
_MANY = 1_000
_SHORTEST_MISTYPED = 3
_SHORTEST_WITH_TWO_ERRORS = 6
_DIGITS = b"01" + bytes(254)


Rows: TypeAlias = int | list[int]
"""The rows that go by one name, sorted; one alone as itself, since a list would cost 90 bytes."""


def bits_of(rows: Collection[int]) -> int:
    """The integer with a bit for each of `rows`."""
    if not rows:
        return 0
    if len(rows) < _MANY:
        packed = bytearray(max(rows) // 8 + 1)
        for row in rows:
            packed[row >> 3] |= 1 << (row & 7)
        return int.from_bytes(packed, "little")
    flags = bytearray(max(rows) + 1)
    for row in rows:
        flags[row] = 1
    flags.reverse()
    return int(flags.translate(_DIGITS), 2)


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
                gathered[name] = rows if isinstance(rows, int) else rows.copy()
                continue
            if isinstance(known, int):
                known = gathered[name] = [known]
            if isinstance(rows, int):
                known.append(rows)
            else:
                known += rows
    return gathered


class Postings:
    """Which rows go by a name."""

    def __init__(self, named: Iterable[tuple[Iterable[str], Rows]] = ()) -> None:
        """`named`: names with the rows that go by each of them, in any order."""
        self._rows = gather(named)
        for rows in self._rows.values():
            if isinstance(rows, list):
                _settle(rows)

    def having(self, name: str) -> list[int]:
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
        self._kept: dict[str, int] = {}
        for start in {word[:1] for word in self._words}:
            self.starting(start)

    def replace(self, row: int, old: Iterable[str], new: Iterable[str]) -> None:
        before, after = set(old), set(new)
        super().replace(row, before, after)
        bit = 1 << row
        for start in _starts(before - after) & self._kept.keys():
            self._kept[start] &= ~bit
        for start in _starts(after) & self._kept.keys():
            self._kept[start] |= bit

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
        return bits_of(self.having(word))

    def starting(self, start: str) -> int:
        """The rows with a word that begins with `start`, as bits."""
        if start in self._kept:
            return self._kept[start]
        first = bisect_left(self._words, start)
        last = bisect_left(self._words, start + "\x7f", first)
        found = self._having_any(self._words[first:last])
        bits = bits_of(found)
        if len(found) >= _MANY:
            if len(self._kept) >= _KEPT:
                # The oldest that is not a single letter: those are asked for all the time.
                del self._kept[next(start for start in self._kept if len(start) > 1)]
            self._kept[start] = bits
        return bits

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
            word, self._words, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        one = bits_of(self._having_any(found for found, errors, _ in close if errors <= 1))
        return one, one | bits_of(
            self._having_any(found for found, errors, _ in close if errors == 2)
        )

    def _having_any(self, words: Iterable[str]) -> list[int]:
        """The rows with any of these words, all of which must be known. May hold doubles."""
        found: list[int] = []
        for known in map(self._rows.__getitem__, words):
            if isinstance(known, int):
                found.append(known)
            else:
                found += known
        return found


def _settle(rows: list[int]) -> None:
    """Sort `rows`, and drop doubles, which are rare."""
    unique = set(rows)
    if len(unique) < len(rows):
        rows[:] = unique
    rows.sort()


def _starts(words: Iterable[str]) -> set[str]:
    return {word[:end] for word in words for end in range(1, len(word) + 1)}


def sort_in_steps(words: Iterable[str]) -> list[str]:
    """`words` sorted, a few at a time: one sort of a hundred thousand would hold the UI up."""
    buckets: dict[str, list[str]] = {}
    for word in words:
        buckets.setdefault(word[:2], []).append(word)
    return [word for start in sorted(buckets) for word in sorted(buckets[start])]
