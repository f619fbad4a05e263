"""Questions of attendees and of buyers, and what was answered to them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from boxoffice.domain import questions
from boxoffice.domain.models import Answer, AnswerInput, Question
from boxoffice.domain.questions import Variation
from boxoffice.language import N_, _
from boxoffice.manage.change_helpers import created_row, named, needed, only, only_type
from boxoffice.manage.resource import Action, Resource, Values
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.edits import Difference
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.fields import ChoiceLabels
from boxoffice.ticketbutler.record import Record
from boxoffice.ticketbutler.resources.questions import (
    VARIATIONS,
    Asked,
    ChoiceDetails,
    QuestionDetails,
)


class Audience(StrEnum):
    ATTENDEES = "attendees"
    BUYERS = "buyers"

    @property
    def asked(self) -> Asked:
        return Asked.ATTENDEES if self is Audience.ATTENDEES else Asked.BUYERS


ASKED: ChoiceLabels = MappingProxyType(
    {Audience.ATTENDEES.value: N_("attendees"), Audience.BUYERS.value: N_("buyers")}
)

_PK = N_("The title, id or number of its ticket type; empty: all.")


class AskedQuestion(QuestionDetails):
    asked: Annotated[fields.Line, fields.Choices(ASKED)] = Field(
        Audience.ATTENDEES.value, title="Asked"
    )


class NewQuestion(Record):
    heading: fields.Line = fields.editable(title="Question", required=True)
    asked: Annotated[fields.Line, fields.Choices(ASKED)] = fields.editable(
        Audience.ATTENDEES.value, title="Asked"
    )
    variation: Annotated[fields.Line, fields.Choices(VARIATIONS)] = fields.editable(
        "TEXT", title="Kind"
    )
    required: fields.BoolDefaultFalse = fields.editable(False, title="Required")
    active: fields.BoolDefaultTrue = fields.editable(True, title="Active")
    sort_id: fields.Count = fields.editable(
        None, title="Order of questions", description="Empty: the last."
    )
    choices: tuple[ChoiceDetails, ...] = fields.editable((), title="Choices")
    ticket_type: fields.Line = fields.editable("", title="Ticket type", description=_PK)


class ChoiceToRemove(Record):
    choice: fields.Line = fields.editable(
        title="Choice", description="Its label or its id.", required=True
    )


class Questions(Resource):
    """Of attendees and of buyers alike; a row says whom it is asked."""

    name = "questions"
    title = N_("Questions")
    one = N_("question")
    name_field = "heading"
    hint = N_("of attendees and of buyers")
    model = AskedQuestion
    new = NewQuestion
    columns = ("heading", "asked", "variation", "required", "active", "choices", "ticket_type")
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz",
        "show": "Diet",
        "create": "--set heading=Diet --set variation=SELECT "
        '--set choices=\'[{"label": "Vegan"}]\'',
        "update": "Diet --set required=yes --dry-run",
        "delete": "Diet --yes Diet",
        "remove-choice": "Diet --set choice=Vegan --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[AskedQuestion]:
        uuid = needed(event)
        ask = self._client.questions.list_details
        answer = await asyncio.gather(*(ask(uuid, audience.asked) for audience in Audience))
        rows: dict[str, AskedQuestion] = {}
        for of, collections in zip(Audience, answer, strict=True):
            for part in collections:
                for question in part.questions:
                    row = _asked(question, of.value)
                    title = row.ticket_type or part.ticket_type
                    # What a collection that is off asks is asked of nobody.
                    active = row.active and part.active
                    rows.setdefault(row.uuid, row.replace(ticket_type=title, active=active))
        return tuple(rows.values())

    @pending
    async def create(self, event: str | None, values: Values) -> PreparedChange[AskedQuestion]:
        uuid, new = needed(event), NewQuestion(**values)
        of = Audience(new.asked)
        known = {row.uuid for row in await self.list(uuid)}
        question = QuestionDetails(
            heading=new.heading,
            variation=new.variation,
            required=new.required,
            active=new.active,
            sort_id=new.sort_id,
            choices=new.choices,
            ticket_type=await self._pk(uuid, new.ticket_type),
        )
        change = await self._client.questions.create(uuid, question, of=of.asked).prepare()
        return change.giving(lambda answer: _asked(_made(answer, known, new.heading), of.value))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[AskedQuestion]:
        return self._patched(needed(event), key, values)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._client.questions.delete(needed(event), key)

    def remove_choice(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[AskedQuestion]:
        return self._patched(needed(event), key, {}, values["choice"])

    actions: ClassVar[Mapping[str, Action]] = {
        "remove-choice": Action(
            N_("Remove a choice"),
            remove_choice,
            model=ChoiceToRemove,
            destructive=True,
            doing=N_("remove a choice of the question"),
        ),
    }

    def actions_of(self, row: AskedQuestion) -> Mapping[str, Action]:
        return self.actions if row.choices else {}

    @pending
    async def _patched(
        self, event: str, key: str, values: Values, gone: str = ""
    ) -> PreparedChange[AskedQuestion]:
        before: AskedQuestion = await self.get(event, key)
        remove = [_choice_to_remove(before, gone).uuid] if gone else []
        change = self._client.questions.update(event, key, remove=remove, **values)

        def asked(answer: QuestionDetails) -> AskedQuestion:
            kind = answer.ticket_type or before.ticket_type
            return _asked(answer, before.asked).replace(ticket_type=kind)

        return (await change.prepare()).giving(asked)

    async def _pk(self, event: str, wanted: str) -> str:
        """The number by which a new question names its ticket type."""
        if not wanted:
            return wanted
        types = [
            kind
            for kind in await self._client.ticket_types.list_details(event)
            if kind.pk is not None
        ]
        if any(wanted == str(kind.pk) for kind in types):
            return wanted
        return str(only_type(types, wanted).pk)


def _asked(question: QuestionDetails, of: str) -> AskedQuestion:
    return AskedQuestion(**dict(question), asked=of)


def _made(answer: tuple[QuestionDetails, ...], known: set[str], heading: str) -> QuestionDetails:
    """The one that was not there before. Raises Unreadable where there is none."""
    new = [question for question in answer if question.uuid not in known]
    return created_row(named(new, heading, lambda question: question.heading))


def _choice_to_remove(question: AskedQuestion, wanted: str) -> ChoiceDetails:
    return only(
        question.choices,
        wanted,
        lambda choice: choice.label,
        none=_("“{question}” has no choice “{wanted}”: there are {there}."),
        several=_("“{question}” has several choices “{wanted}”: say which by its id."),
        question=question.heading,
    )


Answered: TypeAlias = tuple[Sequence[Answer], Sequence[Question]]
"""What was answered, and what is asked."""


class AnswerRow(Record):
    question: fields.Uuid = Field(title="Id")
    heading: fields.Line = Field("", title="Question")
    value: fields.Line = Field("", title="Answer")
    """A text, or the labels of the choices taken."""


class NewAnswer(Record):
    question: fields.Line = fields.editable(
        title="Question", description="What is asked, or its id.", required=True
    )
    value: fields.Line = fields.editable(
        "", title="Answer", description="Of choices: their labels, with a comma between them."
    )


def answer_rows(given: Sequence[Answer], asked: Sequence[Question]) -> tuple[AnswerRow, ...]:
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
async def answer_change(
    new: NewAnswer,
    read: Callable[[], Awaitable[Answered]],
    store: Callable[[AnswerInput], PendingChange[Sequence[Answer]]],
) -> PreparedChange[tuple[AnswerRow, ...]]:
    """Store one answer; the change gives all of them.

    Raises Refused, and sends nothing, where there is no such question or choice, or it cannot be so
    answered.
    """
    before, asked = await read()
    question = _question(asked, new.question)
    given = AnswerInput(question.uuid, _value(question, new.value))
    change = await store(given).prepare()
    known = {row.question: row.value for row in answer_rows(before, asked)}
    label = question.heading or question.uuid
    after = answer_rows([questions.as_answer(given, question)], asked)[0].value
    different = Difference("value", label, known.get(question.uuid, ""), after)
    return replace(
        change.giving(lambda stored: answer_rows(stored, asked)), differences=(different,)
    )


def _question(asked: Sequence[Question], wanted: str) -> Question:
    return only(
        asked,
        wanted,
        lambda question: question.heading,
        none=_("There is no question “{wanted}”: asked are {there}."),
        several=_("Several questions are “{wanted}”: say which by its id."),
        between="; ",
    )


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
        raise Refused(
            "no such choice",
            _("“{strip}” is no choice; there are: {offered}.").format(
                strip=wanted.strip(), offered=offered
            ),
        )
    return uuid


def _choice_named(question: Question, wanted: str) -> str | None:
    found = named(question.choices, wanted, lambda choice: choice.label)
    return found[0].uuid if found else None
