"""Whether what a screen says has stood long enough to be read.

A key that bounces, is held down or is pressed twice was meant for what stood there before.
"""

from boxoffice.clock import Clock

LONG_ENOUGH = 0.6
"""Seconds; a held key begins to repeat after 0.2 to 0.5."""


class Reading:
    """Notes since when a screen says what it says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._said: object = None
        self._since = float("-inf")

    def put(self, said: object) -> None:
        """The screen says `said` now; the same as before changes nothing."""
        if said != self._said:
            self._said, self._since = said, self._clock.monotonic()

    @property
    def over(self) -> bool:
        """A key is meant for what is said."""
        return self._clock.monotonic() - self._since >= LONG_ENOUGH
