"""Questions of an event as an organiser edits them. API document: "Data Collection"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from boxoffice.organiser.fields import Kind, Words, raw_field, said

VARIATIONS: Words = MappingProxyType(
    {
        "TEXT": "short text",
        "TEXTAREA": "long text",
        "NUMBER": "number",
        "NAME": "name",
        "NAME_FIRST_LAST": "first/last name",
        "COMPANY": "company",
        "EMAIL": "e-mail",
        "PHONE": "phone",
        "SELECT": "one choice",
        "SELECT_MULTIPLE": "several choices",
    }
)
"""NAME_FIRST_LAST and PHONE are the live service's alone; the others are documented."""
_SORTED = "The lowest number comes first."


class Asked(StrEnum):
    """Whom a question is asked: the two types of collections."""

    ATTENDEES = "ticket-type-questions"
    BUYERS = "purchase-questions"


@dataclass(frozen=True, slots=True)
class ChoiceDetails:
    """An answer to choose. Without a uuid it is new."""

    uuid: str = field(default="", metadata=said("Id", Kind.UUID))
    sort_id: int | None = field(
        default=None, metadata=said("Order of choices", Kind.WHOLE, edit=True, help=_SORTED)
    )
    label: str = field(default="", metadata=said("Label", edit=True, required=True))
    description: str = field(default="", metadata=said("Description", Kind.LINES, edit=True))
    raw: Mapping[str, object] = raw_field()


@dataclass(frozen=True, slots=True)
class QuestionDetails:
    """A question. Without a uuid it is new."""

    uuid: str = field(default="", metadata=said("Id", Kind.UUID))
    sort_id: int | None = field(
        default=None, metadata=said("Order of questions", Kind.WHOLE, edit=True, help=_SORTED)
    )
    heading: str = field(default="", metadata=said("Question", edit=True, required=True))
    active: bool = field(default=True, metadata=said("Active", Kind.YES, edit=True))
    required: bool = field(default=False, metadata=said("Required", Kind.YES, edit=True))
    variation: str = field(
        default="TEXT", metadata=said("Kind", Kind.CHOICE, edit=True, choices=VARIATIONS)
    )
    choices: tuple[ChoiceDetails, ...] = field(
        default=(), metadata=said("Choices", Kind.PARTS, edit=True, model=ChoiceDetails)
    )
    ticket_type: str = field(
        default="",
        metadata=said("Ticket type", help="The number (pk) of its ticket type; empty: all."),
    )
    """Taken only of a new question: the document names no way to move one."""
    raw: Mapping[str, object] = raw_field()


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions that are asked together."""

    uuid: str = field(default="", metadata=said("Id", Kind.UUID))
    active: bool = field(default=True, metadata=said("Active", Kind.YES))
    ticket_type: str = field(default="", metadata=said("Ticket type", help="Empty: all."))
    """Title of the ticket type it is asked for."""
    questions: tuple[QuestionDetails, ...] = field(
        default=(), metadata=said("Questions", Kind.PARTS, model=QuestionDetails)
    )
