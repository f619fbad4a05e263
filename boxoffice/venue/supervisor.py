"""A door's side of the venue: one connection at a time, and another as soon as it is lost.

Everything here is on the venue's own loop; `boxoffice.venue.door` is what others use.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from boxoffice.clock import OFF, Clock
from boxoffice.domain.humanize import format_duration
from boxoffice.domain.venue import Claim, HubState, Message, Presence, Shown, Taken, VenueStatus
from boxoffice.language import N_, _
from boxoffice.venue import HubAwayError, Watcher, protocol
from boxoffice.venue.connection import (
    Connection,
    HubRefusedError,
    NobodyListensError,
    NoStoreError,
    TroubleError,
)
from boxoffice.venue.follower import Follower, LaneEndedError
from boxoffice.venue.hub_copy import receive_copies
from boxoffice.venue.known_hub import Find, KnownHub, Remember
from boxoffice.venue.membership import Membership
from boxoffice.venue.presence import Attendance
from boxoffice.venue.record import Author, Record, Session, Stored, open_at_hub

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY = 0.3
"""Seconds until a hub that is away is looked for again."""
RETRY_REFUSED = 5.0
"""Seconds until one is asked again that must not be used."""
LOOK_EVERY = 20.0
"""Seconds between two looks whether a spare has taken over, while the hub of before answers."""
FEED_AGAIN = 1.0
"""Seconds until a lane that could not take something up is brought it again."""

LOST = N_("The hub cannot be reached: go on; the other doors cannot see who comes in here.")
GO_ON = N_("Go on; the other doors cannot see who comes in here.")
COPY = N_(
    "Another computer has a copy of this data folder: both could let one ticket in. Start one of "
    "them with another --data-dir, and join from there."
)
NAMESAKE = N_("Another computer is called {lane}: choose another lane.")
CLOCK_OFF = N_("This computer's clock is {offset} off the hub's.")


class Supervisor:
    """Keeps a door joined."""

    def __init__(
        self,
        membership: Membership,
        author: Author,
        clock: Clock,
        notify: Callable[[VenueStatus], None],
        remember: Remember | None = None,
        find: Find | None = None,
        data: Path | None = None,
    ) -> None:
        """`notify` is called with the status when it has changed; `data`: see `Door`."""
        self._hub = KnownHub(membership, remember, find)
        self._author = author
        self._clock = clock
        self._notify = notify
        self._data = data
        self._status = VenueStatus(HubState.JOINING, membership.venue, since=clock.now())
        self._session: Session | None = None
        self._joined = asyncio.Event()
        self._tried = asyncio.Event()
        """The first attempt has ended, well or not."""
        self._followers: list[Follower] = []
        self._attendances: dict[str, Attendance] = {}
        self._running: dict[object, asyncio.Task[None]] = {}
        """What goes on over the connection, by what it is for."""
        self._hub_time: tuple[datetime, float] | None = None
        """The hub's, and when it was that on the monotonic clock."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            state, sentence, pause = HubState.ALONE, _(LOST), RETRY
            try:
                await self._serve(await self._hub.connect())
            except HubRefusedError as error:
                state, sentence = HubState.REFUSED, str(error)
                pause = RETRY if self._hub.avoid(error) else RETRY_REFUSED
            except HubAwayError as error:
                is_avoided = isinstance(error, NoStoreError) and self._hub.avoid(error)
                if isinstance(error, TroubleError):
                    what = error.trouble.describe(self._hub.membership.venue)
                    sentence = f"{what} {_(GO_ON)}"
                    pause = RETRY if is_avoided else RETRY_REFUSED
                if self._status.state is not HubState.ALONE:
                    log.info("the hub is away: %s", error)
            except Exception:
                log.exception("the venue stopped on a fault of its own, and begins again")
                pause = RETRY_REFUSED
            finally:
                self._session = None
                self._joined.clear()
                self._tried.set()
            self._become(VenueStatus(state, self._hub.membership.venue, sentence=sentence))
            await asyncio.sleep(pause)

    # What a lane asks for

    async def take(self, event: str, ticket: str, round_: int, at: datetime) -> Taken:
        """See `Record.take`. Raises HubAwayError, also where what is won may be a copy's."""
        if self._has_copy:
            raise HubAwayError(_(COPY))
        if self._session is not None and event in self._session.doubted:
            raise HubAwayError("the scan before this one waited in vain")

        async def take(record: Record) -> Taken:
            taken = await record.take(ticket, round_, self._author, at)
            return taken._replace(record=(record.id, record.epoch))

        return await self._with_record(event, take)

    async def release(self, event: str, ticket: str, round_: int, at: datetime) -> Taken:
        """See `Record.release`. Raises HubAwayError."""
        return await self._with_record(
            event, lambda record: record.release(ticket, round_, self._author, at)
        )

    async def put(self, message: Message) -> bool:
        """See `boxoffice.venue.Venue.put`. Raises HubAwayError."""
        if isinstance(message, Claim):
            return await self._with_record(message.event, lambda record: record.put_out(message))
        await self.add(message.event, protocol.subject(message), protocol.body(message))
        return True

    async def add(self, event: str, subject: str, body: bytes) -> bool:
        """Whether it is stored, now or by a request before whose answer was lost.

        False: another message is. Raises HubAwayError.
        """

        async def add(record: Record) -> bool:
            if await record.add(subject, body) is not None:
                return True
            if (stored := await record.last(subject)) is None:
                raise HubAwayError(f"{subject} was refused, and nothing is stored there")
            return stored.body == body

        return await self._with_record(event, add)

    async def last(self, event: str, subject: str) -> Stored | None:
        """See `Record.last`. Raises HubAwayError."""
        return await self._with_record(event, lambda record: record.last(subject))

    async def wait_joined(self) -> None:
        """Return as soon as there is a connection."""
        await self._joined.wait()

    async def follow(self, follower: Follower) -> None:
        self._followers.append(follower)
        self._attend(follower.event)
        if (session := self._session) is not None:
            self._start(follower, self._feed(session, follower))
        self._refresh()

    async def unfollow(self, follower: Follower) -> None:
        self._followers.remove(follower)
        self._cancel(follower)
        await self._leave(follower.event)
        self._refresh()

    # Who is there

    async def doors(self, event: str) -> list[Presence]:
        attendance = self._attendances.get(event)
        return [] if attendance is None or self._session is None else attendance.doors

    async def show(self, event: str, fields: Shown) -> None:
        """What this door says of itself from now on; see `Attendance.shown`."""
        self._attend(event).shown.update(fields)

    async def publish(self, event: str, kind: str, fields: Mapping[str, Any]) -> None:
        """Say something to all doors that are there. Raises HubAwayError."""
        if self._session is None:
            raise HubAwayError("there is no connection")
        subject = protocol.others_subject(event, self._author.device, kind)
        await self._session.connection.publish(subject, json.dumps(fields).encode())

    async def add_watcher(self, event: str, kind: str, watcher: Watcher) -> None:
        """Call `watcher` with what the other doors say of that kind."""
        self._attend(event).watchers.setdefault(kind, []).append(watcher)

    async def remove_watcher(self, event: str, kind: str, watcher: Watcher) -> None:
        self._attendances[event].watchers[kind].remove(watcher)
        await self._leave(event)

    def _attend(self, event: str) -> Attendance:
        if event not in self._attendances:
            attendance = Attendance(
                event, self._author, self._hub.membership.user, self._clock, self._refresh
            )
            self._attendances[event] = attendance
            if (session := self._session) is not None:
                self._start(attendance, attendance.run(session.connection))
        return self._attendances[event]

    async def _leave(self, event: str) -> None:
        """Leave an event that nobody here follows or watches any more."""
        attendance = self._attendances[event]
        watched = any(attendance.watchers.values())
        if not watched and all(follower.event != event for follower in self._followers):
            del self._attendances[event]
            self._cancel(attendance)

    # The connection

    async def _serve(self, connection: Connection) -> None:
        """Use a connection until it is lost. Raises HubAwayError."""
        session = Session(connection, self._check)
        try:
            await session.open_all(tuple(self._attendances))
            async with session.tasks:
                self._session = session
                # Of the hub's own program, which no claim waits for.
                copies = receive_copies(connection, self._hub.membership, self._data)
                self._start(receive_copies, copies)
                self._start(connection, connection.watch())
                self._start(self._hub, self._look_for_later_hub(connection))
                for attendance in self._attendances.values():
                    self._start(attendance, attendance.run(connection))
                for follower in self._followers:
                    follower.has_caught_up = False
                    self._start(follower, self._feed(session, follower))
                self._joined.set()
                self._tried.set()
                self._refresh()
        except ExceptionGroup as errors:
            raise connection.lost_by or errors.exceptions[0] from errors
        finally:
            self._session = None
            self._running.clear()
            await connection.close()

    def _start(self, owner: object, work: Coroutine[Any, Any, None]) -> None:
        """Have work done over the connection of now, until that is lost or `_cancel` is called."""
        if self._session is None:
            work.close()
            return
        try:
            self._running[owner] = self._session.tasks.create_task(work)
        except RuntimeError:  # the connection is being given up: the next one begins with it
            work.close()

    def _cancel(self, owner: object) -> None:
        if (task := self._running.pop(owner, None)) is not None:
            task.cancel()

    async def _feed(self, session: Session, follower: Follower) -> None:
        """Bring a lane what is stored; what it could not take up, it is brought again."""
        while True:
            try:
                await follower.run(await session.record(follower.event), self._refresh)
            except LaneEndedError:
                return
            except HubAwayError as error:
                if session.connection.lost_by is not None:
                    return
                log.warning("the feed of event %s begins again: %s", follower.event, error)
                self._doubt(session, follower.event)
            except Exception:
                log.exception("what happens at event %s was not taken up", follower.event)
            await asyncio.sleep(FEED_AGAIN)

    async def _with_record(self, event: str, work: Callable[[Record], Awaitable[T]]) -> T:
        """What `work` gives of an event's record. Raises HubAwayError.

        Where the first connection is just being made, waits for it.
        """
        await self._tried.wait()
        if (session := self._session) is None:
            raise HubAwayError("there is no connection")
        try:
            return await work(await session.record(event))
        except (HubAwayError, asyncio.CancelledError) as error:  # past the deadline of who asked
            if isinstance(error, NobodyListensError):
                session.close_record(event)
            if isinstance(error, NoStoreError):
                session.connection.lose(error)
            self._doubt(session, event)
            raise

    def _doubt(self, session: Session, event: str) -> None:
        if event not in session.doubted:
            session.doubted.add(event)
            self._start((session, event), self._make_sure(session, event))

    async def _make_sure(self, session: Session, event: str) -> None:
        """Give a connection up whose engine gives signs of life, and answers nothing else.

        So it is with one of three computers whose others are gone. Where another event can be
        read, it is this event that cannot be had, and the connection is good. Whether something
        can be written too, the hub's own program says; while that is silent claims go on.
        """
        errors: list[HubAwayError] = []
        try:
            for any_of in dict.fromkeys((event, *self._attendances)):
                try:
                    await session.look(any_of)
                    break
                except TroubleError:
                    raise
                except HubAwayError as error:
                    errors.append(error)
            else:
                raise NoStoreError(str(errors[0]))
            session.doubted.discard(event)
            await open_at_hub(session.connection, event)
        except NoStoreError as error:
            session.connection.lose(error)
        session.doubted.discard(event)

    async def _look_for_later_hub(self, connection: Connection) -> None:
        """Give the connection up once a spare has taken over, which the hub itself may not see.

        The hub is asked again where spares would be: they may have joined since.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._hub.check_is_latest()
                for event in tuple(self._attendances)[:1]:
                    self._check(await Record.open(connection, event))
            except (HubRefusedError, NoStoreError) as error:
                connection.lose(error)
            except HubAwayError as error:
                log.info("it was not looked for a later hub: %s", error)

    def _check(self, record: Record) -> None:
        """Take up whose record it is. Raises HubRefusedError where it must not be used."""
        self._hub.check(record)
        self._hub_time = (record.time, self._clock.monotonic())

    # The status

    def _refresh(self) -> None:
        if self._session is None:
            return
        name = self._hub.membership.venue
        devices = {door.device for at in self._attendances.values() for door in at.doors}
        doors = len(devices | {self._author.device})
        behind = [follower for follower in self._followers if not follower.has_caught_up]
        if behind:
            read = sum(follower.read for follower in behind)
            total = sum(follower.total for follower in behind)
            self._become(VenueStatus(HubState.JOINING, name, doors, read=read, total=total))
        else:
            advice, is_copied = self._advice(), self._has_copy
            self._become(
                VenueStatus(HubState.JOINED, name, doors, sentence=advice, is_copied=is_copied)
            )

    @property
    def _has_copy(self) -> bool:
        return any(attendance.has_copy for attendance in self._attendances.values())

    def _advice(self) -> str:
        """What a person should do, while the hub is reached."""
        if self._has_copy:
            return _(COPY)
        if any(attendance.has_namesake for attendance in self._attendances.values()):
            return _(NAMESAKE).format(lane=self._author.lane)
        if self._hub_time is not None:
            then, at = self._hub_time
            passed = timedelta(seconds=self._clock.monotonic() - at)
            off = abs(self._clock.now() - (then + passed))
            if off > OFF:
                return _(CLOCK_OFF).format(offset=format_duration(off))
        return ""

    def _become(self, status: VenueStatus) -> None:
        is_as_before = status.state is self._status.state
        since = self._status.since if is_as_before else self._clock.now()
        status = status._replace(since=since)
        if status != self._status:
            self._status = status
            self._notify(status)
