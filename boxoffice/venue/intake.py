"""How much is taken up of what doors say and nobody stores: none keeps the others from the hub.

The engine limits nobody who may publish: a door that sends without end fills the connections of
all others, whose claims then wait behind that. So it is counted: what a door sends beyond its share
is dropped, and where all of it is too much, nothing of the kind is listened to for a while.
"""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from time import monotonic

from nats.aio.msg import Msg

from boxoffice.domain.venue import Presence
from boxoffice.venue import protocol

log = logging.getLogger(__name__)

MESSAGE = 4096
"""Bytes that a message costs beside its own: it is work, however short."""
SHARE, ALL = 2 << 20, 8 << 20
"""Bytes a second: of a door, which sends a list in parts at 1.3 MB; of all, as 2,000 messages."""
PAUSE = 10.0
"""Seconds without what doors say, once it is too much."""


class Intake:
    """Of one listener."""

    def __init__(self) -> None:
        self._second = 0
        """That is counted, on the steady clock."""
        self._taken: Counter[str] = Counter()
        """Bytes in it, by devices."""
        self._dropped: Counter[str] = Counter()
        """Messages, by devices, since the last pause."""
        self._paused_until = float("-inf")
        self._flooded = asyncio.Event()

    @property
    def is_flooded(self) -> bool:
        """Whether nothing is to be listened to now."""
        return monotonic() < self._paused_until

    def takes(self, device: str, size: int) -> bool:
        """Whether a message of so many bytes is taken up; else it is counted, and dropped."""
        if (second := int(monotonic())) != self._second:
            self._second = second
            self._taken.clear()
        cost = size + MESSAGE
        self._taken[""] += cost
        self._taken[device] += cost
        if self._taken[""] > ALL and not self.is_flooded:
            self._pause(second)
        if self._taken[device] <= SHARE and not self.is_flooded:
            return True
        self._dropped[device] += 1
        return False

    def read_presence(self, message: Msg) -> Presence | None:
        """None: it is not taken up, or says nothing."""
        if not self.takes(message.subject.rpartition(".")[2], len(message.data)):
            return None
        try:
            return protocol.read_presence(message.subject, message.data)
        except protocol.ProtocolError as error:
            log.info("passed over: %s", error)
            return None

    def _pause(self, second: int) -> None:
        self._paused_until = second + PAUSE
        self._flooded.set()
        most = ", ".join(f"{number} of {device}" for device, number in self._dropped.most_common(3))
        log.warning(
            "doors send too much: nothing is listened to for %g s; %d messages were dropped (%s)",
            *(PAUSE, self._dropped.total(), most),
        )
        self._dropped.clear()

    async def wait(self, seconds: float) -> None:
        """Return after that time, or as soon as there is too much."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._flooded.wait()
        self._flooded.clear()
