"""`Door`: a door of a venue, as the rest of the program uses it. It is a `boxoffice.venue.Venue`.

It works on a thread with an event loop of its own. Modules that only this thread needs are imported
there, so that neither a screen nor a scan waits for them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.invitation import Address, read_address
from boxoffice.domain.seats import Pool
from boxoffice.domain.venue import (
    DEADLINE,
    UNKNOWN,
    Attempt,
    HubState,
    Message,
    Presence,
    Shown,
    Taken,
    VenueStatus,
)
from boxoffice.language import N_, _
from boxoffice.venue import MISSING, After, Apply, HubAwayError, Watcher, membership, protocol
from boxoffice.venue.follower import Follower

if TYPE_CHECKING:  # the thread imports them, and with them the client of the engine
    from boxoffice.venue.known_hub import Find, Remember
    from boxoffice.venue.membership import Membership
    from boxoffice.venue.record import Stored
    from boxoffice.venue.supervisor import Supervisor

log = logging.getLogger(__name__)

T = TypeVar("T")

DAMAGED = N_(
    "What this computer had joined its venue by was damaged, and is {aside} now: join again. Until "
    "then it goes by its own list alone."
)
UNHURRIED = 2.5
"""Seconds that a request may take if no scan waits for it."""
ENDS_WITHIN = 5.0
"""Seconds that the thread has to end; after that, nobody waits for it any longer."""


class Door:
    """The door of one data folder and one lane. Use it as an async context manager."""

    def __init__(
        self,
        membership: "Membership",
        *,
        device: str,
        lane: str,
        clock: Clock,
        remember: "Remember | None" = None,
        find: "Find | None" = None,
        data: Path | None = None,
    ) -> None:
        """`device`: the data folder's own id, 16 hex digits; `lane`: the lane's name.

        `remember` is called with the membership whenever it changes. `find` looks for the hub if it
        answers at none of its addresses. Both are called on the venue's thread. `data`: the folder
        with what makes this computer a spare; None: it is none.
        """
        self._membership = membership
        self._device = device
        self._lane = lane
        self._clock = clock
        self._remember = remember
        self._find = find
        self._data = data
        self._status = VenueStatus(HubState.JOINING, membership.venue, since=clock.now())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = Thread(target=self._run, name="venue", daemon=True)
        self._stop = asyncio.Event()
        self._ready = asyncio.Event()
        self._supervisor: Supervisor | None = None
        self._followers: list[Follower] = []
        self._watchers: tuple[_Watching, ...] = ()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave the venue. No message of the feed is applied after this."""
        for follower in self._followers:
            follower.end()
            await follower.wait_ended()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            await asyncio.to_thread(self._thread.join, ENDS_WITHIN)
            if self._thread.is_alive():
                log.error("the venue's thread has not ended within %g s", ENDS_WITHIN)

    @property
    def device(self) -> str:
        return self._device

    @property
    def status(self) -> VenueStatus:
        return self._status

    async def wait_joined(self, within: float) -> bool:
        """Wait for a connection to the hub, for so many seconds; whether there is one."""
        try:
            await self._ask(lambda supervisor: supervisor.wait_joined(), within)
        except HubAwayError:
            return False
        return True

    # What a lane asks for, as `boxoffice.venue.Venue` describes it

    async def take(self, event: str, ticket: str, round_: int, at: datetime | None = None) -> Taken:
        when = at or self._clock.now()
        return await self._claim(lambda supervisor: supervisor.take(event, ticket, round_, when))

    async def release(
        self, event: str, ticket: str, round_: int, at: datetime | None = None
    ) -> Taken:
        when = at or self._clock.now()
        return await self._claim(lambda supervisor: supervisor.release(event, ticket, round_, when))

    async def put(self, message: Message) -> bool:
        try:
            return await self._ask(lambda supervisor: supervisor.put(message), UNHURRIED)
        except HubAwayError:
            return False

    async def attempt(self, attempt: Attempt) -> Attempt | None:
        event, subject = attempt.event, protocol.subject(attempt)
        try:
            if await self.store(event, subject, protocol.body(attempt)):
                return attempt
            stored = await self.last(event, subject)
            stands = None if stored is None else protocol.read_message(*stored)
        except (HubAwayError, protocol.ProtocolError) as error:
            log.info("whose turn it is at %s is not known: %s", subject, error)
            return None
        return stands if isinstance(stands, Attempt) else None

    async def read_pool(self, event: str, kind: str) -> tuple[int, Pool] | None:
        try:
            found = await self.last(event, protocol.seats_subject(event, kind, "*"))
            return (0, Pool()) if found is None else protocol.read_seats(found.subject, found.body)
        except (HubAwayError, protocol.ProtocolError) as error:
            log.info("the seats were not read: %s", error)
            return None

    async def write_pool(self, event: str, kind: str, number: int, pool: Pool) -> bool:
        subject = protocol.seats_subject(event, kind, number)
        try:
            return await self.store(event, subject, protocol.seats_body(self._device, pool))
        except HubAwayError:
            return False

    def follow(self, event: str, after: After, apply: Apply) -> Callable[[], None]:
        follower = Follower(event, after, apply)
        self._followers.append(follower)
        self._begin(lambda supervisor: supervisor.follow(follower))

        def unfollow() -> None:
            follower.end()
            self._begin(lambda supervisor: supervisor.unfollow(follower))

        return unfollow

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        watching = _Watching(asyncio.get_running_loop(), watcher)
        self._watchers += (watching,)

        def unwatch() -> None:
            watching.end()
            self._watchers = tuple(other for other in self._watchers if other is not watching)

        return unwatch

    # Other messages that the hub stores, such as the seats that tills share

    async def store(self, event: str, subject: str, body: bytes) -> bool:
        """Store a message on a subject, which can have only one. Returns whether it is ours.

        That may be from an earlier call whose outcome was unknown, so `body` must differ from any
        other door's. Raises HubAwayError where the outcome is unknown.
        """
        return await self._ask(lambda supervisor: supervisor.add(event, subject, body), UNHURRIED)

    async def last(self, event: str, subject: str) -> "Stored | None":
        """The last message on a subject, which may contain `*`; None: there is none.

        Raises HubAwayError.
        """
        return await self._ask(lambda supervisor: supervisor.last(event, subject), UNHURRIED)

    # Doors that are there now, and what they send each other: nothing of it is stored

    async def doors(self, event: str) -> list[Presence]:
        return await self._ask(lambda supervisor: supervisor.doors(event), UNHURRIED)

    def show(self, event: str, **fields: Unpack[Shown]) -> None:
        self._begin(lambda supervisor: supervisor.show(event, fields))

    def broadcast(self, event: str, kind: str, fields: Mapping[str, Any]) -> None:
        if self._status.state is HubState.JOINED:
            self._begin(lambda supervisor: supervisor.publish(event, kind, fields))

    def watch_broadcasts(self, event: str, kind: str, watcher: Watcher) -> Callable[[], None]:
        watching = _Watching(asyncio.get_running_loop(), watcher)
        self._begin(lambda supervisor: supervisor.add_watcher(event, kind, watching.call))

        def unwatch() -> None:
            watching.end()
            self._begin(lambda supervisor: supervisor.remove_watcher(event, kind, watching.call))

        return unwatch

    # To the thread and back

    async def _claim(self, work: "Callable[[Supervisor], Awaitable[Taken]]") -> Taken:
        if self._status.state in (HubState.ALONE, HubState.REFUSED):
            return UNKNOWN
        try:
            return await self._ask(work, DEADLINE)
        except HubAwayError:
            return UNKNOWN

    async def _ask(self, work: "Callable[[Supervisor], Awaitable[T]]", within: float) -> T:
        """The result of `work` on the venue's loop. Raises HubAwayError after `within` seconds."""
        answer = asyncio.wrap_future(self._submit(work))
        try:
            await asyncio.wait({answer}, timeout=within)
            if not answer.done() or answer.cancelled():  # cancelled: the door is being closed
                raise HubAwayError(f"no answer within {within:g} s")
            return answer.result()
        finally:
            answer.cancel()

    def _begin(self, work: "Callable[[Supervisor], Awaitable[None]]") -> None:
        """Run `work` on the venue's loop, without waiting for it. Calls keep their order."""
        self._submit(work).add_done_callback(_log_failure)

    def _submit(self, work: "Callable[[Supervisor], Awaitable[T]]") -> "Future[T]":
        async def do() -> T:
            await self._ready.wait()
            if self._supervisor is None:
                raise HubAwayError(_(MISSING))
            return await work(self._supervisor)

        if self._loop is None or self._loop.is_closed():
            failed: Future[T] = Future()
            failed.set_exception(HubAwayError("the door is closed"))
            return failed
        return asyncio.run_coroutine_threadsafe(do(), self._loop)

    def _run(self) -> None:
        """What the thread runs."""
        loop = self._loop
        assert loop is not None  # noqa: S101 - the thread is started with it
        loop.set_exception_handler(_note_left_over)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._supervise())

    async def _supervise(self) -> None:
        """Keep the door joined until it is closed."""
        try:
            from boxoffice.venue.record import Author  # noqa: PLC0415 - see above
            from boxoffice.venue.supervisor import Supervisor  # noqa: PLC0415
        except ImportError as error:
            log.error("the venue is not joined: %s", error)
            self._publish(self._status._replace(state=HubState.REFUSED, sentence=_(MISSING)))
            self._ready.set()
            await self._stop.wait()
            return
        self._supervisor = Supervisor(
            self._membership,
            Author(self._device, self._lane),
            self._clock,
            self._publish,
            self._remember,
            self._find,
            self._data,
        )
        self._ready.set()
        running = asyncio.create_task(self._supervisor.run())
        await self._stop.wait()
        while not running.done():  # a library may keep a cancellation to itself
            running.cancel()
            await asyncio.wait({running}, timeout=0.1)

    def _publish(self, status: VenueStatus) -> None:
        self._status = status
        for watching in self._watchers:
            watching.call()


def open_door(data: Path, hub: str, *, device: str, lane: str, clock: Clock) -> Door:
    """The door of the venue that the data folder has joined.

    `hub`: the hub's address, or `auto` to look for it on the network. Raises ProblemError; if the
    membership is damaged, it is moved aside first.
    """
    try:
        own = membership.load(data)
    except membership.DamagedError:
        try:
            aside = membership.set_aside(data)
        except OSError as error:
            log.warning("the damaged membership is still in its place: %s", error)
            raise
        raise ProblemError(_(DAMAGED).format(aside=aside)) from None
    if own is None:
        raise ProblemError(_("This computer has just left its venue: start boxoffice again."))
    is_looked_for = hub == "auto"
    if not is_looked_for:
        own = own.reached_at(read_address(hub))

    async def find() -> list[Address]:
        from boxoffice.venue.discovery import find_hubs  # noqa: PLC0415 - see above

        return [at for found in await find_hubs(hub=own.hub) for at in found.addresses]

    return Door(
        own,
        device=device,
        lane=lane,
        clock=clock,
        remember=lambda changed: membership.update(changed, data),
        find=find if is_looked_for else None,
        data=data,
    )


class _Watching:
    """A watcher: any thread may call it, and it runs on its own event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watcher: Callable[..., None]) -> None:
        self._loop = loop
        self._watcher = watcher
        self._has_ended = False

    def call(self, *values: Any) -> None:
        """Have the watcher called. If its loop is closed, nobody wants to know any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._relay, *values)

    def end(self) -> None:
        """Call the watcher no more. To be called on its loop."""
        self._has_ended = True

    def _relay(self, *values: Any) -> None:
        if not self._has_ended:
            self._watcher(*values)


def _note_left_over(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what the client leaves behind when a connection is lost, which is known anyway."""
    error = context.get("exception")
    if type(error).__module__.startswith("nats."):
        log.debug("left by a lost connection: %r", error)
    else:
        loop.default_exception_handler(context)


def _log_failure(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        level = logging.DEBUG if isinstance(error, HubAwayError) else logging.ERROR
        log.log(level, "the door has not done what it was asked for", exc_info=error)
