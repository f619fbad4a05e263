"""Doors of a venue by random moves, until all of them reach the hub again.

Links are cut, answers are lost, hubs are emptied, check-ins are undone, and processes die between
the hub's answer and their disk.

What is held to: of the doors that reach a hub no two let the same ticket in; in the end every
second person is named at both doors and nobody else is, and nothing waits.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.domain.venue import Claim, ClaimState, HubState
from boxoffice.store import Journal, RosterStore, admissions, claim_feed, queue, venue
from boxoffice.sync import Claims, ClaimSync, Link, SyncContext
from boxoffice.ticketbutler import Ticketbutler
from tests.store.support import EVENT, scan, uuid
from tests.support import FakeClock, until
from tests.venue.model import ModelDoor, ModelHub

T = TypeVar("T")

DOORS, TICKETS = 3, 2
A_MINUTE = 61.0


class Laptop:
    """A door with its files, as far as claims need them."""

    def __init__(self, number: int, hub: ModelHub, clock: FakeClock, folder: Path) -> None:
        self.lane = "ABC"[number]
        self.door = ModelDoor(hub, f"{number:016x}", self.lane, clock)
        self.folder = folder / self.lane
        self.claimed: set[str] = set()
        """Tickets whose holder was let in by a claim that the hub was seen to take."""
        self._clock = clock

    async def open(self, stack: AsyncExitStack) -> None:
        self.folder.mkdir()
        path = self.folder / "journal.db"
        self.journal = await Journal.open(path, lane=self.lane, operator="", clock=self._clock)
        stack.push_async_callback(self.journal.close)
        self.store = await RosterStore.open(self.folder / "roster.db")
        stack.push_async_callback(self.store.close)
        stack.push_async_callback(self.door.close)
        nothing = cast(Ticketbutler, None)  # a claim asks the site for nothing
        self.context = SyncContext(
            *(self.journal, self.store, nothing, Link(), self.folder, self._clock),
            venue=self.door,
        )
        self.claims = Claims(self.context, self.door)
        self.sync = ClaimSync(self.context, self.door, EVENT)
        running = asyncio.create_task(self.sync.run())
        stack.push_async_callback(_end, running)

    async def let_in(self, ticket: str) -> None:
        """As a lane does where its own list has nothing against it."""
        held = await self.store.read(claim_feed.newest, ticket, EVENT)
        if await self.journal.read(admissions.get, ticket) or self.claims.of_others(held):
            return
        claim = await self.claims.take(EVENT, ticket)
        if isinstance(claim, Claim):
            return
        _, new, _ = await self.journal.write(
            admissions.admit, scan(ticket), read_first=True, claim=claim
        )
        assert new
        if claim.state is ClaimState.WON:
            self.claimed.add(ticket)

    async def undo(self, ticket: str) -> None:
        ours = await self.journal.read(admissions.get, ticket)
        if ours is None or await self.journal.read(venue.is_contested, ours.journal):
            return
        own = await self.journal.read(venue.of_admission, ours.journal)
        if own is not None and own.state is ClaimState.LOST:
            return
        entry = Entry(JournalKind.UNDO, EVENT, ticket)
        if await self.journal.write(admissions.cancel, ours, entry):
            self.claimed.discard(ticket)
            await self.claims.release(ticket)

    async def conflicts(self, ticket: str) -> int:
        rows = await self.journal.read_all(queue.in_states, [QueueState.CONFLICT])
        return sum(row.ticket == ticket for row in rows)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    (ended,) = await asyncio.gather(task, return_exceptions=True)
    if not isinstance(ended, asyncio.CancelledError):
        raise ended or AssertionError("it ended by itself")


class VenueMachine(RuleBasedStateMachine):
    doors = st.integers(0, DOORS - 1)
    tickets = st.integers(0, TICKETS - 1).map(uuid)

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.stack = AsyncExitStack()
        self.hub = ModelHub()
        self.was_emptied = False
        self.undone: set[str] = set()
        self.run(self._open())

    async def _open(self) -> None:
        self.clock = FakeClock()
        folder = Path(self.folder.name)
        self.laptops = [Laptop(number, self.hub, self.clock, folder) for number in range(DOORS)]
        for laptop in self.laptops:
            await laptop.open(self.stack)
            await self._join(laptop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            self.run(self._look_at_the_end())
        finally:
            self.run(self.stack.aclose())
            self.runner.close()
            self.folder.cleanup()

    # Moves

    @rule(door=doors, ticket=tickets)
    def let_in(self, door: int, ticket: str) -> None:
        self.run(self.laptops[door].let_in(ticket))

    @rule(door=doors, ticket=tickets)
    def undo(self, door: int, ticket: str) -> None:
        self.undone.add(ticket)
        self.run(self.laptops[door].undo(ticket))

    @rule(door=doors)
    def cut(self, door: int) -> None:
        async def cut() -> None:
            self.laptops[door].door.cut()

        self.run(cut())

    @rule(door=doors)
    def join(self, door: int) -> None:
        self.run(self._join(self.laptops[door]))

    @rule(door=doors)
    def lose_answers(self, door: int) -> None:
        self.laptops[door].door.loses_answers = True

    @rule(door=doors)
    def answer_again(self, door: int) -> None:
        self.laptops[door].door.loses_answers = False

    @rule(door=doors, ticket=tickets)
    def die_before_the_disk(self, door: int, ticket: str) -> None:
        """Another process of the folder, between the hub's answer and its admission."""
        self.run(self._die(self.laptops[door], ticket))

    async def _die(self, laptop: Laptop, ticket: str) -> None:
        if await laptop.journal.read(admissions.get, ticket) is None:
            await laptop.claims.take(EVENT, ticket)

    @rule()
    def empty_the_hub(self) -> None:
        """All notice that it was away, and come back to one that knows nothing."""

        async def empty() -> None:
            there = [laptop for laptop in self.laptops if laptop.door.is_linked]
            for laptop in there:
                laptop.door.cut()
            self.hub.empty()
            self.hub.epoch += 1
            for laptop in there:
                await self._join(laptop)

        self.was_emptied = True
        self.run(empty())

    @rule(seconds=st.sampled_from([1.0, A_MINUTE]))
    def wait(self, seconds: float) -> None:
        self.run(self.clock.advance(seconds))

    async def _join(self, laptop: Laptop) -> None:
        if not laptop.door.is_linked:
            laptop.door.connect()
            joined = HubState.JOINED
            await until(lambda: laptop.door.status.state is joined, "joined")

    # What is held to

    @invariant()
    def no_two_doors_were_first(self) -> None:
        if not hasattr(self, "laptops") or self.was_emptied:
            return  # what was claimed at a hub that is gone may be claimed once more
        for ticket in map(uuid, range(TICKETS)):
            first = [laptop.lane for laptop in self.laptops if ticket in laptop.claimed]
            assert len(first) <= 1, f"{ticket} was claimed by {first}"

    async def _look_at_the_end(self) -> None:
        for laptop in self.laptops:
            laptop.door.loses_answers = False
            await self._join(laptop)
        for _ in range(30):
            await self.clock.advance(10)
            if not (wrong := await self._wrong()):
                return
        raise AssertionError(f"after five minutes: {wrong}")

    async def _wrong(self) -> list[str]:
        """What does not add up, now that all doors reach the hub."""
        wrong = []
        for laptop in self.laptops:
            waiting = await laptop.journal.read(venue.open_claims, EVENT)
            waiting += await laptop.journal.read(venue.unannounced, EVENT)
            wrong += [f"{laptop.lane} has not told {own}" for own in waiting]
        for ticket in map(uuid, range(TICKETS)):
            here = {
                laptop.lane: laptop
                for laptop in self.laptops
                if await laptop.journal.read(admissions.get, ticket) is not None
            }
            last = self.hub.last(EVENT, ticket)
            holder = last.lane if last is not None and last.is_in else None
            if holder not in (here or [None]):
                wrong.append(f"{ticket} is in at {[*here]}, and by the hub at {holder}: {last}")
            shown = {lane: await laptop.conflicts(ticket) for lane, laptop in here.items()}
            named = {lane: len(here) - 1 if lane == holder else 1 for lane in here}
            if ticket not in self.undone and shown != named:
                wrong.append(f"{ticket} is named {shown}, not {named}")
        return wrong


TestVenue = VenueMachine.TestCase
TestVenue.settings = settings(max_examples=15, stateful_step_count=20)
