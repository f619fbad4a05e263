"""Events, ticket types, tickets and discount codes in full, in both dialects.

What a change writes back whole is read whole: here no element that cannot be read is left out,
since leaving it out would delete it.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar, cast

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.domain.text import clean
from boxoffice.organiser import (
    DiscountCode,
    EventAddress,
    EventDetails,
    EventSettings,
    TicketDetails,
    TicketTypeDetails,
)
from boxoffice.organiser.fields import LONGEST
from boxoffice.ticketbutler.order_shapes import AddressShape
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Count,
    Currency,
    Email,
    Line,
    Moment,
    Money,
    Number,
    OptionalBool,
    OptionalUuid,
    Price,
    Refunded,
    Url,
    Uuid,
    as_fields,
    aware,
    read_one,
)
from boxoffice.ticketbutler.shapes import read_zone
from boxoffice.ticketbutler.wire import WrongShape

log = logging.getLogger(__name__)

T = TypeVar("T")

Raw = Mapping[str, object]


def _text(value: object) -> str:
    return clean(value, LONGEST)


def _lines(value: object) -> str:
    return clean(value, LONGEST, lines=True)


def _maybe_lines(value: object) -> str | None:
    return None if value is None else _lines(value)


Text = Annotated[str, BeforeValidator(_text)]
"""One line that may be written back: never cut."""
Lines = Annotated[str, BeforeValidator(_lines)]
OptionalLines = Annotated[str | None, BeforeValidator(_maybe_lines)]
Fields = Annotated[dict[str, object], BeforeValidator(as_fields)]


def raw_of(value: object) -> Raw:
    """The object as it came; WrongShape where it is none."""
    if not isinstance(value, dict):
        raise WrongShape("no object")
    return cast("Raw", value)


def read_all(value: object, read: Callable[[object], T], what: str) -> list[T]:
    """Every element of a list; WrongShape where one cannot be read."""
    if not isinstance(value, list):
        raise WrongShape(f"no list of {what}")
    return [read(each) for each in value]


def read_some(value: object, read: Callable[[object], T], what: str) -> list[T]:
    """The elements that can be read, of a list that is never written back."""
    if not isinstance(value, list):
        raise WrongShape(f"no list of {what}")
    found: list[T] = []
    problem = ""
    for each in value:
        try:
            found.append(read(each))
        except WrongShape as error:
            problem = str(error)
    unread = len(value) - len(found)
    if unread and not found:
        raise WrongShape(f"none of {unread} {what}: {problem}")
    if unread:
        log.warning("%d of %d %s could not be read: %s", unread, len(value), what, problem)
    return found


class TypeShape(BaseModel):
    """The document tells what is left by `amount`, the live service by `amount_left`."""

    pk: Number = Field(default=None, validation_alias=AliasChoices("pk", "id"))
    uuid: Uuid
    title: Text = ""
    price: Price = None
    amount: Count = Field(default=None, validation_alias=AliasChoices("amount", "amount_left"))
    amount_sold: Count = None
    amount_total: Count = None
    active: BoolDefaultTrue = True
    members_only: BoolDefaultFalse = Field(default=False, validation_alias="is_members_only")
    description: Lines = ""
    start: Moment = Field(default=None, validation_alias="start_date")
    sort_id: Number = None
    sold_out: BoolDefaultFalse = False


class SettingsShape(BaseModel):
    refund_email_text: OptionalLines = None
    reminder_email: OptionalBool = None
    reminder_email_text: OptionalLines = None
    ticket_limit: Count = None
    ticket_limit_members_only: Count = None
    ticket_email_text: OptionalLines = None


class EventAddressShape(AddressShape):
    language: Line = ""

    def value(self) -> EventAddress:
        return EventAddress(**self.model_dump())


class EventShape(BaseModel):
    uuid: Uuid
    title: Text = ""
    start: Moment = Field(default=None, validation_alias="start_date")
    end: Moment = Field(default=None, validation_alias="end_date")
    timezone: Line = ""
    description: Lines = ""
    summary: Lines = ""
    venue: Annotated[EventAddressShape, BeforeValidator(as_fields)] = Field(
        default=EventAddressShape(), validation_alias="address"
    )
    team: Text = ""
    members_only: OptionalBool = Field(default=None, validation_alias="is_members_only")
    settings: Fields = Field(default={}, validation_alias="eventsettings")
    ticket_types: object = None
    currency: Currency = ""
    expired: BoolDefaultFalse = Field(default=False, validation_alias="is_expired")
    deleted: BoolDefaultFalse = Field(default=False, validation_alias="is_deleted")


class TicketShape(BaseModel):
    uuid: Uuid
    number: Number = Field(default=None, validation_alias="id")
    full_name: Text = ""
    email: Email = ""
    ticket_type: Line = Field(default="", validation_alias="ticket_type_name")
    checked_in: OptionalBool = None
    refunded: Refunded = Field(default=False, validation_alias="ticket_refund")
    external_uuid: Text = ""
    lead_tracking_reference: Text = ""
    order: OptionalUuid = Field(default=None, validation_alias="purchase_uuid")
    seat: Line = ""
    url: Url = ""


class CodeShape(BaseModel):
    id: Number
    code: Line = ""
    amount: Money = None
    discount_type: Line = ""
    usage_tickets_limit: Count = None
    amount_times_applied: Count = None
    active: BoolDefaultTrue = True
    ticket_type_uuid: OptionalUuid = None


def read_type(value: object) -> TicketTypeDetails:
    """API document: "Get Specific Ticket Type", "Create Ticket Type", "Update Ticket Type"."""
    shape = read_one(TypeShape, value)
    fields = shape.model_dump() | {"start": aware(shape.start, None)}
    return TicketTypeDetails(**fields, raw=raw_of(value))


def read_types(value: object) -> list[TicketTypeDetails]:
    """API document: "Get event ticket types"."""
    return read_all(value, read_type, "ticket types")


def read_event(value: object) -> EventDetails:
    """API document: "Get Specific Event", "Create an event". A row of the list has less."""
    shape = read_one(EventShape, value)
    zone = read_zone(shape.timezone)
    known = {"timezone", "venue", "start", "end", "settings", "ticket_types"}
    settings = read_one(SettingsShape, shape.settings)
    return EventDetails(
        **shape.model_dump(exclude=known),
        timezone=shape.timezone if zone else "",
        venue=shape.venue.value(),
        start=aware(shape.start, zone),
        end=aware(shape.end, zone),
        settings=EventSettings(**settings.model_dump(), raw=shape.settings),
        ticket_types=tuple(read_types(shape.ticket_types or [])),
        raw=raw_of(value),
    )


def read_events(value: object) -> list[EventDetails]:
    """API document: "Get All Events"."""
    return read_some(value, read_event, "events")


def read_ticket(value: object) -> TicketDetails:
    """API document: "Get specific ticket", "Update ticket details"."""
    shape = read_one(TicketShape, value)
    if shape.checked_in is None:
        raise WrongShape("a ticket that is neither in nor not in")
    return TicketDetails(**shape.model_dump() | {"order": shape.order or ""}, raw=raw_of(value))


def read_code(value: object) -> DiscountCode:
    """API document: "Toggle discount code"."""
    shape = read_one(CodeShape, value)
    if shape.id is None:
        raise WrongShape("a discount code without a number")
    return DiscountCode(**shape.model_dump())


def read_codes(value: object) -> list[DiscountCode]:
    """API document: "Create a discount code", "Get discount codes"."""
    return read_some(value, read_code, "discount codes")
