"""Events as an organiser sees them: what a site tells, what may be changed, and what makes one."""

from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field, field_validator

from boxoffice.domain.models import Event
from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.parsers import flag, read_zone
from boxoffice.ticketbutler.record import Record, field_info, read_one, read_some
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails


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

    refund_email_text: fields.OptionalLines = fields.editable(
        None, title="Text of the refund e-mail"
    )
    reminder_email: Annotated[fields.OptionalBool, BeforeValidator(_is_sent)] = fields.editable(
        None,
        title="Reminder e-mail before the event",
        validation_alias=AliasChoices("reminder_email", "reminder_email_settings"),
    )
    reminder_email_text: fields.OptionalLines = fields.editable(
        None, title="Text of the reminder e-mail"
    )
    ticket_limit: fields.Count = fields.editable(None, title="Tickets of one order, at most")
    ticket_limit_members_only: fields.Count = fields.editable(
        None, title="Tickets of one member's order, at most"
    )
    ticket_email_text: fields.OptionalLines = fields.editable(None, title="Text beside the tickets")
    organizer_absorbs_fees: fields.OptionalBool = Field(
        None, title="The organiser bears the fees", validation_alias="organizer_absorb_fees"
    )
    fee_type: fields.OptionalLine = Field(None, title="Fees are for")
    """`attendee`, or another word of the site's."""

    def given(self) -> dict[str, object]:
        """What may be changed of them, as far as it is given."""
        names = [info.name for info in field_info(EventSettings) if info.editable]
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def fees_on_buyer(self) -> bool | None:
        """Whether buyers pay the fees on top of the price; None: not known."""
        if self.organizer_absorbs_fees is None:
            return None
        return not self.organizer_absorbs_fees and self.fee_type in (None, "attendee")


class Address(Record):
    """Who holds an event and where, or who ordered. API document: "Update order"."""

    first_name: fields.Line = fields.editable("", title="First name")
    last_name: fields.Line = fields.editable("", title="Last name")
    email: fields.Email = fields.editable("", title="E-mail")
    phone: fields.Line = fields.editable("", title="Phone")
    title: fields.Line = fields.editable("", title="Title")
    venue: fields.Line = fields.editable("", title="Place")
    business_name: fields.Line = fields.editable("", title="Company")
    cvr: fields.Line = fields.editable("", title="CVR")
    street: fields.Line = fields.editable("", title="Street")
    street_2: fields.Line = fields.editable("", title="Street, second line")
    city: fields.Line = fields.editable("", title="City")
    postcode: fields.Line = fields.editable("", title="Postcode")
    country: fields.Line = fields.editable("", title="Country")


class EventAddress(Address):
    """Where an event is, and who holds it. API document: "Create an event"."""

    language: fields.Line = fields.editable("", title="Language")
    """As the site spells it, such as `en`."""


class EventDetails(Record):
    """An event. A row of the list of events has no ticket types and no settings."""

    uuid: fields.Uuid = Field(title="Id")
    title: fields.Text = fields.editable("", title="Title", required=True)
    timezone: fields.Line = Field("", title="Time zone")
    """Before the moments: those without an offset are its own."""
    start: fields.Moment = fields.editable(
        None, title="Begins", validation_alias="start_date", required=True
    )
    end: fields.Moment = fields.editable(None, title="Ends", validation_alias="end_date")
    description: fields.Lines = fields.editable("", title="Description", description="May be HTML.")
    summary: fields.Lines = fields.editable("", title="Summary")
    venue: fields.Part[EventAddress] = fields.editable(
        EventAddress(), title="Address", validation_alias="address"
    )
    team: fields.Text = fields.editable("", title="Team", description="Its name or its id.")
    members_only: fields.OptionalBool = fields.editable(
        None, title="Members only", validation_alias="is_members_only"
    )
    settings: fields.Part[EventSettings] = fields.editable(
        EventSettings(), title="Settings", validation_alias="eventsettings"
    )
    ticket_types: fields.Rows[TicketTypeDetails] = fields.editable((), title="Ticket types")
    currency: fields.Currency = Field("", title="Currency")
    expired: fields.BoolDefaultFalse = Field(False, title="Over", validation_alias="is_expired")
    deleted: fields.BoolDefaultFalse = Field(False, title="Deleted", validation_alias="is_deleted")
    sold_out: fields.OptionalBool = Field(None, title="Sold out", validation_alias="is_sold_out")
    limited: fields.OptionalBool = Field(
        None,
        title="Has a limit of its own",
        description="All its ticket types together.",
        validation_alias=_also_set("has_event_ticket_limit"),
    )
    limit_reached: fields.OptionalBool = Field(
        None,
        title="That limit is reached",
        validation_alias=_also_set("event_ticket_limit_sold_out"),
    )
    has_extras: fields.OptionalBool = Field(
        None, title="Sells merchandise", validation_alias="has_extras_types"
    )
    team_admin: fields.OptionalBool = Field(
        None, title="The key may manage the team", validation_alias="is_team_admin"
    )
    team_organiser: fields.OptionalBool = Field(
        None, title="The key may change it", validation_alias="is_min_team_organiser"
    )

    @field_validator("timezone", mode="after")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return name if read_zone(name) is not None else ""

    def as_event(self) -> Event:
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

    title: fields.Text = fields.editable(title="Title", required=True)
    start: fields.NeededMoment = fields.editable(title="Begins", required=True)
    end: fields.Moment = fields.editable(None, title="Ends")
    ticket_types: fields.Rows[NewTicketType] = fields.editable((), title="Ticket types")
    members_only: fields.BoolDefaultFalse = fields.editable(False, title="Members only")
    team: fields.Text = fields.editable("", title="Team", description="Its name or its id.")
    settings: fields.Part[EventSettings] = fields.editable(EventSettings(), title="Settings")
    venue: fields.Part[EventAddress] = fields.editable(EventAddress(), title="Address")
    description: fields.Lines = fields.editable("", title="Description", description="May be HTML.")
    summary: fields.Lines = fields.editable("", title="Summary")

    def payload(self) -> dict[str, object]:
        """What makes it. Raises Refused where it has no title."""
        if not self.title.strip():
            raise Refused("no title", _("The event needs a title."))
        texts = {"team": self.team, "description": self.description, "summary": self.summary}
        body: dict[str, object] = {
            "title": self.title,
            "start_date": sent_moment(self.start, "start"),
            "ticket_types": [kind.payload() for kind in self.ticket_types],
            "is_members_only": self.members_only,
            "eventsettings": self.settings.given(),
            "address": {name: text for name, text in self.venue if text},
        }
        if self.end is not None:
            body["end_date"] = sent_moment(self.end, "end")
        return body | {name: text for name, text in texts.items() if text}


def read_event(value: object) -> EventDetails:
    """API document: "Get Specific Event", "Create an event". A row of the list has less."""
    return read_one(EventDetails, value)


def read_events(value: object) -> list[EventDetails]:
    """API document: "Get All Events". Without those that are deleted."""
    return [event for event in read_some(value, read_event, "events") if not event.deleted]


def sent_moment(moment: datetime | None, name: str) -> str | None:
    """As it is sent. Raises ValueError where it has no offset, which the site would guess."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} without an offset")
    return fields.iso(moment)
