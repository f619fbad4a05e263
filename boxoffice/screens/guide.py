"""What to try next in the demonstration: a quiet line that goes on once it was done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from boxoffice.commands import Place
from boxoffice.domain import signs
from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.language import N_, _
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.door import DoorScreen
from boxoffice.widgets.footer import key_of
from boxoffice.widgets.line_widget import LineWidget, Piece, shorten, spread

UNDONE, NOT_CONFIRMED = "undone", "not confirmed"
"""Beside codes of verdicts, places and states of the link, what a step may wait for."""
LOOK_EVERY = 0.2
CLOSES = N_("{guide} closes this")
NO_TICKET = (VerdictCode.NOT_A_TICKET, VerdictCode.UNKNOWN, VerdictCode.CANNOT_TELL)
WIFI = "wifi:1"
"""What is a code, and no ticket's."""


@dataclass(frozen=True)
class Step:
    """Something to try."""

    text: str
    """Names keys by their commands, as `{queue}`."""
    done_by: frozenset[str]
    """What shows that it was done: any of these."""


def step(text: str, *done_by: str) -> Step:
    return Step(text, frozenset(done_by))


DOOR = (
    step(N_("Type {number} and press Enter: the number of a good ticket."), VerdictCode.ADMITTED),
    step(N_("Once more {number}, Enter: a ticket lets in once."), VerdictCode.ALREADY_IN),
    step(N_("Now what is no ticket at all: {other}, Enter."), *NO_TICKET),
    step(N_("No code at hand: type “asta”, ↓ chooses her, Enter."), VerdictCode.ADMITTED),
    step(N_("Sell two for cash: {sale}, 2, and Enter until it is sold."), Place.SALE),
    step(N_("Pull the network: {unplug}. The door goes on."), LinkState.OFFLINE),
    step(N_("Admit “nete” now: a green that is not confirmed."), NOT_CONFIRMED),
    step(N_("{unplug} puts the network back; what waits is sent."), LinkState.ONLINE),
    step(N_("{undo} takes your last check-in back."), UNDONE),
    step(N_("{queue} shows what waits, what failed, what needs a person."), Place.QUEUE),
    step(N_("{arrivals} shows who is in, and how fast they come."), Place.ARRIVALS),
    step(N_("That was it: {help} has every key, {command_palette} every command.")),
)
DOORS = (
    step(N_("N takes the site away: the doors go on by list and hub."), "network"),
    step(N_("N puts it back: what waits is sent."), "network"),
    step(N_("H takes the hub away: each door goes on alone."), "hub"),
    step(N_("H puts it back: who came in twice needs a person."), "hub"),
    step(N_("Space stops the rush, to be looked at."), "pause"),
    step(N_("That was it. In earnest: boxoffice hub, boxoffice join.")),
)
COMMANDS = ("sale", "unplug", "undo", "queue", "arrivals", "help", "command_palette", "guide")


class Guide:
    """How far somebody has come with the steps."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._left = list(steps)

    @property
    def text(self) -> str:
        """What to try now; empty: there is no more."""
        return self._left[0].text if self._left else ""

    def see(self, happened: Iterable[str]) -> bool:
        """Go on where that was to be tried; answers whether it was."""
        if not self._left or self._left[0].done_by.isdisjoint(happened):
            return False
        del self._left[0]
        return True


class GuideLine(LineWidget):
    """Looks at the door, and proposes what to try next there."""

    COMPONENT_CLASSES = {"guide--text", "guide--key"}

    def __init__(self, lane: Callable[[], Lane | None], number: str) -> None:
        """`number`: of a ticket that may enter."""
        super().__init__()
        self._lane = lane
        self._codes = {"number": number, "other": WIFI}
        self._guide = Guide(DOOR)
        self._seen: Lane | None = None
        self._last_scan = self._undone = 0

    def on_mount(self) -> None:
        self.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        lane = self._lane()
        if lane is None:
            return
        history, front = lane.history, self.app.screen
        if lane is not self._seen:  # what the journal has from before was not tried just now
            self._seen, self._undone = lane, len(history.undone)
            self._last_scan = max((scan.id for scan in history.recent), default=0)
        happened = {front.place if isinstance(front, BaseScreen) else "", lane.status.link}
        new = [scan for scan in history.recent if scan.id > self._last_scan]
        self._last_scan = max((scan.id for scan in new), default=self._last_scan)
        for scan in new:
            happened.add(scan.verdict.code)
            if scan.verdict.code.is_green and not scan.verdict.confirmed:
                happened.add(NOT_CONFIRMED)
        if len(history.undone) > self._undone:
            happened.add(UNDONE)
        self._undone = len(history.undone)
        if self._guide.see(happened):
            self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        words = self._codes | {command: key_of(self, command) for command in COMMANDS}
        closes = Piece(f"{_(CLOSES).format(**words)} ", "guide--key", "app.guide")
        text = f" {signs.CHOSEN} {_(self._guide.text).format(**words)}"
        room = width - len(closes.text) - 1
        return spread([Piece(shorten(text, room), "guide--text")], [closes], width)


def toggle_guide(door: DoorScreen, number: str) -> None:
    """Open or close the line at a door. `number`: of a ticket that may enter."""
    if lines := door.query(GuideLine):
        lines.remove()
    else:
        door.mount(GuideLine(lambda: door.lane, number), before="Banner")
