"""The copy of the queue as a file holds names: it is for its owner alone."""

import os
import stat
from pathlib import Path

import pytest

from boxoffice.lane import Lane


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
async def test_the_copy_of_the_queue_is_private(lane: Lane, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        await lane.export(tmp_path / "queue.csv")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "queue.csv").stat().st_mode) == 0o600
