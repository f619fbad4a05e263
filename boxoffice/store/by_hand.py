"""What a person decides about rows of the queue: to send them again, or to take them off."""

import json
from collections.abc import Collection

from boxoffice.domain.journal import JournalKind, QueueKind, QueueRow, QueueState
from boxoffice.domain.text import clean
from boxoffice.language import _
from boxoffice.store import queue
from boxoffice.store.journal_db import Transaction


def retry(tx: Transaction, rows: Collection[int] | None = None) -> int:
    """Send failed and conflicting rows again, after a read; None: all. Answers how many.

    A name or an answer that was given anew since goes; who was let in at two doors stays.
    """
    sent = 0
    aside = tx.execute(
        "SELECT * FROM queue WHERE state IN ('failed', 'conflict')"
        " AND id NOT IN (SELECT queue FROM clash) ORDER BY id"
    )
    for row in map(queue.row_to_queue_row, aside.fetchall()):
        if (rows is None or row.id in rows) and _retire_superseded(tx, row):
            tx.execute(
                "UPDATE queue SET state = 'waiting', read_first = 1, tries = 0, reason = ''"
                " WHERE id = ?",
                (row.id,),
            )
            queue.note(tx, JournalKind.RETRY, row.id)
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
    if row.kind is QueueKind.CHECK_IN:
        return True
    newer = tx.execute(_NEWER, (row.ticket, row.kind, row.id)).fetchall()
    if not newer:
        return True
    left, reason = [], _("a newer name was given")
    if row.kind is not QueueKind.NAME:
        logged = [json.loads(given["data"]) for given in newer if given["data"]]
        anew = {question for data in logged for question in data.get("questions", ())}
        left = [given for given in row.given if given.question not in anew]
        if not (newly := len(row.given) - len(left)):
            return True
        reason = _("newer answers were given to {n} of its questions").format(n=newly)
    queue.note(tx, JournalKind.RETIRED, row.id, reason)
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
    word = queue.note(tx, JournalKind.DISMISSED, row, reason)
    tx.execute("DELETE FROM queue WHERE id = ?", (row,))
    if found["kind"] == QueueKind.CHECK_IN and found["state"] == QueueState.CONFLICT:
        # The server has the ticket in, by the read that showed the conflict.
        queue.confirm(tx, found["ticket"], row, word)
    return True
