"""How long to wait before a row of the queue is tried again.

With full jitter, so that the laptops of a venue do not come back in step.
"""

from collections.abc import Callable
from typing import NamedTuple

Jitter = Callable[[], float]
"""A number in [0, 1), such as `random.random`."""


class Pace(NamedTuple):
    """Seconds: the mean doubles with each try, from `base` up to `cap`."""

    base: float
    cap: float


FAULT = Pace(base=1, cap=60)
"""The server has a fault, or asks for fewer requests."""
UNKNOWN = Pace(base=5, cap=300)
"""What became of the request is not known: the server may be busy with it still."""
REFUSED = Pace(base=30, cap=300)
"""The key may not do this: only a person changes that."""


def wait_before(tries: int, pace: Pace, jitter: Jitter) -> float:
    """Seconds before the next try, after `tries` that came to nothing."""
    doublings = min(max(tries - 1, 0), 32)
    return jitter() * min(pace.cap, pace.base * 2.0**doublings)
