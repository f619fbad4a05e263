"""Answers to questions, as tickets and orders have them. API document: "Data Collection"."""

from collections.abc import Callable, Sequence

from pydantic import AliasChoices, Field

from boxoffice.domain.models import Answer, AnswerInput
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.ticketbutler import fields
from boxoffice.ticketbutler.record import Record, read_one, read_some
from boxoffice.ticketbutler.wire import Call, WrongShape, hex_of

_LONG = 4000
"""Characters of an answer."""
_ABOUT = {"ticket": "ticket", "order": "purchase"}
"""What an answer about answers calls the thing that was asked."""


class AnsweredChoice(Record):
    """The document names the choice by `uuid`, the live service by `choice_uuid`."""

    uuid: fields.OptionalUuid = Field(None, validation_alias=AliasChoices("choice_uuid", "uuid"))
    heading: fields.Line = Field("", validation_alias=AliasChoices("choice_heading", "label"))
    """As it was when it was chosen: the choice may be gone since."""


class AnswerDetails(Record):
    """What was answered. The live service has a number for `question`."""

    question_uuid: fields.OptionalUuid = None
    question_or_number: fields.OptionalUuid = Field(None, validation_alias="question")
    question_heading: fields.Line = ""
    variation: fields.Line = ""
    answer_value: object = None
    second_value: fields.Line = Field("", validation_alias="answer_value_secondary")
    """The family name of NAME_FIRST_LAST."""
    phone_country_prefix: fields.Line = ""
    answered_choices: fields.Rows[AnsweredChoice] = ()

    @property
    def question(self) -> str:
        """Uuid of the question; empty where it is named by a number alone."""
        return self.question_uuid or self.question_or_number or ""

    @property
    def value(self) -> str:
        """The text of the answer, of all its parts."""
        text = clean(self.answer_value, _LONG, lines=self.variation == "TEXTAREA")
        prefix = self.phone_country_prefix
        if not text or not prefix or text.startswith(("+", "00", prefix)):
            prefix = ""
        elif not prefix.startswith("+"):
            prefix = f"+{prefix}"
        return " ".join(filter(None, (prefix, text, self.second_value)))

    @property
    def shown(self) -> str:
        """As people read it: its text, or what was chosen."""
        return ", ".join(choice.heading for choice in self.answered_choices if choice.heading) or (
            self.value
        )

    def as_answer(self) -> Answer:
        chosen = [choice for choice in self.answered_choices if choice.uuid]
        headings = tuple(item.heading for item in chosen)
        return Answer(
            question=self.question,
            heading=self.question_heading,
            value=self.value,
            choices=tuple(part.uuid or "" for part in chosen),
            headings=headings if any(headings) else (),
        )


def read_answers(uuid: str, what: str) -> Callable[[object], Sequence[Answer]]:
    """Reads the answers of a ticket or an order.

    API document: "Get Collected Ticket Data", "Collect Ticket Data", and those of an order.
    """

    def read(value: object) -> Sequence[Answer]:
        if not isinstance(value, dict) or "answers" not in value:
            raise WrongShape("no answers")
        about = hex_uuid(value.get(_ABOUT[what]))
        if about not in {uuid, None}:
            raise WrongShape(f"answers of {about} instead")
        rows = value["answers"] or []
        found = read_some(rows, lambda row: read_one(AnswerDetails, row), "answers")
        answers = [item.as_answer() for item in found if item.question]
        if rows and not answers:
            raise WrongShape("none of the answers names its question")
        return answers

    return read


def answers_call(
    uuid: str, what: str, given: Sequence[AnswerInput] | None = None
) -> Call[Sequence[Answer]]:
    """The answers of a ticket or an order, or, with `given`, their storing.

    API document: "Get Collected Ticket Data", "Collect Ticket Data", "Get Collected Data from
    order", "Collect Order Data".
    """
    uuid = hex_of(uuid, what)
    path, read = f"{what}s/{uuid}/questions/", read_answers(uuid, what)
    if given is None:
        return Call("GET", path, read, what)
    rows = [
        {
            "uuid": answer.question,
            "value": answer.value if isinstance(answer.value, str) else list(answer.value),
        }
        for answer in given
    ]
    return Call("POST", path, read, what, body=rows)
