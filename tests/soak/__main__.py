"""What takes longer than a change waits for.

`python -m tests.soak model --hours 1`: evenings of `tests/lane/test_model.py`, new ones each time.
"""

import argparse
import logging
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import counting
from tests.lane.test_model import DoorMachine

EVENINGS = 20
"""Between two looks at the time."""
MOVES = 50
"""Most of them in an evening."""


def model(hours: float) -> None:
    """Play evenings for so long. Raises what does not hold, with the fewest moves that led to it.

    The site and the clock are the same each time: those moves lead there again.
    """
    evenings = moves = 0

    class Evening(DoorMachine):
        def teardown(self) -> None:
            nonlocal evenings, moves
            evenings += 1
            moves += self.moves
            super().teardown()

    some = settings(
        max_examples=EVENINGS,
        stateful_step_count=MOVES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    began = time.monotonic()
    with counting():
        while time.monotonic() < began + hours * 3600:
            run_state_machine_as_test(Evening, settings=some)
            print(f"{evenings} evenings, {moves} moves: all promises held", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    kinds.add_parser("model").add_argument("--hours", type=float, default=1.0)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    model(given.hours)


if __name__ == "__main__":
    main()
