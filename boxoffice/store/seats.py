"""Seats that this computer holds in escrow among the tills of its venue: in journal.db.

The hub never has a smaller escrow than this file. What is taken is used once the hub is known to
have given it; what is given back is taken away here first.
"""

import sqlite3

from boxoffice.domain.cart import Cart
from boxoffice.domain.offer import beyond_reserve
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.seats import Escrow, Holding, Pool, read_pool
from boxoffice.store import sales
from boxoffice.store.database import from_row
from boxoffice.store.db_file import SeatsError
from boxoffice.store.journal_db import Transaction

_OF = "event = ? AND kind = ?"


def own(connection: sqlite3.Connection, event: str, kind: str) -> tuple[Holding, Pool]:
    """What this computer holds of a ticket type, and the pool as it was last known."""
    row = connection.execute(f"SELECT * FROM seats WHERE {_OF}", (event, kind)).fetchone()  # noqa: S608
    sold = sales.sold_offline(connection, event, None).get(kind, 0)
    if row is None:
        return Holding(sold=sold), Pool()
    return from_row(Holding, row, sold=sold), read_pool(row["pool"])


def in_escrow(connection: sqlite3.Connection, event: str) -> dict[str, int]:
    """What may still be sold here without the site, by the uuid of the ticket type."""
    rows = connection.execute("SELECT kind, seats FROM seats WHERE event = ?", (event,))
    return {row["kind"]: row["seats"] for row in rows}


def events(connection: sqlite3.Connection) -> list[str]:
    """The events of which this computer holds seats."""
    rows = connection.execute("SELECT DISTINCT event FROM seats WHERE seats > 0 OR pending <> 0")
    return [row["event"] for row in rows]


def take_up(tx: Transaction, event: str, kind: str, device: str, pool: Pool) -> None:
    """Store the pool as the hub has it. What it gives `device`, ours, may be sold from now on."""
    of = (event, kind)
    tx.execute(
        "INSERT INTO seats (event, kind, serial, seats, pending, since, pool)"
        " VALUES (?, ?, 0, 0, 0, 0, ?)"
        " ON CONFLICT (event, kind) DO UPDATE SET pool = excluded.pool",
        (*of, pool.to_json()),
    )
    tx.execute(
        f"UPDATE seats SET seats = seats + max(pending, 0), pending = 0 WHERE {_OF} AND serial = ?",  # noqa: S608
        (*of, pool.escrow(device).serial),
    )


def change(
    tx: Transaction, event: str, kind: str, before: Holding, by: int, escrow: Escrow
) -> int | None:
    """Begin to take so many seats, or to give them back where `by` is negative; with a new serial.

    `before`: how it stood, with `escrow` at the hub.

    Answers how many it is: of those to be given back, what was sold meanwhile stays. None: the
    escrow was changed meanwhile, and is not now.
    """
    tx.execute(
        "INSERT OR IGNORE INTO seats (event, kind, serial, seats, pending, since, pool)"
        " VALUES (?, ?, 0, 0, 0, 0, ?)",
        (event, kind, Pool().to_json()),
    )
    row = tx.execute(
        f"SELECT seats FROM seats WHERE {_OF} AND serial = ?",  # noqa: S608
        (event, kind, before.serial),
    ).fetchone()
    if row is None:
        return None
    by = max(by, 0 - row["seats"])
    tx.execute(
        f"UPDATE seats SET serial = serial + 1, seats = seats + min(?, 0), pending = ?,"  # noqa: S608
        f" since = ? WHERE {_OF}",
        (by, by if by > 0 else before.lacking(escrow) + by, escrow.serial, event, kind),
    )
    return by


def queue(tx: Transaction, cart: Cart, *, after_number: int | None) -> Sale:
    """Begin a sale of what is in the escrow. Raises SeatsError where that does not hold so much."""
    for line in cart.lines:
        taken = tx.execute(
            f"UPDATE seats SET seats = seats - ? WHERE {_OF} AND seats >= ?",  # noqa: S608
            (line.amount, cart.event, line.ticket_type, line.amount),
        ).rowcount
        if not taken:
            left = in_escrow(tx.connection, cart.event).get(line.ticket_type, 0)
            raise SeatsError(beyond_reserve(left, line.title))
    return sales.begin(tx, cart, state=SaleState.QUEUED, unattended=True, after_number=after_number)
