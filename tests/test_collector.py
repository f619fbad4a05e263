"""The garbage collector while much is made, and the memory after it."""

import gc
import subprocess
import sys
from pathlib import Path
from weakref import ref

import pytest

from boxoffice.collector import (
    FEW,
    MANY,
    collector_paused,
    free_in_steps,
    let_go_in_steps,
    paused_for,
)
from tests.support import until

FREES_A_LIST = """
from boxoffice.collector import return_freed_memory
def held():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * 4096
return_freed_memory()
del [bytearray(24 << 20)][:]  # after which the C library would hold on to as much
before = held()
pieces = [bytes(65_536) + b"x" for _ in range(320)]
assert held() - before > 15 << 20
pieces.clear()
print(held() - before)
"""


def test_garbage_is_not_kept_for_good_by_a_few_rows() -> None:
    gc.freeze()  # as at the start of the program
    frozen = gc.get_freeze_count()
    for _ in range(20):
        garbage: list[object] = []
        garbage.append(garbage)
        with collector_paused:
            rows = [(number, [number]) for number in range(400)]
    assert len(rows) == 400
    assert gc.get_freeze_count() <= frozen


def test_what_is_made_is_made_old_though_as_much_is_freed() -> None:
    before = [[number] for number in range(2 * MANY)]
    gc.collect()
    with collector_paused:
        after = [[number] for number in range(2 * MANY)]
        before.clear()
    assert len(after) == 2 * MANY
    assert len(gc.get_objects(0)) < MANY


def test_it_is_paused_for_many_things_alone() -> None:
    with paused_for(MANY):
        assert gc.isenabled()
    with paused_for(MANY + 1):
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no such file to look at")
def test_a_list_that_was_read_leaves_nothing_behind() -> None:
    command = [sys.executable, "-c", FREES_A_LIST]
    left = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert int(left) < 4 << 20


async def test_what_is_freed_in_steps_is_emptied_but_for_a_few_things() -> None:
    many, some, few = [*range(FEW + 1)], {1: "one"}, {2: "two"}
    free_in_steps(few)  # as fast at once
    free_in_steps(many, some)
    free_in_steps(others := [*range(FEW + 1)])  # before or after those
    await until(lambda: not (many or some or others))
    assert few == {2: "two"}


class _Thing:
    """Tells when it is freed."""


async def test_what_is_let_go_stays_with_whoever_still_looks_at_it() -> None:
    kept, gone = ({number: _Thing() for number in range(FEW + 1)} for _ in range(2))
    ends = [ref(thing) for thing in gone.values()]
    let_go_in_steps(kept, gone)
    del gone
    await until(lambda: not any(end() for end in ends))
    assert len(kept) == FEW + 1
