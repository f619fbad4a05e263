"""The turn of a lane: one answer after the other, and nothing else begins while one is awaited."""

import asyncio
from contextlib import ExitStack
from types import TracebackType

from boxoffice.sync import CodeReader


class Turn:
    """A lock. From when it is asked for until it is given back, nothing is read in the background.

    To be used as an async context manager, by several at a time.
    """

    def __init__(self, reader: CodeReader | None) -> None:
        self._reader = reader
        self._lock = asyncio.Lock()
        self._held = ExitStack()

    async def __aenter__(self) -> None:
        with ExitStack() as stack:
            if self._reader is not None:
                stack.enter_context(self._reader.held())
            await self._lock.acquire()
            self._held = stack.pop_all()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()
        self._lock.release()
