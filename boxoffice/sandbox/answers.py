"""Storing answers of an attendee or a buyer: all that are sent, or none."""

import re
from collections.abc import Sequence
from typing import Any

from boxoffice.sandbox.api import ApiError, Call, is_email, text_field
from boxoffice.sandbox.models import Choice, Order, Question, Ticket
from boxoffice.sandbox.state import hex_uuid

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")

Stored = tuple[Question, str, list[Choice]]


def store(call: Call, answered: Ticket | Order, questions: Sequence[Question]) -> None:
    """Store the body's answers to `questions`; a 400 for one of them stores nothing."""
    if not isinstance(call.data, list):
        kind = type(call.data).__name__
        text = f'Expected a list of items but got type "{kind}".'
        raise ApiError(400, {"non_field_errors": [text]})
    asked = {question.uuid: question for question in questions}
    for question, value, choices in [_read(given, asked) for given in call.data]:
        call.state.answer(answered, question, value, choices)


def _read(given: Any, asked: dict[str, Question]) -> Stored:
    if not isinstance(given, dict):
        raise ApiError(400, {"non_field_errors": ["Expected an object with uuid and value."]})
    missing = [name for name in ("uuid", "value") if name not in given]
    if missing:
        raise ApiError(400, {name: ["This field is required."] for name in missing})
    uuid = hex_uuid(given["uuid"])
    if uuid is None:
        raise ApiError(400, {"uuid": ["Must be a valid UUID."]})
    if uuid not in asked:
        raise ApiError(400, {"detail": f"Question {uuid} does not belong here."})
    question = asked[uuid]
    if question.variation in ("SELECT", "SELECT_MULTIPLE"):
        return question, "", _choices(question, given["value"])
    return question, _text(question, given["value"]), []


def _choices(question: Question, value: object) -> list[Choice]:
    if question.variation == "SELECT":
        wanted = [value]
    elif isinstance(value, list):
        wanted = value
    else:
        raise ApiError(400, {"value": ["Expected a list of choices."]})
    if not wanted and question.required:
        raise ApiError(400, {"value": [f'"{question.heading}" is required.']})
    known = {choice.uuid: choice for choice in question.choices}
    taken: dict[str, Choice] = {}
    for each in wanted:
        uuid = hex_uuid(each)
        if uuid is None:
            raise ApiError(400, {"value": [f'"{each}" is not a valid UUID.']})
        if uuid not in known:
            raise ApiError(400, {"value": [f"Choice {uuid} does not exist."]})
        taken[uuid] = known[uuid]
    return list(taken.values())


def _text(question: Question, value: object) -> str:
    text = text_field("value", value, limit=10_000, blank=not question.required)
    if not text:
        return text
    if question.variation == "NUMBER" and not _NUMBER.fullmatch(text):
        raise ApiError(400, {"value": ["A valid number is required."]})
    if question.variation == "EMAIL" and not is_email(text):
        raise ApiError(400, {"value": ["Enter a valid email address."]})
    return text
