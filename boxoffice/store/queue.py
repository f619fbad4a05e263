"""The queue: what the server has still to be told, or a person has to look at."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.queue import Counts, Kind, QueueRow, State
from boxoffice.domain.text import clean
from boxoffice.store.journal_rows import Transaction, record
from boxoffice.store.json_docs import given_from_json
from boxoffice.store.rows import from_row

_COUNTED = (State.WAITING, State.SENDING, State.FAILED, State.CONFLICT)


# Reading


def counts(connection: sqlite3.Connection, event: str | None = None) -> Counts:
    """How many rows of `event`, or of all, stand where."""
    rows = connection.execute(
        "SELECT state, count(*) AS number FROM queue WHERE ?1 IS NULL OR event = ?1 GROUP BY state",
        (event,),
    )
    found = {row["state"]: row["number"] for row in rows}
    return Counts(*(found.get(state, 0) for state in _COUNTED))


def in_states(connection: sqlite3.Connection, states: Iterable[State]) -> list[QueueRow]:
    """The rows in these states, oldest first."""
    rows = connection.execute(
        "SELECT * FROM queue WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([*states]),),
    )
    return [row_to_queue_row(row) for row in rows]


def pending_answers(connection: sqlite3.Connection, ticket: str) -> list[AnswerInput]:
    """Answers that the server has still to be told, the newest to each question."""
    rows = connection.execute(
        "SELECT body FROM queue WHERE ticket = ? AND kind = 'answers'"
        " AND state IN ('waiting', 'sending') ORDER BY id",
        (ticket,),
    )
    newest = {given.question: given for row in rows for given in _given(row["body"])}
    return list(newest.values())


def unsent(
    connection: sqlite3.Connection, event: str, tickets: Collection[str] | None = None
) -> set[str]:
    """Those of `tickets`, or of all at `event`, whose check-in waits or is being sent."""
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
    kind, body = Kind(row["kind"]), row["body"]
    return from_row(
        QueueRow,
        row,
        given=_given(body) if body is not None and kind is Kind.ANSWERS else (),
        full_name=json.loads(body) if body is not None and kind is Kind.NAME else "",
    )


def _given(body: str) -> tuple[AnswerInput, ...]:
    return given_from_json(json.loads(body))


# Adding and withdrawing


def subject(entry: Entry) -> tuple[str, str]:
    """The event and the ticket that `entry` is about. Raises ValueError without them."""
    if entry.event is None or entry.ticket is None:
        raise ValueError(f"an entry of kind {entry.kind} must name its event and ticket")
    return entry.event, entry.ticket


def enqueue_answers(tx: Transaction, entry: Entry, given: Sequence[AnswerInput]) -> int:
    """Queue answers for `entry.ticket`; answers the row's id."""
    data = {**(entry.data or {}), "questions": [answer.question for answer in given]}
    return add(tx, replace(entry, data=data), Kind.ANSWERS, json.dumps(given))


def enqueue_name(tx: Transaction, entry: Entry, full_name: str) -> int:
    """Queue another name for `entry.ticket`, as typed; answers the row's id."""
    return add(tx, entry, Kind.NAME, json.dumps(full_name))


def add(
    tx: Transaction, entry: Entry, kind: Kind, body: str | None = None, *, read_first: bool = False
) -> int:
    """Journal `entry` and queue what it asks of the server; both rows have the id answered."""
    event, ticket = subject(entry)
    row = record(tx, entry)
    tx.execute(
        "INSERT INTO queue (id, kind, state, ticket, event, at, lane, operator, body, read_first)"
        " VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?)",
        (row, kind, ticket, event, *tx.signed, body, read_first),
    )
    return row


def withdraw(tx: Transaction, row: int) -> bool:
    """Take a row off the queue, if no write of it has ever left."""
    gone = tx.execute(
        "DELETE FROM queue WHERE id = ? AND state = 'waiting' AND NOT attempted", (row,)
    )
    return gone.rowcount > 0


def drop_check_in(tx: Transaction, row: int) -> None:
    """Take an admission's row off the queue, unless it is just leaving."""
    tx.execute("DELETE FROM queue WHERE id = ? AND state <> 'sending'", (row,))


# What a person decides


def retry(tx: Transaction, rows: Collection[int] | None = None) -> int:
    """Send failed and conflicting rows again, after a read; None: all. Answers how many.

    A name or an answer that was given anew since is not sent again, but goes.
    """
    sent = 0
    aside = tx.execute("SELECT * FROM queue WHERE state IN ('failed', 'conflict') ORDER BY id")
    for row in map(row_to_queue_row, aside.fetchall()):
        if (rows is None or row.id in rows) and _retire_superseded(tx, row):
            tx.execute(
                "UPDATE queue SET state = 'waiting', read_first = 1, tries = 0, reason = ''"
                " WHERE id = ?",
                (row.id,),
            )
            note(tx, JournalKind.RETRY, row.id)
            sent += 1
    return sent


# What a person dismissed never reached the server.
_NEWER = """
    SELECT data FROM journal WHERE ticket = ?1 AND kind = ?2 AND id > ?3 AND NOT EXISTS (
        SELECT 1 FROM journal AS later WHERE later.ticket = ?1 AND later.kind = 'dismissed'
        AND later.id > journal.id AND json_extract(later.data, '$.row') = journal.id
    )
"""


def _retire_superseded(tx: Transaction, row: QueueRow) -> bool:
    """Take out of `row` what was named or answered anew since. False: the whole row went."""
    if row.kind is Kind.CHECK_IN:
        return True
    newer = tx.execute(_NEWER, (row.ticket, row.kind, row.id)).fetchall()
    if not newer:
        return True
    if row.kind is Kind.NAME:
        left, reason = [], "a newer name was given"
    else:
        logged = [json.loads(given["data"]) for given in newer if given["data"]]
        anew = {question for data in logged for question in data.get("questions", ())}
        left = [given for given in row.given if given.question not in anew]
        if len(left) == len(row.given):
            return True
        reason = f"newer answers were given to {len(row.given) - len(left)} of its questions"
    note(tx, JournalKind.RETIRED, row.id, reason)
    if left:
        tx.execute("UPDATE queue SET body = ? WHERE id = ?", (json.dumps(left), row.id))
    else:
        tx.execute("DELETE FROM queue WHERE id = ?", (row.id,))
    return bool(left)


def dismiss(tx: Transaction, row: int, reason: str) -> bool:
    """Take a failed or conflicting row off the queue by a person's word; an admission stays.

    False: there is no such row, or it is still to be sent. Raises ValueError without a reason.
    """
    if not clean(reason):
        raise ValueError("a row of the queue is not dismissed without a reason")
    found = tx.execute(
        "SELECT kind, state, ticket FROM queue WHERE id = ? AND state IN ('failed', 'conflict')",
        (row,),
    ).fetchone()
    if found is None:
        return False
    word = note(tx, JournalKind.DISMISSED, row, reason)
    tx.execute("DELETE FROM queue WHERE id = ?", (row,))
    if found["kind"] == Kind.CHECK_IN and found["state"] == State.CONFLICT:
        # The server has the ticket in, by the read that showed the conflict.
        confirm(tx, found["ticket"], row, word)
    return True


# What all that changes a row has to do


def confirm(tx: Transaction, ticket: str, row: int, journal: int) -> None:
    """By the journal's row `journal`; only the admission that the queue's `row` belongs to."""
    tx.execute(
        "UPDATE admission SET confirmed = ? WHERE ticket = ? AND journal = ?",
        (journal, ticket, row),
    )


def note(tx: Transaction, kind: JournalKind, row: int, reason: str = "") -> int:
    """Journal what became of a row of the queue."""
    found = tx.execute(
        "SELECT kind, event, ticket, tries FROM queue WHERE id = ?", (row,)
    ).fetchone()
    data = {"row": row, "kind": found["kind"], "tries": found["tries"]}
    entry = Entry(kind, event=found["event"], ticket=found["ticket"], reason=reason, data=data)
    return record(tx, entry)
