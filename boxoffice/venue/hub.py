"""The hub: an engine that is kept running, the streams of the events, and who is at the venue.

A door asks for an event's stream by `bo.open`, and only then is it made. Doors are added and
removed while others go on claiming. Nothing that is claimed passes through this process: the engine
answers the doors itself.
"""

import asyncio
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Self

import ifaddr
import nats.errors
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError
from pydantic import SecretStr

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.invitation import PORT, Address
from boxoffice.domain.venue import Presence
from boxoffice.paths import take_lock
from boxoffice.venue import protocol
from boxoffice.venue.client import ANSWERS_WITHIN
from boxoffice.venue.engine import Engine, is_free
from boxoffice.venue.engine_config import stream_config
from boxoffice.venue.hub_folder import HubFolder
from boxoffice.venue.membership import MOST_ADDRESSES, Membership

log = logging.getLogger(__name__)

GONE_AFTER = 6.0
"""Seconds without a word of a door's, which says one every two."""
TICK = 1.0
STARTS = 3
"""Attempts to have the engine back that ended by itself."""
_EVENT = re.compile(r"[0-9a-f]{1,64}").fullmatch


class HubChange(StrEnum):
    """What happens at a hub, as `hub --json` calls it."""

    PAIRED = "paired"
    PRESENT = "present"
    GONE = "gone"
    REMOVED = "removed"
    CONFLICT = "conflict"
    STOPPED = "stopped"


class HubEvent(NamedTuple):
    """Something that has happened."""

    state: HubChange
    door: str
    """Its name; of a conflict: of the second door."""
    at: datetime


class PresentDoor(NamedTuple):
    """A door that is there."""

    presence: Presence
    heard: float
    """When, on the monotonic clock."""


AnswerPairing = Callable[[bytes], Awaitable[bytes]]


class Hub:
    """One venue's hub. Use it as a context: it serves inside, and `events` says what happens."""

    def __init__(
        self,
        data: Path,
        clock: Clock,
        *,
        name: str,
        port: int | None = None,
        server: Path | None = None,
    ) -> None:
        """Of that data folder. Raises ProblemError.

        `name`: the venue's, and `port`: both count at the first time, and a port that is given
        always; `server`: the engine's program, where it is another one.
        """
        self._clock = clock
        self._folder = HubFolder.open(data, name=name, port=_first_port(port))
        if port is not None and port != self._folder.settings.port:
            self._folder.change(lambda _: {"port": port})
        self._server = server
        self._engine = Engine(self._folder.path, self._folder.settings.port, server=server)
        self._doors = self._folder.settings.doors
        """Those that the engine knows, by their users."""
        self._opened: dict[str, bytes] = {}
        """What was answered to who asked for an event's stream."""
        self._opening = asyncio.Lock()
        self._changing = asyncio.Lock()
        self._present: dict[str, PresentDoor] = {}
        self._clashes: set[str] = set()
        self._events: asyncio.Queue[HubEvent | ProblemError | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self.answer_pairing: AnswerPairing | None = None
        """Answers what strangers send to `bo.pair`; None: nobody is paired."""

    async def __aenter__(self) -> Self:
        """Start serving. Raises ProblemError."""
        lock = take_lock(self._folder.path / "hub.lock")
        if lock is None:
            raise ProblemError("This computer is the hub already: end the other boxoffice hub.")
        self._lock = lock
        try:
            await self._start()
        except BaseException:
            self._lock.release()
            raise
        self._tasks = [asyncio.create_task(self._supervise()), asyncio.create_task(self._watch())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._engine.stop()
        self._lock.release()
        self._publish(HubChange.STOPPED, self.name)
        self._events.put_nowait(None)

    @property
    def name(self) -> str:
        """The venue's."""
        return self._folder.settings.name

    @property
    def id(self) -> str:
        """Its own: 16 hex digits."""
        return self._folder.settings.hub

    @property
    def epoch(self) -> int:
        return self._folder.settings.epoch

    @property
    def address(self) -> Address:
        """Where doors reach it."""
        return self.addresses[0]

    @property
    def addresses(self) -> list[Address]:
        """That of the default route first."""
        return [Address(host, self._folder.settings.port) for host in own_hosts()]

    @property
    def doors(self) -> list[Presence]:
        """Those that are there, by their lanes' names."""
        return sorted((door.presence for door in self._present.values()), key=lambda p: p.lane)

    @property
    def paired(self) -> list[str]:
        """Names of all doors that were paired."""
        return sorted(door.name for door in self._folder.settings.doors.values())

    async def events(self) -> AsyncIterator[HubEvent]:
        """What happens, from the start until it is stopped. For one reader.

        Raises ProblemError where the engine has ended and cannot be started again.
        """
        while (event := await self._events.get()) is not None:
            if isinstance(event, ProblemError):
                raise event
            yield event

    async def admit(self, name: str, *, own: bool = False) -> Membership:
        """Make a user for a door with that name. Raises ProblemError.

        `own`: for this computer, which reaches it whatever the network.
        """
        async with self._changing:
            user, password = self._folder.add_door(name)
            try:
                await self._engine.reload(self._folder.hashes)
            except ProblemError:
                self._folder.remove_doors(user=user)
                raise
            self._doors = self._folder.settings.doors
        log.info("paired a door: %s", user)
        self._publish(HubChange.PAIRED, name)
        settings = self._folder.settings
        addresses = [Address("127.0.0.1", settings.port)] if own else self.addresses
        return Membership(
            settings.name,
            settings.hub,
            settings.epoch,
            tuple(addresses[:MOST_ADDRESSES]),
            user,
            SecretStr(password),
            self._folder.certificate,
        )

    def _publish(self, state: HubChange, door: str) -> None:
        self._events.put_nowait(HubEvent(state, door, self._clock.now()))

    async def _start(self) -> None:
        """Have the engine serve. Raises ProblemError."""
        self._opened.clear()
        self._doors = self._folder.read().doors
        await self._engine.start(self._folder.hashes)
        client = self._engine.client
        for subject, take in (
            (f"{protocol.OPEN}.*", self._answer_open),
            (protocol.PAIR, self._answer_pair),
            ("bo.say.*.*", self._take_presence),
            ("bo.clash.>", self._take_clash),
        ):
            await client.subscribe(subject, cb=_logged(take))
        await client.flush()

    async def _supervise(self) -> None:
        """Start an engine again that has ended by itself."""
        while True:
            await self._engine.wait()
            log.warning("the hub's engine ended: it is started again")
            for attempt in range(1, STARTS + 1):
                try:
                    await self._engine.stop()
                    await self._start()
                    break
                except ProblemError as problem:
                    log.error("the hub's engine does not start: %s", problem.sentence)
                    if attempt == STARTS:
                        self._events.put_nowait(problem)
                        return
                    await self._clock.sleep(TICK)

    async def _watch(self) -> None:
        """Notice doors that were removed, and doors that say nothing any more."""
        while True:
            await self._clock.sleep(TICK)
            try:
                await self._cut_off_removed()
            except ProblemError as problem:
                log.warning("the users of the hub's engine are as before: %s", problem.sentence)
            now = self._clock.monotonic()
            for device, door in tuple(self._present.items()):
                if now - door.heard > GONE_AFTER:
                    del self._present[device]
                    self._publish(HubChange.GONE, door.presence.lane)

    async def _cut_off_removed(self) -> None:
        """Doors that `HubFolder.remove_doors` has removed, here or in another process.

        Raises ProblemError.
        """
        async with self._changing:
            doors = self._folder.read().doors
            gone = [door.name for user, door in self._doors.items() if user not in doors]
            if gone:
                await self._engine.reload(self._folder.hashes)
                self._doors = doors
        for name in gone:
            self._publish(HubChange.REMOVED, name)

    async def _answer_open(self, message: Msg) -> None:
        event = message.subject.removeprefix(f"{protocol.OPEN}.")
        if not _EVENT(event):
            await message.respond(json.dumps({"error": "no event"}).encode())
            return
        try:
            async with self._opening, asyncio.timeout(ANSWERS_WITHIN):
                if event not in self._opened:
                    self._opened[event] = await self._open(event)
                await message.respond(self._opened[event])
        except (nats.errors.Error, TimeoutError) as error:  # the door asks once more
            log.warning("the stream of event %s is not there: %s", event, error)

    async def _open(self, event: str) -> bytes:
        """Have the event's stream, made or found; the answer to the door.

        Raises nats.errors.Error or TimeoutError.
        """
        js = self._engine.client.jetstream(timeout=ANSWERS_WITHIN)
        settings = self._folder.settings
        own = {protocol.HUB: settings.hub, protocol.EPOCH: str(settings.epoch)}
        try:
            found = (await js.stream_info(protocol.stream(event))).config
            metadata = found.metadata or {}
            if metadata | own != metadata:  # from before a take-over
                found.metadata = metadata | own
                await js.update_stream(found)
        except NotFoundError:
            subjects = protocol.stored_subjects(event)
            await js.add_stream(stream_config(protocol.stream(event), subjects, metadata=own))
            log.info("opened event %s", event)
        answer = {
            protocol.HUB: settings.hub,
            protocol.EPOCH: settings.epoch,
            "version": protocol.VERSION,
        }
        return json.dumps(answer).encode()

    async def _answer_pair(self, message: Msg) -> None:
        if self.answer_pairing is not None:
            answer = await self.answer_pairing(message.data)
            with suppress(nats.errors.Error):  # the engine has ended meanwhile
                await message.respond(answer)

    async def _take_presence(self, message: Msg) -> None:
        try:
            presence = protocol.read_presence(message.subject, message.data)
        except protocol.ProtocolError as error:
            log.info("ignored: %s", error)
            return
        is_new = presence.device not in self._present
        self._present[presence.device] = PresentDoor(presence, self._clock.monotonic())
        if is_new:
            self._publish(HubChange.PRESENT, presence.lane)

    async def _take_clash(self, message: Msg) -> None:
        """Of each pair of doors once, though a door may send it again."""
        if message.subject in self._clashes:
            return
        try:
            clash = protocol.read_message(message.subject, message.data, 0)
        except protocol.ProtocolError as error:
            log.info("ignored: %s", error)
            return
        self._clashes.add(message.subject)
        self._publish(HubChange.CONFLICT, getattr(clash, "lane", ""))


def _logged(take: Callable[[Msg], Awaitable[None]]) -> Callable[[Msg], Awaitable[None]]:
    """`take`, whose faults the client library would keep to itself."""

    async def logged(message: Msg) -> None:
        try:
            await take(message)
        except Exception:
            log.exception("a message at %s was not taken up", message.subject)
            raise

    return logged


def own_hosts() -> list[str]:
    """IPv4 addresses of this computer, that of the default route first; else 127.0.0.1 alone.

    Nothing is sent.
    """
    hosts = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 and not str(ip.ip).startswith(("127.", "169.254."))
    ]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # of no network: what is asked is the way there
        default = probe.getsockname()[0]
        hosts = [default, *(host for host in hosts if host != default)]
    return hosts or ["127.0.0.1"]


def _first_port(port: int | None) -> int:
    """The one that is given, or the usual one, or where that is taken another one that is free."""
    if port is not None or is_free(PORT):
        return port or PORT
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("0.0.0.0", 0))  # noqa: S104 - as the engine will
        return int(probe.getsockname()[1])
