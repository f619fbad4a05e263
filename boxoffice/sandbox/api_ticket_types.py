"""Ticket types: one of an event, creating, changing and deleting it, and all of them at once."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from boxoffice.sandbox import organising
from boxoffice.sandbox.api import (
    NOT_FOUND,
    ApiError,
    Call,
    answer,
    boolean,
    done,
    optional_text,
    text_field,
    wrong,
)
from boxoffice.sandbox.models import Event, TicketType
from boxoffice.sandbox.reading import integer, moment, money, objects, read_each, required
from boxoffice.sandbox.state import State, hex_uuid


@dataclass(slots=True)
class Change:
    """What becomes of a ticket type; without an `old` one, a new one."""

    old: TicketType | None
    fields: dict[str, Any] = field(default_factory=dict)
    """Attributes of a TicketType."""

    def apply(self, state: State) -> TicketType:
        made = self.old or TicketType(state.new_uuid(), state.new_pk(), "", Decimal(0), 0)
        for name, value in self.fields.items():
            setattr(made, name, value)
        return made


def one(call: Call) -> Response:
    return answer(call.shapes.single_ticket_type(_named(call), call.event))


def create(call: Call) -> Response:
    """A new type. `title`, `price` and `amount_total` are required."""
    event = call.event
    made = read_change(call.fields(), None, event).apply(call.state)
    event.ticket_types.append(made)
    organising.sort_types(event)
    call.state.tell("event.updated", event)
    return answer(call.shapes.single_ticket_type(made, event), call.shapes.created)


def update(call: Call) -> Response:
    """Changes what is sent. 400: a new price of a sold type, no more tickets than were sold."""
    event, ticket_type = call.event, _named(call)
    read_change(call.fields(), ticket_type, event).apply(call.state)
    organising.sort_types(event)
    organising.touch_tickets(call.state, event, ticket_type)
    call.state.tell("event.updated", event)
    return answer(call.shapes.single_ticket_type(ticket_type, event))


def delete(call: Call) -> Response:
    """400 with an explanation when tickets of the type were sold."""
    event, ticket_type = call.event, _named(call)
    if organising.was_sold(event, ticket_type):
        says = f"The ticket type {ticket_type.title} cannot be deleted: tickets have been sold."
        raise ApiError(400, {"detail": says})
    organising.remove_types(call.state, event, [ticket_type])
    call.state.tell("event.updated", event)
    return done()


def _named(call: Call) -> TicketType:
    uuid = hex_uuid(call.path["ticket_type"])
    found = next((each for each in call.event.ticket_types if each.uuid == uuid), None)
    if found is None:
        raise ApiError(404, NOT_FOUND)
    return found


def read_all(given: object, event: Event) -> list[Change]:
    """The `ticket_types` of a whole event: one with a known `pk` is changed, any other is new."""
    known = {each.pk: each for each in event.ticket_types}
    seen: set[int] = set()

    def read(fields: dict[str, Any]) -> Change:
        if fields.get("pk") is None:
            return read_change(fields, None, event)
        pk = integer("pk", fields["pk"])
        if pk not in known or pk in seen:
            raise wrong("pk", f'Invalid pk "{pk}" - object does not exist.')
        seen.add(pk)
        # Of a whole event, the total is set by `amount` alone.
        rest = {name: value for name, value in fields.items() if name != "amount_total"}
        return read_change(rest, known[pk], event)

    return read_each("ticket_types", objects("ticket_types", given), read)


def apply_all(state: State, event: Event, changes: list[Change]) -> None:
    """Make `changes` the event's ticket types: every other one is deleted, sold or not."""
    kept = {each.old for each in changes}
    organising.remove_types(state, event, [e for e in event.ticket_types if e not in kept])
    event.ticket_types = [each.apply(state) for each in changes]
    organising.sort_types(event)


def read_change(fields: dict[str, Any], old: TicketType | None, event: Event) -> Change:
    """Check what is sent against the rules of a new type, or of `old`."""
    if old is None:
        required(fields, "title", "price")
    change: dict[str, Any] = {}
    if "title" in fields:
        change["title"] = text_field("title", fields["title"])
    if "price" in fields:
        change["price"] = price = money("price", fields["price"])
        if old is not None and old.amount_sold and price != old.price:
            raise wrong("price", "The price cannot be changed: tickets have been sold.")
    for name, attribute in (("active", "active"), ("is_members_only", "members_only")):
        if name in fields:
            change[attribute] = boolean(name, fields[name])
    if "description" in fields:
        change["description"] = optional_text("description", fields["description"], 5000)
    if "start_date" in fields:
        date = fields["start_date"]
        change["date"] = None if date is None else moment("start_date", date, event.timezone)
    if "sort_id" in fields:
        sort_id = fields["sort_id"]
        change["sort_id"] = None if sort_id is None else integer("sort_id", sort_id)
    total = _total(fields, old)
    if total is not None:
        change["amount_total"] = total
    return Change(old, change)


def _total(fields: dict[str, Any], old: TicketType | None) -> int | None:
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
