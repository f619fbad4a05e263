"""One at a time in a data folder, whatever processes work there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from boxoffice.clock import Clock

TRY_EVERY = 0.1
"""Seconds between tries, while another process is at work."""


class BusyError(Exception):
    """Others are at work for too long."""


class ProcessLock:
    """A lock that a killed process leaves free."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._lock = FileLock(file, timeout=0, mode=0o600, thread_local=False)
        self._turn = asyncio.Lock()
        self._clock = clock

    @asynccontextmanager
    async def hold(self, patience: float) -> AsyncIterator[None]:
        """Hold it. Raises BusyError where another process has it for `patience` seconds."""
        give_up = self._clock.monotonic() + patience
        async with self._turn:
            while not self.acquire():
                if self._clock.monotonic() >= give_up:
                    raise BusyError
                await self._clock.sleep(TRY_EVERY)
            try:
                yield
            finally:
                self.release()

    @property
    def is_ours(self) -> bool:
        """Somebody in this process holds it, or waits for it."""
        return self._lock.is_locked or self._turn.locked()

    def acquire(self) -> bool:
        """Take it at once, until `release`. False: another process has it.

        Raises RuntimeError where it is taken in this process already.
        """
        if self._lock.is_locked:
            raise RuntimeError(f"{self._lock.lock_file} is held here already")
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()
