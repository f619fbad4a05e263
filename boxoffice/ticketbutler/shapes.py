"""Events and ticket types in the API's answers, in both dialects."""

from datetime import tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.domain.models import Event, TicketType
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Count,
    Currency,
    Line,
    Moment,
    Number,
    OptionalBool,
    Price,
    Uuid,
    as_fields,
    aware,
    read_each,
    read_one,
)


class VenueShape(BaseModel):
    venue: Line = ""


class SettingsShape(BaseModel):
    ticket_limit: Count = None


Venue = Annotated[VenueShape, BeforeValidator(as_fields)]
Settings = Annotated[SettingsShape, BeforeValidator(as_fields)]


class EventShape(BaseModel):
    uuid: Uuid
    title: Line = ""
    start_date: Moment = None
    end_date: Moment = None
    timezone: Line = ""
    address: Venue = VenueShape()
    is_expired: BoolDefaultFalse = False
    is_deleted: BoolDefaultFalse = False
    currency: Currency = ""
    eventsettings: Settings = SettingsShape()

    def value(self) -> Event:
        zone = read_zone(self.timezone)
        return Event(
            uuid=self.uuid,
            title=self.title,
            start=aware(self.start_date, zone),
            end=aware(self.end_date, zone),
            timezone=self.timezone if zone else None,
            venue=self.address.venue,
            expired=self.is_expired,
            currency=self.currency,
            ticket_limit=self.eventsettings.ticket_limit,
        )


class TicketTypeShape(BaseModel):
    """The document tells what is left by `amount`, the live service by `amount_left`."""

    uuid: Uuid
    title: Line = ""
    pk: Number = Field(default=None, validation_alias=AliasChoices("pk", "id"))
    price: Price = None
    left: Count = Field(default=None, validation_alias=AliasChoices("amount_left", "amount"))
    active: BoolDefaultTrue = True
    is_members_only: BoolDefaultFalse = False
    sold_out: BoolDefaultFalse = False
    is_temporarily_sold_out: BoolDefaultFalse = False
    is_on_sale: OptionalBool = None
    sales_start_date: Moment = None
    sales_end_date: Moment = None

    def value(self) -> TicketType:
        return TicketType(
            uuid=self.uuid,
            title=self.title,
            pk=self.pk,
            price=self.price,
            left=self.left,
            active=self.active,
            members_only=self.is_members_only,
            sold_out=self.sold_out or self.is_temporarily_sold_out,
            on_sale=self.is_on_sale,
            sales_start=aware(self.sales_start_date, None),
            sales_end=aware(self.sales_end_date, None),
        )


def read_events(value: object) -> list[Event]:
    """API document: "Get All Events"."""
    shapes = read_each(EventShape, value, "events")
    return [shape.value() for shape in shapes if not shape.is_deleted]


def read_event(value: object) -> Event:
    """API document: "Get Specific Event"."""
    return read_one(EventShape, value).value()


def read_ticket_types(value: object) -> list[TicketType]:
    """API document: "Get event ticket types"."""
    return [shape.value() for shape in read_each(TicketTypeShape, value, "ticket types")]


def read_zone(name: str) -> tzinfo | None:
    """The time zone of an IANA name; None where there is none of that name."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, as "Europe"
        return None
