"""Rows of the table of sales: read, counted, and how they are written."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from boxoffice.domain.sale import CLOSED, Sale, SaleState
from boxoffice.store import carts
from boxoffice.store.entries import written

CHUNK = 500
"""Rows read between two other pieces of work."""

_AWAITED = [state for state in SaleState if state not in CLOSED | {SaleState.SOLD}]
"""Its order is not known to be placed, and may yet be."""
_MAX = 2**63


def one(connection: sqlite3.Connection, number: int) -> Sale | None:
    row = connection.execute("SELECT * FROM sale WHERE id = ?", (number,)).fetchone()
    return None if row is None else _sale(*row)


def of_order(connection: sqlite3.Connection, order: str) -> Sale | None:
    row = connection.execute('SELECT * FROM sale WHERE "order" = ?', (order,)).fetchone()
    return None if row is None else _sale(*row)


def read(
    connection: sqlite3.Connection,
    event: str | None,
    states: Collection[SaleState],
    after: int,
) -> list[Sale]:
    """The next CHUNK in these states behind the id `after`, of `event` (None: of all)."""
    rows = connection.execute(
        "SELECT * FROM sale WHERE id > ?1 AND (?2 IS NULL OR event = ?2)"
        " AND state IN (SELECT value FROM json_each(?3)) ORDER BY id LIMIT ?4",
        (after, event, json.dumps([*states]), CHUNK),
    )
    return [_sale(*row) for row in rows]


def counts(connection: sqlite3.Connection, event: str | None) -> dict[SaleState, int]:
    rows = connection.execute(
        "SELECT state, count(*) FROM sale WHERE ?1 IS NULL OR event = ?1 GROUP BY state", (event,)
    )
    return {SaleState(state): count for state, count in rows}


def sold_offline(connection: sqlite3.Connection, event: str, lane: str) -> dict[str, int]:
    rows = connection.execute(
        "SELECT cart FROM sale WHERE event = ? AND lane = ? AND booked"
        " AND state IN (SELECT value FROM json_each(?))",
        (event, lane, json.dumps(_AWAITED)),
    )
    sold: dict[str, int] = {}
    for (cart,) in rows:
        for line in carts.unpacked(cart).lines:
            sold[line.ticket_type] = sold.get(line.ticket_type, 0) + line.amount
    return sold


# How a row is written


def save(connection: sqlite3.Connection, sale: Sale) -> None:
    connection.execute(
        "UPDATE sale SET state = ?, booked = ?, unattended = ?, after_number = ?, posted_at = ?,"
        ' since = ?, "order" = ?, order_id = ?, tickets = ?, checked_in = ?, lost = ?, tries = ?,'
        " due = ?, reason = ? WHERE id = ?",
        (
            sale.state,
            sale.booked,
            sale.unattended,
            held(sale.after_number),
            text(sale.posted_at),
            text(sale.since),
            sale.order,
            sale.order_id,
            json.dumps(sale.tickets),
            sale.checked_in,
            sale.lost,
            sale.tries,
            text(sale.due),
            sale.reason,
            sale.id,
        ),
    )


def must(connection: sqlite3.Connection, number: int) -> Sale:
    row = connection.execute("SELECT * FROM sale WHERE id = ?", (number,)).fetchone()
    return _sale(*row)


def mark_of(name: str, number: int) -> str:
    return f"BX-{name}-{number}"


def held(number: int | None) -> int | None:
    """None, which is "not known", where SQLite cannot hold it."""
    return number if number is not None and abs(number) < _MAX else None


def text(moment: datetime | None) -> str:
    return "" if moment is None else written(moment)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _sale(
    row: int,
    name: str,
    number: int,
    _event: str,
    state: str,
    cart: str,
    at: str,
    lane: str,
    operator: str,
    booked: int,
    unattended: int,
    after_number: int | None,
    posted_at: str,
    since: str,
    order: str | None,
    order_id: str,
    tickets: str,
    checked_in: int,
    lost: int,
    tries: int,
    due: str,
    reason: str,
) -> Sale:
    return Sale(
        id=row,
        number=number,
        external_order_id=mark_of(name, number),
        state=SaleState(state),
        cart=carts.unpacked(cart),
        at=datetime.fromisoformat(at),
        lane=lane,
        operator=operator,
        booked=bool(booked),
        unattended=bool(unattended),
        after_number=after_number,
        posted_at=_moment(posted_at),
        order=order,
        order_id=order_id,
        tickets=tuple(json.loads(tickets)),
        checked_in=bool(checked_in),
        tries=tries,
        due=_moment(due),
        reason=reason,
        since=_moment(since),
        lost=lost,
    )
