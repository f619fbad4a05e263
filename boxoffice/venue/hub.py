"""The hub: an engine that is kept running, the streams of the events, and who is at the venue.

A door asks for an event's stream by `bo.open`, and only then is it made. Doors are added and
removed while others go on claiming. Nothing that is claimed passes through this process: the engine
answers the doors itself.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import Presence, StoreTrouble
from boxoffice.language import _
from boxoffice.paths import take_lock
from boxoffice.venue import protocol
from boxoffice.venue.client import ANSWERS_WITHIN, CLIENT_ERRORS, bounded, end
from boxoffice.venue.cluster import SIZE, cluster_of, form
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_health import EngineHealth
from boxoffice.venue.event_streams import EventStreams
from boxoffice.venue.hub_events import HubChange, HubEvent, HubEvents
from boxoffice.venue.hub_folder import LOCK, HubFolder
from boxoffice.venue.local_network import first_port, own_hosts
from boxoffice.venue.membership import MOST_ADDRESSES, Membership
from boxoffice.venue.spares import (
    check_is_latest,
    engine_name,
    make_copy,
    spare_addresses,
    take_request,
)
from boxoffice.venue.strangers import Strangers

log = logging.getLogger(__name__)

TICK = 1.0
LOOK_EVERY = 10.0
"""Seconds between two looks whether a spare has taken over, and whether the engine is well."""
STARTS = 3
"""Attempts to have the engine back that ended by itself."""
_EVENT = re.compile(r"[0-9a-f]{1,64}").fullmatch


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
        others: Sequence[Address] = (),
    ) -> None:
        """Of that data folder. Raises ProblemError.

        `name`: the venue's, and `port`: both count at the first time, and a port that is given
        always; `others`: the two computers that are the hub with this one.
        """
        self._data = data
        self._clock = clock
        if others:
            form(data, others)
        self._folder = HubFolder.open(data, name=name, port=first_port(port))
        if port is not None and port != self._folder.settings.port:
            self._folder.change(lambda _: {"port": port})
        settings = self._folder.settings
        cluster = cluster_of(self._folder)
        self._engine = Engine(
            self._folder.path,
            settings.port,
            name=engine_name(settings),
            cluster=cluster and cluster.configuration(self._folder.path, settings.port),
        )
        replicas = 1 if cluster is None else SIZE
        self._strangers = Strangers(self._engine, clock)
        self._streams = EventStreams(self._engine, self._folder, replicas)
        self._doors = self._folder.settings.doors
        """Those that the engine knows, by their users."""
        self._health = EngineHealth(self._engine, clock, is_alone=cluster is None)
        self._changing = asyncio.Lock()
        self._events = HubEvents(clock)
        self._presences: Subscription | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.answer_pairing: AnswerPairing | None = None
        """Answers what strangers send to `bo.pair`; None: nobody is paired."""

    async def __aenter__(self) -> Self:
        """Start serving. Raises ProblemError."""
        lock = take_lock(self._folder.path / LOCK)
        if lock is None:
            raise ProblemError(_("This computer is the hub already: end the other boxoffice hub."))
        self._lock = lock
        try:
            await check_is_latest(self._folder, self._data)
            await self._start()
        except BaseException:
            self._lock.release()
            raise
        self._tasks = [asyncio.create_task(self._supervise()), asyncio.create_task(self._watch())]
        for task in self._tasks:
            task.add_done_callback(self._end_on_fault)
        return self

    async def __aexit__(self, *_: object) -> None:
        await end(self._tasks)
        await self._engine.stop()
        self._lock.release()
        self._events.publish(HubChange.STOPPED, self.name)
        self._events.end()

    def _end_on_fault(self, task: asyncio.Task[None]) -> None:
        """Have whoever reads `events` know of a fault of the program's own."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.critical("the hub stopped", exc_info=fault)
            self._events.end(ProblemError(_("The hub stopped on a fault of its own: see the log.")))

    @property
    def name(self) -> str:
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
        return self._events.doors

    @property
    def paired(self) -> list[str]:
        """Names of all doors that it lets in."""
        return sorted(door.name for door in self._doors.values())

    @property
    def trouble(self) -> StoreTrouble | None:
        """Why nothing is stored that the doors claim; None: it is."""
        return self._health.trouble

    def knows(self, user: str) -> bool:
        """Whether that user is a door's that was paired, and was not removed."""
        return user in self._folder.settings.doors

    def events(self) -> AsyncIterator[HubEvent]:
        """What happens, from the start until it is stopped. For one reader.

        Raises ProblemError where the engine has ended and cannot be started again, or a spare has
        taken over.
        """
        return self._events.read()

    async def admit(
        self, name: str, before: Membership | None = None, *, own: bool = False
    ) -> Membership:
        """Make a user for a door with that name. Raises ProblemError.

        `before`: what that computer was here, to go on as the same spare; `own`: for this computer,
        which reaches it whatever the network.
        """
        async with self._changing:
            user, password = self._folder.add_door(name, before, own=own)
            try:
                await self._engine.reload(self._folder.hashes)
            except ProblemError:
                self._folder.remove_doors(user=user)
                raise
            self._doors = self._folder.settings.doors
        log.info("paired a door: %s", user)
        await self._send_copies()
        await self._publish_settings()
        if not own:
            self._events.publish(HubChange.PAIRED, name)
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

    async def _start(self) -> None:
        """Have the engine serve. Raises ProblemError, and there is none then."""
        self._streams.reset()
        self._strangers.forget()
        self._doors = self._folder.read().doors
        await self._engine.start(self._folder.hashes)
        try:
            await self._engine.unless_ended(self._subscribe())
        except CLIENT_ERRORS as error:
            await self._engine.stop()
            raise ProblemError(
                _("The hub's engine ended as it started: {error}.").format(error=error)
            ) from error
        except ProblemError:
            await self._engine.stop()
            raise
        await self._publish_settings()

    async def _subscribe(self) -> None:
        """Take up what doors, spares and strangers ask for. Raises what is in CLIENT_ERRORS."""
        client = self._engine.client
        self._presences = None
        await self._listen_to_presences()
        for subject, take in (
            ("bo.clash.>", self._events.take_clash),
            (protocol.SETTINGS, self._take_settings),
            (protocol.pair_subject(self._engine.name), self._answer_pair),
        ):
            await client.subscribe(subject, cb=_logged(take))
        for subject, take in (  # of three computers one does it
            (f"{protocol.OPEN}.*", self._answer_open),
            (protocol.copy_request_subject("*"), self._take_copy_request),
        ):
            await client.subscribe(subject, "hub", cb=_logged(take))
        await bounded(client.flush(), ANSWERS_WITHIN)

    async def _listen_to_presences(self) -> None:
        """Know who is there, unless doors send too much. Raises what is in CLIENT_ERRORS."""
        if self._events.is_flooded and self._presences is not None:
            presences, self._presences = self._presences, None
            await presences.unsubscribe()
        elif not self._events.is_flooded and self._presences is None:
            self._presences = await self._engine.client.subscribe(
                protocol.presence_subject("*", "*"), cb=_logged(self._events.take_presence)
            )

    async def _supervise(self) -> None:
        """Start an engine again that has ended by itself."""
        while True:
            await self._engine.wait()
            log.warning("the hub's engine ended: it is started again")
            for attempt in range(1, STARTS + 1):
                await self._health.wait_writable()
                try:
                    await self._engine.stop()
                    await self._start()
                    break
                except ProblemError as problem:
                    log.error("the hub's engine does not start: %s", problem.sentence)
                    if attempt == STARTS:
                        self._events.end(problem)
                        return
                    await self._clock.sleep(TICK)

    async def _watch(self) -> None:
        """Notice doors that were removed or say nothing any more, and a spare that took over."""
        looked = self._clock.monotonic()
        while True:
            await self._clock.sleep(TICK)
            try:
                await self._cut_off_removed()
                await self._streams.forget()
                await self._strangers.drop_idle()
            except ProblemError as problem:
                log.warning("not all was done at the hub: %s", problem.sentence)
            now = self._clock.monotonic()
            if (is_due := now - looked > LOOK_EVERY) or self.trouble is not None:
                await self._health.check()
            if is_due:
                looked = now
                try:
                    await check_is_latest(self._folder, self._data)
                except ProblemError as problem:
                    self._events.end(problem)
                    return
            with suppress(*CLIENT_ERRORS):  # the engine has ended meanwhile
                await self._listen_to_presences()
            self._events.drop_gone()

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
                await self._send_copies()
                await self._publish_settings()
        for name in gone:
            self._events.publish(HubChange.REMOVED, name)

    async def _answer_open(self, message: Msg) -> None:
        event = message.subject.removeprefix(f"{protocol.OPEN}.")
        answer: dict[str, object] = {"error": "no event"}
        try:
            if (trouble := await self._health.look()) is not None:
                answer = {protocol.TROUBLE: trouble}
            elif _EVENT(event):
                await self._streams.open(event)
                settings = self._folder.settings
                answer = {
                    protocol.HUB: settings.hub,
                    protocol.EPOCH: settings.epoch,
                    protocol.ADDRESSES: list(map(str, self._all_addresses)),
                    "version": protocol.VERSION,
                }
            await message.respond(json.dumps(answer).encode())
        except CLIENT_ERRORS as error:  # the door asks once more
            log.warning("the stream of event %s is not there: %s", event, error)

    @property
    def _all_addresses(self) -> Iterable[Address]:
        """Its own, and where else it is or would be."""
        others = (*self._folder.others, *spare_addresses(self._folder))
        return dict.fromkeys((*self.addresses, *others))

    async def _publish_settings(self) -> None:
        """Have the other two know the doors of now, where three computers are the hub."""
        if self._folder.others:
            with suppress(*CLIENT_ERRORS):  # the engine has ended meanwhile
                await self._engine.client.publish(
                    protocol.SETTINGS, self._folder.settings.model_dump_json().encode()
                )

    async def _take_settings(self, message: Msg) -> None:
        """Let in the doors that another of three computers lets in, and no others."""
        async with self._changing:
            is_changed, is_ahead = self._folder.merge(message.data)
            if is_changed:
                await self._engine.reload(self._folder.hashes)
                self._doors = self._folder.settings.doors
                await self._send_copies()
        if is_ahead:
            await self._publish_settings()

    async def _take_copy_request(self, message: Msg) -> None:
        try:
            take_request(self._folder, message.subject.split(".")[2], message.data)
            await self._send_copies()
        finally:  # a full disk holds up no door that joins
            with suppress(*CLIENT_ERRORS):  # the engine has ended meanwhile
                await message.respond(b"{}")

    async def _send_copies(self) -> None:
        """Have every spare know the doors of now. One that is away asks when it is back."""
        if spares := self._folder.spares:
            copy = make_copy(self._folder)
            with suppress(*CLIENT_ERRORS):  # the engine has ended meanwhile
                for user in spares:
                    await self._engine.client.publish(protocol.copy_subject(user), copy)

    async def _answer_pair(self, message: Msg) -> None:
        if self.answer_pairing is not None:
            answer = await self.answer_pairing(message.data)
            with suppress(*CLIENT_ERRORS):  # the engine has ended meanwhile
                await message.respond(answer)


def _logged(take: Callable[[Msg], Awaitable[None]]) -> Callable[[Msg], Awaitable[None]]:
    """`take`, whose faults the client library would keep to itself."""

    async def logged(message: Msg) -> None:
        try:
            await take(message)
        except Exception:
            log.exception("a message at %s was not taken up", message.subject)
            raise

    return logged
