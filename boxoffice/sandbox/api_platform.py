"""Of the whole platform: webhooks (`/webhooks/v1/`), newsletter signups, the orders of a month."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from starlette.responses import HTMLResponse, Response

from boxoffice.sandbox.api_door import SPREADSHEET
from boxoffice.sandbox.data import COPENHAGEN
from boxoffice.sandbox.endpoint import ApiError, Call, Paths, answer, found
from boxoffice.sandbox.faults import HOOKS
from boxoffice.sandbox.fields import (
    Reader,
    assign,
    boolean,
    choice,
    integer,
    is_email,
    read,
    required,
    web_address,
    wrong,
)
from boxoffice.sandbox.models import Mail, Order, Webhook, words
from boxoffice.sandbox.shapes_orders import NEWSLETTER_COLUMNS

ACCOUNTING = "accounting@havnensvenner.example"
"""Who gets accounting e-mails where nobody else is named."""

ORDER_COLUMNS = (
    "Order ID",
    "Order date",
    "Status",
    "Ticket amount",
    "Total order size",
    "Hereof moms/VAT on ticket amount",
    "Ticket fee substracted the payout",
    "Hereof moms/VAT of ticket fee substracted",
    "Event name",
    "Event ID",
    "Number of tickets",
    "Business name",
)
ACTIONS = words(
    "all event.all event.added event.updated event.removed purchase.all purchase.cancelled"
    " purchase.newsletter purchase.paid purchase.refunded ticket.checkin ticket.paid ticket.refund"
    " ticket.updated"
)
"""Every action of the document's table; its list has the first eleven."""
_CENT = Decimal("0.01")


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
        _mail(call, ACCOUNTING, "Newsletter data", "newsletters.xlsx", NEWSLETTER_COLUMNS, rows)
        return HTMLResponse(f"Email with newsletter data will be sent to <b>{ACCOUNTING}</b>")
    return Response(
        workbook(NEWSLETTER_COLUMNS, rows),
        media_type=SPREADSHEET,
        headers={"content-disposition": 'attachment; filename="newsletters.xlsx"'},
    )


def orders(call: Call) -> object:
    """Mails the orders of a month, this one unless told; only the live service says so."""
    now = call.state.now().astimezone(COPENHAGEN)
    year = integer("year", call.query.get("year", now.year), low=2000, high=2999)
    month = integer("month", call.query.get("month", now.month), low=1, high=12)
    to = call.query.get("email", ACCOUNTING).strip()
    if not is_email(to) or len(to) > 254:
        raise wrong("email", "Enter a valid email address.")
    rows = []
    for order in call.state.orders.values():
        placed = order.created.astimezone(COPENHAGEN)
        if (placed.year, placed.month) == (year, month):
            rows.append(_row(order))
    name = f"orders-{year}-{month:02}"
    _mail(call, to, f"Orders of {year}-{month:02}", f"{name}.xlsx", ORDER_COLUMNS, rows)
    if call.shapes.live:
        return {"detail": f"Email with order data will be sent to {to}"}
    return {}


def _row(order: Order) -> tuple[object, ...]:
    total = order.total
    vat = (total / 5).quantize(_CENT)
    status = "REFUNDED" if order.refunded else order.state
    return (
        order.order_id,
        order.created.astimezone(order.event.timezone).isoformat(timespec="seconds"),
        status,
        total,
        total,
        vat,
        total,
        vat,
        order.event.title,
        order.event.uuid,
        len(order.tickets),
        order.address.get("business_name", ""),
    )


def _mail(
    call: Call,
    to: str,
    subject: str,
    filename: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
) -> None:
    mail = Mail(call.state.now(), to, subject, filename, columns, tuple(rows))
    call.state.outbox.append(mail)


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


def create_hook(call: Call) -> Response:
    """A new webhook. `url` and `action` are required."""
    required(call.fields(), "url", "action")
    now = call.state.now().astimezone(COPENHAGEN)
    hook = _changed(call, Webhook("", "", "", now, now))
    hook.uuid = call.state.new_uuid()
    call.state.webhooks[hook.uuid] = hook
    return call.created(call.shapes.webhook(hook))


def update_hook(call: Call) -> object:
    hook = _changed(call, _hook(call))
    hook.updated = call.state.now().astimezone(COPENHAGEN)
    return call.shapes.webhook(hook)


def delete_hook(call: Call) -> Response:
    """Deleted for good: 202, and what has not been delivered yet never is."""
    del call.state.webhooks[_hook(call).uuid]
    return answer({"detail": "Webhook deleted"}, 202)


def _hook(call: Call) -> Webhook:
    return found(call.state.webhooks, call.path["hook"])


def _changed(call: Call, hook: Webhook) -> Webhook:
    action = partial(choice, choices=ACTIONS)
    readers: dict[str, Reader] = {"url": web_address, "action": action, "active": boolean}
    assign(hook, read(call.fields(), readers))
    return hook


PATHS: Paths = {
    "whitelabel/newsletters/": {"GET": newsletters},
    "whitelabel/orders/": {"GET": orders},
    # 200 with a key that may use webhooks; the document does not say what else.
    HOOKS: {"GET": lambda call: {"detail": "OK"} if call.shapes.live else None},
    f"{HOOKS}actions/": {"GET": lambda call: ACTIONS if call.shapes.live else ACTIONS[:11]},
    f"{HOOKS}whitelabel/hooks/": {
        "GET": lambda call: [call.shapes.webhook(hook) for hook in call.state.webhooks.values()],
        "POST": create_hook,
    },
    f"{HOOKS}whitelabel/hooks/{{hook}}/": {
        "GET": lambda call: call.shapes.webhook(_hook(call)),
        "PATCH": update_hook,
        "DELETE": delete_hook,
    },
}
