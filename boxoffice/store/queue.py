"""What the server has still to be told: rows are added, taken, and settled by what it said."""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from boxoffice.domain.queue import Kind, QueueRow, State
from boxoffice.store.entries import Entry, Stamp, write, written
from boxoffice.store.queue_rows import confirm, made, moment, note, questions
from boxoffice.store.writer import transaction

CHUNK = 1_000
"""Rows made due between two other pieces of work."""

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


def subject(entry: Entry) -> tuple[str, str]:
    """The event and the ticket that `entry` is about. Raises ValueError without them."""
    if entry.event is None or entry.ticket is None:
        raise ValueError(f"an entry of kind {entry.kind} must name its event and ticket")
    return entry.event, entry.ticket


# Adding and withdrawing, within the transaction under way


def add(
    connection: sqlite3.Connection,
    stamp: Stamp,
    entry: Entry,
    kind: Kind,
    body: str | None = None,
    *,
    read_first: bool = False,
) -> int:
    """Journal `entry` and queue what it asks of the server; both rows have the id answered."""
    event, ticket = subject(entry)
    if kind == Kind.ANSWERS and body is not None:
        entry = replace(entry, data={**(entry.data or {}), "questions": questions(body)})
    row = write(connection, stamp, entry)
    connection.execute(
        "INSERT INTO queue (id, kind, state, ticket, event, at, lane, operator, body, read_first)"
        " VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?)",
        (row, kind, ticket, event, *stamp.signed, body, read_first),
    )
    return row


def withdraw(connection: sqlite3.Connection, row: int) -> bool:
    """Take a row off the queue, if no write of it has ever left."""
    gone = connection.execute(
        "DELETE FROM queue WHERE id = ? AND state = 'waiting' AND NOT attempted", (row,)
    )
    return gone.rowcount > 0


def drop_check_in(connection: sqlite3.Connection, row: int) -> None:
    """Take an admission's row off the queue, unless it is just leaving."""
    connection.execute("DELETE FROM queue WHERE id = ? AND state <> 'sending'", (row,))


# Pieces of work


def enqueue(
    connection: sqlite3.Connection, stamp: Stamp, entry: Entry, kind: Kind, body: str
) -> int:
    with transaction(connection):
        return add(connection, stamp, entry, kind, body)


def take(
    connection: sqlite3.Connection, limit: int, now: datetime, skip: Collection[str]
) -> list[QueueRow]:
    # No ticket comes twice, so the tickets to be skipped cost at most so many rows.
    rows = connection.execute(
        _TAKE,
        {
            "limit": limit + len(skip),
            "now": written(now),
            "latest": written(now + LONGEST_WAIT),
        },
    )
    return [made(*row) for row in rows if row[3] not in skip][:limit]


def next_due(
    connection: sqlite3.Connection, now: datetime, skip: Collection[str]
) -> datetime | None:
    rows = connection.execute(
        _NEXT, {"limit": 1 + len(skip), "latest": written(now + LONGEST_WAIT)}
    )
    for ticket, due in rows:
        if ticket not in skip:
            return moment(due) or datetime.min.replace(tzinfo=UTC)
    return None


_NEXT = """
    SELECT * FROM (
        SELECT ticket, '' FROM head WHERE due > :latest ORDER BY due, id LIMIT :limit
    )
    UNION ALL
    SELECT * FROM (SELECT ticket, due FROM head ORDER BY due, id LIMIT :limit)
    ORDER BY 2
"""


def mark_sending(connection: sqlite3.Connection, stamp: Stamp, row: int) -> bool:
    with transaction(connection):
        changed = connection.execute(
            "UPDATE queue SET state = 'sending' WHERE id = ? AND state = 'waiting'", (row,)
        )
        if changed.rowcount == 0:
            return False
        note(connection, stamp, "sent", row)
    return True


def done(connection: sqlite3.Connection, stamp: Stamp, row: int, entry: Entry) -> bool:
    with transaction(connection):
        proof = write(connection, stamp, entry)
        found = connection.execute("SELECT kind, ticket FROM queue WHERE id = ?", (row,)).fetchone()
        if found is None:
            return False
        connection.execute("DELETE FROM queue WHERE id = ?", (row,))
        if found[0] == Kind.CHECK_IN:
            confirm(connection, found[1], row, proof)
    return True


def set_aside(
    connection: sqlite3.Connection,
    stamp: Stamp,
    row: int,
    state: State,
    reason: str,
    maybe_applied: bool,
) -> bool:
    with transaction(connection):
        changed = connection.execute(
            "UPDATE queue SET state = ?, reason = ?, due = '', network = 0,"
            " attempted = attempted OR (state = 'sending' AND ?)"
            " WHERE id = ? AND state IN ('waiting', 'sending')",
            (state, reason, maybe_applied, row),
        )
        if changed.rowcount == 0:
            return False
        note(connection, stamp, state, row, reason)
    return True


def postpone(
    connection: sqlite3.Connection,
    stamp: Stamp,
    row: int,
    until: str,
    reason: str,
    network: bool,
    maybe_applied: bool,
) -> bool:
    with transaction(connection):
        changed = connection.execute(
            "UPDATE queue SET state = 'waiting', tries = tries + 1, due = ?, network = ?,"
            " reason = ?, attempted = attempted OR (state = 'sending' AND ?)"
            " WHERE id = ? AND state IN ('waiting', 'sending')",
            (until, network, reason, maybe_applied, row),
        )
        if changed.rowcount == 0:
            return False
        note(connection, stamp, "postponed", row, reason)
    return True


def wake(connection: sqlite3.Connection) -> int:
    """Make at most CHUNK rows due; answers how many."""
    return connection.execute(
        "UPDATE queue SET due = '', network = 0"
        " WHERE id IN (SELECT id FROM queue WHERE network ORDER BY id LIMIT ?)",
        (CHUNK,),
    ).rowcount


def recover(connection: sqlite3.Connection, stamp: Stamp) -> int:
    with transaction(connection):
        rows = connection.execute("SELECT id FROM queue WHERE state = 'sending'").fetchall()
        for (row,) in rows:
            connection.execute(
                "UPDATE queue SET state = 'waiting', attempted = 1 WHERE id = ?", (row,)
            )
            note(connection, stamp, "recovered", row)
    return len(rows)
