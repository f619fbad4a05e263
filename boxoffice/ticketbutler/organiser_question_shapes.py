"""Questions in full, in both dialects: read so that all of them can be written back.

API document: "Data Collection". One collection, or a list of them; one that cannot be read whole is
an error, since what is not written back is removed.
"""

from pydantic import BaseModel, Field

from boxoffice.organiser import ChoiceDetails, Collection, QuestionDetails
from boxoffice.organiser.questions import VARIATIONS
from boxoffice.ticketbutler.organiser_shapes import Lines, Raw, Text, raw_of, read_all
from boxoffice.ticketbutler.parsers import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Line,
    Number,
    OptionalUuid,
    Uuid,
    read_one,
)
from boxoffice.ticketbutler.wire import WrongShape

TEXTS = frozenset(VARIATIONS) - {"SELECT", "SELECT_MULTIPLE"}
"""Kinds of questions that have no choices; one that is not known may have some."""


class ChoiceShape(BaseModel):
    uuid: Uuid
    sort_id: Number = None
    label: Text = ""
    label_da: Text = ""
    description: Lines = ""


class QuestionShape(BaseModel):
    uuid: Uuid
    sort_id: Number = None
    heading: Text = ""
    active: BoolDefaultTrue = True
    required: BoolDefaultFalse = False
    variation: Line = "TEXT"
    choices: object = None
    ticket_type: Line = ""


class CollectionShape(BaseModel):
    uuid: OptionalUuid = None
    active: BoolDefaultTrue = True
    ticket_type: Line = Field(default="", validation_alias="ticket_type_name")
    questions: object = None


def read_choice(value: object) -> ChoiceDetails:
    shape = read_one(ChoiceShape, value)
    return ChoiceDetails(
        uuid=shape.uuid,
        sort_id=shape.sort_id,
        label=shape.label or shape.label_da,
        description=shape.description,
        raw=raw_of(value),
    )


def read_question(value: object) -> QuestionDetails:
    """API document: "Get Specific Question", "Update Specific Question"."""
    shape = read_one(QuestionShape, value)
    choices = read_all(shape.choices or [], read_choice, "choices")
    return QuestionDetails(
        uuid=shape.uuid,
        sort_id=shape.sort_id,
        heading=shape.heading,
        active=shape.active,
        required=shape.required,
        variation=shape.variation.upper() or "TEXT",
        choices=tuple(sorted(choices, key=_place)),
        ticket_type="" if shape.ticket_type == "all" else shape.ticket_type,
        raw=raw_of(value),
    )


def read_collections(value: object) -> tuple[Collection, ...]:
    """API document: "Get Ticket Type Questions", "Get Purchase Questions"."""
    if value == {}:
        return ()
    return tuple(
        read_all(value if isinstance(value, list) else [value], _collection, "collections")
    )


def _collection(value: object) -> Collection:
    shape = read_one(CollectionShape, value)
    if shape.questions is None:
        raise WrongShape("a collection without questions")
    questions = read_all(shape.questions, read_question, "questions")
    return Collection(
        uuid=shape.uuid or "",
        active=shape.active,
        ticket_type=shape.ticket_type,
        questions=tuple(sorted(questions, key=_place)),
    )


def question_row(question: QuestionDetails, before: QuestionDetails | None) -> Raw:
    """A question as it is written back: as the site said it, but for what is different."""
    fields: dict[str, object] = {
        "sort_id": question.sort_id or 0,
        "heading": question.heading,
        "active": question.active,
        "required": question.required,
        "variation": question.variation,
    }
    known = {each.uuid: each for each in before.choices} if before else {}
    choices = []
    last = max((each.sort_id for each in question.choices if each.sort_id is not None), default=-1)
    for at, choice in enumerate(question.choices):
        earlier, place = known.get(choice.uuid), at
        if earlier is None and choice.sort_id is None:
            place = last = max(last + 1, at)  # sites count in steps of their own
        choices.append(choice_row(choice, earlier, place))
    if before is None:
        of = question.ticket_type
        named: object = int(of) if of.isascii() and of.isdigit() else of or "all"
        return {"new": True, "ticket_type": named} | fields | {"choices": choices}
    unchanged = {name for name in fields if getattr(before, name) == getattr(question, name)}
    told = {name: value for name, value in fields.items() if name not in unchanged}
    row = dict(before.raw) | told | {"uuid": before.uuid}
    if choices or told_choices(before):
        row["choices"] = choices
    else:
        row.pop("choices", None)  # what was not told is not emptied
    return row


def told_choices(question: QuestionDetails) -> bool:
    """Whether the site told a question's choices, be it none."""
    return isinstance(question.raw.get("choices"), list)


def choice_row(choice: ChoiceDetails, before: ChoiceDetails | None, at: int) -> Raw:
    """A choice as it is written back; without a uuid where it is new."""
    place = choice.sort_id if choice.sort_id is not None else at
    if before is None:
        row: dict[str, object] = {"sort_id": place, "label": choice.label}
        return row | ({"description": choice.description} if choice.description else {})
    row = dict(before.raw) | {"uuid": before.uuid}
    if choice.label != before.label:
        row["label"] = choice.label
    if choice.description != before.description:
        row["description"] = choice.description or None
    if choice.sort_id != before.sort_id or "sort_id" not in row:
        row["sort_id"] = place
    return row


def _place(each: ChoiceDetails | QuestionDetails) -> int:
    return each.sort_id or 0
