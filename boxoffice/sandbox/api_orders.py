"""Orders: placing, reading, changing the address, refunding, the buyer's answers, the PDF."""

from typing import Any

from starlette.responses import Response

from boxoffice.sandbox.endpoint import NO_PERMISSION, ApiError, Call
from boxoffice.sandbox.fields import is_email, optional_text, read
from boxoffice.sandbox.models import ADDRESS_FIELDS, REFUND, Event, Order, TicketType
from boxoffice.sandbox.state import RefusedError, hex_uuid

_NEEDED = ("first_name", "last_name", "email")


def create(call: Call) -> Response:
    """A paid order. 400: too few tickets or vouchers, event expired, details insufficient."""
    fields = call.fields()
    missing = [name for name in ("event", "address", "ticket_types") if not fields.get(name)]
    if missing:
        raise _insufficient(**{name: ["This field is required."] for name in missing})
    event = call.state.events.get(hex_uuid(fields["event"]) or "")
    if event is None or event.deleted:
        raise _insufficient(event=["Event does not exist."])
    if event.expired(call.state.now()):
        raise ApiError(400, {"detail": "Event expired"})
    given = _address(fields["address"])
    lacking = [name for name in _NEEDED if not given.get(name)]
    if lacking:
        raise _insufficient(address={name: ["This field is required."] for name in lacking})
    amounts = _amounts(event, fields["ticket_types"])
    _check_sales(call, event, amounts)
    external = optional_text()("external_order_id", fields.get("external_order_id"))
    try:
        order = call.state.sell(event, given, amounts, external)
    except RefusedError as error:
        raise ApiError(400, {"detail": str(error)}) from error
    return call.created(call.shapes.created_order(order))


def _insufficient(**fields: object) -> ApiError:
    return ApiError(400, {"detail": "Order details insufficient", **fields})


def _address(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _insufficient(address=["Invalid data. Expected a dictionary."])
    address: dict[str, str] = read(
        {name: value for name, value in given.items() if value is not None},
        dict.fromkeys(ADDRESS_FIELDS, optional_text()),
    )
    if address.get("email") and not is_email(address["email"]):
        raise _insufficient(address={"email": ["Enter a valid email address."]})
    return address


def _amounts(event: Event, given: Any) -> list[tuple[TicketType, int]]:
    if not isinstance(given, list):
        raise _insufficient(ticket_types=["Expected a list of items."])
    types = {kind.uuid: kind for kind in event.ticket_types}
    amounts: list[tuple[TicketType, int]] = []
    for row in given:
        wanted = row if isinstance(row, dict) else {}
        ticket_type = types.get(hex_uuid(wanted.get("uuid")) or "")
        amount = wanted.get("amount")
        if ticket_type is None:
            raise _insufficient(ticket_types=["Ticket type does not exist."])
        if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
            raise _insufficient(ticket_types=["A valid amount is required."])
        amounts.append((ticket_type, amount))
    return amounts


def _check_sales(call: Call, event: Event, amounts: list[tuple[TicketType, int]]) -> None:
    now = call.state.now()
    for ticket_type, _ in amounts:
        if not ticket_type.on_sale(now):
            raise _insufficient(ticket_types=[f"{ticket_type.title} is not on sale."])
    if event.ticket_limit and sum(amount for _, amount in amounts) > event.ticket_limit:
        raise _insufficient(ticket_types=[f"Select at most {event.ticket_limit} tickets."])


def update(call: Call) -> object:
    """Changes the fields of the address that are sent."""
    order = call.order
    order.address.update(_address(call.fields().get("address") or {}))
    return call.shapes.purchase(order)


def refund(call: Call) -> object:
    order = call.order
    if not call.state.may_refund:
        raise ApiError(401, NO_PERMISSION, WWW_Authenticate="Token")
    if order.state == REFUND:
        raise ApiError(400, {"detail": "The order has already been refunded."})
    before = call.shapes.purchase(order)
    call.state.refund(order)
    return call.shapes.refunded(order, before)


def tickets_as_pdf(call: Call) -> Response:
    return Response(tickets_pdf(call.order), media_type="application/pdf")


def tickets_pdf(order: Order) -> bytes:
    """The site's own PDF: plain, with each ticket's uuid as text on a page of its own."""
    from fpdf import FPDF  # noqa: PLC0415 - seldom asked for, and slow to import

    pdf = FPDF()
    pdf.set_compression(compress=False)
    pdf.set_creation_date(order.created)
    pdf.set_font("Helvetica", size=16)
    for ticket in order.tickets:
        pdf.add_page()
        names = (ticket.event.title, ticket.full_name, ticket.ticket_type.title, ticket.uuid)
        for line in names:
            # A letter that the font lacks is a question mark.
            visible = "".join(letter if letter.isprintable() else "?" for letter in line)
            pdf.cell(text=visible.encode("latin-1", "replace").decode("latin-1"))
            pdf.ln(9)
    return bytes(pdf.output())
