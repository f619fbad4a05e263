"""A journal.db of an earlier boxoffice: all that it holds is there under this one."""

import asyncio
from pathlib import Path

import pytest

from boxoffice.domain.models import Given
from boxoffice.domain.queue import State
from boxoffice.domain.sale import SaleState
from boxoffice.store import Journal
from boxoffice.store import journal_schema as schema
from boxoffice.store.files import open_file
from tests.store.sale_support import bring
from tests.store.support import EVENT, execute, said, scan, uuid
from tests.support import FakeClock

TABLES = ("journal", "admission", "queue")


def make_first(path: Path) -> None:
    """An empty file of version 1."""
    open_file(
        path, steps=schema.STEPS[:1], application=schema.APPLICATION, synchronous="FULL"
    ).close()


async def fill(journal: Journal) -> None:
    """Whatever stands in a file of version 1: rows of each table, in each state."""
    rows = []
    for number in range(5):
        given = [Given(uuid(900), "x")] * (number % 2)
        admission, _ = await journal.admit(scan(uuid(number)), given=given, read_first=False)
        rows.append(admission.journal)
    await journal.mark_sending(rows[0])
    await journal.done(rows[0], said("outcome", uuid(0)))
    await journal.fail(rows[2], "no such ticket")
    await journal.conflict(rows[4], "in already")


def columns(path: Path, table: str) -> list[str]:
    return [str(name) for _, name, *_ in execute(path, f"PRAGMA table_info({table})")]


async def everything(journal: Journal) -> tuple[object, ...]:
    admissions = sorted(await journal.admissions(EVENT))
    return await journal.log(), admissions, await journal.entries(State), await journal.counts()


async def make_full(path: Path) -> None:
    """As the program of version 1 left it: its tables alone, written by the same statements."""
    make_first(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:1])
        journal = await Journal.open(path, lane="North", operator="Bo", clock=FakeClock())
        await fill(journal)
        await journal.close()
    assert execute(path, "PRAGMA user_version") == [(1,)]
    assert execute(path, "SELECT count(*) FROM sqlite_master WHERE name = 'sale'") == [(0,)]


async def test_a_file_of_version_1_keeps_all_it_holds(path: Path, clock: FakeClock) -> None:
    await make_full(path)
    selects = [f"SELECT {', '.join(columns(path, table))} FROM {table}" for table in TABLES]
    before = [execute(path, select) for select in selects]
    assert all(before)
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    assert [execute(path, select) for select in selects] == before
    assert execute(path, "PRAGMA user_version") == [(len(schema.STEPS),)]
    again = await Journal.open(path, lane="South", operator="", clock=clock)
    assert await everything(journal) == await everything(again)
    newest = await journal.position()
    sale = await bring(journal.till, SaleState.DONE)
    assert sale.id == newest + 1
    assert await again.till.sales() == [sale]
    _, new = await again.admit(scan(uuid(1)), read_first=False)
    assert not new
    await again.close()
    await journal.close()


async def test_two_that_open_an_earlier_file_at_once(path: Path, clock: FakeClock) -> None:
    await make_full(path)
    journals = await asyncio.gather(
        *(Journal.open(path, lane=lane, operator="", clock=clock) for lane in "ABC")
    )
    for journal in journals:
        await bring(journal.till, SaleState.DONE)
    assert len(await journals[0].till.takings()) == 3
    for journal in journals:
        await journal.close()


async def test_a_file_brought_up_is_as_one_made_anew(path: Path, clock: FakeClock) -> None:
    fresh = path.with_name("fresh.db")
    make_first(path)
    for each in (path, fresh):
        await (await Journal.open(each, lane="", operator="", clock=clock)).close()
    schemas = [
        execute(each, "SELECT type, name, sql FROM sqlite_master ORDER BY name")
        for each in (path, fresh)
    ]
    assert schemas[0] == schemas[1]
