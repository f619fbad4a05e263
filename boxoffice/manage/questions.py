"""Questions of attendees and of buyers, and who is asked."""

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field

from boxoffice.manage.change_helpers import named, needed, only, shown_as_made
from boxoffice.manage.resource import Action, Resource, Values
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.errors import Refused
from boxoffice.ticketbutler.parsers import ChoiceLabels
from boxoffice.ticketbutler.resources import fields
from boxoffice.ticketbutler.resources.questions import (
    VARIATIONS,
    Asked,
    ChoiceDetails,
    QuestionDetails,
)
from boxoffice.ticketbutler.resources.record import Record


class Audience(StrEnum):
    """Whom a question is asked."""

    ATTENDEES = "attendees"
    BUYERS = "buyers"

    @property
    def asked(self) -> Asked:
        return Asked.ATTENDEES if self is Audience.ATTENDEES else Asked.BUYERS


ASKED: ChoiceLabels = MappingProxyType({audience.value: audience.value for audience in Audience})

_PK = "The title, id or number of its ticket type; empty: all."


class AskedQuestion(QuestionDetails):
    """A question, and whom it is asked."""

    asked: Annotated[fields.Line, fields.Choices(ASKED)] = Field(
        Audience.ATTENDEES.value, title="Asked"
    )


class NewQuestion(Record):
    """A question to be asked."""

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
    """A choice that is to be removed from a question."""

    choice: fields.Line = fields.editable(
        title="Choice", description="Its label or its id.", required=True
    )


class Questions(Resource):
    """Of attendees and of buyers alike; a row says whom it is asked."""

    name = "questions"
    title = "Questions"
    one = "question"
    hint = "of attendees and of buyers"
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
        ask = self._organiser.questions.list
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
        change = await self._organiser.questions.create(uuid, question, of=of.asked).prepare()
        return change.giving(lambda answer: _asked(_made(answer, known, new.heading), of.value))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[AskedQuestion]:
        return self._patched(needed(event), key, values)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._organiser.questions.delete(needed(event), key)

    def remove_choice(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[AskedQuestion]:
        return self._patched(needed(event), key, {}, values["choice"])

    actions: ClassVar[Mapping[str, Action]] = {
        "remove-choice": Action(
            "Remove a choice",
            remove_choice,
            model=ChoiceToRemove,
            destructive=True,
            doing="remove a choice of the question",
        ),
    }

    def actions_of(self, row: AskedQuestion) -> Mapping[str, Action]:
        return self.actions if row.choices else {}

    def called(self, row: AskedQuestion) -> str:
        return row.heading

    @pending
    async def _patched(
        self, event: str, key: str, values: Values, gone: str = ""
    ) -> PreparedChange[AskedQuestion]:
        before: AskedQuestion = await self.get(event, key)
        remove = [_choice(before, gone)] if gone else []
        change = self._organiser.questions.update(event, key, remove=remove, **values)

        def asked(answer: QuestionDetails) -> AskedQuestion:
            kind = answer.ticket_type or before.ticket_type
            return _asked(answer, before.asked).replace(ticket_type=kind)

        return (await change.prepare()).giving(asked)

    async def _pk(self, event: str, wanted: str) -> str:
        """The number by which a new question names its ticket type."""
        if not wanted:
            return wanted
        types = [
            kind for kind in await self._organiser.ticket_types.list(event) if kind.pk is not None
        ]
        if any(wanted == str(kind.pk) for kind in types):
            return wanted
        there = ", ".join(kind.title for kind in types) or "none"
        one = only(
            types,
            wanted,
            lambda kind: kind.title,
            none=f"The event has no ticket type “{wanted}”: there are {there}.",
            several=f"Several ticket types are called “{wanted}”: say which by its id.",
        )
        return str(one.pk)


def _asked(question: QuestionDetails, of: str) -> AskedQuestion:
    return AskedQuestion(**dict(question), asked=of)


def _made(answer: tuple[QuestionDetails, ...], known: set[str], heading: str) -> QuestionDetails:
    """The one that was not there before. Raises Unreadable where there is none."""
    new = [question for question in answer if question.uuid not in known]
    return shown_as_made(named(new, heading, lambda question: question.heading))


def _choice(question: AskedQuestion, wanted: str) -> str:
    """The uuid of a choice that is named."""
    found = named(question.choices, wanted, lambda choice: choice.label)
    if len(found) != 1:
        there = ", ".join(choice.label for choice in question.choices) or "none"
        problem = f"no choice “{wanted}”: there are {there}"
        if found:
            problem = f"several choices “{wanted}”: say which by its id"
        raise Refused("no one choice", f"“{question.heading}” has {problem}.")
    return found[0].uuid
