"""What is long over is forgotten while a door is open, and holds nobody up."""

import errno
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from filelock import FileLock

from boxoffice import ProblemError
from boxoffice.cli.app_context import AppContext
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.store import StoreError, erasure, journal_db, json_docs, ticket_lists, tickets
from boxoffice.store.erasure import Erased
from tests.app.stage import lane_of, open_app, scan
from tests.support import EVENING, FakeClock, until

OLD = "a" * 32
NAME = "Zebulon Quistgård"


async def test_beside_an_open_door(context: AppContext, sandbox: Sandbox, clock: FakeClock) -> None:
    files = await context.files()
    journal, store = files.journal, files.store
    begun = EVENING - timedelta(days=40)
    over = Event(OLD, "Winter Ball", start=begun, end=begun + timedelta(hours=5))
    await store.write(json_docs.save_events, [over])
    guest = Ticket("b" * 32, OLD, True, full_name=NAME)
    await ticket_lists.apply(store, OLD, [guest], [], at=begun, clock=clock)
    entry = Entry(JournalKind.SCAN, OLD, guest.uuid, verdict="unknown", reason=NAME)
    await journal.write(journal_db.record, entry)
    async with open_app(context) as pilot:

        async def forgotten() -> bool:
            rows = await journal.read_all(journal_db.log, OLD)
            return rows[-1].entry.kind is JournalKind.FORGOTTEN

        await until(forgotten, "the event that is over is forgotten")
        (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
        assert only.verdict.code is VerdictCode.ADMITTED

        async def whole() -> bool:
            lane = lane_of(pilot)
            stored = await store.read_all(tickets.load, lane.event.uuid)
            return len(lane.roster) == len(stored) == len(event.tickets)

        event = sandbox.state.tonight
        await until(whole, "tonight's list, in memory and on disk")
        assert await store.read_all(tickets.load, OLD) == []
    folder = context.folder
    await context.close()
    assert not [path for path in folder.iterdir() if NAME.encode() in path.read_bytes()]


async def test_a_run_that_goes_on_looks_daily_and_not_while_the_door_is_on(
    context: AppContext, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[datetime] = []

    async def look(*given: Any) -> list[str]:
        looked.append(given[-1])
        return []

    async def hear() -> None:
        await (await context.sync()).client.ping()
        await (await context.files()).forgotten()

    monkeypatch.setattr(erasure, "ended", look)
    await hear()
    await hear()
    assert len(looked) == 1
    clock.jump(timedelta(hours=23))
    await hear()
    assert len(looked) == 1
    clock.jump(timedelta(hours=2))
    await hear()
    assert len(looked) == 2
    now = context.clock.now()
    begun = Event(OLD, "Tonight", start=now - timedelta(hours=30), end=now + timedelta(hours=30))
    monkeypatch.setattr(AppContext, "open_event", begun)
    clock.jump(timedelta(hours=25))
    await hear()
    assert len(looked) == 2, "people may stand at its door"
    clock.jump(timedelta(hours=25))
    await hear()
    assert len(looked) == 3
    assert looked == sorted(looked)


async def test_a_fault_in_it_holds_up_no_door(
    context: AppContext,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(*_: object) -> list[str]:
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr(erasure, "ended", broken)
    with caplog.at_level(logging.ERROR):
        async with open_app(context) as pilot:
            (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
            assert only.verdict.code is VerdictCode.ADMITTED
            await until(lambda: "what is over is not forgotten" in caplog.text, "the log")


async def test_a_folder_without_locks_still_opens_a_door_and_is_not_forgotten(
    context: AppContext, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: FileLock, *_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    with monkeypatch.context() as patch:
        patch.setattr(FileLock, "acquire", refuse)
        await context.files()
    async with open_app(context) as pilot:
        (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
        assert only.verdict.code is VerdictCode.ADMITTED
    with monkeypatch.context() as patch:
        patch.setattr(FileLock, "acquire", refuse)
        (context.folder / "run.7.lock").touch()
        with pytest.raises(ProblemError, match="cannot be used"):
            await (await context.files()).forget(OLD)


async def test_where_the_list_is_opened_at_the_second_try(context: AppContext) -> None:
    in_the_way = context.folder / "roster.db"
    in_the_way.mkdir()
    with pytest.raises(StoreError):
        await context.files()
    in_the_way.rmdir()
    files = await context.files()
    assert isinstance(await files.forget(OLD), Erased), "this process is in its own way"
