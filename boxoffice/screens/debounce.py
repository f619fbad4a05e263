"""Whether what a screen shows has stood long enough to be read.

A key that bounces, is held down or is pressed twice was meant for what stood there before.
"""

from boxoffice.clock import Clock

LONG_ENOUGH = 0.6
"""Seconds; a held key begins to repeat after 0.2 to 0.5."""


class Debounce:
    """Notes since when a screen shows what it shows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shown: object = None
        self._since = float("-inf")

    def show(self, shown: object) -> None:
        """The screen shows `shown` now; the same as before changes nothing."""
        if shown != self._shown:
            self._shown, self._since = shown, self._clock.monotonic()

    @property
    def settled(self) -> bool:
        """A key is meant for what is shown."""
        return self._clock.monotonic() - self._since >= LONG_ENOUGH
