"""Orders with everything that the site tells of them.

No answer tells all of it: one order is told in short, an order that was changed or refunded with
its fees and addresses of the web, and the list of an event's orders with lines and tickets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from boxoffice.domain.models import Address, Ticket
from boxoffice.organiser.fields import Kind, Words, raw_field, said

STATES: Words = MappingProxyType({"PAID": "paid", "NEW": "not paid", "REFUND": "refunded"})
"""A site has others too."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Tickets of one kind in an order, or something else that it is made of.

    API document: "Get events orders".
    """

    uuid: str = field(default="", metadata=said("Id", Kind.UUID))
    title: str = field(default="", metadata=said("What"))
    quantity: int | None = field(default=None, metadata=said("How many", Kind.WHOLE))
    price: Decimal | None = field(default=None, metadata=said("Price of one", Kind.MONEY))
    total: Decimal | None = field(default=None, metadata=said("Total", Kind.MONEY))
    discount: Decimal | None = field(default=None, metadata=said("Discount", Kind.MONEY))
    kind: str = field(default="", metadata=said("Kind"))
    """`ticket`, or another word of the site's."""
    date: datetime | None = field(default=None, metadata=said("Valid on", Kind.MOMENT))
    """The one day its tickets are for; None: any."""


@dataclass(frozen=True, slots=True)
class FullOrder:
    """An order. None, or an empty text: not told, or there is none.

    API document: "Get a Specific Order", "Create Order", "Update order", "Refund an order", "Get
    events orders".
    """

    uuid: str
    order_id: str = ""
    """What people call it: `dZy1`."""
    number: int | None = None
    """`id` and `identifier`."""
    event: str | None = None
    event_title: str = ""
    event_start: datetime | None = None
    state: str = ""
    """`PAID`, `NEW`, `REFUND` or another word of the site's, in upper case."""
    state_verbose: str = ""
    """The same in another word: `REFUNDED`."""
    refunded: bool = False
    full_name: str = ""
    email: str = ""
    address: Address = field(default_factory=Address)
    created: datetime | None = None
    external_order_id: str | None = None
    currency: str = ""
    lines: tuple[OrderLine, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    ticket_count: int | None = None
    """`total_amount`."""
    total: Decimal | None = None
    """With all fees; where that is not told, what the lines come to."""
    free: bool | None = None
    fee_amount: Decimal | None = None
    fee_percentage: Decimal | None = None
    fee_total: Decimal | None = None
    fee_total_vat: Decimal | None = None
    organizer_absorbs_fees: bool | None = None
    vat_total: Decimal | None = None
    vat_rate: Decimal | None = None
    """Percent."""
    vat_exempt: bool | None = None
    discount_code: str = ""
    refund_date: datetime | None = None
    refund_email_sent: datetime | None = None
    send_sms_tickets: bool | None = None
    fee_per_sms: Decimal | None = None
    pay_by_invoice: bool | None = None
    customer_id: str = ""
    payment_method_id: str = ""
    earliest: datetime | None = None
    """`earliest_date`, of its tickets."""
    pdf_url: str = ""
    """Its tickets as PDF; as of the other addresses, the whole one where it is told."""
    download_url: str = ""
    receipt_url: str = ""
    refund_url: str = ""
    raw: Mapping[str, object] = raw_field()
