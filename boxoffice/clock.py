"""Time, as a thing that is passed in: the machine's own, the site's, or one that a test moves.

An answer's `Date` is in whole seconds, and of the moment when it was made: it may have been on its
way, or in a cache, for any time since. So it says for certain only what the site's time is at the
least, and of many the newest counts, as seen from this computer's steady clock. Down it is
corrected where the newest of the last minutes says so, since an answer may also have been wrong.

Once the site's time is known it goes on by the steady clock: whoever sets this computer's own
clock meanwhile changes nothing. CONTRIBUTING.md, promise 11.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, TypeVar

from boxoffice import ProblemError
from boxoffice.paths import write_whole

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)
"""How long an answer's time is held against newer ones."""
APART = timedelta(seconds=1)
"""Time between two answers that are both remembered, where the later says less."""
SECOND = timedelta(seconds=1)
"""What an answer's time is rounded down to."""
OFF = timedelta(minutes=2)
"""From here on it is said that the computer's clock is wrong."""
STEP = timedelta(minutes=1)
"""So far the computer's clock may drift, or a time server move it, without having been set."""
GOOD_FOR = timedelta(hours=12)
"""How long what was known of the clock counts for, by the computer's clock, without the site."""
WRITE_EVERY = 60.0
"""Seconds until what is known is written down once more."""
YEARS = range(2000, 2200)
"""An answer of another year tells nothing."""

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Clock(Protocol):
    """What the parts below the screens know of time."""

    def now(self) -> datetime:
        """The wall clock, in UTC and aware."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` on this clock."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def steady(self) -> float:
        """Seconds on a clock that never goes back, and goes on while the computer sleeps."""
        for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, where it does so too
            if (which := getattr(time, name, None)) is not None:
                return time.clock_gettime(which)
        return time.monotonic()  # Windows'


class SiteTime(NamedTuple):
    """What was known when the site was last heard: to be kept over a restart."""

    site: datetime
    own: datetime
    """The computer's clock at that moment."""


class _Sample(NamedTuple):
    """Between what the site's time was, as differences to the steady clock."""

    at: datetime
    """On the steady clock."""
    least: timedelta
    most: timedelta


class SiteClock:
    """A `Clock` whose `now` is the site's time, as far as it is known."""

    def __init__(self, clock: Clock, *, steady: Callable[[], float] | None = None) -> None:
        """`clock`: the computer's. `steady`: seconds that go on while it sleeps."""
        self._clock = clock
        self.seconds = steady or clock.monotonic
        self._began = self._drift()
        self._ahead: timedelta | None = None
        """The site's time less the steady clock; None: not known."""
        self._samples: deque[_Sample] = deque()
        """Of the last minutes, each saying less than the one before."""
        self._watchers: list[Callable[[], None]] = []

    @classmethod
    def over(cls, clock: Clock | None) -> Self:
        """Over the system's clock, or another that is handed in and set."""
        if clock is not None:  # it goes on while the computer sleeps, in step with its time
            return cls(clock, steady=lambda: clock.now().timestamp())
        system = SystemClock()
        return cls(system, steady=system.steady)

    def now(self) -> datetime:
        return self._clock.now() if self._ahead is None else self._steady() + self._ahead

    def own(self) -> datetime:
        """The computer's own time, right or wrong."""
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    @property
    def off(self) -> timedelta:
        """How far the computer's clock is ahead of the site's; 0 as long as that is not known."""
        return timedelta() if self._ahead is None else self._drift() - self._ahead

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after each answer that told the time, until the answer is called."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def record(self, date: datetime, *, seconds: float, ended: float) -> None:
        """Take up the `Date` of an answer of the site.

        `seconds`: from the request to its end; `ended`: when that was, on the monotonic clock.
        """
        if date.year not in YEARS:
            return
        came = self._steady() - timedelta(seconds=self.monotonic() - ended)
        asked = came - timedelta(seconds=seconds)
        # It was made before it had come, and not before it was asked for, unless it is a copy.
        self._remember(_Sample(came, date - came, date + SECOND - asked))
        best = self._samples[0]
        ahead = self._drift() if self._ahead is None else self._ahead
        self._ahead = min(max(ahead, best.least), best.most)
        for watcher in tuple(self._watchers):
            watcher()

    def _remember(self, sample: _Sample) -> None:
        """Keep the greatest of the window in front, and those that follow when it is too old."""
        samples = self._samples
        while samples and samples[0].at < sample.at - WINDOW:
            samples.popleft()
        while samples and samples[-1].least <= sample.least:
            samples.pop()
        if not samples or sample.at - samples[-1].at >= APART:
            samples.append(sample)

    def _steady(self) -> datetime:
        """The steady clock, as if it had begun in 1970."""
        return _ZERO + timedelta(seconds=self.seconds())

    def _drift(self) -> timedelta:
        """The computer's time less the steady clock."""
        return self._clock.now() - self._steady()

    # Over a restart, or a change of the site

    @property
    def site_time(self) -> SiteTime | None:
        """What is to be kept of the site's time; None: it was not heard."""
        return SiteTime(self.now(), self.own()) if self._samples else None

    def recall(self, known: SiteTime) -> None:
        """Go by what was known before, until the site is heard.

        How far the computer's clock was off counts for `GOOD_FOR`, by that clock; later, or where
        it was set back since, it is taken as it stands. In no case is it earlier than it was.
        """
        if self._ahead is not None or known.site.year not in YEARS:
            return
        own = self.own()
        passed = own - known.own
        if timedelta() <= passed <= GOOD_FOR:
            self._ahead = known.site + passed - self._steady()
        elif own < known.site:
            self._ahead = known.site - self._steady()

    def forget(self) -> None:
        """Go by the computer's clock again: another site is asked from now on."""
        self._ahead = None
        self._samples.clear()

    # Ages

    def since(self, at: datetime, own: datetime | None) -> timedelta:
        """How long ago it was `at`, when the computer's own clock showed `own`.

        The computer's clock tells, so that a correction that came since does not count, unless that
        clock was set meanwhile.
        """
        was_set = abs(self._drift() - self._began) > STEP
        return self.now() - at if own is None or was_set else self.own() - own


class ClockMemory:
    """What a site's clock was known to be, in a file: for the time after a restart."""

    def __init__(self, clock: SiteClock, file: Path) -> None:
        self._clock = clock
        self._file = file
        self._due = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._unwatch = clock.watch(self._record)

    def recall(self) -> None:
        """Go by what was known at the last run, where there is anything."""
        try:
            site, own = self._file.read_text(encoding="ascii").split()
            self._clock.recall(SiteTime(datetime.fromisoformat(site), datetime.fromisoformat(own)))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, OverflowError) as error:
            log.warning("what was known of the clock cannot be read: %s", error)

    async def close(self) -> None:
        """Write down what is known."""
        self._unwatch()
        if self._writing is not None:
            await self._writing
            await asyncio.to_thread(self._write)

    def _record(self) -> None:
        if self._clock.monotonic() >= self._due and (self._writing is None or self._writing.done()):
            self._due = self._clock.monotonic() + WRITE_EVERY
            self._writing = asyncio.create_task(asyncio.to_thread(self._write))

    def _write(self) -> None:
        """Without it, the next start has to read the site first; no reason to stop this one."""
        known = self._clock.site_time
        if known is None:
            return
        try:
            write_whole(self._file, f"{known.site.isoformat()} {known.own.isoformat()}".encode())
        except ProblemError as error:
            log.warning("what is known of the clock is not kept: %s", error)


def age(clock: Clock, at: datetime, own: datetime | None) -> timedelta:
    """How long ago it was `at` by `clock`; `own`: what the computer's own then showed, if kept."""
    return clock.since(at, own) if isinstance(clock, SiteClock) else clock.now() - at


def own_time(clock: Clock) -> datetime | None:
    """What the computer's own clock shows; None: `clock` is that clock."""
    return clock.own() if isinstance(clock, SiteClock) else None


def steady_time(clock: Clock) -> float:
    """Seconds on a clock that nobody sets: it begins with the computer, not with the program."""
    return clock.seconds() if isinstance(clock, SiteClock) else clock.monotonic()


def off(clock: Clock) -> timedelta:
    """How far the computer's clock is ahead of the site's, where that is above two minutes."""
    by = clock.off if isinstance(clock, SiteClock) else timedelta()
    return by if abs(by) > OFF else timedelta()


class LateError(Exception):
    """Work took too long. No TimeoutError, since that may be an error of the work's own."""


async def within(seconds: float, work: Coroutine[Any, Any, T], clock: Clock) -> T:
    """What `work` gives, if it takes no longer than that on this clock.

    Raises LateError where it took longer, and was cancelled.
    """
    working = asyncio.create_task(work)
    late = asyncio.create_task(clock.sleep(seconds))
    try:
        await asyncio.wait((working, late), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise LateError(f"not done within {seconds:g} s")
        return working.result()
    finally:
        working.cancel()
        late.cancel()
        await asyncio.gather(working, late, return_exceptions=True)


async def in_detached_thread(work: Callable[[], T]) -> T:
    """What `work` gives, done on a thread that the end of the program does not wait for.

    It cannot be called off: who waits for it no more leaves it to itself.
    """
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()

    def run() -> None:
        try:
            answer.set_result(work())
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(answer)
