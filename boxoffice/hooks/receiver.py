"""A small web server that takes webhooks at one secret path, and does nothing else.

Nobody is trusted: what is sent is bounded in size, time and number, nothing is decoded that does
not come to the secret path, and no answer says more than a status.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus

import h11

from boxoffice.clock import Clock, LateError, within
from boxoffice.hooks.address import Address
from boxoffice.hooks.names import look_up
from boxoffice.organiser import Hook
from boxoffice.ticketbutler import Unreadable
from boxoffice.ticketbutler.hooks import read_hook

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a hook."""
LONGEST_HEAD = 16 * 1024
"""Bytes of a request's head."""
PATIENCE = 10.0
"""Seconds that one request may take."""
AT_ONCE = 64
"""Connections; a further one takes the place of one that has not sent its hook yet."""
LEFT_OVER = 1024 * 1024
"""Bytes read and dropped of a request that is refused, so that its sender hears why."""
_PIECE = 65_536

BUSY = "too many at once"
SLOW = "too slow"
LOST = "the connection was lost"
_WHY = {
    HTTPStatus.NOT_FOUND: "not the secret path",
    HTTPStatus.METHOD_NOT_ALLOWED: "not posted",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"more than {LARGEST // 1024} KB",
    HTTPStatus.BAD_REQUEST: "not HTTP",
    HTTPStatus.UNPROCESSABLE_ENTITY: "no hook of Ticketbutler's",
}


class PortError(Exception):
    """The port cannot be opened."""

    def __init__(self, address: Address, error: OSError | UnicodeError) -> None:
        number = error.errno if isinstance(error, OSError) else None
        plain = os.strerror(number) if number and number > 0 else _words_of(error)
        self.sentence = (
            f"Webhooks cannot be received at {address}: {plain}. "
            "Give another address with --hooks HOST:PORT."
        )
        super().__init__(self.sentence)


def _words_of(error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "that is no name of a computer"


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True, eq=False)
class _Caller:
    """One connection, and how far its request has come."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    knows: bool = False
    """It has named the secret path."""
    whole: bool = False
    """All of its request is read."""
    refused: bool = False
    """It was turned away, and that was said."""
    answered: bool = False


class Receiver:
    """Hands each hook that comes to `path` to `deliver`, on the loop it was opened on."""

    def __init__(
        self,
        path: str,
        deliver: Callable[[Hook], None],
        *,
        clock: Clock,
        refused: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`path` begins with a slash; who knows it may send. `refused` is told why, in words."""
        self.came = 0
        """Hooks that were delivered."""
        self.turned_away = 0
        self._path = path.encode("ascii")
        self._deliver = deliver
        self._clock = clock
        self._refused = refused
        self._server: asyncio.Server | None = None
        self._callers: dict[_Caller, asyncio.Task[None]] = {}
        """Oldest first."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._decoding = asyncio.Lock()

    async def open(self, address: Address) -> Address:
        """Receive from now on; where, with the port that was found. Raises PortError."""
        try:
            hosts = await look_up(address.host)
            # Begun in two steps: called off in between, `close` knows the port that is bound.
            self._server = await asyncio.start_server(
                self._connected, hosts, address.port, limit=_PIECE, start_serving=False
            )
            await self._server.start_serving()
        except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
            await self.close()
            raise PortError(address, error) from error
        return address._replace(port=self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Close the port and every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for _ in range(3):  # a connection that was just accepted is known a few steps later
            await asyncio.sleep(0)
        for caller in list(self._callers):
            self._hang_up(caller)
        await asyncio.gather(*self._leaving, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)  # what was aborted is closed in the next step

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = _Caller(reader, writer)
        if self._server is None or not self._room():
            self._turn_away(caller, BUSY)
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(caller))
        self._callers[caller] = task
        task.add_done_callback(lambda task: self._served(caller, task))

    def _served(self, caller: _Caller, task: asyncio.Task[None]) -> None:
        self._callers.pop(caller, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a hook could not be received", exc_info=error)

    def _room(self) -> bool:
        """Make room for one more: who is silent or slow keeps no hook from coming.

        Strangers and those refused go first, then those who know the path; of each the oldest.
        """
        if len(self._callers) < AT_ONCE:
            return True
        unfinished = [caller for caller in self._callers if not caller.whole]
        if not unfinished:
            return False
        oldest = min(unfinished, key=lambda caller: caller.knows and not caller.refused)
        self._turn_away(oldest, BUSY)
        self._hang_up(oldest)
        return True

    def _hang_up(self, caller: _Caller) -> None:
        task = self._callers.pop(caller)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        caller.writer.transport.abort()
        task.cancel()

    async def _serve(self, caller: _Caller) -> None:
        """One request, within its time. Whatever becomes of it, the connection is closed."""
        try:
            await within(PATIENCE, self._attend(caller), self._clock)
        except LateError:
            self._turn_away(caller, SLOW)
        except OSError as error:
            log.debug("a hook's connection was lost: %s", type(error).__name__)
            self._turn_away(caller, LOST)
        finally:
            if caller.answered:
                caller.writer.close()
            else:
                caller.writer.transport.abort()

    async def _attend(self, caller: _Caller) -> None:
        await self._answer(caller)
        caller.answered = True
        if not caller.whole:
            await _drop(caller.reader)

    async def _answer(self, caller: _Caller) -> None:
        """Answer one request."""
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        try:
            body = await self._read(connection, caller)
            caller.whole = True
            if body is None:
                return
            await self._take(body)
            status = HTTPStatus.OK
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            self._turn_away(caller, _WHY[HTTPStatus.BAD_REQUEST])
        except _RefusedError as refusal:
            status = refusal.status
            self._turn_away(caller, _WHY[status])
        caller.writer.write(_said(status))
        if not caller.whole and caller.writer.can_write_eof():
            caller.writer.write_eof()
        await caller.writer.drain()

    async def _read(self, connection: h11.Connection, caller: _Caller) -> bytes | None:
        """The body of a request to the secret path; None: nothing was asked.

        Raises _RefusedError as soon as it is known, h11.RemoteProtocolError or OSError.
        """
        body = bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                if connection.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    caller.writer.write(connection.send(go_on) or b"")
                connection.receive_data(await caller.reader.read(_PIECE))
            elif isinstance(event, h11.Request):
                self._look(event)
                caller.knows = True
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST:
                    raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            else:
                return bytes(body) if isinstance(event, h11.EndOfMessage) else None

    def _look(self, request: h11.Request) -> None:
        """Raise where the head alone says that it is no hook, or one too large."""
        path = request.target.partition(b"?")[0].rstrip(b"/")
        if not compare_digest(path, self._path):
            raise _RefusedError(HTTPStatus.NOT_FOUND)
        if request.method != b"POST":
            raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED)
        if any(length > LARGEST for length in _lengths(request)):
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    async def _take(self, body: bytes) -> None:
        """Decode one hook at a time, so that many large ones leave turns to all else."""
        async with self._decoding:
            await asyncio.sleep(0)
            try:
                hook = read_hook(body)
            except Unreadable as error:
                log.debug("a hook could not be read: %s", error)  # a flood would fill the log
                raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY) from error
            if not hook.action:
                raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY)
        self.came += 1
        self._deliver(hook)

    def _turn_away(self, caller: _Caller, why: str) -> None:
        if not caller.refused:
            caller.refused = True
            self.turned_away += 1
            self._refused(why)


async def _drop(reader: asyncio.StreamReader) -> None:
    """Read what is left: unread, it would reset the connection before the answer is seen."""
    left = LEFT_OVER
    while left > 0 and (piece := await reader.read(_PIECE)):
        left -= len(piece)


def _lengths(request: h11.Request) -> Iterator[int]:
    """What the head says of the body's length: h11 has seen that it is a number."""
    return (int(value) for name, value in request.headers if name == b"content-length")


def _said(status: HTTPStatus) -> bytes:
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ).encode()
