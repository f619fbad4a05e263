"""What stands on tickets, receipts and sheets of codes, as texts that only need to be laid out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from boxoffice.domain.models import Event, Order, Ticket
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdicts import Verdict, VerdictCode

ISSUED = (SaleState.SOLD, SaleState.DONE)
"""States of a sale that has tickets."""


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

    @property
    def facts(self) -> str:
        """What is known beside name and type, line by line."""
        order = f"Order {self.order_id}" if self.order_id else ""
        marks = " · ".join(filter(None, (order, self.seat_and_number)))
        return "\n".join(filter(None, (self.event, self.when, self.venue, marks)))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip of a sale with the codes of its tickets; without a sale, of at least one ticket."""

    event: Event
    lane: str
    at: datetime
    """When it was sold, or is printed."""
    tickets: tuple[Paper, ...] = ()
    sale: Sale | None = None

    @property
    def when(self) -> str:
        alone = self.sale is None and len(self.tickets) == 1
        return self.tickets[0].when if alone else when(self.event)

    @property
    def order_id(self) -> str:
        if self.sale is not None:
            return self.sale.order_id
        return next((paper.order_id for paper in self.tickets if paper.order_id), "")

    @property
    def not_yet_issued(self) -> bool:
        """Paid, but no order is placed yet: our own number stands in place of codes."""
        return self.sale is not None and self.sale.state not in ISSUED


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


def receipt_of(sale: Sale, event: Event, tickets: Iterable[Paper] = ()) -> Receipt:
    """The receipt of `sale`, with the codes of what was issued of it."""
    issued = tuple(tickets) if sale.state in ISSUED else ()
    return Receipt(event, sale.lane, sale.at, issued, sale)


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
