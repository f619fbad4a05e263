"""What a door asks: events, tickets, questions with their answers, orders and their PDFs."""

import re
from typing import Any

from starlette.responses import Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.endpoint import JSON, NO_PERMISSION, ApiError, Call, Paths
from boxoffice.sandbox.faults import PAPER
from boxoffice.sandbox.models import (
    ADDRESS_FIELDS,
    REFUND,
    Choice,
    Event,
    Order,
    Question,
    Ticket,
    TicketType,
)
from boxoffice.sandbox.state import RefusedError, hex_uuid

_NEEDED = ("first_name", "last_name", "email")
"""Of the address of an order."""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_READERS: dict[str, fields.Reader] = {
    "full_name": fields.text,
    "checked_in": fields.boolean,
    "external_uuid": fields.optional_text(),
    "lead_tracking_reference": fields.optional_text(),
}


def events(call: Call) -> object:
    now = call.state.now()
    old = call.query.get("old", "false").lower() in ("true", "1")
    listed = [event for event in call.state.events.values() if not event.deleted]
    return [call.shapes.event_row(event) for event in listed if old or not event.expired(now)]


def event(call: Call) -> object:
    """The live service still answers with a deleted event, marked as such."""
    return call.shapes.event(call.any_event if call.shapes.live else call.event)


def update_ticket(call: Call) -> object:
    """Changes what the body names. A ticket that is in or refunded is checked in all the same."""
    call.state.update_ticket(call.ticket, **fields.read(call.fields(), _READERS))
    return call.shapes.ticket(call.ticket)


def _asked(call: Call) -> Ticket | Order:
    return call.ticket if "ticket" in call.path else call.order


def answers(call: Call) -> object:
    return call.shapes.answers(_asked(call))


def store_answers(call: Call) -> Response:
    """Store the body's answers of a ticket or a buyer; a 400 for one of them stores nothing."""
    answered = _asked(call)
    if not isinstance(call.data, list):
        kind = type(call.data).__name__
        raise fields.wrong("non_field_errors", f'Expected a list of items but got type "{kind}".')
    asked = {question.uuid: question for question in call.state.questions_of(answered)}
    for question, value, choices in [_read_answer(given, asked) for given in call.data]:
        call.state.answer(answered, question, value, choices)
    return call.created(call.shapes.answers(answered))


def _read_answer(given: object, asked: dict[str, Question]) -> tuple[Question, str, list[Choice]]:
    if not isinstance(given, dict):
        raise fields.wrong("non_field_errors", "Expected an object with uuid and value.")
    fields.required(given, "uuid", "value")
    uuid = hex_uuid(given["uuid"])
    if uuid is None:
        raise fields.wrong("uuid", "Must be a valid UUID.")
    if uuid not in asked:
        raise ApiError(400, {"detail": f"Question {uuid} does not belong here."})
    question = asked[uuid]
    if question.variation in ("SELECT", "SELECT_MULTIPLE"):
        return question, "", _choices(question, given["value"])
    return question, _text(question, given["value"]), []


def _choices(question: Question, value: object) -> list[Choice]:
    wanted = [value] if question.variation == "SELECT" else value
    if not isinstance(wanted, list):
        raise fields.wrong("value", "Expected a list of choices.")
    if not wanted and question.required:
        raise fields.wrong("value", f'"{question.heading}" is required.')
    known = {choice.uuid: choice for choice in question.choices}
    taken: dict[str, Choice] = {}
    for chosen in wanted:
        uuid = hex_uuid(chosen)
        if uuid is None:
            raise fields.wrong("value", f'"{chosen}" is not a valid UUID.')
        if uuid not in known:
            raise fields.wrong("value", f"Choice {uuid} does not exist.")
        taken[uuid] = known[uuid]
    return list(taken.values())


def _text(question: Question, given: object) -> str:
    value = fields.text("value", given, limit=10_000, blank=not question.required)
    if value and question.variation == "NUMBER" and not _NUMBER.fullmatch(value):
        raise fields.wrong("value", "A valid number is required.")
    return fields.email("value", value) if question.variation == "EMAIL" else value


def create_order(call: Call) -> Response:
    """A paid order. 400: too few tickets or vouchers, event expired, details insufficient."""
    sent = call.fields()
    missing = [name for name in ("event", "address", "ticket_types") if not sent.get(name)]
    if missing:
        raise _insufficient(**{name: ["This field is required."] for name in missing})
    event = call.state.events.get(hex_uuid(sent["event"]) or "")
    if event is None or event.deleted:
        raise _insufficient(event=["Event does not exist."])
    if event.expired(call.state.now()):
        raise ApiError(400, {"detail": "Event expired"})
    given = _address(sent["address"])
    lacking = [name for name in _NEEDED if not given.get(name)]
    if lacking:
        raise _insufficient(address={name: ["This field is required."] for name in lacking})
    amounts = _amounts(event, sent["ticket_types"])
    _check_sales(call, event, amounts)
    external = fields.optional_text()("external_order_id", sent.get("external_order_id"))
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
    address: dict[str, str] = fields.read(
        {name: value for name, value in given.items() if value is not None},
        dict.fromkeys(ADDRESS_FIELDS, fields.optional_text()),
    )
    if address.get("email") and not fields.is_email(address["email"]):
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


def update_order(call: Call) -> object:
    """Changes the fields of the address that are sent."""
    order = call.order
    order.address.update(_address(call.fields().get("address") or {}))
    return call.shapes.purchase(order)


def refund_order(call: Call) -> object:
    order = call.order
    if not call.state.may_refund:
        raise ApiError(401, NO_PERMISSION, WWW_Authenticate="Token")
    if order.state == REFUND:
        raise ApiError(400, {"detail": "The order has already been refunded."})
    before = call.shapes.purchase(order)
    call.state.refund(order)
    return call.shapes.refunded(order, before)


def tickets_pdf(order: Order) -> bytes:
    """The site's own PDF: plain, with each ticket's uuid as text on a page of its own."""
    from fpdf import FPDF  # noqa: PLC0415 - seldom asked for, and slow to import

    pdf = FPDF()
    pdf.set_compression(compress=False)
    pdf.set_creation_date(order.created)
    pdf.set_font("Helvetica", size=16)
    for ticket in order.tickets:
        pdf.add_page()
        for line in (ticket.event.title, ticket.full_name, ticket.ticket_type.title, ticket.uuid):
            # A letter that the font lacks is a question mark.
            visible = "".join(letter if letter.isprintable() else "?" for letter in line)
            pdf.cell(text=visible.encode("latin-1", "replace").decode("latin-1"))
            pdf.ln(9)
    return bytes(pdf.output())


PATHS: Paths = {
    "ping/": {"GET": lambda call: "pong" if call.shapes.live else {"ping": "pong"}},
    "events/": {"GET": events},
    "events/{event}/": {"GET": event},
    "events/{event}/ticket-types/": {"GET": lambda call: call.shapes.ticket_types(call.event)},
    "events/{event}/tickets/": {
        "GET": lambda call: Response(call.service.lists.body(call.event), media_type=JSON)
    },
    "events/{event}/ticket-type-questions/": {
        "GET": lambda call: call.shapes.ticket_type_questions(call.event)
    },
    "events/{event}/purchase-questions/": {
        "GET": lambda call: call.shapes.purchase_questions(call.event)
    },
    "events/{event}/orders/": {"GET": lambda call: call.shapes.orders(call.event)},
    "tickets/{ticket}/": {
        "GET": lambda call: call.shapes.ticket(call.ticket),
        "PATCH": update_ticket,
    },
    "tickets/{ticket}/questions/": {"GET": answers, "POST": store_answers},
    "tickets/{ticket}/questions/all/": {
        "GET": lambda call: call.shapes.questions(call.state.questions_of(call.ticket))
    },
    "tickets/{ticket}/questions/unanswered/": {
        "GET": lambda call: call.shapes.questions(call.state.unanswered(call.ticket))
    },
    "orders/": {"POST": create_order},
    "orders/{order}/": {
        "GET": lambda call: call.shapes.order(call.order),
        "PATCH": update_order,
        "DELETE": refund_order,
    },
    "orders/{order}/questions/": {"GET": answers, "POST": store_answers},
    f"{PAPER}{{order}}/tickets-as-pdf/": {
        "GET": lambda call: Response(tickets_pdf(call.order), media_type="application/pdf")
    },
}
"""The document does not say what a ping answers."""
