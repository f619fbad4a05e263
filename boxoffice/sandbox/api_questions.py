"""Questions of an event: the whole collection at once, or one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from starlette.responses import Response

from boxoffice.sandbox import fields
from boxoffice.sandbox.endpoint import Call, Paths, found
from boxoffice.sandbox.fields import Fields, Reader
from boxoffice.sandbox.models import Answer, Choice, Event, Question, TicketType, words
from boxoffice.sandbox.state import hex_uuid

VARIATIONS = words(
    "TEXT TEXTAREA NUMBER NAME COMPANY EMAIL SELECT SELECT_MULTIPLE NAME_FIRST_LAST PHONE"
)

T = TypeVar("T")


@dataclass(slots=True)
class _Change:
    """What becomes of a question; without an `old` one, a new one is made."""

    old: Question | None
    fields: Fields
    choices: list[tuple[Choice | None, Fields]] | None = None
    """With what is set of it, a choice, or None for a new one. None: they stay."""

    def apply(self, call: Call, event: Event) -> Question:
        state = call.state
        question = self.old or Question(state.new_uuid(), state.new_pk(), "", "TEXT")
        fields.assign(question, self.fields)
        if self.choices is None:
            return question
        remaining: list[Choice] = []
        for old, changed in sorted(self.choices, key=lambda change: change[1].pop("sort_id", 0)):
            remaining.append(old or Choice(state.new_uuid(), ""))
            fields.assign(remaining[-1], changed)
        gone = [choice for choice in question.choices if choice not in remaining]
        question.choices = remaining
        if not call.shapes.live:
            _deselect(event, question, gone)
        return question


def save(call: Call, *, for_tickets: bool) -> Response:
    """Make what is sent the questions of attendees, or of buyers; those not sent are removed."""
    event, sent = call.event, call.fields()
    asked = event.questions if for_tickets else event.purchase_questions
    fields.required(sent, "questions")
    find = _once({question.uuid: question for question in asked}, "question")

    def read_one(given: Fields) -> _Change:
        # Choices that are not sent are removed, all of them too.
        return _read(call, {"choices": []} | given, find(given), for_tickets=for_tickets)

    changes = fields.read_list("questions", sent["questions"], read_one)
    remaining = {change.old for change in changes}
    remove_questions(event, [question for question in asked if question not in remaining])
    asked[:] = [change.apply(call, event) for change in changes]
    _sort(call, asked)
    call.state.notify("event.updated", event)
    return call.created({"questions": [call.shapes.single_question(q, event) for q in asked]})


def update(call: Call) -> object:
    """Changes what is sent; of `choices`, where they are sent, those not named are removed."""
    event, question = call.event, _named(call)
    for_tickets = question in event.questions
    _read(call, call.fields(), question, for_tickets=for_tickets).apply(call, event)
    _sort(call, event.questions if for_tickets else event.purchase_questions)
    call.state.notify("event.updated", event)
    return call.shapes.single_question(question, event)


def delete(call: Call) -> None:
    remove_questions(call.event, [_named(call)])
    call.state.notify("event.updated", call.event)


PATHS: Paths = {
    "events/{event}/ticket-type-questions/": {"POST": partial(save, for_tickets=True)},
    "events/{event}/purchase-questions/": {"POST": partial(save, for_tickets=False)},
    "events/{event}/questions/{question}/": {
        "GET": lambda call: call.shapes.single_question(_named(call), call.event),
        "PATCH": update,
        "DELETE": delete,
    },
}


def _named(call: Call) -> Question:
    asked = (*call.event.questions, *call.event.purchase_questions)
    return found({question.uuid: question for question in asked}, call.path["question"])


def remove_questions(event: Event, gone: Collection[Question]) -> None:
    """Remove questions of an attendee or a buyer with all answers to them."""
    if not gone:
        return
    for asked in (event.questions, event.purchase_questions):
        asked[:] = [question for question in asked if question not in gone]
    for answers in _answers(event):
        for question in gone:
            answers.pop(question.uuid, None)


def _deselect(event: Event, question: Question, gone: Collection[Choice]) -> None:
    """Take removed choices out of the answers that selected them."""
    for answers in _answers(event) if gone else ():
        given = answers.get(question.uuid)
        if given is not None and given.choices:
            given.choices = [choice for choice in given.choices if choice not in gone]
            if not given.choices:
                del answers[question.uuid]


def _answers(event: Event) -> list[dict[str, Answer]]:
    """What attendees and buyers have answered, by the question's uuid."""
    given = [ticket.answers for ticket in event.tickets]
    return given + [order.answers for order in event.orders]


def _sort(call: Call, questions: list[Question]) -> None:
    """By their sort ids; where each ticket type has a collection of its own, within it."""
    groups: dict[TicketType | None, int] = {None: 0}
    keys: dict[Question, tuple[int, int]] = {}
    for at, question in enumerate(questions):
        own = question.ticket_type if call.shapes.live else None
        group = groups.setdefault(own, len(groups))
        keys[question] = group, at if question.sort_id is None else question.sort_id
    questions.sort(key=lambda question: keys[question])


def _once(known: Mapping[str, T], what: str) -> Callable[[Fields], T | None]:
    """Finds what a body names by `uuid`, at the first time only; None: it names nothing."""
    left = dict(known)

    def find(given: Fields) -> T | None:
        if given.get("uuid") is None:
            return None
        old = left.pop(hex_uuid(given["uuid"]) or "", None)
        if old is None:
            raise fields.wrong("uuid", f"The {what} does not exist.")
        return old

    return find


def _read(call: Call, given: Fields, old: Question | None, *, for_tickets: bool) -> _Change:
    if old is None:
        fields.required(given, "heading", "variation")
    readers: dict[str, Reader] = {
        "heading": lambda name, value: fields.text(name, value, limit=1000),
        "sort_id": fields.integer,
        "active": fields.boolean,
        "required": fields.boolean,
    }
    # The documented word for a variation that the document lacks, written back, changes nothing.
    if old is None or given.get("variation") != call.shapes.variation(old):
        readers["variation"] = partial(fields.choice, choices=VARIATIONS)
    if for_tickets:
        readers["ticket_type"] = lambda name, value: _ticket_type(name, value, call.event)
    change = _Change(old, fields.read(given, readers))
    if "choices" in given:
        change.choices = [] if given["choices"] is None else _choices(given["choices"], old)
    return change


def _ticket_type(name: str, given: object, event: Event) -> TicketType | None:
    if given is None or given == "all":
        return None
    for kind in event.ticket_types:
        if given in (kind.pk, str(kind.pk)) or hex_uuid(given) == kind.uuid:
            return kind
    raise fields.wrong(name, "The ticket type does not exist.")


def _choices(given: object, old: Question | None) -> list[tuple[Choice | None, Fields]]:
    find = _once({choice.uuid: choice for choice in old.choices} if old else {}, "choice")
    readers = {
        "label": fields.text,
        "label_da": fields.optional_text(),
        "description": fields.optional_text(5000),
        "sort_id": fields.integer,
    }

    def read_one(sent: Fields) -> tuple[Choice | None, Fields]:
        choice = find(sent)
        if choice is None:
            fields.required(sent, "label")
        change = fields.read(sent, readers)
        if change.get("label_da") is None:
            change.pop("label_da", None)
        return choice, change

    return fields.read_list("choices", given, read_one)
