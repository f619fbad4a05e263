"""The journal's rows: what happened at the door, in the order in which it happened."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from boxoffice.domain.text import clean
from boxoffice.store.writer import transaction

REASON_LIMIT = 500
"""Characters."""

CHUNK = 5_000
"""Rows read between two other pieces of work, so that an admission never waits for an export."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. The journal adds the time, the lane and the operator."""

    kind: str
    """scan, read_twice, override, undo, answers, name, sent, outcome, postponed, failed, conflict,
    retry, retired, dismissed, taken_back, in_again, recovered, tie, untie, rule_<state>,
    numbers_<what>; sale, sale_<state>, sale_note, refund, refund_asked, refund_refused,
    refund_unseen, order_corrected, order_answers, shift_open, shift_close."""
    event: str | None = None
    ticket: str | None = None
    code: str | None = None
    """What was scanned."""
    verdict: str | None = None
    confirmed: bool | None = None
    """The server was asked for the verdict, or has done the undo."""
    reason: str = ""
    data: Mapping[str, object] | None = None


class LogRow(NamedTuple):
    """A row of the journal."""

    id: int
    at: datetime
    lane: str
    operator: str
    entry: Entry
    own: datetime | None = None
    """What the computer's own clock showed; None: not known, or as `at`."""


class Stamp(NamedTuple):
    """When, where and by whom: on every row."""

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


def written(moment: datetime) -> str:
    """ISO 8601 in UTC, always as long, so that texts sort as moments do."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def write(connection: sqlite3.Connection, stamp: Stamp, entry: Entry) -> int:
    """Append `entry`, within the transaction under way; answers its id."""
    cursor = connection.execute(
        "INSERT INTO journal"
        " (at, lane, operator, kind, event, ticket, code, verdict, confirmed, reason, data, own)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *stamp.signed,
            entry.kind,
            entry.event,
            entry.ticket,
            None if entry.code is None else clean(entry.code),
            entry.verdict,
            entry.confirmed,
            clean(entry.reason, REASON_LIMIT),
            None if entry.data is None else json.dumps(dict(entry.data)),
            stamp.own,
        ),
    )
    return cursor.lastrowid or 0


def record(connection: sqlite3.Connection, stamp: Stamp, entry: Entry) -> int:
    with transaction(connection):
        return write(connection, stamp, entry)


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has written to the file."""
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


def position(connection: sqlite3.Connection) -> int:
    (newest,) = connection.execute("SELECT max(id) FROM journal").fetchone()
    return int(newest or 0)


def read(connection: sqlite3.Connection, event: str | None, after: int) -> list[LogRow]:
    """The rows of `event` (None: all rows) among the CHUNK rows behind the id `after`."""
    rows = connection.execute(
        "SELECT id, at, lane, operator, kind, event, ticket, code, verdict, confirmed, reason,"
        " data, own"
        " FROM journal WHERE id > ?1 AND id <= ?1 + ?2 AND (?3 IS NULL OR event = ?3) ORDER BY id",
        (after, CHUNK, event),
    )
    return [_row(*row) for row in rows]


def _row(
    number: int,
    at: str,
    lane: str,
    operator: str,
    kind: str,
    event: str | None,
    ticket: str | None,
    code: str | None,
    verdict: str | None,
    confirmed: int | None,
    reason: str,
    data: str | None,
    own: str | None,
) -> LogRow:
    entry = Entry(
        kind=kind,
        event=event,
        ticket=ticket,
        code=code,
        verdict=verdict,
        confirmed=None if confirmed is None else bool(confirmed),
        reason=reason,
        data=None if data is None else json.loads(data),
    )
    shown = None if own is None else datetime.fromisoformat(own)
    return LogRow(number, datetime.fromisoformat(at), lane, operator, entry, shown)


def own_time(connection: sqlite3.Connection, row: int) -> datetime | None:
    """What the computer's own clock showed when `row` was written; None: not known, or as `at`."""
    found = connection.execute("SELECT own FROM journal WHERE id = ?", (row,)).fetchone()
    return datetime.fromisoformat(found[0]) if found and found[0] else None
