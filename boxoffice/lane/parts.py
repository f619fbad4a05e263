"""What runs beside a lane, and what happens when a part of it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from boxoffice.clock import Clock

log = logging.getLogger(__name__)

RESTART_AFTER = 5.0
"""Seconds until a part that failed is started again."""


class Parts:
    """Keeps parts running. One that fails is logged, told of, and started again."""

    def __init__(self, clock: Clock, failed: Callable[[str, BaseException], None]) -> None:
        """`failed` is told of the part and its error."""
        self._clock = clock
        self._failed = failed
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, part: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until it returns, or until `stop`."""
        self._tasks.append(asyncio.create_task(self._keep(part, work), name=part))

    async def stop(self) -> None:
        """End all parts, and return when they have ended."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, part: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            (ended,) = await asyncio.gather(work(), return_exceptions=True)
            if not isinstance(ended, BaseException):
                return
            log.error("%s failed", part, exc_info=ended)
            self._failed(part, ended)
            await self._clock.sleep(RESTART_AFTER)
