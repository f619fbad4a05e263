"""The journal's rows, and that nothing changes them."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.store import Journal, admissions, journal_db
from tests.store.support import EVENT, OTHER_EVENT, execute, position, scan, uuid
from tests.support import EVENING, FakeClock


async def test_a_row_comes_back_as_it_was_written(journal: Journal) -> None:
    entry = Entry(
        kind=JournalKind.SCAN,
        event=EVENT,
        ticket=uuid(1),
        code="https://site/t/ab/",
        verdict="wrong_day",
        confirmed=False,
        reason="Valid on Saturday only.",
        data={"asked": ["a", 1, None], "name": "Ærø"},
    )
    number = await journal.write(journal_db.record, entry)
    (row,) = await journal.read_all(journal_db.log)
    assert row.entry == entry
    assert (row.id, row.lane, row.operator, row.at) == (number, "North", "Bo", EVENING)


async def test_times_are_written_in_utc(journal: Journal, path: Path, clock: FakeClock) -> None:
    await journal.write(journal_db.record, Entry(JournalKind.SCAN))
    assert execute(path, "SELECT at FROM journal") == [("2026-05-08T16:30:00.000000+00:00",)]
    (row,) = await journal.read_all(journal_db.log)
    assert row.at == datetime(2026, 5, 8, 16, 30, tzinfo=UTC)


async def test_the_position_grows_though_the_clock_goes_back(
    journal: Journal, clock: FakeClock
) -> None:
    assert await journal.read(position) == 0
    first = await journal.write(journal_db.record, Entry(JournalKind.SCAN))
    clock.jump(timedelta(hours=-2))
    second = await journal.write(journal_db.record, Entry(JournalKind.SCAN))
    assert first < second == await journal.read(position)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET lane = 'another'",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal (id, at, lane, kind) VALUES (1, '', '', '')",
        "INSERT INTO journal (id, at, lane, kind) VALUES (1, '', '', '')"
        " ON CONFLICT (id) DO UPDATE SET lane = ''",
        "UPDATE personal SET reason = 'another'",
        "INSERT OR REPLACE INTO personal (journal, operator, reason) VALUES (1, '', '')",
    ],
)
async def test_the_journal_is_append_only(journal: Journal, path: Path, statement: str) -> None:
    await journal.write(journal_db.record, Entry(JournalKind.SCAN, reason="as it was"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        execute(path, statement)
    (row,) = await journal.read_all(journal_db.log)
    assert row.entry.reason == "as it was"


async def test_codes_and_reasons_are_cleaned_and_cut(journal: Journal) -> None:
    await journal.write(
        journal_db.record,
        Entry(JournalKind.SCAN, code="\x1b[31m\udcffA" + "9" * 10_000, reason="a\nb" * 9_999),
    )
    (row,) = await journal.read_all(journal_db.log)
    assert row.entry.code is not None
    assert row.entry.code.startswith("[31mA9")
    assert row.entry.code.isprintable()
    assert len(row.entry.code) == 200
    assert len(row.entry.reason) == 500


async def test_a_lane_with_an_impossible_name_still_works(path: Path, clock: FakeClock) -> None:
    journal = await Journal.open(path, lane="\udcffNorth\n", operator="\x00Bo", clock=clock)
    await journal.write(admissions.admit, scan(uuid(1)), read_first=False)
    last = await journal.read(admissions.last, EVENT, journal.lane)
    assert last is not None
    assert (last.lane, last.operator) == ("North", "Bo")
    await journal.close()


async def test_the_log_of_one_event(journal: Journal) -> None:
    for number in range(30):
        await journal.write(
            journal_db.record, scan(uuid(number), event=EVENT if number % 3 else OTHER_EVENT)
        )
    assert len(await journal.read_all(journal_db.log)) == 30
    assert [row.entry.event for row in await journal.read_all(journal_db.log, OTHER_EVENT)] == [
        OTHER_EVENT
    ] * 10


async def test_the_log_is_in_the_order_of_writing(journal: Journal) -> None:
    written = [await journal.write(journal_db.record, Entry(JournalKind.SCAN)) for _ in range(20)]
    assert [row.id for row in await journal.read_all(journal_db.log)] == written


async def test_no_write_waits_for_a_long_read(journal: Journal) -> None:
    written = Event()
    reading = asyncio.create_task(journal.read_all(lambda _: written.wait(60)))
    await journal.write(journal_db.record, Entry(JournalKind.SCAN))
    written.set()
    assert await reading


async def test_what_another_process_writes_is_noticed_once(
    journal: Journal, south: Journal
) -> None:
    assert not await journal.changed()
    await journal.write(journal_db.record, Entry(JournalKind.SCAN))
    assert not await journal.changed(), "its own writing is no news"
    await south.write(journal_db.record, Entry(JournalKind.SCAN))
    assert await journal.changed()
    assert not await journal.changed()
