"""What happens at a hub: doors come and go, two of them let one ticket in, and it is stopped."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from nats.aio.msg import Msg

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.venue import Clash, Presence
from boxoffice.language import N_, _
from boxoffice.venue import protocol
from boxoffice.venue.intake import Intake

log = logging.getLogger(__name__)

GONE_AFTER = 6.0
"""Seconds without a word of a door's, which says one every two."""


class HubChange(StrEnum):
    """A kind of what happens, as `hub --json` calls it."""

    PAIRED = "paired"
    PRESENT = "present"
    GONE = "gone"
    REMOVED = "removed"
    CONFLICT = "conflict"
    STOPPED = "stopped"


_SENTENCES = {
    HubChange.PAIRED: N_("{door} was paired"),
    HubChange.PRESENT: N_("{door} is here"),
    HubChange.GONE: N_("{door} is gone"),
    HubChange.REMOVED: N_("{door} was removed"),
    HubChange.CONFLICT: N_("{door} let somebody in who was in already: see F6 there"),
    HubChange.STOPPED: N_("{door} has stopped: doors go on by themselves"),
}


class HubEvent(NamedTuple):
    """Something that has happened."""

    state: HubChange
    door: str
    """Its name; of a conflict: of the second door; of a stop: the venue's."""
    at: datetime

    @property
    def sentence(self) -> str:
        """When and what, for people."""
        return (
            f"{self.at.astimezone():%H:%M:%S}  {_(_SENTENCES[self.state]).format(door=self.door)}"
        )


class HubEvents:
    """What has happened and was not read yet, and who is there now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: asyncio.Queue[HubEvent | ProblemError | None] = asyncio.Queue()
        self._present: dict[str, tuple[Presence, float]] = {}
        """By their devices, and when they last said so, on the monotonic clock."""
        self._clashes: set[str] = set()
        """Subjects."""
        self._intake = Intake()

    @property
    def doors(self) -> list[Presence]:
        """Those that are there, by their lanes' names."""
        doors = (presence for presence, _at in self._present.values())
        return sorted(doors, key=lambda door: (door.lane.casefold(), door.device))

    @property
    def is_flooded(self) -> bool:
        """Whether `take_presence` is to be given nothing now."""
        return self._intake.is_flooded

    async def read(self) -> AsyncIterator[HubEvent]:
        """What happens until it is stopped. For one reader. Raises what `end` was given."""
        while (event := await self._queue.get()) is not None:
            if isinstance(event, ProblemError):
                raise event
            yield event

    def publish(self, state: HubChange, door: str) -> None:
        self._queue.put_nowait(HubEvent(state, door, self._clock.now()))

    def end(self, problem: ProblemError | None = None) -> None:
        """Nothing happens any more."""
        self._queue.put_nowait(problem)

    async def take_presence(self, message: Msg) -> None:
        presence = self._intake.read_presence(message)
        if presence is None:
            return
        is_new = presence.device not in self._present
        if is_new and len(self._present) >= protocol.MOST_DOORS:
            return
        self._present[presence.device] = presence, self._clock.monotonic()
        if is_new:
            self.publish(HubChange.PRESENT, presence.lane)

    def drop_gone(self) -> None:
        """Notice doors that say nothing any more, though they would be heard."""
        if self.is_flooded:
            now = self._clock.monotonic()
            self._present = {device: (seen, now) for device, (seen, _at) in self._present.items()}
            return
        latest = self._clock.monotonic() - GONE_AFTER
        gone = [device for device, (_seen, at) in self._present.items() if at < latest]
        for device in gone:
            presence, _at = self._present.pop(device)
            self.publish(HubChange.GONE, presence.lane)

    async def take_clash(self, message: Msg) -> None:
        """Take up a clash: of each pair of doors once, though a door may send it again."""
        try:
            clash = protocol.read_message(message.subject, message.data, 0)
        except protocol.ProtocolError as error:
            log.info("passed over: %s", error)
            return
        if isinstance(clash, Clash) and message.subject not in self._clashes:
            self._clashes.add(message.subject)
            self.publish(HubChange.CONFLICT, clash.lane)
