"""Creating, changing and deleting events."""

from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from boxoffice.sandbox import api_ticket_types, organising
from boxoffice.sandbox.api import (
    Call,
    answer,
    boolean,
    done,
    is_email,
    optional_text,
    text_field,
    wrong,
)
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.models import ADDRESS_FIELDS, SETTINGS, TEAMS, Event, Team
from boxoffice.sandbox.names import mailbox
from boxoffice.sandbox.reading import integer, moment, required
from boxoffice.sandbox.state import hex_uuid

_LONG = 100_000
_LENGTH_UNTOLD = timedelta(hours=12)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def create(call: Call) -> Response:
    """A new event. `title`, `start_date` and `ticket_types` are required."""
    fields, state = call.fields(), call.state
    required(fields, "title", "start_date", "ticket_types")
    start = moment("start_date", fields["start_date"], COPENHAGEN)
    event = Event(
        uuid="",
        pk=0,
        title="",
        slug="",
        start=start,
        end=start + _LENGTH_UNTOLD,
        timezone=COPENHAGEN,
        venue="",
        order_prefix="",
        address=dict.fromkeys(ADDRESS_FIELDS, ""),
        settings={name: value for name, value in SETTINGS.items() if name != "ticket_limit"},
    )
    change = _read(fields, event)
    types = api_ticket_types.read_all(fields["ticket_types"], event)
    event.uuid, event.pk = state.new_uuid(), state.new_pk()
    event.pin = f"{event.pk % 9000 + 1000}"
    event.order_prefix = _prefix(event.pk)
    _apply(event, change)
    event.slug = f"{mailbox(event.title)[:40] or 'event'}-{event.pk}"
    state.add_event(event)
    api_ticket_types.apply_all(state, event, types)
    state.tell("event.added", event)
    return answer(call.shapes.created_event(event), call.shapes.created)


def update(call: Call) -> Response:
    """Changes what is sent, and deletes every ticket type that is not sent with its `pk`."""
    event, fields = call.event, call.fields()
    change = _read(fields, event)
    types = api_ticket_types.read_all(fields.get("ticket_types") or [], event)
    _apply(event, change)
    api_ticket_types.apply_all(call.state, event, types)
    organising.touch_tickets(call.state, event)
    call.state.tell("event.updated", event)
    return answer(call.shapes.created_event(event))


def delete(call: Call) -> Response:
    """The event is gone from then on; its tickets and orders can still be read."""
    event, fields = call.event, call.fields()
    required(fields, "delete_reason")
    reason = text_field("delete_reason", fields["delete_reason"], limit=_LONG)
    if len(reason) < 5:
        raise wrong("delete_reason", "Ensure this field has at least 5 characters.")
    event.deleted, event.delete_reason = True, reason
    call.state.tell("event.removed", event)
    return done()


def _read(fields: dict[str, Any], event: Event) -> dict[str, Any]:
    """What is sent of an event, but for its ticket types, as attributes of an Event."""
    change: dict[str, Any] = {}
    if "title" in fields:
        change["title"] = text_field("title", fields["title"])
    for name in ("description", "summary"):
        if name in fields:
            change[name] = optional_text(name, fields[name], _LONG) or ""
    if "is_members_only" in fields:
        change["members_only"] = boolean("is_members_only", fields["is_members_only"])
    if "team" in fields:
        change["team"] = _team(fields["team"])
    if "address" in fields:
        change["address"] = _address(fields["address"])
    if "eventsettings" in fields:
        change["settings"] = _settings(fields["eventsettings"])
    return change | _dates(fields, event)


def _dates(fields: dict[str, Any], event: Event) -> dict[str, datetime | bool]:
    change: dict[str, datetime | bool] = {}
    start, end = event.start, event.end
    if "start_date" in fields:
        change["start"] = start = moment("start_date", fields["start_date"], event.timezone)
        if not event.end_given:  # as long as it was
            change["end"] = end = start + (event.end - event.start)
    if fields.get("end_date") is not None:
        change["end"] = end = moment("end_date", fields["end_date"], event.timezone)
        change["end_given"] = True
    if end < start:
        raise wrong("end_date", "The event cannot end before it starts.")
    return change


def _team(given: object) -> Team:
    for team in TEAMS:
        if given == team.name or hex_uuid(given) == team.uuid:
            return team
    raise wrong("team", "Team does not exist.")


def _address(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise wrong("address", "Invalid data. Expected a dictionary.")
    address = {
        name: optional_text(name, given[name]) or "" for name in ADDRESS_FIELDS if name in given
    }
    if address.get("email") and not is_email(address["email"]):
        raise wrong("address", "Enter a valid email address.")
    return address


def _settings(given: object) -> dict[str, object]:
    """The settings that may be set; any other is passed over."""
    if not isinstance(given, dict):
        raise wrong("eventsettings", "Invalid data. Expected a dictionary.")
    read: dict[str, object] = {}
    for name, default in SETTINGS.items():
        if name not in given:
            continue
        if isinstance(default, bool):
            read[name] = boolean(name, given[name])
        elif isinstance(default, int):
            read[name] = integer(name, given[name], high=10_000)
        else:
            read[name] = optional_text(name, given[name], _LONG)
    return read


def _apply(event: Event, change: dict[str, Any]) -> None:
    settings = change.pop("settings", {})
    event.ticket_limit = settings.pop("ticket_limit", event.ticket_limit)
    event.settings |= settings
    address = change.pop("address", {})
    if address:
        event.address = (event.address or {"venue": event.venue}) | address
        event.venue = event.address.get("venue", "")
    for name, value in change.items():
        setattr(event, name, value)


def _prefix(pk: int) -> str:
    """Three letters, others for each event."""
    rest = pk * 7919 % 52**3  # no multiple of 2 or 13: no two numbers meet
    letters = ""
    for _ in range(3):
        rest, digit = divmod(rest, 52)
        letters += _LETTERS[digit]
    return letters
