"""A journal.db of an earlier boxoffice: all that it holds is there under this one."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from boxoffice.clock import SiteClock, age
from boxoffice.domain.journal import QueueState
from boxoffice.domain.models import Admission, AnswerInput
from boxoffice.domain.sale import SaleState
from boxoffice.store import Journal, admissions, journal_db, queue, sales, takings
from boxoffice.store.db_file import migrations, open_file
from boxoffice.store.journal_db import APPLICATION
from tests.store.sale_support import bring
from tests.store.support import EVENT, execute, position, said, scan, uuid
from tests.support import EVENING, FakeClock

TABLES = ("journal", "admission", "queue")
WHOLE = {"journal": "journal_log"}
"""What a table of an earlier version is read from now."""
STEPS = migrations("journal")
earlier = pytest.mark.parametrize("version", range(1, len(STEPS)))


def make(path: Path, version: int) -> None:
    open_file(path, steps=STEPS[:version], application=APPLICATION, synchronous="FULL").close()


async def fill(journal: Journal) -> None:
    """Whatever stands in a file of version 1: rows of each table, in each state."""
    rows = []
    for number in range(5):
        given = [AnswerInput(uuid(900), "x")] * (number % 2)
        admission, *_ = await journal.write(
            admissions.admit, scan(uuid(number)), given=given, read_first=False
        )
        rows.append(admission.journal)
    await journal.write(queue.mark_sending, rows[0])
    await journal.write(queue.complete, rows[0], said("outcome", uuid(0)))
    await journal.write(queue.set_aside, rows[2], QueueState.FAILED, "no such ticket")
    await journal.write(queue.set_aside, rows[4], QueueState.CONFLICT, "in already")


def columns(path: Path, table: str) -> list[str]:
    return [str(name) for _, name, *_ in execute(path, f"PRAGMA table_info({table})")]


async def everything(journal: Journal) -> tuple[object, ...]:
    admitted = sorted(await journal.read_all(admissions.of_event, EVENT))
    return (
        await journal.read_all(journal_db.log),
        admitted,
        await journal.read_all(queue.in_states, QueueState),
        await journal.read(queue.counts),
    )


async def make_full(path: Path, version: int = 1) -> None:
    """As the program of a version left it: the rows that this one writes, in its tables."""
    newest = path.with_name("newest.db")
    journal = await Journal.open(newest, lane="North", operator="Bo", clock=FakeClock())
    await fill(journal)
    await journal.close()
    make(path, version)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ATTACH ? AS newest", (str(newest),))
        for table, names in columns_of(path).items():
            whole = WHOLE.get(table, table)
            connection.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM newest.{whole} ORDER BY 1"
            )
    newest.unlink()
    assert execute(path, "PRAGMA user_version") == [(version,)]
    sales = execute(path, "SELECT count(*) FROM sqlite_master WHERE name = 'sale'")
    assert sales == [(int(version > 1),)]


def rows_of(
    path: Path, columns: dict[str, str], whole: dict[str, str] | None = None
) -> list[list[tuple[object, ...]]]:
    tables = [(columns[table], (whole or {}).get(table, table)) for table in TABLES]
    return [execute(path, f"SELECT {names} FROM {table} ORDER BY 1") for names, table in tables]


def columns_of(path: Path) -> dict[str, str]:
    """Without quotes, in which SQLite takes a column that is not there for a text."""
    return {
        table: ", ".join(str(row[1]) for row in execute(path, f"PRAGMA table_info({table})"))
        for table in TABLES
    }


@earlier
async def test_a_file_of_an_earlier_version_keeps_all_it_holds(
    version: int, path: Path, clock: FakeClock
) -> None:
    await make_full(path, version)
    columns = columns_of(path)
    before = rows_of(path, columns)
    assert all(before)
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    assert rows_of(path, columns, WHOLE) == before
    assert execute(path, "PRAGMA user_version") == [(len(STEPS),)]
    again = await Journal.open(path, lane="South", operator="", clock=clock)
    assert await everything(journal) == await everything(again)
    newest = await journal.read(position)
    sale = await bring(journal, SaleState.DONE)
    assert sale.id == newest + 1
    assert await again.read_all(sales.in_states) == [sale]
    _, new, _ = await again.write(admissions.admit, scan(uuid(1)), read_first=False)
    assert not new
    await again.close()
    await journal.close()


@earlier
async def test_two_that_open_an_earlier_file_at_once(
    version: int, path: Path, clock: FakeClock
) -> None:
    await make_full(path, version)
    journals = await asyncio.gather(
        *(Journal.open(path, lane=lane, operator="", clock=clock) for lane in "ABC")
    )
    for journal in journals:
        await bring(journal, SaleState.DONE)
    assert len(await journals[0].read_all(takings.of_event)) == 3
    for journal in journals:
        await journal.close()


@earlier
async def test_a_file_brought_up_is_as_one_made_anew(
    version: int, path: Path, clock: FakeClock
) -> None:
    fresh = path.with_name("fresh.db")
    make(path, version)
    for each in (path, fresh):
        await (await Journal.open(each, lane="", operator="", clock=clock)).close()
    schemas = [
        execute(each, "SELECT type, name, sql FROM sqlite_master ORDER BY name")
        for each in (path, fresh)
    ]
    assert schemas[0] == schemas[1]


async def test_what_an_earlier_program_wrote_has_no_time_of_its_own(
    path: Path, clock: FakeClock
) -> None:
    await make_full(path, 2)
    wrong = FakeClock(EVENING + timedelta(hours=26))
    site = SiteClock(wrong)
    site.record(EVENING, seconds=0.1, ended=wrong.monotonic())
    journal = await Journal.open(path, lane="North", operator="Bo", clock=site)
    await journal.write(journal_db.record, said("sent", uuid(0)))
    *old, new = await journal.read_all(journal_db.log)
    assert {row.own for row in old} == {None}
    assert new.own == EVENING + timedelta(hours=26)
    assert abs(new.at - EVENING) <= timedelta(seconds=2)
    admission = await one(journal)
    own = await journal.read(journal_db.own_time_of, admission.journal)
    assert abs(age(site, admission.at, own)) <= timedelta(seconds=2)
    await journal.close()


async def one(journal: Journal) -> Admission:
    """An admission of an earlier program."""
    return min(await journal.read_all(admissions.of_event, EVENT))
