"""The garbage collector while much is made."""

import gc

from boxoffice.collector import collector_paused


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
