"""How often a site is asked for its list of tickets, and which of its lists are not believed.

It is asked as it bears, and less often when it is ill.
"""

import logging
from collections.abc import Callable

from boxoffice.clock import Clock
from boxoffice.store.updates import ListDoubted, StoreUpdates

log = logging.getLogger(__name__)

SHORTEST = 7.0
"""Seconds between two lists, at least."""
REST = 10
"""Times as long as the last list took, the site is left in peace."""
LONGEST_AFTER_FAULT = 60.0
"""Seconds between two tries, at most, while lists cannot be read."""
SHORT = 20
"""Tickets; a shorter list may well be halved by a person."""


class ListPace:
    """Of one computer at one event."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        """`jitter`: a number in [0, 1)."""
        self._clock = clock
        self._jitter = jitter
        self._took = 0.0
        self.failures = 0
        """Lists in a row that could not be read."""
        self.has_succeeded = False
        """The last one could."""
        self._fair_at = 0.0
        """When one may be asked for before it is due."""

    def succeed(self, took: float) -> None:
        """A list was read, in these seconds."""
        self._took, self.failures, self.has_succeeded = took, 0, True

    def fail(self) -> None:
        self.failures, self.has_succeeded = self.failures + 1, False

    @property
    def least(self) -> float:
        """Seconds between two lists, at least."""
        return max(SHORTEST, REST * self._took)

    def interval(self) -> float:
        """Seconds until the next one is due; others than the last time."""
        seconds = self.least
        if self.failures:
            doubled = SHORTEST * 2.0 ** min(self.failures - 1, 8)
            seconds = max(seconds, min(LONGEST_AFTER_FAULT, doubled))
        return seconds * (0.9 + 0.2 * self._jitter())

    def may_be_early(self) -> bool:
        """Whether one may be asked for before it is due; then none may for a while."""
        now = self._clock.monotonic()
        if now < self._fair_at:
            return False
        self._fair_at = now + self.least
        return True


def is_suspicious(listed: int, known: int) -> bool:
    """Whether `listed` tickets where so many are `known` look like a fault of the site's."""
    return (known > 0 and listed == 0) or (known >= SHORT and listed * 2 < known)


class ListDoubt:
    """Keeps an event's list as it is, however often the site lists next to nobody.

    Until it lists them again, or a person who has read how it is asks for the list anew.
    """

    def __init__(self, event: str, updates: StoreUpdates) -> None:
        self._event = event
        self._updates = updates
        self.listed: int | None = None
        """So many tickets the site lists by now, which is not believed; None: that is not so."""
        self.is_overcome = False
        """The list being asked for is believed."""

    def overcome(self) -> None:
        """Believe the next list, where one was not believed before."""
        self.is_overcome = self.listed is not None

    async def rejects(self, listed: int, known: int) -> bool:
        """Whether a list of so many tickets is not to be taken over."""
        if self.is_overcome or not is_suspicious(listed, known):
            return False
        log.warning("%d tickets listed where %d were: not taken", listed, known)
        await self._show(listed)
        return True

    async def end(self) -> None:
        """A list was taken over."""
        self.is_overcome = False
        await self._show(None)

    async def _show(self, listed: int | None) -> None:
        if listed != self.listed:
            self.listed = listed
            await self._updates.publish(ListDoubted(self._event, listed))
