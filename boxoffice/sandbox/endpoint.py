"""What all endpoints share: the key, methods, JSON in and out, and errors in Django REST style."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from boxoffice.sandbox.models import Event, Order, Ticket
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.state import Role, State, hex_uuid
from boxoffice.sandbox.ticket_lists import TicketLists

NOT_FOUND = {"detail": "Not found."}
NO_PERMISSION = {"detail": "You do not have permission to perform this action."}
GONE = {"detail": "The object requested has been removed from our servers."}

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

    state: State
    shapes: DocsShapes
    lists: TicketLists
    token: str


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request."""

    service: Service
    request: Request
    data: Any
    """The body's JSON; None without one."""

    @property
    def state(self) -> State:
        return self.service.state

    @property
    def shapes(self) -> DocsShapes:
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
            raise ApiError(410, GONE)
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
        return answer(data, self.shapes.created)

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
        raise ApiError(404, NOT_FOUND)
    return thing


Handler = Callable[[Call], object]
"""Answers with what becomes JSON, None (the empty 200 of the document), or a whole Response."""
Paths = Mapping[str, Mapping[str, Handler]]
"""Endpoints by path and method."""


class Resource:
    """One path of the API: an endpoint for each method it knows. An ASGI application."""

    def __init__(
        self,
        service: Service,
        handlers: Mapping[str, Handler],
        *answers: str,
        needs: Role = Role.OBSERVER,
        rest: ASGIApp | None = None,
    ) -> None:
        """`answers`: the types that it answers with, JSON where none is named.

        `needs`: who may come here. An observer only reads, wherever it is.
        `rest`: who is asked about other methods than those of `handlers`; None: nobody.
        """
        self._service = service
        self._answers = frozenset(answers or ("application/json",))
        self._needs = needs
        self._handlers = handlers
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._rest is not None and scope["method"] not in self._handlers:
            await self._rest(scope, receive, send)
            return
        try:
            response = await self._answer(Request(scope, receive))
        except ApiError as problem:
            response = answer(problem.body, problem.status, problem.headers)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        self._check_key(request.headers.get("authorization"))
        self._check_role(request.method)
        handler = self._handlers.get(request.method)
        if handler is None:
            text = f'Method "{request.method}" not allowed.'
            raise ApiError(405, {"detail": text}, Allow=", ".join(self._handlers))
        self._check_accept(request.headers.get("accept", "*/*"))
        data = None
        if request.method != "GET":
            data = _read_json(await request.body(), request.headers.get("content-type", ""))
        result = handler(Call(self._service, request, data))
        if result is None:
            return Response(b"", 200, media_type="application/json")
        return result if isinstance(result, Response) else answer(result)

    def _check_key(self, header: str | None) -> None:
        """401 as Django REST words it, unless the header is `Token <key>`."""
        word, _, token = (header or "").strip().partition(" ")
        if word.lower() != "token":
            detail = "Authentication credentials were not provided."
        elif not token.strip():
            detail = "Invalid token header. No credentials provided."
        elif token.strip() != self._service.token:
            detail = "Invalid token."
        else:
            return
        raise ApiError(401, {"detail": detail}, WWW_Authenticate="Token")

    def _check_role(self, method: str) -> None:
        role = self._service.state.role
        writes = method not in ("GET", "HEAD", "OPTIONS")
        if not role.includes(self._needs) or (writes and not role.includes(Role.ORGANISER)):
            raise ApiError(403, NO_PERMISSION)

    def _check_accept(self, header: str) -> None:
        kinds = {kind.partition(";")[0].strip().lower() for kind in header.split(",")}
        if not kinds & {"", "*/*", "application/*", *self._answers}:
            raise ApiError(406, {"detail": "Could not satisfy the request Accept header."})


def _read_json(body: bytes, kind: str) -> object:
    if not body:
        return None
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, {"detail": f'Unsupported media type "{kind}" in request.'})
    try:
        data: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, {"detail": f"JSON parse error - {error}"}) from error
    return data


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = encode(data).encode("utf-8", "replace")  # an error may quote half a character
    return Response(body, status, headers, media_type="application/json")


async def unknown_path(request: Request, error: Exception) -> Response:
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
