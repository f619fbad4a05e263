"""The order of the list, and a view of some of its rows that stays as it was.

Rows are numbered in the order in which they are listed; a set of them, as bits, never changes once
it was handed out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, compress
from typing import TypeAlias, overload

from boxoffice.domain.models import Ticket
from boxoffice.domain.row_index import FLAGS, rows_of
from boxoffice.domain.text import Alphabet

_MOST = 10**18
_LAST = "\x7f"
_BLOCK = 1024
"""Rows that are counted together."""
_Place: TypeAlias = tuple[int, str]
"""The row of the first ones before which a later row stands, and its key among those there."""


def sort_key(ticket: Ticket, alphabet: Alphabet) -> str:
    """By name, then by number; those without come last. No two tickets have the same.

    A name that begins with neither letter nor digit is hardly one: it comes after those that are.
    """
    # All numbers with as many digits, so that they compare as numbers do.
    number = _MOST * 2 if ticket.number is None else _MOST + ticket.number
    name = alphabet(ticket.full_name)
    if not (name[:1].isalnum() or ticket.full_name[:1].isalnum()):
        name = _LAST + name
    return f"{name}\0{number}{ticket.uuid}"


class RowOrder:
    """Where each row stands.

    The rows there were at first are numbered in their order. One that comes later has the next
    number, and a place among the first. A row keeps its name and number for good.
    """

    def __init__(self, tickets: list[Ticket], alphabet: Alphabet) -> None:
        """`tickets`: by row, in the order of `alphabet`; shared with the caller, who adds to it."""
        self.tickets = tickets
        self.alphabet = alphabet
        self.first = len(tickets)
        self.first_bits = (1 << self.first) - 1
        self.places: dict[int, _Place] = {}
        """Of the rows that came later."""
        self._late: list[tuple[_Place, int]] = []
        """These with their rows, in order."""
        self._numbers: list[int] = []
        """Which of the later rows each of those is, from 0."""

    def key(self, ticket: Ticket) -> str:
        return sort_key(ticket, self.alphabet)

    def add(self, row: int) -> None:
        """Find the place of a row that came later."""
        key = self.key(self.tickets[row])
        before = bisect_left(range(self.first), key, key=lambda at: self.key(self.tickets[at]))
        self.places[row] = (before, key)
        late = (self.places[row], row)
        at = bisect_left(self._late, late)
        self._late.insert(at, late)
        self._numbers.insert(at, row - self.first)

    def late(self, bits: int) -> list[tuple[_Place, int]]:
        """The rows in `bits` that came later, with their places, in order."""
        if not (late := bits >> self.first):
            return []
        flags = f"{late:0{len(self._late)}b}".encode().translate(FLAGS)[::-1]
        return [*compress(self._late, map(flags.__getitem__, self._numbers))]


class Run:
    """Some rows in list order, found by their place without writing all of them out."""

    def __init__(self, row_order: RowOrder, bits: int) -> None:
        first = bits & row_order.first_bits
        self._packed = first.to_bytes(row_order.first // 8 + 1, "little")
        self._before = [0]
        """How many rows stand before each block, as far as they are counted: most that is seen of
        a list stands at its beginning."""
        self._late = row_order.late(bits)
        self._late_places: dict[int, int] = {}
        self._places = row_order.places
        self._opened: dict[int, list[int]] = {}

    def __getitem__(self, at: int) -> int:
        """The row that stands at `at`, from 0."""
        late = bisect_left(range(len(self._late)), at, key=self._late_at)
        if late < len(self._late) and self._late_at(late) == at:
            return self._late[late][1]
        at -= late
        while self._before[-1] <= at:
            self._count()
        block = bisect_right(self._before, at) - 1
        if block not in self._opened:
            self._opened[block] = rows_of(self._block(block))
        return block * _BLOCK + self._opened[block][at - self._before[block]]

    def place(self, row: int) -> int:
        """Where `row`, which is one of these, stands."""
        if row in self._places:
            return self._late_at(bisect_left(self._late, (self._places[row], row)))
        return self._below(row) + bisect_left(self._late, ((row + 1, ""), 0))

    def _late_at(self, number: int) -> int:
        """Where one of the later rows stands."""
        if number not in self._late_places:
            (place, _), _ = self._late[number]
            self._late_places[number] = self._below(place) + number
        return self._late_places[number]

    def _below(self, row: int) -> int:
        """How many of the first rows stand before `row`."""
        block, bit = divmod(row, _BLOCK)
        while len(self._before) <= block:
            self._count()
        return self._before[block] + (self._block(block) & ((1 << bit) - 1)).bit_count()

    def _block(self, number: int) -> int:
        at = number * _BLOCK // 8
        return int.from_bytes(self._packed[at : at + _BLOCK // 8], "little")

    def _count(self) -> None:
        """Count the rows of one more block."""
        counted = len(self._before) - 1
        self._before.append(self._before[-1] + self._block(counted).bit_count())


class RosterView(Sequence[str]):
    """The uuids of some tickets in the order of the list. Does not change with it.

    A ticket that got another name since, and so another row, is no longer found in it by uuid.
    """

    def __init__(
        self, row_order: RowOrder, row_of: Mapping[str, int], tiers: Sequence[int]
    ) -> None:
        """`tiers`: rows as bits, none in two; those of one stand before those of the next."""
        self._row_order = row_order
        self._row_of = row_of
        self._tiers = tiers
        self._starts = [0, *accumulate(map(int.bit_count, tiers))]
        """How many rows stand before each tier."""
        self._length = self._starts.pop()
        self._runs: dict[int, Run] = {}

    def _run(self, tier: int) -> Run:
        if tier not in self._runs:
            self._runs[tier] = Run(self._row_order, self._tiers[tier])
        return self._runs[tier]

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        places = range(self._length)[at]
        if isinstance(places, range):
            return [self._at(place) for place in places]
        return self._at(places)

    def _at(self, place: int) -> str:
        tier = bisect_right(self._starts, place) - 1
        row = self._run(tier)[place - self._starts[tier]]
        return self._row_order.tickets[row].uuid

    def __contains__(self, uuid: object) -> bool:
        return self._find(uuid) is not None

    def index(self, uuid: object, start: int = 0, stop: int | None = None) -> int:
        """Where `uuid` stands. Raises ValueError where it does not, as a list does."""
        at = self._find(uuid)
        if at is None or at not in range(self._length)[start:stop]:
            raise ValueError(f"{uuid!r} is not listed")
        return at

    def _find(self, uuid: object) -> int | None:
        row = self._row_of.get(uuid) if isinstance(uuid, str) else None
        if row is None:
            return None
        for tier, bits in enumerate(self._tiers):
            if bits >> row & 1:
                return self._starts[tier] + self._run(tier).place(row)
        return None
