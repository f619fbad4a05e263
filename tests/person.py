"""A person's hand for tests: keys as far apart as fingers press them, and nobody waits for it.

Textual's `Pilot` waits after each key until the process seems idle: 40 ms at least, and on a busy
machine it seems so while the key is not handled yet. Here it is waited until nothing is at work.
"""

from collections.abc import Callable
from typing import Any

import pytest
from textual import _time
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button

from boxoffice.app import BoxofficeApp
from boxoffice.screens import base
from tests.support import UNDERWAY, quiet, until

PERSON = 0.2
"""Seconds between a person's keys."""
SEEN = 0.31
"""Seconds until a person may see what came of a key."""
SILENCE = 0.5
"""Seconds in which no key comes, before others that are not the same hand's."""
BY_ITSELF = 0.1
"""Real seconds after which a screen is laid out where no test has it done: six of its frames."""

_now = _time.get_time
_paint = Screen._compositor_refresh


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


def put_off(screen: Screen[Any]) -> None:
    """In place of `Screen._compositor_refresh`: paint when the screen is at rest.

    Nobody sees what is painted between two steps. Layout, and all that follows from it, is done
    at each of them as ever.
    """
    if screen is not screen.app.screen or screen.app.is_inline:
        _paint(screen)
        return
    screen._dirty_widgets.clear()
    screen.app._update_mouse_over(screen)


async def pressed(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after another as a person does, and see what comes of each."""
    for key in keys:
        HAND.skip(PERSON)
        await pilot.app._press_keys([key])
        await quiet()
        HAND.skip(SEEN)
        await decided(pilot)
    _paint(pilot.app.screen)
    HAND.skip(SILENCE)


async def decided(pilot: Pilot[Any]) -> None:
    """Have the app decide whose the keys so far were, and see what comes of them."""
    app = pilot.app
    if isinstance(app, BoxofficeApp):
        app.call_later(app.input.moment)
    await _at_rest(pilot)


async def rested(pilot: Pilot[Any], _delay: float | None = None) -> None:
    """Wait until no message, request, file or thread is at work, and what they brought is drawn."""
    await _at_rest(pilot)
    _paint(pilot.app.screen)


async def _at_rest(pilot: Pilot[Any]) -> None:
    """Wait until nothing is at work, and all has its place.

    A message that is not handled yet is a task that is ready: it need not be asked of each widget.
    """
    for _ in range(2):  # what is placed first may ask for more
        await UNDERWAY.over()
        for screen in (*pilot.app._background_screens, pilot.app.screen):
            screen._on_timer_update()  # one behind a dialog, too, which may be as new as it
    await UNDERWAY.over()


async def eventually(pilot: Pilot[Any], condition: Callable[[], object], what: str) -> None:
    """Wait until `condition`, asked whenever all is at rest: layout waits for no timer then."""

    async def met() -> object:
        await _at_rest(pilot)
        return condition()

    await until(met, what)


async def at_once(*_: float) -> None:
    """In place of Textual's wait for an idle process."""


def steady_hands(patch: pytest.MonkeyPatch) -> None:
    """A script's keys are a person's, who saw what they are meant for, however fast it is."""
    patch.setattr(base, "LONG_ENOUGH", 0.0)
    patch.setattr(_time, "get_time", HAND.time)
    patch.setattr(Pilot, "press", pressed)
    patch.setattr(Pilot, "pause", rested)
    patch.setattr(Screen, "_compositor_refresh", put_off)
    patch.setattr("textual.screen.UPDATE_PERIOD", BY_ITSELF)
    patch.setattr("textual.app.wait_for_idle", at_once)
    # A button that was pressed 0.2 s ago takes no other Enter: a script is back at it before.
    patch.setattr(Button, "_start_active_affect", lambda _button: None)
