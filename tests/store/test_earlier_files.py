"""Files that an earlier boxoffice wrote, as it left them: what it read from them is read now.

`files/journal_v5.sql` and `roster_v4.sql` are dumps; beside each, as JSON, is what that program
read from it: who was let in alone and together, undone, taken back and again; rows of the queue in
every state; sales in every state, with refunds, shifts, ties and rules.
"""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boxoffice.domain.journal import QueueState
from boxoffice.domain.models import Admission
from boxoffice.store import (
    Journal,
    RosterStore,
    admissions,
    code_ties,
    journal_db,
    json_docs,
    orders,
    queue,
    sales,
    takings,
    ticket_lists,
    tickets,
)
from boxoffice.store.db_file import migrations
from boxoffice.store.journal_db import recall
from tests.store.support import EVENT, OTHER_EVENT, execute, scan, uuid
from tests.support import FakeClock

FILES = Path(__file__).with_name("files")


def restore(name: str, path: Path) -> dict[str, Any]:
    """Make the file at `path` of a dump; answers what was read from it then."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FILES / f"{name}.sql").read_text(encoding="utf-8"))
    known: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    return known


def plain(value: Any) -> Any:
    """As JSON gives it back."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def cut(found: Any, known: Any) -> Any:
    """Without the fields that have come since."""
    if isinstance(found, dict) and isinstance(known, dict):
        return {key: cut(value, known[key]) for key, value in found.items() if key in known}
    if isinstance(found, list) and isinstance(known, list):
        return [cut(*pair) for pair in zip(found, known, strict=True)]
    return found


@pytest.fixture
def known(path: Path) -> dict[str, Any]:
    """What was read from the journal that is at `path`."""
    return restore("journal_v5", path)


@pytest.fixture
async def journal(known: dict[str, Any], path: Path, clock: FakeClock) -> AsyncIterator[Journal]:
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    yield journal
    await journal.close()


async def admitted(journal: Journal) -> list[Admission]:
    return sorted(
        [
            *await journal.read_all(admissions.of_event, EVENT),
            *await journal.read_all(admissions.of_event, OTHER_EVENT),
        ]
    )


async def test_who_was_let_in_is_in(journal: Journal, known: dict[str, Any]) -> None:
    found = await admitted(journal)
    assert cut(plain(found), known["admissions"]) == known["admissions"]
    assert any(admission.taken_back for admission in found)
    assert any(admission.confirmed for admission in found)
    for number in (4, 9):
        undone = await journal.read(admissions.undone_at, uuid(number))
        assert plain(undone) == known["undone"][uuid(number)]
    for admission in found:
        again, new, _ = await journal.write(
            admissions.admit, scan(admission.ticket, event=admission.event), read_first=False
        )
        assert (again, new) == (admission, False)


async def test_who_came_together_is_undone_together(
    journal: Journal, known: dict[str, Any]
) -> None:
    sizes = set()
    for admission in await journal.read_all(admissions.of_event, EVENT):
        together = await journal.read(admissions.together, admission)
        assert [one.ticket for one in together] == known["together"][admission.ticket]
        sizes.add(len(together))
    assert sizes == {1, 2}


async def test_the_queue_is_sent_on(journal: Journal, known: dict[str, Any]) -> None:
    rows = await journal.read_all(queue.in_states, QueueState)
    assert plain(rows) == known["queue"]
    assert {row.state for row in rows} == set(QueueState)
    assert plain(await journal.read(queue.counts)) == known["counts"]


async def test_the_log_is_whole(journal: Journal, known: dict[str, Any]) -> None:
    assert plain(await journal.read_all(journal_db.log)) == known["log"]


async def test_the_money_is_the_same(journal: Journal, known: dict[str, Any]) -> None:
    found = plain(await journal.read_all(sales.in_states))
    assert cut(found, known["sales"]) == known["sales"]
    assert plain(await journal.read_all(takings.of_event)) == known["takings"]
    assert plain(await journal.read(takings.shifts)) == known["shifts"]
    assert await journal.read(recall, "house email") == known["memo"]


async def test_ties_and_rules_hold(journal: Journal, known: dict[str, Any]) -> None:
    assert plain(await journal.read(code_ties.newest)) == known["ties"]
    rules = await journal.read(code_ties.rules)
    assert [[rule.as_text(), state] for rule, state in rules.items()] == known["rules"]


async def test_it_is_of_this_version_then(journal: Journal, path: Path) -> None:
    assert await admitted(journal)
    assert execute(path, "PRAGMA user_version") == [(len(migrations("journal")),)]
    assert execute(path, "PRAGMA integrity_check") == [("ok",)]


async def test_a_roster_is_read_as_it_was(path: Path) -> None:
    roster = path.with_name("roster.db")
    known = restore("roster_v4", roster)
    store = await RosterStore.open(roster)
    found = {
        "tickets": sorted(await store.read_all(tickets.load, EVENT)),
        "other": sorted(await store.read_all(tickets.load, OTHER_EVENT)),
        "events": await store.read(json_docs.get_events),
        "types": await store.read(json_docs.get_list, json_docs.TICKET_TYPES, EVENT),
        "questions": await store.read(json_docs.get, json_docs.QUESTIONS, EVENT),
        "purchase": await store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, EVENT),
        "pulled": await store.read(ticket_lists.pulled, EVENT),
        "orders": [await store.read(orders.get, uuid(number)) for number in (700, 701)],
        "sightings": await store.read_all(tickets.sightings),
        "known": await store.read_all(orders.codes_known, EVENT),
        "unanswered": [
            await store.read(json_docs.get, json_docs.UNANSWERED, uuid(number))
            for number in (1, 2, 3)
        ],
        "answers": await store.read(json_docs.get_list, json_docs.ANSWERS, uuid(1)),
        "asked": await store.read(orders.list_requested_at, EVENT),
    }
    await store.close()
    assert cut(plain(found), known) == known
