"""How long a loop stands still, looked at and printed alike by all benchmarks.

It is counted as far as this process had the processor meanwhile, so that what else the machine does
is not.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

GOAL = 50.0
"""Milliseconds that the loop stands still at the most."""
TICK = 0.002
MARK = "longest stall"
"""Begins the lines that `python -m tests.benchmarks` shows together at its end."""


class Stalls:
    """How late a task came that only wanted to run, each time, in milliseconds of this process."""

    def __init__(self) -> None:
        self.found: list[float] = []

    @asynccontextmanager
    async def seen(self) -> AsyncIterator[None]:
        """Look, while this lasts."""
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            at, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(TICK)
            late = time.perf_counter() - at - TICK
            self.found.append(max(0.0, min(late, time.process_time() - used)) * 1000)

    @property
    def longest(self) -> float:
        return max(self.found, default=0.0)

    @property
    def p99(self) -> float:
        return sorted(self.found)[len(self.found) * 99 // 100] if self.found else 0.0

    def report(self, what: str) -> None:
        """Print what was seen while `what` was done."""
        report_stall(what, self.longest, f"   lag p99 {self.p99:5.1f} ms")


@asynccontextmanager
async def reported(what: str) -> AsyncIterator[None]:
    """Look, while this lasts, and print what was seen."""
    stalls = Stalls()
    async with stalls.seen():
        yield
    stalls.report(what)


def report_stall(what: str, longest: float, more: str = "") -> None:
    print(f"  {MARK}: {what:52} {longest:5.0f} ms (goal {GOAL:.0f}){more}", flush=True)
