"""The paths of the API that the sandbox serves."""

from starlette.applications import Starlette
from starlette.routing import Route

from boxoffice.sandbox import api_events, api_orders, api_tickets
from boxoffice.sandbox.api import Handler, Resource, Service, unknown_path
from boxoffice.sandbox.faults import PREFIX


def application(service: Service) -> Starlette:
    """Everything below `/api/v3/`."""

    def at(path: str, **handlers: Handler) -> Route:
        return Route(PREFIX + path, Resource(service, **handlers))

    routes = [
        at("ping/", GET=api_events.ping),
        at("events/", GET=api_events.events),
        at("events/{event}/", GET=api_events.event),
        at("events/{event}/ticket-types/", GET=api_events.ticket_types),
        at("events/{event}/tickets/", GET=api_events.tickets),
        at("events/{event}/ticket-type-questions/", GET=api_events.ticket_type_questions),
        at("events/{event}/purchase-questions/", GET=api_events.purchase_questions),
        at("events/{event}/orders/", GET=api_events.orders),
        at("tickets/{ticket}/", GET=api_tickets.read, PATCH=api_tickets.update),
        at(
            "tickets/{ticket}/questions/",
            GET=api_tickets.given_answers,
            POST=api_tickets.store_answers,
        ),
        at("tickets/{ticket}/questions/all/", GET=api_tickets.all_questions),
        at("tickets/{ticket}/questions/unanswered/", GET=api_tickets.unanswered_questions),
        at("orders/", POST=api_orders.create),
        at(
            "orders/{order}/",
            GET=api_orders.read,
            PATCH=api_orders.update,
            DELETE=api_orders.refund,
        ),
        at(
            "orders/{order}/questions/", GET=api_orders.given_answers, POST=api_orders.store_answers
        ),
    ]
    app = Starlette(routes=routes, exception_handlers={404: unknown_path})
    app.router.redirect_slashes = False
    return app
