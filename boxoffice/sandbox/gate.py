"""Where requests come in: each is logged, meets the faults in force and then the endpoints."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from boxoffice.sandbox.faults import HOOKS, PAPER, PREFIX, Fault, Faults, Kind, Rule
from boxoffice.sandbox.log import Logged, RequestLog
from boxoffice.sandbox.state import Now

Sleep = Callable[[float], Awaitable[None]]
Drop = Callable[[Scope, bool], None]
"""Loses the connection of a request; what was written is sent first if the flag is set."""

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
_HTML = "text/html; charset=utf-8"
_JSON = "application/json"


class GoneError(Exception):
    """The client has left, or its connection was dropped: there is nobody to answer."""


class Answer:
    """A whole response, held back until the faults have had their turn."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message["headers"])
        else:
            self.body = self.body + message["body"] if self.body else message["body"]

    @classmethod
    def of(cls, status: int, body: bytes, kind: str, **headers: str) -> "Answer":
        answer = cls()
        answer.status, answer.body = status, body
        answer.headers = [(b"content-type", kind.encode())]
        answer.headers += [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        return answer


class Gate:
    """The outermost application of the sandbox."""

    def __init__(
        self,
        app: ASGIApp,
        control: ASGIApp,
        *,
        faults: Faults,
        log: RequestLog,
        now: Now,
        sleep: Sleep,
        drop: Drop,
    ) -> None:
        self._app = app
        self._control = control
        self._faults = faults
        self._log = log
        self._now = now
        self._sleep = sleep
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if not f"{path}/".startswith((PREFIX, PAPER, HOOKS)):
            await self._control(scope, receive, send)
            return
        started = time.perf_counter()
        body = await _read(receive)
        if body is None:
            return
        if len(body) > LARGEST_BODY:
            await _send(Answer.of(413, b'{"detail":"Request body too large."}', _JSON), send)
            return
        entry = Logged(
            at=self._now(),
            method=scope["method"],
            path=path.removeprefix(PREFIX),
            query=scope["query_string"].decode("latin-1"),
            body=body,
        )
        self._log.add(entry)
        try:
            answer = await self._answer(entry, scope, receive, send)
        except GoneError:
            entry.gone = True
            return
        if answer is not None:
            date = format_datetime(self._now().astimezone(UTC), usegmt=True)
            answer.headers.append((b"date", date.encode()))
            entry.status = answer.status
            await _send(answer, send)
        entry.seconds = time.perf_counter() - started

    async def _answer(
        self, entry: Logged, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """The answer to send; None where a fault has sent one already."""
        rules = self._faults.meet(entry.method, entry.path)
        entry.fault = ", ".join(str(rule.fault) for rule in rules)
        await self._wait([rule for rule in rules if not rule.fault.after], receive)
        failing = next((r for r in rules if r.fault.kind not in (Kind.LATENCY, Kind.HANG)), None)
        fault = failing.fault if failing else None
        answer = Answer()
        if fault is None or fault.handled:
            entry.applied = True
            await self._app(scope, _replay(entry.body), answer.take)
            await self._wait([rule for rule in rules if rule.fault.after], receive)
        if failing is None:
            return answer
        if fault is not None and fault.kind is Kind.HUGE:
            entry.status = 200
            await _send_huge(int(fault.number * 1_000_000), send)
            return None
        if fault is not None and fault.kind is Kind.CUT:
            await send(_start(answer, len(answer.body)))
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await self._lose(scope, receive, flush=True)
        if fault is not None and fault.kind is Kind.DROP:
            await self._lose(scope, receive, flush=False)
        if failing.fault.kind is Kind.STALE:
            if answer.status == 200:
                answer.body = failing.cached(entry.path, answer.body, self._now())
            return answer
        return _failed(failing.fault, answer)

    async def _wait(self, rules: list[Rule], receive: Receive) -> None:
        for rule in rules:
            if rule.fault.kind is Kind.LATENCY:
                await _unless_gone(_awaited(self._sleep(rule.fault.number)), receive)
            elif rule.fault.kind is Kind.HANG:
                await _unless_gone(rule.held(), receive)

    async def _lose(self, scope: Scope, receive: Receive, *, flush: bool) -> None:
        self._drop(scope, flush)
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
            return Answer.of(200, _PORTAL if fault.body is None else fault.body, _HTML)
        case Kind.REDIRECT:
            return Answer.of(302, b"", _HTML, location="http://login.guest-wifi.example/")
        case _:
            return _status(fault)
    return answer


def _status(fault: Fault) -> Answer:
    """An error as the service, or a proxy before it, words it."""
    headers = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
    status = fault.status
    if fault.body is not None:
        kind = _JSON if fault.body[:1] in (b"{", b"[", b'"') else _HTML
        return Answer.of(status, fault.body, kind, **headers)
    if status in _DETAIL:
        return Answer.of(status, b'{"detail":"%s"}' % _DETAIL[status].encode(), _JSON, **headers)
    if status >= 520:
        return Answer.of(status, _CLOUDY.format(status=status).encode(), _HTML, **headers)
    if status >= 500:
        page = b"<!doctype html><html><body><h1>Server Error (%d)</h1></body></html>" % status
        return Answer.of(status, page, _HTML, **headers)
    return Answer.of(status, b'{"detail":"Bad request."}', _JSON, **headers)


def _start(answer: Answer, length: int | None) -> Message:
    headers = [each for each in answer.headers if each[0] != b"content-length"]
    if length is not None:
        headers.append((b"content-length", b"%d" % length))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _send(answer: Answer, send: Send) -> None:
    await send(_start(answer, len(answer.body)))
    await send({"type": "http.response.body", "body": answer.body})


async def _send_huge(size: int, send: Send) -> None:
    """A JSON array of strings of about `size` bytes, without a Content-Length."""
    part = b'"%s",' % (b"x" * 65_536)
    await send(_start(Answer.of(200, b"", _JSON), None))
    await send({"type": "http.response.body", "body": b"[", "more_body": True})
    for _ in range(size // len(part)):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b'""]'})


async def _read(receive: Receive) -> bytes | None:
    """The request's body, not much more than LARGEST_BODY of it; None: the client left."""
    body = b""
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _awaited(waiting: Awaitable[None]) -> None:
    await waiting


async def _unless_gone(waiting: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Wait, but not longer than the client does; raises GoneError if it leaves first."""
    wait = asyncio.ensure_future(waiting)
    gone = asyncio.ensure_future(receive())
    done, pending = await asyncio.wait({wait, gone}, return_when=asyncio.FIRST_COMPLETED)
    for each in pending:
        each.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    if wait not in done:
        raise GoneError
    wait.result()
