"""The queue: what still has to be sent to the server, and what a person has to look at.

A function that returns a bool returns False, and changes nothing, if the row is no longer there.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from boxoffice.domain.journal import (
    REASON_LIMIT,
    Counts,
    Entry,
    JournalKind,
    QueueKind,
    QueueRow,
    QueueState,
)
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.text import clean
from boxoffice.store.database import from_row, moment_or_none, utc_text
from boxoffice.store.journal_db import Transaction, record
from boxoffice.store.json_docs import given_from_json

_COUNTED = (QueueState.WAITING, QueueState.SENDING, QueueState.FAILED, QueueState.CONFLICT)
LONGEST_WAIT = timedelta(seconds=900)
"""Nothing is postponed for longer. What seems to be was postponed before the clock was set back."""

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
_NEWEST = """
    SELECT * FROM head WHERE id IN (SELECT id FROM queue ORDER BY id DESC LIMIT :newest)
    AND due = '' AND NOT read_first AND NOT attempted ORDER BY id
"""
NEWEST = 64
"""How many rows `take_newest` looks at, however many there are."""
_NEXT = """
    SELECT '' AS due FROM (SELECT 1 FROM head WHERE due > :latest LIMIT 1)
    UNION ALL
    SELECT due FROM (SELECT due FROM head ORDER BY due, id LIMIT 1)
    ORDER BY due LIMIT 1
"""


# Reading


def counts(connection: sqlite3.Connection, event: str | None = None) -> Counts:
    """How many rows of `event`, or of all events, are in each state."""
    rows = connection.execute(
        "SELECT state, count(*) AS number FROM queue WHERE ?1 IS NULL OR event = ?1 GROUP BY state",
        (event,),
    )
    found = {row["state"]: row["number"] for row in rows}
    return Counts(*(found.get(state, 0) for state in _COUNTED))


def in_states(connection: sqlite3.Connection, states: Iterable[QueueState]) -> list[QueueRow]:
    """The rows in these states, oldest first."""
    rows = connection.execute(
        "SELECT * FROM queue WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([*states]),),
    )
    return [row_to_queue_row(row) for row in rows]


def pending_answers(connection: sqlite3.Connection, ticket: str) -> list[AnswerInput]:
    """Answers that still have to be sent to the server: the newest to each question."""
    rows = connection.execute(
        "SELECT body FROM queue WHERE ticket = ? AND kind = 'answers'"
        " AND state IN ('waiting', 'sending') ORDER BY id",
        (ticket,),
    )
    newest = {
        given.question: given for row in rows for given in given_from_json(json.loads(row["body"]))
    }
    return list(newest.values())


def unsent(
    connection: sqlite3.Connection, event: str, tickets: Collection[str] | None = None
) -> set[str]:
    """Those of `tickets`, or of all at `event`, whose check-in waits or is being sent now."""
    if tickets is None:
        rows = connection.execute(
            "SELECT ticket FROM queue"
            " WHERE kind = 'check_in' AND state IN ('waiting', 'sending') AND event = ?",
            (event,),
        )
    else:  # by the tickets' index, whatever waits beside them
        rows = connection.execute(
            "SELECT ticket FROM queue INDEXED BY queue_ticket"
            " WHERE ticket IN (SELECT value FROM json_each(?))"
            " AND kind = 'check_in' AND state IN ('waiting', 'sending') AND event = ?",
            (json.dumps([*tickets]), event),
        )
    return {row["ticket"] for row in rows}


def row_to_queue_row(row: sqlite3.Row) -> QueueRow:
    kind, body = QueueKind(row["kind"]), row["body"]
    return from_row(
        QueueRow,
        row,
        given=given_from_json(json.loads(body))
        if body is not None and kind is QueueKind.ANSWERS
        else (),
        full_name=json.loads(body) if body is not None and kind is QueueKind.NAME else "",
    )


# Adding and withdrawing


def subject(entry: Entry) -> tuple[str, str]:
    """The event and the ticket that `entry` is about. Raises ValueError without them."""
    if entry.event is None or entry.ticket is None:
        raise ValueError(f"an entry of kind {entry.kind} must name its event and ticket")
    return entry.event, entry.ticket


def enqueue_answers(tx: Transaction, entry: Entry, given: Sequence[AnswerInput]) -> int:
    """Queue answers to questions for `entry.ticket`; returns the row's id."""
    data = {**(entry.data or {}), "questions": [answer.question for answer in given]}
    return add(tx, entry._replace(data=data), QueueKind.ANSWERS, json.dumps(given))


def enqueue_name(tx: Transaction, entry: Entry, full_name: str) -> int:
    """Queue another name for `entry.ticket`, as it was typed; returns the row's id."""
    return add(tx, entry, QueueKind.NAME, json.dumps(full_name))


def add(
    tx: Transaction,
    entry: Entry,
    kind: QueueKind,
    body: str | None = None,
    *,
    read_first: bool = False,
) -> int:
    """Write `entry` to the journal, and queue what it asks of the server.

    Returns the id, which both rows have.
    """
    event, ticket = subject(entry)
    row = record(tx, entry)
    tx.execute(
        "INSERT INTO queue (id, kind, state, ticket, event, at, lane, operator, body, read_first)"
        " VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?)",
        (row, kind, ticket, event, *tx.signed, body, read_first),
    )
    return row


def withdraw(tx: Transaction, row: int) -> bool:
    """Take a row off the queue, if it was never sent."""
    gone = tx.execute(
        "DELETE FROM queue WHERE id = ? AND state = 'waiting' AND NOT attempted", (row,)
    )
    return gone.rowcount > 0


def drop_check_in(tx: Transaction, row: int) -> None:
    """Take an admission's row off the queue, unless it is being sent right now."""
    tx.execute("DELETE FROM queue WHERE id = ? AND state <> 'sending'", (row,))


# Sending: rows are taken, and settled by what the server said


def take(
    connection: sqlite3.Connection, limit: int, now: datetime, *, skip: Collection[str] = ()
) -> list[QueueRow]:
    """Rows to be sent now, oldest first: at most one of each ticket, none of those in `skip`.

    A row that waits or is being sent holds up later rows of the same ticket; one that failed or is
    in conflict does not. A row that is postponed for longer than LONGEST_WAIT is due: the clock was
    set back since.
    """
    # No ticket comes twice, so the tickets to be skipped cost at most so many rows.
    most, latest = limit + len(skip), utc_text(now + LONGEST_WAIT)
    rows = connection.execute(_TAKE, {"limit": most, "now": utc_text(now), "latest": latest})
    return [row_to_queue_row(row) for row in rows if row["ticket"] not in skip][:limit]


def take_newest(connection: sqlite3.Connection, *, skip: Collection[str]) -> list[QueueRow]:
    """Of the newest rows, those that need no read before they are sent; otherwise as `take`.

    They are urgent: until such a check-in is written, another door reads that its ticket is out.
    """
    rows = connection.execute(_NEWEST, {"newest": NEWEST})
    return [row_to_queue_row(row) for row in rows if row["ticket"] not in skip]


def next_due(connection: sqlite3.Connection, now: datetime) -> datetime | None:
    """When `take` will next return a row. In the past: it has one now. None: nothing waits."""
    row = connection.execute(_NEXT, {"latest": utc_text(now + LONGEST_WAIT)}).fetchone()
    if row is None:
        return None
    return moment_or_none(row["due"]) or datetime.min.replace(tzinfo=UTC)


def mark_sending(tx: Transaction, row: int) -> bool:
    """Note that a row is about to be sent. False: it was cancelled, so it must not be sent."""
    changed = tx.execute(
        "UPDATE queue SET state = 'sending' WHERE id = ? AND state = 'waiting'", (row,)
    )
    if changed.rowcount == 0:
        return False
    tx.execute("UPDATE venue SET post = 'tried' WHERE admission = ? AND post = 'fresh'", (row,))
    note(tx, JournalKind.SENT, row)
    return True


def complete(tx: Transaction, row: int, entry: Entry) -> bool:
    """Take a row off, as there is proof that the server has it; an admission is then confirmed.

    `entry` is written to the journal in any case. A row that was set aside meanwhile stays.
    """
    proof = record(tx, entry)
    found = tx.execute(
        "SELECT kind, ticket FROM queue WHERE id = ? AND state IN ('waiting', 'sending')", (row,)
    ).fetchone()
    if found is None:
        return False
    tx.execute("DELETE FROM queue WHERE id = ?", (row,))
    if found["kind"] == QueueKind.CHECK_IN:
        confirm(tx, found["ticket"], row, proof)
    return True


def set_aside(
    tx: Transaction, row: int, state: QueueState, reason: str, *, maybe_applied: bool = False
) -> bool:
    """Leave a row for a person to look at; it no longer holds up the rows behind it.

    `state`: FAILED, if the server refuses it; CONFLICT, if the ticket was in already.
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
    """Have a row be tried again at `until`.

    `network`: it waits for the link, so that `wake` makes it due sooner. `maybe_applied` is False
    if the server surely did not carry out the write; else a row that was being sent counts as
    attempted from now on.
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
    """Make due what was postponed because of the link, which is back."""
    tx.execute("UPDATE queue SET due = '', network = 0 WHERE network")


def recover(tx: Transaction) -> int:
    """Have rows that a process left `sending` wait again, as attempted. Returns how many.

    To be called only by the holder of the sender's lock.
    """
    rows = tx.execute("SELECT id FROM queue WHERE state = 'sending'").fetchall()
    for row in rows:
        tx.execute("UPDATE queue SET state = 'waiting', attempted = 1 WHERE id = ?", (row["id"],))
        note(tx, JournalKind.RECOVERED, row["id"])
    return len(rows)


# What goes with a change of a row


def confirm(tx: Transaction, ticket: str, row: int, journal: int) -> None:
    """Confirm the admission that the queue's `row` is of; the journal's row `journal` proves it."""
    tx.execute(
        "UPDATE admission SET confirmed = ? WHERE ticket = ? AND journal = ?",
        (journal, ticket, row),
    )


def note(tx: Transaction, kind: JournalKind, row: int, reason: str = "") -> int:
    """Write to the journal what became of a row of the queue."""
    found = tx.execute(
        "SELECT kind, event, ticket, tries FROM queue WHERE id = ?", (row,)
    ).fetchone()
    data = {"row": row, "kind": found["kind"], "tries": found["tries"]}
    entry = Entry(kind, event=found["event"], ticket=found["ticket"], reason=reason, data=data)
    return record(tx, entry)
