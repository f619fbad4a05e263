"""A small web server that takes webhooks at one secret path, and does nothing else.

Nobody is trusted: what is sent is bounded in size, time and number, nothing is decoded that does
not come to the secret path, and no answer holds more than a status.
"""

import asyncio
import logging
from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from boxoffice.clock import Clock
from boxoffice.domain.invitation import Address
from boxoffice.hooks import PortError
from boxoffice.language import N_, _
from boxoffice.ticketbutler import Unreadable
from boxoffice.ticketbutler.resources.webhooks import Hook, read_hook

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
"""Bytes read and dropped of a request that is refused, so that its sender sees the answer."""

BUSY = N_("too many at once")
SLOW = N_("too slow")
LOST = N_("the connection was lost")
NOT_HTTP = N_("not HTTP")
_WHY = {
    HTTPStatus.NOT_FOUND: N_("not the secret path"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("not posted"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: N_("no hook of Ticketbutler's"),
}
_HEADERS = [(b"content-length", b"0"), (b"connection", b"close")]


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _Connection(H11Protocol):
    """One connection, and how far its request has come."""

    def __init__(self, receiver: "Receiver", config: Config, open_here: ServerState) -> None:
        super().__init__(config, open_here, {"connection": self})
        self.knows_path = False
        self.whole = False
        """All of its request is read."""
        self.refused = False
        """It was turned away, and counted."""
        self.timer: asyncio.Task[None] | None = None
        self._receiver = receiver

    @property
    def unanswered(self) -> bool:
        """Something was sent, and no answer to it."""
        if self.cycle is None:
            return bool(self.conn.trailing_data[0])
        return not self.cycle.response_started

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._receiver.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._receiver.release(self, lost=exc is not None or self.unanswered)

    def send_400_response(self, msg: str) -> None:
        self._receiver.reject(self, NOT_HTTP)
        if getattr(self.cycle, "response_started", False):
            self.transport.abort()
        else:
            super().send_400_response(msg)


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
        """`path` begins with a slash; who knows it may send. `refused` is given why, in words."""
        self.came = 0
        """Hooks that were delivered."""
        self.turned_away = 0
        self._path = path.encode("ascii")
        self._deliver = deliver
        self._clock = clock
        self._refused = refused
        self._config = Config(
            self._respond,
            log_config=None,
            log_level="error",  # a flood of what is no HTTP would fill the log
            access_log=False,
            interface="asgi3",
            lifespan="off",
            ws="none",
            proxy_headers=False,
            h11_max_incomplete_event_size=LONGEST_HEAD,
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._connections: dict[_Connection, None] = {}
        """Oldest first; those that are being hung up are not among them."""
        self._all_lost = asyncio.Event()
        self._decoding = asyncio.Lock()

    async def open(self, address: Address) -> Address:
        """Receive from now on; where, with the port that was found. Raises PortError."""
        try:
            # Begun in two steps: called off in between, `close` knows the port that is bound.
            self._server = await asyncio.get_running_loop().create_server(
                self._accept, address.host, address.port, start_serving=False
            )
            await self._server.start_serving()
        except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
            await self.close()
            raise PortError(address, error) from error
        return address._replace(port=self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for _step in range(3):  # a connection that was just accepted is known a few steps later
            await asyncio.sleep(0)
        for connection in list(self._connections):
            self._hang_up(connection)
        if self._state.connections:  # what was aborted is lost in one of the next steps
            self._all_lost.clear()
            await self._all_lost.wait()
        await asyncio.gather(*self._state.tasks)
        await server.wait_closed()

    # Connections

    def _accept(self) -> _Connection:
        return _Connection(self, self._config, self._state)

    def admit(self, connection: _Connection) -> None:
        """Take a connection that was just made, if there is room for it, for as long as it may."""
        if self._server is None or not self._make_room():
            self.reject(connection, BUSY)
            connection.transport.abort()
            return
        self._connections[connection] = None
        connection.timer = asyncio.create_task(self._limit(connection))

    def release(self, connection: _Connection, *, lost: bool) -> None:
        """Forget a connection that is closed; `lost`: before it was answered."""
        self._connections.pop(connection, None)
        if connection.timer is not None:
            connection.timer.cancel()
        if lost:
            self.reject(connection, LOST)
        if not self._state.connections:
            self._all_lost.set()

    def reject(self, connection: _Connection, why: str) -> None:
        """Count it as turned away, once."""
        if not connection.refused:
            connection.refused = True
            self.turned_away += 1
            self._refused(_(why))

    async def _limit(self, connection: _Connection) -> None:
        await self._clock.sleep(PATIENCE)
        self.reject(connection, SLOW)
        self._hang_up(connection)

    def _make_room(self) -> bool:
        """Make room for one more: who is silent or slow keeps no hook from coming.

        Strangers and those refused go first, then those who know the path; of each the oldest.
        """
        if len(self._connections) < AT_ONCE:
            return True
        unfinished = [connection for connection in self._connections if not connection.whole]
        if not unfinished:
            return False
        oldest = min(unfinished, key=lambda one: one.knows_path and not one.refused)
        self.reject(oldest, BUSY)
        self._hang_up(oldest)
        return True

    def _hang_up(self, connection: _Connection) -> None:
        connection.refused = True  # no loss to be counted
        self._connections.pop(connection, None)
        connection.transport.abort()

    # Requests

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and read what is left of it."""
        request = Request(scope, receive)
        connection: _Connection = request.state.connection
        try:
            status = await self._status(request, connection)
            await send({"type": "http.response.start", "status": status.value, "headers": _HEADERS})
            if not connection.whole:
                await _drop(request)
        except ClientDisconnect:
            return
        await send({"type": "http.response.body"})

    async def _status(self, request: Request, connection: _Connection) -> HTTPStatus:
        """What became of a request. Raises ClientDisconnect."""
        try:
            self._check_head(request)
            connection.knows_path = True
            body = await _read(request)
            connection.whole = True
            await self._take(body)
        except _RefusedError as refusal:
            self.reject(connection, _WHY[refusal.status])
            return refusal.status
        return HTTPStatus.OK

    def _check_head(self, request: Request) -> None:
        """Raise where the head alone shows that it is no hook, or one too large."""
        path: bytes = request.scope["raw_path"]
        if not compare_digest(path.rstrip(b"/"), self._path):
            raise _RefusedError(HTTPStatus.NOT_FOUND)
        if request.method != "POST":
            raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED)
        if int(request.headers.get("content-length", 0)) > LARGEST:
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


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(body)


async def _drop(request: Request) -> None:
    """Read what is left: unread, it would reset the connection before the answer is seen."""
    left = LEFT_OVER
    async for piece in request.stream():
        left -= len(piece)
        if left <= 0:
            return
