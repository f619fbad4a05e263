"""A laptop that stalls in the midst of a scan: its halves are joined, or nobody comes in."""

import os
import signal

import pytest

from tests.hands.burst import STALL
from tests.hands.door import AFTER_NONE, AT_THE_DOOR, Door
from tests.hands.judging import SEED, bursts


def halted(door: Door, first: str, rest: str) -> None:
    """Scan, with the app stopped between the parts and while the second is typed."""
    app = door.terminal.process.pid
    door.terminal.send(first, 0.005)
    os.kill(app, signal.SIGSTOP)
    try:
        door.terminal.send((*rest, "enter"), 0.002)
        door.terminal.rest(STALL / 2)
    finally:
        os.kill(app, signal.SIGCONT)
    door.terminal.rest(AFTER_NONE)
    door.fence()


@pytest.mark.parametrize("what", ["code", "two codes"])
def test_stopped_in_the_midst(door: Door, what: str) -> None:
    made = door.bursts(SEED)
    for at in range(bursts(3)):
        one, other = made.next_fresh(), made.next_fresh()
        assert one is not None and other is not None
        before = door.writes()
        if what == "code":
            cut = 5 + at * 7 % 25
            halted(door, one.uuid[:cut], one.uuid[cut:])
            allowed = {one.uuid}
        else:
            halted(door, one.uuid, other.uuid)
            allowed = {one.uuid}  # whole, where a halt drops what follows
        new = door.writes()[len(before) :]
        assert {ticket for ticket, _ in new} <= allowed, f"in the {at}th: {door.terminal.text}"
        door.clear()
        if not door.is_in(other.uuid):
            door.admit(other.uuid)


def test_what_was_on_the_screen_is_on_it_again(door: Door) -> None:
    """A terminal that a stopped program comes back to may show anything before."""
    app = door.terminal.process.pid
    os.kill(app, signal.SIGSTOP)
    door.terminal.rest(STALL / 2)
    os.kill(app, signal.SIGCONT)
    door.fence()
    door.terminal.shows("● online", AT_THE_DOOR, door.count)
