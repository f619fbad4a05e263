"""Questions of an event: the whole collection at once, or one."""

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from boxoffice.sandbox import organising
from boxoffice.sandbox.api import (
    NOT_FOUND,
    ApiError,
    Call,
    answer,
    boolean,
    done,
    optional_text,
    text_field,
    wrong,
)
from boxoffice.sandbox.models import Choice, Event, Question, TicketType
from boxoffice.sandbox.reading import integer, objects, read_each, required
from boxoffice.sandbox.state import State, hex_uuid

VARIATIONS = (
    "TEXT",
    "TEXTAREA",
    "NUMBER",
    "NAME",
    "COMPANY",
    "EMAIL",
    "SELECT",
    "SELECT_MULTIPLE",
    "NAME_FIRST_LAST",
    "PHONE",
)
_HEADING = 1000


@dataclass(slots=True)
class _ChoiceChange:
    old: Choice | None
    fields: dict[str, Any]
    place: int


@dataclass(slots=True)
class _Change:
    """What becomes of a question; without an `old` one, a new one."""

    old: Question | None
    fields: dict[str, Any] = field(default_factory=dict)
    choices: list[_ChoiceChange] | None = None
    """None: they stay."""

    def apply(self, state: State, event: Event) -> Question:
        made = self.old or Question(state.new_uuid(), state.new_pk(), "", "TEXT")
        for name, value in self.fields.items():
            setattr(made, name, value)
        if self.choices is not None:
            places = sorted(self.choices, key=lambda each: each.place)
            organising.set_choices(event, made, [_made(state, each) for each in places])
        return made


def _made(state: State, change: _ChoiceChange) -> Choice:
    made = change.old or Choice(state.new_uuid(), "")
    for name, value in change.fields.items():
        setattr(made, name, value)
    return made


def save_for_tickets(call: Call) -> Response:
    """Make what is sent the questions of attendees; those not sent are removed."""
    return _save(call, call.event.questions, for_tickets=True)


def save_for_buyers(call: Call) -> Response:
    """Make what is sent the questions of buyers; those not sent are removed."""
    return _save(call, call.event.purchase_questions, for_tickets=False)


def _save(call: Call, asked: list[Question], *, for_tickets: bool) -> Response:
    event, fields = call.event, call.fields()
    required(fields, "questions")
    known = {each.uuid: each for each in asked}
    seen: set[str] = set()

    def read(given: dict[str, Any]) -> _Change:
        old = None
        if given.get("uuid") is not None:
            uuid = hex_uuid(given["uuid"]) or ""
            if uuid not in known or uuid in seen:
                raise wrong("uuid", "The question does not exist.")
            seen.add(uuid)
            old = known[uuid]
        # Choices that are not sent are removed, all of them too.
        return _read(call, {"choices": []} | given, old, for_tickets=for_tickets)

    changes = read_each("questions", objects("questions", fields["questions"]), read)
    kept = {each.old for each in changes}
    organising.remove_questions(event, [each for each in asked if each not in kept])
    made = [each.apply(call.state, event) for each in changes]
    _sort(call, made)
    if for_tickets:
        event.questions = made
    else:
        event.purchase_questions = made
    call.state.tell("event.updated", event)
    told = [call.shapes.single_question(each, event) for each in made]
    return answer({"questions": told}, call.shapes.created)


def one(call: Call) -> Response:
    return answer(call.shapes.single_question(_named(call), call.event))


def update(call: Call) -> Response:
    """Changes what is sent; of `choices`, where they are sent, those not named are removed."""
    event, question = call.event, _named(call)
    for_tickets = question in event.questions
    _read(call, call.fields(), question, for_tickets=for_tickets).apply(call.state, event)
    _sort(call, event.questions if for_tickets else event.purchase_questions)
    call.state.tell("event.updated", event)
    return answer(call.shapes.single_question(question, event))


def delete(call: Call) -> Response:
    event = call.event
    organising.remove_questions(event, [_named(call)])
    call.state.tell("event.updated", event)
    return done()


def _named(call: Call) -> Question:
    uuid = hex_uuid(call.path["question"])
    for question in (*call.event.questions, *call.event.purchase_questions):
        if question.uuid == uuid:
            return question
    raise ApiError(404, NOT_FOUND)


def _sort(call: Call, questions: list[Question]) -> None:
    """By their sort ids; where each ticket type has a collection of its own, within it."""
    groups: dict[TicketType | None, int] = {None: 0}
    if call.shapes.collections_by_type:
        for each in questions:
            groups.setdefault(each.ticket_type, len(groups))
    keys = {
        each: (groups.get(each.ticket_type, 0), at if each.sort_id is None else each.sort_id)
        for at, each in enumerate(questions)
    }
    questions.sort(key=lambda each: keys[each])


def _read(call: Call, given: dict[str, Any], old: Question | None, *, for_tickets: bool) -> _Change:
    if old is None:
        required(given, "heading", "variation")
    change = _Change(old)
    if "heading" in given:
        change.fields["heading"] = text_field("heading", given["heading"], limit=_HEADING)
    if "sort_id" in given:
        change.fields["sort_id"] = integer("sort_id", given["sort_id"])
    for name in ("active", "required"):
        if name in given:
            change.fields[name] = boolean(name, given[name])
    if "variation" in given and (old is None or given["variation"] != call.shapes.variation(old)):
        if given["variation"] not in VARIATIONS:
            raise wrong("variation", "Not a valid choice.")
        change.fields["variation"] = given["variation"]
    if "ticket_type" in given and for_tickets:
        change.fields["ticket_type"] = _ticket_type(given["ticket_type"], call.event)
    if "choices" in given:
        change.choices = _choices(given["choices"], old)
    return change


def _ticket_type(given: object, event: Event) -> TicketType | None:
    if given is None or given == "all":
        return None
    for each in event.ticket_types:
        if given in (each.pk, str(each.pk)) or hex_uuid(given) == each.uuid:
            return each
    raise wrong("ticket_type", "The ticket type does not exist.")


def _choices(given: object, old: Question | None) -> list[_ChoiceChange]:
    known = {each.uuid: each for each in old.choices} if old else {}
    seen: set[str] = set()

    def read(each: dict[str, Any]) -> _ChoiceChange:
        choice = None
        if each.get("uuid") is not None:
            uuid = hex_uuid(each["uuid"]) or ""
            if uuid not in known or uuid in seen:
                raise wrong("uuid", "The choice does not exist.")
            seen.add(uuid)
            choice = known[uuid]
        else:
            required(each, "label")
        fields: dict[str, Any] = {}
        if "label" in each:
            fields["label"] = text_field("label", each["label"])
        if each.get("label_da") is not None:
            fields["label_da"] = text_field("label_da", each["label_da"], blank=True)
        if "description" in each:
            fields["description"] = optional_text("description", each["description"], 5000)
        place = integer("sort_id", each["sort_id"]) if "sort_id" in each else 0
        return _ChoiceChange(choice, fields, place)

    if given is None:
        return []
    return read_each("choices", objects("choices", given), read)
