"""Who is at an event, by what each door says of itself every two seconds, and what else it says.

Nothing of it is stored: a door that was away learns it anew.
"""

import hashlib
import json
import logging
import platform
import time
import uuid
from collections.abc import Callable

from nats.aio.msg import Msg

from boxoffice.clock import Clock
from boxoffice.domain.venue import Presence, Shown
from boxoffice.venue import Watcher, protocol
from boxoffice.venue.connection import Connection, EndListening
from boxoffice.venue.intake import Intake
from boxoffice.venue.record import Author

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two words of a door's."""
GONE_AFTER = 6.0
"""Seconds without one."""


def _this_computer() -> str:
    """The same for all processes of a computer, and hardly that of another one."""
    node = uuid.getnode()
    is_made_up = node >> 40 & 1  # another one in each process (RFC 4122, section 4.5)
    known = f"{platform.node()} {'' if is_made_up else node}"
    return hashlib.sha256(known.encode()).hexdigest()[:16]


class Attendance:
    """Of one event."""

    def __init__(
        self, event: str, author: Author, user: str, clock: Clock, changed: Callable[[], None]
    ) -> None:
        """`user`: of this computer at the hub.

        `changed` is called when a door comes or has another name, and with each word of this one's.
        """
        self._event = event
        self._author = author
        self._user = user
        self._clock = clock
        self._changed = changed
        self._others: dict[str, tuple[Presence, float]] = {}
        """By their devices, and when they were last there, on this computer's steady clock."""
        self._computer = _this_computer()
        self._intake = Intake()
        self._copy_seen = float("-inf")
        """When another computer was last there as this device."""
        self.shown: Shown = {}
        """Of this door."""
        self._is_hub = False
        self.watchers: dict[str, list[Watcher]] = {}
        """By the kind of what they take."""

    async def run(self, connection: Connection) -> None:
        """Take part until cancelled. Raises HubAwayError."""
        self._is_hub = connection.is_local
        listening: list[EndListening] = []
        try:
            while True:
                if not self._intake.is_flooded and not listening:
                    listening = await self._listen(connection)
                elif self._intake.is_flooded:
                    for end in listening:
                        await end()
                    listening.clear()
                own = self.own
                subject = protocol.presence_subject(own.event, own.device)
                await connection.publish(subject, protocol.presence_body(own))
                await self._intake.wait(EVERY)
                if listening:
                    self._drop_gone()
                self._changed()
        finally:
            self._others.clear()

    async def _listen(self, connection: Connection) -> list[EndListening]:
        """Take up what others say. Raises HubAwayError."""
        now = time.monotonic()  # who was there before a pause has said nothing since
        self._others = {device: (known, now) for device, (known, _) in self._others.items()}
        anybody = protocol.presence_subject(self._event, "*")
        return [
            await connection.listen(anybody, self._take_presence),
            await connection.listen(protocol.others_subject(self._event), self._take_other),
        ]

    @property
    def own(self) -> Presence:
        return Presence(
            self._event,
            self._author.device,
            self._user,
            self._author.lane,
            self._clock.now(),
            self._computer,
            **self.shown,
            is_hub=self._is_hub,
        )

    @property
    def doors(self) -> list[Presence]:
        """Those that are there, this one with them, by the names of their lanes."""
        others = (presence for presence, _ in self._others.values())
        return sorted((self.own, *others), key=lambda door: (door.lane.casefold(), door.device))

    @property
    def has_namesake(self) -> bool:
        """Whether another computer has this lane's name."""
        name = self._author.lane.casefold()
        return any(door.lane.casefold() == name for door, _ in self._others.values())

    @property
    def has_copy(self) -> bool:
        """Whether another computer is there with a copy of this one's data folder."""
        return time.monotonic() - self._copy_seen < GONE_AFTER

    def _take_presence(self, message: Msg) -> None:
        presence = self._intake.read_presence(message)
        if presence is None:
            return
        if presence.device == self._author.device:
            if presence.computer != self._computer:
                self._copy_seen = time.monotonic()
            return
        known = self._others.get(presence.device)
        if known is not None or len(self._others) < protocol.MOST_DOORS:
            self._others[presence.device] = (presence, time.monotonic())
            if known is None or known[0].lane != presence.lane:
                self._changed()

    def _take_other(self, message: Msg) -> None:
        *_, device, kind = message.subject.split(".")
        watchers = self.watchers.get(kind, ())
        if not self._intake.takes(device, len(message.data)):
            return
        if not watchers or device == self._author.device:
            return
        try:
            fields = json.loads(message.data)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            log.info("passed over: what came at %r is no object", message.subject)
            return
        for watcher in tuple(watchers):
            watcher(device, fields)

    def _drop_gone(self) -> None:
        latest = time.monotonic() - GONE_AFTER
        gone = [device for device, (_, last_seen) in self._others.items() if last_seen < latest]
        for device in gone:
            del self._others[device]
