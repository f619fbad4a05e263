"""What a scanner types over a form or a dialog does nothing to it: it stays, with what is in it.

`BOXOFFICE_BURSTS` says how many each test sends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.hands.door import PALETTE, Door
from tests.hands.judging import SEED, all_right, bursts, tickets
from tests.hands.terminal import Terminal

HALF = "Half filled"
KINDS = (
    *("word", "keys in text", "palette", "name", "Tab and Enter", "number", "changed uuid"),
    *("keys alone", "e-mail", "keys beside a code", "letter", "escape sequence"),
    *("keys in a code", "glued codes", "part of a uuid", "digits", "two codes"),
)


@dataclass(frozen=True)
class Stage:
    """A screen as a person has opened it, and what must still be seen of it."""

    open: Callable[[Door], None]
    seen: tuple[str, ...] = ()
    """Patterns, each of a whole line."""
    event: int = 0


def _help(door: Door) -> None:
    door.terminal.press("f1")


def _ticket(door: Door) -> None:
    terminal = door.terminal
    terminal.person("Åse Ågård")
    terminal.shows("1 found")
    terminal.press("down", "f2")
    terminal.shows("As the server has it now", "What shall we call you?")
    click_under(terminal, "What shall we call you?")
    terminal.person(HALF)


def _sale(door: Door) -> None:
    door.terminal.press("f4")
    door.terminal.shows("First name", "63 left")
    click_under(door.terminal, "First name")
    door.terminal.person(HALF)


def _queue(door: Door) -> None:
    door.terminal.press("f6")


def _palette(door: Door) -> None:
    door.terminal.press("ctrl+p")
    door.terminal.shows(PALETTE)
    door.terminal.person("arrivals")


def _quit(door: Door) -> None:
    door.terminal.press("ctrl+q")


def _reason(door: Door) -> None:
    ticket = door.server.examples()["yesterday"]
    door.scan(ticket.uuid)
    door.terminal.shows(ticket.full_name, "^O")
    door.terminal.rest(0.5)
    door.terminal.press("ctrl+o")
    door.terminal.shows("Reason")
    door.terminal.person(HALF)


def _events(door: Door) -> None:
    door.terminal.press("f10")
    door.terminal.shows("Which event?")
    door.terminal.person("Jazz")


STAGES = {
    "help": Stage(_help, (r"Help · The door",)),
    "ticket": Stage(_ticket, (r"▌? *What shall we call you\?", rf"▌? *{HALF}")),
    "sale": Stage(_sale, (r"Sale · .*", rf"▌? *{HALF}( .*)?", r".*Sell for DKK 0\.00.*")),
    "queue": Stage(_queue, (r"Queue .*for a person.*",)),
    "palette": Stage(_palette, (rf"{PALETTE} arrivals",)),
    "quit": Stage(_quit, (r".*┃ +Quit\? +┃.*",)),
    "reason": Stage(_reason, (r".*┃ +Admit .* all the same\? +┃.*", rf".*┃ *▌? *{HALF} +┃.*"), 2),
    "events": Stage(_events, (r"Which event\?", r"▌? *Jazz( .*)?")),
}


def click_under(terminal: Terminal, label: str) -> None:
    """Click on the field that has this label above it."""
    (row,) = [at for at, line in enumerate(terminal.lines) if label in line]
    terminal.click(terminal.lines[row].index(label) + 1, row + 1)


@pytest.mark.parametrize("name", STAGES)
def test_it_stays_as_it_is(tmp_path: Path, name: str) -> None:
    stage, count = STAGES[name], bursts(6)
    with Door(tmp_path / "d", event=stage.event, tickets=tickets(count), size=(90, 50)) as door:

        def missing() -> str:
            lines = [line.strip() for line in door.terminal.lines]
            for pattern in stage.seen:
                if not any(re.fullmatch(pattern, line) for line in lines):
                    return f"no line is {pattern!r}, and {door.in_front or 'nothing'} is in front"
            return ""

        def open_it() -> None:
            stage.open(door)
            for pattern in stage.seen:
                door.terminal.shows_line(pattern)

        open_it()
        outcomes = []
        for burst in door.bursts(SEED).hostile(count, KINDS):
            outcome = door.judge(door.send(replace(burst, upon=None)), missing)
            outcomes.append(outcome)
            if outcome.effects:
                door.restart()  # a form may keep what was typed into it
                open_it()
        all_right(outcomes)
