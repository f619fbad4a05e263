"""Events: what an organiser holds. API document: "Events"."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field, field_validator

from boxoffice.domain.models import Event
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    differences,
    done,
    refuse,
    refuse_lost,
    removal_of,
    reread,
)
from boxoffice.ticketbutler.errors import TicketbutlerError
from boxoffice.ticketbutler.parsers import flag, read_zone
from boxoffice.ticketbutler.resources.events_payload import (
    STOCK,
    all_types,
    event_update,
    new_event,
    stock_changes,
    type_rows,
    with_settings,
)
from boxoffice.ticketbutler.resources.field_types import (
    BoolDefaultFalse,
    Count,
    Currency,
    Edit,
    Email,
    Line,
    Lines,
    Moment,
    NeededMoment,
    OptionalBool,
    OptionalLine,
    OptionalLines,
    Part,
    Rows,
    Text,
    Uuid,
)
from boxoffice.ticketbutler.resources.record import Record, read_one, read_some, with_fields
from boxoffice.ticketbutler.resources.ticket_types import (
    NewTicketType,
    TicketTypeDetails,
    read_types,
    types_path,
)
from boxoffice.ticketbutler.wire import Call, hex_of, no_value, same

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session

SHORTEST_REASON = 5
"""Characters."""


def _is_sent(reminder: object) -> object:
    """The document says yes or no, the live service how long before: `24_hours`."""
    return True if reminder and flag(reminder) is None else reminder


def _also_set(name: str) -> AliasChoices:
    """A field of an event that some answers have among its settings."""
    return AliasChoices(name, AliasPath("eventsettings", name))


class EventSettings(Record):
    """An event's settings, as far as the document lets them be changed.

    None: not told, or not given, and then it stays as it is; an empty text empties it.
    """

    refund_email_text: Annotated[OptionalLines, Edit()] = Field(
        None, title="Text of the refund e-mail"
    )
    reminder_email: Annotated[OptionalBool, BeforeValidator(_is_sent), Edit()] = Field(
        None,
        title="Reminder e-mail before the event",
        validation_alias=AliasChoices("reminder_email", "reminder_email_settings"),
    )
    reminder_email_text: Annotated[OptionalLines, Edit()] = Field(
        None, title="Text of the reminder e-mail"
    )
    ticket_limit: Annotated[Count, Edit()] = Field(None, title="Tickets of one order, at most")
    ticket_limit_members_only: Annotated[Count, Edit()] = Field(
        None, title="Tickets of one member's order, at most"
    )
    ticket_email_text: Annotated[OptionalLines, Edit()] = Field(
        None, title="Text beside the tickets"
    )
    organizer_absorbs_fees: OptionalBool = Field(
        None, title="The organiser bears the fees", validation_alias="organizer_absorb_fees"
    )
    fee_type: OptionalLine = Field(None, title="Fees are for")
    """`attendee`, or another word of the site's."""

    @property
    def fees_on_buyer(self) -> bool | None:
        """Whether buyers pay the fees on top of the price; None: not known."""
        if self.organizer_absorbs_fees is None:
            return None
        return not self.organizer_absorbs_fees and self.fee_type in (None, "attendee")


class Address(Record):
    """Who holds an event and where, or who ordered. API document: "Update order"."""

    first_name: Annotated[Line, Edit()] = Field("", title="First name")
    last_name: Annotated[Line, Edit()] = Field("", title="Last name")
    email: Annotated[Email, Edit()] = Field("", title="Email")
    phone: Annotated[Line, Edit()] = Field("", title="Phone")
    title: Annotated[Line, Edit()] = Field("", title="Title")
    venue: Annotated[Line, Edit()] = Field("", title="Venue")
    business_name: Annotated[Line, Edit()] = Field("", title="Business name")
    cvr: Annotated[Line, Edit()] = Field("", title="Cvr")
    street: Annotated[Line, Edit()] = Field("", title="Street")
    street_2: Annotated[Line, Edit()] = Field("", title="Street 2")
    city: Annotated[Line, Edit()] = Field("", title="City")
    postcode: Annotated[Line, Edit()] = Field("", title="Postcode")
    country: Annotated[Line, Edit()] = Field("", title="Country")


class EventAddress(Address):
    """Where an event is, and who holds it. API document: "Create an event"."""

    language: Annotated[Line, Edit()] = Field("", title="Language")
    """As the site spells it, such as `en`."""


class EventDetails(Record):
    """An event. A row of the list of events has no ticket types and no settings."""

    uuid: Uuid = Field(title="Id")
    title: Annotated[Text, Edit(required=True)] = Field("", title="Title")
    timezone: Line = Field("", title="Time zone")
    """Before the moments: those without an offset are its own."""
    start: Annotated[Moment, Edit(required=True)] = Field(
        None, title="Begins", validation_alias="start_date"
    )
    end: Annotated[Moment, Edit()] = Field(None, title="Ends", validation_alias="end_date")
    description: Annotated[Lines, Edit()] = Field(
        "", title="Description", description="May be HTML."
    )
    summary: Annotated[Lines, Edit()] = Field("", title="Summary")
    venue: Annotated[Part[EventAddress], Edit()] = Field(
        EventAddress(), title="Address", validation_alias="address"
    )
    team: Annotated[Text, Edit()] = Field("", title="Team", description="Its name or its id.")
    members_only: Annotated[OptionalBool, Edit()] = Field(
        None, title="Members only", validation_alias="is_members_only"
    )
    settings: Annotated[Part[EventSettings], Edit()] = Field(
        EventSettings(), title="Settings", validation_alias="eventsettings"
    )
    ticket_types: Annotated[Rows[TicketTypeDetails], Edit()] = Field((), title="Ticket types")
    currency: Currency = Field("", title="Currency")
    expired: BoolDefaultFalse = Field(False, title="Over", validation_alias="is_expired")
    deleted: BoolDefaultFalse = Field(False, title="Deleted", validation_alias="is_deleted")
    sold_out: OptionalBool = Field(None, title="Sold out", validation_alias="is_sold_out")
    limited: OptionalBool = Field(
        None,
        title="Has a limit of its own",
        description="All its ticket types together.",
        validation_alias=_also_set("has_event_ticket_limit"),
    )
    limit_reached: OptionalBool = Field(
        None,
        title="That limit is reached",
        validation_alias=_also_set("event_ticket_limit_sold_out"),
    )
    has_extras: OptionalBool = Field(
        None, title="Sells merchandise", validation_alias="has_extras_types"
    )
    team_admin: OptionalBool = Field(
        None, title="The key may manage the team", validation_alias="is_team_admin"
    )
    team_organiser: OptionalBool = Field(
        None, title="The key may change it", validation_alias="is_min_team_organiser"
    )

    @field_validator("timezone", mode="after")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return name if read_zone(name) is not None else ""

    def as_event(self) -> Event:
        """What a door needs of it."""
        return Event(
            uuid=self.uuid,
            title=clean(self.title),
            start=self.start,
            end=self.end,
            timezone=self.timezone or None,
            venue=self.venue.venue,
            expired=self.expired,
            currency=self.currency,
            ticket_limit=self.settings.ticket_limit,
            limit_reached=self.limit_reached,
            fees_on_buyer=self.settings.fees_on_buyer,
        )


class NewEvent(Record):
    """An event to be made. What is empty or None is not sent."""

    title: Annotated[Text, Edit(required=True)] = Field(title="Title")
    start: Annotated[NeededMoment, Edit(required=True)] = Field(title="Begins")
    end: Annotated[Moment, Edit()] = Field(None, title="Ends")
    ticket_types: Annotated[Rows[NewTicketType], Edit()] = Field((), title="Ticket types")
    members_only: Annotated[BoolDefaultFalse, Edit()] = Field(False, title="Members only")
    team: Annotated[Text, Edit()] = Field("", title="Team", description="Its name or its id.")
    settings: Annotated[Part[EventSettings], Edit()] = Field(EventSettings(), title="Settings")
    venue: Annotated[Part[EventAddress], Edit()] = Field(EventAddress(), title="Address")
    description: Annotated[Lines, Edit()] = Field(
        "", title="Description", description="May be HTML."
    )
    summary: Annotated[Lines, Edit()] = Field("", title="Summary")


def read_event(value: object) -> EventDetails:
    """API document: "Get Specific Event", "Create an event". A row of the list has less."""
    return read_one(EventDetails, value)


def read_events(value: object) -> list[EventDetails]:
    """API document: "Get All Events"."""
    return read_some(value, read_event, "events")


def events_for_door(*, old: bool) -> Call[list[Event]]:
    """API document: "Get All Events". As a door needs them, without those that are deleted."""

    def read(value: object) -> list[Event]:
        return [each.as_event() for each in read_events(value) if not each.deleted]

    return Call("GET", "events/", read, query="old=true" if old else "")


def event_call(event: str) -> Call[EventDetails]:
    """API document: "Get Specific Event"."""
    uuid = hex_of(event, "event")
    return Call("GET", f"events/{uuid}/", same(uuid, read_event), "event")


class Events:
    """API document: "Events"."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    async def list(self, *, old: bool = False) -> Sequence[EventDetails]:
        """All events, without ticket types and settings; with `old`, expired ones too.

        API document: "Get All Events".
        """
        query = "old=true" if old else ""
        return await self._session.send(Call("GET", "events/", read_events, query=query))

    async def get(self, event: str) -> EventDetails:
        """An event with its settings, and its ticket types with their pk: two requests.

        API document: "Get Specific Event", "Get event ticket types".
        """
        types: Call[Sequence[TicketTypeDetails]] = Call(
            "GET", types_path(event), read_types, "event"
        )
        told, ticket_types = await asyncio.gather(
            self._session.send(event_call(event)), self._session.send(types)
        )
        return told.replace(ticket_types=tuple(ticket_types))

    def create(self, event: NewEvent) -> PendingChange[EventDetails]:
        """Make an event. API document: "Create an event".

        The answer does not tell its ticket types' pk: read it with `event` before changing it.
        """

        def make() -> Call[EventDetails]:
            return Call("POST", "events/", read_event, "event", body=new_event(event), slow=True)

        return change_of(self._session, make, differences(None, event))

    def update(
        self,
        event: str,
        change: Callable[[EventDetails], EventDetails] | None = None,
        /,
        **fields: Any,
    ) -> PendingChange[EventDetails]:
        """Change an event: by its fields, or by a function of what the site has now.

        API document: "Update event". Reads the event and all its ticket types, and sends what is
        different with every ticket type under its pk: those that `ticket_types` leaves out stay,
        those without a uuid are made. Returns the event as read again.

        Stock that is different is set first, by the ticket types' own updates. A setting that is
        None stays as the site has it; an empty text empties it.

        Raises:
            ValueError: no such field, or none that may be changed.
            Unreadable: the site does not tell the pk of every ticket type, and nothing was sent;
                or, with `maybe_applied`, a ticket type is gone.

        """

        async def prepare() -> PreparedChange[EventDetails]:
            before = await self.get(event)
            after = change(before) if change is not None else before
            after = with_settings(before, with_fields(after, fields))
            after = after.replace(ticket_types=all_types(before, after.ticket_types).ticket_types)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            path = f"events/{before.uuid}/"
            stock = stock_changes(before.ticket_types, after.ticket_types)
            calls: list[Call[None]] = [
                Call("PATCH", f"{path}ticket-types/{uuid}/", no_value, "ticket type", body=body)
                for uuid, body in stock.items()
            ]
            rows = type_rows(before, after.ticket_types)
            if {each.name.rpartition(".")[2] for each in different} - STOCK:
                body = event_update(before, after) | {"ticket_types": rows}
                calls.append(Call("POST", path, no_value, "event", body=body, slow=True))

            async def send() -> EventDetails:
                await self._send_all(calls)
                told = await reread(lambda: self.get(before.uuid))
                refuse_lost(before.ticket_types, told.ticket_types)
                return told

            return PreparedChange(calls[-1], send, different)

        return PendingChange(prepare)

    def delete(self, event: str, reason: str) -> PendingChange[None]:
        """Delete an event. `reason` is written to the people who have tickets.

        API document: "Delete event".

        Raises:
            Refused: the reason has fewer than 5 characters. Nothing was sent.

        """

        def make() -> Call[None]:
            if len(reason.strip()) < SHORTEST_REASON:
                raise refuse(
                    "no reason",
                    f"Give a reason of at least {SHORTEST_REASON} characters: it is written to "
                    "everybody with a ticket.",
                )
            path, body = f"events/{hex_of(event, 'event')}/", {"delete_reason": reason.strip()}
            return Call("DELETE", path, no_value, "event", body=body, slow=True)

        return removal_of(self._session, make)

    async def _send_all(self, calls: Iterable[Call[None]]) -> None:
        """Send one after the other; what fails after the first leaves a part of it done."""
        for at, call in enumerate(calls):
            try:
                await self._session.send(call, done)
            except TicketbutlerError as error:
                error.maybe_applied = error.maybe_applied or at > 0
                raise
