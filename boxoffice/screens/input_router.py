"""Takes keys, pastes and clicks before any widget sees them, and sends each where it belongs.

`ScanInput` decides whether a scanner or a person made them. Scans go to the door, whatever screen
is in front; a person's keys go to the door's line or to the screen in front.
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
"""A timer that is so many seconds late shows that the computer stalled: keys may be unread yet."""
AGAIN = 0.03
"""Seconds to wait after a stall, for keys that were not read during it."""
NEXT, MOST_LOOKS = 0.005, 200
"""Seconds between looks for whether the last command is carried out, and how many looks there are
before the next key is handed on in any case. Most commands are carried out at once."""
_BEFORE_THE_DOOR = frozenset({Place.LOGIN, Place.FIRST_START})


class Source(NamedTuple):
    event: events.Event
    screen: Screen[object]
    """The screen that was in front when the key was pressed."""
    follows: bool
    """The key came after a command that was not carried out yet."""


class InputRouter:
    """Routes what is typed, pasted and clicked, for one app."""

    def __init__(
        self,
        app: App[None],
        door: DoorScreen,
        pass_on: Callable[[events.Event], Awaitable[None]],
        is_unread: Callable[[], bool],
    ) -> None:
        """`pass_on` hands an event to Textual. `is_unread`: whether keys wait to be read."""
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
        """The screen in front after the last command was carried out; None: no screen took it."""
        self._held: list[tuple[Decision, events.Paste | None]] = []
        """Decisions that wait until the key before them is carried out, oldest first; with that of
        a paste its event."""
        self._under_way: tuple[DOMNode, ...] = ()
        """The nodes that handle the last command, from the one with the cursor up to the app."""
        self._patience = 0
        """How many looks are left for whether they have handled it."""
        self._new: Screen[object] | None = None
        """The last screen that had no cursor when it was looked at. It is waited for only once."""
        self._refusal: tuple[Banner, str] | None = None
        """The banner that says why the last key did nothing, and its sentence."""

    async def take(self, event: events.Event) -> bool:
        """Take an event of the keyboard or the mouse. False: the event is something else."""
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
        """Say why a key does nothing, until the next key is pressed; empty: say nothing."""
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
        # The terminal's Escape arrives late: first it has to be clear that no sequence follows.
        waited = ESCAPE_DELAY if event.key == "escape" and event.character == "\x1b" else 0.0
        at = max(event.time - waited, self._last)
        await self._keyed(event.key, character, at, event)

    async def _keyed(self, name: str, character: str, at: float, event: events.Event) -> None:
        self._last = at
        await self._carry_out(self._input.moment(at))  # it may open what this key is meant for
        # An Enter that bounces must not answer the dialog that the Enter before has just opened.
        follows = self._input.follows_command(name) or (bool(character) and self._is_under_way)
        source = Source(event, self._app.screen, follows)
        key = Key(name, character, at, source)
        await self._carry_out(self._input.key(key, self._front(), line=self._door.search.text))

    async def _paste(self, event: events.Paste) -> None:
        decided = self._input.paste(event.text, event.time, self._front())
        await self._carry_out(decided, pasted=event)

    async def moment(self) -> None:
        """Carry out what is decided by no key having come until now."""
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
        """`pasted`: the event, where the decisions are about a paste."""
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
        """Whether the screen in front can take a key: the last one is done, and its cursor set."""
        front = self._app.screen
        lacks_cursor = front is not self._door and front.focused is None
        if lacks_cursor and front is not self._new:
            self._new, self._under_way = front, (front, self._app)
            self._patience = MOST_LOOKS
            return False
        is_early = lacks_cursor and for_text  # the screen is still reading what its fields show
        if self._patience and (is_early or self._is_under_way):
            self._patience -= 1
            return False
        return True

    async def _deliver(self, key: Key) -> None:
        """Hand a key on to the screen for which it was pressed, if that is still in front.

        A key that is typed after a command is meant for the screen that the command opens.
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
        """Whether the last command is still being carried out."""
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
        """Set the timer that calls `moment`."""
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
            # Keys that came during a stall are still to be read or handled; they count first.
            self._timed_for = now
            self._timer = self._app.set_timer(AGAIN, self._timed)
            return
        await self.moment()


def _has_messages(node: DOMNode) -> bool:
    return (node.is_dom_root or node.is_attached) and node.message_queue_size > 0


def _now() -> float:
    """The time by the clock that Textual stamps messages with: a message is the way to ask it."""
    return Message().time
