"""Send thousands of bursts, and print what came of them by kind.

    python -m tests.hands --hostile 1000 --good 1000 --seed 1 --doors 2

`right`: let in, each once, whom the burst names. `wrong`: let in somebody else, or again. `not`: a
good code that let nobody in. `other`: what else happened that must not: a screen opened, a check-in
was undone, the app was over. `--list FILE` writes each that did wrong.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.hands.long_run import one_door, shares, table


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.hands", description=__doc__)
    options.add_argument("--hostile", type=int, default=1000)
    options.add_argument("--good", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--doors", type=int, default=2, help="so many at once")
    options.add_argument("--list", type=Path, help="a file for each that did wrong")
    given = options.parse_args()
    doors = max(1, given.doors)
    work = zip(shares(given.hostile, doors), shares(given.good, doors), strict=True)
    with ProcessPoolExecutor(doors, mp_context=get_context("spawn")) as pool:
        under_way = [
            pool.submit(one_door, given.seed * 1000 + at, hostile, good)
            for at, (hostile, good) in enumerate(work)
        ]
        rows = [each for door in under_way for each in door.result()]
    print(table(rows))
    if given.list is not None:
        given.list.write_text("\n".join(each.words for each in rows if each.words) + "\n")


if __name__ == "__main__":
    main()
