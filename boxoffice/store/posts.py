"""Check-ins of this computer's that other doors of the venue are asked to send: in journal.db.

A row of the queue that was posted counts as attempted: what another door may have written may be
found in. Only where no other door has begun can that be taken back. `claim_feed` has what the
other doors make of it.
"""

import sqlite3
from typing import NamedTuple

from boxoffice.domain.courier import WAITS, PostState
from boxoffice.domain.journal import Entry, JournalKind, QueueRow, QueueState
from boxoffice.store import queue
from boxoffice.store.claim_feed import FeedPosition
from boxoffice.store.database import from_row
from boxoffice.store.journal_db import Transaction
from boxoffice.store.venue import OwnClaim

# What is posted goes in the order of its ticket, and nothing of it that a person has to look at.
_UNPOSTED = """
    SELECT head.id, head.attempted FROM head JOIN venue ON venue.admission = head.id
    WHERE head.event = ? AND head.kind = 'check_in' AND venue.state = 'won' AND venue.post = ''
    AND venue.record = ? AND venue.epoch = ?
    AND NOT EXISTS (SELECT 1 FROM clash WHERE clash.ticket = head.ticket)
    ORDER BY head.id LIMIT ?
"""


class PostedRow(NamedTuple):
    """A check-in that waits here, and was posted."""

    queued: QueueRow
    round: int
    post: PostState


def has_unposted(connection: sqlite3.Connection, event: str, at: FeedPosition) -> bool:
    """Whether `post` has something to do."""
    found = connection.execute(_UNPOSTED, (event, at.record, at.epoch, 1)).fetchone()
    return found is not None


def post(tx: Transaction, event: str, at: FeedPosition, limit: int) -> None:
    """Mark check-ins as posted that wait, before the hub is asked; `at`: its record."""
    for row in tx.execute(_UNPOSTED, (event, at.record, at.epoch, limit)).fetchall():
        state = PostState.TRIED if row["attempted"] else PostState.FRESH
        tx.execute("UPDATE venue SET post = ? WHERE admission = ?", (state, row["id"]))
        tx.execute("UPDATE queue SET attempted = 1, reason = ? WHERE id = ?", (WAITS, row["id"]))
        queue.note(tx, JournalKind.POSTED, row["id"])


def explain(tx: Transaction, posted: PostedRow, reason: str) -> None:
    """Say anew how it stands with the other doors, unless its own door has tried it since."""
    tx.execute(
        "UPDATE queue SET reason = ? WHERE id = ? AND state = 'waiting' AND reason = ?",
        (reason, posted.queued.id, posted.queued.reason),
    )


def waiting(connection: sqlite3.Connection, event: str) -> list[PostedRow]:
    """Those that were posted, oldest first."""
    rows = connection.execute(
        "SELECT queue.*, venue.round, venue.post FROM queue"
        " JOIN venue ON venue.admission = queue.id WHERE queue.event = ?"
        " AND queue.state = 'waiting' AND venue.state = 'won' AND venue.post <> ''"
        " ORDER BY queue.id",
        (event,),
    )
    return [from_row(PostedRow, row, queued=queue.row_to_queue_row(row)) for row in rows]


def take_back(tx: Transaction, own: OwnClaim) -> None:
    """No other door has begun to send a claim's check-in, and none will: by the first turn."""
    changed = tx.execute(
        "UPDATE venue SET post = 'taken_back' WHERE admission = ? AND post = 'fresh'",
        (own.admission,),
    )
    if not changed.rowcount:  # a try from here may have arrived
        return
    waits = tx.execute(
        "UPDATE queue SET attempted = 0, reason = '' WHERE id = ? AND state = 'waiting'",
        (own.admission,),
    )
    if waits.rowcount:
        queue.note(tx, JournalKind.UNPOSTED, own.admission)


def complete(tx: Transaction, posted: PostedRow, reason: str) -> bool:
    """Another door has proof that the site has it. False: it is settled, or just being sent."""
    row = posted.queued
    if not _waits(tx, row.id):
        return False
    entry = Entry(JournalKind.OUTCOME, event=row.event, ticket=row.ticket, reason=reason)
    return queue.complete(tx, row.id, entry)


def set_aside(tx: Transaction, posted: PostedRow, state: QueueState, reason: str) -> bool:
    """Another door has found that it cannot be sent: a person has to look. False: as `complete`."""
    if not _waits(tx, posted.queued.id):
        return False
    if posted.post is PostState.FRESH:  # nothing was written, by whomever
        tx.execute("UPDATE queue SET attempted = 0 WHERE id = ?", (posted.queued.id,))
    tx.execute("UPDATE venue SET post = 'taken_back' WHERE admission = ?", (posted.queued.id,))
    return queue.set_aside(tx, posted.queued.id, state, reason)


def _waits(tx: Transaction, row: int) -> bool:
    found = tx.execute("SELECT 1 FROM queue WHERE id = ? AND state = 'waiting'", (row,)).fetchone()
    return found is not None
