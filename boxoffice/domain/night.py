"""What an account is made of: what this computer knows of a night, and what the site says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from boxoffice.domain.journal import QueueRow
from boxoffice.domain.models import Admission, Event, Order, Ticket
from boxoffice.domain.sale import Sale, Shift, Taking


class AuditNote(NamedTuple):
    """What a person did that has to be told: an override, an undo, a dismissal, a refund."""

    at: datetime
    lane: str
    operator: str
    ticket: str
    """uuid; of a refund that of the order."""
    what: str
    """The verdict that was overridden, or what was dismissed."""
    reason: str
    given_back: Decimal | None = None
    """Of a refund; None: nothing went through this computer's tills."""
    paid: str = ""
    """How that was given back."""


@dataclass(frozen=True, slots=True)
class Night:
    event: Event
    at: datetime
    """In the event's time zone."""
    tickets: Mapping[str, Ticket]
    """The list as last read."""
    admissions: Sequence[Admission]
    queue: Sequence[QueueRow]
    sales: Sequence[Sale]
    takings: Sequence[Taking]
    shifts: Sequence[Shift]
    """Of all events."""
    overrides: Sequence[AuditNote]
    undos: Sequence[AuditNote]
    dismissed: Sequence[AuditNote]
    refunds: Sequence[AuditNote]
    let_in_again: Sequence[AuditNote]
    """Admissions that the site took back, and that a person made again over ALREADY IN: those made
    first, which count no more. Those made since are among `admissions`."""
    payments: Sequence[AuditNote] = ()
    """Of orders that the site had as not paid, also where they were handed back: `what` is the
    order's number."""
    asked: Sequence[AuditNote] = ()
    """Refunds that the site was asked for, and that are not known to be done."""
    extras: frozenset[str] = frozenset()
    """Case-folded titles of the ticket types that are merchandise: handed out, and no admission."""
    lost_at: datetime | None = None
    """When the journal was begun anew in the place of one that was lost; None: it was not."""

    @property
    def should_be_in(self) -> list[str]:
        """Tickets admitted here and not undone here."""
        return [admission.ticket for admission in self.admissions]

    @property
    def people(self) -> list[Admission]:
        """Admissions of people; what was handed out is none."""
        return [one for one in self.admissions if not self.is_extra(self.type_of(one))]

    def type_of(self, admission: Admission) -> str:
        """The title of its ticket type; empty: not known here."""
        ticket = self.tickets.get(admission.ticket)
        return ticket.ticket_type if ticket else admission.ticket_type

    def is_extra(self, ticket_type: str) -> bool:
        return ticket_type.casefold() in self.extras

    @property
    def orders(self) -> list[str]:
        """Those placed by our sales, and those refunded or to be refunded here; each once."""
        placed = [sale.order for sale in self.sales if sale.order is not None]
        refunds = (note.ticket for note in (*self.refunds, *self.asked))
        return list(dict.fromkeys([*placed, *refunds]))

    def local(self, at: datetime) -> datetime:
        """In the event's time zone, in whole seconds."""
        return at.astimezone(self.event.zone).replace(microsecond=0)

    def name_of(self, ticket: str) -> str:
        known = self.tickets.get(ticket)
        return known.full_name if known else ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the server says, asked for this account."""

    tickets: Mapping[str, Ticket]
    """All of the event; those of ours that the list says are not in were read one by one."""
    orders: Mapping[str, Order | None]
    """Those of our sales, by uuid; None: it has no such order."""
    unread: Mapping[str, str]
    """Tickets and orders that could not be read, and why, in a sentence."""
