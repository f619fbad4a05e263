"""Orders, in every length in which they are told. API document: "Orders".

No answer tells all of one: an order alone is told in short, with everyone on it where the site is
live; one that was changed or refunded with its fees; the list of an event's orders with lines.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import AliasChoices, AliasPath, Field

from boxoffice.domain import models as domain
from boxoffice.domain.models import EventOrder, Order, OrderTicket
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import N_
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.fields import ChoiceLabels, Kind
from boxoffice.ticketbutler.parsers import as_fields, as_list, flag, last_part, whole
from boxoffice.ticketbutler.record import Record, raw_of, read_one, read_some
from boxoffice.ticketbutler.resources.answers import AnswerDetails
from boxoffice.ticketbutler.resources.event_models import Address
from boxoffice.ticketbutler.resources.tickets import read_ticket

T = TypeVar("T")

STATES: ChoiceLabels = MappingProxyType(
    {"PAID": N_("paid"), "NEW": N_("not paid"), "REFUND": N_("refunded")}
)
"""A site has others too."""

ADDRESS = tuple(Address.model_fields)
"""The fields of an order that say who ordered."""

ORDERS = "orders"
"""Under which name an answer has an event's orders."""


def _title(value: object) -> str:
    return clean(value.get("title") if isinstance(value, dict) else value)


def _code(value: object) -> str:
    return clean(value.get("code") if isinstance(value, dict) else value)


Titled = Annotated[str, fields.Holds(Kind.TEXT, _title)]
"""The title of a thing, of which some answers tell no more."""
Coded = Annotated[str, fields.Holds(Kind.TEXT, _code)]


_ANSWERS = frozenset({"answers", "ticket_answer_collection", "custom_questions"})


class OrderLine(Record):
    """Tickets of one kind in an order, or something else that it is made of.

    API document: "Get events orders".
    """

    uuid: fields.UuidOrEmpty = Field("", title="Id")
    title: fields.Line = Field("", title="What")
    quantity: fields.Count = Field(None, title="How many")
    price: fields.Money = Field(None, title="Price of one")
    total: fields.Money = Field(None, title="Total", description="Before discounts and gift cards.")
    discount: fields.Money = Field(None, title="Discount", validation_alias="discount_total")
    gift_cards: fields.Money = Field(None, title="Gift cards", validation_alias="gift_card_total")
    kind: fields.Line = Field("", title="Kind", validation_alias="type")
    """`ticket`, or another word of the site's."""
    date: fields.Moment = Field(None, title="Valid on", validation_alias="ticket_type_date")
    """The one day its tickets are for; None: any."""

    @property
    def paid(self) -> Decimal | None:
        """What was paid for it; None: not told."""
        if self.total is None:
            return None
        return self.total - (self.discount or 0) - (self.gift_cards or 0)


class TicketOnOrder(Record):
    """A ticket as its order tells it: by name alone, or with all that a webhook has."""

    uuid: fields.UuidOrEmpty = Field("", title="Id")
    full_name: fields.Line = Field("", title="Name")
    ticket_type: Titled = Field(
        "", title="Ticket type", validation_alias=AliasChoices("ticket_type_name", "ticket_type")
    )
    email: fields.Email = Field("", title="E-mail")
    company_name: fields.Line = Field("", title="Company")
    paid: fields.Money = Field(None, title="Paid", validation_alias="price_total")
    refunded: fields.Refunded = Field(False, title="Refunded", validation_alias="ticket_refund")
    attribute: fields.Line = Field("", title="Attribute", validation_alias="attribute_selected")
    answers: fields.Rows[AnswerDetails] = Field(
        (),
        validation_alias=AliasChoices(
            "answers",
            AliasPath("ticket_answer_collection", "answers"),
            AliasPath("custom_questions", "answers"),
        ),
        exclude=True,
    )

    @property
    def has_answers(self) -> bool:
        """The site says what was answered, if anything was."""
        return not _ANSWERS.isdisjoint(self.raw)


class OrderDetails(Record):
    """An order with who ordered. None, or an empty text: not told, or there is none.

    API document: "Get a Specific Order", "Create Order", "Update order", "Refund an order", "Get
    events orders", "Zapier".
    """

    uuid: fields.Uuid = Field(title="Id")
    order_id: fields.Line = Field("", title="Order")
    """What people call it: `dZy1`."""
    state: Annotated[fields.Line, fields.Choices(STATES)] = Field("", title="State")
    """In upper case."""
    refunded: fields.Refunded = Field(False, title="Refunded")
    buyer: fields.Line = Field("", title="Buyer", validation_alias="full_name")
    first_name: fields.Line = fields.editable("", title="First name", required=True)
    last_name: fields.Line = fields.editable("", title="Last name", required=True)
    email: fields.Email = fields.editable("", title="E-mail", required=True)
    phone: fields.Line = fields.editable("", title="Phone")
    title: fields.Line = fields.editable("", title="Title")
    venue: fields.Line = fields.editable("", title="Place")
    business_name: fields.Line = fields.editable("", title="Company")
    cvr: fields.Line = fields.editable("", title="CVR", description="Danish company number.")
    street: fields.Line = fields.editable("", title="Street")
    street_2: fields.Line = fields.editable("", title="Street, second line")
    city: fields.Line = fields.editable("", title="City")
    postcode: fields.Line = fields.editable("", title="Postcode")
    country: fields.Line = fields.editable("", title="Country")
    tickets: fields.Count = Field(None, title="Tickets")
    """How many; None: not told, as when one order is read."""
    event: fields.Line = Field("", title="Event")
    total: fields.Money = Field(None, title="Total", description="What was paid, with all fees.")
    discount_code: Coded = Field("", title="Discount code")
    payment_method: fields.Line = Field("", title="Paid by")
    refunded_total: fields.Money = Field(
        None, title="Refunded of that", validation_alias="ticket_refund_total"
    )
    fees: fields.Money = Field(None, title="Fees in that", validation_alias="fee_total")
    currency: fields.Currency = Field("", title="Currency")
    created: fields.Moment = Field(
        None, title="Created", validation_alias=AliasChoices("created", "date")
    )
    external_order_id: fields.Line = Field("", title="External id")
    pdf: fields.Url = Field(
        "",
        title="PDF",
        validation_alias=AliasChoices("ticket_pdf_absolute_url", "ticket_pdf_url"),
    )
    """Its tickets as PDF; the whole address where it is told."""
    people: fields.Rows[TicketOnOrder] = Field((), title="Ticket")
    """By name; empty: not told."""
    lines: fields.Rows[OrderLine] = Field((), title="Line", validation_alias="order_lines")
    """Empty: not told, as in most answers about one order."""
    event_uuid: fields.OptionalUuid = Field(None, exclude=True)
    address: fields.Part[Address] = Field(Address(), exclude=True)
    """Who ordered, as far as it is told just there."""
    total_with_fees: fields.Money = Field(
        None, validation_alias="total_and_all_fees_decimal", exclude=True
    )
    refunded_tickets: fields.Count = Field(
        None, validation_alias="amount_of_refunded_tickets", exclude=True
    )
    answers: fields.Rows[AnswerDetails] = Field(
        (), validation_alias=AliasPath("custom_questions", "answers"), exclude=True
    )
    """The buyer's."""

    @property
    def paid(self) -> Decimal | None:
        """What was paid for it in all; None: not told.

        With all fees where they are told, else what its tickets were paid with, else its lines
        without what codes and gift cards paid of them.
        """
        if self.total_with_fees is not None:
            return self.total_with_fees
        paid = _sum(ticket.paid for ticket in self.people)
        return paid if paid is not None else _sum(line.paid for line in self.lines)

    @property
    def party(self) -> tuple[OrderTicket, ...] | None:
        """Everyone on it; None where not everyone is named: a party that lacks somebody is none."""
        return _party(as_list(self.raw.get("tickets")))

    @property
    def partly_refunded(self) -> bool:
        if "REFUND" in self.state and "PART" in self.state:
            return True
        counts = map(_count, as_list(self.raw.get("tickets")))
        count = sum(counts) or sum(map(_count, as_list(self.raw.get("order_lines"))))
        return 0 < (self.refunded_tickets or 0) < count

    def as_order(self) -> Order:
        return Order(
            uuid=self.uuid,
            event=self.event_uuid,
            order_id=self.order_id,
            state=self.state,
            refunded=self.refunded,
            full_name=self.buyer,
            email=clean(self.raw.get("email"), 320) or self.email,
            external_order_id=self.external_order_id or None,
            address=domain.Address(**dict(self.address)),
            created=self.created,
            pdf_url=self.pdf,
            total=self.total,
            party=self.party,
            partly=self.partly_refunded,
        )

    def as_event_order(self, event: str) -> EventOrder:
        """As a door needs it of the list of an event's orders, with its tickets."""
        rows = (read_ticket(row, event) for row in as_list(self.raw.get("tickets")))
        tickets = tuple(ticket for ticket in rows if ticket is not None)
        answers = {
            one.uuid: tuple(answer.as_answer() for answer in one.answers if answer.question)
            for one in self.people
            if one.uuid and one.has_answers
        }
        return EventOrder(self.as_order()._replace(event=event), tickets, self.currency, answers)


def _sum(parts: Iterable[Decimal | None]) -> Decimal | None:
    """What all come to; None where one is not known, or there are none."""
    found = list(parts)
    known = [row for row in found if row is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(found) else None


def _count(row: object) -> int:
    """How many tickets a row stands for: of a ticket, of several of one type, of an order's line.

    None in the line of something else.
    """
    fields = row if isinstance(row, dict) else {}
    if clean(fields.get("type")).lower() not in {"", "ticket"}:
        return 0
    amount = whole(fields.get("amount", fields.get("quantity")))
    return max(1 if amount is None else amount, len(as_list(fields.get("tickets"))))


def _party(rows: Sequence[object]) -> tuple[OrderTicket, ...] | None:
    """The tickets in rows that stand by themselves or in groups of one type."""
    found: list[OrderTicket] = []
    for row in rows:
        fields = row if isinstance(row, dict) else {}
        group: list[object] | None = None
        if isinstance(fields.get("tickets"), list):
            group = fields["tickets"]
        amount = None if group is None else whole(fields.get("amount"))
        named = [_ticket_on_order(item) for item in ([row] if group is None else group)]
        found += (known := [part for part in named if part is not None])
        if len(known) < len(named) or amount not in (None, len(named)):
            return None
    return tuple(dict.fromkeys(found)) or None


def _ticket_on_order(row: object) -> OrderTicket | None:
    if not isinstance(row, dict) or (uuid := hex_uuid(row.get("uuid"))) is None:
        return None
    external, company = clean(row.get("external_uuid")), clean(row.get("company_name"))
    return OrderTicket(uuid, external or None, last_part(row.get("url")), company or None)


def _flat(rows: object) -> list[object]:
    """The tickets of an order, which may stand in groups of one type."""
    found: list[object] = []
    for row in as_list(rows):
        if isinstance(row, dict) and isinstance(row.get("tickets"), list):
            kind = row.get("ticket_type_name", row.get("title"))
            found += [
                {"ticket_type_name": kind, **ticket} if isinstance(ticket, dict) else ticket
                for ticket in row["tickets"]
            ]
        else:
            found.append(row)
    return found


def _line(row: object) -> object:
    """An order's line, whose date means nothing where it says that it has none."""
    if isinstance(row, dict) and not flag(row.get("has_ticket_type_date")):
        return {**row, "ticket_type_date": None}
    return row


def read_order(value: object) -> OrderDetails:
    """API document: "Get a Specific Order", "Create Order", "Update order"."""
    raw = raw_of(value)
    event = raw.get("event")
    inside = event if isinstance(event, dict) else {}
    address = as_fields(raw.get("address"))
    discount = as_fields(raw.get("discount"))
    flat = {
        **{name: address.get(name) for name in ADDRESS},
        "email": address.get("email") or raw.get("email"),
        "event_uuid": hex_uuid(inside.get("uuid", None if inside else event)),
        "event": inside.get("title"),
        "people": _flat(raw.get("tickets")),
        "tickets": raw.get("total_amount", raw.get("ticket_count")),
        "order_lines": [_line(line) for line in as_list(raw.get("order_lines"))],
        "discount_code": raw.get("discount_code") or discount.get("code"),
    }
    made = read_one(OrderDetails, {**raw, **flat}).with_raw(raw)
    state = made.state.upper()
    count = len(made.people) if made.tickets is None else made.tickets
    return made.replace(
        state=state,
        refunded=made.refunded or state.startswith("REFUND"),
        buyer=made.buyer or clean(f"{made.first_name} {made.last_name}"),
        tickets=count or None,
        total=made.paid,
    )


def read_refund(value: object) -> OrderDetails:
    """API document: "Refund an order". The order in it may be as it was before.

    `refunded` is set only where the answer says so.
    """
    raw = raw_of(value)
    order = read_order(raw.get("purchase", value))
    if flag(raw.get("is_refunded")) is not True and not order.refunded:
        return order
    state = order.state if order.state.startswith("REFUND") else "REFUND"
    return order.replace(refunded=True, state=state, refunded_tickets=None)


def read_event_orders(value: object, read: Callable[[OrderDetails], T]) -> list[T]:
    """API document: "Get events orders". Rows that cannot be read are left out."""
    rows = raw_of(value).get(ORDERS)
    return read_some(rows, lambda row: read(read_order(row)), "orders")
