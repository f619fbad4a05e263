"""Quitting asks a person, and what is typed while the app leaves is not left for the shell."""

import sys

import pytest

from tests.hands.door import AFTER_NONE, Door
from tests.hands.keys import strokes
from tests.hands.terminal import until

LEFT = b"\x1b[?1049l"
"""By which the app gives the screen back."""
QUESTION = "Quit?"
RIGHT_AFTER = 0.12
"""Seconds; what comes sooner after a click is no longer a person's."""


def quit_asked(door: Door) -> None:
    """Ask to quit, and have the dialog."""
    door.terminal.press("ctrl+q")
    until(lambda: door.terminal.ended or QUESTION in door.terminal.text, lambda: door.terminal.text)
    assert not door.terminal.ended, "it did not ask"


def click_on_quit(door: Door) -> None:
    """On the dialog's button."""
    row, line = next(
        (at, line)
        for at, line in enumerate(door.terminal.lines)
        if "Quit" in line and "Back" in line and QUESTION not in line and "┃" in line
    )
    door.terminal.click(line.index("Quit") + 1, row)


@pytest.mark.parametrize("keys", [("esc",), ("enter",)])
def test_quitting_asks_and_can_be_left(door: Door, keys: tuple[str, ...]) -> None:
    """Enter is for going back: it is on every scanner's code."""
    quit_asked(door)
    door.terminal.rest(AFTER_NONE)
    door.terminal.press(*keys)
    door.terminal.shows_not(QUESTION)
    door.admit(door.fresh()[0].uuid)


def test_a_person_quits(door: Door) -> None:
    quit_asked(door)
    door.terminal.rest(AFTER_NONE)
    click_on_quit(door)
    until(lambda: door.terminal.ended, lambda: door.terminal.text)
    assert door.terminal.process.wait() == 0


def test_a_scan_does_not_answer_the_question(door: Door) -> None:
    quit_asked(door)
    person = door.fresh()[0]
    door.terminal.send((*person.uuid, "enter"), 0.005)
    until(lambda: door.is_in(person.uuid), lambda: door.terminal.text)
    door.terminal.shows(QUESTION)
    assert not door.terminal.ended


@pytest.mark.parametrize("moment", ["right after the answer", "after the screen was given back"])
def test_nothing_of_a_scan_is_left_for_the_next_program(door: Door, moment: str) -> None:
    door.stop()
    door.start(("sh", "-c", f'"{sys.executable}" -m boxoffice; echo NEXT; cat'))
    terminal = door.terminal
    scanned = b"".join(strokes((*door.fresh()[0].uuid, "enter")))
    terminal.press("ctrl+q")
    until(lambda: QUESTION in terminal.text or b"NEXT" in terminal.written, lambda: terminal.text)
    assert b"NEXT" not in terminal.written, "it did not ask"
    terminal.rest(AFTER_NONE)
    if moment == "right after the answer":
        click_on_quit(door)
        terminal.rest(RIGHT_AFTER)
        terminal.write(scanned)
    else:
        terminal.when(LEFT, scanned)
        click_on_quit(door)
    until(lambda: b"NEXT" in terminal.written, lambda: terminal.text)
    terminal.person("mark")
    terminal.press("enter")
    until(lambda: terminal.written.count(b"mark") == 2, lambda: terminal.text)  # typed and read
    # Before that the system itself may have echoed what came, which nobody reads.
    _, _, read = terminal.written.partition(b"NEXT")
    assert scanned[:8] not in read
    assert scanned[-9:-1] not in read
    door.stop()
