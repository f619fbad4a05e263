"""Erases what an event has left of people: in both databases, in papers, exports and logs.

What stays is the journal's bare record: uuids, verdicts, times, lanes and money. The titles of
events, ticket types and questions stay too: they are about nobody.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from boxoffice.domain.cart import Buyer
from boxoffice.domain.events import ended_at
from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.domain.sale import OPEN
from boxoffice.language import _
from boxoffice.log import empty_log
from boxoffice.paths import EXPORTS, exports_folder
from boxoffice.store import claim_feed, sales
from boxoffice.store.carts import cart_to_json
from boxoffice.store.database import moment_or_none
from boxoffice.store.db_file import StoreError
from boxoffice.store.journal_db import HOUSE_EMAIL, Journal, Transaction, record
from boxoffice.store.json_docs import ANSWERS, UNANSWERED, get_events
from boxoffice.store.roster import RosterStore

SETTLED_ROW = QueueState.CONFLICT
"""The site has the ticket in: of all that stands in the queue, only this is sent."""


class Erased(NamedTuple):
    notes: int = 0
    """Rows of the journal with a code, a reason or an operator."""
    sales: int = 0
    tickets: int = 0
    orders: int = 0
    answers: int = 0
    """Tickets and orders of which answers were known."""
    files: int = 0
    """Papers and exports."""


class Unsent(NamedTuple):
    """What the site has still to be told of, or a person has to decide."""

    rows: int
    """Of the queue: check-ins, answers, names."""
    sales: int


async def forget(
    journal: Journal, store: RosterStore, folder: Path, event: str, *, logs: Path
) -> Erased | Unsent:
    """Erase what is about people at `event`; Unsent: something waits, and nothing is erased.

    `folder`: where both files are; `logs`: where the log is. No other process may be at work in
    them. Raises StoreError or OSError: it is not all erased then, and can be gone on with.
    """
    types = await store.read_all(ticket_types, event)
    first = await journal.write(erase_journal, event, types)
    if isinstance(first, Unsent):
        return first
    second = await store.write(erase_roster, event)
    await journal.read(compact)
    await store.read_all(compact)
    files = await asyncio.to_thread(_erase_files, folder, event)
    await asyncio.to_thread(empty_log, logs)
    await journal.write(_record_forgotten, event)  # at last: what is cut off is begun again
    return second._replace(notes=first.notes, sales=first.sales, files=files)


async def ended(journal: Journal, store: RosterStore, folder: Path, before: datetime) -> list[str]:
    """The events that were over by then, and of which something of people is here.

    One that does not say when, was over when its journal or its list was last written. One that is
    not known at all is that of a ticket from elsewhere, which was only looked at.
    """
    known = {event.uuid: ended_at(event) for event in await store.read_all(get_events)}
    listed = await store.read_all(last_listed)
    written = await journal.read_all(last_written)

    def end(event: str) -> datetime:
        used = filter(None, (listed.get(event), written.get(event)))
        return known.get(event) or max(used, default=datetime.min.replace(tzinfo=UTC))

    papers = {event for event in known if exports_folder(folder, event).exists()}
    remaining = listed.keys() | written.keys() | papers
    return sorted(event for event in remaining if end(event) < before)


def _erase_files(folder: Path, event: str) -> int:
    """Erase the files of `event`, and those of no event in particular; answers how many."""
    own, shared = exports_folder(folder, event), folder / EXPORTS
    files = [path for path in (*shared.glob("*"), *own.glob("*")) if path.is_file()]
    for path in files:
        path.unlink()
    if own.is_dir():
        shutil.rmtree(own)
    return len(files)


# journal.db


def last_written(connection: sqlite3.Connection) -> dict[str, datetime]:
    """When the journal was last written to of each event that holds something of people."""
    rows = connection.execute(
        "SELECT event, max(id) AS newest, max(at) AS at,"
        " max(CASE kind WHEN 'forgotten' THEN id END) AS forgotten"
        " FROM journal WHERE event <> '' GROUP BY event"
    )
    return {
        row["event"]: datetime.fromisoformat(row["at"])
        for row in rows
        if row["forgotten"] != row["newest"]
    }


_ITS_ROWS = """SELECT id FROM journal
    WHERE event = ?1 OR event IS NULL AND (?2 IS NULL OR id < ?2)"""


def erase_journal(tx: Transaction, event: str, types: Mapping[str, str]) -> Erased | Unsent:
    """Erase what is about people at `event`; Unsent: something waits, and nothing is changed.

    `types`: of the event's tickets, by uuid, since the account tells people from merchandise.
    """
    unsent = _unsent(tx.connection, event)
    if unsent != (0, 0):
        return unsent
    tx.execute("PRAGMA secure_delete = ON")
    (others_begin,) = tx.execute(
        "SELECT min(id) FROM journal WHERE event <> ?1"
        " AND id > (SELECT coalesce(max(id), 0) FROM journal WHERE event = ?1)",
        (event,),
    ).fetchone()
    # What is of no event is of those before it, and of this one up to the next: PINs that were
    # given, tills of earlier versions with their closings.
    about = (event, others_begin)
    notes = tx.execute(
        f"DELETE FROM personal WHERE journal IN ({_ITS_ROWS} UNION SELECT closed FROM shift"  # noqa: S608
        f" WHERE id IN ({_ITS_ROWS}))",
        about,
    ).rowcount
    tx.execute(f"UPDATE shift SET operator = '' WHERE id IN ({_ITS_ROWS})", about)  # noqa: S608
    for table in ("admission", "taking"):
        tx.execute(
            f"UPDATE {table} SET operator = '' WHERE event = ? AND operator <> ''",  # noqa: S608
            (event,),
        )
    tx.execute("UPDATE queue SET operator = '', body = NULL, reason = '' WHERE event = ?", (event,))
    tx.execute("DELETE FROM code_tie WHERE event = ?", (event,))
    admitted = tx.execute("SELECT ticket FROM admission WHERE event = ?", (event,)).fetchall()
    for (ticket,) in admitted:
        if ticket in types:
            tx.execute(
                "UPDATE admission SET ticket_type = ? WHERE ticket = ?", (types[ticket], ticket)
            )
    bought = 0
    for sale in sales.in_states(tx.connection, event):
        discount = sale.cart.discount and sale.cart.discount._replace(reason="")
        cart = replace(sale.cart, buyer=Buyer(), discount=discount, answers=(), asked=())
        if (cart, "", "") != (sale.cart, sale.operator, sale.reason):
            bought += 1
            tx.execute(
                "UPDATE sale SET cart = ?, operator = '', reason = '' WHERE id = ?",
                (cart_to_json(cart), sale.id),
            )
    # It was typed for a buyer, and goes with the last one for whom it was used.
    tx.execute(
        "DELETE FROM memo WHERE key = ? AND NOT EXISTS"
        " (SELECT 1 FROM sale WHERE json_extract(cart, '$.buyer.email') = memo.value)",
        (HOUSE_EMAIL,),
    )
    return Erased(notes, bought)


def _record_forgotten(tx: Transaction, event: str) -> None:
    """Nobody's name is on that row, nor a reason."""
    record(tx._replace(operator=""), Entry(JournalKind.FORGOTTEN, event))


def _unsent(connection: sqlite3.Connection, event: str) -> Unsent:
    (rows,) = connection.execute(
        "SELECT count(*) FROM queue WHERE event = ? AND state <> ?", (event, SETTLED_ROW)
    ).fetchone()
    counts = sales.counts(connection, event)
    return Unsent(rows, sum(number for state, number in counts.items() if state in OPEN))


# roster.db


def last_listed(connection: sqlite3.Connection) -> dict[str, datetime | None]:
    """When the list of each event was read of which tickets or orders are known; None: never."""
    rows = connection.execute(
        "SELECT event, max(at) AS at FROM (SELECT event, at FROM pulled"
        " UNION SELECT event, NULL FROM ticket UNION SELECT event, NULL FROM orders)"
        " WHERE event <> '' GROUP BY event"
    )
    return {row["event"]: moment_or_none(row["at"]) for row in rows}


def ticket_types(connection: sqlite3.Connection, event: str) -> dict[str, str]:
    """The ticket type of each ticket of `event`."""
    rows = connection.execute("SELECT uuid, ticket_type FROM ticket WHERE event = ?", (event,))
    return {row["uuid"]: row["ticket_type"] for row in rows}


_OF_NOBODY = """NOT IN (
    SELECT uuid FROM ticket UNION SELECT "order" FROM ticket WHERE "order" IS NOT NULL
    UNION SELECT uuid FROM orders
)"""


def erase_roster(connection: sqlite3.Connection, event: str) -> Erased:
    """Erase the lists of `event`, with what was read singly and is of no event that is known."""
    execute = connection.execute
    execute("PRAGMA secure_delete = ON")
    tickets = execute("DELETE FROM ticket WHERE event IN (?, '')", (event,)).rowcount
    orders = execute(
        "DELETE FROM orders WHERE event = ? OR event IS NULL"
        ' AND uuid NOT IN (SELECT "order" FROM ticket WHERE "order" IS NOT NULL)',
        (event,),
    ).rowcount
    execute("DELETE FROM seen_in WHERE ticket NOT IN (SELECT uuid FROM ticket)")
    execute(f"DELETE FROM codes_read WHERE subject {_OF_NOBODY}")  # noqa: S608 - a constant
    answers = 0
    for topic in (ANSWERS, UNANSWERED):
        statement = f"DELETE FROM document WHERE topic = ? AND subject {_OF_NOBODY}"  # noqa: S608
        gone = execute(statement, (topic.name,)).rowcount
        answers += gone if topic is ANSWERS else 0
    for table in ("pulled", "orders_asked"):
        execute(f"DELETE FROM {table} WHERE event = ?", (event,))  # noqa: S608 - of our own
    claim_feed.forget(connection, event)
    return Erased(tickets=tickets, orders=orders, answers=answers)


# Both


def compact(connection: sqlite3.Connection) -> None:
    """Write the file anew without what is free in it, and leave nothing beside it.

    Raises StoreError where another program reads it.
    """
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("VACUUM")
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.execute("PRAGMA secure_delete = OFF")
    if busy:
        raise StoreError(_("Another program reads the files: close it, then run this again."))
