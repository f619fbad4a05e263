"""Answers of attendees and of buyers, as they are read and given at the desk."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from pydantic import Field

from boxoffice.domain import questions
from boxoffice.domain.models import Answer, AnswerInput, Question
from boxoffice.domain.questions import Variation
from boxoffice.manage.change_helpers import named
from boxoffice.ticketbutler.changes import Difference, PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.record import Record

Answered: TypeAlias = tuple[Sequence[Answer], Sequence[Question]]
"""What was answered, and what is asked."""


class AnswerRow(Record):
    """What was answered to a question."""

    question: fields.Uuid = Field(title="Id")
    heading: fields.Line = Field("", title="Question")
    value: fields.Line = Field("", title="Answer")
    """A text, or the labels of the choices taken."""


class NewAnswer(Record):
    """An answer to be stored."""

    question: fields.Line = fields.editable(
        title="Question", description="What is asked, or its id.", required=True
    )
    value: fields.Line = fields.editable(
        "", title="Answer", description="Of choices: their labels, with a comma between them."
    )


def rows(given: Sequence[Answer], asked: Sequence[Question]) -> tuple[AnswerRow, ...]:
    """Answers with the headings of what was asked and the labels of what was chosen."""
    headings = {item.uuid: item.heading for item in asked}
    labels = {choice.uuid: choice.label for part in asked for choice in part.choices}
    return tuple(
        AnswerRow(
            question=answer.question,
            heading=answer.heading or headings.get(answer.question, ""),
            value=", ".join(labels.get(choice, choice) for choice in answer.choices)
            or answer.value,
        )
        for answer in given
    )


@pending
async def answering(
    new: NewAnswer,
    read: Callable[[], Awaitable[Answered]],
    store: Callable[[AnswerInput], PendingChange[list[Answer]]],
) -> PreparedChange[tuple[AnswerRow, ...]]:
    """Store one answer; the change gives all of them.

    Raises:
        Refused: there is no such question or choice, or it cannot be so answered. Nothing was
            sent.

    """
    before, asked = await read()
    question = _question(asked, new.question)
    given = AnswerInput(question.uuid, _value(question, new.value))
    change = await store(given).prepare()
    known = {row.question: row.value for row in rows(before, asked)}
    label = question.heading or question.uuid
    after = rows([_answer(question, given)], asked)[0].value
    different = Difference("value", label, known.get(question.uuid, ""), after)
    return replace(change.giving(lambda stored: rows(stored, asked)), differences=(different,))


def _question(asked: Sequence[Question], wanted: str) -> Question:
    found = named(asked, wanted, lambda question: question.heading)
    if len(found) != 1:
        there = "; ".join(item.heading for item in asked) or "none"
        problem = f"There is no question “{wanted}”: asked are {there}."
        if found:
            problem = f"Several questions are “{wanted}”: say which by its id."
        raise Refused("no one question", problem)
    return found[0]


def _value(question: Question, text: str) -> str | tuple[str, ...]:
    """What is stored: a text, the uuid of the choice that is named, or those of several."""
    match questions.variation(question):
        case Variation.SELECT:
            return _choice(question, text)
        case Variation.SELECT_MULTIPLE if not text.strip():
            return ()
        case Variation.SELECT_MULTIPLE:
            if (whole := _choice_named(question, text)) is not None:
                return (whole,)  # a label may have a comma in it
            return tuple(dict.fromkeys(_choice(question, part) for part in text.split(",")))
    draft = questions.before(question, Answer(question.uuid, value=text))
    if problem := questions.problem(question, draft, required=question.required):
        raise Refused("no answer to it", problem)
    return questions.value(question, draft)


def _choice(question: Question, wanted: str) -> str:
    uuid = _choice_named(question, wanted)
    if uuid is None:
        offered = ", ".join(choice.label for choice in question.choices)
        raise Refused("no such choice", f"“{wanted.strip()}” is no choice; there are: {offered}.")
    return uuid


def _choice_named(question: Question, wanted: str) -> str | None:
    """The uuid of the choice with this label or uuid."""
    found = named(question.choices, wanted, lambda choice: choice.label)
    return found[0].uuid if found else None


def _answer(question: Question, given: AnswerInput) -> Answer:
    """What will then be stored."""
    if isinstance(given.value, tuple):
        return Answer(given.question, choices=given.value)
    if questions.is_choice(question):
        return Answer(given.question, choices=(given.value,))
    return Answer(given.question, value=given.value)
