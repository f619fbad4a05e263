"""Who may send a posted check-in, and what becomes of it at its own door: the rules, by cases."""

from datetime import timedelta

import pytest

from boxoffice.domain.courier import (
    LEASE,
    TURNS,
    Delivery,
    PostState,
    Settled,
    is_given_up,
    is_under_way,
    next_turn,
    settle,
)
from boxoffice.domain.venue import Finding
from tests.support import EVENING

OWNER, OTHER, COURIER = "0" * 16, "1" * 16, "2" * 16
MOMENT = timedelta(seconds=1)
POSTED = Delivery("e" * 32, "a" * 32, 0, OWNER, "North", EVENING)
FRESH, TRIED, TAKEN_BACK = PostState.FRESH, PostState.TRIED, PostState.TAKEN_BACK


def taken(turn: int = 0, by: str = OTHER, ago: timedelta = MOMENT) -> Delivery:
    return POSTED._replace(turn=turn, courier=by, courier_at=EVENING - ago)


@pytest.mark.parametrize(
    ("delivery", "device", "turn"),
    [
        pytest.param(POSTED, COURIER, 0, id="nobody is at it"),
        pytest.param(POSTED, OWNER, None, id="its own door has no site"),
        pytest.param(taken(), COURIER, None, id="another door is at it"),
        pytest.param(taken(ago=LEASE - MOMENT), COURIER, None, id="it still has its time"),
        pytest.param(taken(ago=LEASE), COURIER, 1, id="it has ended without a word"),
        pytest.param(taken(ago=LEASE), OTHER, 1, id="it begins again itself"),
        pytest.param(taken(ago=-LEASE), COURIER, 1, id="by a clock that was far ahead"),
        pytest.param(taken(TURNS - 1, ago=LEASE), COURIER, None, id="it failed again and again"),
        pytest.param(taken(by=OWNER, ago=LEASE), COURIER, None, id="taken back for good"),
        pytest.param(POSTED._replace(is_sent=True), COURIER, None, id="sent"),
        pytest.param(POSTED._replace(why=Finding.IN), COURIER, None, id="it cannot be sent"),
    ],
)
def test_who_may_send_it(delivery: Delivery, device: str, turn: int | None) -> None:
    assert next_turn(delivery, device, EVENING) == turn


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        pytest.param(POSTED, False, id="nobody has begun"),
        pytest.param(taken(), True, id="another door is at it"),
        pytest.param(taken(ago=LEASE), False, id="it has ended without a word"),
        pytest.param(taken(by=OWNER), False, id="taken back"),
        pytest.param(taken()._replace(is_sent=True), False, id="sent"),
        pytest.param(taken()._replace(why=Finding.GONE), False, id="it cannot be sent"),
    ],
)
def test_whether_it_may_be_written_in_this_moment(delivery: Delivery, expected: bool) -> None:
    assert is_under_way(delivery, EVENING) is expected


def found(why: Finding) -> Delivery:
    return taken()._replace(why=why)


@pytest.mark.parametrize(
    ("delivery", "post", "expected"),
    [
        pytest.param(POSTED, FRESH, None, id="posted"),
        pytest.param(taken(), FRESH, None, id="another door is at it"),
        pytest.param(taken()._replace(is_sent=True), FRESH, Settled.SENT, id="sent"),
        pytest.param(taken()._replace(is_sent=True), TRIED, Settled.SENT, id="sent, and tried"),
        pytest.param(
            taken()._replace(is_sent=True), TAKEN_BACK, Settled.SENT, id="sent all the same"
        ),
        pytest.param(found(Finding.IN), FRESH, Settled.CONFLICT, id="in before any try"),
        pytest.param(found(Finding.IN), TRIED, Settled.ARRIVED, id="in by a try from here"),
        pytest.param(found(Finding.IN), TAKEN_BACK, None, id="its own link says"),
        pytest.param(found(Finding.GONE), FRESH, Settled.FAILED, id="no such ticket"),
        pytest.param(found(Finding.REFUNDED), TRIED, Settled.FAILED, id="refunded"),
        pytest.param(found(Finding.REFUSED), FRESH, Settled.FAILED, id="refused"),
    ],
)
def test_what_becomes_of_it_at_its_own_door(
    delivery: Delivery, post: PostState, expected: Settled | None
) -> None:
    assert settle(delivery, post) is expected


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        pytest.param(POSTED, False, id="nobody has begun"),
        pytest.param(taken(TURNS - 2, ago=LEASE), False, id="one turn is left"),
        pytest.param(taken(TURNS - 1), False, id="the last one is under way"),
        pytest.param(taken(TURNS - 1, ago=LEASE), True, id="all were taken in vain"),
        pytest.param(taken(TURNS - 1, ago=LEASE)._replace(is_sent=True), False, id="sent"),
        pytest.param(taken(TURNS, by=OWNER, ago=LEASE), False, id="its own door sends it"),
    ],
)
def test_what_waits_for_its_own_door_again(delivery: Delivery, expected: bool) -> None:
    assert is_given_up(delivery, EVENING) is expected
