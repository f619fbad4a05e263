"""One ticket: reading it, changing it, its questions; and the answers of attendees and buyers."""

import re
from collections.abc import Sequence

from starlette.responses import Response

from boxoffice.sandbox.endpoint import ApiError, Call, answer
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


def one(call: Call) -> Response:
    return answer(call.shapes.ticket(call.ticket))


def update(call: Call) -> Response:
    """Changes what the body names. A ticket that is in or refunded is checked in all the same."""
    ticket = call.ticket
    call.state.update_ticket(ticket, **read(call.fields(), _READERS))
    return answer(call.shapes.ticket(ticket))


def given_answers(call: Call) -> Response:
    return answer(call.shapes.answers(call.ticket))


def store_answers(call: Call) -> Response:
    ticket = call.ticket
    return answers_stored(call, ticket, call.state.questions_of(ticket))


def all_questions(call: Call) -> Response:
    return answer(call.shapes.questions(call.state.questions_of(call.ticket)))


def unanswered_questions(call: Call) -> Response:
    return answer(call.shapes.questions(call.state.unanswered(call.ticket)))


def answers_stored(call: Call, answered: Ticket | Order, questions: Sequence[Question]) -> Response:
    """Store the body's answers to `questions`; a 400 for one of them stores nothing."""
    if not isinstance(call.data, list):
        kind = type(call.data).__name__
        raise wrong("non_field_errors", f'Expected a list of items but got type "{kind}".')
    asked = {question.uuid: question for question in questions}
    for question, value, choices in [_read(given, asked) for given in call.data]:
        call.state.answer(answered, question, value, choices)
    return answer(call.shapes.answers(answered), call.shapes.created)


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
