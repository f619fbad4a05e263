"""The queue as its sender works through it: rows are taken, and settled by what the server said.

Functions that answer a bool answer False where the row has gone meanwhile, and change nothing then.
"""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from boxoffice.domain.journal import REASON_LIMIT, Entry, JournalKind
from boxoffice.domain.queue import Kind, QueueRow, State
from boxoffice.domain.text import clean
from boxoffice.store.database import moment_or_none, utc_text
from boxoffice.store.journal_rows import Transaction, record
from boxoffice.store.queue import confirm, note, row_to_queue_row

LONGEST_WAIT = timedelta(seconds=900)
"""Nothing is postponed for longer: what seems to be was, before the clock was set back."""

# Oldest first among those never postponed, those whose time has come, and those that a clock set
# back would keep waiting: each by its index.
_TAKE = """
    SELECT * FROM (SELECT * FROM head WHERE due = '' ORDER BY id LIMIT :limit)
    UNION ALL
    SELECT * FROM (SELECT * FROM head WHERE due > '' AND due <= :now ORDER BY due, id LIMIT :limit)
    UNION ALL
    SELECT * FROM (SELECT * FROM head WHERE due > :latest ORDER BY due, id LIMIT :limit)
    ORDER BY id LIMIT :limit
"""
_NEXT = """
    SELECT '' AS due FROM (SELECT 1 FROM head WHERE due > :latest LIMIT 1)
    UNION ALL
    SELECT due FROM (SELECT due FROM head ORDER BY due, id LIMIT 1)
    ORDER BY due LIMIT 1
"""


def take(
    connection: sqlite3.Connection, limit: int, now: datetime, *, skip: Collection[str] = ()
) -> list[QueueRow]:
    """Rows to be sent now, oldest first: at most one a ticket, none of the tickets in `skip`.

    A row that waits or is being sent holds up those behind it of the same ticket; one that
    failed or is in conflict does not. One postponed for longer than LONGEST_WAIT is due: the
    clock was set back since.
    """
    # No ticket comes twice, so the tickets to be skipped cost at most so many rows.
    most, latest = limit + len(skip), utc_text(now + LONGEST_WAIT)
    rows = connection.execute(_TAKE, {"limit": most, "now": utc_text(now), "latest": latest})
    return [row_to_queue_row(row) for row in rows if row["ticket"] not in skip][:limit]


def next_due(connection: sqlite3.Connection, now: datetime) -> datetime | None:
    """When `take` will next have a row; in the past: it has one; None: nothing waits."""
    row = connection.execute(_NEXT, {"latest": utc_text(now + LONGEST_WAIT)}).fetchone()
    if row is None:
        return None
    return moment_or_none(row["due"]) or datetime.min.replace(tzinfo=UTC)


def mark_sending(tx: Transaction, row: int) -> bool:
    """A write is about to leave. False: the row was cancelled, so it must not leave."""
    changed = tx.execute(
        "UPDATE queue SET state = 'sending' WHERE id = ? AND state = 'waiting'", (row,)
    )
    if changed.rowcount == 0:
        return False
    note(tx, JournalKind.SENT, row)
    return True


def complete(tx: Transaction, row: int, entry: Entry) -> bool:
    """The server has it, on proof: the row goes, and a check-in's admission is confirmed.

    `entry` is journalled in any case.
    """
    proof = record(tx, entry)
    found = tx.execute("SELECT kind, ticket FROM queue WHERE id = ?", (row,)).fetchone()
    if found is None:
        return False
    tx.execute("DELETE FROM queue WHERE id = ?", (row,))
    if found["kind"] == Kind.CHECK_IN:
        confirm(tx, found["ticket"], row, proof)
    return True


def set_aside(
    tx: Transaction, row: int, state: State, reason: str, *, maybe_applied: bool = False
) -> bool:
    """A person has to look at it, and it no longer holds up the rows behind it.

    `state`: FAILED, the server refuses it; CONFLICT, the ticket was in when it came to be sent.
    """
    reason = clean(reason, REASON_LIMIT)
    changed = tx.execute(
        "UPDATE queue SET state = ?, reason = ?, due = '', network = 0,"
        " attempted = attempted OR (state = 'sending' AND ?)"
        " WHERE id = ? AND state IN ('waiting', 'sending')",
        (state, reason, maybe_applied, row),
    )
    if changed.rowcount == 0:
        return False
    note(tx, JournalKind(state), row, reason)
    return True


def postpone(
    tx: Transaction,
    row: int,
    until: datetime,
    reason: str,
    *,
    network: bool,
    maybe_applied: bool = True,
) -> bool:
    """Try again at `until`. `network`: because of the link, so `wake` makes it due at once.

    After `mark_sending` the row counts as attempted, unless the write is known not to have
    been applied (`maybe_applied` False).
    """
    reason = clean(reason, REASON_LIMIT)
    changed = tx.execute(
        "UPDATE queue SET state = 'waiting', tries = tries + 1, due = ?, network = ?,"
        " reason = ?, attempted = attempted OR (state = 'sending' AND ?)"
        " WHERE id = ? AND state IN ('waiting', 'sending')",
        (utc_text(until), network, reason, maybe_applied, row),
    )
    if changed.rowcount == 0:
        return False
    note(tx, JournalKind.POSTPONED, row, reason)
    return True


def wake(tx: Transaction) -> None:
    """The link is back: what was postponed because of it is due now."""
    tx.execute("UPDATE queue SET due = '', network = 0 WHERE network")


def recover(tx: Transaction) -> int:
    """Rows left `sending` by a process that died wait again, as attempted; answers how many.

    Only for the one who holds the sender's lock.
    """
    rows = tx.execute("SELECT id FROM queue WHERE state = 'sending'").fetchall()
    for row in rows:
        tx.execute("UPDATE queue SET state = 'waiting', attempted = 1 WHERE id = ?", (row["id"],))
        note(tx, JournalKind.RECOVERED, row["id"])
    return len(rows)
