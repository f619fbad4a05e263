"""What is no code lets nobody in, runs no command and opens nothing, at no speed.

`BOXOFFICE_BURSTS` says how many each test sends.
"""

from pathlib import Path

import pytest

from tests.hands.burst import MADE_UP, STALL, Burst
from tests.hands.door import AFTER_NONE, Door
from tests.hands.judging import SEED, all_of, all_right, bursts
from tests.hands.terminal import until


@pytest.mark.parametrize("about", MADE_UP)
def test_at_the_door_nothing_happens(door: Door, about: str) -> None:
    """By default each kind once."""
    kinds, made = MADE_UP[about], door.bursts(SEED)
    all_right(all_of(door, made, made.hostile(bursts(len(kinds)), kinds)))


def test_the_tail_of_a_scan_that_was_held_up_lets_nobody_in(door: Door) -> None:
    """Two codes without an end between them; the second alone would be whole."""
    made = door.bursts(SEED)

    def held_up() -> Burst:
        one, other = made.next_fresh(), made.next_fresh()
        assert one is not None and other is not None
        pause = (len(one.uuid), STALL * 0.8)
        return Burst("held up", tuple(one.uuid + other.uuid), "CR", 0.005, pause)

    all_right(all_of(door, made, (held_up() for _ in range(bursts(4)))))


def test_no_scan_overrides_a_verdict(tmp_path: Path) -> None:
    """The band offers an override: Ctrl+O, a reason, Enter."""
    with Door(tmp_path / "door", event=2) as door:
        day = door.server.examples()["yesterday"].uuid
        made = door.bursts(SEED)
        ways = (("ctrl+o", *"good reason", "enter"), ("ctrl+o", "down", "enter", "enter"))
        for gap in (0.001, 0.01, 0.03):
            for keys in ways:
                door.scan(day)
                door.terminal.shows("^O")
                door.terminal.rest(AFTER_NONE)
                all_right([door.try_one(Burst("override", keys, gap=gap))])
        assert not door.is_in(day)
        until(lambda: not door.in_front, lambda: door.in_front)
        all_right(door.try_one(burst) for burst in made.good(1))
