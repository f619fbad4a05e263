"""Seats that tills hold to sell without the site: two of them never sell the same last one. Pure.

Of each ticket type there is a pool: what was left by the last read of the site, and what of it lies
in escrow at which till. A till changes its own escrow only, so that the newest is known by a number
that its device counts; what two pools tell of a till is settled by it.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple, Self

MOST = 10**9
"""Seats, and changes of one escrow."""


class Escrow(NamedTuple):
    """What one till holds of a ticket type, with what it has sold and the site does not know."""

    serial: int = 0
    """Counts the changes that its device made to it: the higher one is the newer."""
    wanted: int = 0
    seats: int = 0


NO_ESCROW = Escrow()


class Holding(NamedTuple):
    """How the same stands on its own computer, which is never more than the hub has given."""

    serial: int = 0
    seats: int = 0
    """That may still be sold."""
    pending: int = 0
    """What the newest change adds or has taken away, where the hub is not known to have it."""
    since: int = 0
    """The serial that the hub's escrow had before it was."""
    sold: int = 0
    """Without an order so far."""

    def lacking(self, escrow: Escrow) -> int:
        """What is given back here, and not in `escrow`, as the hub has it; negative, or 0."""
        return min(self.pending, 0) if escrow.serial == self.since else 0


class Plan(NamedTuple):
    """What a till is to do about its escrow."""

    by: int
    """So many seats more, or less where it is negative."""
    wanted: int
    base: int
    """What the escrow would be without that."""

    def escrow(self, serial: int, by: int) -> Escrow:
        """What the hub is to have; `by`: as it was written down."""
        return Escrow(serial, self.wanted, self.base + by)


class Pool(NamedTuple):
    """The seats of one ticket type."""

    left: int | None = None
    """By the last read of the site; None: it does not say, and gives out without a limit."""
    tills: Mapping[str, Escrow] = {}
    """By device."""

    @property
    def in_escrow(self) -> int:
        return sum(escrow.seats for escrow in self.tills.values())

    def escrow(self, device: str) -> Escrow:
        return self.tills.get(device, NO_ESCROW)

    def due(self, device: str, wanted: int, least: int) -> int:
        """How many seats the till of `device` should hold that wants so many.

        `least`: of these it has sold so many already. Where less is left than all want, each gets
        alike; what others hold beyond that has to come back first.
        """
        if self.left is None:
            return max(least, wanted)
        of_others = self.in_escrow - self.escrow(device).seats
        wants = {till: escrow.wanted for till, escrow in self.tills.items()} | {device: wanted}
        return max(least, min(_shares(self.left, wants)[device], self.left - of_others))

    def plan(self, device: str, own: Holding, at_hand: int, *, fresh: bool) -> Plan:
        """What the till of `device` is to do that wants so many at hand.

        `fresh`: what is left was read for this; else it may count as left what has been placed at
        the site since it was sold, and that stays in escrow.
        """
        base = own.seats + own.sold
        if not fresh:
            escrow = self.escrow(device)
            base = max(base, escrow.seats + own.lacking(escrow))
        least = base - own.seats
        return Plan(self.due(device, at_hand + least, least) - base, at_hand + least, base)

    def is_worth_a_read(self, device: str, own: Holding, at_hand: int, known: int | None) -> bool:
        """Whether to read what is left before that; `known`: as it was read last by this till."""
        if _less(known, self.left) or self.escrow(device).seats > own.seats + own.sold:
            return True
        pools = (self, self._replace(left=known))
        return any(pool.plan(device, own, at_hand, fresh=False).by > 0 for pool in pools)

    def with_escrow(self, device: str, escrow: Escrow) -> Self:
        return self._replace(tills={**self.tills, device: escrow})

    def completed(self, known: Self) -> Self:
        """With what `known` tells that is newer: another hub knows of some tills less, or nothing.

        `known`: the pool as it was known before.
        """
        newest = dict(self.tills)
        for device, escrow in known.tills.items():
            newest[device] = max(escrow, newest.get(device, NO_ESCROW), key=lambda one: one.serial)
        return self._replace(tills=newest)

    def to_json(self) -> str:
        return json.dumps({"left": self.left, "tills": self.tills}, sort_keys=True)


def read_pool(text: str | bytes) -> Pool:
    """Of JSON. Raises ValueError."""
    try:
        fields = json.loads(text)
        left = None if fields["left"] is None else _number(fields["left"])
        tills = {str(device): Escrow(*map(_number, of)) for device, of in fields["tills"].items()}
        return Pool(left, tills)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not the seats of a ticket type") from error


def _less(one: int | None, other: int | None) -> bool:
    """Of two numbers of seats, where None is without a limit."""
    return one is not None and (other is None or one < other)


def _number(value: object) -> int:
    if isinstance(value, int) and 0 <= value <= MOST:
        return int(value)
    raise ValueError(f"{value!r} is no number of seats")


def _shares(left: int, wants: Mapping[str, int]) -> dict[str, int]:
    """How `left` is divided: nobody gets more than wanted, and who gets less, as much as others."""
    shares = {}
    in_order = sorted(wants, key=lambda till: (wants[till], till))
    for more, till in zip(range(len(in_order), 0, -1), in_order, strict=True):
        shares[till] = min(wants[till], left // more)
        left -= shares[till]
    return shares
