"""The journal's rows, and that nothing changes them."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.store import ClaimedError, Journal, admissions, by_hand, journal_db, queue
from boxoffice.store.journal_db import GroupCommit, Transaction
from tests.store.support import EVENT, OTHER_EVENT, admit, execute, position, said, scan, uuid
from tests.support import EVENING, FakeClock

ANN, BEA = uuid(1), uuid(2)


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


async def test_times_are_written_in_utc(journal: Journal, path: Path) -> None:
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
    assert await journal.changed_tickets(EVENT) is None
    await journal.write(journal_db.record, scan(ANN))
    assert await journal.changed_tickets(EVENT) is None, "its own writing is no news"
    for entry in (scan(BEA), scan(BEA), scan(uuid(3), event=OTHER_EVENT), Entry(JournalKind.SCAN)):
        await south.write(journal_db.record, entry)
    assert await journal.changed_tickets(EVENT) == [BEA]
    assert await journal.changed_tickets(EVENT) is None
    await south.write(queue.wake)
    assert await journal.changed_tickets(EVENT) in ([], None)


async def test_whatever_another_process_makes_of_a_ticket_names_it(
    journal: Journal, south: Journal, clock: FakeClock
) -> None:
    """A row of the queue, or an admission, that changes in place too."""

    async def names(change: Callable[..., object], *given: object) -> bool:
        await south.write(change, *given)
        return await journal.changed_tickets(EVENT) == [ANN]

    (row,) = await admit(south, ANN)
    assert await journal.changed_tickets(EVENT) == [ANN]
    assert await names(queue.mark_sending, row)
    assert await names(queue.recover)
    assert await names(queue.set_aside, row, QueueState.FAILED, "refused")
    assert await names(by_hand.retry)
    assert await names(queue.set_aside, row, QueueState.CONFLICT, "in already")
    assert await names(by_hand.dismiss, row, "twins")
    await clock.advance(3600)
    await south.write(admissions.note_read, ANN, False, clock.now())
    assert await journal.changed_tickets(EVENT) in ([], None), "it still counts as in"
    assert await names(admissions.note_read, ANN, False, clock.now())
    assert await names(admissions.note_read, ANN, True, clock.now())
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None
    assert await names(admissions.drop, admission, said("undo", ANN))
    (row,) = await admit(south, ANN)
    admission = await journal.read(admissions.get, ANN)
    assert admission is not None
    assert await journal.changed_tickets(EVENT) == [ANN]
    assert await names(admissions.cancel, admission, said("undo", ANN))


async def test_what_is_written_together_is_one_transaction_and_each_has_its_answer(
    journal: Journal, south: Journal
) -> None:
    group = GroupCommit(journal)
    transactions: list[Transaction] = []

    def write(tx: Transaction, ticket: str) -> str:
        transactions.append(tx)
        journal_db.record(tx, scan(ticket))
        return ticket

    first = asyncio.create_task(group.write(write, uuid(0)))
    given_up = asyncio.create_task(group.write(write, uuid(1)))
    others = [asyncio.create_task(group.write(write, uuid(number))) for number in (2, 3)]
    await asyncio.sleep(0)
    given_up.cancel()
    assert await first == uuid(0)
    assert await asyncio.gather(*others) == [uuid(2), uuid(3)]
    assert [row.entry.ticket for row in await south.read_all(journal_db.log)] == [
        uuid(number) for number in range(4)
    ]
    assert len({id(tx) for tx in transactions}) == 1
    assert await group.write(write, uuid(4)) == uuid(4), "it goes on"


async def test_of_what_is_written_together_nothing_is_where_one_fails(journal: Journal) -> None:
    group = GroupCommit(journal)

    def fail(tx: Transaction) -> None:
        raise ClaimedError("not so")

    written = [group.write(journal_db.record, scan(ANN)), group.write(fail)]
    found = await asyncio.gather(*written, return_exceptions=True)
    assert [str(one) for one in found] == ["not so", "not so"]
    assert await journal.read_all(journal_db.log) == []
    assert await group.write(journal_db.record, scan(BEA)) == 1
