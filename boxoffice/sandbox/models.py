"""What an organiser has: events, ticket types, tickets, orders, questions, codes and webhooks.

Mutable, shared and compared by identity; they are changed through `boxoffice.sandbox.state.State`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, as a short way to write a list of names."""
    return tuple(text.split())


ADDRESS_FIELDS = words(
    "first_name last_name title venue business_name cvr street street_2 city postcode country"
    " phone email language"
)
SETTINGS: Mapping[str, object] = {
    "refund_email_text": None,
    "reminder_email": False,
    "reminder_email_text": None,
    "ticket_limit": 9,
    "ticket_limit_members_only": 9,
    "ticket_email_text": None,
}
"""What an organiser may set of an event, and what it is otherwise."""
PAID, NEW, REFUND, CANCELLED = "PAID", "NEW", "REFUND", "CANCELLED"


@dataclass(frozen=True, slots=True)
class Team:
    uuid: str
    name: str
    slug: str


TEAMS = (
    Team("531a80891a844fda9068be2c58905121", "Havnens Venner", "havnens-venner"),
    Team("19ed41947c2c4511a334fa94edd2cbb9", "Default", "default"),
)
"""The organiser's teams; the first one has the made-up events."""


@dataclass(slots=True, eq=False)
class Choice:
    uuid: str
    label: str
    label_da: str = ""
    description: str | None = None


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
    sort_id: int | None = None
    """What an organiser has set; None: its place among the others."""


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
    active: bool = True
    members_only: bool = False
    sales_start: datetime | None = None
    sales_end: datetime | None = None
    """None: until the event ends."""
    paused: bool = False
    """Sold out for now, whatever is left."""
    description: str | None = None
    sort_id: int | None = None
    in_baskets: int = 0
    """Held by buyers who have not paid yet."""
    is_extra: bool = False
    """Merchandise: its tickets admit nobody."""

    @property
    def amount_left(self) -> int:
        return max(0, self.amount_total - self.amount_sold - self.in_baskets)

    def on_sale(self, now: datetime) -> bool:
        """Whether it could be sold now, if any are left."""
        if not self.active or self.members_only or self.paused:
            return False
        begun = self.sales_start is None or self.sales_start <= now
        return begun and (self.sales_end is None or now <= self.sales_end)


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
    answers: dict[str, Answer] = field(default_factory=dict)
    """By the question's uuid."""

    @property
    def event(self) -> "Event":
        return self.order.event

    @property
    def price_paid(self) -> Decimal:
        """Its price, less what the order's discount code takes off."""
        price, discount = self.ticket_type.price, self.order.discount
        if discount is None or discount.ticket_type not in (None, self.ticket_type):
            return price
        return price - discount.reduction(price)


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
    answers: dict[str, Answer] = field(default_factory=dict)
    newsletter: bool = False
    """The buyer signed up for the newsletter with this order."""
    discount: "DiscountCode | None" = None
    gift_card: Decimal = Decimal(0)
    """What a gift card paid of it."""
    payment_method: str = "STRIPE_CONNECT"
    brief: bool = False
    """The live service reads it without its event, its id, its time and its PDF."""

    @property
    def refunded(self) -> bool:
        return self.refund_date is not None

    @property
    def total(self) -> Decimal:
        return sum((ticket.price_paid for ticket in self.tickets), Decimal(0))


@dataclass(slots=True, eq=False)
class Event:
    uuid: str
    pk: int
    title: str
    slug: str
    start: datetime
    end: datetime
    timezone: ZoneInfo
    venue: str = ""
    order_prefix: str = ""
    """First letters of its orders' ids."""
    ticket_limit: int = 9
    """Tickets of one order, at most; 0: any number."""
    sales_limit: int | None = None
    """Tickets of all types together, at most."""
    vouchers: int | None = None
    """Tickets that vouchers still pay for; None: orders are paid otherwise."""
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
    summary: str = ""
    members_only: bool = False
    team: Team = TEAMS[0]
    address: dict[str, str] | None = None
    """As an organiser has set it; None: the made-up one of `venue`."""
    settings: dict[str, object] = field(default_factory=lambda: {"reminder_email": True})
    """The event settings of the document, except for the ticket limit."""
    end_given: bool = False
    """An organiser has set when it ends."""
    deleted: bool = False
    delete_reason: str = ""

    @property
    def is_sold_out(self) -> bool:
        return self.sales_limit is not None and self.amount_sold >= self.sales_limit

    @property
    def amount_sold(self) -> int:
        return sum(ticket_type.amount_sold for ticket_type in self.ticket_types)

    def expired(self, now: datetime) -> bool:
        return self.end < now


@dataclass(slots=True, eq=False)
class DiscountCode:
    id: int
    code: str
    amount: Decimal
    discount_type: str
    usage_tickets_limit: int
    event: Event | None = None
    """None: for all events."""
    ticket_type: TicketType | None = None
    amount_times_applied: int = 0
    active: bool = True
    start_date: datetime | None = None
    end_date: datetime | None = None
    usage_limit_per_event: int | None = None
    total_revenue: Decimal = Decimal(0)
    """What the orders that used it were paid."""
    group_name: str = ""

    def reduction(self, price: Decimal) -> Decimal:
        """What it takes off a ticket of `price`."""
        if self.discount_type == "PERCENTAGE":
            return (price * min(self.amount, Decimal(100)) / 100).quantize(Decimal("0.01"))
        return min(self.amount, price)


@dataclass(slots=True, eq=False)
class Webhook:
    uuid: str
    url: str
    action: str
    created: datetime
    updated: datetime
    active: bool = True
    scope: str = "whitelabel"

    def wants(self, action: str) -> bool:
        model, _, what = self.action.partition(".")
        return self.active and (
            self.action in ("all", action) or (what == "all" and action.startswith(f"{model}."))
        )


@dataclass(slots=True, eq=False)
class Mail:
    """An e-mail that the server would send, with a spreadsheet."""

    at: datetime
    to: str
    subject: str
    filename: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A code, and what a door says to it at the first time."""

    code: str
    name: str
    """Whose it is; empty: nobody's."""
    verdict: str
    """As `scan --json` names it."""
    offline: bool = False
    """The answer is this one while the door has no network."""
