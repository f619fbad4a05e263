"""How often a site is asked for its list of tickets, and which of its lists are not believed.

It is asked as it bears, and less often when it is ill.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from boxoffice.clock import Clock
from boxoffice.store.updates import ListDoubted, StoreUpdates
from boxoffice.ticketbutler import TicketList

log = logging.getLogger(__name__)

SHORTEST = 7.0
"""Seconds between two lists, at least."""
REST = 10
"""Times as long as the last list took, the site is left in peace."""
LONGEST_AFTER_FAULT = 60.0
"""Seconds between two tries, at most, while lists cannot be read."""
SHORT = 20
"""Tickets; a shorter list may well be halved by a person."""


class Sharing(Protocol):
    """What doors of a venue do for one another, so that not each of them reads the list."""

    async def is_brought(self) -> bool:
        """Whether another door reads the list for this one, and has done so lately."""

    async def add(self, listed: TicketList | None, asked_at: float) -> None:
        """Have the other doors know a list that was read here; None: it is as the one before."""

    def keep(self, asked_at: float) -> None:
        """Have them know that one was read here, and is not believed."""


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

    Until it lists them again, or a person who has read how it is asks for the list anew. At a venue
    that is a person at any door: each tells the others what it doubts, and what a person has taken.
    """

    def __init__(self, event: str, updates: StoreUpdates) -> None:
        self._event = event
        self._updates = updates
        self.listed: int | None = None
        """So many tickets the site lists by now, which is not believed; None: that is not so."""
        self._kept = 0
        """Tickets of the list that is kept instead, here or at the door that told of it."""
        self.taken: int | None = None
        """So many had the short list that a person took, here or at another door, and that the list
        here came from; None: there is none."""
        self._is_overcome = False
        """The list being asked for is believed."""

    @contextmanager
    def overcome(self) -> Iterator[None]:
        """Believe the list that is read meanwhile, where one was not believed before."""
        self._is_overcome = self.listed is not None
        try:
            yield
        finally:
            self._is_overcome = False
            if self.listed is not None:  # what was read, if anything, was not stored
                self.taken = None

    async def rejects(self, listed: int, known: int, taken: int | None = None) -> bool:
        """Whether a list of so many tickets is not to be taken over.

        `taken`: so many a person has taken at another door, which has read it.
        """
        if self._is_overcome:
            self.taken = listed
        elif taken is not None and not is_suspicious(listed, taken):
            self.taken = taken
        elif is_suspicious(listed, known):
            if listed != self.listed:
                log.warning("%d tickets listed where %d were: not taken", listed, known)
            await self.show(listed, known)
            return True
        return False

    async def end(self, tickets: int) -> None:
        """A list was taken over: there are so many tickets now."""
        if self.taken is not None and is_suspicious(self.taken, tickets):
            self.taken = None  # they are back
        if self.taken is not None or not is_suspicious(tickets, self._kept):
            await self.show(None, 0)

    async def show(self, listed: int | None, kept: int) -> None:
        """Have the screens know what is listed, and that so many are kept instead."""
        self._kept = max(self._kept, kept) if listed is not None else 0
        if listed != self.listed:
            self.listed = listed
            await self._updates.publish(ListDoubted(self._event, listed))
