"""Rows of the queue: read, journalled, and looked after by people."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from boxoffice.domain.models import Given
from boxoffice.domain.queue import Counts, Kind, QueueRow, State
from boxoffice.store.entries import Entry, Stamp, write
from boxoffice.store.writer import transaction

CHUNK = 1_000
"""Rows read between two other pieces of work."""


def counts(connection: sqlite3.Connection, event: str | None) -> Counts:
    rows = connection.execute(
        "SELECT state, count(*) FROM queue WHERE ?1 IS NULL OR event = ?1 GROUP BY state", (event,)
    )
    found = dict(rows.fetchall())
    return Counts(*(found.get(state, 0) for state in _COUNTED))


_COUNTED = (State.WAITING, State.SENDING, State.FAILED, State.CONFLICT)


def find(connection: sqlite3.Connection, states: Collection[State]) -> list[int]:
    """The ids of the rows in these states, oldest first."""
    rows = connection.execute(
        "SELECT id FROM queue WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([*states]),),
    )
    return [row for (row,) in rows]


def read(connection: sqlite3.Connection, rows: Sequence[int]) -> list[QueueRow]:
    """The rows with these ids that are still there, oldest first."""
    found = connection.execute(
        "SELECT * FROM queue WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(rows),),
    )
    return [made(*row) for row in found]


def pending_answers(connection: sqlite3.Connection, ticket: str) -> list[Given]:
    rows = connection.execute(
        "SELECT body FROM queue WHERE ticket = ? AND kind = 'answers'"
        " AND state IN ('waiting', 'sending') ORDER BY id",
        (ticket,),
    )
    newest = {given.question: given for (body,) in rows for given in _unpacked(body)}
    return list(newest.values())


def unsent(connection: sqlite3.Connection, event: str, tickets: Collection[str] | None) -> set[str]:
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
    return {ticket for (ticket,) in rows}


# What a person decides


def retry(connection: sqlite3.Connection, stamp: Stamp, rows: Collection[int] | None) -> int:
    sent = 0
    with transaction(connection):
        aside = connection.execute(
            "SELECT * FROM queue WHERE state IN ('failed', 'conflict') ORDER BY id"
        )
        for row in [made(*found) for found in aside.fetchall()]:
            if (rows is None or row.id in rows) and _renewed(connection, stamp, row):
                connection.execute(
                    "UPDATE queue SET state = 'waiting', read_first = 1, tries = 0, reason = ''"
                    " WHERE id = ?",
                    (row.id,),
                )
                note(connection, stamp, "retry", row.id)
                sent += 1
    return sent


def _renewed(connection: sqlite3.Connection, stamp: Stamp, row: QueueRow) -> bool:
    """Take out of `row` what was named or answered anew since. False: the whole row went."""
    if row.kind == Kind.CHECK_IN:
        return True
    newer = connection.execute(_NEWER, (row.ticket, row.kind, row.id)).fetchall()
    if not newer:
        return True
    if row.kind == Kind.NAME:
        left, reason = [], "a newer name was given"
    else:
        anew = {each for (data,) in newer if data for each in json.loads(data).get("questions", ())}
        left = [given for given in row.given if given.question not in anew]
        if len(left) == len(row.given):
            return True
        reason = f"newer answers were given to {len(row.given) - len(left)} of its questions"
    note(connection, stamp, "retired", row.id, reason)
    if left:
        connection.execute("UPDATE queue SET body = ? WHERE id = ?", (packed(left), row.id))
    else:
        connection.execute("DELETE FROM queue WHERE id = ?", (row.id,))
    return bool(left)


# What a person dismissed never reached the server.
_NEWER = """
    SELECT data FROM journal WHERE ticket = ?1 AND kind = ?2 AND id > ?3 AND NOT EXISTS (
        SELECT 1 FROM journal AS later WHERE later.ticket = ?1 AND later.kind = 'dismissed'
        AND later.id > journal.id AND json_extract(later.data, '$.row') = journal.id
    )
"""


def dismiss(connection: sqlite3.Connection, stamp: Stamp, row: int, reason: str) -> bool:
    with transaction(connection):
        found = connection.execute(
            "SELECT kind, state, ticket FROM queue"
            " WHERE id = ? AND state IN ('failed', 'conflict')",
            (row,),
        ).fetchone()
        if found is None:
            return False
        word = note(connection, stamp, "dismissed", row, reason)
        connection.execute("DELETE FROM queue WHERE id = ?", (row,))
        kind, state, ticket = found
        if kind == Kind.CHECK_IN and state == State.CONFLICT:
            # The server has the ticket in, by the read that showed the conflict.
            confirm(connection, ticket, row, word)
    return True


# What all that changes a row has to do, within the transaction under way


def confirm(connection: sqlite3.Connection, ticket: str, row: int, journal: int) -> None:
    """By the journal's row `journal`; only the admission that the queue's `row` belongs to."""
    connection.execute(
        "UPDATE admission SET confirmed = ? WHERE ticket = ? AND journal = ?",
        (journal, ticket, row),
    )


def note(
    connection: sqlite3.Connection, stamp: Stamp, kind: str, row: int, reason: str = ""
) -> int:
    """Journal what became of a row of the queue."""
    what, event, ticket, tries = connection.execute(
        "SELECT kind, event, ticket, tries FROM queue WHERE id = ?", (row,)
    ).fetchone()
    data = {"row": row, "kind": what, "tries": tries}
    return write(
        connection, stamp, Entry(kind, event=event, ticket=ticket, reason=reason, data=data)
    )


# How a row is written


def packed(given: Sequence[Given]) -> str:
    return json.dumps(given)


def packed_name(full_name: str) -> str:
    return json.dumps(full_name)


def questions(body: str) -> list[str]:
    """Those that a row of answers answers."""
    return [given.question for given in _unpacked(body)]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _unpacked(body: str) -> tuple[Given, ...]:
    return tuple(
        Given(question, value if isinstance(value, str) else tuple(value))
        for question, value in json.loads(body)
    )


def made(
    number: int,
    kind: str,
    state: str,
    ticket: str,
    event: str,
    at: str,
    lane: str,
    operator: str,
    body: str | None,
    read_first: int,
    attempted: int,
    tries: int,
    due: str,
    _network: int,
    reason: str,
) -> QueueRow:
    return QueueRow(
        id=number,
        kind=Kind(kind),
        state=State(state),
        ticket=ticket,
        event=event,
        at=datetime.fromisoformat(at),
        lane=lane,
        operator=operator,
        given=_unpacked(body) if body is not None and kind == Kind.ANSWERS else (),
        full_name=json.loads(body) if body is not None and kind == Kind.NAME else "",
        read_first=bool(read_first),
        attempted=bool(attempted),
        tries=tries,
        due=moment(due),
        reason=reason,
    )
