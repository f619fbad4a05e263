"""The sandbox itself: one organiser's data behind one loopback port.

async with Sandbox() as box:
    ...  # box.url, box.token, box.state, box.faults, box.log

`SandboxThread` is the same on a thread and a loop of its own, so that an app's loop stays free.
"""

import asyncio
import logging
import random
import secrets
import socket
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from typing import Self, TextIO, TypedDict, Unpack

from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from boxoffice.sandbox import api_door
from boxoffice.sandbox.control import Control
from boxoffice.sandbox.courier import Courier
from boxoffice.sandbox.data import organiser
from boxoffice.sandbox.endpoint import Paths, Service, assembled
from boxoffice.sandbox.faults import Faults
from boxoffice.sandbox.gate import Gate, RequestLog, Sleep
from boxoffice.sandbox.models import Ticket
from boxoffice.sandbox.shapes import Dialect
from boxoffice.sandbox.shapes_orders import Shapes, TicketLists
from boxoffice.sandbox.state import Now, State
from boxoffice.sandbox.trials import examples

HOST = "127.0.0.1"

# Without a handler of their own, uvicorn's warnings would be written over the app's screen.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())


class PortTakenError(OSError):
    """The port asked for is in use, or may not be used."""


class Sandbox:
    """A Ticketbutler site. May be stopped and started again: same port, same state.

    `courier` holds the webhooks' messages and what became of them.
    """

    def __init__(
        self,
        *,
        dialect: Dialect = "docs",
        tickets: int = 400,
        seed: int = 1,
        token: str | None = None,
        port: int = 0,
        now: Now = lambda: datetime.now(UTC),
        sleep: Sleep = asyncio.sleep,
        another_door_every: float | None = None,
        trials: bool = False,
    ) -> None:
        """`tickets`: those of event 1; about forty, which it always has, are within them.

        `now`: which day it is there. `sleep`: what latencies wait with.
        `another_door_every`: seconds, about, after which somebody of event 1 is admitted again.
        `trials`: `state.trials` are codes to try a door with, one for each of its answers.
        """
        self.dialect = dialect
        self.token = token or secrets.token_hex(20)
        self.state: State = organiser(now, tickets=tickets, seed=seed, trials=trials)
        self.log = RequestLog()
        self._shapes = Shapes(dialect, self.state)
        self._lists = TicketLists(self._shapes)
        self.faults = Faults(self._lists.reads)
        self.courier = Courier(self.state, self._shapes, sleep)
        self._port = port
        self._sleep = sleep
        self._another_door_every = another_door_every
        self._random = random.Random(seed)  # noqa: S311 - made-up arrivals
        gate = Gate(
            application(Service(self._shapes, self._lists, self.token)),
            Control(self.state, self.faults, self.log, self.courier).application(),
            self.faults,
            self.log,
            now,
            sleep,
            self._drop,
        )
        self._config = Config(
            gate,
            log_config=None,
            access_log=False,
            lifespan="off",
            date_header=False,  # the gate tells the time, by the sandbox's own clock
            ws="none",
            proxy_headers=False,
            timeout_keep_alive=75,  # as web servers do, not uvicorn's 5
        )
        self._config.load()
        self._server: asyncio.Server | None = None
        self._open = ServerState()
        self._neighbour: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The site's address; known once it was started."""
        return f"http://{HOST}:{self._port}"

    @property
    def running(self) -> bool:
        return self._server is not None

    def examples(self) -> dict[str, Ticket]:
        """A ticket for each answer of a door, by name: see `boxoffice.sandbox.trials`."""
        return examples(self.state)

    async def start(self) -> None:
        """Open the port. Raises PortTakenError with a sentence."""
        self._lists.body(self.state.tonight)  # the one that may be long
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._shapes.origin = self.url
        record = self._open = ServerState()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: H11Protocol(self._config, record, {}), sock=listener
        )
        self.courier.start()
        if self._another_door_every is not None:
            self._neighbour = loop.create_task(self._admit_others(self._another_door_every))

    async def _admit_others(self, every: float) -> None:
        """Be another door: admit somebody about every `every` seconds, so that lists change."""
        event = self.state.tonight
        while True:
            await self._sleep(every * (0.5 + self._random.random()))
            self.state.admit_somebody(event, self._random)

    async def stop(self) -> None:
        """Close the port and lose every connection, as when a cable is pulled."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        if self._neighbour is not None:
            self._neighbour.cancel()
            await asyncio.gather(self._neighbour, return_exceptions=True)
            self._neighbour = None
        await self.courier.stop()
        for _ in range(3):  # a connection that was just accepted is recorded a few steps later
            await asyncio.sleep(0)
        while self._open.connections:
            for connection in list(self._open.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
        await asyncio.gather(*self._open.tasks)
        await server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def _drop(self, scope: Scope, flush: bool) -> None:
        for connection in self._open.connections:
            if isinstance(connection, H11Protocol) and connection.client == scope["client"]:
                if flush:
                    connection.transport.close()
                else:
                    connection.transport.abort()


class SandboxOptions(TypedDict, total=False):
    """The arguments of `Sandbox` that make sense on a thread of its own."""

    dialect: Dialect
    tickets: int
    seed: int
    token: str | None
    port: int
    now: Now
    another_door_every: float | None
    trials: bool


class SandboxThread:
    """A `Sandbox` that blocks nobody while it serves.

    `start` and `stop` block for some milliseconds: from a running loop call them with
    `asyncio.to_thread`. The state and the faults may be changed from any thread.
    """

    def __init__(self, **options: Unpack[SandboxOptions]) -> None:
        self.sandbox = Sandbox(**options)
        self.token = self.sandbox.token
        self.state = self.sandbox.state
        self.faults = self.sandbox.faults
        self.log = self.sandbox.log
        self.courier = self.sandbox.courier
        self._portal = ExitStack()
        self._ended = threading.Event()
        self._ended.set()

    @property
    def url(self) -> str:
        return self.sandbox.url

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    def examples(self) -> dict[str, Ticket]:
        return self.sandbox.examples()

    def start(self) -> None:
        """Return when the port is open. Raises PortTakenError."""
        if self.running:
            return
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal())
            portal.call(self.sandbox.start)
            stack.callback(portal.call, self.sandbox.stop)
            self._portal = stack.pop_all()
        self._ended.clear()

    def stop(self) -> None:
        """Return when the port is closed; every connection is lost."""
        self._portal.close()
        self._ended.set()

    def join(self, seconds: float) -> None:
        """Wait for the server's end, but not longer than `seconds`."""
        self._ended.wait(seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


def serve(server: SandboxThread, out: TextIO = sys.stdout) -> None:
    """`boxoffice sandbox`: serve until Ctrl-C. Raises PortTakenError."""
    with server:
        print(f"url:   {server.url}", file=out)
        print(f"token: {server.token}", file=out)
        print(f"state: {server.url}/_sandbox/state/   faults: /_sandbox/faults/", file=out)
        print("Ctrl-C stops it.", file=out, flush=True)
        try:
            while server.running:
                server.join(1.0)
        except KeyboardInterrupt:
            print("Stopped.", file=out, flush=True)


def application(service: Service) -> Starlette:
    """Everything but the paths of `boxoffice.sandbox.control`."""
    every_path = cache(lambda: assembled(service, _every_path(service)))

    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        """All paths with all methods, loaded at the first request that a door's do not serve."""
        await every_path()(scope, receive, send)

    app = assembled(service, api_door.PATHS, rest)
    app.router.default = rest
    return app


def _every_path(service: Service) -> Paths:
    """An organiser's paths as well as a door's."""
    # A door's start does not wait for them.
    from boxoffice.sandbox import api_events, api_platform, api_questions  # noqa: PLC0415

    platform = api_platform.paths(live=service.shapes.live)
    more: Paths = {**api_events.PATHS, **api_questions.PATHS, **platform}
    both = {**api_door.PATHS, **more}
    return {path: {**api_door.PATHS.get(path, {}), **both[path]} for path in both}


def _listen(port: int) -> socket.socket:
    # With its protocol named, asyncio sends small answers without waiting (TCP_NODELAY).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there, the option would share the port with another program
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise PortTakenError(f"Port {port} cannot be used: {reason}.") from error
    return listener
