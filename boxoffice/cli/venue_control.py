"""A computer's place in its venue: the door that it is, and what a person may do about that.

To be its hub, to join one, to leave it.
"""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boxoffice import ProblemError
from boxoffice.domain.venue import NEVER_JOINED, LetInTwice, Presence, VenueStatus
from boxoffice.language import N_, _, current
from boxoffice.paths import environment_for_programs

if TYPE_CHECKING:  # few computers ever join a venue
    from boxoffice.cli.app_context import AppContext
    from boxoffice.domain.invitation import Address, Hosting
    from boxoffice.lane.overview import DoorScan
    from boxoffice.venue.discovery import FoundHub

log = logging.getLogger(__name__)

HUB = "import sys; from boxoffice.cli import main; sys.exit(main(sys.argv[2:], speaks=sys.argv[1]))"
"""Asked as a program, in the language of the screen that shows what it says."""
ENDS_WITHIN = 10.0
"""Seconds that a hub has to end by itself."""
STARTS_WITHIN = 30.0
HOW = N_("Type the address of yours, a space, and its code.")
NO_START = N_("The hub does not start: run boxoffice hub in another window to see why.")


class VenueControl:
    """Of one computer. It is the `boxoffice.screens.venue.VenueControl` that the app is given."""

    def __init__(self, context: "AppContext") -> None:
        self._context = context
        self._hub: HubProcess | None = None

    @property
    def status(self) -> VenueStatus:
        door = self._context.venue
        return door.status if door is not None else NEVER_JOINED

    @property
    def hosting(self) -> "Hosting | None":
        return self._hub.hosting if self._hub is not None else None

    async def doors(self) -> Sequence[Presence]:
        door, event = self._context.venue, self._context.open_event
        if door is None or event is None:
            return ()
        from boxoffice.venue import HubAwayError

        try:
            return await door.doors(event.uuid)
        except HubAwayError as error:
            log.debug("the doors are not known: %s", error)
            return ()

    @property
    def scans(self) -> "Sequence[tuple[DoorScan, str]]":
        overview = self._context.overview
        return overview.scans if overview is not None else ()

    async def let_in_twice(self) -> Sequence[tuple[LetInTwice, str]]:
        overview = self._context.overview
        return await overview.let_in_twice() if overview is not None else ()

    async def find(self) -> Sequence[str]:
        if self._context.settings.hub == "off":
            return ()
        try:  # what it needs is loaded on another thread: the screen goes on meanwhile
            find_hubs = await asyncio.to_thread(_load_search, self._context.data)
        except ProblemError as problem:
            log.debug("no hub is looked for: %s", problem.sentence)
            return ()
        return [hub.name for hub in await find_hubs()] if find_hubs is not None else ()

    async def join(self, code: str, address: "Address | None") -> None:
        """Raises ProblemError."""
        from boxoffice.venue import extra_needed

        with extra_needed():
            from boxoffice.venue import discovery, membership, pairing

        hub = self._context.settings.hub
        where = address or await discovery.find_only_hub(hub, _(HOW))
        before = membership.load(self._context.data)
        joined = await pairing.join(where, code, self._context.settings.lane, before)
        membership.save(joined, self._context.data)
        self._context.open_anew()

    async def leave(self) -> None:
        """Raises ProblemError."""
        from boxoffice.venue import membership

        membership.leave(self._context.data)
        self._context.open_anew()

    async def be_hub(self) -> None:
        """Raises ProblemError."""
        from boxoffice.venue import extra_needed

        with extra_needed():
            import boxoffice.venue.hub  # noqa: F401 - whether it can be

        if self._hub is None:
            hub = HubProcess(self._context)
            await hub.start()
            self._hub = hub
        self._context.open_anew()

    async def end_hub(self) -> None:
        if self._hub is not None:
            hub, self._hub = self._hub, None
            await hub.stop()


class HubProcess:
    """`boxoffice hub` in a process of its own, so that no screen waits for it, nor it for one."""

    def __init__(self, context: "AppContext") -> None:
        from boxoffice.domain.invitation import Hosting

        self._command = [
            *(sys.executable, "-c", HUB, current(), "hub", "--json"),
            *("--data-dir", str(context.data), "--lane", context.settings.lane),
        ]
        self.hosting: Hosting | None = Hosting(context.settings.lane)
        """None: it has ended."""
        self._process: Process | None = None
        self._ready = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._complaint = ""

    async def start(self) -> None:
        """Return once it serves. Raises ProblemError with what it says."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=environment_for_programs(),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                await self._ready.wait()
        except TimeoutError:
            await self.stop()
            raise ProblemError(_(NO_START)) from None
        if self.hosting is None:
            raise ProblemError(self._complaint or _(NO_START))

    async def stop(self) -> None:
        """End it, in order where that can be."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                await process.wait()
        except TimeoutError:
            log.error("the hub did not end within %g s", ENDS_WITHIN)
            process.kill()
            await process.wait()
        if self._reading is not None:
            await self._reading

    async def _read(self, process: Process) -> None:
        """Take up its lines until it ends."""
        from boxoffice.domain.invitation import Hosting, Invitation, read_address, read_code

        assert process.stdout is not None  # noqa: S101 - a pipe
        assert process.stderr is not None  # noqa: S101 - another
        complaining = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            message = json.loads(line)
            if message["state"] == "ready":
                address, code = read_address(message["address"]), read_code(message["code"])
                self.hosting = Hosting(message["name"], Invitation(address, code or ""))
                self._ready.set()
        complaint = (await complaining).decode("utf-8", "replace").strip()
        await process.wait()
        if complaint:
            log.warning("the hub: %s", complaint)
        self._complaint = complaint.splitlines()[-1] if complaint else ""
        self.hosting = None
        self._ready.set()


def _load_search(data: Path) -> "Callable[[], Awaitable[list[FoundHub]]] | None":
    """None: this computer joined a hub, whether a door of it is open yet or not.

    Raises ProblemError where it is not installed, and where the membership cannot be read.
    """
    from boxoffice.venue import extra_needed

    with extra_needed():
        from boxoffice.venue.discovery import find_hubs
        from boxoffice.venue.membership import load
    return find_hubs if load(data) is None else None
