"""Discount codes: of one event, where the path names one, or of the whole platform."""

import re
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from boxoffice.sandbox.api import ApiError, Call, answer, done, numbered, text_field, wrong
from boxoffice.sandbox.models import Event, TicketType
from boxoffice.sandbox.models_organiser import DiscountCode
from boxoffice.sandbox.reading import integer, money, objects, read_each, required
from boxoffice.sandbox.state import hex_uuid

_TYPE = re.compile(r"[A-Z_]{1,32}")
_GONE = {"detail": "The discount code was not found or already used."}


def listed(call: Call) -> Response:
    """The newest first."""
    event = _event(call)
    codes = [each for each in call.state.discount_codes.values() if each.event is event]
    return answer([call.shapes.discount_code(each) for each in reversed(codes)])


def create(call: Call) -> Response:
    """All codes that are sent, or none. The same code may be there twice."""
    event = _event(call)

    def read(fields: dict[str, Any]) -> DiscountCode:
        return _read(call, fields, event)

    made = read_each("", objects("non_field_errors", call.data, 10_000), read)
    codes = call.state.discount_codes
    for each in made:
        each.id = call.state.new_pk()
        codes[each.id] = each
    return answer([call.shapes.discount_code(each) for each in made], call.shapes.created)


def toggle(call: Call) -> Response:
    code = _named(call)
    code.active = not code.active
    return answer(call.shapes.discount_code(code))


def delete(call: Call) -> Response:
    """404 for a code that was used, as for one that is not there."""
    code = _named(call)
    if code.amount_times_applied:
        raise ApiError(404, _GONE)
    del call.state.discount_codes[code.id]
    return done()


def _event(call: Call) -> Event | None:
    return call.event if "event" in call.path else None


def _named(call: Call) -> DiscountCode:
    event = _event(call)
    code = numbered(call.state.discount_codes, call.path["code"])
    if code is None or code.event is not event:
        raise ApiError(404, _GONE)
    return code


def _read(call: Call, fields: dict[str, Any], event: Event | None) -> DiscountCode:
    required(fields, "amount", "code", "usage_tickets_limit")
    kind = fields.get("discount_type", "PER_TICKET")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise wrong("discount_type", "Not a valid choice.")
    tied = fields.get("ticket_type_uuid")
    return DiscountCode(
        id=0,
        code=text_field("code", fields["code"], limit=100),
        amount=_amount(fields["amount"]),
        discount_type=kind,
        usage_tickets_limit=integer("usage_tickets_limit", fields["usage_tickets_limit"], low=1),
        event=event,
        ticket_type=None if tied is None else _ticket_type(call, tied, event),
    )


def _amount(given: object) -> Decimal:
    amount = money("amount", given)
    if not amount:
        raise wrong("amount", "Ensure this value is greater than 0.")
    return amount


def _ticket_type(call: Call, given: object, event: Event | None) -> TicketType:
    uuid = hex_uuid(given)
    events = [event] if event else call.state.events.values()
    for each in events:
        for ticket_type in each.ticket_types:
            if ticket_type.uuid == uuid:
                return ticket_type
    raise wrong("ticket_type_uuid", "The ticket type does not exist.")
