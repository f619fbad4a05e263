"""Keys, pastes and clicks, before any widget has them: `ScanInput` decides whose they are.

Scans go to the door, the rest to its line or to the screen in front.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, assert_never

from textual import events
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from boxoffice.commands import Place
from boxoffice.domain.key_decisions import (
    MOUSE,
    Command,
    Decision,
    Dropped,
    Front,
    Key,
    PastedText,
    Text,
    WholeScan,
)
from boxoffice.domain.scan_input import ScanInput
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.door import DoorScreen

STALLED = 0.1
"""Seconds that a timer is late after a stall of the computer: keys may wait to be read."""
AGAIN = 0.03
"""Seconds until the next look after a stall."""


class Source(NamedTuple):
    event: events.Event
    screen: Screen[object]
    """What was in front when it was pressed."""
    follows: bool
    """It came behind a command that was not carried out yet."""


class InputRouter:
    """Routes what is typed, pasted and clicked, for one app."""

    def __init__(
        self,
        app: App[None],
        door: DoorScreen,
        pass_on: Callable[[events.Event], Awaitable[None]],
        is_unread: Callable[[], bool],
    ) -> None:
        """`pass_on` lets Textual have an event. `is_unread`: keys wait to be read."""
        self._app = app
        self._door = door
        self._pass_on = pass_on
        self._is_unread = is_unread
        self._input = ScanInput()
        self._timer: Timer | None = None
        self._timed_for = float("inf")
        self._pasted: events.Paste | None = None
        self._last = float("-inf")
        """When the last key came."""
        self._led_to: Screen[object] | None = None
        """What the last command left in front; None: it was given to none."""
        self._early: list[events.Event] = []
        """Oldest first: for a screen that has no cursor yet."""

    @property
    def doubtful(self) -> bool:
        """A scanner may have written what stands on the line."""
        return self._input.doubtful

    async def take(self, event: events.Event) -> bool:
        """Take an event, whatever becomes of it. False: it is not one of a hand's."""
        if event.is_forwarded:
            return False
        if isinstance(event, events.Key):
            await self.key(event)
        elif isinstance(event, events.MouseDown | events.MouseUp):
            await self._keyed(MOUSE, "", event.time, event)
        elif isinstance(event, events.Paste):
            await self._paste(event)
        else:
            return False
        return True

    async def key(self, event: events.Key) -> None:
        character = event.character if event.is_printable and event.character else ""
        if event.key.startswith(("alt+", "ctrl+")):
            character = ""
        # Escape comes only once it is clear that no sequence follows.
        waited = ESCAPE_DELAY if event.key == "escape" and event.character == "\x1b" else 0.0
        at = max(event.time - waited, self._last)
        await self._keyed(event.key, character, at, event)

    async def _keyed(self, name: str, character: str, at: float, event: events.Event) -> None:
        self._last = at
        await self._carry_out(self._input.moment(at))  # what that opens, the key was meant for
        source = Source(event, self._app.screen, self._input.follows_command(name))
        key = Key(name, character, at, source)
        await self._carry_out(self._input.key(key, self._front(), line=self._door.search.text))

    async def _paste(self, event: events.Paste) -> None:
        self._pasted = event
        await self._carry_out(self._input.paste(event.text, event.time, self._front()))
        self._pasted = None

    async def moment(self) -> None:
        """Decide what nothing having come until now decides."""
        await self._carry_out(self._input.moment(_now()))

    def _front(self) -> Front:
        screen = self._app.screen
        if screen is self._door:
            return Front.DOOR
        logs_in = isinstance(screen, BaseScreen) and screen.place is Place.LOGIN
        return Front.OPEN if logs_in else Front.OTHER

    async def _carry_out(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Text(key, on_line=True, scanned=scanned):
                    self._door.put(self._door.search.text + key.character, scanned=scanned)
                case Text(key) | Command(key):
                    await self._deliver(key)
                case PastedText(text):
                    await self._deliver_paste(text)
                case WholeScan(text, on_line, broken):
                    self._door.take_off(on_line)
                    front = self._app.screen
                    if not isinstance(front, BaseScreen) or front.lets_pass(text):
                        self._door.controller.scan(text, broken=broken)
                case Dropped():
                    self._led_to = None
                case _:
                    assert_never(decision)
        self._wait()

    async def _deliver(self, key: Key) -> None:
        """Hand a key on, to the screen for which it was pressed or to none.

        What is typed behind a command is for what that opens.
        """
        source: Source = key.source
        screen = (self._led_to if source.follows else None) or source.screen
        self._led_to = None
        if screen is self._app.screen:
            await self._hand_on(key, source.event, screen)
            self._led_to = self._app.screen

    async def _hand_on(self, key: Key, event: events.Event, screen: Screen[object]) -> None:
        if screen is self._door and isinstance(event, events.Key):
            if key.character:
                self._door.put(self._door.search.text + key.character)
                return
            if self._door.press(event.key, doubtful=self._input.doubtful):
                return
            command = screen.active_bindings.get(event.key)
            if command is not None and command.enabled:
                # Now, and not once the event has come by: the next key is for what it opens.
                await self._app.run_action(command.binding.action, command.node)
                return
        elif isinstance(event, events.Key) and (self._early or screen.focused is None):
            self._early.append(event)
            screen.call_later(self._pass_early, screen)
            return
        await self._pass_on(event)

    async def _pass_early(self, screen: Screen[object]) -> None:
        """Hand on what came before the cursor of a screen was where it begins."""
        early, self._early = self._early, []
        for event in early:
            if screen is self._app.screen:
                await self._pass_on(event)

    async def _deliver_paste(self, text: str) -> None:
        if self._app.screen is self._door:
            self._door.put(self._door.search.text + text)
        elif self._pasted is not None:
            await self._pass_on(self._pasted)

    def _wait(self) -> None:
        """Have `moment` called in time."""
        due = self._input.due
        if due is None or (self._timer is not None and self._timed_for <= due):
            return
        if self._timer is not None:
            self._timer.stop()
        self._timed_for = due
        self._timer = self._app.set_timer(max(due - _now(), 0.001), self._timed)

    async def _timed(self) -> None:
        self._timer = None
        now = _now()
        if self._is_unread() or self._app.message_queue_size or now - self._timed_for > STALLED:
            # What came during a stall has still to be read or handled, and came before now.
            self._timed_for = now
            self._timer = self._app.set_timer(AGAIN, self._timed)
            return
        await self.moment()


def _now() -> float:
    """On the clock that Textual stamps messages by, of which it has no other way to ask."""
    return Message().time
