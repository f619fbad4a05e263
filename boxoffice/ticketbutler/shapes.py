"""Events, ticket types and orders in the API's answers, in both dialects."""

from datetime import UTC, datetime, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from boxoffice.door.models import Event, Order, TicketType
from boxoffice.door.text import clean, hex_uuid
from boxoffice.ticketbutler.reading import (
    Email,
    Line,
    Moment,
    Number,
    Refunded,
    Uuid,
    Yes,
    read_each,
    read_one,
)


def _dict(value: object) -> object:
    return value if isinstance(value, dict) else {}


class AddressShape(BaseModel):
    first_name: Line = ""
    last_name: Line = ""
    email: Email = ""
    venue: Line = ""


Address = Annotated[AddressShape, BeforeValidator(_dict)]


class EventShape(BaseModel):
    uuid: Uuid
    title: Line = ""
    start_date: Moment = None
    end_date: Moment = None
    timezone: Line = ""
    address: Address = AddressShape()
    is_expired: Yes = False
    is_deleted: Yes = False

    def value(self) -> Event:
        zone = _zone(self.timezone)
        return Event(
            uuid=self.uuid,
            title=self.title,
            start=_aware(self.start_date, zone),
            end=_aware(self.end_date, zone),
            timezone=self.timezone if zone else None,
            venue=self.address.venue,
            expired=self.is_expired,
        )


class TicketTypeShape(BaseModel):
    uuid: Uuid
    title: Line = ""
    pk: Number = Field(default=None, validation_alias=AliasChoices("pk", "id"))

    def value(self) -> TicketType:
        return TicketType(uuid=self.uuid, title=self.title, pk=self.pk)


class OrderShape(BaseModel):
    uuid: Uuid
    event: object = None
    order_id: Line = ""
    state: Line = ""
    refunded: Refunded = False
    full_name: Line = ""
    email: Email = ""
    address: Address = AddressShape()

    def value(self) -> Order:
        event = self.event.get("uuid") if isinstance(self.event, dict) else self.event
        buyer = f"{self.address.first_name} {self.address.last_name}"
        return Order(
            uuid=self.uuid,
            event=hex_uuid(event),
            order_id=self.order_id,
            state=self.state.upper(),
            refunded=self.refunded,
            full_name=self.full_name or clean(buyer),
            email=self.email or self.address.email,
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


def read_order(value: object) -> Order:
    """API document: "Get a Specific Order"."""
    return read_one(OrderShape, value).value()


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name, as "Europe"
        return None


def _aware(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time without an offset is the event's own."""
    return time.replace(tzinfo=zone or UTC) if time and time.tzinfo is None else time
