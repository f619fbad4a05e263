"""How many bursts a test sends, and what it says of those that did wrong."""

import os
from collections.abc import Iterable, Iterator

import pytest

from tests.hands.burst import Burst
from tests.hands.bursts import Bursts
from tests.hands.door import Door
from tests.hands.outcome import Outcome

SEED = int(os.environ.get("BOXOFFICE_SEED", "1"))
FEW = 50
"""After so many hostile bursts somebody must still be let in."""


def bursts(default: int) -> int:
    """How many a test sends: `default`, or what `BOXOFFICE_BURSTS` says."""
    return int(os.environ.get("BOXOFFICE_BURSTS", default))


def tickets(good: int) -> int:
    """How many a list must have so that `good` of them may still come in."""
    return max(400, 100 + good * 3 // 2)


def all_of(door: Door, made: Bursts, sent: Iterable[Burst]) -> Iterator[Outcome]:
    """Try each at the door; after every fifty, and at the end, comes a good scan."""
    good = made.good(len(made.fresh), ("hex", "dashed", "link"))
    at = 0
    for at, burst in enumerate(sent, 1):
        yield door.try_one(burst)
        if at % FEW == 0:
            yield door.try_one(next(good))
    if at % FEW:
        yield door.try_one(next(good))


def all_right(outcomes: Iterable[Outcome]) -> None:
    """Fail with each burst that did wrong, and what it did."""
    tried = list(outcomes)
    wrong = [outcome for outcome in tried if outcome.wrong]
    if wrong:
        pytest.fail(
            "\n".join([f"{len(wrong)} of {len(tried)} did what they must not:", *map(str, wrong)]),
            pytrace=False,
        )
