"""What a door reads of an event: itself, its ticket types, tickets, questions and orders."""

from starlette.responses import Response

from boxoffice.sandbox.endpoint import Call, answer


def ping(call: Call) -> Response:
    """The document does not say what a ping answers."""
    return answer("pong" if call.shapes.created == 201 else {"ping": "pong"})


def events(call: Call) -> Response:
    now = call.state.now()
    old = call.query.get("old", "false").lower() in ("true", "1")
    listed = [event for event in call.state.events.values() if not event.deleted]
    return answer([call.shapes.event_row(e) for e in listed if old or not e.expired(now)])


def event(call: Call) -> Response:
    """The live service still answers with a deleted event, marked as such."""
    return answer(call.shapes.event(call.any_event if call.shapes.shows_deleted else call.event))


def ticket_types(call: Call) -> Response:
    event = call.event
    return answer([call.shapes.ticket_type(kind, event) for kind in event.ticket_types])


def tickets(call: Call) -> Response:
    return Response(call.lists.body(call.event), media_type="application/json")


def ticket_type_questions(call: Call) -> Response:
    return answer(call.shapes.ticket_type_questions(call.event))


def purchase_questions(call: Call) -> Response:
    return answer(call.shapes.purchase_questions(call.event))


def orders(call: Call) -> Response:
    return answer(call.shapes.orders(call.event))
