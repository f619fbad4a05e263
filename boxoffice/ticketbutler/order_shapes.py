"""Orders in the API's answers, in both dialects: short, at full length, and in an event's list."""

from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.domain.models import Address, EventOrder, Order, OrderTicket
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler.parsers import (
    Count,
    Currency,
    Elements,
    Email,
    Line,
    Moment,
    Money,
    OptionalLine,
    Refunded,
    Url,
    Uuid,
    as_fields,
    aware,
    flag,
    last_part,
    read_each,
    read_one,
    whole,
)
from boxoffice.ticketbutler.tickets import read_ticket
from boxoffice.ticketbutler.wire import WrongShape


class AddressShape(BaseModel):
    first_name: Line = ""
    last_name: Line = ""
    email: Email = ""
    phone: Line = ""
    title: Line = ""
    venue: Line = ""
    business_name: Line = ""
    cvr: Line = ""
    street: Line = ""
    street_2: Line = ""
    city: Line = ""
    postcode: Line = ""
    country: Line = ""

    def value(self) -> Address:
        return Address(**self.model_dump())


class LineShape(BaseModel):
    """Tickets of one type in an order, or a discount."""

    total: Money = None


class GroupShape(BaseModel):
    """A ticket of an order, those of one type together, or an order's line."""

    amount: Count = Field(default=None, validation_alias=AliasChoices("amount", "quantity"))
    tickets: Elements = []
    type: Line = ""

    @property
    def count(self) -> int:
        """How many tickets that are; none in the line of something else."""
        if self.type.lower() not in {"", "ticket"}:
            return 0
        return max(1 if self.amount is None else self.amount, len(self.tickets))


class OrderShape(BaseModel):
    uuid: Uuid
    event: object = None
    order_id: Line = ""
    state: Line = ""
    refunded: Refunded = False
    full_name: Line = ""
    email: Email = ""
    external_order_id: OptionalLine = None
    address: Annotated[AddressShape, BeforeValidator(as_fields)] = AddressShape()
    created: Moment = Field(default=None, validation_alias=AliasChoices("created", "date"))
    pdf_url: Url = Field(
        default="", validation_alias=AliasChoices("ticket_pdf_absolute_url", "ticket_pdf_url")
    )
    total: Money = Field(default=None, validation_alias="total_and_all_fees_decimal")
    order_lines: Elements = []
    tickets: Elements = []
    currency: Currency = ""
    refunded_tickets: Count = Field(default=None, validation_alias="amount_of_refunded_tickets")

    def value(self) -> Order:
        event = self.event.get("uuid") if isinstance(self.event, dict) else self.event
        buyer = f"{self.address.first_name} {self.address.last_name}"
        state = self.state.upper()
        return Order(
            uuid=self.uuid,
            event=hex_uuid(event),
            order_id=self.order_id,
            state=state,
            refunded=self.refunded or state.startswith("REFUND"),
            full_name=self.full_name or clean(buyer),
            email=self.email or self.address.email,
            external_order_id=self.external_order_id,
            address=self.address.value(),
            created=aware(self.created, None),
            pdf_url=self.pdf_url,
            total=self.total if self.total is not None else self._sum(),
            party=_party(self.tickets),
            partly=("REFUND" in state and "PART" in state)
            or 0 < (self.refunded_tickets or 0) < self._count(),
        )

    def _count(self) -> int:
        """How many tickets it has, by its tickets or else by its lines; 0: it does not tell."""
        groups = [read_one(GroupShape, as_fields(group)) for group in self.tickets]
        lines = [read_one(GroupShape, as_fields(line)) for line in self.order_lines]
        return sum(each.count for each in groups) or sum(each.count for each in lines)

    def _sum(self) -> Decimal | None:
        """What the lines come to; None where not all of them can be read."""
        totals = [read_one(LineShape, as_fields(line)).total for line in self.order_lines]
        known = [total for total in totals if total is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(totals) else None


def _party(rows: list[object]) -> tuple[OrderTicket, ...] | None:
    """Everyone on an order, whose rows stand by themselves or in groups of one type.

    None where not everyone is named: a party that lacks somebody is no party.
    """
    found: list[OrderTicket] = []
    for row in rows:
        fields = row if isinstance(row, dict) else {}
        inner = fields.get("tickets")
        group: list[object] | None = inner if isinstance(inner, list) else None
        amount = None if group is None else whole(fields.get("amount"))
        named = [_ticket_on_order(each) for each in ([row] if group is None else group)]
        found += (known := [each for each in named if each is not None])
        if len(known) < len(named) or amount not in (None, len(named)):
            return None
    return tuple(dict.fromkeys(found)) or None


def _ticket_on_order(row: object) -> OrderTicket | None:
    if not isinstance(row, dict) or (uuid := hex_uuid(row.get("uuid"))) is None:
        return None
    external, url = row.get("external_uuid"), row.get("url")
    return OrderTicket(uuid, clean(external) or None if external else None, last_part(url))


class OrdersShape(BaseModel):
    orders: list[object]


def read_order(value: object) -> Order:
    """API document: "Get a Specific Order", "Create Order", "Update order"."""
    return read_one(OrderShape, value).value()


def read_refund(value: object) -> Order:
    """API document: "Refund an order". The order in it may be as it was before.

    `refunded` is set only where the answer says so.
    """
    if not isinstance(value, dict):
        raise WrongShape("no refund")
    order = read_order(value.get("purchase", value))
    if flag(value.get("is_refunded")) is not True and not order.refunded:
        return order
    state = order.state if order.state.startswith("REFUND") else "REFUND"
    return order._replace(refunded=True, state=state, partly=False)


def read_event_orders(value: object, event: str) -> list[EventOrder]:
    """API document: "Get events orders". Rows of tickets that cannot be read are left out."""
    shapes = read_each(OrderShape, read_one(OrdersShape, value).orders, "orders")
    return [
        EventOrder(
            shape.value()._replace(event=event),
            tuple(ticket for row in shape.tickets if (ticket := read_ticket(row, event))),
            shape.currency,
        )
        for shape in shapes
    ]
