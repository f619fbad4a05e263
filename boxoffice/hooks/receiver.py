"""A small web server that takes webhooks at one secret path, and does nothing else.

Nobody is trusted: what is sent is bounded in size, time and number, nothing is decoded that does
not come to the secret path, and no answer says more than a status.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from hmac import compare_digest
from http import HTTPStatus

import h11

from boxoffice.clock import Clock
from boxoffice.hooks.address import Address
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
"""Requests under way; further ones are turned away."""
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
        plain = os.strerror(number) if number and number > 0 else str(error)
        self.sentence = (
            f"Webhooks cannot be received at {address}: {plain}. "
            "Give another address with --hooks HOST:PORT."
        )
        super().__init__(self.sentence)


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


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
        self._tasks: set[asyncio.Task[None]] = set()
        self._decoding = asyncio.Lock()

    async def open(self, address: Address) -> Address:
        """Receive from now on; where, with the port that was found. Raises PortError."""
        try:
            self._server = await asyncio.start_server(
                self._connected, address.host, address.port, limit=_PIECE
            )
        except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)  # what was aborted is closed in the next step

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= AT_ONCE or self._server is None:
            self._turn_away(BUSY)
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, within its time. Whatever becomes of it, the connection is closed."""
        answering = asyncio.create_task(self._answer(reader, writer))
        late = asyncio.create_task(self._clock.sleep(PATIENCE))
        dropping = None
        try:
            await asyncio.wait((answering, late), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                self._turn_away(SLOW)
            elif isinstance(error := answering.exception(), OSError):
                log.debug("a hook's connection was lost: %s", type(error).__name__)
                self._turn_away(LOST)
            elif error is not None:
                log.error("a hook could not be received", exc_info=error)
            elif not answering.result():
                dropping = asyncio.create_task(_drop(reader))
                await asyncio.wait((dropping, late), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks = [task for task in (answering, late, dropping) if task is not None]
            answered = answering.done() and not answering.cancelled()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if answered:
                writer.close()
            else:
                writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether all of it was read."""
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        whole = False
        try:
            body = await self._read(connection, reader, writer)
            whole = True
            if body is None:
                return whole
            await self._take(body)
            status = HTTPStatus.OK
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            self._turn_away(_WHY[HTTPStatus.BAD_REQUEST])
        except _RefusedError as refusal:
            status = refusal.status
            self._turn_away(_WHY[status])
        writer.write(_said(status))
        if not whole and writer.can_write_eof():
            writer.write_eof()
        await writer.drain()
        return whole

    async def _read(
        self,
        connection: h11.Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bytes | None:
        """The body of a request to the secret path; None: nothing was asked.

        Raises _RefusedError as soon as it is known, h11.RemoteProtocolError or OSError.
        """
        body = bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                if connection.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    writer.write(connection.send(go_on) or b"")
                connection.receive_data(await reader.read(_PIECE))
            elif isinstance(event, h11.Request):
                self._look(event)
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

    def _turn_away(self, why: str) -> None:
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
