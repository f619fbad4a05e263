"""What a door asks: events with their ticket types and tickets, one ticket, questions, answers."""

import re
from collections.abc import Sequence

from starlette.responses import Response

from boxoffice.sandbox.endpoint import ApiError, Call
from boxoffice.sandbox.fields import Reader, boolean, email, optional_text, read, text, wrong
from boxoffice.sandbox.models import Choice, Order, Question, Ticket
from boxoffice.sandbox.state import hex_uuid

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_READERS: dict[str, Reader] = {
    "full_name": text,
    "checked_in": boolean,
    "external_uuid": optional_text(),
    "lead_tracking_reference": optional_text(),
}


def ping(call: Call) -> object:
    """The document does not say what a ping answers."""
    return "pong" if call.shapes.created == 201 else {"ping": "pong"}


def events(call: Call) -> object:
    now = call.state.now()
    old = call.query.get("old", "false").lower() in ("true", "1")
    listed = [event for event in call.state.events.values() if not event.deleted]
    return [call.shapes.event_row(event) for event in listed if old or not event.expired(now)]


def event(call: Call) -> object:
    """The live service still answers with a deleted event, marked as such."""
    return call.shapes.event(call.any_event if call.shapes.shows_deleted else call.event)


def ticket_types(call: Call) -> object:
    event = call.event
    return [call.shapes.ticket_type(kind, event) for kind in event.ticket_types]


def tickets(call: Call) -> Response:
    return Response(call.service.lists.body(call.event), media_type="application/json")


def update(call: Call) -> object:
    """Changes what the body names. A ticket that is in or refunded is checked in all the same."""
    call.state.update_ticket(call.ticket, **read(call.fields(), _READERS))
    return call.shapes.ticket(call.ticket)


def store_ticket_answers(call: Call) -> Response:
    return _store(call, call.ticket, call.state.questions_of(call.ticket))


def store_order_answers(call: Call) -> Response:
    return _store(call, call.order, call.order.event.purchase_questions)


def _store(call: Call, answered: Ticket | Order, questions: Sequence[Question]) -> Response:
    """Store the body's answers to `questions`; a 400 for one of them stores nothing."""
    if not isinstance(call.data, list):
        kind = type(call.data).__name__
        raise wrong("non_field_errors", f'Expected a list of items but got type "{kind}".')
    asked = {question.uuid: question for question in questions}
    for question, value, choices in [_read(given, asked) for given in call.data]:
        call.state.answer(answered, question, value, choices)
    return call.created(call.shapes.answers(answered))


def _read(given: object, asked: dict[str, Question]) -> tuple[Question, str, list[Choice]]:
    if not isinstance(given, dict):
        raise wrong("non_field_errors", "Expected an object with uuid and value.")
    missing = [name for name in ("uuid", "value") if name not in given]
    if missing:
        raise ApiError(400, {name: ["This field is required."] for name in missing})
    uuid = hex_uuid(given["uuid"])
    if uuid is None:
        raise wrong("uuid", "Must be a valid UUID.")
    if uuid not in asked:
        raise ApiError(400, {"detail": f"Question {uuid} does not belong here."})
    question = asked[uuid]
    if question.variation in ("SELECT", "SELECT_MULTIPLE"):
        return question, "", _choices(question, given["value"])
    return question, _text(question, given["value"]), []


def _choices(question: Question, value: object) -> list[Choice]:
    wanted = [value] if question.variation == "SELECT" else value
    if not isinstance(wanted, list):
        raise wrong("value", "Expected a list of choices.")
    if not wanted and question.required:
        raise wrong("value", f'"{question.heading}" is required.')
    known = {choice.uuid: choice for choice in question.choices}
    taken: dict[str, Choice] = {}
    for chosen in wanted:
        uuid = hex_uuid(chosen)
        if uuid is None:
            raise wrong("value", f'"{chosen}" is not a valid UUID.')
        if uuid not in known:
            raise wrong("value", f"Choice {uuid} does not exist.")
        taken[uuid] = known[uuid]
    return list(taken.values())


def _text(question: Question, given: object) -> str:
    value = text("value", given, limit=10_000, blank=not question.required)
    if value and question.variation == "NUMBER" and not _NUMBER.fullmatch(value):
        raise wrong("value", "A valid number is required.")
    return email("value", value) if question.variation == "EMAIL" else value
