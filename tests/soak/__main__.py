"""What takes longer than a change waits for. Each ends with an error where something does not hold.

`python -m tests.soak model --hours 1`: evenings of `tests/lane/test_model.py`, new ones each time.
`python -m tests.soak night --admissions 10000`: three processes of the program on two data folders,
a fifth of the requests failing, each process killed again and again; counts what is lost or double.
`python -m tests.soak venue --doors 20 --cut 5`: as root, doors on a network of their own; some
are cut off, the hub is killed and comes back empty; counts second persons and conflicts.
`python -m tests.soak crash`: a crash at every write of a scan, an answer, an undo and a sale.
"""

import argparse
import logging
import time
from functools import partial

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import counting
from tests.lane.door_machine import DoorMachine
from tests.soak.computers import night
from tests.soak.crash import KINDS, crashes
from tests.soak.venue import evening

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
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m tests.soak", None, __doc__, formatter_class=formatter
    )
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("model").add_argument("--hours", type=float, default=1.0)
    night_options = whats.add_parser("night")
    night_options.add_argument("--admissions", type=int, default=10_000)
    night_options.add_argument("--life", type=int, default=300, help="scans of a process, about")
    night_options.add_argument("--seed", type=int, default=1)
    venue_options = whats.add_parser("venue")
    venue_options.add_argument("--doors", type=int, default=20)
    venue_options.add_argument("--cut", type=int, default=5, help="doors that lose the network")
    venue_options.add_argument("--tickets", type=int, default=1200)
    venue_options.add_argument("--seed", type=int, default=1)
    whats.add_parser("crash").add_argument("--kind", action="append", choices=KINDS)
    given = parser.parse_args()
    say = partial(print, flush=True)
    match given.what:
        case "model":
            logging.disable(logging.CRITICAL)
            model(given.hours)
        case "night":
            night(given.admissions, given.life, given.seed, say)
        case "venue":
            figures = evening(given.doors, given.cut, given.tickets, given.seed, say)
            for line in figures.lines():
                say(line)
            figures.check()
        case "crash":
            crashes(tuple(given.kind or KINDS), say)


if __name__ == "__main__":
    main()
