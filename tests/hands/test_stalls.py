"""A laptop that stalls in the midst of a scan: its halves are joined, or nobody comes in."""

import os
import signal
import time

import pytest

from boxoffice.domain.key_pace import SILENCE
from tests.hands.burst import STALL
from tests.hands.door import AFTER_NONE, AT_THE_DOOR, Door
from tests.hands.judging import SEED, bursts


def halted(door: Door, first: tuple[str, ...], rest: tuple[str, ...]) -> float:
    """Type, with the app stopped between the parts; answers the seconds that it was stopped for."""
    app = door.terminal.process.pid
    door.terminal.send(first, 0.005)
    stopped = time.monotonic()
    os.kill(app, signal.SIGSTOP)
    try:
        door.terminal.send((*rest, "enter"), 0.002)
        door.terminal.rest(STALL / 2)
    finally:
        os.kill(app, signal.SIGCONT)
    halt = time.monotonic() - stopped
    door.terminal.rest(AFTER_NONE)
    door.fence()
    return halt


@pytest.mark.parametrize("what", ["code", "two scans", "two codes in one"])
def test_stopped_in_the_midst(door: Door, what: str) -> None:
    made = door.bursts(SEED)
    tries = 0
    while tries < bursts(3):
        one, other = made.next_fresh(), made.next_fresh()
        assert one is not None and other is not None
        before = door.writes()
        cut = 5 + tries * 7 % 25
        if what == "code":
            halt = halted(door, (*one.uuid[:cut],), (*one.uuid[cut:],))
            named = [one.uuid]
        elif what == "two scans":
            halt = halted(door, (*one.uuid[:cut],), (*one.uuid[cut:], "enter", *other.uuid))
            named = [one.uuid, other.uuid]
        else:
            halt = halted(door, (*one.uuid,), (*other.uuid,))
            named = []
        if halt > SILENCE:
            continue  # this machine was held up for longer than a scan may be
        tries += 1
        new = [ticket for ticket, _ in door.writes()[len(before) :]]
        assert sorted(new) == sorted(named), f"in the {tries}th: {door.terminal.text}"
        assert door.answered(named) == named, "a later scan was answered before an earlier one"
        door.clear()
        if not named:
            door.admit(other.uuid)


def test_what_was_on_the_screen_is_on_it_again(door: Door) -> None:
    """A terminal that a stopped program comes back to may show anything before."""
    app = door.terminal.process.pid
    os.kill(app, signal.SIGSTOP)
    door.terminal.rest(STALL / 2)
    os.kill(app, signal.SIGCONT)
    door.fence()
    door.terminal.shows("● online", AT_THE_DOOR, door.count)


def test_keys_that_come_while_it_goes_on(door: Door) -> None:
    """The terminal is asked for everything anew then."""
    app = door.terminal.process.pid
    made = door.bursts(SEED)
    for _ in range(bursts(3)):
        people = [person for _ in range(4) if (person := made.next_fresh())]
        before = len(door.writes())
        os.kill(app, signal.SIGSTOP)
        door.terminal.rest(STALL / 2)
        os.kill(app, signal.SIGCONT)
        for person in people:
            door.terminal.send((*person.uuid, "enter"), 0.001)
        door.fence()
        named = sorted((person.uuid, True) for person in people)
        assert sorted(door.writes()[before:]) == named, door.terminal.text
