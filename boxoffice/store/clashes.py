"""Who was let in at two doors of the venue, whichever they are, as its feed told it: in roster.db.

`venue` has those that a person at this computer is to look at.
"""

import sqlite3
from datetime import datetime

from boxoffice.domain.venue import Claim, Clash, LetInTwice
from boxoffice.store.database import from_row, utc_text


def let_in_twice(connection: sqlite3.Connection, event: str) -> list[LetInTwice]:
    """All pairs of doors that let the same ticket in, the oldest first; each once."""
    rows = connection.execute(
        "SELECT ticket, first, first_at, lane AS second, at AS second_at FROM claim_clash"
        " WHERE event = ? ORDER BY at, ticket",
        (event,),
    )
    return [from_row(LetInTwice, row) for row in rows]


def add(connection: sqlite3.Connection, clash: Clash) -> None:
    """Store a pair, unless who was first was out by the time that the second door let it in."""
    row = connection.execute(
        "SELECT round, lane, at FROM claim WHERE ticket = ?", (clash.ticket,)
    ).fetchone()
    newest = row["round"] if row else None
    if newest == clash.round + 1 and datetime.fromisoformat(row["at"]) <= clash.at:
        return
    first, first_at = (row["lane"], row["at"]) if newest == clash.round else ("", None)
    connection.execute(
        "INSERT OR IGNORE INTO claim_clash"
        " (ticket, event, round, first, first_at, device, lane, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(clash.ticket, clash.event, clash.round, first, first_at),
            *(clash.device, clash.lane, utc_text(clash.at)),
        ),
    )


def drop(connection: sqlite3.Connection, out: Claim) -> None:
    """Take back the pairs of which the first was out by the time that the second was let in."""
    connection.execute(
        "DELETE FROM claim_clash WHERE ticket = ? AND round = ? AND at >= ?",
        (out.ticket, out.round - 1, utc_text(out.at)),
    )
