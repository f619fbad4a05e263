"""Seats that tills hold to sell without the site, so that no two sell the same last one. No I/O.

Each ticket type has a pool: how many seats the site had left when it was last read, and how many of
these each till holds in escrow. A till changes only its own escrow, and numbers the changes: if two
pools differ about a till, the higher number counts.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple, Self

MOST = 10**9
"""The most seats, and the most changes of an escrow, that are believed."""


class Escrow(NamedTuple):
    """The seats of a ticket type that a till holds, those it has sold without the site included."""

    serial: int = 0
    """Counts the changes that its device made to it: the higher one is the newer."""
    wanted: int = 0
    seats: int = 0


NO_ESCROW = Escrow()


class Holding(NamedTuple):
    """The escrow as its own computer has it: never more than the hub has given."""

    serial: int = 0
    seats: int = 0
    """Seats that may still be sold."""
    pending: int = 0
    """What the newest change adds or takes away, until the hub is known to have it; else 0."""
    since: int = 0
    """The serial of the hub's escrow before that change."""
    sold: int = 0
    """Seats that were sold and have no order yet."""

    def lacking(self, escrow: Escrow) -> int:
        """What was given back here and is not yet in the hub's `escrow`: negative, or 0."""
        return min(self.pending, 0) if escrow.serial == self.since else 0


class Plan(NamedTuple):
    """How a till should change its escrow."""

    by: int
    """How many seats to take; negative: to give back."""
    wanted: int
    base: int
    """The escrow without that change."""

    def escrow(self, serial: int, by: int) -> Escrow:
        """The escrow that the hub should store; `by`: the change as it was written down here."""
        return Escrow(serial, self.wanted, self.base + by)


class Pool(NamedTuple):
    """The seats of one ticket type."""

    left: int | None = None
    """How many the site had left when it was last read; None: there is no limit."""
    tills: Mapping[str, Escrow] = {}
    """By device."""

    @property
    def in_escrow(self) -> int:
        return sum(escrow.seats for escrow in self.tills.values())

    def escrow(self, device: str) -> Escrow:
        return self.tills.get(device, NO_ESCROW)

    def due(self, device: str, wanted: int, least: int) -> int:
        """How many seats the till of `device` should hold, if it wants `wanted`.

        `least`: how many of them it has sold already. If fewer are left than all tills want, each
        gets the same; what others hold beyond that has to come back first.
        """
        if self.left is None:
            return max(least, wanted)
        of_others = self.in_escrow - self.escrow(device).seats
        wants = {till: escrow.wanted for till, escrow in self.tills.items()} | {device: wanted}
        return max(least, min(_shares(self.left, wants)[device], self.left - of_others))

    def plan(self, device: str, own: Holding, at_hand: int, *, fresh: bool) -> Plan:
        """How the till of `device` should change its escrow, to have `at_hand` seats to sell.

        `fresh`: `left` was read just for this. Otherwise it may include seats that were sold here
        and ordered at the site since, so these stay in escrow.
        """
        base = own.seats + own.sold
        if not fresh:
            escrow = self.escrow(device)
            base = max(base, escrow.seats + own.lacking(escrow))
        least = base - own.seats
        return Plan(self.due(device, at_hand + least, least) - base, at_hand + least, base)

    def is_worth_a_read(self, device: str, own: Holding, at_hand: int, known: int | None) -> bool:
        """Whether to read from the site what is left first. `known`: what this till read last."""
        if _less(known, self.left) or self.escrow(device).seats > own.seats + own.sold:
            return True
        pools = (self, self._replace(left=known))
        return any(pool.plan(device, own, at_hand, fresh=False).by > 0 for pool in pools)

    def with_escrow(self, device: str, escrow: Escrow) -> Self:
        return self._replace(tills={**self.tills, device: escrow})

    def completed(self, known: Self) -> Self:
        """The pool, with the escrows that are newer in `known`, the pool as it was known before.

        Another hub may know less of some tills, or nothing.
        """
        newest = dict(self.tills)
        for device, escrow in known.tills.items():
            newest[device] = max(escrow, newest.get(device, NO_ESCROW), key=lambda one: one.serial)
        return self._replace(tills=newest)

    def to_json(self) -> str:
        return json.dumps({"left": self.left, "tills": self.tills}, sort_keys=True)


def read_pool(text: str | bytes) -> Pool:
    """Read a pool from JSON. Raises ValueError."""
    try:
        fields = json.loads(text)
        left = None if fields["left"] is None else _number(fields["left"])
        tills = {str(device): Escrow(*map(_number, of)) for device, of in fields["tills"].items()}
        return Pool(left, tills)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not the seats of a ticket type") from error


def _less(one: int | None, other: int | None) -> bool:
    """Whether `one` is less than `other`, where None stands for no limit."""
    return one is not None and (other is None or one < other)


def _number(value: object) -> int:
    if isinstance(value, int) and 0 <= value <= MOST:
        return int(value)
    raise ValueError(f"{value!r} is no number of seats")


def _shares(left: int, wants: Mapping[str, int]) -> dict[str, int]:
    """Divide `left`: no till gets more than it wants, and those that get less all get the same."""
    shares = {}
    in_order = sorted(wants, key=lambda till: (wants[till], till))
    for more, till in zip(range(len(in_order), 0, -1), in_order, strict=True):
        shares[till] = min(wants[till], left // more)
        left -= shares[till]
    return shares
