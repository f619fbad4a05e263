"""What the night's account is made from: what this computer knows, and what the site says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.models import Admission, Event, Order, Ticket
from boxoffice.domain.sale import Sale, Shift, Taking


class AuditNote(NamedTuple):
    """Something a person did that the report names: an override, an undo, a refund and so on."""

    at: datetime
    lane: str
    operator: str
    ticket: str
    """uuid; for a refund, the order's."""
    what: str
    """The verdict that was overridden, or what was dismissed."""
    reason: str
    given_back: Decimal | None = None
    """For a refund; None: nothing went through this computer's tills."""
    paid: str = ""
    """How it was given back."""


@dataclass(frozen=True, slots=True)
class Night:
    event: Event
    at: datetime
    """In the event's time zone."""
    tickets: Mapping[str, Ticket]
    """The list as it was last read, by uuid."""
    admissions: Sequence[Admission]
    queue: Sequence[QueueRow]
    sales: Sequence[Sale]
    takings: Sequence[Taking]
    shifts: Sequence[Shift]
    """Those of all events."""
    overrides: Sequence[AuditNote]
    undos: Sequence[AuditNote]
    dismissed: Sequence[AuditNote]
    refunds: Sequence[AuditNote]
    let_in_again: Sequence[AuditNote]
    """First admissions of tickets that the site took back, and that a person then admitted again.
    They count no more; the second ones are among `admissions`."""
    payments: Sequence[AuditNote] = ()
    """Payments of orders that the site had as not paid, also if they were handed back. `what` is
    the order's number."""
    asked: Sequence[AuditNote] = ()
    """Refunds that the site was asked for, and that are not known to be done."""
    extras: frozenset[str] = frozenset()
    """Case-folded titles of the ticket types that are merchandise, which admits nobody."""
    lost_at: datetime | None = None
    """When the journal replaced one that was lost; None: it never did."""

    @property
    def should_be_in(self) -> list[str]:
        """Tickets that were admitted here, and not undone here."""
        return [admission.ticket for admission in self.admissions]

    @property
    def people(self) -> list[Admission]:
        """The admissions of people, without merchandise that was handed out."""
        return [one for one in self.admissions if not self.is_extra(self.type_of(one))]

    def type_of(self, admission: Admission) -> str:
        """The title of its ticket type; empty: not known here."""
        ticket = self.tickets.get(admission.ticket)
        return ticket.ticket_type if ticket else admission.ticket_type

    def is_extra(self, ticket_type: str) -> bool:
        return ticket_type.casefold() in self.extras

    @property
    def orders(self) -> list[str]:
        """Orders that our sales placed, or that were or should be refunded here; each once."""
        placed = [sale.order for sale in self.sales if sale.order is not None]
        refunds = (note.ticket for note in (*self.refunds, *self.asked))
        return list(dict.fromkeys([*placed, *refunds]))

    def local(self, at: datetime) -> datetime:
        """The moment in the event's time zone, in whole seconds."""
        return at.astimezone(self.event.zone).replace(microsecond=0)

    def name_of(self, ticket: str) -> str:
        known = self.tickets.get(ticket)
        return known.full_name if known else ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the server says, read for this account."""

    tickets: Mapping[str, Ticket]
    """All tickets of the event. Of those we let in, the ones that its list has as not in were read
    one by one."""
    orders: Mapping[str, Order | None]
    """The orders of our sales, by uuid; None: the site has no such order."""
    unread: Mapping[str, str]
    """By uuid of a ticket or order that could not be read: why, in a sentence."""
