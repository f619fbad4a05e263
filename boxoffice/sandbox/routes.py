"""Where the endpoints are. What a door does not need is loaded when it is first asked for."""

from collections.abc import Iterable, Iterator

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox import api_door, api_orders
from boxoffice.sandbox.endpoint import Paths, Resource, Service, unknown_path
from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX
from boxoffice.sandbox.state import Role

DOOR: Paths = {
    "ping/": {"GET": api_door.ping},
    "events/": {"GET": api_door.events},
    "events/{event}/": {"GET": api_door.event},
    "events/{event}/ticket-types/": {"GET": api_door.ticket_types},
    "events/{event}/tickets/": {"GET": api_door.tickets},
    "events/{event}/ticket-type-questions/": {
        "GET": lambda call: call.shapes.ticket_type_questions(call.event)
    },
    "events/{event}/purchase-questions/": {
        "GET": lambda call: call.shapes.purchase_questions(call.event)
    },
    "events/{event}/orders/": {"GET": lambda call: call.shapes.orders(call.event)},
    "tickets/{ticket}/": {
        "GET": lambda call: call.shapes.ticket(call.ticket),
        "PATCH": api_door.update,
    },
    "tickets/{ticket}/questions/": {
        "GET": lambda call: call.shapes.answers(call.ticket),
        "POST": api_door.store_ticket_answers,
    },
    "tickets/{ticket}/questions/all/": {
        "GET": lambda call: call.shapes.questions(call.state.questions_of(call.ticket))
    },
    "tickets/{ticket}/questions/unanswered/": {
        "GET": lambda call: call.shapes.questions(call.state.unanswered(call.ticket))
    },
    "orders/": {"POST": api_orders.create},
    "orders/{order}/": {
        "GET": lambda call: call.shapes.order(call.order),
        "PATCH": api_orders.update,
        "DELETE": api_orders.refund,
    },
    "orders/{order}/questions/": {
        "GET": lambda call: call.shapes.answers(call.order),
        "POST": api_door.store_order_answers,
    },
}
"""What a door needs, below `/api/v3/`."""


def application(service: Service) -> Starlette:
    """Everything but the paths of `boxoffice.sandbox.control`."""
    rest = _Rest(service)
    routes = [
        Route(PREFIX + path, Resource(service, handlers, rest=rest))
        for path, handlers in DOOR.items()
    ]
    app = _assembled([*routes, _papers(service)])
    app.router.default = rest
    return app


def _papers(service: Service) -> Route:
    """The PDFs of orders."""
    pdf = Resource(service, {"GET": api_orders.tickets_as_pdf}, "application/pdf")
    return Route(f"{PAPER}{{order}}/tickets-as-pdf/", pdf)


def _assembled(routes: Iterable[Route]) -> Starlette:
    """An application of these paths; others are not found, as at the real service."""
    app = Starlette(routes=list(routes), exception_handlers={404: unknown_path})
    app.router.redirect_slashes = False
    return app


class _Rest:
    """All paths with all methods, loaded at the first request that a door's paths do not serve."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = _assembled([*_every_path(self._service), _papers(self._service)])
        await self._app(scope, receive, send)


def _every_path(service: Service) -> Iterator[Route]:
    """An organiser's paths as well as a door's."""
    from boxoffice.sandbox import (  # noqa: PLC0415 - a door's start does not wait for them
        api_discounts,
        api_events,
        api_platform,
        api_questions,
        api_ticket_types,
    )

    more: Paths = {**api_events.PATHS, **api_ticket_types.PATHS, **api_questions.PATHS}
    for path in {**DOOR, **more}:
        both = {**DOOR.get(path, {}), **more.get(path, {})}
        yield Route(PREFIX + path, Resource(service, both))
    paged = service.shapes.pages_codes
    for path, handlers in (api_discounts.LIVE if paged else api_discounts.DOCS).items():
        for before in ("events/{event}/",) if paged else ("events/{event}/", "{event}/"):
            yield Route(PREFIX + before + path, Resource(service, handlers))
        yield Route(PREFIX + path, Resource(service, handlers, needs=Role.ADMIN))
    exports: Paths = {
        "newsletters/": {"GET": api_platform.newsletters},
        "orders/": {"GET": api_platform.orders},
    }
    kinds = ("application/json", api_platform.KIND, "text/html")
    for path, handlers in exports.items():
        resource = Resource(service, handlers, *kinds, needs=Role.ADMIN)
        yield Route(f"{PREFIX}whitelabel/{path}", resource)
    for path, handlers in api_platform.OPEN.items():
        yield Route(HOOKS + path, Resource(service, handlers))
    for path, handlers in api_platform.OWNERS.items():
        yield Route(HOOKS + path, Resource(service, handlers, needs=Role.ADMIN))
