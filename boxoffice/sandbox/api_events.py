"""Events: reading, creating, changing and deleting them."""

from datetime import timedelta
from functools import partial

from starlette.responses import Response

from boxoffice.sandbox import api_ticket_types, fields
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import Call, Paths
from boxoffice.sandbox.fields import LONG, Fields, Reader, optional_text
from boxoffice.sandbox.models import ADDRESS_FIELDS, SETTINGS, TEAMS, Event, Team
from boxoffice.sandbox.names import mailbox
from boxoffice.sandbox.state import hex_uuid

_USUAL_LENGTH = timedelta(hours=12)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def create(call: Call) -> Response:
    """A new event. `title`, `start_date` and `ticket_types` are required."""
    sent, state = call.fields(), call.state
    fields.required(sent, "title", "start_date", "ticket_types")
    start = fields.moment("start_date", sent["start_date"], COPENHAGEN)
    event = Event(
        uuid="",
        pk=0,
        title="",
        slug="",
        start=start,
        end=start + _USUAL_LENGTH,
        timezone=COPENHAGEN,
        venue="",
        order_prefix="",
        address=dict.fromkeys(ADDRESS_FIELDS, ""),
        settings={name: value for name, value in SETTINGS.items() if name != "ticket_limit"},
    )
    change = _read(sent, event)
    types = api_ticket_types.read_all(sent["ticket_types"], event)
    event.uuid, event.pk = state.new_uuid(), state.new_pk()
    event.pin = f"{event.pk % 9000 + 1000}"
    event.order_prefix = _prefix(event.pk)
    _apply(event, change)
    event.slug = f"{mailbox(event.title)[:40] or 'event'}-{event.pk}"
    state.add_event(event)
    api_ticket_types.apply_all(state, event, types)
    state.notify("event.added", event)
    return call.created(call.shapes.created_event(event))


def update(call: Call) -> object:
    """Changes what is sent, and deletes every ticket type that is not sent with its `pk`."""
    event, sent = call.event, call.fields()
    change = _read(sent, event)
    types = api_ticket_types.read_all(sent.get("ticket_types") or [], event)
    _apply(event, change)
    api_ticket_types.apply_all(call.state, event, types)
    call.state.touch_type(event)
    call.state.notify("event.updated", event)
    return call.shapes.updated_event(event)


def delete(call: Call) -> None:
    """The event is gone from then on; its tickets and orders can still be read."""
    event, sent = call.event, call.fields()
    fields.required(sent, "delete_reason")
    reason = fields.text("delete_reason", sent["delete_reason"], limit=LONG)
    if len(reason) < 5:
        raise fields.wrong("delete_reason", "Ensure this field has at least 5 characters.")
    event.deleted, event.delete_reason = True, reason
    call.state.notify("event.removed", event)


PATHS: Paths = {"events/": {"POST": create}, "events/{event}/": {"POST": update, "DELETE": delete}}


def _read(sent: Fields, event: Event) -> Fields:
    """What is sent of an event, but for its ticket types, as attributes of an Event."""
    at = partial(fields.moment, zone=event.timezone)
    readers: dict[str, Reader] = {
        "title": fields.text,
        "description": _page,
        "summary": _page,
        "is_members_only": fields.boolean,
        "team": _team,
        "address": _address,
        "eventsettings": _settings,
        "start_date": at,
        "end_date": fields.optional(at),
    }
    names = {
        "is_members_only": "members_only",
        "eventsettings": "settings",
        "start_date": "start",
        "end_date": "end",
    }
    change = fields.read(sent, readers, names)
    if change.get("end") is not None:
        change["end_given"] = True
    else:
        change.pop("end", None)
        if "start" in change and not event.end_given:  # as long as it was
            change["end"] = change["start"] + (event.end - event.start)
    if change.get("end", event.end) < change.get("start", event.start):
        raise fields.wrong("end_date", "The event cannot end before it starts.")
    return change


def _page(name: str, given: object) -> str:
    return optional_text(LONG)(name, given) or ""


def _team(name: str, given: object) -> Team:
    for team in TEAMS:
        if given == team.name or hex_uuid(given) == team.uuid:
            return team
    raise fields.wrong(name, "Team does not exist.")


def _address(name: str, given: object) -> Fields:
    if not isinstance(given, dict):
        raise fields.wrong(name, "Invalid data. Expected a dictionary.")
    texts = dict.fromkeys(ADDRESS_FIELDS, optional_text())
    address = {part: value or "" for part, value in fields.read(given, texts).items()}
    fields.email(name, address.get("email", ""))
    return address


def _settings(name: str, given: object) -> Fields:
    """The settings that may be set; any other is passed over."""
    if not isinstance(given, dict):
        raise fields.wrong(name, "Invalid data. Expected a dictionary.")
    kinds: dict[type, Reader] = {bool: fields.boolean, int: partial(fields.integer, high=10_000)}
    readers = {key: kinds.get(type(value), optional_text(LONG)) for key, value in SETTINGS.items()}
    # The live service's word for a reminder says when it is sent.
    readers["reminder_email_settings"] = lambda _, when: bool(optional_text()(_, when))
    return fields.read(given, readers, {"reminder_email_settings": "reminder_email"})


def _apply(event: Event, change: Fields) -> None:
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
    return "".join(_LETTERS[rest // 52**place % 52] for place in range(3))
