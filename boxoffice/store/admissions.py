"""Who was admitted on this computer: one row a ticket, whatever the lanes and processes do."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from boxoffice.domain.models import Admission, Given
from boxoffice.domain.queue import Kind
from boxoffice.domain.verdict import VerdictCode
from boxoffice.store import queue
from boxoffice.store.entries import Entry, Stamp, write
from boxoffice.store.queue_rows import packed
from boxoffice.store.writer import transaction

CHUNK = 5_000
"""Rows read between two other pieces of work."""
REACH = 10_000
"""Rows of the journal within which those who were admitted together are looked for."""


def one(connection: sqlite3.Connection, ticket: str) -> Admission | None:
    found = connection.execute("SELECT * FROM admission WHERE ticket = ?", (ticket,)).fetchone()
    return _admission(*found) if found else None


def of_event(connection: sqlite3.Connection, event: str, after: str) -> list[Admission]:
    """The next CHUNK at `event` behind the ticket `after`."""
    rows = connection.execute(
        "SELECT * FROM admission WHERE ticket > ? AND event = ? ORDER BY ticket LIMIT ?",
        (after, event, CHUNK),
    )
    return [_admission(*row) for row in rows]


def last(connection: sqlite3.Connection, event: str, lane: str) -> Admission | None:
    found = connection.execute(
        "SELECT * FROM admission WHERE event = ? AND lane = ? ORDER BY journal DESC LIMIT 1",
        (event, lane),
    ).fetchone()
    return _admission(*found) if found else None


def together(connection: sqlite3.Connection, admission: Admission) -> list[Admission]:
    """Those of the lane that were made as the same party, newest first."""
    rows = connection.execute(
        """
        SELECT admission.* FROM journal AS mine
        JOIN journal ON journal.data = mine.data AND journal.lane = mine.lane
            AND journal.id BETWEEN mine.id - :reach AND mine.id + :reach
        JOIN admission ON admission.ticket = journal.ticket AND admission.journal = journal.id
        WHERE mine.id = :row AND mine.data LIKE '{"party":%' ORDER BY journal.id DESC
        """,
        {"row": admission.journal, "reach": REACH},
    )
    return [_admission(*row) for row in rows] or [admission]


def admit(
    connection: sqlite3.Connection,
    stamp: Stamp,
    entry: Entry,
    given: Sequence[Given],
    read_first: bool,
    by: tuple[str, str] | None = None,
) -> tuple[Admission, bool]:
    event, ticket = queue.subject(entry)
    stamp = stamp if by is None else stamp._replace(lane=by[0], operator=by[1])
    with transaction(connection):
        known = one(connection, ticket)
        if given:
            answers = Entry(kind="answers", event=event, ticket=ticket)
            queue.add(connection, stamp, answers, Kind.ANSWERS, packed(given))
        if known is not None:
            write(connection, stamp, replace(entry, verdict=VerdictCode.ALREADY_IN))
            return known, False
        row = queue.add(connection, stamp, entry, Kind.CHECK_IN, read_first=read_first)
        connection.execute(
            "INSERT INTO admission VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (ticket, event, *stamp.signed, row),
        )
    return _admission(ticket, event, *stamp.signed, None, row), True


def cancel(
    connection: sqlite3.Connection, stamp: Stamp, admission: Admission, entry: Entry
) -> bool:
    with transaction(connection):
        if not queue.withdraw(connection, admission.journal):
            return False
        _drop(connection, admission)
        write(connection, stamp, entry)
    return True


def forget(
    connection: sqlite3.Connection, stamp: Stamp, admission: Admission, entry: Entry
) -> bool:
    with transaction(connection):
        gone = _drop(connection, admission)
        queue.drop_check_in(connection, admission.journal)
        write(connection, stamp, entry)
    return gone


def is_ours(connection: sqlite3.Connection, admission: Admission) -> bool:
    found = connection.execute(
        "SELECT 1 FROM admission JOIN journal ON journal.id = admission.confirmed"
        " WHERE admission.ticket = ? AND admission.journal = ? AND journal.kind <> 'dismissed'",
        (admission.ticket, admission.journal),
    ).fetchone()
    return found is not None


def release(connection: sqlite3.Connection, stamp: Stamp, ticket: str, began: int) -> bool:
    found = connection.execute(_RELEASABLE, (ticket, began)).fetchone()
    if found is None:  # nearly always, and then no write lock is needed
        return False
    with transaction(connection):
        found = connection.execute(_RELEASABLE, (ticket, began)).fetchone()
        if found is None:
            return False
        connection.execute("DELETE FROM admission WHERE ticket = ?", (ticket,))
        reason = "the server says it is not in, though it had confirmed the check-in"
        write(connection, stamp, Entry("released", event=found[0], ticket=ticket, reason=reason))
    return True


def _drop(connection: sqlite3.Connection, admission: Admission) -> bool:
    """Not one of the same ticket that was made since."""
    gone = connection.execute(
        "DELETE FROM admission WHERE ticket = ? AND journal = ?",
        (admission.ticket, admission.journal),
    )
    return gone.rowcount > 0


_RELEASABLE = "SELECT event FROM admission WHERE ticket = ? AND confirmed <= ?"


def _admission(
    ticket: str,
    event: str,
    at: str,
    lane: str,
    operator: str,
    confirmed: int | None,
    journal: int,
) -> Admission:
    moment = datetime.fromisoformat(at)
    return Admission(ticket, event, moment, lane, operator, confirmed is not None, journal)
