"""How far a scan has to go: each hand-over to a file's thread costs more than what it reads."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import boxoffice
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store.database import Database
from tests.lane.conftest import OpenLane, goes_offline, listed, passes
from tests.support import UNDERWAY, FakeClock, both_dialects

PACKAGE = Path(boxoffice.__file__).parent
MOST_FILES = 40
MOST_HAND_OVERS = 6
_IS_SCAN = ContextVar("_IS_SCAN", default=False)


@contextmanager
def hand_overs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Counts what is handed over to the threads of the files, by the file's name."""
    counted: Counter[str] = Counter()
    hand_over = Database._hand_over

    async def counting(self: Database, *args: Any, **kwargs: Any) -> Any:
        counted[self.path.name] += 1
        return await hand_over(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "_hand_over", counting)
        yield counted


class Trace:
    """Which files of the package a scan passes through, and the threads that it hands over to."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.recording = False

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if not self.recording or event != "call":
            return
        is_file = threading.current_thread().name.endswith(".db")  # it knows nothing of scans
        if not _IS_SCAN.get() and not is_file:
            return  # another task or thread, which it has woken or which was under way
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE) and not path.is_relative_to(PACKAGE / "sandbox"):
            self.files.add(str(path.relative_to(PACKAGE)))


@pytest.fixture
def trace() -> Iterator[Trace]:
    made = Trace()
    threading.setprofile(made)
    yield made
    threading.setprofile(None)


@both_dialects
async def test_an_online_scan_passes_few_files_and_hands_little_over(
    trace: Trace,
    sandbox: Sandbox,
    open_lane: OpenLane,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lane = await open_lane()
    await listed(lane)
    await passes(clock, lambda: not lane.status.loading, "a list in memory")
    ticket = sandbox.examples()["plain"]
    with hand_overs(monkeypatch) as counted:
        await UNDERWAY.over()
        counted.clear()
        trace.recording = True
        _IS_SCAN.set(True)  # in what it begins itself, too
        sys.setprofile(trace)
        try:
            scan = await lane.scan(ticket.uuid)
        finally:
            sys.setprofile(None)
            trace.recording = False
    assert (scan.verdict.code, scan.verdict.confirmed) == (VerdictCode.ADMITTED, True)
    assert counted.total() <= MOST_HAND_OVERS, counted
    assert len(trace.files) <= MOST_FILES, sorted(trace.files)


async def test_a_scan_offline_reads_once_of_each_file_and_writes_once(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await goes_offline(sandbox, lane, clock)
    with hand_overs(monkeypatch) as counted:
        await UNDERWAY.over()
        counted.clear()
        scan = await lane.scan(sandbox.examples()["plain"].uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    assert counted == {"roster.db": 1, "journal.db": 2}
