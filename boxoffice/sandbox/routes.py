"""The paths that a door needs. Every other path and method is looked for when it is asked for."""

from collections.abc import Iterable, Mapping

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox import api_events, api_orders, api_tickets
from boxoffice.sandbox.api import Handler, Resource, Service, unknown_path
from boxoffice.sandbox.faults import PAPER, PREFIX

Handlers = Mapping[str, Handler]

DOOR: Mapping[str, Handlers] = {
    "ping/": {"GET": api_events.ping},
    "events/": {"GET": api_events.events},
    "events/{event}/": {"GET": api_events.event},
    "events/{event}/ticket-types/": {"GET": api_events.ticket_types},
    "events/{event}/tickets/": {"GET": api_events.tickets},
    "events/{event}/ticket-type-questions/": {"GET": api_events.ticket_type_questions},
    "events/{event}/purchase-questions/": {"GET": api_events.purchase_questions},
    "events/{event}/orders/": {"GET": api_events.orders},
    "tickets/{ticket}/": {"GET": api_tickets.read, "PATCH": api_tickets.update},
    "tickets/{ticket}/questions/": {
        "GET": api_tickets.given_answers,
        "POST": api_tickets.store_answers,
    },
    "tickets/{ticket}/questions/all/": {"GET": api_tickets.all_questions},
    "tickets/{ticket}/questions/unanswered/": {"GET": api_tickets.unanswered_questions},
    "orders/": {"POST": api_orders.create},
    "orders/{order}/": {
        "GET": api_orders.read,
        "PATCH": api_orders.update,
        "DELETE": api_orders.refund,
    },
    "orders/{order}/questions/": {
        "GET": api_orders.given_answers,
        "POST": api_orders.store_answers,
    },
}
"""Endpoints by path below `/api/v3/` and method."""


def application(service: Service) -> Starlette:
    """Everything but the paths of `boxoffice.sandbox.control`."""
    rest = _Rest(service)
    routes = [
        Route(PREFIX + path, Resource(service, handlers, rest=rest))
        for path, handlers in DOOR.items()
    ]
    app = assembled([*routes, papers(service)])
    app.router.default = rest
    return app


def papers(service: Service) -> Route:
    """The PDFs of orders."""
    pdf = Resource(service, {"GET": api_orders.tickets_as_pdf}, "application/pdf")
    return Route(f"{PAPER}{{order}}/tickets-as-pdf/", pdf)


def assembled(routes: Iterable[Route]) -> Starlette:
    """An application of these paths; others are not found, as at the real service."""
    app = Starlette(routes=list(routes), exception_handlers={404: unknown_path})
    app.router.redirect_slashes = False
    return app


class _Rest:
    """All paths with all methods, made at the first request that a door's paths do not serve.

    A door's start does not wait for what only an organiser asks for.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from boxoffice.sandbox import routes_organiser  # noqa: PLC0415 - not at the start

            self._app = routes_organiser.application(self._service)
        await self._app(scope, receive, send)
