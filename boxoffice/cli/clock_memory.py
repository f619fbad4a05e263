"""What a site said of the time, kept over a restart."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path

from boxoffice.paths import CLOCK, write_private
from boxoffice.problem import ProblemError
from boxoffice.site_clock import Known, SiteClock

log = logging.getLogger(__name__)

AGAIN = 60.0
"""Seconds until what is known is written down once more."""


class ClockMemory:
    """Keeps in a site's folder what the clock has heard of that site."""

    def __init__(self, clock: SiteClock, folder: Path) -> None:
        self._clock = clock
        self._file = folder / CLOCK
        self._due = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._unwatch = clock.watch(self._heard)

    def recall(self) -> None:
        """Go by what was known at the last run, where there is anything."""
        try:
            site, own = self._file.read_text(encoding="ascii").split()
            self._clock.recall(Known(datetime.fromisoformat(site), datetime.fromisoformat(own)))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, OverflowError) as error:
            log.warning("what was known of the clock cannot be read: %s", error)

    def _heard(self) -> None:
        if self._clock.monotonic() >= self._due and (self._writing is None or self._writing.done()):
            self._due = self._clock.monotonic() + AGAIN
            self._writing = asyncio.create_task(asyncio.to_thread(self._write))

    async def close(self) -> None:
        """Write down what is known."""
        self._unwatch()
        if self._writing is not None:
            await self._writing
            await asyncio.to_thread(self._write)

    def _write(self) -> None:
        """Without it, the next start has to hear the site first; no reason to stop this one."""
        known = self._clock.known
        if known is None:
            return
        try:
            write_private(self._file, f"{known.site.isoformat()} {known.own.isoformat()}")
        except ProblemError as error:
            log.warning("what is known of the clock is not kept: %s", error.sentence)
