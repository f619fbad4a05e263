"""Who was admitted on this computer: one row a ticket, whatever the lanes and processes do."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from boxoffice.domain.models import KEPT_SAYING, Admission, Given, may_lag
from boxoffice.domain.queue import Kind
from boxoffice.domain.verdict import VerdictCode
from boxoffice.store import queue
from boxoffice.store.entries import Entry, Stamp, write
from boxoffice.store.queue_rows import confirm, packed
from boxoffice.store.writer import transaction

CHUNK = 5_000
"""Rows read between two other pieces of work."""
REACH = 10_000
"""Rows of the journal within which those who were admitted together are looked for."""


TAKEN_BACK = "the server says that it is not in, though it had confirmed the check-in"
IN_AGAIN = "the server says that it is in again, maybe by another door"

_SELECT = """
    SELECT proof.at, admission.*
    FROM admission LEFT JOIN journal AS proof ON proof.id = admission.confirmed
"""


def one(connection: sqlite3.Connection, ticket: str) -> Admission | None:
    found = connection.execute(f"{_SELECT} WHERE admission.ticket = ?", (ticket,)).fetchone()
    return _admission(*found) if found else None


def of_event(connection: sqlite3.Connection, event: str, after: str) -> list[Admission]:
    """The next CHUNK at `event` behind the ticket `after`."""
    rows = connection.execute(
        f"{_SELECT} WHERE admission.ticket > ? AND admission.event = ?"
        " ORDER BY admission.ticket LIMIT ?",
        (after, event, CHUNK),
    )
    return [_admission(*row) for row in rows]


def last(connection: sqlite3.Connection, event: str, lane: str) -> Admission | None:
    found = connection.execute(
        f"{_SELECT} WHERE admission.event = ? AND admission.lane = ?"
        " ORDER BY admission.journal DESC LIMIT 1",
        (event, lane),
    ).fetchone()
    return _admission(*found) if found else None


def together(connection: sqlite3.Connection, admission: Admission) -> list[Admission]:
    """Those of the lane that were made as the same party, newest first."""
    rows = connection.execute(
        """
        SELECT proof.at, admission.* FROM journal AS mine
        JOIN journal ON journal.data = mine.data AND journal.lane = mine.lane
            AND journal.id BETWEEN mine.id - :reach AND mine.id + :reach
        JOIN admission ON admission.ticket = journal.ticket AND admission.journal = journal.id
        LEFT JOIN journal AS proof ON proof.id = admission.confirmed
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
    instead_of: int | None = None,
) -> tuple[Admission, bool]:
    event, ticket = queue.subject(entry)
    stamp = stamp if by is None else stamp._replace(lane=by[0], operator=by[1])
    with transaction(connection):
        known = one(connection, ticket)
        if given:
            answers = Entry(kind="answers", event=event, ticket=ticket)
            queue.add(connection, stamp, answers, Kind.ANSWERS, packed(given))
        if known is not None and not (known.taken_back and known.journal == instead_of):
            write(connection, stamp, replace(entry, verdict=VerdictCode.ALREADY_IN))
            return known, False
        if known is not None:
            entry = replace(entry, data={**(entry.data or {}), "instead_of": known.journal})
            _drop(connection, known)
        row = queue.add(connection, stamp, entry, Kind.CHECK_IN, read_first=read_first)
        connection.execute(
            "INSERT INTO admission (ticket, event, at, lane, operator, journal)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (ticket, event, *stamp.signed, row),
        )
    return _admission(None, ticket, event, *stamp.signed, None, row), True


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
        " WHERE admission.ticket = ? AND admission.journal = ?"
        " AND journal.kind NOT IN ('dismissed', 'in_again')",
        (admission.ticket, admission.journal),
    ).fetchone()
    return found is not None


def site_says(
    connection: sqlite3.Connection, stamp: Stamp, ticket: str, checked_in: bool, began: datetime
) -> tuple[int, int]:
    before, now = _said_out(connection, ticket, checked_in, began)
    if before == now:  # nearly always, and then no write lock is needed
        return before, now
    with transaction(connection):
        before, now = _said_out(connection, ticket, checked_in, began)
        if before == now:
            return before, now
        connection.execute("UPDATE admission SET said_out = ? WHERE ticket = ?", (now, ticket))
        ours = one(connection, ticket)
        if ours is not None and ours.taken_back:
            entry = Entry("taken_back", event=ours.event, ticket=ticket, reason=TAKEN_BACK)
            write(connection, stamp, entry)
        elif ours is not None and before >= KEPT_SAYING:
            entry = Entry("in_again", event=ours.event, ticket=ticket, reason=IN_AGAIN)
            confirm(connection, ticket, ours.journal, write(connection, stamp, entry))
    return before, now


def _said_out(
    connection: sqlite3.Connection, ticket: str, checked_in: bool, began: datetime
) -> tuple[int, int]:
    """How many reads in a row have said that it is not in, before this one and with it."""
    ours = one(connection, ticket)
    if ours is None or ours.confirmed_at is None:
        return 0, 0
    if checked_in:
        return ours.said_out, 0
    if may_lag(ours.confirmed_at, began):
        return ours.said_out, ours.said_out
    return ours.said_out, min(ours.said_out + 1, KEPT_SAYING)


def undone_at(connection: sqlite3.Connection, ticket: str) -> datetime | None:
    found = connection.execute(
        "SELECT at FROM journal INDEXED BY journal_undone"
        " WHERE ticket = ? AND kind = 'undo' AND confirmed IS 1 ORDER BY id DESC LIMIT 1",
        (ticket,),
    ).fetchone()
    return datetime.fromisoformat(found[0]) if found else None


def _drop(connection: sqlite3.Connection, admission: Admission) -> bool:
    """Not one of the same ticket that was made since."""
    gone = connection.execute(
        "DELETE FROM admission WHERE ticket = ? AND journal = ?",
        (admission.ticket, admission.journal),
    )
    return gone.rowcount > 0


def _admission(
    confirmed_at: str | None,
    ticket: str,
    event: str,
    at: str,
    lane: str,
    operator: str,
    confirmed: int | None,
    journal: int,
    said_out: int = 0,
) -> Admission:
    return Admission(
        ticket,
        event,
        datetime.fromisoformat(at),
        lane,
        operator,
        confirmed is not None,
        journal,
        datetime.fromisoformat(confirmed_at) if confirmed_at else None,
        said_out,
    )
