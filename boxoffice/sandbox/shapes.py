"""What all answers share, and questions with their answers, in both dialects.

`docs`: as the API document shows it, every uuid in hex, every field of the document's examples and
no other. `live`: what public clients have recorded of the service, where ids are dashed here and
hex there, times are without seconds, and money is a number and a string.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Literal

from boxoffice.sandbox.models import Answer, Choice, Event, Order, Question, Ticket, TicketType
from boxoffice.sandbox.state import State

Dialect = Literal["docs", "live"]
Json = dict[str, Any]

SITE = "https://test.ticketbutler.example"
"""Where links in the answers point: fixed, so that a list's bytes do not depend on the port."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_DOCUMENTED = {"TEXT", "TEXTAREA", "NUMBER", "NAME", "COMPANY", "EMAIL", "SELECT"}
_DOCUMENTED_AS = {"SELECT_MULTIPLE": "SELECT_MULTIPLE", "NAME_FIRST_LAST": "NAME"}


@cache
def _columns(written: str) -> tuple[list[str], "attrgetter[Any]"]:
    pairs = [column.partition("=") for column in written.split()]
    return [name for name, _, _ in pairs], attrgetter(*(path or name for name, _, path in pairs))


def attributes(thing: object, columns: str) -> Json:
    """What an answer takes from a model as it is: `name`, or `name=attribute.of.another`."""
    names, values = _columns(columns)
    return dict(zip(names, values(thing), strict=True))


def derived(uuid: str, which: int) -> str:
    """A uuid of its own for something that belongs to `uuid`."""
    return f"{(int(uuid, 16) + which) % (1 << 128):032x}"


def dashed(uuid: str) -> str:
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


class QuestionShapes:
    """What is asked of attendees and buyers, and what they answered."""

    def __init__(self, dialect: Dialect, state: State) -> None:
        self.state = state
        self.live = dialect == "live"
        self.origin = SITE
        """Where the PDFs of orders are: at the server that answers, once it has a port."""

    def uuid(self, uuid: str) -> str:
        """One of those that are dashed at the live service."""
        return dashed(uuid) if self.live else uuid

    def time(self, moment: datetime, event: Event) -> str:
        return moment.astimezone(event.timezone).isoformat(
            timespec="minutes" if self.live else "seconds"
        )

    def utc(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def variation(self, question: Question) -> str:
        """The document has no word for some kinds of question: those are texts in it."""
        named = question.variation
        if self.live or named in _DOCUMENTED:
            return named
        return _DOCUMENTED_AS.get(named, "TEXT")

    def question(self, question: Question, sort_id: int) -> Json:
        row = attributes(question, "uuid heading active required") | {
            "sort_id": sort_id if question.sort_id is None else question.sort_id,
            "variation": self.variation(question),
            "choices": [self.choice(choice, at) for at, choice in enumerate(question.choices)],
        }
        if self.live:
            row["ticket_type"] = question.ticket_type.pk if question.ticket_type else None
        return row

    def choice(self, choice: Choice, at: int) -> Json:
        row = attributes(choice, "label description")
        row |= {"uuid": self.uuid(choice.uuid), "sort_id": at}
        if self.live:
            row |= attributes(choice, "label_da description_da=description")
            row |= {"used": 0, "limit": None, "choice_parent_uuid": None}
            row["label_da"] = row["label_da"] or choice.label
        return row

    def single_question(self, question: Question, event: Event) -> Json:
        """One question by itself, numbered as it is in its collection."""
        asked = event.purchase_questions
        if question not in asked:
            kind = question.ticket_type
            asked = [q for q in event.questions if not self.live or q.ticket_type is kind]
        return self.question(question, asked.index(question))

    def questions(self, questions: Sequence[Question]) -> list[Json]:
        return [self.question(question, at) for at, question in enumerate(questions)]

    def collection(self, uuid: str, questions: Sequence[Question]) -> Json:
        return {"uuid": uuid, "active": bool(questions), "questions": self.questions(questions)}

    def ticket_type_questions(self, event: Event) -> object:
        """One collection with the questions of all ticket types.

        Live a list: a collection for all types together, and one for each that has its own.
        """
        if not self.live:
            return self.collection(derived(event.uuid, 1), event.questions)
        of_types: dict[TicketType | None, list[Question]] = {None: []}
        for question in event.questions:
            of_types.setdefault(question.ticket_type, []).append(question)
        return [
            self.collection(dashed(derived(kind.uuid if kind else event.uuid, 1)), questions)
            | {"ticket_type_name": kind.title if kind else None}
            for kind, questions in of_types.items()
        ]

    def purchase_questions(self, event: Event) -> Json:
        return self.collection(derived(event.uuid, 2), event.purchase_questions)

    def answers(self, answered: Ticket | Order) -> Json:
        name = "ticket" if isinstance(answered, Ticket) else "purchase"
        answers = answered.answers.values()
        return {name: answered.uuid, "answers": [self.answer(given, answered) for given in answers]}

    def answer(self, given: Answer, answered: Ticket | Order) -> Json:
        if not self.live:
            return self.documented_answer(given)
        question, value, secondary, prefix = given.question, given.value, None, None
        if question.variation == "NAME_FIRST_LAST" and " " in value:
            value, _, secondary = value.rpartition(" ")
        if question.variation == "PHONE" and value.startswith("+45"):
            prefix, value = value[:3], value[3:].strip()
        if isinstance(answered, Order):
            named: Json = {"question": question.uuid}
        else:
            named = {"question": question.pk, "question_uuid": dashed(question.uuid)}
        return named | {
            "uuid": dashed(given.uuid),
            "answer_collection": int(answered.uuid[:6], 16),
            "variation": question.variation,
            "question_heading": question.heading,
            "answer_value": value,
            "answer_value_secondary": secondary,
            "phone_country_prefix": prefix,
            "answered_choices": [
                {"choice_uuid": dashed(choice.uuid), "choice_heading": choice.label}
                for choice in given.choices
            ],
        }

    def documented_answer(self, given: Answer) -> Json:
        """An answer as the document has it; webhooks have it so in either dialect."""
        same = "uuid question=question.uuid question_heading=question.heading answer_value=value"
        return attributes(given, same) | {
            "variation": self.variation(given.question),
            "answered_choices": [
                attributes(choice, "uuid choice_heading=label") for choice in given.choices
            ],
        }
