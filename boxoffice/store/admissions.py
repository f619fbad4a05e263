"""Who was admitted on this computer: one row for each ticket, over all lanes and processes."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.journal import Entry, JournalKind, QueueKind
from boxoffice.domain.models import KEPT_SAYING, Admission, AnswerInput, may_lag
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import N_, _
from boxoffice.store import queue, venue
from boxoffice.store.database import from_row, utc_text
from boxoffice.store.journal_db import Transaction, record

TAKEN_BACK = N_("the site says that it is not in, though it had confirmed the check-in")
IN_AGAIN = N_("the site says that it is in again, maybe by another door")

# The journal's row that proves it is `confirmed`.
_SELECT = """
    SELECT admission.*, proof.at AS confirmed_at
    FROM admission LEFT JOIN journal AS proof ON proof.id = admission.confirmed
"""


class LocalContext(NamedTuple):
    """What was done with a ticket on this computer."""

    admission: Admission | None
    pending_answers: list[AnswerInput]
    """Answers that still have to be sent to the server: the newest to each question."""
    undone_at: datetime | None
    """When we last undid its check-in at the server; None: never, or we made a new one since."""


class Admitted(NamedTuple):
    """The result of `admit`."""

    admission: Admission
    """The ticket's admission, new or from before."""
    new: bool
    row: int
    """The id of the scan's row in the journal."""


# Reading


def get(connection: sqlite3.Connection, ticket: str) -> Admission | None:
    """The admission of `ticket` on this computer; None: there is none, or it was undone."""
    row = connection.execute(f"{_SELECT} WHERE admission.ticket = ?", (ticket,)).fetchone()
    return from_row(Admission, row) if row else None


def local_context(connection: sqlite3.Connection, ticket: str) -> LocalContext:
    """What was done with `ticket` on this computer, read at one moment."""
    ours = get(connection, ticket)
    return LocalContext(
        ours,
        queue.pending_answers(connection, ticket),
        undone_at(connection, ticket) if ours is None else None,
    )


def of_event(
    connection: sqlite3.Connection, event: str, tickets: Collection[str] | None = None
) -> list[Admission]:
    """The admissions at `event`, of `tickets` or of all, in no order."""
    some = "" if tickets is None else " AND admission.ticket IN (SELECT value FROM json_each(?))"
    named = () if tickets is None else (json.dumps([*tickets]),)
    rows = connection.execute(f"{_SELECT} WHERE admission.event = ?{some}", (event, *named))
    return [from_row(Admission, row) for row in rows]


def confirmed(connection: sqlite3.Connection, event: str) -> dict[str, bool]:
    """By ticket at `event` whose check-in the site confirmed: whether the site took it back since.

    A season has a hundred thousand of these, so nothing else is read.
    """
    rows = connection.execute(
        "SELECT ticket, said_out >= ? FROM admission WHERE event = ? AND confirmed IS NOT NULL",
        (KEPT_SAYING, event),
    )
    return {ticket: bool(is_taken_back) for ticket, is_taken_back in rows}


def differing(before: Mapping[str, bool], now: Mapping[str, bool]) -> list[str]:
    """The tickets for which two results of `confirmed` differ."""
    news = [ticket for ticket, taken_back in now.items() if before.get(ticket) is not taken_back]
    return [*news, *(ticket for ticket in before if ticket not in now)]


def not_newer(
    connection: sqlite3.Connection, event: str, tickets: Collection[str], read: datetime
) -> set[str]:
    """Those of `tickets` that were checked in here before a read of the site began, at `read`.

    About these the read may know something newer than we do.
    """
    ours = of_event(connection, event, tickets)
    confirmed = [(one.ticket, one.confirmed_at) for one in ours if one.confirmed_at]
    return {ticket for ticket, at in confirmed if not may_lag(at, read)}


def number_since(connection: sqlite3.Connection, event: str, moment: datetime) -> int:
    """How many admissions were made at `event` after `moment`, and not undone."""
    found = connection.execute(
        "SELECT count(*) AS number FROM admission WHERE event = ? AND at > ?",
        (event, utc_text(moment)),
    ).fetchone()
    return int(found["number"])


def last(connection: sqlite3.Connection, event: str, lane: str) -> Admission | None:
    """The newest admission at `event` by `lane`; None: there is none."""
    row = connection.execute(
        f"{_SELECT} WHERE admission.event = ? AND admission.lane = ?"
        " ORDER BY admission.journal DESC LIMIT 1",
        (event, lane),
    ).fetchone()
    return from_row(Admission, row) if row else None


def together(connection: sqlite3.Connection, admission: Admission) -> list[Admission]:
    """The admissions of the same party as `admission`, itself among them, newest first.

    Only those of its lane, and not those that were undone since.
    """
    rows = connection.execute(
        f"""
        {_SELECT} WHERE admission.party <> '' AND admission.lane = ? AND admission.party = (
            SELECT party FROM admission AS mine WHERE mine.ticket = ? AND mine.journal = ?
        )
        ORDER BY admission.journal DESC
        """,  # noqa: S608 - a constant
        (admission.lane, admission.ticket, admission.journal),
    )
    return [from_row(Admission, row) for row in rows] or [admission]


def is_ours(connection: sqlite3.Connection, admission: Admission) -> bool:
    """Whether, as far as is known, the server has this very check-in and not another one.

    False where another door's was found in its place, where it was taken back at the site and
    the ticket is in again, and where the server has not confirmed it.
    """
    found = connection.execute(
        "SELECT 1 FROM admission JOIN journal ON journal.id = admission.confirmed"
        " WHERE admission.ticket = ? AND admission.journal = ? AND journal.kind NOT IN (?, ?)",
        (admission.ticket, admission.journal, JournalKind.DISMISSED, JournalKind.IN_AGAIN),
    ).fetchone()
    return found is not None


def undone_at(connection: sqlite3.Connection, ticket: str) -> datetime | None:
    """When this computer last undid a check-in of `ticket` at the server; None: never."""
    found = connection.execute(
        "SELECT at FROM journal INDEXED BY journal_undone"
        " WHERE ticket = ? AND kind = 'undo' AND confirmed IS 1 ORDER BY id DESC LIMIT 1",
        (ticket,),
    ).fetchone()
    return datetime.fromisoformat(found["at"]) if found else None


# Writing


def admit(
    tx: Transaction,
    entry: Entry,
    *,
    given: Sequence[AnswerInput] = (),
    read_first: bool,
    party: str = "",
    by: tuple[str, str] | None = None,
    instead_of: int | None = None,
    claim: venue.ClaimMade | None = None,
) -> Admitted:
    """Admit `entry.ticket`.

    Writes the admission, the row of the journal, and the rows of the queue: the answers `given`
    before the check-in. If the ticket was admitted on this computer before, that admission stays
    and is returned as not new; the journal then says `already_in`, and only the answers are queued.

    `read_first`: the server was not asked, so the sender reads the ticket before it writes.
    `party`: tickets that share it are undone together; empty: it is undone alone. `by`: the lane
    and the operator who admit, if they are not those of this journal. `instead_of`: the journal's
    row of an admission that a person has overridden, as it was taken back at the site; if it still
    stands, the new one replaces it. `claim`: our claim at the venue's hub; None: there is no venue.
    """
    event, ticket = queue.subject(entry)
    tx = tx if by is None else tx._replace(lane=by[0], operator=by[1])
    known = get(tx.connection, ticket)
    if given:
        answers = Entry(JournalKind.ANSWERS, event=event, ticket=ticket)
        queue.enqueue_answers(tx, answers, given)
    if known is not None and not (known.taken_back and known.journal == instead_of):
        row = record(tx, entry._replace(verdict=VerdictCode.ALREADY_IN))
        return Admitted(known, False, row)
    if known is not None:
        entry = entry._replace(data={**(entry.data or {}), "instead_of": known.journal})
        _delete(tx, known)
    row = queue.add(tx, entry, QueueKind.CHECK_IN, read_first=read_first)
    tx.execute(
        "INSERT INTO admission (ticket, event, at, lane, operator, journal, party)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (ticket, event, *tx.signed, row, party),
    )
    if claim is not None:
        venue.make(tx, event, ticket, row, claim)
    at = datetime.fromisoformat(tx.at)
    ours = Admission(ticket, event, at, tx.lane, tx.operator, False, row)
    return Admitted(ours, True, row)


def cancel(tx: Transaction, admission: Admission, entry: Entry) -> bool:
    """Undo a check-in that was never sent: its admission and its row of the queue are deleted.

    False: there is no such row any more, or the sender has tried it; then nothing changes. Answers
    stay in the queue, and so does a newer admission of the ticket.
    """
    if not queue.withdraw(tx, admission.journal):
        return False
    _delete(tx, admission)
    venue.give_back(tx, admission.journal)
    record(tx, entry)
    return True


def drop(tx: Transaction, admission: Admission, entry: Entry) -> bool:
    """Delete an admission that was undone at the server, with its row of the queue.

    `entry` is written to the journal in any case; it is `confirmed` if the server undid it. False:
    the admission was deleted before. A newer admission of the ticket stays.
    """
    gone = _delete(tx, admission)
    venue.give_back(tx, admission.journal)
    queue.drop_check_in(tx, admission.journal)
    record(tx, entry)
    return gone


def note_read(tx: Transaction, ticket: str, checked_in: bool, began: datetime) -> tuple[int, int]:
    """Note whether a read of `ticket`, which began at `began`, has it checked in.

    The admission stays in any case. Returns how many reads in a row had said that the ticket is
    not in, before this one and with it: `Admission.said_out`. A read that may be older than the
    server's confirmation of the check-in does not count.
    """
    ours = get(tx.connection, ticket)
    if ours is None or ours.confirmed_at is None:
        return 0, 0
    before = ours.said_out
    if checked_in:
        now = 0
    elif may_lag(ours.confirmed_at, began):
        now = before
    else:
        now = min(before + 1, KEPT_SAYING)
    if before == now:
        return before, now
    tx.execute("UPDATE admission SET said_out = ? WHERE ticket = ?", (now, ticket))
    if now >= KEPT_SAYING:
        entry = Entry(JournalKind.TAKEN_BACK, event=ours.event, ticket=ticket, reason=_(TAKEN_BACK))
        record(tx, entry)
    elif before >= KEPT_SAYING:
        entry = Entry(JournalKind.IN_AGAIN, event=ours.event, ticket=ticket, reason=_(IN_AGAIN))
        queue.confirm(tx, ticket, ours.journal, record(tx, entry))
    return before, now


def _delete(tx: Transaction, admission: Admission) -> bool:
    """Delete this very admission; one of the same ticket that was made since stays."""
    gone = tx.execute(
        "DELETE FROM admission WHERE ticket = ? AND journal = ?",
        (admission.ticket, admission.journal),
    )
    return gone.rowcount > 0
