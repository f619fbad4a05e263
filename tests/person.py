"""A person's hand for tests: keys as far apart as fingers press them, and nobody waits for it.

Textual's `Pilot` waits after each key until the process seems idle: 40 ms at least, and on a busy
machine it seems so while the key is not handled yet. Here it is waited until nothing is at work.
"""

from typing import Any

from textual import _time
from textual.pilot import Pilot

from boxoffice.app import BoxofficeApp
from tests.support import UNDERWAY

PERSON = 0.2
"""Seconds between a person's keys."""
SEEN = 0.31
"""Seconds until a person may see what came of a key."""
SILENCE = 0.5
"""Seconds in which no key comes, before others that are not the same hand's."""

_now = _time.get_time
_press = Pilot.press
_pause = Pilot.pause


class Hand:
    """The time of keys: the machine's, and what a test skips of it."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def time(self) -> float:
        return _now() + self._skipped

    def skip(self, seconds: float) -> None:
        """Have so many seconds gone by."""
        self._skipped += seconds


HAND = Hand()


async def pressed(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after another as a person does, and see what comes of each."""
    for key in keys:
        HAND.skip(PERSON)
        await _press(pilot, key)
        HAND.skip(SEEN)
        await decided(pilot)
    HAND.skip(SILENCE)


async def decided(pilot: Pilot[Any]) -> None:
    """Have the app decide whose the keys so far were, and see what comes of them."""
    app = pilot.app
    if isinstance(app, BoxofficeApp):
        app.call_later(app.input.moment)
    await rested(pilot)


async def rested(pilot: Pilot[Any], delay: float | None = None) -> None:
    """Wait until no message, request, file or thread is at work, and what they brought is drawn."""
    for _ in range(2):  # what is drawn first may ask for more
        await UNDERWAY.over()
        await _pause(pilot, delay or 0)


async def at_once(*_: float) -> None:
    """In place of Textual's wait for an idle process."""
