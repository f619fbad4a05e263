"""What all share who work between this computer's files and the site, and when they go on.

Sleeps can be cut short, and waits before another try are with full jitter, so that the laptops of a
venue do not come back in step. Of several processes in a data folder one is at work at a time, and
what fails there is started again.
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
"""Seconds that a command waits at its end, and between its looks."""
RESTART_AFTER = 5.0
"""Seconds until a task that failed is started again."""
STEADY = 2 * RESTART_AFTER
"""Seconds after which a task that was started again counts as working."""
TRY_EVERY = 0.1
"""Seconds between tries, while another process is at work."""
SILENT = 10.0
"""Seconds without a sign of life, after which a process does not work at what it has locked."""


@dataclass(frozen=True, slots=True)
class SyncContext:
    """The files of one data folder, the site, and what goes on between them."""

    journal: Journal
    store: RosterStore
    client: Ticketbutler
    link: Link
    """Observes the requests of `client`."""
    folder: Path
    """The data folder that both files are in."""
    clock: Clock
    updates: StoreUpdates = field(default_factory=StoreUpdates)
    """Where it is published what is stored and written."""
    jitter: Jitter = random.random
    venue: "Venue | None" = None
    """The doors that this one shares one truth with; None: it never joined any."""
    venue_problem: str = ""
    """Why this computer takes no part in the venue that it joined."""
    is_alone: Callable[[], bool] = lambda: True
    """Whether it is known that no other process has the files open."""

    async def settle(self) -> int:
        """Wait while the server takes what is due, at most `SETTLE`.

        Answers how many rows of the queue are still to be sent.
        """
        give_up = self.clock.monotonic() + SETTLE
        while True:
            counts = await self.journal.read(queue.counts)
            due = await self.journal.read(queue.next_due, self.clock.now())
            # What waited a moment ago, and is not due at any time, is being sent by now.
            waits = due is not None and due > self.clock.now()
            at_work = counts.sending or (counts.waiting and not waits)
            if not at_work or not self.link.sends or self.clock.monotonic() >= give_up:
                return counts.unsent
            await self.clock.sleep(LOOK_EVERY)


class SyncPart:
    """A part of it, which has what all share at hand."""

    def __init__(self, context: SyncContext) -> None:
        self._journal = context.journal
        self._store = context.store
        self._client = context.client
        self._link = context.link
        self._clock = context.clock
        self._updates = context.updates
        self._jitter = context.jitter

    async def _save_answers(self, ticket: str, answers: Sequence[Answer]) -> None:
        """Store what was answered for a ticket, as it was just read."""
        await self._store.write(json_docs.save, json_docs.ANSWERS, ticket, answers)
        await self._updates.publish(AnswersStored({ticket: answers}))


async def response_of(request: Awaitable[T]) -> T | TicketbutlerError:
    """What a request comes to: its answer, or an error of the site or of the way there."""
    try:
        return await request
    except TicketbutlerError as error:
        return error


class Pace(NamedTuple):
    """Seconds: the mean doubles with each try, from `base` up to `cap`."""

    base: float
    cap: float


FAULT = Pace(base=1, cap=60)
"""The server has a fault, or asks for fewer requests."""
UNKNOWN = Pace(base=5, cap=300)
"""What became of the request is not known: the server may be busy with it still."""
REFUSED = Pace(base=30, cap=300)
"""The key may not do this: only a person changes that."""
LONGEST_ASKED = queue.LONGEST_WAIT.total_seconds()
"""Seconds; a site that asks for a longer rest is asked again after this. What is put off for longer
seems to be due since a clock was set back, and would be tried at once."""


def wait_before(tries: int, pace: Pace, jitter: Jitter) -> float:
    """Seconds before the next try, after `tries` that came to nothing."""
    doublings = min(max(tries - 1, 0), 32)
    return jitter() * min(pace.cap, pace.base * 2.0**doublings)


def with_rest(wait: float, asked: float | None) -> float:
    """Seconds before the next try, where a site may have `asked` for a longer rest."""
    return wait if asked is None else max(wait, min(asked, LONGEST_ASKED))


class Wakeup:
    """Wakes the one task that waits on it: when the time is up, or when it is set before.

    What is set while nobody waits is kept for the next wait.
    """

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
    """So many at once, and one more each so many seconds."""

    def __init__(self, most: float, every: float, clock: Clock) -> None:
        self._most = most
        self._every = every
        self._clock = clock
        self._left = most
        self._at = clock.monotonic()

    def take(self) -> bool:
        """Take one; False: there is none left now."""
        now = self._clock.monotonic()
        self._left = min(self._most, self._left + (now - self._at) / self._every)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class BusyError(Exception):
    """Others are at work for too long."""


class ProcessLock:
    """A lock that a killed process leaves free."""

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
        """Somebody in this process holds it, or waits for it."""
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
    """A lock whose holder gives signs of life, and loses it to others once there are none.

    The last sign is in a file beside the lock: the process, and when, by the clock that all
    processes of a computer share. A thread writes it, since a file may have to wait for the disk
    while the journal is being committed, and has an eye on whether signs still come.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        super().__init__(file, clock)
        self._sign = file.with_suffix(".pid")
        self._guard = threading.Lock()
        self._signs: SimpleQueue[float | None] = SimpleQueue()
        """Signs to be written; None: the lock was released."""
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
        """Show that this process is at work. False: it was not, and the lock is lost."""
        self._alive_at = time.monotonic()
        if not self.is_locked:
            return False
        now = self._clock.monotonic()
        if now - self._written_at >= SILENT / 10:
            self._written_at = now
            self._signs.put(now)
        return True

    def silent_holder(self) -> int | None:
        """The process that has the lock, where it gives no signs of life any more."""
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
        """Runs in a thread of its own, whatever the event loop is stuck in."""
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
