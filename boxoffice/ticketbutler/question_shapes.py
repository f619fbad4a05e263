"""Questions and their answers in the API's answers, in both dialects."""

from typing import Protocol

from pydantic import BaseModel

from boxoffice.domain.models import Answer, Choice, Question
from boxoffice.domain.text import clean
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Elements,
    Line,
    Number,
    OptionalUuid,
    Uuid,
    read_each,
)
from boxoffice.ticketbutler.wire import WrongShape

_LONG = 4000
"""Characters of an answer."""


class ChoiceShape(BaseModel):
    uuid: Uuid
    sort_id: Number = None
    label: Line = ""
    label_da: Line = ""

    def value(self) -> Choice:
        return Choice(uuid=self.uuid, label=self.label or self.label_da)


class QuestionShape(BaseModel):
    uuid: Uuid
    sort_id: Number = None
    heading: Line = ""
    active: BoolDefaultTrue = True
    required: BoolDefaultFalse = False
    variation: Line = "TEXT"
    choices: Elements = []

    def value(self) -> Question:
        choices = sorted(read_each(ChoiceShape, self.choices, "choices"), key=_place)
        return Question(
            uuid=self.uuid,
            heading=self.heading,
            variation=self.variation.upper() or "TEXT",
            required=self.required,
            active=self.active,
            choices=tuple(choice.value() for choice in choices),
        )


class CollectionShape(BaseModel):
    """Questions of one ticket type, or of all where it names none."""

    questions: list[object]
    active: BoolDefaultTrue = True
    ticket_type_name: Line = ""


class AnsweredChoiceShape(BaseModel):
    """The document names the choice by `uuid`, the live service by `choice_uuid`."""

    uuid: OptionalUuid = None
    choice_uuid: OptionalUuid = None


class AnswerShape(BaseModel):
    """The document names the question by `question`, which is a number in the live service."""

    question: OptionalUuid = None
    question_uuid: OptionalUuid = None
    question_heading: Line = ""
    variation: Line = ""
    answer_value: object = None
    answered_choices: Elements = []

    def value(self) -> Answer | None:
        question = self.question_uuid or self.question
        if question is None:
            return None
        chosen = read_each(AnsweredChoiceShape, self.answered_choices, "choices")
        choices = [choice.choice_uuid or choice.uuid for choice in chosen]
        return Answer(
            question=question,
            heading=self.question_heading,
            value=clean(self.answer_value, _LONG, lines=self.variation == "TEXTAREA"),
            choices=tuple(choice for choice in choices if choice),
        )


def read_questions(value: object) -> list[Question]:
    """API document: "Get Ticket Specific Questions", "Get Unanswered Questions"."""
    shapes = sorted(read_each(QuestionShape, value, "questions"), key=_place)
    return [shape.value() for shape in shapes]


def read_collections(value: object) -> list[Question]:
    """API document: "Get Ticket Type Questions", "Get Purchase Questions".

    One collection, or a list with one for each ticket type. Those of a collection that is switched
    off are not active. No collection at all is no question.
    """
    if value == {}:
        return []
    shapes = read_each(
        CollectionShape, value if isinstance(value, list) else [value], "collections"
    )
    return [
        Question(
            uuid=question.uuid,
            heading=question.heading,
            variation=question.variation,
            required=question.required,
            active=question.active and shape.active,
            choices=question.choices,
            ticket_type=shape.ticket_type_name or None,
        )
        for shape in shapes
        for question in read_questions(shape.questions)
    ]


def read_answers(value: object) -> list[Answer]:
    """API document: "Get Collected Ticket Data", "Collect Ticket Data", and those of an order."""
    if not isinstance(value, dict) or "answers" not in value:
        raise WrongShape("no answers")
    rows = value["answers"] or []
    answers = [
        answer for shape in read_each(AnswerShape, rows, "answers") if (answer := shape.value())
    ]
    if rows and not answers:
        raise WrongShape("none of the answers names its question")
    return answers


class _Placed(Protocol):
    sort_id: int | None


def _place(shape: _Placed) -> int:
    return shape.sort_id or 0
