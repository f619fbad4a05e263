"""The account of a venue: whom each door let in, what it took, and what is not known. No I/O.

A door tells only figures of itself: no names, and nothing about who bought.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from boxoffice.domain.account import Account
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.models import Event
from boxoffice.domain.text import clean
from boxoffice.domain.venue import LANE_LIMIT, LetInTwice
from boxoffice.language import N_, _, ngettext

ANSWER = "account"
"""The kind of message that carries a `DoorAccount`."""
CURRENCY_LENGTH = 3
NO_HUB = N_(
    "The hub was not reached: no other door was asked, and what they did since is not known."
)


class DoorAccount(NamedTuple):
    """One computer's figures for the event, from its journal, as `domain.account.Account` has."""

    lane: str
    admissions: int
    conflicts: int
    """Check-ins that the site already had, and that no door of the venue is known to have made; a
    person has not settled them yet."""
    failed: int
    waiting: int
    sales: int
    turnover: Decimal
    rounding: Decimal
    refunded: Decimal
    expected_cash: Decimal
    currency: str
    takings: dict[str, Decimal]
    """By payment method."""
    discounts: Decimal = Decimal(0)


COUNTS = ("admissions", "conflicts", "failed", "waiting", "sales")
MONEY = ("turnover", "discounts", "rounding", "refunded", "expected_cash")


def account_of(lane: str, figures: Account, clash_rows: Iterable[int]) -> DoorAccount:
    """What a door tells of itself. `clash_rows`: its conflicts with another door of the venue."""
    twice = frozenset(clash_rows)
    return DoorAccount(
        lane,
        figures.admissions,
        sum(row.id not in twice for row in figures.conflicts),
        figures.needs_person,
        figures.goes_by_itself,
        len(figures.booked),
        figures.turnover,
        figures.rounding,
        figures.refunded,
        figures.expected_cash,
        figures.currency,
        {paid.value: amount for paid, amount in figures.takings.items() if amount},
        figures.discounts,
    )


def as_message(account: DoorAccount) -> dict[str, Any]:
    """An account as JSON: money is text."""
    fields = account._asdict() | {name: str(getattr(account, name)) for name in MONEY}
    return fields | {"takings": {paid: str(amount) for paid, amount in account.takings.items()}}


def read_account(fields: Mapping[str, Any]) -> DoorAccount:
    """Read the account that another door sent. Raises ValueError."""
    try:
        takings = {PaymentMethod(paid).value: _money(of) for paid, of in fields["takings"].items()}
        return DoorAccount(
            lane=clean(str(fields["lane"]), LANE_LIMIT),
            currency=clean(str(fields["currency"]), CURRENCY_LENGTH),
            takings=takings,
            admissions=_number(fields["admissions"]),
            conflicts=_number(fields["conflicts"]),
            failed=_number(fields["failed"]),
            waiting=_number(fields["waiting"]),
            sales=_number(fields["sales"]),
            turnover=_money(fields["turnover"]),
            rounding=_money(fields["rounding"]),
            refunded=_money(fields["refunded"]),
            expected_cash=_money(fields["expected_cash"]),
            discounts=_money(fields.get("discounts", 0)),  # earlier versions give none
        )
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError(f"no account: {type(error).__name__}") from error


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError("no number")
    return value


def _money(value: object) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise ValueError("no amount")
    return amount


class SilentDoor(NamedTuple):
    lane: str
    admissions: int
    """By its claims."""


@dataclass(frozen=True, slots=True)
class VenueAccount:
    """The figures. Money is in `currency`."""

    event: Event
    venue: str
    at: datetime
    """In the event's time zone."""
    doors: tuple[DoorAccount, ...]
    """The doors that answered, and this one."""
    silent: tuple[SilentDoor, ...]
    """The doors that did not answer."""
    let_in_twice: tuple[LetInTwice, ...]
    """Each pair once, whatever became of it since."""
    reached: bool
    """The hub was reached, and the claims of all doors were read."""
    currency: str

    @property
    def admissions(self) -> int:
        answered = sum(door.admissions for door in self.doors)
        return answered + sum(door.admissions for door in self.silent)

    @property
    def conflicts(self) -> int:
        """Conflicts between two doors, each counted once, and those with anybody else."""
        return len(self.let_in_twice) + sum(door.conflicts for door in self.doors)

    @property
    def takings(self) -> dict[str, Decimal]:
        """The takings of all doors that answered, by payment method."""
        sums: dict[str, Decimal] = {}
        for door in self.counted:
            for paid, amount in door.takings.items():
                sums[paid] = sums.get(paid, Decimal(0)) + amount
        return sums

    def total(self, name: str) -> Decimal:
        """The sum of one of the fields in `MONEY`."""
        return sum((getattr(door, name) for door in self.counted), Decimal(0))

    @property
    def counted(self) -> list[DoorAccount]:
        """The doors whose money can be added up, as it is in the same currency."""
        return [door for door in self.doors if door.currency in ("", self.currency)]

    @property
    def causes(self) -> list[str]:
        """Why it is not the whole account, or does not add up: a sentence for each reason."""
        return list(self._causes())

    def _causes(self) -> Iterator[str]:
        if not self.reached:
            yield _(NO_HUB)
        for lane, admissions in self.silent:
            yield ngettext(
                "{lane} did not answer: {n} admission by its claims, its takings not known.",
                "{lane} did not answer: {n} admissions by its claims, its takings not known.",
                admissions,
            ).format(lane=lane, n=admissions)
        for door in self.doors:
            if door not in self.counted:
                other = _("{lane} takes {currency}: its money is not added up here.")
                yield other.format(lane=door.lane, currency=door.currency)
            if stuck := door.conflicts + door.failed:
                yield ngettext(
                    "{n} row in the queue of {lane} need a person.",
                    "{n} rows in the queue of {lane} need a person.",
                    stuck,
                ).format(n=stuck, lane=door.lane)
            if door.waiting:
                yield ngettext(
                    "{n} row of {lane} still to be sent.",
                    "{n} rows of {lane} still to be sent.",
                    door.waiting,
                ).format(n=door.waiting, lane=door.lane)
        if twice := len(self.let_in_twice):
            yield ngettext(
                "{n} ticket let in at two doors: possibly two people each.",
                "{n} tickets let in at two doors: possibly two people each.",
                twice,
            ).format(n=twice)
