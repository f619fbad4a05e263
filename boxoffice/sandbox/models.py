"""What an organiser has: events, ticket types, tickets, orders, questions and answers.

Mutable, shared and compared by identity; they are changed through `boxoffice.sandbox.state.State`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "title",
    "venue",
    "business_name",
    "cvr",
    "street",
    "street_2",
    "city",
    "postcode",
    "country",
    "phone",
    "email",
    "language",
)
PAID, NEW, REFUND, CANCELLED = "PAID", "NEW", "REFUND", "CANCELLED"


@dataclass(slots=True, eq=False)
class Choice:
    uuid: str
    label: str
    label_da: str = ""


@dataclass(slots=True, eq=False)
class Question:
    uuid: str
    pk: int
    heading: str
    variation: str
    required: bool = False
    active: bool = True
    choices: list[Choice] = field(default_factory=list)
    ticket_type: "TicketType | None" = None
    """Asked of this ticket type only; None: of all, or of the buyer."""


@dataclass(slots=True, eq=False)
class Answer:
    uuid: str
    question: Question
    value: str = ""
    choices: list[Choice] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TicketType:
    uuid: str
    pk: int
    title: str
    price: Decimal
    amount_total: int
    amount_sold: int = 0
    date: datetime | None = None
    """The one day its tickets are for; None: any."""

    @property
    def amount_left(self) -> int:
        return max(0, self.amount_total - self.amount_sold)


@dataclass(slots=True, eq=False)
class Ticket:
    uuid: str
    number: int
    order: "Order"
    ticket_type: TicketType
    full_name: str
    email: str
    slug: str
    """Last part of its short URL."""
    checked_in: bool = False
    refunded: bool = False
    external_uuid: str | None = None
    lead_tracking_reference: str | None = None
    seat: str | None = None
    answers: dict[str, Answer] | None = None
    """By the question's uuid."""

    @property
    def event(self) -> "Event":
        return self.order.event


@dataclass(slots=True, eq=False)
class Order:
    uuid: str
    pk: int
    order_id: str
    """What people call it: `dZy1`."""
    event: "Event"
    address: dict[str, str]
    state: str
    created: datetime
    external_order_id: str | None = None
    refund_date: datetime | None = None
    tickets: list[Ticket] = field(default_factory=list)
    answers: dict[str, Answer] | None = None

    @property
    def refunded(self) -> bool:
        return self.refund_date is not None

    @property
    def total(self) -> Decimal:
        return sum((ticket.ticket_type.price for ticket in self.tickets), Decimal(0))


@dataclass(slots=True, eq=False)
class Event:
    uuid: str
    pk: int
    title: str
    slug: str
    start: datetime
    end: datetime
    timezone: ZoneInfo
    venue: str
    order_prefix: str
    """First letters of its orders' ids."""
    description: str = ""
    currency: str = "DKK"
    pin: str = "6124"
    ticket_types: list[TicketType] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    """Asked of attendees, in the order of asking."""
    purchase_questions: list[Question] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    """Oldest first."""
    orders: list[Order] = field(default_factory=list)

    def expired(self, now: datetime) -> bool:
        return self.end < now
