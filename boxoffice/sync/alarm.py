"""A sleep that can be cut short."""

import asyncio

from boxoffice.clock import Clock


class Alarm:
    """Wakes the one task that waits on it: when the time is up, or when it is rung before.

    A ring while nobody waits is kept for the next wait.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Return after `seconds`, or as soon as it rings; None: only when it rings."""
        if seconds is None:
            await self._rung.wait()
        elif not self._rung.is_set():
            ringing = asyncio.create_task(self._rung.wait())
            sleeping = asyncio.create_task(self._clock.sleep(seconds))
            try:
                await asyncio.wait((ringing, sleeping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                ringing.cancel()
                sleeping.cancel()
        self._rung.clear()
