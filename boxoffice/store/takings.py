"""Money that came in or went out: appended with what it was for, in one transaction."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import Paid
from boxoffice.domain.sale import Taking, TakingKind
from boxoffice.store.entries import Entry, LogRow, Stamp, write
from boxoffice.store.writer import transaction

CHUNK = 1_000
"""Rows read between two other pieces of work."""
ASKED, REFUSED, UNSEEN = "refund_asked", "refund_refused", "refund_unseen"
"""Rows of the journal around a refund: what is asked of the site, that it surely is not done, and
that it was not seen to be done though it may be yet."""


def book(
    connection: sqlite3.Connection,
    stamp: Stamp,
    row: int,
    *,
    event: str,
    kind: TakingKind,
    paid: Paid,
    amount: Decimal,
    currency: str,
    sale: int | None,
    order: str | None,
) -> None:
    """Append a taking, within the transaction under way. `row`: the journal's row that says so."""
    connection.execute(
        "INSERT INTO taking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row, *stamp.signed, event, kind, paid, str(amount), currency, sale, order),
    )


def refund(
    connection: sqlite3.Connection,
    stamp: Stamp,
    order: str,
    event: str,
    paid: Paid | None,
    amount: Decimal,
    currency: str,
    sale: int | None,
    reason: str,
    by: tuple[str, str] | None = None,
) -> bool:
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{amount} is not an amount to be given back")
    data = {
        "order": order,
        "sale": sale,
        "paid": paid,
        "amount": str(amount),
        "currency": currency,
    }
    with transaction(connection):
        if noted(connection, order) if paid is None else _booked(connection, order):
            return False
        row = write(connection, stamp, Entry("refund", event=event, reason=reason, data=data))
        if paid is not None:
            book(
                connection,
                stamp._replace(lane=by[0], operator=by[1]) if by else stamp,
                row,
                event=event,
                kind=TakingKind.REFUND,
                paid=paid,
                amount=Decimal(0) - amount,
                currency=currency,
                sale=sale,
                order=order,
            )
    return True


def noted(connection: sqlite3.Connection, order: str) -> bool:
    """Whether it stands in the journal that the order was refunded."""
    statement = "SELECT 1 FROM journal WHERE kind = 'refund' AND json_extract(data, '$.order') = ?"
    return connection.execute(statement, (order,)).fetchone() is not None


def _booked(connection: sqlite3.Connection, order: str) -> bool:
    statement = """SELECT 1 FROM taking WHERE "order" = ? AND kind = 'refund'"""
    return connection.execute(statement, (order,)).fetchone() is not None


def still_asked(log: Iterable[LogRow]) -> dict[str, LogRow]:
    """Of `log`, oldest first: what the site was asked to refund, by the order's uuid.

    Without what it refused, and what is noted as refunded. The newest row of each, ASKED or UNSEEN.
    """
    asked: dict[str, LogRow] = {}
    for row in log:
        order = str((row.entry.data or {}).get("order"))
        if row.entry.kind in (ASKED, UNSEEN):
            asked[order] = row
        elif row.entry.kind in (REFUSED, "refund"):
            asked.pop(order, None)
    return asked


def read(connection: sqlite3.Connection, event: str | None, after: int) -> list[Taking]:
    """The next CHUNK of `event` (None: of all) behind the id `after`."""
    rows = connection.execute(
        "SELECT * FROM taking WHERE id > ?1 AND (?2 IS NULL OR event = ?2) ORDER BY id LIMIT ?3",
        (after, event, CHUNK),
    )
    return [_taking(*row) for row in rows]


def cash(
    connection: sqlite3.Connection, lane: str, currency: str, after: int, before: int | None
) -> Decimal:
    """Cash of a lane, in less out, between two rows of the journal; `before` None: up to now."""
    rows = connection.execute(
        "SELECT amount FROM taking WHERE id > ?1 AND (?2 IS NULL OR id < ?2)"
        " AND lane = ?3 AND currency = ?4 AND paid = ?5",
        (after, before, lane, currency, Paid.CASH),
    )
    return sum((Decimal(amount) for (amount,) in rows), Decimal(0))


def _taking(
    number: int,
    at: str,
    lane: str,
    operator: str,
    event: str,
    kind: str,
    paid: str,
    amount: str,
    currency: str,
    sale: int | None,
    order: str | None,
) -> Taking:
    return Taking(
        id=number,
        at=datetime.fromisoformat(at),
        lane=lane,
        operator=operator,
        event=event,
        kind=TakingKind(kind),
        paid=Paid(paid),
        amount=Decimal(amount),
        currency=currency,
        sale=sale,
        order=order,
    )
