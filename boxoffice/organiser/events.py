"""Events and ticket types with everything that an organiser may change.

API document: "Create an event", "Update event", "Create Ticket Type", "Update Ticket Type".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from boxoffice.organiser.addresses import EventAddress
from boxoffice.organiser.fields import Kind, raw_field, said

_AMOUNT = "Tickets that can still be sold. Give this or the total, not both."
_TOTAL = "Tickets sold and still to be sold. Give this or what is left, not both."


@dataclass(frozen=True, slots=True)
class TicketTypeDetails:
    """A kind of ticket. Without a pk it is new, or the answer did not tell it."""

    pk: int | None = field(default=None, metadata=said("Number", Kind.WHOLE))
    uuid: str = field(default="", metadata=said("Id", Kind.UUID))
    title: str = field(default="", metadata=said("Title", edit=True, required=True))
    price: Decimal | None = field(
        default=None,
        metadata=said("Price", Kind.MONEY, edit=True, help="Fixed once a ticket is sold."),
    )
    amount: int | None = field(
        default=None, metadata=said("Left", Kind.WHOLE, edit=True, help=_AMOUNT)
    )
    amount_sold: int | None = field(default=None, metadata=said("Sold", Kind.WHOLE))
    amount_total: int | None = field(
        default=None, metadata=said("Total", Kind.WHOLE, edit=True, help=_TOTAL)
    )
    active: bool = field(default=True, metadata=said("Active", Kind.YES, edit=True))
    members_only: bool = field(
        default=False, metadata=said("Members only", Kind.YES, edit=True, api="is_members_only")
    )
    description: str = field(default="", metadata=said("Description", Kind.LINES, edit=True))
    start: datetime | None = field(
        default=None,
        metadata=said(
            "Valid on",
            Kind.MOMENT,
            edit=True,
            api="start_date",
            help="The one day its tickets are for; empty: the event's.",
        ),
    )
    sort_id: int | None = field(
        default=None,
        metadata=said(
            "Order of ticket types", Kind.WHOLE, edit=True, help="The lowest number comes first."
        ),
    )
    sold_out: bool = field(default=False, metadata=said("Sold out", Kind.YES))
    raw: Mapping[str, object] = raw_field()

    @property
    def sold(self) -> int | None:
        """How many are sold, told or reckoned; None: not known."""
        if self.amount_sold is not None or self.amount_total is None or self.amount is None:
            return self.amount_sold
        return max(0, self.amount_total - self.amount)

    @property
    def total(self) -> int | None:
        """How many there are, sold or not, told or reckoned; None: not known."""
        if self.amount_total is not None or self.amount is None or self.amount_sold is None:
            return self.amount_total
        return self.amount + self.amount_sold


@dataclass(frozen=True, slots=True)
class NewTicketType:
    """A kind of ticket to be made."""

    title: str = field(metadata=said("Title", edit=True, required=True))
    price: Decimal = field(
        default=Decimal(0), metadata=said("Price", Kind.MONEY, edit=True, help="0: it is free.")
    )
    amount_total: int = field(
        default=0, metadata=said("Total", Kind.WHOLE, edit=True, required=True)
    )
    members_only: bool = field(
        default=False, metadata=said("Members only", Kind.YES, edit=True, api="is_members_only")
    )


@dataclass(frozen=True, slots=True)
class EventSettings:
    """An event's settings, as far as the document lets them be changed.

    None: not told, or not given, and then it stays as it is; an empty text empties it.
    """

    refund_email_text: str | None = field(
        default=None, metadata=said("Text of the refund e-mail", Kind.LINES, edit=True)
    )
    reminder_email: bool | None = field(
        default=None, metadata=said("Reminder e-mail before the event", Kind.YES, edit=True)
    )
    reminder_email_text: str | None = field(
        default=None, metadata=said("Text of the reminder e-mail", Kind.LINES, edit=True)
    )
    ticket_limit: int | None = field(
        default=None, metadata=said("Tickets of one order, at most", Kind.WHOLE, edit=True)
    )
    ticket_limit_members_only: int | None = field(
        default=None,
        metadata=said("Tickets of one member's order, at most", Kind.WHOLE, edit=True),
    )
    ticket_email_text: str | None = field(
        default=None, metadata=said("Text beside the tickets", Kind.LINES, edit=True)
    )
    raw: Mapping[str, object] = raw_field()


@dataclass(frozen=True, slots=True)
class EventDetails:
    """An event. A row of the list of events has no ticket types and no settings."""

    uuid: str = field(metadata=said("Id", Kind.UUID))
    title: str = field(default="", metadata=said("Title", edit=True, required=True))
    start: datetime | None = field(
        default=None,
        metadata=said("Begins", Kind.MOMENT, edit=True, required=True, api="start_date"),
    )
    end: datetime | None = field(
        default=None, metadata=said("Ends", Kind.MOMENT, edit=True, api="end_date")
    )
    timezone: str = field(default="", metadata=said("Time zone"))
    description: str = field(
        default="", metadata=said("Description", Kind.LINES, edit=True, help="May be HTML.")
    )
    summary: str = field(default="", metadata=said("Summary", Kind.LINES, edit=True))
    venue: EventAddress = field(
        default=EventAddress(),
        metadata=said("Address", Kind.PART, edit=True, api="address", model=EventAddress),
    )
    team: str = field(default="", metadata=said("Team", edit=True, help="Its name or its id."))
    members_only: bool | None = field(
        default=None,
        metadata=said("Members only", Kind.YES, edit=True, api="is_members_only"),
    )
    settings: EventSettings = field(
        default=EventSettings(),
        metadata=said("Settings", Kind.PART, edit=True, api="eventsettings", model=EventSettings),
    )
    ticket_types: tuple[TicketTypeDetails, ...] = field(
        default=(), metadata=said("Ticket types", Kind.PARTS, edit=True, model=TicketTypeDetails)
    )
    currency: str = field(default="", metadata=said("Currency"))
    expired: bool = field(default=False, metadata=said("Over", Kind.YES))
    deleted: bool = field(default=False, metadata=said("Deleted", Kind.YES))
    raw: Mapping[str, object] = raw_field()


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be made. What is empty or None is not sent."""

    title: str = field(metadata=said("Title", edit=True, required=True))
    start: datetime = field(
        metadata=said("Begins", Kind.MOMENT, edit=True, required=True, api="start_date")
    )
    end: datetime | None = field(
        default=None, metadata=said("Ends", Kind.MOMENT, edit=True, api="end_date")
    )
    ticket_types: tuple[NewTicketType, ...] = field(
        default=(), metadata=said("Ticket types", Kind.PARTS, edit=True, model=NewTicketType)
    )
    members_only: bool = field(
        default=False,
        metadata=said("Members only", Kind.YES, edit=True, api="is_members_only"),
    )
    team: str = field(default="", metadata=said("Team", edit=True, help="Its name or its id."))
    settings: EventSettings = field(
        default=EventSettings(),
        metadata=said("Settings", Kind.PART, edit=True, api="eventsettings", model=EventSettings),
    )
    venue: EventAddress = field(
        default=EventAddress(),
        metadata=said("Address", Kind.PART, edit=True, api="address", model=EventAddress),
    )
    description: str = field(
        default="", metadata=said("Description", Kind.LINES, edit=True, help="May be HTML.")
    )
    summary: str = field(default="", metadata=said("Summary", Kind.LINES, edit=True))
