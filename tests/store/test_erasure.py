"""What is erased of an event from both files, begun by an earlier boxoffice, and what stays."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.store import (
    Journal,
    RosterStore,
    StoreError,
    admissions,
    erasure,
    journal_db,
    sales,
    takings,
)
from boxoffice.store.erasure import Erased, Unsent
from boxoffice.store.journal_db import HOUSE_EMAIL, recall, remember
from tests.store.support import EVENT, OTHER_EVENT, execute, scan, uuid
from tests.store.test_earlier_files import restore
from tests.support import FakeClock

OURS = ("Åse", "aase@example.com", "veg\\nan", "no such ticket", "ABC-1", "EXT-1", "+45 1")
THEIRS = ("Elsewhere", "XYZ")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


class Files(NamedTuple):
    folder: Path
    journal: Journal
    store: RosterStore

    async def forget(self, event: str) -> Erased | Unsent:
        return await erasure.forget(*self[1:], self.folder, event, logs=self.folder)

    async def ended(self) -> list[str]:
        return await erasure.ended(*self[1:], self.folder, LATER)

    def holds(self, *texts: str) -> set[str]:
        """Those that stand in a file, as text or as JSON has it."""
        content = b"".join(path.read_bytes() for path in self.folder.iterdir())
        ascii_json = {text: text.encode("ascii", "backslashreplace") for text in texts}
        return {text for text in texts if text.encode() in content or ascii_json[text] in content}


@pytest.fixture
async def files(path: Path, clock: FakeClock) -> AsyncIterator[Files]:
    """As an earlier boxoffice left them, less what was unsent."""
    restore("journal_v5", path)
    restore("roster_v4", path.with_name("roster.db"))
    execute(path, "UPDATE sale SET state = 'done'", "DELETE FROM queue WHERE state <> 'conflict'")
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    store = await RosterStore.open(path.with_name("roster.db"))
    yield Files(path.parent, journal, store)
    await store.close()
    await journal.close()


async def test_no_byte_is_left_of_an_event_and_all_of_the_others(files: Files) -> None:
    assert files.holds(*OURS, *THEIRS) == {*OURS, *THEIRS}
    before = await files.journal.read_all(journal_db.log)
    money = await files.journal.read_all(takings.of_event)
    inside = await files.journal.read_all(admissions.of_event, EVENT)
    erased = await files.forget(EVENT)
    assert isinstance(erased, Erased)
    assert (erased.tickets, erased.orders, erased.answers) == (7, 2, 1)
    # A till of both events, and a tie of the other one, are of somebody called so too.
    assert files.holds(*OURS, *THEIRS) <= {"Åse", *THEIRS}
    assert files.holds(*THEIRS) == {*THEIRS}
    assert isinstance(await files.forget(OTHER_EVENT), Erased)
    assert files.holds(*OURS, *THEIRS) == set()

    after = await files.journal.read_all(journal_db.log)
    forgotten = [row.entry.kind for row in after[len(before) :]]
    assert forgotten == [JournalKind.FORGOTTEN] * 2
    bare = [(row.id, row.at, row.lane, row.entry.kind, row.entry.verdict) for row in before]
    assert [
        (row.id, row.at, row.lane, row.entry.kind, row.entry.verdict)
        for row in after[: len(before)]
    ] == bare
    assert await files.journal.read_all(takings.of_event) == [
        taking._replace(operator="") for taking in money
    ]
    still = await files.journal.read_all(admissions.of_event, EVENT)
    assert {one.ticket: (one.at, one.lane, one.confirmed) for one in still} == {
        one.ticket: (one.at, one.lane, one.confirmed) for one in inside
    }
    for name in ("journal.db", "roster.db"):
        assert execute(files.folder / name, "PRAGMA freelist_count") == [(0,)]


async def test_what_is_unsent_holds_all_of_it_up(files: Files) -> None:
    execute(files.folder / "journal.db", "UPDATE sale SET state = 'unknown' WHERE id = 47")
    before = await files.journal.read_all(journal_db.log)
    assert await files.forget(EVENT) == Unsent(rows=0, sales=1)
    assert await files.journal.read_all(journal_db.log) == before
    assert files.holds(*OURS) == {*OURS}


async def test_one_that_was_cut_off_is_gone_on_with(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "compact", full)
        with pytest.raises(StoreError, match="full"):
            await files.forget(EVENT)
    assert EVENT in await files.ended()
    assert isinstance(await files.forget(EVENT), Erased)
    assert EVENT not in await files.ended()


async def test_a_till_of_another_event_stays_its_operators(files: Files) -> None:
    await files.journal.write(takings.close_shift, Decimal(0))
    till = await files.journal.write(takings.open_shift, Decimal(100), "EUR", OTHER_EVENT)
    await files.journal.write(journal_db.record, scan(uuid(1)))
    assert isinstance(await files.forget(EVENT), Erased)
    by = {shift.id: shift.operator for shift in await files.journal.read(takings.shifts)}
    assert by.pop(till.id) == "Bo"
    assert set(by.values()) == {""}


async def test_who_gave_a_pin_is_forgotten_with_the_event_that_it_was_given_at(
    files: Files,
) -> None:
    """Also where it is asked for by who has the event forgotten."""
    write = files.journal.write
    await write(journal_db.record, scan(uuid(1)))
    await write(journal_db.record, Entry(JournalKind.UNLOCKED, data={"act": "forget"}))
    assert isinstance(await files.forget(EVENT), Erased)
    rows = await files.journal.read_all(journal_db.log)
    (unlocked,) = (row for row in rows if row.entry.kind is JournalKind.UNLOCKED)
    assert unlocked.operator == ""

    await write(journal_db.record, scan(uuid(2), event=OTHER_EVENT))
    await write(journal_db.record, Entry(JournalKind.UNLOCKED, data={"act": "close_till"}))
    assert isinstance(await files.forget(EVENT), Erased)
    rows = await files.journal.read_all(journal_db.log)
    by = [row.operator for row in rows if row.entry.kind is JournalKind.UNLOCKED]
    assert by == ["", "Bo"], "that one was given at another event"


async def test_the_houses_address_goes_with_the_last_buyer_it_was_used_for(files: Files) -> None:
    path, house = files.folder / "journal.db", "till@example.org"
    (first, *_) = await files.journal.read_all(sales.in_states, EVENT)
    execute(
        path,
        f"UPDATE sale SET event = '{OTHER_EVENT}' WHERE id <> {first.id}",
        f"UPDATE sale SET cart = json_set(cart, '$.buyer.email', '{house}')",
    )
    await files.journal.write(remember, HOUSE_EMAIL, house)
    assert isinstance(await files.forget(EVENT), Erased)
    assert await files.journal.read(recall, HOUSE_EMAIL) == house
    assert isinstance(await files.forget(OTHER_EVENT), Erased)
    assert await files.journal.read(recall, HOUSE_EMAIL) == ""
    assert files.holds(house) == set()
