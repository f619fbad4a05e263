"""Where requests come in: each is logged, meets the faults in force and then the endpoints."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import repeat

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX, Fault, Faults, Kind, Rule, path_matches
from boxoffice.sandbox.state import Now

Sleep = Callable[[float], Awaitable[None]]
Drop = Callable[[Scope, bool], None]
"""Loses the connection of a request; what was written is sent first if the flag is set."""

KEPT = 100_000
LARGEST_BODY = 8_000_000
_PORTAL = b"""<!DOCTYPE html><html><head><title>Guest Wi-Fi</title></head><body>
<h1>Welcome to the venue's guest network</h1><form action="/login">Room <input name="room"></form>
</body></html>"""
_CLOUDY = """<!DOCTYPE html><html><head><title>test.ticketbutler.io | {status}</title></head>
<body><h1>Error code {status}</h1><p>The web server did not answer in time.</p></body></html>"""
_DETAIL = {
    401: "Invalid token.",
    403: "You do not have permission to perform this action.",
    404: "Not found.",
    405: "Method not allowed.",
    410: "The object requested has been removed from our servers.",
    429: "Request was throttled.",
    503: "Service temporarily unavailable, try again later.",
}
_CRASHED = "<!doctype html><html><body><h1>Server Error ({status})</h1></body></html>"
_TYPE = b"content-type"
_HTML = b"text/html; charset=utf-8"
_JSON = b"application/json"


class GoneError(Exception):
    """The client has left, or its connection was dropped: there is nobody to answer."""


@dataclass(slots=True)
class Logged:
    """One request. `path` is relative to `/api/v3/`, as `tickets/<uuid>/`."""

    at: datetime
    method: str
    path: str
    query: str
    body: bytes
    status: int | None = None
    """None: not answered (yet)."""
    applied: bool = False
    """The endpoint has done what was asked, whatever became of its answer."""
    gone: bool = False
    """The client left, or its connection was lost, before an answer."""
    fault: str = ""
    seconds: float = 0.0

    @property
    def data(self) -> object:
        """The body's JSON; None where there was none."""
        return json.loads(self.body) if self.body else None


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Logged] = deque(maxlen=KEPT)
        self.append = self._entries.append
        self.clear = self._entries.clear

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Logged]:
        return iter(list(self._entries))

    def find(
        self, method: str | None = None, path: str = "**", *, applied: bool | None = None
    ) -> list[Logged]:
        """Requests of this method to paths like `tickets/*/` (`*`: one part, `**`: anything)."""
        return [
            entry
            for entry in self
            if method in (None, entry.method)
            and (applied is None or entry.applied is applied)
            and path_matches(path, entry.path)
        ]

    def count(
        self, method: str | None = None, path: str = "**", *, applied: bool | None = None
    ) -> int:
        return len(self.find(method, path, applied=applied))


@dataclass(slots=True)
class Answer:
    """A whole response, held back until the faults have had their turn."""

    status: int = 500
    body: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=lambda: {_TYPE: _JSON})

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body = self.body + message["body"] if self.body else message["body"]

    async def send(self, send: Send, part: bytes | None = None) -> None:
        """Send it, or only `part` of its body and then no more."""
        self.headers[b"content-length"] = b"%d" % len(self.body)
        headers = list(self.headers.items())
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body, more = (self.body, False) if part is None else (part, True)
        await send({"type": "http.response.body", "body": body, "more_body": more})


@dataclass(frozen=True, slots=True)
class Gate:
    """The outermost application of the sandbox."""

    app: ASGIApp
    control: ASGIApp
    faults: Faults
    log: RequestLog
    now: Now
    sleep: Sleep
    drop: Drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if not f"{path}/".startswith((PREFIX, PAPER, HOOKS)):
            await self.control(scope, receive, send)
            return
        started = time.perf_counter()
        body = b""
        try:
            async for part in Request(scope, receive).stream():
                body += part
                if len(body) > LARGEST_BODY:
                    await Answer(413, b'{"detail":"Request body too large."}').send(send)
                    return
        except ClientDisconnect:
            return
        entry = Logged(
            at=self.now(),
            method=scope["method"],
            path=path.removeprefix(PREFIX),
            query=scope["query_string"].decode("latin-1"),
            body=body,
        )
        self.log.append(entry)
        try:
            answer = await self._answer(entry, scope, receive, send)
        except GoneError:
            entry.gone = True
            return
        if answer is not None:
            date = format_datetime(self.now().astimezone(UTC), usegmt=True)
            answer.headers[b"date"] = date.encode()
            entry.status = answer.status
            await answer.send(send)
        entry.seconds = time.perf_counter() - started

    async def _answer(
        self, entry: Logged, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """The answer to send; None where a fault has sent one already."""
        rules = self.faults.meet(entry.method, entry.path)
        entry.fault = ", ".join(str(rule.fault) for rule in rules)
        await self._wait([rule for rule in rules if not rule.fault.after], receive)
        failing = next((r for r in rules if r.fault.kind not in (Kind.LATENCY, Kind.HANG)), None)
        answer = Answer()
        if failing is None or failing.fault.handled:
            await self.app(scope, _replay(entry.body), answer.take)
            entry.applied = True
            await self._wait([rule for rule in rules if rule.fault.after], receive)
        if failing is None:
            return answer
        fault = failing.fault
        match fault.kind:
            case Kind.HUGE:
                entry.status = 200
                await _send_huge(int(fault.number * 1_000_000), send)
                return None
            case Kind.CUT:
                await answer.send(send, answer.body[: len(answer.body) // 2])
                await self._lose(scope, receive, flush=True)
            case Kind.DROP:
                await self._lose(scope, receive, flush=False)
            case Kind.STALE:
                if answer.status == 200:
                    answer.body = failing.cached(entry.path, answer.body, self.now())
                return answer
        return _failed(fault, answer)

    async def _wait(self, rules: list[Rule], receive: Receive) -> None:
        for rule in rules:
            if rule.fault.kind is Kind.LATENCY:
                await _unless_gone(self.sleep(rule.fault.number), receive)
            elif rule.fault.kind is Kind.HANG:
                await _unless_gone(rule.wait_released(), receive)

    async def _lose(self, scope: Scope, receive: Receive, *, flush: bool) -> None:
        self.drop(scope, flush)
        while (await receive())["type"] != "http.disconnect":
            continue
        raise GoneError


def _failed(fault: Fault, answer: Answer) -> Answer:
    """What is answered in place of `answer`."""
    match fault.kind:
        case Kind.TRUNCATED:
            answer.body = answer.body[: len(answer.body) // 2]
        case Kind.DEEP:
            depth = int(fault.number)
            answer.body = b"[" * depth + b"]" * depth
        case Kind.WRONG_SHAPE:
            was_list = answer.body.startswith(b"[")
            odd = b'{"results": [null, 7, {"uuid": 7}]}' if was_list else b'[null, 7, "x", {}]'
            answer.body = odd if fault.body is None else fault.body
        case Kind.HTML:
            return Answer(200, _PORTAL if fault.body is None else fault.body, {_TYPE: _HTML})
        case Kind.REDIRECT:
            elsewhere = b"http://login.guest-wifi.example/"
            return Answer(302, b"", {_TYPE: _HTML, b"location": elsewhere})
        case _:
            body = _made_up(fault.status) if fault.body is None else fault.body
            kind = _JSON if body[:1] in (b"{", b"[", b'"') else _HTML
            answer = Answer(fault.status, body, {_TYPE: kind})
            if fault.retry_after is not None:
                answer.headers[b"retry-after"] = fault.retry_after.encode()
    return answer


def _made_up(status: int) -> bytes:
    """An error as the service, or a proxy before it, words it."""
    if status >= 500 and status not in _DETAIL:
        page = _CLOUDY if status >= 520 else _CRASHED
        return page.format(status=status).encode()
    return b'{"detail":"%s"}' % _DETAIL.get(status, "Bad request.").encode()


async def _send_huge(size: int, send: Send) -> None:
    """A JSON array of strings of about `size` bytes, without a Content-Length."""
    part = b'"%s",' % (b"x" * 65_536)
    await send({"type": "http.response.start", "status": 200, "headers": [(_TYPE, _JSON)]})
    for body in (b"[", *repeat(part, size // len(part))):
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b'""]'})


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _unless_gone(waiting: Awaitable[None], receive: Receive) -> None:
    """Wait, but not longer than the client does; raises GoneError if it leaves first."""
    wait = asyncio.ensure_future(waiting)
    gone = asyncio.ensure_future(receive())
    done, pending = await asyncio.wait({wait, gone}, return_when=asyncio.FIRST_COMPLETED)
    for future in pending:
        future.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    if wait not in done:
        raise GoneError
    wait.result()
