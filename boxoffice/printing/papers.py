"""What stands on tickets, receipts and sheets of codes, as texts that only need to be laid out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import Line, PaymentMethod
from boxoffice.domain.models import Event, Order, Ticket
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdicts import Verdict, VerdictCode


@dataclass(frozen=True, slots=True)
class Paper:
    """One ticket."""

    uuid: str
    """What its codes hold."""
    name: str = ""
    ticket_type: str = ""
    event: str = ""
    when: str = ""
    venue: str = ""
    order_id: str = ""
    seat: str = ""
    number: int | None = None

    @property
    def seat_and_number(self) -> str:
        """`Seat A12 · No. 7`, or what there is of it."""
        seat = f"Seat {self.seat}" if self.seat else ""
        number = "" if self.number is None else f"No. {self.number}"
        return " · ".join(filter(None, (seat, number)))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip of a sale with the codes of its tickets; without lines, of tickets alone."""

    event: str
    when: str = ""
    venue: str = ""
    lane: str = ""
    at: datetime | None = None
    """In the event's time zone."""
    lines: tuple[Line, ...] = ()
    currency: str = ""
    paid: PaymentMethod | None = None
    given: Decimal | None = None
    change: Decimal = Decimal(0)
    order_id: str = ""
    external_order_id: str = ""
    tickets: tuple[Paper, ...] = ()
    not_yet_issued: bool = False
    """Paid, but no order is placed yet: our own number stands in place of codes."""

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A code to try, and what should come of it."""

    code: str
    """At most 32 characters, so that all codes of a sheet are of one size."""
    name: str
    """Whose it is; empty: nobody's."""
    verdict: VerdictCode
    hint: str
    """What to look for, in one line."""
    offline: bool = False
    """It gets this verdict while there is no network."""

    @property
    def word(self) -> str:
        """The word that the band should say."""
        return Verdict(self.verdict, "", confirmed=not self.offline).word


@dataclass(frozen=True, slots=True)
class Sheet:
    """Codes that belong together."""

    entries: tuple[SheetEntry, ...]
    where: str
    """What they are to be tried on."""


def paper_of(ticket: Ticket, event: Event, order: Order | None = None) -> Paper:
    """What stands on the paper of `ticket`."""
    return Paper(
        uuid=ticket.uuid,
        name=ticket.full_name,
        ticket_type=ticket.ticket_type,
        event=event.title,
        when=when(event, ticket.date),
        venue=event.venue,
        order_id=order.order_id if order else "",
        seat=ticket.seat,
        number=ticket.number,
    )


def slip_of(event: Event, lane: str, at: datetime, tickets: Iterable[Paper]) -> Receipt:
    """The slip of tickets whose sale is not known here. `at`: when it is printed."""
    papers = tuple(tickets)
    return Receipt(
        event=event.title,
        when=papers[0].when if len(papers) == 1 else when(event),
        venue=event.venue,
        lane=lane,
        at=at.astimezone(event.zone),
        order_id=next((paper.order_id for paper in papers if paper.order_id), ""),
        tickets=papers,
    )


def receipt_of(sale: Sale, event: Event, tickets: Iterable[Paper] = ()) -> Receipt:
    """The receipt of `sale`, with the codes of what was issued of it."""
    cart = sale.cart
    issued = sale.state in (SaleState.SOLD, SaleState.DONE)
    return Receipt(
        event=event.title,
        when=when(event),
        venue=event.venue,
        lane=sale.lane,
        at=sale.at.astimezone(event.zone),
        lines=cart.lines,
        currency=cart.currency,
        paid=cart.paid,
        given=cart.given if cart.paid is PaymentMethod.CASH else None,
        change=cart.change,
        order_id=sale.order_id,
        external_order_id=sale.external_order_id,
        tickets=tuple(tickets) if issued else (),
        not_yet_issued=not issued,
    )


def when(event: Event, moment: str | None = None) -> str:
    """`moment` (ISO 8601), else the event's start, in its time zone, as people write it.

    A moment that cannot be read is answered as it is.
    """
    at = event.start
    if moment:
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return moment
    if at is None:
        return ""
    if at.tzinfo is not None:
        at = at.astimezone(event.zone)
    return f"{at:%A} {at.day} {at:%B %Y}, {at:%H:%M}"
