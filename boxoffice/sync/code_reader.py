"""Learns in the background what an event's list does not hold, so that every code is known."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from boxoffice.clock import Clock
from boxoffice.domain.models import CodesKnown, LinkState
from boxoffice.store.updates import CodesCounted, StoreUpdates
from boxoffice.sync.code_reads import CodeReads
from boxoffice.sync.link import Link
from boxoffice.sync.process_lock import ProcessLock
from boxoffice.ticketbutler import TicketbutlerError, TooMany, Unreachable

log = logging.getLogger(__name__)

EVERY = 0.255
"""Seconds between the starts of two reads beside a door."""
LATE = 0.01
"""Seconds that a start may be late without those after it being late too: four of `EVERY` are so
much more than a second, so that no more than four reads begin in any second."""
AT_ONCE = 3
"""Reads under way beside a door: the pace is kept where each takes up to 0.75 s."""
AHEAD = 40
"""Tickets, or orders, that are chosen at once: what changed since counts from the next time on."""
LOOK_AGAIN = 10.0
"""Seconds between looks at what is new or changed, once all is read, or others read it."""
NO_LIST = 1.0
"""The same while there is no list yet."""
OTHERS = 60.0
"""Seconds that `read_all` waits for another process to read anything."""
LONGEST_REST = 120.0
"""Seconds that the site is left alone after faults, at most; it may ask for more."""
LONGEST_ASKED = 900.0
"""Seconds; a site that asks for a longer rest is asked again after this."""
NOT_AGAIN = (30.0, 600.0)
"""Seconds until what could not be read is tried again, at first and at most."""
ALL_ORDERS_AFTER = 10.0
"""Seconds that a door has been open, before all orders are asked for at once."""
ALL_ORDERS_FROM = 10
"""Tickets whose order is not read, from which that is worth it."""
FAST = 8
"""Reads under way where no door is open: as many as the client makes at once."""
GIVE_UP = 5
"""Faults one after the other, after which nobody waits any longer for a site."""


class CodeReader:
    """Reads the tickets and orders of one event that were not read yet, the likeliest first.

    It is the only one to do so in its data folder. While somebody holds it, or the site is not
    plainly online, no read begins; after that it goes on at the same pace.
    """

    def __init__(
        self,
        reads: CodeReads,
        link: Link,
        *,
        folder: Path,
        clock: Clock,
        updates: StoreUpdates | None = None,
    ) -> None:
        """`folder`: the data folder that the store is in.

        `updates`: where it is published how far it is; None: nobody follows.
        """
        self.reads = reads
        self.known = CodesKnown()
        """How far it is, as last published."""
        self._updates = updates or StoreUpdates()
        self._link = link
        self._clock = clock
        self._lock = ProcessLock(folder / f"codes-{reads.event.uuid[:8]}.lock", clock)
        self._pauses = 0
        self._open = asyncio.Event()
        self._next_at = 0.0
        self._rests_until = 0.0
        self._strikes = 0
        self._later: dict[str, tuple[float, int]] = {}
        """What could not be read: until when it is left out, and how often it was tried."""
        link.watch(self._look)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing new is read meanwhile: somebody waits for an answer."""
        self._pauses += 1
        self._look()
        try:
            yield
        finally:
            self._pauses -= 1
            self._look()

    async def run(self) -> None:
        """Read beside an open door. Never returns; raises StoreError."""
        self._look()
        while not self._lock.acquire():
            await self._count()  # another process reads
            await self._clock.sleep(LOOK_AGAIN)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._list_orders())
                group.create_task(self._follow())
        finally:
            self._lock.release()

    async def read_all(self) -> str:
        """Read all there is, as fast as is fair; answers why not, where something is left.

        For when no door is open. While another process reads, this waits for it. Raises StoreError.
        """
        waited, before = 0.0, self.known
        while not self._lock.acquire():
            if (known := await self._count()).complete:
                return ""
            waited, before = (0.0 if known != before else waited + LOOK_AGAIN), known
            if waited > OTHERS:
                return "Another boxoffice on this computer is reading them."
            await self._clock.sleep(LOOK_AGAIN)
        await self._count()
        listing: asyncio.Task[bool] | None = None
        try:
            if await self._claims_orders():
                listing = asyncio.create_task(self.reads.all_orders())
            return await self._read_on()
        finally:
            if listing is not None:
                listing.cancel()
                await asyncio.gather(listing, return_exceptions=True)
            self._lock.release()

    # Beside a door

    async def _follow(self) -> None:
        while True:
            read, chosen = await self._choose(AHEAD)
            known = await self._count()
            if not chosen:
                await self._clock.sleep(LOOK_AGAIN if known.total else NO_LIST)
                continue
            slots = asyncio.Semaphore(AT_ONCE)
            async with asyncio.TaskGroup() as group:
                for uuid in chosen:
                    await slots.acquire()
                    await self._turn()
                    task = group.create_task(self._read(read, uuid))
                    task.add_done_callback(lambda _, slots=slots: slots.release())  # type: ignore[misc]

    async def _turn(self) -> None:
        """Return when one more read may begin."""
        while True:
            await self._open.wait()
            pause = max(self._next_at, self._rests_until) - self._clock.monotonic()
            if pause <= 0:
                self._next_at = max(self._next_at, self._clock.monotonic() - LATE) + EVERY
                return
            await self._clock.sleep(pause)

    async def _list_orders(self) -> None:
        """Ask for all orders at once, seldom and with nobody waiting."""
        while True:
            await self._clock.sleep(ALL_ORDERS_AFTER)
            await self._open.wait()
            if await self._claims_orders():
                await self._turn()
                await self.reads.all_orders()
                await self._count()

    async def _claims_orders(self) -> bool:
        if self.known.total - self.known.ordered < ALL_ORDERS_FROM:
            return False
        return await self.reads.claim_all_orders()

    def _look(self) -> None:
        """Let reads begin, or not."""
        if self._link.state is LinkState.ONLINE and not self._pauses:
            self._open.set()
        else:
            self._open.clear()

    # With nobody waiting

    async def _read_on(self) -> str:
        """Read until nothing is left, or the site does not let it be read."""
        trouble = ""
        while True:
            read, chosen = await self._choose(AHEAD)
            known = await self._count()
            if not chosen:
                return "" if known.complete else trouble or "Some of it could not be read."
            left = iter(chosen)

            async def work(read: "_Read" = read, left: Iterator[str] = left) -> str:
                why = ""
                for uuid in left:
                    await self._rested()
                    why = await self._read(read, uuid) or why
                    if self._strikes >= GIVE_UP:
                        break
                return why

            reasons = await asyncio.gather(*(work() for _ in range(FAST)))
            trouble = next(filter(None, reasons), trouble)
            if self._strikes >= GIVE_UP:
                await self._count()
                return trouble

    async def _rested(self) -> None:
        while (pause := self._rests_until - self._clock.monotonic()) > 0:
            await self._clock.sleep(pause)

    # One read

    async def _choose(self, most: int) -> "tuple[_Read, list[str]]":
        """What is read next: tickets first, as they have the most codes."""
        now = self._clock.monotonic()
        besides = frozenset(uuid for uuid, (until, _) in self._later.items() if until > now)
        if tickets := await self.reads.unread_tickets(most, besides):
            return self.reads.ticket, tickets
        return self.reads.order, await self.reads.unread_orders(most, besides)

    async def _read(self, read: "_Read", uuid: str) -> str:
        """Read one; answers why it could not be."""
        try:
            await read(uuid)
        except TicketbutlerError as error:
            log.info("%s not read in the background: %s", uuid, error)
            self._fail(uuid, error)
            return error.sentence
        self._strikes = 0
        self._later.pop(uuid, None)
        if read == self.reads.ticket:  # between two counts
            await self._publish(
                self.known._replace(read=min(self.known.read + 1, self.known.total))
            )
        return ""

    def _fail(self, uuid: str, error: TicketbutlerError) -> None:
        """Leave it, and the site, in peace for a while."""
        now = self._clock.monotonic()
        if not isinstance(error, TooMany | Unreachable):  # of those, it is innocent
            tries = self._later.get(uuid, (0.0, 0))[1]
            first, most = NOT_AGAIN
            self._later[uuid] = now + min(most, first * 2.0 ** min(tries, 10)), tries + 1
        if now >= self._rests_until:
            self._strikes += 1
        rest = min(LONGEST_REST, 2.0 ** min(self._strikes - 1, 10))
        if error.retry_after is not None:
            rest = max(rest, min(error.retry_after, LONGEST_ASKED))
        self._rests_until = max(self._rests_until, now + rest)

    async def _count(self) -> CodesKnown:
        """Count anew."""
        known = await self.reads.known()
        await self._publish(known)
        return known

    async def _publish(self, known: CodesKnown) -> None:
        if known != self.known:
            self.known = known
            await self._updates.publish(CodesCounted(known))


_Read = Callable[[str], Awaitable[object]]
