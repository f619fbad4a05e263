"""Takes keys, pastes and clicks before any widget does; `ScanInput` decides whose they are.

Scans go to the door, the rest to its line or to the screen in front.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple, assert_never

from textual import events
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.dom import DOMNode
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
from boxoffice.widgets.footer import Banner

STALLED = 0.1
"""Seconds that a timer is late after a stall of the computer: keys may wait to be read."""
AGAIN = 0.03
"""Seconds until the next look after a stall."""
NEXT, MOST_LOOKS = 0.005, 200
"""Seconds between looks whether a command is carried out, which most are at once; and how many
looks, before the next key is handed on all the same."""
_BEFORE_THE_DOOR = frozenset({Place.LOGIN, Place.FIRST_START})


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
        self._last = float("-inf")
        """When the last key came."""
        self._led_to: Screen[object] | None = None
        """What was in front once the last command was carried out; None: it was given to none."""
        self._held: list[tuple[Decision, events.Paste | None]] = []
        """Oldest first: what has its turn once the key before is carried out, and of a paste the
        event."""
        self._under_way: tuple[DOMNode, ...] = ()
        """Where the last command is on its way, from the cursor up to the app."""
        self._patience = 0
        """How many looks are left, whether it has arrived."""
        self._new: Screen[object] | None = None
        """The last screen that was found without a cursor: by now it has one, or never gets one."""
        self._refusal: tuple[Banner, str] | None = None
        """Where it is said why the last key did nothing, and what is said."""

    async def take(self, event: events.Event) -> bool:
        """Take what a hand does on keyboard or mouse. False: the event is something else."""
        if event.is_forwarded:
            return False
        if isinstance(event, events.Key):
            self._withdraw_refusal()
            await self._key(event)
        elif isinstance(event, events.MouseDown | events.MouseUp):
            await self._keyed(MOUSE, "", event.time, event)
        elif isinstance(event, events.Paste):
            await self._paste(event)
        else:
            return False
        return True

    def refuse(self, screen: BaseScreen[Any], why: str) -> None:
        """Say why a key does nothing, until the next one is pressed; empty: nothing is said."""
        if why:
            screen.announce(why)
            self._refusal = screen.query_one(Banner), why

    def _withdraw_refusal(self) -> None:
        if self._refusal is not None:
            banner, why = self._refusal
            self._refusal = None
            banner.withdraw(why)

    async def _key(self, event: events.Key) -> None:
        character = event.character if event.is_printable and event.character else ""
        if event.key.startswith(("alt+", "ctrl+")):
            character = ""
        # Escape comes only once it is clear that no sequence follows.
        waited = ESCAPE_DELAY if event.key == "escape" and event.character == "\x1b" else 0.0
        at = max(event.time - waited, self._last)
        await self._keyed(event.key, character, at, event)

    async def _keyed(self, name: str, character: str, at: float, event: events.Event) -> None:
        self._last = at
        await self._carry_out(self._input.moment(at))  # the key is for what that opens
        # An Enter that bounces must not answer what the one before has just opened.
        follows = self._input.follows_command(name) or (bool(character) and self._is_under_way)
        source = Source(event, self._app.screen, follows)
        key = Key(name, character, at, source)
        await self._carry_out(self._input.key(key, self._front(), line=self._door.search.text))

    async def _paste(self, event: events.Paste) -> None:
        decided = self._input.paste(event.text, event.time, self._front())
        await self._carry_out(decided, pasted=event)

    async def moment(self) -> None:
        """Decide what only a silence until now could decide."""
        await self._carry_out(self._input.moment(_now()))

    def _front(self) -> Front:
        screen = self._app.screen
        if screen is self._door:
            return Front.DOOR
        is_before = isinstance(screen, BaseScreen) and screen.place in _BEFORE_THE_DOOR
        return Front.OPEN if is_before and self._door.lane is None else Front.OTHER

    async def _carry_out(
        self, decisions: Iterable[Decision], pasted: events.Paste | None = None
    ) -> None:
        """`pasted`: what they are about, where it is a paste."""
        for decision in decisions:
            self._held.append((decision, pasted))
            if len(self._held) == 1:
                await self._carry_out_held()
        self._wait()

    async def _carry_out_held(self) -> None:
        while self._held:
            decision, pasted = self._held[0]
            is_key = isinstance(decision, Command) or (
                isinstance(decision, Text) and not decision.on_line
            )
            if is_key and not self._is_ready(for_text=isinstance(decision, Text)):
                self._app.set_timer(NEXT, self._carry_out_held)
                return
            self._held.pop(0)
            match decision:
                case Text(key, on_line=True, scanned=scanned):
                    self._door.put(self._door.search.text + key.character, scanned=scanned)
                case Text(key) | Command(key):
                    await self._deliver(key)
                case PastedText(text):
                    await self._deliver_paste(text, pasted)
                case WholeScan(text, on_line, broken):
                    self._door.take_off(on_line)
                    front = self._app.screen
                    if not isinstance(front, BaseScreen) or front.lets_pass(text):
                        self._door.controller.scan(text, broken=broken)
                case Dropped():
                    self._led_to = None
                case _:
                    assert_never(decision)

    def _is_ready(self, *, for_text: bool) -> bool:
        """The screen in front can take a key: it has a cursor, or none, and the last is done."""
        front = self._app.screen
        lacks_cursor = front is not self._door and front.focused is None
        if lacks_cursor and front is not self._new:
            self._new, self._under_way = front, (front, self._app)
            self._patience = MOST_LOOKS
            return False
        is_early = lacks_cursor and for_text  # its fields are being read
        if self._patience and (is_early or self._is_under_way):
            self._patience -= 1
            return False
        return True

    async def _deliver(self, key: Key) -> None:
        """Hand a key on, to the screen for which it was pressed or to none.

        What is typed behind a command is for what that opens, and for where it puts the cursor.
        """
        front = self._app.screen
        if self._under_way:
            self._under_way, self._led_to = (), self._led_to and front
        source: Source = key.source
        screen = (self._led_to if source.follows else None) or source.screen
        self._led_to = None
        if screen is front:
            await self._hand_on(key, source.event, screen)
            self._led_to = self._app.screen

    @property
    def _is_under_way(self) -> bool:
        """What the last command does is not done yet."""
        return any(map(_has_messages, self._under_way))

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
        elif not key.character:
            self._under_way = tuple((screen.focused or screen).ancestors_with_self)
            self._patience = MOST_LOOKS
        await self._pass_on(event)

    async def _deliver_paste(self, text: str, pasted: events.Paste | None) -> None:
        if self._app.screen is self._door:
            self._door.put(self._door.search.text + text)
        elif pasted is not None:
            await self._pass_on(pasted)

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


def _has_messages(node: DOMNode) -> bool:
    return (node.is_dom_root or node.is_attached) and node.message_queue_size > 0


def _now() -> float:
    """On the clock that Textual stamps messages by, of which it has no other way to ask."""
    return Message().time
