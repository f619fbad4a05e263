"""Lanes, senders, pullers and the site together, by random moves, against CONTRIBUTING's promises.

Two lanes share a data folder and a third has one of its own, as three laptops' processes do. What
holds is asked after each move, and at the end, when everything works again. Here for a few seconds;
for longer by `python -m tests.soak model`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, settings

from tests.lane.door_machine import DoorMachine
from tests.lane.folders import LOST_ANSWERS

FEW = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
"""The same ones each time, so that a change alone makes it fail."""

TestDoors = DoorMachine.TestCase
TestDoors.settings = FEW


@contextmanager
def evening() -> Iterator[DoorMachine]:
    """One of moves that a test chooses; what must hold is asked after the last."""
    machine = DoorMachine()
    try:
        machine.begin()
        yield machine
        machine.check()
    finally:
        machine.teardown()


def test_answers_that_are_lost() -> None:
    with evening() as door:
        for number, fault in enumerate(LOST_ANSWERS):
            door.scan_whose_answer_is_lost("North", number, fault)
            door.check()
            door.scan("South", number)


def test_another_door_is_first_and_undo_leaves_it_in() -> None:
    with evening() as door:
        door.another_door_is_first("West", 0)
        door.check()
        door.look_at_the_queue("other", retries=False)
        door.check()
        door.undo("West")
        assert door.guests[0].checked_in


def test_an_undo_that_is_too_old_and_reads_that_lag() -> None:
    with evening() as door:
        door.fail("stale GET tickets/*/")
        door.fail("stale GET events/*/tickets/")
        door.scan("North", 0)
        door.time_goes_by(200.0)
        door.check()
        door.scan("South", 0)
        door.clock_is_set("data", 20)
        door.undo("North")
        assert door.guests[0].checked_in


def test_a_ticket_that_the_site_loses_is_before_a_person() -> None:
    with evening() as door:
        door.network_goes_or_comes()
        door.scan("North", 0)
        door.fail("404 tickets/*/")
        door.network_goes_or_comes()
        door.time_goes_by(10.0)
        assert [state for _, _, state, _ in door.folder("North").queued()] == ["failed"]
