"""The scans that the journal holds, newest first, with what became of the check-in of each."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.history import Since
from boxoffice.domain.journal import JournalKind, QueueState
from boxoffice.domain.models import KEPT_SAYING
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.store.database import from_row

# `stands`: the journal's row of the admission of the ticket that there is now. `taken_place`: that
# of the one in whose place it was made. `proof`: by what the site has it.
_SCANS = """
    SELECT log.id, log.at, log.lane, log.operator, log.ticket, log.verdict, log.confirmed,
        coalesce(log.code, '') AS code, log.reason,
        admission.journal AS stands, admission.said_out, proof.kind AS proof, queue.state,
        json_extract(made.data, '$.instead_of') AS taken_place
    FROM journal_log AS log
    LEFT JOIN admission ON admission.ticket = log.ticket
    LEFT JOIN journal AS made ON made.id = admission.journal
    LEFT JOIN journal AS proof ON proof.id = admission.confirmed
    LEFT JOIN queue ON queue.id = log.id
    WHERE log.kind = 'scan' AND log.event = :event
        AND (:lane IS NULL OR log.lane = :lane)
        AND log.id < coalesce(:before, 9223372036854775807)
        AND log.id > coalesce((SELECT max(id) FROM journal) - :among, 0)
    ORDER BY log.id DESC LIMIT :most
"""
_OF_QUEUE = {QueueState.FAILED: Since.FAILED, QueueState.CONFLICT: Since.CONFLICT}


class ScanRow(NamedTuple):
    id: int
    at: datetime
    lane: str
    operator: str
    ticket: str | None
    verdict: VerdictCode
    confirmed: bool
    """The server was asked for the verdict."""
    code: str
    """Empty: it was forgotten."""
    reason: str
    since: Since | None
    """None: it let nobody in."""


def scans(
    connection: sqlite3.Connection,
    event: str,
    most: int,
    *,
    lane: str | None = None,
    before: int | None = None,
    among: int | None = None,
) -> list[ScanRow]:
    """The newest so many at `event`, newest first. `lane`: of it alone; None: of all here.

    `before`: the id of a row that is newer than all of them; None: the newest of all. `among`: so
    many rows of the journal, the newest of all events, are looked through; None: all.
    """
    rows = connection.execute(
        _SCANS, {"event": event, "lane": lane, "before": before, "among": among, "most": most}
    )
    return [from_row(ScanRow, row, since=_since(row)) for row in rows]


def _since(row: sqlite3.Row) -> Since | None:
    if not VerdictCode(row["verdict"]).is_green:
        return None
    if row["stands"] != row["id"]:
        return Since.TAKEN_BACK if row["taken_place"] == row["id"] else Since.UNDONE
    if row["state"] is not None:
        return _OF_QUEUE.get(QueueState(row["state"]), Since.WAITING)
    if row["said_out"] >= KEPT_SAYING:
        return Since.TAKEN_BACK
    if row["proof"] is None or row["proof"] == JournalKind.DISMISSED:
        return Since.DISMISSED
    return Since.CONFIRMED
