"""Ticket types: one of an event, creating, changing and deleting it, and all of them at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from starlette.responses import Response

from boxoffice.sandbox.api_questions import remove_questions
from boxoffice.sandbox.endpoint import NOT_FOUND, ApiError, Call, answer, done
from boxoffice.sandbox.fields import (
    Fields,
    Reader,
    boolean,
    integer,
    moment,
    money,
    objects,
    optional,
    optional_text,
    read,
    read_list,
    required,
    text,
    wrong,
)
from boxoffice.sandbox.models import Event, TicketType
from boxoffice.sandbox.state import State, hex_uuid


@dataclass(slots=True)
class Change:
    """What becomes of a ticket type; without an `old` one, a new one."""

    old: TicketType | None
    fields: Fields = field(default_factory=dict)
    """Attributes of a TicketType."""

    def apply(self, state: State) -> TicketType:
        changed = self.old or TicketType(state.new_uuid(), state.new_pk(), "", Decimal(0), 0)
        for name, value in self.fields.items():
            setattr(changed, name, value)
        return changed


def one(call: Call) -> Response:
    return answer(call.shapes.single_ticket_type(_named(call), call.event))


def create(call: Call) -> Response:
    """A new type. `title`, `price` and `amount_total` are required."""
    event = call.event
    made = _read(call.fields(), None, event).apply(call.state)
    event.ticket_types.append(made)
    _sort(event)
    call.state.notify("event.updated", event)
    return answer(call.shapes.single_ticket_type(made, event), call.shapes.created)


def update(call: Call) -> Response:
    """Changes what is sent. 400: a new price of a sold type, no more tickets than were sold."""
    event, ticket_type = call.event, _named(call)
    _read(call.fields(), ticket_type, event).apply(call.state)
    _sort(event)
    call.state.touch_type(event, ticket_type)
    call.state.notify("event.updated", event)
    return answer(call.shapes.single_ticket_type(ticket_type, event))


def delete(call: Call) -> Response:
    """400 with an explanation when tickets of the type were sold, refunded or not."""
    event, ticket_type = call.event, _named(call)
    if any(ticket.ticket_type is ticket_type for ticket in event.tickets):
        says = f"The ticket type {ticket_type.title} cannot be deleted: tickets have been sold."
        raise ApiError(400, {"detail": says})
    _remove(call.state, event, [ticket_type])
    call.state.notify("event.updated", event)
    return done()


def _named(call: Call) -> TicketType:
    uuid = hex_uuid(call.path["ticket_type"])
    found = next((kind for kind in call.event.ticket_types if kind.uuid == uuid), None)
    if found is None:
        raise ApiError(404, NOT_FOUND)
    return found


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


def read_all(given: object, event: Event) -> list[Change]:
    """The `ticket_types` of a whole event: one with a known `pk` is changed, any other is new."""
    known = {kind.pk: kind for kind in event.ticket_types}

    def read_one(fields: Fields) -> Change:
        if fields.get("pk") is None:
            return _read(fields, None, event)
        pk = integer("pk", fields["pk"])
        if pk not in known:
            raise wrong("pk", f'Invalid pk "{pk}" - object does not exist.')
        # Of a whole event, the total is set by `amount` alone.
        rest = {name: value for name, value in fields.items() if name != "amount_total"}
        return _read(rest, known.pop(pk), event)

    return read_list("ticket_types", objects("ticket_types", given), read_one)


def apply_all(state: State, event: Event, changes: list[Change]) -> None:
    """Make `changes` the event's ticket types: every other one is deleted, sold or not."""
    kept = {change.old for change in changes}
    _remove(state, event, [kind for kind in event.ticket_types if kind not in kept])
    event.ticket_types = [change.apply(state) for change in changes]
    _sort(event)


def _read(fields: Fields, old: TicketType | None, event: Event) -> Change:
    """Check what is sent against the rules of a new type, or of `old`."""
    if old is None:
        required(fields, "title", "price")
    readers: dict[str, Reader] = {
        "title": text,
        "price": money,
        "active": boolean,
        "is_members_only": boolean,
        "description": optional_text(5000),
        "start_date": optional(partial(moment, zone=event.timezone)),
        "sort_id": optional(integer),
    }
    change = read(fields, readers, {"is_members_only": "members_only", "start_date": "date"})
    if old is not None and old.amount_sold and change.get("price", old.price) != old.price:
        raise wrong("price", "The price cannot be changed: tickets have been sold.")
    total = _total(fields, old)
    return Change(old, change if total is None else change | {"amount_total": total})


def _total(fields: Fields, old: TicketType | None) -> int | None:
    """How many tickets there are of the type from now on; None: as many as before."""
    sold = old.amount_sold if old else 0
    name = "amount" if fields.get("amount") is not None else "amount_total"
    if fields.get(name) is None:
        if old is None:
            required({}, "amount_total")
        return None
    total = integer(name, fields[name]) + (sold if name == "amount" else 0)
    if old is not None and total <= sold and total != old.amount_total:
        raise wrong(name, f"Has to be more than sold: {sold} tickets have been sold.")
    return total
