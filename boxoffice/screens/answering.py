"""Requests to the lane, answered one after another in the order in which they were made."""

import asyncio
from collections.abc import Awaitable, Callable

Request = Callable[[], Awaitable[None]]


class Answering:
    """A queue and its one worker. What fails is reported, and the next one is answered."""

    def __init__(
        self, *, failed: Callable[[BaseException], None], counted: Callable[[int], None]
    ) -> None:
        """`counted` is told how many wait whenever that changes."""
        self._queue: asyncio.Queue[Request] = asyncio.Queue()
        self._failed = failed
        self._counted = counted
        self.waiting = 0
        """Requests that are not answered yet, with the one under way."""

    def ask(self, request: Request) -> None:
        """Have `request` answered in its turn."""
        self._queue.put_nowait(request)
        self._count(1)

    async def run(self) -> None:
        """Answer what is asked. Never ends."""
        while True:
            request = await self._queue.get()
            (ended,) = await asyncio.gather(request(), return_exceptions=True)
            self._count(-1)
            if isinstance(ended, BaseException):
                self._failed(ended)

    def _count(self, by: int) -> None:
        self.waiting += by
        self._counted(self.waiting)
