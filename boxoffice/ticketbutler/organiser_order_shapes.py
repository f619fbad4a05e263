"""Orders in full, in both dialects and in each of the lengths that they are told in."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.domain.models import Order
from boxoffice.domain.text import clean
from boxoffice.organiser import FullOrder, OrderLine
from boxoffice.ticketbutler.order_shapes import OrderShape, OrdersShape
from boxoffice.ticketbutler.organiser_shapes import raw_of, read_some
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    Count,
    Line,
    Moment,
    Money,
    Number,
    OptionalBool,
    OptionalUuid,
    Url,
    as_fields,
    aware,
    money,
    read_one,
)
from boxoffice.ticketbutler.tickets import read_ticket


def _aware(moment: datetime | None) -> datetime | None:
    return aware(moment, None)


def _percent(value: object) -> Decimal | None:
    """The document tells a VAT of a quarter as 25, the live service as 0.25."""
    rate = money(value)
    return rate * 100 if rate is not None and abs(rate) < 1 else rate


def _code(value: object) -> str:
    """The document shows none: it may be the code itself, or an object."""
    return clean(value.get("code") if isinstance(value, dict) else value)


Time = Annotated[Moment, AfterValidator(_aware)]
Percent = Annotated[Decimal | None, BeforeValidator(_percent)]
Code = Annotated[str, BeforeValidator(_code)]


class LineShape(BaseModel):
    uuid: OptionalUuid = None
    title: Line = ""
    quantity: Count = None
    price: Money = None
    total: Money = None
    discount_total: Money = None
    type: Line = ""
    has_ticket_type_date: BoolDefaultFalse = False
    ticket_type_date: Time = None

    def value(self) -> OrderLine:
        return OrderLine(
            uuid=self.uuid or "",
            title=self.title,
            quantity=self.quantity,
            price=self.price,
            total=self.total,
            discount=self.discount_total,
            kind=self.type,
            date=self.ticket_type_date if self.has_ticket_type_date else None,
        )


class EventShape(BaseModel):
    title: Line = ""
    start_date: Time = None


class MoreShape(BaseModel):
    """What `OrderShape` leaves out."""

    number: Number = Field(default=None, validation_alias=AliasChoices("id", "identifier"))
    state_verbose: Line = ""
    ticket_count: Count = Field(default=None, validation_alias="total_amount")
    free: OptionalBool = Field(default=None, validation_alias="purchase_is_free")
    fee_amount: Money = None
    fee_percentage: Money = None
    fee_total: Money = None
    fee_total_vat: Money = None
    organizer_absorbs_fees: OptionalBool = Field(
        default=None, validation_alias="organizer_absorb_fees"
    )
    vat_total: Money = None
    vat_exempt: OptionalBool = None
    vat_rate: Percent = None
    discount_code: Code = ""
    refund_date: Time = None
    refund_email_sent: Time = Field(default=None, validation_alias="refund_email_send")
    send_sms_tickets: OptionalBool = None
    fee_per_sms: Money = None
    pay_by_invoice: OptionalBool = None
    customer_id: Line = ""
    payment_method_id: Line = ""
    earliest: Time = Field(default=None, validation_alias="earliest_date")
    download_url: Url = Field(
        default="",
        validation_alias=AliasChoices("ticket_download_absolute_url", "ticket_download_url"),
    )
    receipt_url: Url = Field(default="", validation_alias="receipt_as_web_url")
    refund_url: Url = ""


def full_order(value: object, order: Order) -> FullOrder:
    """All that an answer tells of the order that was read from it.

    API document: "Get a Specific Order", "Create Order", "Update order", "Refund an order".
    """
    raw = raw_of(value)
    shape = read_one(OrderShape, raw)
    event = read_one(EventShape, as_fields(shape.event))
    told = order._asdict()
    # `tickets` says more than the party; what the others come to is the door's affair.
    del told["party"], told["partly"], told["taken_as_paid"]
    return FullOrder(
        **told,
        **read_one(MoreShape, raw).model_dump(),
        event_title=event.title,
        event_start=event.start_date,
        currency=shape.currency,
        lines=tuple(read_one(LineShape, as_fields(row)).value() for row in shape.order_lines),
        tickets=tuple(
            ticket for row in shape.tickets if (ticket := read_ticket(row, order.event or ""))
        ),
        raw=raw,
    )


def read_full_orders(value: object, event: str) -> list[FullOrder]:
    """API document: "Get events orders". What cannot be read is left out."""

    def read(row: object) -> FullOrder:
        return full_order(row, read_one(OrderShape, row).value()._replace(event=event))

    return read_some(read_one(OrdersShape, value).orders, read, "orders")
