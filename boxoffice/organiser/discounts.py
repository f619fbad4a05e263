"""Discount codes. API document: "Discount codes", "Generic Discount codes"."""

from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from boxoffice.organiser.fields import Kind, Words, said

PER_TICKET = "PER_TICKET"
TYPES: Words = MappingProxyType({PER_TICKET: "for each ticket"})
"""The only one that the document names; what others there are, the site knows."""
_LIMIT = "How many tickets it can be applied to."
_TYPE = "The id of the ticket type it is for; empty: all."


@dataclass(frozen=True, slots=True)
class DiscountCode:
    """A code that buyers enter."""

    id: int = field(metadata=said("Number", Kind.WHOLE))
    code: str = field(default="", metadata=said("Code"))
    amount: Decimal | None = field(default=None, metadata=said("Discount", Kind.MONEY))
    discount_type: str = field(default="", metadata=said("Type", Kind.CHOICE, choices=TYPES))
    usage_tickets_limit: int | None = field(
        default=None, metadata=said("Tickets", Kind.WHOLE, help=_LIMIT)
    )
    amount_times_applied: int | None = field(default=None, metadata=said("Used", Kind.WHOLE))
    active: bool = field(default=True, metadata=said("Active", Kind.YES))
    ticket_type_uuid: str | None = field(
        default=None, metadata=said("Ticket type", Kind.UUID, help=_TYPE)
    )


@dataclass(frozen=True, slots=True)
class NewDiscountCode:
    """A code to be made."""

    code: str = field(metadata=said("Code", edit=True, required=True))
    amount: Decimal = field(metadata=said("Discount", Kind.MONEY, edit=True, required=True))
    usage_tickets_limit: int = field(
        default=1, metadata=said("Tickets", Kind.WHOLE, edit=True, required=True, help=_LIMIT)
    )
    discount_type: str = field(
        default=PER_TICKET,
        metadata=said("Type", Kind.CHOICE, edit=True, choices=TYPES, others=True),
    )
    ticket_type_uuid: str | None = field(
        default=None, metadata=said("Ticket type", Kind.UUID, edit=True, help=_TYPE)
    )
