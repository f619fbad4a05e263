"""Questions of an event. API document: "Data Collection".

A question is changed and removed by itself. To ask one more, all of a collection are written back.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from boxoffice.domain.models import Choice, Question
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import N_, _
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.changes import (
    Endpoints,
    PreparedChange,
    done,
    pending,
    refuse_lost,
    reread,
)
from boxoffice.ticketbutler.edits import apply_edit, differences
from boxoffice.ticketbutler.errors import NotFound, Unreadable
from boxoffice.ticketbutler.fields import ChoiceLabels
from boxoffice.ticketbutler.record import Record, read_one, read_some
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of, no_value, same

log = logging.getLogger(__name__)

VARIATIONS: ChoiceLabels = MappingProxyType(
    {
        "TEXT": N_("short text"),
        "TEXTAREA": N_("long text"),
        "NUMBER": N_("number"),
        "NAME": N_("name"),
        "NAME_FIRST_LAST": N_("first/last name"),
        "COMPANY": N_("company"),
        "EMAIL": N_("e-mail"),
        "PHONE": N_("phone"),
        "SELECT": N_("one choice"),
        "SELECT_MULTIPLE": N_("several choices"),
    }
)
"""NAME_FIRST_LAST and PHONE are the live service's alone; the others are documented."""
TEXTS = frozenset(VARIATIONS) - {"SELECT", "SELECT_MULTIPLE"}
"""Kinds of questions that have no choices; one that is not known may have some."""

_SORTED = N_("The lowest number comes first.")


class Asked(StrEnum):
    """Whom a question is asked: the two types of collections."""

    ATTENDEES = "ticket-type-questions"
    BUYERS = "purchase-questions"


class ChoiceDetails(Record):
    """An answer to choose. Without a uuid it is new."""

    uuid: fields.UuidOrEmpty = Field("", title="Id")
    sort_id: fields.Number = fields.editable(None, title="Order of choices", description=_SORTED)
    label: fields.Text = fields.editable("", title="Label", required=True)
    label_da: fields.Text = Field("", exclude=True)
    description: fields.Lines = fields.editable("", title="Description")

    def row(self, before: "ChoiceDetails | None", at: int) -> Mapping[str, object]:
        """As it is written back; without a uuid where it is new."""
        place = self.sort_id if self.sort_id is not None else at
        if before is None:
            row: dict[str, object] = {"sort_id": place, "label": self.label}
            return row | ({"description": self.description} if self.description else {})
        row = dict(before.raw) | {"uuid": before.uuid}
        if self.label != before.label:
            row["label"] = self.label
        if self.description != before.description:
            row["description"] = self.description or None
        if self.sort_id != before.sort_id or "sort_id" not in row:
            row["sort_id"] = place
        return row


class QuestionDetails(Record):
    """A question. Without a uuid it is new."""

    uuid: fields.UuidOrEmpty = Field("", title="Id")
    sort_id: fields.Number = fields.editable(None, title="Order of questions", description=_SORTED)
    heading: fields.Text = fields.editable("", title="Question", required=True)
    active: fields.BoolDefaultTrue = fields.editable(True, title="Active")
    required: fields.BoolDefaultFalse = fields.editable(False, title="Required")
    variation: Annotated[fields.Line, fields.Choices(VARIATIONS)] = fields.editable(
        "TEXT", title="Kind"
    )
    choices: fields.Rows[ChoiceDetails] = fields.editable((), title="Choices")
    ticket_type: fields.Line = Field(
        "", title="Ticket type", description="The number (pk) of its ticket type; empty: all."
    )
    """Taken only of a new question: the document names no way to move one."""

    @property
    def choices_complete(self) -> bool:
        """Whether the site told all of its choices, be it none."""
        rows = self.raw.get("choices")
        return isinstance(rows, list) and len(rows) == len(self.choices)

    def row(self, before: "QuestionDetails | None") -> Mapping[str, object]:
        """As it is written back: as the site said it, but for what is different."""
        values: dict[str, object] = {
            "sort_id": self.sort_id or 0,
            "heading": self.heading,
            "active": self.active,
            "required": self.required,
            "variation": self.variation,
        }
        known = {part.uuid: part for part in before.choices} if before else {}
        choices = []
        places = (item.sort_id for item in self.choices if item.sort_id is not None)
        last = max(places, default=-1)
        for at, choice in enumerate(self.choices):
            earlier, place = known.get(choice.uuid), at
            if earlier is None and choice.sort_id is None:
                place = last = max(last + 1, at)  # sites count in steps of their own
            choices.append(choice.row(earlier, place))
        if before is None:
            of = self.ticket_type
            named: object = int(of) if of.isascii() and of.isdigit() else of or "all"
            return {"new": True, "ticket_type": named} | values | {"choices": choices}
        changes = {
            name: value
            for name, value in values.items()
            if getattr(before, name) != getattr(self, name)
        }
        row = dict(before.raw) | changes | {"uuid": before.uuid}
        if choices or before.choices_complete:
            row["choices"] = choices
        else:
            row.pop("choices", None)  # what was not told is not emptied
        return row

    def as_question(self, *, active: bool = True, ticket_type: str = "") -> Question:
        """What a door needs of it; `active` and `ticket_type`: as its collection says."""
        return Question(
            uuid=self.uuid,
            heading=clean(self.heading),
            variation=self.variation,
            required=self.required,
            active=self.active and active,
            choices=tuple(Choice(choice.uuid, clean(choice.label)) for choice in self.choices),
            ticket_type=ticket_type or None,
        )


class QuestionCollection(Record):
    uuid: fields.UuidOrEmpty = Field("", title="Id")
    active: fields.BoolDefaultTrue = Field(True, title="Active")
    ticket_type: fields.Line = Field(
        "", title="Ticket type", description="Empty: all.", validation_alias="ticket_type_name"
    )
    """Title of the ticket type it is asked for."""
    questions: fields.Rows[QuestionDetails] = Field((), title="Questions")

    @property
    def whole(self) -> bool:
        """Whether every question of it could be read."""
        rows = self.raw.get("questions")
        return isinstance(rows, list) and len(rows) == len(self.questions)

    def as_questions(self) -> list[Question]:
        """What a door needs of them. Those of a collection that is switched off are not active."""
        return [
            question.as_question(active=self.active, ticket_type=self.ticket_type)
            for question in self.questions
        ]


def read_question(value: object) -> QuestionDetails:
    """API document: "Get Specific Question", "Update Specific Question"."""
    made = read_one(QuestionDetails, value)
    if not made.uuid:
        raise WrongShape("a question without a uuid")
    choices = sorted((item for item in made.choices if item.uuid), key=_place)
    choices = [
        choice if choice.label else choice.replace(label=choice.label_da) for choice in choices
    ]
    return made.replace(
        variation=made.variation.upper() or "TEXT",
        choices=tuple(choices),
        ticket_type="" if made.ticket_type == "all" else made.ticket_type,
    )


def read_questions(value: object) -> list[QuestionDetails]:
    """API document: "Get Ticket Specific Questions", "Get Unanswered Questions"."""
    return sorted(read_some(value, read_question, "questions"), key=_place)


def read_collections(value: object) -> list[QuestionCollection]:
    """API document: "Get Ticket Type Questions", "Get Purchase Questions".

    One collection, or a list with one for each ticket type. No collection at all is no question.
    """
    if value == {}:
        return []
    rows = value if isinstance(value, list) else [value]
    found = read_some(rows, _read_collection, "collections")
    if not (any(part.questions for part in found) or all(part.whole for part in found)):
        raise WrongShape("no questions that can be read")
    return found


def _read_collection(value: object) -> QuestionCollection:
    made = read_one(QuestionCollection, value)
    try:
        questions = read_questions(made.raw.get("questions"))
    except WrongShape as error:
        log.warning("a collection of questions could not be read: %s", error)
        return made.replace(questions=())  # others can be asked all the same
    return made.replace(questions=tuple(questions))


class Questions(Endpoints):
    """API document: "Data Collection"."""

    async def list(self, event: str) -> Sequence[Question]:
        """What is asked of attendees, by ticket type. API document: "Get Ticket Type Questions"."""
        return _flat(await self.list_details(event, Asked.ATTENDEES))

    async def list_for_buyers(self, event: str) -> Sequence[Question]:
        """What is asked of buyers. API document: "Get Purchase Questions"."""
        return _flat(await self.list_details(event, Asked.BUYERS))

    async def list_details(
        self, event: str, of: Asked = Asked.ATTENDEES
    ) -> Sequence[QuestionCollection]:
        """The collections of questions asked of attendees, or of buyers.

        API document: "Get Ticket Type Questions", "Get Purchase Questions".
        """
        call = Call("GET", _collections(event, of), read_collections, "event")
        return await self._session.send(call)

    async def get_details(self, event: str, question: str) -> QuestionDetails:
        """One question, of attendees or of buyers. API document: "Get Specific Question"."""
        read = same(hex_of(question, "question"), read_question)
        return await self._session.send(Call("GET", _path(event, question), read, "question"))

    @pending
    async def create(
        self, event: str, question: QuestionDetails, *, of: Asked = Asked.ATTENDEES
    ) -> PreparedChange[tuple[QuestionDetails, ...]]:
        """Ask one more question; without a `sort_id` it is the last. Gives all questions.

        API document: "Create/Update Ticket Type Questions".

        Raises Unreadable where not all that there is could be read, as the rest would be removed,
        or, with `maybe_applied`, where a question is gone.
        """
        collections = await self.list_details(event, of)
        _refuse_incomplete(collections)
        before = _all(collections)
        after = max((part.sort_id or 0 for part in before), default=-1) + 1
        place = after if question.sort_id is None else question.sort_id
        new = question.replace(uuid="", sort_id=place)
        # The order in which they are sent is the order that is meant where places are equal.
        wanted = tuple(sorted((*before, new), key=_place))
        different = differences(
            QuestionCollection(questions=before), QuestionCollection(questions=wanted)
        )
        known = {part.uuid: part for part in before}
        body = {"questions": [item.row(known.get(item.uuid)) for item in wanted]}
        call: Call[None] = Call("POST", _collections(event, of), no_value, "event", body=body)

        async def send() -> tuple[QuestionDetails, ...]:
            await self._session.send(call, done)
            now = _all(await reread(lambda: self.list_details(event, of)))
            refuse_lost(before, now)
            return now

        return PreparedChange(call, send, different)

    @pending
    async def update(
        self, event: str, question: str, *, remove: Collection[str] = (), **values: Any
    ) -> PreparedChange[QuestionDetails]:
        """Change fields of one question: values, or edits of what the site has (`apply_edit`).

        API document: "Update Specific Question". All its choices are sent along: those that are
        left out stay, unless their uuids are in `remove`.

        Raises ValueError for a field that may not be changed.
        """
        before = await self.get_details(event, question)
        after = _with_choices(before, apply_edit(before, values), remove)
        if after.choices != before.choices:
            _refuse_missing_choices([before])
        body = {name: value for name, value in after.row(before).items() if name != "uuid"}
        read = same(before.uuid, read_question)
        call = Call("PATCH", _path(event, before.uuid), read, "question", body=body)
        return self._edited(call, before, after)

    @pending
    async def delete(self, event: str, question: str) -> PreparedChange[None]:
        """Remove one question. API document: "Delete specific question"."""
        call = Call("DELETE", _path(event, question), no_value, "question")
        return self._prepared(call, read=done)


def _flat(collections: Iterable[QuestionCollection]) -> Sequence[Question]:
    return [question for part in collections for question in part.as_questions()]


def _collections(event: str, of: Asked) -> str:
    return f"events/{hex_of(event, 'event')}/{of.value}/"


def _path(event: str, question: str) -> str:
    return f"events/{hex_of(event, 'event')}/questions/{hex_of(question, 'question')}/"


def _all(collections: Iterable[QuestionCollection]) -> tuple[QuestionDetails, ...]:
    """Every question once, in the order of the collections."""
    found = {question.uuid: question for part in collections for question in part.questions}
    return tuple(found.values())


def _with_choices(
    before: QuestionDetails, after: QuestionDetails, remove: Collection[str]
) -> QuestionDetails:
    """`after` with the choices of `before` that it leaves out, and without those to remove."""
    known = {choice.uuid for choice in before.choices}
    gone = {hex_uuid(uuid) or "" for uuid in remove}
    named = {item.uuid for item in after.choices if item.uuid}
    if not (named | gone) <= known:
        raise NotFound("no such choice", _("The question has no such choice: refresh the list."))
    left_out = (part for part in before.choices if part.uuid not in named)
    remaining = [one for one in (*after.choices, *left_out) if one.uuid not in gone]
    return after.replace(choices=tuple(remaining))


def _refuse_incomplete(collections: Sequence[QuestionCollection]) -> None:
    """Raise if a collection was not read whole: written back so, it would lose the rest."""
    if not all(collection.whole for collection in collections):
        raise _incomplete("a question that cannot be read", _("all of the questions"))
    _refuse_missing_choices(_all(collections))


def _refuse_missing_choices(questions: Iterable[QuestionDetails]) -> None:
    """Raise if a question's choices are not told: written back without them, it would lose them."""
    for question in questions:
        if (
            question.variation not in TEXTS or question.raw.get("choices")
        ) and not question.choices_complete:
            detail = f"question {question.uuid} without its choices"
            what = _("the choices of “{question}”").format(question=question.heading)
            raise _incomplete(detail, what)


def _incomplete(detail: str, what: str) -> Unreadable:
    return Unreadable(
        detail,
        _(
            "The site does not tell {what}, so that a change could remove them: nothing was "
            "sent. Change it on the site's own pages."
        ).format(what=what),
        maybe_applied=False,
    )


def _place(row: ChoiceDetails | QuestionDetails) -> int:
    return row.sort_id or 0
