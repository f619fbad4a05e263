"""When to go on: sleeps that can be cut short, and how long to wait before another try.

With full jitter, so that the laptops of a venue do not come back in step.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from boxoffice.clock import Clock

Jitter = Callable[[], float]
"""A number in [0, 1), such as `random.random`."""


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


def wait_before(tries: int, pace: Pace, jitter: Jitter) -> float:
    """Seconds before the next try, after `tries` that came to nothing."""
    doublings = min(max(tries - 1, 0), 32)
    return jitter() * min(pace.cap, pace.base * 2.0**doublings)


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
