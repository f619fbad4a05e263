"""What the tests of all parts share: a clock moved by hand, waiting, both dialects."""

import asyncio
import functools
import heapq
import inspect
import itertools
import signal
from collections.abc import Awaitable, Callable, Iterable, Sized
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

EVENING = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
"""Friday 18:30 in Copenhagen: half an hour before the sandbox's event 1 begins."""

HANG_UP: signal.Signals = getattr(signal, "SIGHUP", signal.SIGTERM)
"""SIGHUP; on Windows, which has none, tests of it are skipped, and their names still made."""

Rule: TypeAlias = Callable[..., None]

both_dialects = pytest.mark.parametrize("dialect", ["docs", "live"])
"""Runs a test that uses the `sandbox` fixture once in each dialect."""


def table(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Rule], Rule]:
    """`pytest.mark.parametrize` for a rule that takes less time than a test takes to begin.

    One test tries all rows, and names the one that failed. It may be given several tables, but no
    fixture that a row changes.
    """
    columns, rows = (names,) if isinstance(names, str) else names, tuple(rows)

    def over(rule: Rule) -> Rule:
        @functools.wraps(rule)
        def test(*owner: Any, **others: Any) -> None:
            for row in rows:
                values = (row,) if isinstance(names, str) else row
                case = dict(zip(columns, values, strict=True))
                try:
                    rule(*owner, **others, **case)
                except BaseException as error:
                    error.add_note(f"in the row {case}")
                    raise

        signature = inspect.signature(rule)
        left = [each for name, each in signature.parameters.items() if name not in columns]
        test.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return test

    return over


class Underway:
    """Counts what needs real time to be done, less what of it the sandbox holds back on purpose."""

    def __init__(self) -> None:
        self._count = 0
        self._awaited: list[asyncio.Future[None]] = []

    def counted(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """`work`, which will be done by itself: a request, or what a thread or a file does."""
        return self._adding(1, work)

    def held_back(self, wait: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """`wait`, by which the sandbox holds one request back."""
        return self._adding(-1, wait)

    def _adding(
        self, number: int, work: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def adding(*args: Any, **options: Any) -> Any:
            self._add(number)
            try:
                return await work(*args, **options)
            finally:
                self._add(-number)

        return adding

    def _add(self, number: int) -> None:
        self._count += number
        if self._count <= 0:
            for over in tuple(self._awaited):  # a sandbox may be on a loop of its own
                over.get_loop().call_soon_threadsafe(_set, over)

    async def over(self) -> None:
        """Return when nothing is under way but what is held back, or is taken to be.

        Nor has what was done just now led to more.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        await quiet()
        while self._count > 0 and loop.time() < deadline:
            over = loop.create_future()
            self._awaited.append(over)
            try:
                await asyncio.wait([over], timeout=deadline - loop.time())
            finally:
                self._awaited.remove(over)
            await quiet()


def _set(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)


DEEPEST = 1000
"""Steps that a task may go on for, ready each time, and is waited for."""
LOOKS = 2
"""So many looks in a row find nothing ready: one task may be between two others."""
PATIENCE = 1.0
"""Seconds; what takes longer is waited for by nobody, as a site that is silent by itself."""
UNDERWAY = Underway()
"""Of this process, which runs one test at a time."""


BEGINNING = 1000.0
"""Seconds on a made-up monotonic clock when it is made."""


class FakeClock:
    """A `boxoffice.clock.Clock` that stands still until the test moves it.

    It is moved on only when nothing is under way: else a slow machine would make requests late.
    """

    def __init__(self, now: datetime = EVENING) -> None:
        self._began = now
        """What the wall clock showed when the other one began: rounded once and not at each step,
        or sixty seconds in steps are a microsecond more or less."""
        self._monotonic = BEGINNING
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._monotonic - BEGINNING)

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Return when the test has moved the clock by `seconds`; at once for 0 or less."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._order), woken))
        await woken

    @property
    def sleeping(self) -> int:
        return sum(not woken.done() for _, _, woken in self._sleepers)

    @property
    def next_in(self) -> float | None:
        """Seconds until the next sleeper is due; None: nobody sleeps."""
        due = [due for due, _, woken in self._sleepers if not woken.done()]
        return min(due) - self._monotonic if due else None

    async def advance(self, seconds: float) -> None:
        """Move both clocks on, waking sleepers in their order; what becomes ready runs in between.

        Work that the last sleepers begin is not finished by this: use `until`.
        """
        target = self._monotonic + seconds
        await UNDERWAY.over()
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._move_to(due)
            woken.set_result(None)
            await UNDERWAY.over()
        self._move_to(target)
        await quiet()

    async def pass_idly(self, minutes: int) -> None:
        """Move both clocks on by minutes in which nothing but time matters.

        Who sleeps wakes once a minute at the most, and not whenever it is due.
        """
        for _ in range(minutes):
            await UNDERWAY.over()
            self._move_to(self._monotonic + 60)
            await self.advance(0)

    def jump(self, by: timedelta) -> None:
        """Set the wall clock alone, as a time server or a steward does."""
        self._began += by

    def _move_to(self, monotonic: float) -> None:
        self._monotonic = max(self._monotonic, monotonic)


async def settle(rounds: int = 20) -> None:
    """Let tasks that are ready run, a few steps deep."""
    for _ in range(rounds):
        await asyncio.sleep(0)


async def quiet() -> None:
    """Let tasks that are ready run, and return as soon as none is; `DEEPEST` steps at the most.

    The loop has looked at every socket when this goes on: what is not in its queue is not ready.
    """
    ready: Sized = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    without = 0
    for _ in range(DEEPEST):
        await asyncio.sleep(0)
        without = 0 if ready else without + 1
        if without == LOOKS:
            return


async def until(
    condition: Callable[[], object] | Callable[[], Awaitable[object]],
    what: str = "",
    within: float = 180.0,
    every: float = 0.002,
) -> None:
    """Wait until `condition` (a plain or an async function) is true, asked every so many seconds.

    Fails after `within` seconds, which only a broken program needs.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while True:
        met = condition()
        if inspect.isawaitable(met):
            met = await met
        if met:
            return
        if loop.time() > deadline:
            pytest.fail(f"not met within {within:g} s: {what or condition}")
        await asyncio.sleep(every)
