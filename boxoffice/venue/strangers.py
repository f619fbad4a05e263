"""Connections without a password: they may ask to be paired, and must not keep others from it.

The engine lets in a number of them at once, and has no time-out for those who say nothing.
"""

import logging

from boxoffice.clock import Clock
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import STRANGERS

log = logging.getLogger(__name__)

PAIRS_WITHIN = 20.0
"""Seconds that each has."""
PAIRS_WITHIN_CROWDED = 2.0
"""Where there is no room for another one: it takes a few tenths of one."""
ROOM = STRANGERS // 4
"""So many more can come, or it is crowded."""


class Strangers:
    """Of one hub."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._seen: dict[int, float] = {}
        """When each was first seen, on the steady clock."""

    def forget(self) -> None:
        """Begin anew: the engine is another one."""
        self._seen.clear()

    async def drop_idle(self) -> None:
        """End those that have had their time. Raises ProblemError."""
        here, now = await self._engine.strangers(), self._clock.monotonic()
        self._seen = {number: self._seen.get(number, now) for number in here}
        is_crowded = len(here) > STRANGERS - ROOM
        within = PAIRS_WITHIN_CROWDED if is_crowded else PAIRS_WITHIN
        idle = [number for number, since in self._seen.items() if now - since >= within]
        for number in idle:
            await self._engine.drop_stranger(number)
        if idle:
            log.warning("dropped %d of %d who did not pair", len(idle), len(here))
