"""Of the whole platform: discount codes (an event's own too), webhooks, exports."""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from starlette.responses import HTMLResponse, Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import SPREADSHEET, ApiError, Call, Handler, Paths, answer, found
from boxoffice.sandbox.faults import HOOKS
from boxoffice.sandbox.models import (
    DiscountCode,
    Event,
    Mail,
    Order,
    TicketType,
    Webhook,
    words,
)
from boxoffice.sandbox.shapes_orders import NEWSLETTER_COLUMNS
from boxoffice.sandbox.state import hex_uuid

ACCOUNTING = "accounting@havnensvenner.example"
"""Who gets accounting e-mails where nobody else is named."""

ACTIONS = words(
    "all event.all event.added event.updated event.removed purchase.all purchase.cancelled"
    " purchase.newsletter purchase.paid purchase.refunded ticket.checkin ticket.paid ticket.refund"
    " ticket.updated"
)
"""Every action of the document's table; its list has the first eleven."""
PAGE = 20
"""Codes on a page of the live service."""
_TYPE = re.compile(r"[A-Z_]{1,32}")
_GONE = {"detail": "The discount code was not found or already used."}
_CENT = Decimal("0.01")
_ORDERS: Mapping[str, Callable[[Order], object]] = {
    "Order ID": lambda order: order.order_id,
    "Order date": lambda order: order.created.astimezone(order.event.timezone).isoformat(
        timespec="seconds"
    ),
    "Status": lambda order: "REFUNDED" if order.refunded else order.state,
    "Ticket amount": lambda order: order.total,
    "Total order size": lambda order: order.total,
    "Hereof moms/VAT on ticket amount": lambda order: (order.total / 5).quantize(_CENT),
    "Ticket fee substracted the payout": lambda order: order.total,
    "Hereof moms/VAT of ticket fee substracted": lambda order: (order.total / 5).quantize(_CENT),
    "Event name": lambda order: order.event.title,
    "Event ID": lambda order: order.event.uuid,
    "Number of tickets": lambda order: len(order.tickets),
    "Business name": lambda order: order.address.get("business_name", ""),
}
ORDER_COLUMNS = tuple(_ORDERS)


def newsletters(call: Call) -> object:
    """Everybody who signed up, once, as JSON or a spreadsheet; the live service mails the latter.

    406 for any other `format`.
    """
    kind = call.query.get("format", "json")
    if kind not in ("json", "xlsx"):
        raise ApiError(406, {"detail": "Could not satisfy the request: not a known format."})
    first: dict[str, Order] = {}
    for order in call.state.orders.values():
        if order.newsletter:
            known = first.setdefault(order.address["email"], order)
            if order.created < known.created:
                first[order.address["email"]] = order
    rows = [call.shapes.signup(order) for order in first.values()]
    if kind == "json":
        return [dict(zip(NEWSLETTER_COLUMNS, row, strict=True)) for row in rows]
    if call.shapes.live:
        about = (ACCOUNTING, "Newsletter data", "newsletters.xlsx")
        call.state.outbox.append(Mail(call.state.now(), *about, NEWSLETTER_COLUMNS, tuple(rows)))
        return HTMLResponse(f"Email with newsletter data will be sent to <b>{ACCOUNTING}</b>")
    return Response(
        workbook(NEWSLETTER_COLUMNS, rows),
        media_type=SPREADSHEET,
        headers={"content-disposition": 'attachment; filename="newsletters.xlsx"'},
    )


def orders(call: Call) -> object:
    """Mails the orders of a month, this one unless told; only the live service says so."""
    now = call.state.now().astimezone(COPENHAGEN)
    year = fields.integer("year", call.query.get("year", now.year), low=2000, high=2999)
    month = fields.integer("month", call.query.get("month", now.month), low=1, high=12)
    to = call.query.get("email", ACCOUNTING).strip()
    if not fields.is_email(to) or len(to) > 254:
        raise fields.wrong("email", "Enter a valid email address.")
    rows = []
    for order in call.state.orders.values():
        placed = order.created.astimezone(COPENHAGEN)
        if (placed.year, placed.month) == (year, month):
            rows.append(tuple(cell(order) for cell in _ORDERS.values()))
    about = (to, f"Orders of {year}-{month:02}", f"orders-{year}-{month:02}.xlsx")
    call.state.outbox.append(Mail(call.state.now(), *about, ORDER_COLUMNS, tuple(rows)))
    if call.shapes.live:
        return {"detail": f"Email with order data will be sent to {to}"}
    return {}


def workbook(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """An Excel file of one sheet: `columns` come first; texts are never taken for formulas."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - seldom asked for, and slow to import

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(line, column, float(value))
                else:
                    sheet.write_string(line, column, str(value))
    return out.getvalue()


def save_hook(call: Call) -> object:
    """A new webhook, with its `url` and `action`, or changes to the one that the path names."""
    old = _hook(call) if "hook" in call.path else None
    sent, now = call.fields(), call.state.now().astimezone(COPENHAGEN)
    if old is None:
        fields.required(sent, "url", "action")
    readers: dict[str, fields.Reader] = {
        "url": fields.web_address,
        "action": partial(fields.choice, choices=ACTIONS),
        "active": fields.boolean,
    }
    change = fields.read(sent, readers)
    hook = old or Webhook(call.state.new_uuid(), "", "", now, now)
    fields.assign(hook, change | {"updated": now})
    call.state.webhooks[hook.uuid] = hook
    row = call.shapes.webhook(hook)
    return row if old else call.created(row)


def delete_hook(call: Call) -> Response:
    """Deleted for good: 202, and what has not been delivered yet never is."""
    del call.state.webhooks[_hook(call).uuid]
    return answer({"detail": "Webhook deleted"}, 202)


def _hook(call: Call) -> Webhook:
    return found(call.state.webhooks, call.path["hook"])


def list_codes(call: Call) -> object:
    """The newest first, all of them."""
    return [call.shapes.discount_code(code) for code in _codes(call)]


def page_of_codes(call: Call) -> object:
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


def create_codes(call: Call) -> Response:
    """All codes that are sent, or none. The same code may be there twice.

    The live service takes one that is not in a list too, and answers one by itself.
    """
    live, event = call.shapes.live, _event(call)
    sent = [call.data] if live and isinstance(call.data, dict) else call.data
    made = fields.read_list("", sent, lambda one: _read_code(call, one, event), most=10_000)
    for code in made:
        code.id = call.state.new_pk()
        call.state.discount_codes[code.id] = code
    rows = [call.shapes.discount_code(code) for code in made]
    return call.created(rows[0] if live and len(rows) == 1 else rows)


def toggle_code(call: Call) -> object:
    code = _code(call)
    code.active = not code.active
    return call.shapes.discount_code(code)


def delete_code(call: Call) -> None:
    """404 for a code that was used, as for one that is not there."""
    code = _code(call)
    if code.amount_times_applied:
        raise ApiError(404, _GONE)
    del call.state.discount_codes[code.id]


def _event(call: Call) -> Event | None:
    return call.event if "event" in call.path else None


def _codes(call: Call) -> list[DiscountCode]:
    event = _event(call)
    return [code for code in call.state.discount_codes.values() if code.event is event][::-1]


def _code(call: Call) -> DiscountCode:
    event, number = _event(call), call.path["code"]
    readable = number.isascii() and number.isdigit() and len(number) < 19
    code = call.state.discount_codes.get(int(number)) if readable else None
    if code is None or code.event is not event:
        raise ApiError(404, _GONE)
    return code


def _read_code(call: Call, sent: fields.Fields, event: Event | None) -> DiscountCode:
    fields.required(sent, "amount", "code", "usage_tickets_limit")
    at = fields.optional(partial(fields.moment, zone=event.timezone if event else COPENHAGEN))
    readers: dict[str, fields.Reader] = {
        "amount": _amount,
        "code": partial(fields.text, limit=100),
        "usage_tickets_limit": partial(fields.integer, low=1),
        "discount_type": _type,
        "ticket_type_uuid": fields.optional(partial(_ticket_type, call=call, event=event)),
        "start_date": at,
        "end_date": at,
        "usage_limit_per_event": fields.optional(fields.integer),
        "group_name": fields.optional_text(),
    }
    given = fields.read(sent, readers, {"ticket_type_uuid": "ticket_type"})
    usual: fields.Fields = {"id": 0, "discount_type": "PER_TICKET", "event": event}
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


def paths(*, live: bool) -> Paths:
    """The paths by dialect: the live service lists codes in the plural only (405 in the singular).

    The document's samples leave `events/` out.
    """
    codes: dict[str, Mapping[str, Handler]] = {
        "discount-code/": {"GET": list_codes, "POST": create_codes},
        "discount-code/{code}/": {"POST": toggle_code, "DELETE": delete_code},
    }
    if live:
        codes |= {
            "discount-code/": {"POST": create_codes},
            "discount-codes/": {"GET": page_of_codes},
        }
    places = ("", "events/{event}/") if live else ("", "events/{event}/", "{event}/")
    own = {place + path: handlers for path, handlers in codes.items() for place in places}
    return {**own, **PATHS}


PATHS: Paths = {
    "whitelabel/newsletters/": {"GET": newsletters},
    "whitelabel/orders/": {"GET": orders},
    # 200 with a key that may use webhooks; the document does not say what else.
    HOOKS: {"GET": lambda call: {"detail": "OK"} if call.shapes.live else None},
    f"{HOOKS}actions/": {"GET": lambda call: ACTIONS if call.shapes.live else ACTIONS[:11]},
    f"{HOOKS}whitelabel/hooks/": {
        "GET": lambda call: [call.shapes.webhook(hook) for hook in call.state.webhooks.values()],
        "POST": save_hook,
    },
    f"{HOOKS}whitelabel/hooks/{{hook}}/": {
        "GET": lambda call: call.shapes.webhook(_hook(call)),
        "PATCH": save_hook,
        "DELETE": delete_hook,
    },
}
