"""Where the endpoints are. What a door does not need is loaded when it is first asked for."""

from collections.abc import Iterator
from functools import cache

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox import api_door
from boxoffice.sandbox.endpoint import (
    JSON,
    ApiError,
    Paths,
    Resource,
    Service,
    refused,
    unknown_path,
)
from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX
from boxoffice.sandbox.state import Role

_ADMINS = ("whitelabel/", f"{HOOKS}whitelabel/", "discount-code")
"""Beginnings of the paths that are open only to those who own the platform."""


def application(service: Service) -> Starlette:
    """Everything but the paths of `boxoffice.sandbox.control`."""
    every_path = cache(lambda: _assembled(service, _every_path(service)))

    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        """All paths with all methods, loaded at the first request that a door's do not serve."""
        await every_path()(scope, receive, send)

    app = _assembled(service, api_door.PATHS, rest)
    app.router.default = rest
    return app


def _assembled(service: Service, paths: Paths, rest: ASGIApp | None = None) -> Starlette:
    """An application of these paths; others are not found, as at the real service."""
    app = Starlette(
        routes=list(_routes(service, paths, rest)),
        exception_handlers={404: unknown_path, ApiError: refused},
    )
    app.router.redirect_slashes = False
    return app


def _routes(service: Service, paths: Paths, rest: ASGIApp | None) -> Iterator[Route]:
    for path, handlers in paths.items():
        needs = Role.ADMIN if path.startswith(_ADMINS) else Role.OBSERVER
        kinds: tuple[str, ...] = (JSON,)
        if path.startswith("whitelabel/"):
            kinds = (JSON, api_door.SPREADSHEET, "text/html")
        elif path.startswith(PAPER):
            kinds = ("application/pdf",)
        where = path if path.startswith("/") else PREFIX + path
        yield Route(where, Resource(service, handlers, kinds, needs, rest))


def _every_path(service: Service) -> Paths:
    """An organiser's paths as well as a door's."""
    from boxoffice.sandbox import (  # noqa: PLC0415 - a door's start does not wait for them
        api_discounts,
        api_events,
        api_platform,
        api_questions,
    )

    codes = api_discounts.paths(live=service.shapes.live)
    more: Paths = {**api_events.PATHS, **api_questions.PATHS, **codes, **api_platform.PATHS}
    both = {**api_door.PATHS, **more}
    return {path: {**api_door.PATHS.get(path, {}), **both[path]} for path in both}
