"""Ticket types: one of an event, creating, changing and deleting it, and all of them at once."""

from collections.abc import Collection
from decimal import Decimal
from functools import partial

from starlette.responses import Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.api_questions import remove_questions
from boxoffice.sandbox.endpoint import ApiError, Call, Paths, found
from boxoffice.sandbox.fields import Fields, Reader
from boxoffice.sandbox.models import Event, TicketType
from boxoffice.sandbox.state import State

Change = tuple[TicketType | None, Fields]
"""What becomes of a ticket type, as its attributes; None: a new one is made."""


def create(call: Call) -> Response:
    """A new type. `title`, `price` and `amount_total` are required."""
    event = call.event
    made = _apply(call.state, _read(call.fields(), None, event))
    event.ticket_types.append(made)
    _sort(event)
    call.state.notify("event.updated", event)
    return call.created(call.shapes.single_ticket_type(made, event))


def update(call: Call) -> object:
    """Changes what is sent. 400: a new price of a sold type, no more tickets than were sold."""
    event, kind = call.event, _named(call)
    _apply(call.state, _read(call.fields(), kind, event))
    _sort(event)
    call.state.touch_type(event, kind)
    call.state.notify("event.updated", event)
    return call.shapes.single_ticket_type(kind, event)


def delete(call: Call) -> None:
    """400 with an explanation when tickets of the type were sold, refunded or not."""
    event, kind = call.event, _named(call)
    if any(ticket.ticket_type is kind for ticket in event.tickets):
        says = f"The ticket type {kind.title} cannot be deleted: tickets have been sold."
        raise ApiError(400, {"detail": says})
    _remove(call.state, event, [kind])
    call.state.notify("event.updated", event)


PATHS: Paths = {
    "events/{event}/ticket-types/": {"POST": create},
    "events/{event}/ticket-types/{ticket_type}/": {
        "GET": lambda call: call.shapes.single_ticket_type(_named(call), call.event),
        "PATCH": update,
        "DELETE": delete,
    },
}


def read_all(given: object, event: Event) -> list[Change]:
    """The `ticket_types` of a whole event: one with a known `pk` is changed, any other is new."""
    known = {kind.pk: kind for kind in event.ticket_types}

    def read_one(sent: Fields) -> Change:
        if sent.get("pk") is None:
            return _read(sent, None, event)
        pk = fields.integer("pk", sent["pk"])
        if pk not in known:
            raise fields.wrong("pk", f'Invalid pk "{pk}" - object does not exist.')
        # Of a whole event, the total is set by `amount` alone.
        rest = {name: value for name, value in sent.items() if name != "amount_total"}
        return _read(rest, known.pop(pk), event)

    return fields.read_list("ticket_types", fields.objects("ticket_types", given), read_one)


def apply_all(state: State, event: Event, changes: list[Change]) -> None:
    """Make `changes` the event's ticket types: every other one is deleted, sold or not."""
    kept = [old for old, _ in changes]
    _remove(state, event, [kind for kind in event.ticket_types if kind not in kept])
    event.ticket_types = [_apply(state, change) for change in changes]
    _sort(event)


def _apply(state: State, change: Change) -> TicketType:
    old, attributes = change
    kind = old or TicketType(state.new_uuid(), state.new_pk(), "", Decimal(0), 0)
    for name, value in attributes.items():
        setattr(kind, name, value)
    return kind


def _named(call: Call) -> TicketType:
    return found({kind.uuid: kind for kind in call.event.ticket_types}, call.path["ticket_type"])


def _sort(event: Event) -> None:
    """Those without a sort id come last, as they were."""
    event.ticket_types.sort(key=lambda kind: (kind.sort_id is None, kind.sort_id or 0))


def _remove(state: State, event: Event, gone: Collection[TicketType]) -> None:
    """Remove types with their own questions and discount codes; sold tickets stay as they are."""
    event.ticket_types = [kind for kind in event.ticket_types if kind not in gone]
    remove_questions(event, [asked for asked in event.questions if asked.ticket_type in gone])
    for code in list(state.discount_codes.values()):
        if code.ticket_type in gone:
            del state.discount_codes[code.id]


def _read(sent: Fields, old: TicketType | None, event: Event) -> Change:
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
