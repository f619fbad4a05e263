"""Events and their ticket types: creating, changing and deleting them."""

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from functools import partial
from string import ascii_letters

from starlette.responses import Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.api_questions import remove_questions
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import ApiError, Call, Paths, found
from boxoffice.sandbox.fields import LONG, Fields, Reader, optional_text
from boxoffice.sandbox.models import ADDRESS_FIELDS, SETTINGS, TEAMS, Event, Team, TicketType
from boxoffice.sandbox.names import mailbox
from boxoffice.sandbox.state import State, hex_uuid

TypeChange = tuple[TicketType | None, Fields]
"""What becomes of a ticket type, as its attributes; None: a new one is made."""
_USUAL_LENGTH = timedelta(hours=12)


def create(call: Call) -> Response:
    """A new event. `title`, `start_date` and `ticket_types` are required."""
    sent, state = call.fields(), call.state
    fields.required(sent, "title", "start_date", "ticket_types")
    start = fields.moment("start_date", sent["start_date"], COPENHAGEN)
    event = Event("", 0, "", "", start, start + _USUAL_LENGTH, COPENHAGEN)
    event.address = dict.fromkeys(ADDRESS_FIELDS, "")
    event.settings = {name: value for name, value in SETTINGS.items() if name != "ticket_limit"}
    change = _read(sent, event)
    types = _read_types(sent["ticket_types"], event)
    event.uuid, event.pk = state.new_uuid(), state.new_pk()
    event.pin = f"{event.pk % 9000 + 1000}"
    event.order_prefix = _prefix(event.pk)
    _apply(event, change)
    event.slug = f"{mailbox(event.title)[:40] or 'event'}-{event.pk}"
    state.add_event(event)
    _apply_types(state, event, types)
    state.notify("event.added", event)
    return call.created(call.shapes.created_event(event))


def update(call: Call) -> object:
    """Changes what is sent, and deletes every ticket type that is not sent with its `pk`."""
    event, sent = call.event, call.fields()
    change = _read(sent, event)
    types = _read_types(sent.get("ticket_types") or [], event)
    _apply(event, change)
    _apply_types(call.state, event, types)
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
    texts = dict.fromkeys(ADDRESS_FIELDS, optional_text())
    address = {
        part: value or "" for part, value in fields.read(fields.mapping(name, given), texts).items()
    }
    fields.email(name, address.get("email", ""))
    return address


def _settings(name: str, given: object) -> Fields:
    """The settings that may be set; any other is passed over."""
    kinds: dict[type, Reader] = {bool: fields.boolean, int: partial(fields.integer, high=10_000)}
    readers = {key: kinds.get(type(value), optional_text(LONG)) for key, value in SETTINGS.items()}
    # The live service's word for a reminder says when it is sent.
    readers["reminder_email_settings"] = lambda _, when: bool(optional_text()(_, when))
    names = {"reminder_email_settings": "reminder_email"}
    return fields.read(fields.mapping(name, given), readers, names)


def _apply(event: Event, change: Fields) -> None:
    settings = change.pop("settings", {})
    event.ticket_limit = settings.pop("ticket_limit", event.ticket_limit)
    event.settings |= settings
    address = change.pop("address", {})
    if address:
        event.address = (event.address or {"venue": event.venue}) | address
        event.venue = event.address.get("venue", "")
    fields.assign(event, change)


def _prefix(pk: int) -> str:
    """Three letters, others for each event."""
    rest = pk * 7919 % 52**3  # no multiple of 2 or 13: no two numbers meet
    return "".join(ascii_letters[rest // 52**place % 52] for place in range(3))


def save_type(call: Call) -> object:
    """A new type, or what is sent of the one that the path names.

    400: no `title`, `price` or `amount_total` of a new one, a new price of a sold one, no more
    tickets than were sold.
    """
    event = call.event
    old = _named_type(call) if "ticket_type" in call.path else None
    kind = _apply_type(call.state, _read_type(call.fields(), old, event))
    if old is None:
        event.ticket_types.append(kind)
    _sort_types(event)
    call.state.touch_type(event, kind)
    call.state.notify("event.updated", event)
    row = call.shapes.single_ticket_type(kind, event)
    return row if old else call.created(row)


def delete_type(call: Call) -> None:
    """400 with an explanation when tickets of the type were sold, refunded or not."""
    event, kind = call.event, _named_type(call)
    if any(ticket.ticket_type is kind for ticket in event.tickets):
        says = f"The ticket type {kind.title} cannot be deleted: tickets have been sold."
        raise ApiError(400, {"detail": says})
    _remove_types(call.state, event, [kind])
    call.state.notify("event.updated", event)


def _read_types(given: object, event: Event) -> list[TypeChange]:
    """The `ticket_types` of a whole event: one with a known `pk` is changed, any other is new."""
    known = {kind.pk: kind for kind in event.ticket_types}

    def read_one(sent: Fields) -> TypeChange:
        if sent.get("pk") is None:
            return _read_type(sent, None, event)
        pk = fields.integer("pk", sent["pk"])
        if pk not in known:
            raise fields.wrong("pk", f'Invalid pk "{pk}" - object does not exist.')
        # Of a whole event, the total is set by `amount` alone.
        rest = {name: value for name, value in sent.items() if name != "amount_total"}
        return _read_type(rest, known.pop(pk), event)

    return fields.read_list("ticket_types", given, read_one)


def _apply_types(state: State, event: Event, changes: list[TypeChange]) -> None:
    """Make `changes` the event's ticket types: every other one is deleted, sold or not."""
    remaining = [old for old, _ in changes]
    _remove_types(state, event, [kind for kind in event.ticket_types if kind not in remaining])
    event.ticket_types = [_apply_type(state, change) for change in changes]
    _sort_types(event)


def _apply_type(state: State, change: TypeChange) -> TicketType:
    old, attributes = change
    kind = old or state.new_type("", Decimal(0))
    fields.assign(kind, attributes)
    return kind


def _named_type(call: Call) -> TicketType:
    return found({kind.uuid: kind for kind in call.event.ticket_types}, call.path["ticket_type"])


def _sort_types(event: Event) -> None:
    """Those without a sort id come last, as they were."""
    event.ticket_types.sort(key=lambda kind: (kind.sort_id is None, kind.sort_id or 0))


def _remove_types(state: State, event: Event, gone: Collection[TicketType]) -> None:
    """Remove types with their own questions and discount codes; sold tickets stay as they are."""
    event.ticket_types = [kind for kind in event.ticket_types if kind not in gone]
    remove_questions(event, [asked for asked in event.questions if asked.ticket_type in gone])
    for code in list(state.discount_codes.values()):
        if code.ticket_type in gone:
            del state.discount_codes[code.id]


def _read_type(sent: Fields, old: TicketType | None, event: Event) -> TypeChange:
    """Check what is sent against the rules of a new type, or of `old`."""
    if old is None:
        fields.required(sent, "title", "price")
    readers: dict[str, Reader] = {
        "title": fields.text,
        "price": fields.money,
        "active": fields.boolean,
        "is_members_only": fields.boolean,
        "description": fields.optional_text(5000),
        "start_date": fields.optional(partial(fields.moment, zone=event.timezone)),
        "sort_id": fields.optional(fields.integer),
    }
    names = {"is_members_only": "members_only", "start_date": "date"}
    change = fields.read(sent, readers, names)
    if old is not None and old.amount_sold and change.get("price", old.price) != old.price:
        raise fields.wrong("price", "The price cannot be changed: tickets have been sold.")
    total = _total(sent, old)
    return old, change if total is None else change | {"amount_total": total}


def _total(sent: Fields, old: TicketType | None) -> int | None:
    """How many tickets there are of the type from now on; None: as many as before."""
    sold = old.amount_sold if old else 0
    name = "amount" if sent.get("amount") is not None else "amount_total"
    if sent.get(name) is None:
        if old is None:
            fields.required({}, "amount_total")
        return None
    total = fields.integer(name, sent[name]) + (sold if name == "amount" else 0)
    if old is not None and total <= sold and total != old.amount_total:
        raise fields.wrong(name, f"Has to be more than sold: {sold} tickets have been sold.")
    return total


PATHS: Paths = {
    "events/": {"POST": create},
    "events/{event}/": {"POST": update, "DELETE": delete},
    "events/{event}/ticket-types/": {"POST": save_type},
    "events/{event}/ticket-types/{ticket_type}/": {
        "GET": lambda call: call.shapes.single_ticket_type(_named_type(call), call.event),
        "PATCH": save_type,
        "DELETE": delete_type,
    },
}
