"""The sandbox on a thread and a loop of its own, so that an app's loop beside it stays free."""

import asyncio
import sys
import threading
from types import TracebackType
from typing import Self, TextIO, TypedDict, Unpack

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
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return self.sandbox.url

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def examples(self) -> dict[str, Ticket]:
        return self.sandbox.examples()

    def start(self) -> None:
        """Return when the port is open. Raises PortTakenError."""
        if self.running:
            return
        self._ready.clear()
        self._failed = None
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed

    def stop(self) -> None:
        """Return when the port is closed; every connection is lost."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    def join(self, seconds: float) -> None:
        """Wait for the server's end, but not longer than `seconds`."""
        if self._thread is not None:
            self._thread.join(seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            await self.sandbox.start()
        except OSError as error:
            self._failed = error
            return
        finally:
            self._ready.set()
        try:
            await self._stop.wait()
        finally:
            await self.sandbox.stop()


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
