"""A lane that takes up what happens at an event: on its own loop, a batch at a time.

While it takes up one batch, it is brought no other. It finishes what it has begun, also where the
hub is lost meanwhile: the feed then goes on from where the lane says that it is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from boxoffice.domain.venue import Message
from boxoffice.venue import After, Apply, HubAwayError, protocol

if TYPE_CHECKING:
    from boxoffice.venue.record import Record, Stored

log = logging.getLogger(__name__)

T = TypeVar("T")


class LaneEndedError(Exception):
    """The lane takes nothing up any more."""


class Follower:
    """One lane at one event. To be made on the lane's loop."""

    def __init__(self, event: str, after: After, apply: Apply) -> None:
        self.event = event
        self.read = 0
        self.total = 0
        """Messages that the lane has taken up, of those there are, since the feed began."""
        self.has_caught_up = False
        self._after = after
        self._apply = apply
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._has_ended = False

    async def run(self, record: "Record", changed: Callable[[], None]) -> None:
        """Bring the lane what is stored, until cancelled; called on the venue's loop.

        Calls `changed` when the numbers have. Raises HubAwayError, and what the lane raises.
        """
        from boxoffice.venue.feed import Feed  # noqa: PLC0415 - a lane's thread imports this module

        self.read = self.total = 0
        self.has_caught_up = False
        after = await self._on_lane(lambda: self._after(record.id, record.epoch))
        feed = await Feed.open(record, protocol.fed_subjects(self.event), after)
        there = self.total = feed.left
        try:
            while True:
                changed()
                if self.read >= there and not self.has_caught_up:
                    await self._hand_over(record, ())
                    self.has_caught_up = True
                    changed()
                batch = await feed.read()
                read = [_message(stored) for stored in batch.messages]
                await self._hand_over(record, [message for message in read if message is not None])
                self.read += len(batch.messages)
                self.total = self.read + batch.left
        finally:
            with suppress(HubAwayError):  # the feed ends with the connection, too
                await feed.close()

    def end(self) -> None:
        """Have the lane take up no more than it has begun to; called on its loop."""
        self._has_ended = True

    async def wait_ended(self) -> None:
        """Return when what it has begun to take up is taken up; called on its loop."""
        async with self._turn:
            return

    async def _hand_over(self, record: "Record", messages: Sequence[Message]) -> None:
        await self._on_lane(lambda: self._apply(record.id, record.epoch, messages))

    async def _on_lane(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What the lane answers. A cancellation leaves it to finish what it has begun.

        Raises LaneEndedError.
        """

        async def asking() -> T:
            async with self._turn:
                if self._has_ended:
                    raise LaneEndedError
                return await ask()

        if self._loop.is_closed():
            raise LaneEndedError
        answer = asyncio.run_coroutine_threadsafe(asking(), self._loop)
        return await asyncio.shield(asyncio.wrap_future(answer))


def _message(stored: "Stored") -> Message | None:
    """None: it is none of ours, and of no use to a lane."""
    try:
        return protocol.read_message(*stored)
    except protocol.ProtocolError as error:
        log.warning("passed over: %s", error)
        return None
