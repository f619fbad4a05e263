"""What all endpoints share: the key, methods, JSON in and out, and errors in Django REST style."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX
from boxoffice.sandbox.models import Event, Order, Ticket
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import Shapes, TicketLists
from boxoffice.sandbox.state import Role, State, hex_uuid

JSON = "application/json"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_PERMISSION = {"detail": "You do not have permission to perform this action."}
_ADMINS = ("whitelabel/", f"{HOOKS}whitelabel/", "discount-code")
"""Beginnings of the paths that are open only to those who own the platform."""

T = TypeVar("T")


class ApiError(Exception):
    """A request that cannot be served: `status` and what its body says."""

    def __init__(self, status: int, body: object, **headers: str) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Service:
    """What the endpoints work on."""

    shapes: Shapes
    lists: TicketLists
    token: str


@dataclass(frozen=True, slots=True)
class Call:
    service: Service
    request: Request
    data: Any
    """The body's JSON; None without one."""

    @property
    def state(self) -> State:
        return self.service.shapes.state

    @property
    def shapes(self) -> Shapes:
        return self.service.shapes

    @property
    def path(self) -> Mapping[str, str]:
        """The parts of the path that name something."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def event(self) -> Event:
        """The event that the path names. One that was deleted is gone (410)."""
        event = self.any_event
        if event.deleted:
            detail = "The object requested has been removed from our servers."
            raise ApiError(410, {"detail": detail})
        return event

    @property
    def any_event(self) -> Event:
        """The event that the path names, deleted or not."""
        return found(self.state.events, self.path["event"])

    @property
    def ticket(self) -> Ticket:
        return found(self.state.tickets, self.path["ticket"])

    @property
    def order(self) -> Order:
        return found(self.state.orders, self.path["order"])

    def created(self, data: object) -> Response:
        """The answer to a POST that made something."""
        return answer(data, 201 if self.shapes.live else 200)

    def fields(self) -> dict[str, Any]:
        """The body as an object, or a 400."""
        if not isinstance(self.data, dict):
            kind = type(self.data).__name__
            text = f"Invalid data. Expected a dictionary, but got {kind}."
            raise ApiError(400, {"non_field_errors": [text]})
        return self.data


def found(things: Mapping[str, T], uuid: str) -> T:
    """What has this uuid, or a 404."""
    thing = things.get(hex_uuid(uuid) or "")
    if thing is None:
        raise ApiError(404, {"detail": "Not found."})
    return thing


class Handler(Protocol):
    """Answers with what becomes JSON, None (the document's empty 200), or a whole Response."""

    def __call__(self, call: Call, /) -> object: ...


Paths = Mapping[str, Mapping[str, Handler]]
"""Endpoints by path, below `/api/v3/` unless it begins with `/`, and method."""


@dataclass(frozen=True)
class Resource:
    """One path of the API: an endpoint for each method it knows. An ASGI application."""

    service: Service
    handlers: Mapping[str, Handler]
    kinds: tuple[str, ...] = (JSON,)
    """The types that it answers with."""
    needs: Role = Role.OBSERVER
    """Who may come here. An observer only reads, wherever it is."""
    rest: ASGIApp | None = None
    """Who is asked about other methods than those of `handlers`; None: nobody."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.rest is not None and scope["method"] not in self.handlers:
            await self.rest(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        self._check_key(request.headers.get("authorization"))
        self._check_role(request.method)
        handler = self.handlers.get(request.method)
        if handler is None:
            text = f'Method "{request.method}" not allowed.'
            raise ApiError(405, {"detail": text}, Allow=", ".join(self.handlers))
        self._check_accept(request.headers.get("accept", "*/*"))
        data = None
        if request.method != "GET":
            data = _read_json(await request.body(), request.headers.get("content-type", ""))
        result = handler(Call(self.service, request, data))
        if result is None:
            return Response(b"", media_type=JSON)
        return result if isinstance(result, Response) else answer(result)

    def _check_key(self, header: str | None) -> None:
        """401 as Django REST words it, unless the header is `Token <key>`."""
        word, _, token = (header or "").strip().partition(" ")
        if word.lower() != "token":
            detail = "Authentication credentials were not provided."
        elif not token.strip():
            detail = "Invalid token header. No credentials provided."
        elif token.strip() != self.service.token:
            detail = "Invalid token."
        else:
            return
        raise ApiError(401, {"detail": detail}, WWW_Authenticate="Token")

    def _check_role(self, method: str) -> None:
        role = self.service.shapes.state.role
        writes = method not in ("GET", "HEAD", "OPTIONS")
        if not role.includes(self.needs) or (writes and not role.includes(Role.ORGANISER)):
            raise ApiError(403, NO_PERMISSION)

    def _check_accept(self, header: str) -> None:
        kinds = {kind.partition(";")[0].strip().lower() for kind in header.split(",")}
        if not kinds & {"", "*/*", "application/*", *self.kinds}:
            raise ApiError(406, {"detail": "Could not satisfy the request Accept header."})


def _read_json(body: bytes, kind: str) -> object:
    if not body:
        return None
    if kind.partition(";")[0].strip().lower() != JSON:
        raise ApiError(415, {"detail": f'Unsupported media type "{kind}" in request.'})
    try:
        data: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, {"detail": f"JSON parse error - {error}"}) from error
    return data


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = encode(data).encode("utf-8", "replace")  # an error may quote half a character
    return Response(body, status, headers, media_type=JSON)


def assembled(service: Service, paths: Paths, rest: ASGIApp | None = None) -> Starlette:
    """An application of these paths; others are not found, as at the real service."""
    app = Starlette(
        routes=list(_routes(service, paths, rest)),
        exception_handlers={404: _unknown_path, ApiError: refused},
    )
    app.router.redirect_slashes = False
    return app


def _routes(service: Service, paths: Paths, rest: ASGIApp | None) -> Iterator[Route]:
    for path, handlers in paths.items():
        needs = Role.ADMIN if path.startswith(_ADMINS) else Role.OBSERVER
        kinds: tuple[str, ...] = (JSON,)
        if path.startswith("whitelabel/"):
            kinds = (JSON, SPREADSHEET, "text/html")
        elif path.startswith(PAPER):
            kinds = ("application/pdf",)
        where = path if path.startswith("/") else PREFIX + path
        yield Route(where, Resource(service, handlers, kinds, needs, rest))


async def refused(_request: Request, error: Exception) -> Response:
    """What an ApiError says; a query that means nothing is a 400."""
    if isinstance(error, ApiError):
        return answer(error.body, error.status, error.headers)
    return answer({"detail": str(error)}, 400)


async def _unknown_path(request: Request, _error: Exception) -> Response:
    """404 as Django answers it outside its API; a path that only lacks its last `/` is redirected.

    A redirected POST or PATCH loses its body, as it does at the real service.
    """
    path: str = request.scope["path"]
    if not path.endswith("/"):
        scope = {**request.scope, "path": path + "/"}
        routes = request.app.routes
        if any(r.matches(scope)[0] is Match.FULL for r in routes if isinstance(r, Route)):
            query = request.scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{path}/{'?' if query else ''}{query}", 301)
    return HTMLResponse("<!doctype html><html><body><h1>Not Found</h1></body></html>", 404)
