"""What asks for the PIN, what may be one, and how long who guesses waits."""

import pytest

from boxoffice import language
from boxoffice.domain.pin import (
    ASKS,
    Act,
    describe_wait,
    normalized,
    problem_of,
    wait_after,
    waited,
)


def test_every_act_can_be_asked_for() -> None:
    assert set(ASKS) == set(Act)
    assert len(set(ASKS.values())) == len(Act)


@pytest.mark.parametrize(
    ("pin", "fine"),
    [
        ("1234", True),
        ("øl & brød", True),
        ("123", False),
        ("", False),
        ("x" * 65, False),
        ("1234\ufffd", False),
    ],
)
def test_what_may_be_one(pin: str, fine: bool) -> None:
    assert (problem_of(pin) == "") is fine


def test_a_keyboard_that_composes_letters_otherwise_gives_the_same() -> None:
    assert normalized(" A\u030angstrøm ") == "Ångstrøm"


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (11, 1920), (12, 3600), (10_000, 3600)],
)
def test_after_five_wrong_tries_each_waits_twice_as_long(wrong: int, seconds: int) -> None:
    assert wait_after(wrong) == seconds


def test_a_computer_that_was_started_anew_has_waited_since_then() -> None:
    assert waited(since=100.0, now=130.0) == 30.0
    assert waited(since=9000.0, now=20.0) == 20.0


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 second"), (29.1, "30 seconds"), (91, "2 minutes")]
)
def test_a_wait_is_never_said_shorter_than_it_is(seconds: float, said: str) -> None:
    assert describe_wait(seconds) == said


def test_a_wait_is_told_in_the_language_in_use() -> None:
    language.use("da")
    assert describe_wait(30) == "30 sekunder"
