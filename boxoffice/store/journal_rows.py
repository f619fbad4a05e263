"""The journal's rows: what happened at the door, in the order in which it happened.

Append-only: triggers refuse all else.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from boxoffice.domain.journal import REASON_LIMIT, Entry, LogRow
from boxoffice.domain.text import clean
from boxoffice.store.database import moment_or_none
from boxoffice.store.rows import from_row


class Transaction(NamedTuple):
    """One in journal.db, with what stands on every row that it writes: when, where and by whom."""

    connection: sqlite3.Connection
    at: str
    """By the site's clock, as far as it is known."""
    lane: str
    operator: str
    own: str | None = None
    """What the computer's clock showed; None: it is that clock that tells `at`."""

    @property
    def signed(self) -> tuple[str, str, str]:
        """When, where and by whom, as a row of any table holds it."""
        return self.at, self.lane, self.operator

    def execute(
        self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> sqlite3.Cursor:
        return self.connection.execute(statement, values)


def record(tx: Transaction, entry: Entry) -> int:
    """Append to the log; answers the row's id."""
    cursor = tx.execute(
        "INSERT INTO journal"
        " (at, lane, operator, kind, event, ticket, code, verdict, confirmed, reason, data, own)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *tx.signed,
            entry.kind,
            entry.event,
            entry.ticket,
            None if entry.code is None else clean(entry.code),
            entry.verdict,
            entry.confirmed,
            clean(entry.reason, REASON_LIMIT),
            None if entry.data is None else json.dumps(dict(entry.data)),
            tx.own,
        ),
    )
    return cursor.lastrowid or 0


def log(connection: sqlite3.Connection, event: str | None = None) -> list[LogRow]:
    """The rows of `event`, or all, oldest first."""
    rows = connection.execute(
        "SELECT * FROM journal WHERE ?1 IS NULL OR event = ?1 ORDER BY id", (event,)
    )
    return [row_to_log_row(row) for row in rows]


def row_to_log_row(row: sqlite3.Row) -> LogRow:
    data = None if row["data"] is None else json.loads(row["data"])
    return from_row(LogRow, row, entry=from_row(Entry, row, data=data))


def own_time_of(connection: sqlite3.Connection, row: int) -> datetime | None:
    """What the computer's own clock showed when `row` was written; None: not known, or as `at`."""
    found = connection.execute("SELECT own FROM journal WHERE id = ?", (row,)).fetchone()
    return moment_or_none(found["own"]) if found else None
