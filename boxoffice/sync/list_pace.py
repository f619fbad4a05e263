"""How often a site is asked for its list of tickets: as it bears, and less often when it is ill."""

from collections.abc import Callable

from boxoffice.clock import Clock

SHORTEST = 7.0
"""Seconds between two lists, at least."""
REST = 10
"""Times as long as the last list took, the site is left in peace."""
LONGEST_AFTER_FAULT = 60.0
"""Seconds between two tries, at most, while lists cannot be read."""


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
