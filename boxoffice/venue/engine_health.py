"""Whether the hub's engine is well, and can store what it is given.

After a write that failed it answers to no claim, and reads on, until it is started again, however
much room there is by then; one of three leaves all to the others. At its own limit it refuses each
claim, and calls itself well.
"""

import asyncio
import logging
import os
import tempfile
from pathlib import Path

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.venue import StoreTrouble
from boxoffice.venue.engine import Engine, stores_no_more

log = logging.getLogger(__name__)

ROOM = 1 << 20
"""Bytes that can be written where the disk is not full: an engine that starts takes a few kB."""
TRY_EVERY = 1.0
"""Seconds between two looks whether a disk can be written again."""


class EngineHealth:
    """Has an engine ended that is of no use, so that the hub starts it again."""

    def __init__(self, engine: Engine, clock: Clock, *, is_alone: bool) -> None:
        """`is_alone`: it is not one of three."""
        self._engine = engine
        self._clock = clock
        self._is_alone = is_alone
        self._has_complained = False
        self.trouble: StoreTrouble | None = None
        """Why nothing is stored, as it was seen last."""

    async def check(self) -> None:
        """End it where it has complained twice."""
        complaint = await self._look()
        is_bad = bool(complaint) and not stores_no_more(complaint)
        if is_bad and self._has_complained:
            self._end(complaint)
        self._has_complained = is_bad and not self._has_complained

    async def look(self) -> StoreTrouble | None:
        """`trouble` as it is now."""
        await self._look()
        return self.trouble

    async def wait_writable(self) -> None:
        """Return once an engine can be started: where the disk is full it would end at once."""
        while not await asyncio.to_thread(_can_write, self._engine.folder):
            self.trouble = StoreTrouble.DISK
            await self._clock.sleep(TRY_EVERY)
        self.trouble = None

    async def _look(self) -> str:
        """What it complains of, with `trouble` as it is now.

        While its disk is full it stays, and its hub can tell the doors why; one of three is ended,
        and the other two go on.
        """
        if not self._engine.is_serving:
            return ""
        complaint = await self._engine.complaint()
        if stores_no_more(complaint):
            is_writable = await asyncio.to_thread(_can_write, self._engine.folder)
            self._become(None if is_writable else StoreTrouble.DISK)
            if is_writable or not self._is_alone:
                self._end(complaint)
        elif not complaint:
            try:
                self._become(StoreTrouble.FULL if await self._engine.is_full() else None)
            except ProblemError as problem:
                log.info("whether the store is full is not known: %s", problem.sentence)
        return complaint

    def _become(self, trouble: StoreTrouble | None) -> None:
        if trouble is not None and self.trouble is None:
            log.error("nothing is stored: %s", trouble)
        self.trouble = trouble

    def _end(self, complaint: str) -> None:
        log.error("the hub's engine is ended: %s", complaint)
        self._engine.end()


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        log.debug("%s cannot be written: %s", folder, error)
        return False
    return True
