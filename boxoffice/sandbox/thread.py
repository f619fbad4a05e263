"""The sandbox on a thread and a loop of its own, so that an app's loop beside it stays free."""

import sys
import threading
from contextlib import ExitStack
from typing import Self, TextIO, TypedDict, Unpack

from anyio.from_thread import start_blocking_portal

from boxoffice.sandbox.models import Ticket
from boxoffice.sandbox.server import Sandbox
from boxoffice.sandbox.shapes import Dialect
from boxoffice.sandbox.state import Now


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
