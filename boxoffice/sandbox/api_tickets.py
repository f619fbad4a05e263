"""One ticket: reading it, changing it, its questions and answers."""

from starlette.responses import Response

from boxoffice.sandbox import answers
from boxoffice.sandbox.api import ApiError, Call, answer, text_field

_TRUE = (True, 1, "1", "true", "True", "TRUE", "yes", "on")
_FALSE = (False, 0, "0", "false", "False", "FALSE", "no", "off")


def read(call: Call) -> Response:
    return answer(call.shapes.ticket(call.ticket))


def update(call: Call) -> Response:
    """Changes what the body names. A ticket that is in or refunded is checked in all the same."""
    ticket, fields = call.ticket, call.fields()
    full_name = text_field("full_name", fields["full_name"]) if "full_name" in fields else None
    checked_in = _boolean("checked_in", fields["checked_in"]) if "checked_in" in fields else None
    references = {
        name: None if fields[name] is None else text_field(name, fields[name], blank=True)
        for name in ("external_uuid", "lead_tracking_reference")
        if name in fields
    }
    if full_name is not None:
        ticket.full_name = full_name
    if checked_in is not None:
        ticket.checked_in = checked_in
    for name, value in references.items():
        setattr(ticket, name, value)
    call.state.touch(ticket)
    return answer(call.shapes.ticket(ticket))


def _boolean(name: str, value: object) -> bool:
    if value is None:
        raise ApiError(400, {name: ["This field may not be null."]})
    if isinstance(value, bool | int | str):
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
    raise ApiError(400, {name: ["Must be a valid boolean."]})


def given_answers(call: Call) -> Response:
    return answer(call.shapes.answers(call.ticket))


def store_answers(call: Call) -> Response:
    ticket = call.ticket
    answers.store(call, ticket, call.state.questions_of(ticket))
    return answer(call.shapes.answers(ticket), call.shapes.created)


def all_questions(call: Call) -> Response:
    return answer(call.shapes.questions(call.state.questions_of(call.ticket)))


def unanswered_questions(call: Call) -> Response:
    return answer(call.shapes.questions(call.state.unanswered(call.ticket)))
