"""Rows of the queue: read, journalled, and looked after by people."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from boxoffice.door.models import Counts, Given, Kind, QueueRow, State
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


# What a person decides


def retry(connection: sqlite3.Connection, stamp: Stamp, rows: Collection[int] | None) -> int:
    with transaction(connection):
        aside = connection.execute("SELECT id FROM queue WHERE state IN ('failed', 'conflict')")
        wanted = [row for (row,) in aside.fetchall() if rows is None or row in rows]
        for row in wanted:
            connection.execute(
                "UPDATE queue SET state = 'waiting', read_first = 1, tries = 0, reason = ''"
                " WHERE id = ?",
                (row,),
            )
            note(connection, stamp, "retry", row)
    return len(wanted)


def dismiss(connection: sqlite3.Connection, stamp: Stamp, row: int, reason: str) -> bool:
    with transaction(connection):
        found = connection.execute(
            "SELECT kind, state, ticket FROM queue"
            " WHERE id = ? AND state IN ('failed', 'conflict')",
            (row,),
        ).fetchone()
        if found is None:
            return False
        written = note(connection, stamp, "dismissed", row, reason)
        connection.execute("DELETE FROM queue WHERE id = ?", (row,))
        kind, state, ticket = found
        if kind == Kind.CHECK_IN and state == State.CONFLICT:
            # The server has the ticket in, by the read that showed the conflict.
            confirm(connection, ticket, written)
    return True


# What all that changes a row has to do, within the transaction under way


def confirm(connection: sqlite3.Connection, ticket: str, journal: int) -> None:
    connection.execute("UPDATE admission SET confirmed = ? WHERE ticket = ?", (journal, ticket))


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
