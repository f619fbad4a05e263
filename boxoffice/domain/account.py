"""The night's account: who came in, what was sold, and what should be in the tills. No I/O."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.models import Ticket
from boxoffice.domain.night import Night, Site
from boxoffice.domain.sale import CLOSED, Sale, Shift, Taking, TakingKind

AROUND = timedelta(hours=12)
"""A till that is open up to so long before the event, or after it, belongs to its night."""
LONGEST = timedelta(hours=24)
"""How long an event is taken to last, if it does not say when it ends."""
QUARTER = 15
"""Minutes."""


class Attendance(NamedTuple):
    ticket_type: str
    tickets: int
    """Without refunded ones."""
    inside: int
    """How many of these are in."""
    here: int
    """How many this computer admitted, whatever became of the tickets since."""
    refunded: int


class Quarter(NamedTuple):
    start: datetime
    admissions: int


class Sold(NamedTuple):
    ticket_type: str
    tickets: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """The figures. Money is in `currency`."""

    night: Night
    currency: str
    by_type: tuple[Attendance, ...]
    handed_out: tuple[Attendance, ...]
    """Merchandise: here `inside` and `here` count what was handed out."""
    by_lane: dict[str, int]
    by_operator: dict[str, int]
    by_quarter: tuple[Quarter, ...]
    waiting: int
    """Rows of the queue that are still to be sent."""
    failed: tuple[QueueRow, ...]
    conflicts: tuple[QueueRow, ...]
    unsettled: tuple[Sale, ...]
    """Sales whose outcome is still open."""
    sold: tuple[Sold, ...]
    """What was sold, by ticket type, in sales whose money is in the till."""
    takings: dict[PaymentMethod, Decimal]
    """Money in less money out, by payment method."""
    refunded: Decimal
    """Money that went out for refunds."""
    orders_paid: Decimal
    """Money that came in for orders that the site had as not paid, less what was handed back."""
    shifts: tuple[Shift, ...]
    expected_cash: Decimal
    """What should be in the tills of all lanes together. For each it is the newest float, and cash
    in less out since; for a closed till, up to its closing. Cash of lanes whose till was never open
    is added."""
    in_no_till: tuple[Taking, ...]
    """Cash that came in or went out while the till of its lane was not open."""
    cash_taken_out: Decimal
    """Cash taken out of tills between a closing and the next opening; negative: put in."""

    @property
    def admissions(self) -> int:
        """How many people this computer admitted, without those undone."""
        return len(self.night.people)

    @property
    def tickets(self) -> int:
        """How many tickets there are, without refunded ones."""
        return sum(row.tickets for row in self.by_type)

    @property
    def inside(self) -> int:
        """How many people are in, whoever admitted them."""
        return sum(row.inside for row in self.by_type)

    @property
    def needs_person(self) -> int:
        """Failed rows of the queue, and sales that need a person, as `boxoffice queue` counts."""
        return len(self.failed) + sum(sale.needs_person for sale in self.unsettled)

    @property
    def goes_by_itself(self) -> int:
        """Waiting rows of the queue, and other open sales, as `boxoffice queue` lists them."""
        return self.waiting + sum(not sale.needs_person for sale in self.unsettled)

    @property
    def not_in_a_till(self) -> Decimal:
        """The sum of `in_no_till`."""
        return sum((taking.amount for taking in self.in_no_till), Decimal(0))

    @property
    def open_tills(self) -> list[str]:
        return [shift.lane for shift in self.shifts if shift.counted is None]

    @property
    def booked(self) -> list[Sale]:
        """Sales whose money is in the till."""
        return [sale for sale in self.night.sales if sale.booked]

    @property
    def tickets_sold(self) -> int:
        return sum(sale.cart.amount for sale in self.booked)

    @property
    def turnover(self) -> Decimal:
        """The price of all orders of the booked sales."""
        return sum((sale.cart.total for sale in self.booked), Decimal(0))

    @property
    def discounts(self) -> Decimal:
        """How much less than that the buyers had to pay."""
        return sum((sale.cart.discounted for sale in self.booked), Decimal(0))

    @property
    def complimentary(self) -> int:
        return sum(sale.cart.amount for sale in self.booked if sale.cart.is_complimentary)

    @property
    def rounding(self) -> Decimal:
        """How much more, or less, was paid in cash to be payable in coins."""
        return sum((sale.cart.rounding for sale in self.booked), Decimal(0))


def account(night: Night, site: Site | None) -> Account:
    """Add everything up. `site` is None: the server was not asked, so the list stands for it."""
    currencies = [night.event.currency, *(taking.currency for taking in night.takings)]
    shifts = tuple(_shifts(night))
    takings = dict.fromkeys(PaymentMethod, Decimal(0))
    for taking in night.takings:
        takings[taking.paid] += taking.amount
    refunds = [taking.amount for taking in night.takings if taking.kind is TakingKind.REFUND]
    currency = next(filter(None, currencies), "")
    attendance = tuple(_attendance(night, site))
    tills = _tills(shifts, currency)
    return Account(
        night=night,
        currency=currency,
        by_type=tuple(row for row in attendance if not night.is_extra(row.ticket_type)),
        handed_out=tuple(row for row in attendance if night.is_extra(row.ticket_type)),
        by_lane=_counted(admission.lane for admission in night.people),
        by_operator=_counted(admission.operator for admission in night.people),
        by_quarter=tuple(_quarters(night)),
        waiting=sum(row.state in (QueueState.WAITING, QueueState.SENDING) for row in night.queue),
        failed=tuple(row for row in night.queue if row.state is QueueState.FAILED),
        conflicts=tuple(row for row in night.queue if row.state is QueueState.CONFLICT),
        unsettled=tuple(sale for sale in night.sales if sale.state not in CLOSED),
        sold=tuple(_sold(night)),
        takings=takings,
        refunded=Decimal(0) - sum(refunds, Decimal(0)),
        orders_paid=sum((paid.amount for paid in order_payments(night.takings)), Decimal(0)),
        shifts=shifts,
        in_no_till=tuple(_in_no_till(night)),
        expected_cash=_expected_cash(night, tills),
        cash_taken_out=_taken_out(night, tills),
    )


def order_payments(takings: Iterable[Taking]) -> Iterator[Taking]:
    """Payments of orders that the site had as not paid, and those that were handed back."""
    kinds = (TakingKind.PAYMENT, TakingKind.PAYMENT_BACK)
    return (taking for taking in takings if taking.kind in kinds)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _attendance(night: Night, site: Site | None) -> Iterable[Attendance]:
    here = {admission.ticket: night.type_of(admission) for admission in night.admissions}
    tickets = site.tickets if site else night.tickets
    groups: dict[str, list[Ticket]] = {}
    for ticket in tickets.values():
        groups.setdefault(ticket.ticket_type, []).append(ticket)
    unlisted = Counter(title for uuid, title in here.items() if uuid not in tickets)
    for title in unlisted:
        groups.setdefault(title, [])
    for title, members in sorted(groups.items()):
        valid = [ticket for ticket in members if not ticket.refunded]
        yield Attendance(
            title,
            len(valid),
            sum(ticket.checked_in or (site is None and ticket.uuid in here) for ticket in valid),
            sum(ticket.uuid in here for ticket in members) + unlisted[title],
            len(members) - len(valid),
        )


def _quarters(night: Night) -> Iterable[Quarter]:
    """The quarters of an hour in which somebody came in, by time.

    If the clocks go back an hour in the night, the quarters of that hour stand there twice.
    """
    counts: Counter[datetime] = Counter()
    for admission in night.people:
        at = admission.at.astimezone(night.at.tzinfo)
        start = at.replace(minute=at.minute // QUARTER * QUARTER, second=0, microsecond=0)
        counts[start.astimezone(UTC)] += 1
    return [Quarter(at.astimezone(night.at.tzinfo), counts[at]) for at in sorted(counts)]


def _sold(night: Night) -> Iterable[Sold]:
    amounts: dict[str, Sold] = {}
    for sale in night.sales:
        for line in sale.cart.lines if sale.booked else ():
            before = amounts.get(line.ticket_type, Sold(line.title, 0, Decimal(0)))
            amounts[line.ticket_type] = Sold(
                line.title, before.tickets + line.amount, before.amount + line.total
            )
    return sorted(amounts.values())


def _shifts(night: Night) -> Iterable[Shift]:
    """The shifts that were opened for the event, hold takings of it, or were open around it."""
    event = night.event
    for shift in night.shifts:
        is_its_own = shift.event == event.uuid
        if is_its_own or any(_in_shift(taking, shift) for taking in night.takings):
            yield shift
        elif event.start is None or shift.event:
            continue
        elif shift.opened_at <= (event.end or event.start + LONGEST) + AROUND and (
            shift.closed_at is None or shift.closed_at >= event.start - AROUND
        ):
            yield shift


def _in_no_till(night: Night) -> Iterable[Taking]:
    for taking in night.takings:
        is_cash = taking.paid is PaymentMethod.CASH and taking.amount
        if is_cash and not any(_in_shift(taking, shift) for shift in night.shifts):
            yield taking


def _in_shift(taking: Taking, shift: Shift) -> bool:
    """Whether the money was taken in that shift, by the journal's order, whatever the clock did."""
    return (
        taking.lane == shift.lane
        and taking.currency == shift.currency
        and taking.id > shift.id
        and (shift.closed is None or taking.id < shift.closed)
    )


def _tills(shifts: Iterable[Shift], currency: str) -> dict[str, list[Shift]]:
    """The shifts of each lane's till, oldest first; those of another currency are left out."""
    tills: dict[str, list[Shift]] = {}
    for shift in shifts:
        if shift.currency == currency:
            tills.setdefault(shift.lane, []).append(shift)
    return tills


def _expected_cash(night: Night, tills: Mapping[str, Sequence[Shift]]) -> Decimal:
    expected = sum((shifts[-1].expected for shifts in tills.values()), Decimal(0))
    for taking in night.takings:
        newest = tills.get(taking.lane, (None,))[-1]
        if taking.paid is PaymentMethod.CASH and (newest is None or _is_later(taking, newest)):
            expected += taking.amount
    return expected


def _is_later(taking: Taking, shift: Shift) -> bool:
    """Whether the money was taken after that shift was closed."""
    return shift.closed is not None and taking.id > shift.closed


def _taken_out(night: Night, tills: Mapping[str, Sequence[Shift]]) -> Decimal:
    out = Decimal(0)
    for shifts in tills.values():
        for before, after in pairwise(shifts):
            between = [
                taking.amount
                for taking in night.takings
                if taking.paid is PaymentMethod.CASH and taking.lane == after.lane
                if _is_later(taking, before) and taking.id < after.id
            ]
            out += (before.counted or Decimal(0)) + sum(between, Decimal(0)) - after.opening
    return out
