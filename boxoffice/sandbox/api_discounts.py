"""Discount codes: of one event, where the path names one, or of the whole platform."""

import re
from decimal import Decimal
from functools import partial

from starlette.responses import Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import ApiError, Call, Paths
from boxoffice.sandbox.fields import Fields, Reader, optional
from boxoffice.sandbox.models import DiscountCode, Event, TicketType
from boxoffice.sandbox.state import hex_uuid

PAGE = 20
"""Codes on a page of the live service."""
_TYPE = re.compile(r"[A-Z_]{1,32}")
_GONE = {"detail": "The discount code was not found or already used."}


def listed(call: Call) -> object:
    """The newest first, all of them."""
    return [call.shapes.discount_code(code) for code in _codes(call)]


def page(call: Call) -> object:
    """The newest first, a page of them. 404: there is no such page."""
    codes = _codes(call)
    last = max(1, -(-len(codes) // PAGE))
    number = call.query.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number[:9]) <= last:
        raise ApiError(404, {"detail": "Invalid page."})
    at = int(number)

    def link(other: int) -> str | None:
        url = f"{call.shapes.origin}{call.request.url.path}?page={other}"
        return url if 1 <= other <= last else None

    rows = [call.shapes.discount_code(code) for code in codes[(at - 1) * PAGE : at * PAGE]]
    pages = {"count": len(codes), "next": link(at + 1), "previous": link(at - 1)}
    return pages | {"results": rows}


def create(call: Call) -> Response:
    """All codes that are sent, or none. The same code may be there twice.

    The live service takes one that is not in a list too, and answers one by itself.
    """
    live, event = call.shapes.live, _event(call)
    sent = [call.data] if live and isinstance(call.data, dict) else call.data
    made = fields.read_list("", sent, lambda one: _read(call, one, event), most=10_000)
    for code in made:
        code.id = call.state.new_pk()
        call.state.discount_codes[code.id] = code
    rows = [call.shapes.discount_code(code) for code in made]
    return call.created(rows[0] if live and len(rows) == 1 else rows)


def toggle(call: Call) -> object:
    code = _named(call)
    code.active = not code.active
    return call.shapes.discount_code(code)


def delete(call: Call) -> None:
    """404 for a code that was used, as for one that is not there."""
    code = _named(call)
    if code.amount_times_applied:
        raise ApiError(404, _GONE)
    del call.state.discount_codes[code.id]


def paths(*, live: bool) -> Paths:
    """The live service lists codes in the plural only (405 in the singular).

    The document's samples leave `events/` out.
    """
    own: Paths = {
        "discount-code/": {"POST": create} if live else {"GET": listed, "POST": create},
        "discount-code/{code}/": {"POST": toggle, "DELETE": delete},
    }
    if live:
        own = {**own, "discount-codes/": {"GET": page}}
    places = ("", "events/{event}/") if live else ("", "events/{event}/", "{event}/")
    return {place + path: handlers for path, handlers in own.items() for place in places}


def _event(call: Call) -> Event | None:
    return call.event if "event" in call.path else None


def _codes(call: Call) -> list[DiscountCode]:
    event = _event(call)
    return [code for code in call.state.discount_codes.values() if code.event is event][::-1]


def _named(call: Call) -> DiscountCode:
    event, number = _event(call), call.path["code"]
    readable = number.isascii() and number.isdigit() and len(number) < 19
    code = call.state.discount_codes.get(int(number)) if readable else None
    if code is None or code.event is not event:
        raise ApiError(404, _GONE)
    return code


def _read(call: Call, sent: Fields, event: Event | None) -> DiscountCode:
    fields.required(sent, "amount", "code", "usage_tickets_limit")
    at = optional(partial(fields.moment, zone=event.timezone if event else COPENHAGEN))
    readers: dict[str, Reader] = {
        "amount": _amount,
        "code": partial(fields.text, limit=100),
        "usage_tickets_limit": partial(fields.integer, low=1),
        "discount_type": _type,
        "ticket_type_uuid": optional(partial(_ticket_type, call=call, event=event)),
        "start_date": at,
        "end_date": at,
        "usage_limit_per_event": optional(fields.integer),
        "group_name": fields.optional_text(),
    }
    given = fields.read(sent, readers, {"ticket_type_uuid": "ticket_type"})
    usual: Fields = {"id": 0, "discount_type": "PER_TICKET", "event": event}
    return DiscountCode(**usual | given)


def _type(name: str, given: object) -> str:
    if not isinstance(given, str) or not _TYPE.fullmatch(given):
        raise fields.wrong(name, "Not a valid choice.")
    return given


def _amount(name: str, given: object) -> Decimal:
    amount = fields.money(name, given)
    if not amount:
        raise fields.wrong(name, "Ensure this value is greater than 0.")
    return amount


def _ticket_type(name: str, given: object, call: Call, event: Event | None) -> TicketType:
    uuid = hex_uuid(given)
    for where in [event] if event else call.state.events.values():
        for kind in where.ticket_types:
            if kind.uuid == uuid:
                return kind
    raise fields.wrong(name, "The ticket type does not exist.")
