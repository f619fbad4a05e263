"""Who has the queue and does not send, and what a part that fails says."""

import os
import threading
from pathlib import Path

import pytest

from boxoffice.lane.lane import fault_sentence
from boxoffice.store import StoreError
from boxoffice.sync import TaskSupervisor, context
from boxoffice.sync.context import RESTART_AFTER, SILENT, STEADY, WatchedLock
from boxoffice.sync.sender import LOCK_FILE, SilentSenderError
from tests.support import FakeClock, settle, until
from tests.sync.conftest import Laptop, running


@pytest.fixture
def lock(tmp_path: Path, clock: FakeClock) -> WatchedLock:
    return WatchedLock(tmp_path / LOCK_FILE, clock)


async def test_one_who_has_the_queue_and_is_stuck_is_named(
    laptop: Laptop, lock: WatchedLock
) -> None:
    await laptop.admit(*laptop.guests(2))
    assert lock.acquire()
    await laptop.clock.advance(SILENT + 1)
    drained = await laptop.sender().drain()
    assert (drained.sent, drained.waiting) == (0, 2)
    assert f"process {os.getpid()}" in drained.trouble
    with pytest.raises(SilentSenderError, match="does not send"):
        await laptop.sender().run()
    lock.release()
    assert (await laptop.sender().drain())[:2] == (2, 0)


async def test_one_who_works_on_is_waited_for(
    laptop: Laptop, lock: WatchedLock, tmp_path: Path, clock: FakeClock
) -> None:
    await laptop.admit(*laptop.guests(1))
    assert lock.acquire()
    sign = (tmp_path / LOCK_FILE).with_suffix(".pid")
    async with running(laptop.sender().run()) as waiting:
        for _ in range(30):
            assert lock.give_sign()
            await until(lambda: sign.read_text() == f"{os.getpid()} {clock.monotonic()}")
            await clock.advance(SILENT / 3)
        assert not waiting.done()
        lock.release()
        await laptop.clock.advance(SILENT)
        await until(lambda: laptop.writes(applied=True) == 1)


async def test_a_sign_waits_for_no_disk(
    lock: WatchedLock, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on the loop, which draws what was scanned, nor for each of the rows that are sent."""
    assert lock.acquire()
    writers: list[threading.Thread] = []
    written = Path.write_text

    def write(path: Path, text: str, encoding: str) -> int:
        writers.append(threading.current_thread())
        return written(path, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", write)
    for _ in range(100):
        assert lock.give_sign()
        await clock.advance(SILENT / 100)
    await until(lambda: len(writers) == 9)
    lock.release()
    assert threading.main_thread() not in writers


async def test_who_is_stuck_loses_the_lock_by_a_thread_of_its_own(
    lock: WatchedLock, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "SILENT", 0.05)
    other = WatchedLock(tmp_path / LOCK_FILE, clock)
    assert lock.acquire()
    await until(other.acquire)
    assert not lock.is_locked
    assert not lock.give_sign()
    other.release()


async def test_what_was_passed_on_is_sent_by_the_other_alone(
    laptop: Laptop, tmp_path: Path, clock: FakeClock
) -> None:
    (guest,) = laptop.guests(1)
    other = WatchedLock(tmp_path / LOCK_FILE, clock)
    stuck = laptop.sender()
    async with running(stuck.run()):
        await until(lambda: clock.sleeping == 1)
        stuck._lock.release()  # as its own thread does
        assert other.acquire()
        await laptop.admit(guest)
        for _ in range(5):
            await clock.advance(1)
            other.give_sign()
        assert laptop.writes() == 0
        other.release()
        await clock.advance(2)
        await until(lambda: guest.checked_in)


async def test_a_folder_where_the_lock_should_be_is_said(laptop: Laptop, tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).mkdir()
    with pytest.raises(StoreError, match=LOCK_FILE):
        await laptop.sender().drain()


async def test_a_part_that_works_again_is_no_longer_named(clock: FakeClock) -> None:
    seen: list[str] = []
    broken = True

    async def work() -> None:
        if broken:
            raise OSError(28, "No space left on device")
        await clock.sleep(1e6)

    supervisor = TaskSupervisor(
        clock,
        lambda part, error: seen.append(fault_sentence(part, error)),
        lambda part: seen.append(f"{part} works"),
    )
    supervisor.run("puller", work)
    await until(lambda: len(seen) == 1)
    await clock.advance(RESTART_AFTER)
    await until(lambda: len(seen) == 2)
    broken = False
    await clock.advance(RESTART_AFTER)
    assert all("No space left on device" in sentence for sentence in seen)
    assert len(seen) == 2
    await clock.advance(STEADY)
    await settle()
    assert seen[2:] == ["puller works"]
    await supervisor.stop()


async def test_a_part_that_has_done_its_work_at_last_is_no_longer_named(clock: FakeClock) -> None:
    seen: list[str] = []

    async def work() -> None:
        if not seen:
            raise OSError(28, "No space left on device")

    supervisor = TaskSupervisor(clock, lambda part, _: seen.append(f"{part} fails"), seen.append)
    supervisor.run("events", work)
    await until(lambda: len(seen) == 1)
    await clock.advance(RESTART_AFTER)
    await until(lambda: len(seen) == 2)
    assert seen == ["events fails", "events"]
    await supervisor.stop()
