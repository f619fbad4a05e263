"""Keys and pastes, before any widget has them: what is a scan, and whose are the rest.

At the door every key goes to the line at once. Over another screen fast keys are held till it is
clear whether a scanner typed them: a scan is answered, anything else goes to that screen unchanged.
"""

from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message import Message
from textual.timer import Timer

from boxoffice.domain.entry import GAP, Burst
from boxoffice.screens.door import DoorScreen

ENDS = {"enter": "enter", "ctrl+j": "lf", "tab": "tab"}
"""Keys that a scanner may end a code with."""


class Hearing:
    """Tells scans from typing, for one app."""

    def __init__(
        self, app: App[None], door: DoorScreen, pass_on: Callable[[events.Event], Awaitable[None]]
    ) -> None:
        """`pass_on` lets Textual have an event."""
        self._app = app
        self._door = door
        self._pass_on = pass_on
        self._burst = Burst()
        self._held: list[events.Key] = []
        self._timer: Timer | None = None
        self._at_door = True
        self._last = float("-inf")

    async def key(self, event: events.Key) -> None:
        """Take a key."""
        if self._goes_to_door(event):
            heard = self._burst.door(_name(event), event.time)
            await self._give_back(heard.back)
            if not heard.swallow and not self._door.hear(event, burst=heard.burst):
                await self._pass_on(event)
            return
        if self._door.lane is None:
            await self._pass_on(event)
            return
        self._held.append(event)
        heard = self._burst.form(_name(event), event.time)
        if heard.scan is not None:
            self._held.clear()
            self._door.scan(heard.scan)
        elif heard.swallow:
            self._held.pop()
        else:
            await self._give_back(heard.back)
        if self._held:
            self._wait(GAP)

    def _goes_to_door(self, event: events.Key) -> bool:
        """A code goes on where it began, also when a screen opened or closed in its midst."""
        if event.time - self._last > GAP:
            self._at_door = self._app.screen is self._door
        self._last = event.time if len(_name(event)) == 1 else float("-inf")
        return self._at_door

    def paste(self, event: events.Paste) -> bool:
        """Take a paste. False: it is not a scan, and belongs to the screen's field."""
        at_door = self._app.screen is self._door
        if not at_door and self._door.lane is None:
            return False
        codes = self._burst.paste(event.text, form=not at_door)
        for code in codes:
            self._door.scan(code)
        if at_door and not codes:
            self._door.put(self._door.looking.text + " ".join(event.text.split()))
        return at_door or bool(codes)

    def _wait(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self._app.set_timer(seconds, self._waited)

    async def _waited(self) -> None:
        """Give back what is held, unless another key came meanwhile."""
        self._timer = None
        if not self._held:
            return
        left = self._burst.left(Message().time)
        if left > 0:
            self._wait(left)
        else:
            await self._give_back(self._burst.give_back())

    async def _give_back(self, count: int) -> None:
        back, self._held = self._held[:count], self._held[count:]
        for event in back:
            if self._app.screen is not self._door or not self._door.hear(event):
                await self._pass_on(event)


def _name(event: events.Key) -> str:
    if event.key in ENDS:
        return ENDS[event.key]
    return event.character if event.is_printable and event.character else "other"
