"""Clocks, which are passed in: the computer's own, the site's, or one that a test moves.

The `Date` of an answer is in whole seconds, and tells when it was made: since then it may have been
on its way, or in a cache, for any time. So all it proves is that the site's time is at least that.
Of many answers the one that proves most counts, measured by this computer's steady clock. As an
answer may be wrong, the time is also corrected downwards, if that of the last minutes says so.

Once the site's time is known, it goes on by the steady clock, so that it does not change when
somebody sets this computer's own clock. CONTRIBUTING.md, promise 11.
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
"""How long the time of an answer counts against newer ones."""
APART = timedelta(seconds=1)
"""An answer that proves less than the one before is only remembered if it came so much later."""
SECOND = timedelta(seconds=1)
"""The `Date` of an answer is rounded down to this."""
OFF = timedelta(minutes=2)
"""If the computer's clock is off by more than this, people are told."""
STEP = timedelta(minutes=1)
"""If the computer's clock moves by more than this, it was set: drift and time servers do less."""
GOOD_FOR = timedelta(hours=12)
"""How long what was known of the clock counts after a restart, until the site answers."""
WRITE_EVERY = 60.0
"""Seconds between two writings of what is known of the clock."""
YEARS = range(2000, 2200)
"""The `Date` of an answer is ignored if its year is not among these."""

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Clock(Protocol):
    """What everything below the screens may ask of a clock."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

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
        """Seconds on a clock that never goes back, and that goes on while the computer sleeps."""
        for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS, where it does so too
            if (which := getattr(time, name, None)) is not None:
                return time.clock_gettime(which)
        return time.monotonic()  # Windows'


class SiteTime(NamedTuple):
    """The site's time when it was last heard, to be stored over a restart."""

    site: datetime
    own: datetime
    """What the computer's clock showed at that moment."""


class _Sample(NamedTuple):
    """What an answer proves: how far the site's time is ahead of the steady clock."""

    at: datetime
    """When it came, by the steady clock."""
    least: timedelta
    most: timedelta


class SiteClock:
    """A `Clock` whose `now` is the site's time, as far as it is known."""

    def __init__(self, clock: Clock, *, steady: Callable[[], float] | None = None) -> None:
        """`clock`: the computer's. `steady`: seconds that go on while the computer sleeps."""
        self._clock = clock
        self.seconds = steady or clock.monotonic
        self._began = self._drift()
        self._ahead: timedelta | None = None
        """The site's time less the steady clock; None: not known."""
        self._samples: deque[_Sample] = deque()
        """Those of the last minutes, each of which proves less than the one before."""
        self._watchers: list[Callable[[], None]] = []

    @classmethod
    def over(cls, clock: Clock | None) -> Self:
        """Make one over the system's clock, or over another `clock` that tests set."""
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
        """How far the computer's clock is ahead of the site's; 0 while that is not known."""
        return timedelta() if self._ahead is None else self._drift() - self._ahead

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after each `Date` of the site. Call what this returns to stop it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def record(self, date: datetime, *, seconds: float, ended: float) -> None:
        """Correct the time by the `Date` of an answer of the site.

        `seconds`: from the request to the end of the answer. `ended`: when that end was, on the
        monotonic clock.
        """
        if date.year not in YEARS:
            return
        came = self._steady() - timedelta(seconds=self.monotonic() - ended)
        asked = came - timedelta(seconds=seconds)
        # It was made before it came, and after it was asked for, unless it is from a cache.
        self._remember(_Sample(came, date - came, date + SECOND - asked))
        best = self._samples[0]
        ahead = self._drift() if self._ahead is None else self._ahead
        self._ahead = min(max(ahead, best.least), best.most)
        for watcher in tuple(self._watchers):
            watcher()

    def _remember(self, sample: _Sample) -> None:
        """Keep the sample that proves most in front, then the best of those that came later."""
        samples = self._samples
        while samples and samples[0].at < sample.at - WINDOW:
            samples.popleft()
        while samples and samples[-1].least <= sample.least:
            samples.pop()
        if not samples or sample.at - samples[-1].at >= APART:
            samples.append(sample)

    def _steady(self) -> datetime:
        """The steady clock as a moment, as if it had begun in 1970."""
        return _ZERO + timedelta(seconds=self.seconds())

    def _drift(self) -> timedelta:
        """The computer's time less the steady clock."""
        return self._clock.now() - self._steady()

    # Over a restart, or a change of the site

    @property
    def site_time(self) -> SiteTime | None:
        """The site's time, to be stored; None: the site was not heard yet."""
        return SiteTime(self.now(), self.own()) if self._samples else None

    def recall(self, known: SiteTime) -> None:
        """Use what was known before the restart, until the site is heard.

        By how much the computer's clock was off counts for `GOOD_FOR`. After that, or if the clock
        was set back since, the clock is used as it is. The time is never earlier than it was.
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
        """Use the computer's clock again, as another site is asked from now on."""
        self._ahead = None
        self._samples.clear()

    # Ages

    def since(self, at: datetime, own: datetime | None) -> timedelta:
        """How long ago `at` was, when the computer's own clock showed `own`.

        It is measured by the computer's clock, so that a later correction makes no difference,
        unless that clock was set in the meantime.
        """
        was_set = abs(self._drift() - self._began) > STEP
        return self.now() - at if own is None or was_set else self.own() - own


class ClockMemory:
    """Stores the site's time in a file, for the time after a restart."""

    def __init__(self, clock: SiteClock, file: Path) -> None:
        self._clock = clock
        self._file = file
        self._due = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._unwatch = clock.watch(self._record)

    def recall(self) -> None:
        """Use what was stored by the last run, if anything was."""
        try:
            site, own = self._file.read_text(encoding="ascii").split()
            self._clock.recall(SiteTime(datetime.fromisoformat(site), datetime.fromisoformat(own)))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, OverflowError) as error:
            log.warning("what was known of the clock cannot be read: %s", error)

    async def close(self) -> None:
        """Store what is known now."""
        self._unwatch()
        if self._writing is not None:
            await self._writing
            await asyncio.to_thread(self._write)

    def _record(self) -> None:
        if self._clock.monotonic() >= self._due and (self._writing is None or self._writing.done()):
            self._due = self._clock.monotonic() + WRITE_EVERY
            self._writing = asyncio.create_task(asyncio.to_thread(self._write))

    def _write(self) -> None:
        """Store the time. If that fails, only the next start has to ask the site first."""
        known = self._clock.site_time
        if known is None:
            return
        try:
            write_whole(self._file, f"{known.site.isoformat()} {known.own.isoformat()}".encode())
        except ProblemError as error:
            log.warning("what is known of the clock is not kept: %s", error)


def age(clock: Clock, at: datetime, own: datetime | None) -> timedelta:
    """How long ago `at` was by `clock`. `own`: what the computer's own clock showed then."""
    return clock.since(at, own) if isinstance(clock, SiteClock) else clock.now() - at


def own_time(clock: Clock) -> datetime | None:
    """The time by the computer's own clock; None: `clock` is that clock."""
    return clock.own() if isinstance(clock, SiteClock) else None


def steady_time(clock: Clock) -> float:
    """Seconds on a clock that nobody can set. It begins with the computer, not with the program."""
    return clock.seconds() if isinstance(clock, SiteClock) else clock.monotonic()


def off(clock: Clock) -> timedelta:
    """How far the computer's clock is ahead of the site's, if that is more than OFF; else 0."""
    by = clock.off if isinstance(clock, SiteClock) else timedelta()
    return by if abs(by) > OFF else timedelta()


class LateError(Exception):
    """Work took too long. It is no TimeoutError, as the work itself may raise one of these."""


async def within(seconds: float, work: Coroutine[Any, Any, T], clock: Clock) -> T:
    """The result of `work`, if it takes no longer than `seconds` on this clock.

    If it does, it is cancelled, and LateError is raised.
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
    """The result of `work`, run on a thread that the end of the program does not wait for.

    It cannot be cancelled: if nobody waits for it any more, it goes on by itself.
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
