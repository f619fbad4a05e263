"""Time, as a thing that is passed in: the machine's own, or one that a test moves by hand."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What the parts below the screens know of time."""

    def now(self) -> datetime:
        """The wall clock, in UTC and aware."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` on this clock."""
        ...


class SystemClock:
    """The machine's clocks."""

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


class LateError(Exception):
    """Work took too long. No TimeoutError, since that may be an error of the work's own."""


async def within(seconds: float, work: Coroutine[Any, Any, T], clock: Clock) -> T:
    """What `work` gives, if it takes no longer than that on this clock.

    Raises:
        LateError: it took longer, and was cancelled.

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
