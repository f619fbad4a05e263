"""What all endpoints share: the key, methods, JSON in and out, and errors in Django REST style."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from boxoffice.sandbox.listing import Listings
from boxoffice.sandbox.models import Event, Order, Ticket
from boxoffice.sandbox.shapes import encode
from boxoffice.sandbox.shapes_orders import DocsShapes
from boxoffice.sandbox.state import State, hex_uuid

NOT_FOUND = {"detail": "Not found."}

T = TypeVar("T")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ApiError(Exception):
    """A request that cannot be served: `status` and what its body says."""

    def __init__(self, status: int, body: object, **headers: str) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Service:
    """What the endpoints work on."""

    state: State
    shapes: DocsShapes
    lists: Listings
    token: str


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request."""

    service: Service
    path: Mapping[str, str]
    query: Mapping[str, str]
    data: Any
    """The body's JSON; None without one."""

    @property
    def state(self) -> State:
        return self.service.state

    @property
    def shapes(self) -> DocsShapes:
        return self.service.shapes

    @property
    def event(self) -> Event:
        return _found(self.state.events, self.path["event"])

    @property
    def ticket(self) -> Ticket:
        return _found(self.state.tickets, self.path["ticket"])

    @property
    def order(self) -> Order:
        return _found(self.state.orders, self.path["order"])

    def fields(self) -> dict[str, Any]:
        """The body as an object, or a 400."""
        if not isinstance(self.data, dict):
            kind = type(self.data).__name__
            text = f"Invalid data. Expected a dictionary, but got {kind}."
            raise ApiError(400, {"non_field_errors": [text]})
        return self.data


def _found(things: Mapping[str, T], uuid: str) -> T:
    thing = things.get(hex_uuid(uuid) or "")
    if thing is None:
        raise ApiError(404, NOT_FOUND)
    return thing


Handler = Callable[[Call], Response]


class Resource:
    """One path of the API: an endpoint for each method it knows. An ASGI application."""

    def __init__(self, service: Service, **handlers: Handler) -> None:
        self._service = service
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ApiError as problem:
            headers = {key.replace("_", "-"): value for key, value in problem.headers.items()}
            response = answer(problem.body, problem.status, headers)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        self._check_key(request.headers.get("authorization"))
        handler = self._handlers.get(request.method)
        if handler is None:
            text = f'Method "{request.method}" not allowed.'
            raise ApiError(405, {"detail": text}, Allow=", ".join(self._handlers))
        _check_accept(request.headers.get("accept", "*/*"))
        data = None
        if request.method != "GET":
            data = _read_json(await request.body(), request.headers.get("content-type", ""))
        return handler(Call(self._service, request.path_params, request.query_params, data))

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


def _check_accept(header: str) -> None:
    kinds = {each.partition(";")[0].strip().lower() for each in header.split(",")}
    if not kinds & {"", "*/*", "application/*", "application/json"}:
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
    return Response(encode(data), status, headers, media_type="application/json")


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


def text_field(name: str, value: object, *, limit: int = 255, blank: bool = False) -> str:
    """A text as a Django form field takes it, or a 400."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        says = "This field may not be null." if value is None else "Not a valid string."
        raise ApiError(400, {name: [says]})
    text = str(value).strip()
    if not text and not blank:
        raise ApiError(400, {name: ["This field may not be blank."]})
    if len(text) > limit:
        says = f"Ensure this field has no more than {limit} characters."
        raise ApiError(400, {name: [says]})
    if "\0" in text:
        raise ApiError(400, {name: ["Null characters are not allowed."]})
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise ApiError(400, {name: ["Surrogate characters are not allowed."]})
    return text


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None
