"""What the parts of `sync` share: the files and the site, back-off, waking up, locks, restarts.

Waits before another try have full jitter, so that the laptops of a venue do not all come back at
the same moment. Locks between processes see to it that in a data folder one of them is at work.
"""

import asyncio
import logging
import os
import random
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from boxoffice.clock import Clock
from boxoffice.domain.models import Answer
from boxoffice.paths import try_lock
from boxoffice.store import Journal, RosterStore, json_docs, queue
from boxoffice.store.db_file import from_os
from boxoffice.store.updates import AnswersStored, StoreUpdates
from boxoffice.sync.link import Link
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

if TYPE_CHECKING:
    from filelock import FileLock

    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

T = TypeVar("T")

Jitter = Callable[[], float]
"""A number in [0, 1), such as `random.random`."""

SETTLE, LOOK_EVERY = 10.0, 0.05
"""Seconds that a command waits at its end for the queue, and between its looks at it."""
RESTART_AFTER = 5.0
"""Seconds until a task that failed is started again."""
STEADY = 2 * RESTART_AFTER
"""Seconds for which a task has to run after a restart, to count as working again."""
TRY_EVERY = 0.1
"""Seconds between tries to get a lock that another process has."""
SILENT = 10.0
"""Seconds without a sign of life, after which the process that has a lock is taken to be stuck."""


@dataclass(frozen=True, slots=True)
class SyncContext:
    """What every part of `sync` works with: the files of one data folder, the site, the link."""

    journal: Journal
    store: RosterStore
    client: Ticketbutler
    link: Link
    """Knows from the requests of `client` whether the site can be reached."""
    folder: Path
    """The data folder that both files are in."""
    clock: Clock
    updates: StoreUpdates = field(default_factory=StoreUpdates)
    """Whatever was stored is published here."""
    jitter: Jitter = random.random
    venue: "Venue | None" = None
    """The venue's doors, of which this is one; None: this computer never joined any."""
    venue_problem: str = ""
    """Why this computer takes no part in the venue that it joined; empty: it does."""
    is_alone: Callable[[], bool] = lambda: True
    """Whether surely no other process has the files open."""

    async def settle(self) -> int:
        """Wait until the rows that are due are sent, for at most `SETTLE`.

        Returns how many rows of the queue are still to be sent.
        """
        give_up = self.clock.monotonic() + SETTLE
        while True:
            counts = await self.journal.read(queue.counts)
            due = await self.journal.read(queue.next_due, self.clock.now())
            # With a row that waits and none that is due some time, it has just begun to be sent.
            waits = due is not None and due > self.clock.now()
            at_work = counts.sending or (counts.waiting and not waits)
            if not at_work or not self.link.sends or self.clock.monotonic() >= give_up:
                return counts.unsent
            await self.clock.sleep(LOOK_EVERY)


class SyncPart:
    """Base of the parts of `sync`: keeps what they share in attributes."""

    def __init__(self, context: SyncContext) -> None:
        self._journal = context.journal
        self._store = context.store
        self._client = context.client
        self._link = context.link
        self._clock = context.clock
        self._updates = context.updates
        self._jitter = context.jitter

    async def _save_answers(self, ticket: str, answers: Sequence[Answer]) -> None:
        """Store the answers of a ticket, as they were just read."""
        await self._store.write(json_docs.save, json_docs.ANSWERS, ticket, answers)
        await self._updates.publish(AnswersStored({ticket: answers}))


async def response_of(request: Awaitable[T]) -> T | TicketbutlerError:
    """The answer to a request, or the error of the site, or of the way there, as a value."""
    try:
        return await request
    except TicketbutlerError as error:
        return error


class Pace(NamedTuple):
    """How the wait before another try grows: the longest one doubles from `base` up to `cap`.

    Both are in seconds.
    """

    base: float
    cap: float


FAULT = Pace(base=1, cap=60)
"""The server has a fault, or asks for fewer requests."""
UNKNOWN = Pace(base=5, cap=300)
"""It is not known what became of the request: the server may still be busy with it."""
REFUSED = Pace(base=30, cap=300)
"""The key may not do this, and only a person can change that."""
LONGEST_ASKED = queue.LONGEST_WAIT.total_seconds()
"""Seconds. A site that asks for a longer rest is asked again after this: a row of the queue that is
postponed for longer is taken for one from before the clock was set back, and tried at once."""


def wait_before(tries: int, pace: Pace, jitter: Jitter) -> float:
    """Seconds before the next try, after so many `tries` have failed."""
    doublings = min(max(tries - 1, 0), 32)
    return jitter() * min(pace.cap, pace.base * 2.0**doublings)


def with_rest(wait: float, asked: float | None) -> float:
    """Seconds before the next try: `wait`, or longer if the site has `asked` for that."""
    return wait if asked is None else max(wait, min(asked, LONGEST_ASKED))


class Wakeup:
    """A sleep that can be cut short, for one task. If it is set while nobody waits, it is kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()
        self.set = self._event.set

    async def wait(self, seconds: float | None = None) -> None:
        """Return after `seconds`, or as soon as it is set; None: only when it is set."""
        if seconds is None:
            await self._event.wait()
        elif not self._event.is_set():
            waking = asyncio.create_task(self._event.wait())
            sleeping = asyncio.create_task(self._clock.sleep(seconds))
            try:
                await asyncio.wait((waking, sleeping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                waking.cancel()
                sleeping.cancel()
        self._event.clear()


class RateLimit:
    """Allows `most` at once, and one more every `every` seconds (a token bucket)."""

    def __init__(self, most: float, every: float, clock: Clock) -> None:
        self._most = most
        self._every = every
        self._clock = clock
        self._left = most
        self._at = clock.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now; if so, it is used up."""
        now = self._clock.monotonic()
        self._left = min(self._most, self._left + (now - self._at) / self._every)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class BusyError(Exception):
    """Another process has held the lock for too long."""


class ProcessLock:
    """A lock between processes, on a file. It is free again when the process is killed."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._held: FileLock | None = None
        self._turn = asyncio.Lock()
        self._clock = clock

    @asynccontextmanager
    async def hold(self, patience: float) -> AsyncIterator[None]:
        """Hold it. Raises BusyError where another process has it for `patience` seconds."""
        give_up = self._clock.monotonic() + patience
        async with self._turn:
            while not self.acquire():
                if self._clock.monotonic() >= give_up:
                    raise BusyError
                await self._clock.sleep(TRY_EVERY)
            try:
                yield
            finally:
                self.release()

    @property
    def is_locked(self) -> bool:
        return self._held is not None

    @property
    def is_ours(self) -> bool:
        """Whether this process holds it, or waits for it."""
        return self.is_locked or self._turn.locked()

    def acquire(self) -> bool:
        """Take it at once, until `release`. False: another process has it.

        Raises RuntimeError where it is taken in this process already, StoreError where the file
        cannot be used.
        """
        if self.is_locked:
            raise RuntimeError(f"{self._file} is held here already")
        try:
            self._held = try_lock(self._file)
        except OSError as error:
            raise from_os(error, self._file) from error
        return self.is_locked

    def release(self) -> None:
        """Let others have it."""
        held, self._held = self._held, None
        if held is not None:
            held.release()


class WatchedLock(ProcessLock):
    """A lock whose holder has to give signs of life, or it loses the lock to other processes.

    The last sign is in a file beside the lock: the number of the process, and the time by the clock
    that all processes of a computer share. A thread writes the file, as writing may have to wait
    for the disk while the journal commits. The thread also gives the lock up once signs stop.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        super().__init__(file, clock)
        self._sign = file.with_suffix(".pid")
        self._guard = threading.Lock()
        self._signs: SimpleQueue[float | None] = SimpleQueue()
        """Times of signs to be written; None: the lock was released."""
        self._written_at = 0.0
        self._alive_at = 0.0

    def acquire(self) -> bool:
        if not super().acquire():
            return False
        self._signs = SimpleQueue()
        self._alive_at = time.monotonic()
        self._written_at = self._clock.monotonic()
        self._write(self._written_at)
        threading.Thread(target=self._watch, args=(self._signs,), daemon=True).start()
        return True

    def release(self) -> None:
        with self._guard:
            self._signs.put(None)
            super().release()

    def give_sign(self) -> bool:
        """Show that this process is at work. False: it was too late, and the lock is lost."""
        self._alive_at = time.monotonic()
        if not self.is_locked:
            return False
        now = self._clock.monotonic()
        if now - self._written_at >= SILENT / 10:
            self._written_at = now
            self._signs.put(now)
        return True

    def silent_holder(self) -> int | None:
        """The number of the process that has the lock and gives no signs of life; None: none."""
        try:
            process, at = self._sign.read_text(encoding="ascii").split()
            is_silent = self._clock.monotonic() - float(at) > SILENT
            return int(process) if is_silent else None
        except (OSError, ValueError) as error:
            log.info("no sign of who has %s: %s", self._file, error)
            return None

    def _write(self, at: float) -> None:
        try:
            self._sign.write_text(f"{os.getpid()} {at}", encoding="ascii")
        except OSError as error:  # it is only for others to see, and they may work on
            log.warning("no sign of life at %s: %s", self._sign.name, error)

    def _watch(self, signs: "SimpleQueue[float | None]") -> None:
        """Write the signs. Runs in a thread, so that it works while the event loop is stuck."""
        while True:
            try:
                at = signs.get(timeout=SILENT / 10)
            except Empty:
                if time.monotonic() - self._alive_at > SILENT:
                    log.error("nothing was sent for %.0f s: others may send", SILENT)
                    self.release()
                continue
            if at is None:
                return
            with self._guard:
                if self.is_locked:
                    self._write(at)


class TaskSupervisor:
    """Keeps tasks running. One that fails is logged, reported, and started again."""

    def __init__(
        self,
        clock: Clock,
        failed: Callable[[str, BaseException], None],
        recovered: Callable[[str], None],
    ) -> None:
        """`failed` is called with a task's name and its error; `recovered`, once it works again."""
        self._clock = clock
        self._failed = failed
        self._recovered = recovered
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until it returns, or until `stop`."""
        self._tasks.append(asyncio.create_task(self._restart(name, work), name=name))

    def run_all(self, works: Mapping[str, Callable[[], Awaitable[None]]]) -> None:
        """The same of several, by name."""
        for name, work in works.items():
            self.run(name, work)

    async def stop(self) -> None:
        """End all tasks, and return when they have ended."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _restart(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        steady: asyncio.Task[None] | None = None
        while True:
            try:
                (ended,) = await asyncio.gather(work(), return_exceptions=True)
            finally:
                if steady is not None:
                    steady.cancel()
            if not isinstance(ended, BaseException):
                if steady is not None:
                    self._recovered(name)
                return
            log.error("%s failed", name, exc_info=ended)
            self._failed(name, ended)
            await self._clock.sleep(RESTART_AFTER)
            steady = asyncio.create_task(self._become_steady(name))

    async def _become_steady(self, name: str) -> None:
        await self._clock.sleep(STEADY)
        self._recovered(name)
