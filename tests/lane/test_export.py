"""The copy of the queue as a file holds names: it is for its owner alone."""

import os
import stat
from pathlib import Path

import pytest

from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import goes_offline
from tests.support import FakeClock


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
async def test_the_copy_of_the_queue_is_private(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    await goes_offline(sandbox, lane, clock)
    await lane.admit(sandbox.examples()["plain"].uuid)
    before = os.umask(0)
    try:
        assert await lane.queue.export(tmp_path / "queue.csv")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "queue.csv").stat().st_mode) == 0o600


async def test_an_empty_queue_makes_no_file(lane: Lane, tmp_path: Path) -> None:
    assert not await lane.queue.export(tmp_path / "new" / "queue.csv")
    assert not (tmp_path / "new").exists()
