"""Events, their ticket types, tickets and questions."""

from starlette.responses import Response

from boxoffice.sandbox.api import Call, answer


def ping(call: Call) -> Response:
    """The document does not say what a ping answers."""
    return answer("pong" if call.shapes.created == 201 else {"ping": "pong"})


def events(call: Call) -> Response:
    now = call.state.now()
    old = call.query.get("old", "false").lower() in ("true", "1")
    kept = [each for each in call.state.events.values() if not each.deleted]
    shown = [each for each in kept if old or not each.expired(now)]
    return answer([call.shapes.event_row(each) for each in shown])


def event(call: Call) -> Response:
    """The live service still tells of a deleted event that it is deleted."""
    shown = call.any_event if call.shapes.tells_deleted else call.event
    return answer(call.shapes.event(shown))


def ticket_types(call: Call) -> Response:
    of = call.event
    return answer([call.shapes.ticket_type(each, of) for each in of.ticket_types])


def tickets(call: Call) -> Response:
    return Response(call.service.lists.body(call.event), media_type="application/json")


def ticket_type_questions(call: Call) -> Response:
    return answer(call.shapes.ticket_type_questions(call.event))


def purchase_questions(call: Call) -> Response:
    return answer(call.shapes.purchase_questions(call.event))


def orders(call: Call) -> Response:
    return answer(call.shapes.orders(call.event))
