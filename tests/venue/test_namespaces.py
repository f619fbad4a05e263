"""Doors on hosts of their own: one loses the network, the hub is killed and comes back empty."""

from collections.abc import Iterator

import pytest

from tests.soak.venue import evening
from tests.venue.network import why_not


@pytest.fixture(scope="module")
def hosts() -> Iterator[None]:
    """Networks of its own that this machine makes."""
    if reason := why_not():
        pytest.skip(reason)
    yield


def test_no_claimed_green_twice_and_each_second_person_a_conflict(hosts: None) -> None:
    figures = evening(doors=3, cut=1, tickets=36, seed=3, say=print)
    figures.check()
    claimed = [answer for answer in figures.answers if answer.line["claimed"]]
    assert {answer.phase for answer in claimed} >= {"together", "joined again", "hub back"}
    assert figures.second_persons > 0
