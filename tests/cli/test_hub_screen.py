"""What the hub's terminal shows: the code in three ways, and the doors, in any size."""

import signal
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console
from rich.segment import Segment

from boxoffice.cli.hub_screen import HubScreen
from boxoffice.domain.invitation import Address, Invitation
from boxoffice.domain.venue import Presence, StoreTrouble
from boxoffice.printing.papers import Matrix, qr
from boxoffice.venue.hub import Hub
from boxoffice.venue.hub_events import HubChange, HubEvent
from tests.cli.terminal import Terminal
from tests.support import EVENING, FakeClock
from tests.venue.engines import free_port

ADDRESS = Address("192.168.100.200", 47155)
CODE = "47110815"


def door(lane: str, **numbers: Any) -> Presence:
    return Presence("e1", lane, "d1", lane, EVENING, "", **numbers)


class Shown:
    """A screen of that size, of a hub with these doors."""

    def __init__(self, width: int = 80, height: int = 24, doors: int = 0) -> None:
        self.doors = [door(f"Door {number:02}", waiting=number) for number in range(doors)]
        self.hub = SimpleNamespace(name="Hall", address=ADDRESS, doors=self.doors, trouble=None)
        self.console = Console(
            file=StringIO(), width=width, height=height, force_terminal=True, no_color=False
        )
        self.clock = FakeClock()
        self.screen = HubScreen(cast(Hub, self.hub), self.clock, self.console)
        self.screen.ready(CODE)

    @property
    def cells(self) -> list[list[Segment]]:
        return self.console.render_lines(self.screen, pad=True)

    @property
    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in line).rstrip() for line in self.cells]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def event(self, state: HubChange, lane: str) -> None:
        self.screen.event(HubEvent(state, lane, self.clock.now()))


def seen(lines: list[list[Segment]], side: int) -> Matrix:
    """The modules that a scanner sees at the upper left."""
    rows: list[tuple[bool, ...]] = []
    for line in lines:
        upper: list[bool] = []
        lower: list[bool] = []
        for text, style, _ in line:
            if style is None or style.bgcolor is None:
                break
            below = style.bgcolor.name == "#000000"
            above = style.color is not None and style.color.name == "#000000"
            for cell in text:
                upper.append(below if cell == " " else above)
                lower.append(below)
        if upper:
            rows += [tuple(upper), tuple(lower)]
    return tuple(rows)[:side]


def test_the_smallest_terminal_shows_qr_code_address_and_doors() -> None:
    shown = Shown(doors=4)
    code = qr(Invitation(ADDRESS, CODE).qr)
    assert seen(shown.cells, len(code)) == code
    assert "boxoffice join 4711-0815" in shown.text
    at = next(line.index("boxoffice join 1") for line in shown.lines if "boxoffice join 1" in line)
    rest = next(line for line in shown.lines if line.endswith("    4711-0815"))
    assert rest.index("4711-0815") == at + 2, "one command, and seen to be"
    assert "█" in shown.text  # and large
    assert [line.split() for line in shown.lines if line.startswith("Door")] == [
        ["Door", f"{number:02}", "◆", str(number), "0", "0"] for number in range(4)
    ]
    assert len(shown.lines) <= 24


@pytest.mark.parametrize("doors", [5, 12, 40])
def test_many_doors_take_the_place_of_the_qr(doors: int) -> None:
    shown = Shown(doors=doors)
    assert seen(shown.cells, 33) == ()
    assert len(shown.lines) <= 24
    assert "█" in shown.text
    left = doors - sum(line.startswith("Door") for line in shown.lines)
    assert (f"and {left} more" in shown.text) == bool(left)


def test_a_narrow_terminal_shows_the_code_plainly() -> None:
    shown = Shown(width=40)
    assert seen(shown.cells, 33) == ()
    assert "4711-0815" in map(str.strip, shown.lines)
    assert max(map(len, shown.lines)) <= 40


def test_a_door_that_has_gone_is_shown_with_since_when() -> None:
    shown = Shown()
    shown.event(HubChange.GONE, "South")
    shown.clock.jump(timedelta(minutes=4))
    assert [line.split() for line in shown.lines if line.startswith("South")] == [
        ["South", "◇", "4", "min"]
    ]
    shown.doors.append(door("South"))
    shown.event(HubChange.PRESENT, "South")
    assert "◇" not in shown.text
    assert "South is here" in shown.text


def test_a_removed_door_is_not_shown() -> None:
    shown = Shown()
    shown.event(HubChange.GONE, "South")
    shown.event(HubChange.REMOVED, "South")
    assert "◇" not in shown.text


def test_a_warning_stays_while_things_happen() -> None:
    shown = Shown(doors=12)
    shown.screen.warn("Also a hub here: Field.")
    shown.event(HubChange.PRESENT, "South")
    assert shown.lines[-1] == "Also a hub here: Field."
    assert "South is here" in shown.text


def test_that_nothing_can_be_stored_is_said_in_full_and_instead_of_a_warning() -> None:
    shown, sentence = Shown(doors=30), StoreTrouble.DISK.describe("Hall")
    shown.screen.warn("Also a hub here: Field.")
    shown.hub.trouble = StoreTrouble.DISK
    assert len(shown.lines) == 24
    assert " ".join(shown.lines[-2:]) == sentence
    shown.hub.trouble = None
    assert shown.lines[-1] == "Also a hub here: Field."


def test_hostile_names_are_drawn_as_they_are() -> None:
    shown = Shown()
    shown.doors.append(door("[red]x[/red] [@click=app.quit]"))
    shown.event(HubChange.GONE, "[bold]y")
    assert "[red]x[/red] [@click=app.quit]" in shown.text
    assert "[bold]y is gone" in shown.text


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
def test_in_a_terminal_it_is_drawn_and_taken_away(tmp_path: Path) -> None:
    data = tmp_path / "data"
    terminal = Terminal(
        *("hub", "--port", str(free_port()), "--name", "Big Hall"),
        environment={"BOXOFFICE_DATA_DIR": str(data), "NO_COLOR": "1", "COLORTERM": ""},
    )
    try:
        terminal.wait_for("Ctrl-C ends it")
        assert "Big Hall, at " in terminal.seen
        assert "48;5;231m" in terminal.seen  # the QR's paper, where there is to be no colour too
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == 130
        assert "\x1b[?1049l" in terminal.seen
        assert "Big Hall has stopped" in terminal.seen.rpartition("\x1b[?1049l")[2]
    finally:
        terminal.close()
