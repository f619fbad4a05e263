"""A hub and its doors in one process: the rules that the engine keeps, without a network.

One message a subject, in the order in which they come; a door goes on from a ticket's last round.
Links are cut, answers are lost, and a hub is emptied, whenever a test says so.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar, Unpack

from boxoffice.clock import Clock
from boxoffice.domain.seats import Pool
from boxoffice.domain.shared_list import LIST
from boxoffice.domain.venue import (
    FIRST,
    UNKNOWN,
    Attempt,
    Claim,
    HubState,
    Message,
    Outcome,
    Presence,
    Shown,
    Taken,
    VenueStatus,
)
from boxoffice.venue import After, Apply, HubAwayError, Watcher
from boxoffice.venue.protocol import subject

T = TypeVar("T")
U = TypeVar("U")

BATCH = 250


class ModelHub:
    def __init__(self) -> None:
        self.doors: list[ModelDoor] = []
        self.records = 0
        self.said: list[str] = []
        """What doors said to each other, as it went over the wire; but for the list of names."""
        self.epoch = 1
        self.messages: dict[str, Message] = {}
        """By subject, in the order of their numbers."""
        self.pools: dict[tuple[str, str], list[tuple[str, Pool]]] = {}
        """By event and ticket type: who divided the seats anew, and how they are since."""
        self.empty()

    @property
    def record(self) -> str:
        return f"record {self.records}"

    def empty(self) -> None:
        """Another computer's hub, or one whose store is gone."""
        self.records += 1
        self.messages = {}
        self.pools = {}

    def add(self, message: Message) -> Message | None:
        """It, with its number; None: its subject has a message."""
        if subject(message) in self.messages:
            return None
        stored = message._replace(number=len(self.messages) + 1)
        self.messages[subject(message)] = stored
        for door in self.doors:
            door.notify()
        return stored

    def last(self, event: str, ticket: str) -> Claim | None:
        """A ticket's highest round."""
        claims = [
            message
            for message in self.messages.values()
            if isinstance(message, Claim) and (message.event, message.ticket) == (event, ticket)
        ]
        return max(claims, key=lambda claim: claim.round, default=None)

    def stored(self, kind: type[Message]) -> list[Message]:
        """All of a kind, in their order."""
        return [message for message in self.messages.values() if isinstance(message, kind)]


class ModelDoor:
    """Implements `boxoffice.venue.Venue`. Ended with `close`."""

    def __init__(self, hub: ModelHub, device: str, lane: str, clock: Clock) -> None:
        self.device = device
        self.lane = lane
        self.status = VenueStatus(HubState.ALONE, "Hall")
        self.loses_answers = False
        """What is asked arrives at the hub, and no answer comes back."""
        self.arrives_late: list[Callable[[], object]] | None = None
        """Where claims wait that arrive only when the test has them; None: they arrive at once."""
        self.asked = 0
        self.shown: Shown = {}
        """To the others."""
        self.says: dict[tuple[str, str], list[Watcher]] = {}
        """Who takes up what is said, by event and kind."""
        self._hub = hub
        self._clock = clock
        self._linked = False
        self._bell = asyncio.Event()
        self._watchers: list[Callable[[], None]] = []
        self._feeds: dict[str, asyncio.Task[None]] = {}
        self._read: dict[str, int] = {}
        """The number of the last message that was taken up, by event."""
        self._followed: dict[str, tuple[After, Apply]] = {}
        hub.doors.append(self)

    @property
    def is_linked(self) -> bool:
        return self._linked

    # The link

    def connect(self) -> None:
        self._linked = True
        self._show(HubState.JOINING if self._followed else HubState.JOINED)
        for event in self._followed:
            self._begin(event)

    def cut(self) -> None:
        self._linked = False
        for feed in self._feeds.values():
            feed.cancel()
        self._show(HubState.ALONE)

    async def close(self) -> None:
        self.cut()
        await asyncio.gather(*self._feeds.values(), return_exceptions=True)

    def notify(self) -> None:
        """The hub has something new."""
        self._bell.set()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        self._watchers.append(watcher)

        def stop() -> None:
            with suppress(ValueError):
                self._watchers.remove(watcher)

        return stop

    def _show(self, state: HubState) -> None:
        self.status = VenueStatus(state, "Hall", doors=len(self._hub.doors))
        for watcher in tuple(self._watchers):
            watcher()

    # The feed

    def follow(self, event: str, after: After, apply: Apply) -> Callable[[], None]:
        self._followed[event] = after, apply
        if self._linked:
            self._begin(event)

        def unfollow() -> None:
            del self._followed[event]
            if event in self._feeds:
                self._feeds[event].cancel()

        return unfollow

    def _begin(self, event: str) -> None:
        if event in self._feeds:
            self._feeds[event].cancel()
        self._feeds[event] = asyncio.create_task(self._feed(event))

    async def _feed(self, event: str) -> None:
        after, apply = self._followed[event]
        record, epoch = self._hub.record, self._hub.epoch
        read, is_joined = await after(record, epoch), False
        self._read[event] = read
        while True:
            self._bell.clear()
            new = [
                message
                for message in self._hub.messages.values()
                if message.number > read and message.event == event
            ][:BATCH]
            if new or not is_joined:
                await apply(record, epoch, new)
            if new:
                read = self._read[event] = new[-1].number
            elif not is_joined:
                is_joined = True
                self._show(HubState.JOINED)
            else:
                await self._bell.wait()

    # What is asked

    async def put(self, message: Message) -> bool:
        return await self._ask(lambda: self._put(message), unknown=False)

    async def attempt(self, attempt: Attempt) -> Attempt | None:
        def take_turn() -> Message:
            return self._hub.add(attempt) or self._hub.messages[subject(attempt)]

        stands = await self._ask(take_turn, unknown=None)
        if stands is None:
            return None
        assert isinstance(stands, Attempt)
        return stands._replace(number=0)

    async def take(self, event: str, ticket: str, round_: int, at: datetime | None = None) -> Taken:
        moment = at or self._clock.now()
        return await self._ask(lambda: self._take(event, ticket, moment), unknown=UNKNOWN)

    async def release(
        self, event: str, ticket: str, round_: int, at: datetime | None = None
    ) -> Taken:
        moment = at or self._clock.now()
        return await self._ask(
            lambda: self._release(event, ticket, round_, moment), unknown=UNKNOWN
        )

    async def read_pool(self, event: str, kind: str) -> tuple[int, Pool] | None:
        def read() -> tuple[int, Pool] | None:
            pools = self._hub.pools.get((event, kind), [])
            return len(pools), (pools[-1][1] if pools else Pool())

        return await self._ask(read, unknown=None)

    async def write_pool(self, event: str, kind: str, number: int, pool: Pool) -> bool:
        def write() -> bool:
            pools = self._hub.pools.setdefault((event, kind), [])
            if len(pools) == number - 1:
                pools.append((self.device, pool))
            return pools[number - 1] == (self.device, pool)

        return await self._ask(write, unknown=False)

    async def _ask(self, work: Callable[[], T], *, unknown: U) -> T | U:
        self.asked += 1
        await asyncio.sleep(0)
        if not self._linked:
            return unknown
        if self.arrives_late is not None:
            self.arrives_late.append(work)
            return unknown
        answer = work()
        return unknown if self.loses_answers else answer

    # Who is there, and what they say

    async def doors(self, event: str) -> list[Presence]:
        if not self._linked:
            raise HubAwayError("cut")
        there = [door for door in self._hub.doors if door._linked and event in door._followed]
        return [
            Presence(
                *(event, door.device, door.lane, door.lane, self._clock.now(), ""),
                **door.shown,
            )
            for door in sorted(there, key=lambda door: door.lane)
        ]

    def show(self, event: str, **fields: Unpack[Shown]) -> None:
        self.shown.update(fields)

    def broadcast(self, event: str, kind: str, fields: Mapping[str, Any]) -> None:
        body = json.dumps(fields)
        if not self._linked:
            return
        if kind != LIST:
            self._hub.said.append(body)
        for door in self._hub.doors:
            if door is not self and door._linked:
                for watcher in door.says.get((event, kind), ()):
                    asyncio.get_running_loop().call_soon(watcher, self.device, json.loads(body))

    def watch_broadcasts(self, event: str, kind: str, watcher: Watcher) -> Callable[[], None]:
        watchers = self.says.setdefault((event, kind), [])
        watchers.append(watcher)
        return lambda: watchers.remove(watcher)

    def _put(self, message: Message) -> bool:
        if isinstance(message, Claim):
            last = self._hub.last(message.event, message.ticket)
            if last is None or last.round != message.round - 1:
                return True
        self._hub.add(message)
        return True

    def _take(self, event: str, ticket: str, at: datetime) -> Taken:
        last = self._hub.last(event, ticket)
        if last is not None and last.is_in:
            mine = last.device == self.device
            outcome = Outcome.WON if mine else Outcome.LOST
            return Taken(outcome, last, (self._hub.record, self._hub.epoch))
        record = (self._hub.record, self._hub.epoch)
        return Taken(Outcome.WON, self._claim(event, ticket, last, at), record)

    def _release(self, event: str, ticket: str, round_: int, at: datetime) -> Taken:
        last = self._hub.last(event, ticket)
        while last is None or (not last.is_in and last.round < round_):
            last = self._claim(event, ticket, last, at)
        if last.is_in and last.device == self.device and (last.round == round_ or last.at <= at):
            return Taken(Outcome.WON, self._claim(event, ticket, last, at))
        is_lost = last.is_in and last.device != self.device and last.round <= round_
        return Taken(Outcome.LOST if is_lost else Outcome.WON, last)

    def _claim(self, event: str, ticket: str, last: Claim | None, at: datetime) -> Claim:
        round_ = FIRST if last is None else last.round + 1
        stored = self._hub.add(Claim(event, ticket, round_, self.device, self.lane, at))
        assert isinstance(stored, Claim)
        return stored
