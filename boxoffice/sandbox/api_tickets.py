"""One ticket: reading it, changing it, its questions and answers."""

from starlette.responses import Response

from boxoffice.sandbox import answers
from boxoffice.sandbox.api import Call, answer, boolean, optional_text, text_field


def read(call: Call) -> Response:
    return answer(call.shapes.ticket(call.ticket))


def update(call: Call) -> Response:
    """Changes what the body names. A ticket that is in or refunded is checked in all the same."""
    ticket, fields = call.ticket, call.fields()
    change: dict[str, str | bool | None] = {}
    if "full_name" in fields:
        change["full_name"] = text_field("full_name", fields["full_name"])
    if "checked_in" in fields:
        change["checked_in"] = boolean("checked_in", fields["checked_in"])
    for name in ("external_uuid", "lead_tracking_reference"):
        if name in fields:
            change[name] = optional_text(name, fields[name])
    call.state.update_ticket(ticket, **change)
    return answer(call.shapes.ticket(ticket))


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
