"""Where the endpoints are. What a door does not need is loaded when it is first asked for."""

from collections.abc import Iterable, Iterator

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox import api_lists, api_orders, api_tickets
from boxoffice.sandbox.endpoint import Paths, Resource, Service, unknown_path
from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX
from boxoffice.sandbox.state import Role

DOOR: Paths = {
    "ping/": {"GET": api_lists.ping},
    "events/": {"GET": api_lists.events},
    "events/{event}/": {"GET": api_lists.event},
    "events/{event}/ticket-types/": {"GET": api_lists.ticket_types},
    "events/{event}/tickets/": {"GET": api_lists.tickets},
    "events/{event}/ticket-type-questions/": {"GET": api_lists.ticket_type_questions},
    "events/{event}/purchase-questions/": {"GET": api_lists.purchase_questions},
    "events/{event}/orders/": {"GET": api_lists.orders},
    "tickets/{ticket}/": {"GET": api_tickets.one, "PATCH": api_tickets.update},
    "tickets/{ticket}/questions/": {
        "GET": api_tickets.given_answers,
        "POST": api_tickets.store_answers,
    },
    "tickets/{ticket}/questions/all/": {"GET": api_tickets.all_questions},
    "tickets/{ticket}/questions/unanswered/": {"GET": api_tickets.unanswered_questions},
    "orders/": {"POST": api_orders.create},
    "orders/{order}/": {
        "GET": api_orders.one,
        "PATCH": api_orders.update,
        "DELETE": api_orders.refund,
    },
    "orders/{order}/questions/": {
        "GET": api_orders.given_answers,
        "POST": api_orders.store_answers,
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
        api_exports,
        api_questions,
        api_ticket_types,
        api_webhooks,
    )

    events: Paths = {
        "events/": {"POST": api_events.create},
        "events/{event}/": {"POST": api_events.update, "DELETE": api_events.delete},
        "events/{event}/ticket-types/": {"POST": api_ticket_types.create},
        "events/{event}/ticket-types/{ticket_type}/": {
            "GET": api_ticket_types.one,
            "PATCH": api_ticket_types.update,
            "DELETE": api_ticket_types.delete,
        },
        "events/{event}/ticket-type-questions/": {"POST": api_questions.save_for_tickets},
        "events/{event}/purchase-questions/": {"POST": api_questions.save_for_buyers},
        "events/{event}/questions/{question}/": {
            "GET": api_questions.one,
            "PATCH": api_questions.update,
            "DELETE": api_questions.delete,
        },
    }
    for path in {**DOOR, **events}:
        both = {**DOOR.get(path, {}), **events.get(path, {})}
        yield Route(PREFIX + path, Resource(service, both))
    paged = service.shapes.pages_codes
    for path, handlers in (api_discounts.LIVE if paged else api_discounts.DOCS).items():
        for before in ("events/{event}/",) if paged else ("events/{event}/", "{event}/"):
            yield Route(PREFIX + before + path, Resource(service, handlers))
        yield Route(PREFIX + path, Resource(service, handlers, needs=Role.ADMIN))
    exports = {"newsletters/": api_exports.newsletters, "orders/": api_exports.orders}
    for path, export in exports.items():
        kinds = ("application/json", api_exports.KIND, "text/html")
        resource = Resource(service, {"GET": export}, *kinds, needs=Role.ADMIN)
        yield Route(f"{PREFIX}whitelabel/{path}", resource)
    yield Route(HOOKS, Resource(service, {"GET": api_webhooks.access}))
    yield Route(f"{HOOKS}actions/", Resource(service, {"GET": api_webhooks.actions}))
    hooks: Paths = {
        "whitelabel/hooks/": {"GET": api_webhooks.listed, "POST": api_webhooks.create},
        "whitelabel/hooks/{hook}/": {
            "GET": api_webhooks.one,
            "PATCH": api_webhooks.update,
            "DELETE": api_webhooks.delete,
        },
    }
    for path, handlers in hooks.items():
        yield Route(HOOKS + path, Resource(service, handlers, needs=Role.ADMIN))
