"""Every path of the API document with every method, an organiser's as well as a door's."""

from collections.abc import Iterator, Mapping

from starlette.applications import Starlette
from starlette.routing import Route

from boxoffice.sandbox import (
    api_discounts,
    api_event_changes,
    api_questions,
    api_ticket_types,
    api_webhooks,
    api_whitelabel,
)
from boxoffice.sandbox.api import Resource, Service
from boxoffice.sandbox.faults import HOOKS, PREFIX
from boxoffice.sandbox.routes import DOOR, Handlers, assembled, papers
from boxoffice.sandbox.spreadsheet import KIND
from boxoffice.sandbox.state import Role

EVENTS: Mapping[str, Handlers] = {
    "events/": {"POST": api_event_changes.create},
    "events/{event}/": {"POST": api_event_changes.update, "DELETE": api_event_changes.delete},
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
"""What an organiser does with an event, by path below `/api/v3/` and method."""

CODES: Mapping[str, Handlers] = {
    "discount-code/": {"GET": api_discounts.listed, "POST": api_discounts.create},
    "discount-code/{code}/": {"POST": api_discounts.toggle, "DELETE": api_discounts.delete},
    "discount-codes/": {"GET": api_discounts.listed},
}
"""Discount codes. The list can also be read in the plural, as a public client does."""

HOOKED: Mapping[str, Handlers] = {
    "whitelabel/hooks/": {"GET": api_webhooks.listed, "POST": api_webhooks.create},
    "whitelabel/hooks/{hook}/": {
        "GET": api_webhooks.one,
        "PATCH": api_webhooks.update,
        "DELETE": api_webhooks.delete,
    },
}
"""Webhooks, below `/webhooks/v1/`."""


def application(service: Service) -> Starlette:
    """Everything but the paths of `boxoffice.sandbox.control`."""
    return assembled([*_routes(service), papers(service)])


def _routes(service: Service) -> Iterator[Route]:
    for path in {**DOOR, **EVENTS}:
        handlers: Handlers = {**DOOR.get(path, {}), **EVENTS.get(path, {})}
        yield Route(PREFIX + path, Resource(service, handlers))
    # An event's codes answer by each path that the document has for them.
    for before in ("events/{event}/", "{event}/"):
        for path, handlers in CODES.items():
            yield Route(PREFIX + before + path, Resource(service, handlers))
    for path, handlers in CODES.items():
        yield Route(PREFIX + path, Resource(service, handlers, needs=Role.ADMIN))
    exports: Handlers = {"GET": api_whitelabel.newsletters}
    kinds = ("application/json", KIND, "text/html")
    yield Route(
        f"{PREFIX}whitelabel/newsletters/", Resource(service, exports, *kinds, needs=Role.ADMIN)
    )
    monthly = Resource(service, {"GET": api_whitelabel.orders}, needs=Role.ADMIN)
    yield Route(f"{PREFIX}whitelabel/orders/", monthly)
    yield Route(HOOKS, Resource(service, {"GET": api_webhooks.access}))
    yield Route(f"{HOOKS}actions/", Resource(service, {"GET": api_webhooks.actions}))
    for path, handlers in HOOKED.items():
        yield Route(HOOKS + path, Resource(service, handlers, needs=Role.ADMIN))
