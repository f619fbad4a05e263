"""Money that came in or went out, with what it was for; and a lane's till, from float to count.

A taking is booked in the transaction that says what it is for. A till is open for a shift.
"""

import sqlite3
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.sale import Refund, Shift, Taking, TakingKind
from boxoffice.store.database import from_row, utc_text
from boxoffice.store.db_file import ShiftError
from boxoffice.store.journal_db import Transaction, record

NO_CURRENCY = "The event's currency is not known yet: connect to the site once, then open the till."

# Takings


def book(tx: Transaction, taking: Taking) -> None:
    """Append what the journal's row of its id says."""
    values = taking._asdict() | {"at": utc_text(taking.at), "amount": str(taking.amount)}
    tx.execute(
        "INSERT INTO taking"
        ' (id, at, lane, operator, event, kind, paid, amount, currency, sale, "order") VALUES'
        " (:id, :at, :lane, :operator, :event, :kind, :paid, :amount, :currency, :sale, :order)",
        values,
    )


def refund(
    tx: Transaction,
    order: str,
    given: Refund,
    *,
    event: str,
    currency: str,
    sale: int | None,
    by: tuple[str, str] | None = None,
) -> bool:
    """Note that an order was refunded, and book what is given back, 0 or more.

    Where nothing goes through a till, the journal alone says so. `by`: lane and operator whose till
    it is; else the journal's own. False: noted, or with a way of payment booked, before, and
    nothing changed. Raises ValueError for another amount.
    """
    if not given.amount.is_finite() or given.amount < 0:
        raise ValueError(f"{given.amount} is not an amount to be given back")
    is_done = is_refunded if given.paid is None else _is_booked
    if is_done(tx.connection, order):
        return False
    data = {
        "order": order,
        "sale": sale,
        "paid": given.paid,
        "amount": str(given.amount),
        "currency": currency,
    }
    row = record(tx, Entry(JournalKind.REFUND, event, reason=given.reason, data=data))
    if given.paid is not None:
        lane, operator = by or (tx.lane, tx.operator)
        taking = Taking(
            id=row,
            at=datetime.fromisoformat(tx.at),
            lane=lane,
            operator=operator,
            event=event,
            kind=TakingKind.REFUND,
            paid=given.paid,
            amount=Decimal(0) - given.amount,
            currency=currency,
            sale=sale,
            order=order,
        )
        book(tx, taking)
    return True


def is_refunded(connection: sqlite3.Connection, order: str) -> bool:
    """Whether it is noted that the order, by its uuid, was refunded."""
    statement = "SELECT 1 FROM journal WHERE kind = 'refund' AND json_extract(data, '$.order') = ?"
    return connection.execute(statement, (order,)).fetchone() is not None


def _is_booked(connection: sqlite3.Connection, order: str) -> bool:
    statement = """SELECT 1 FROM taking WHERE "order" = ? AND kind = 'refund'"""
    return connection.execute(statement, (order,)).fetchone() is not None


def of_event(connection: sqlite3.Connection, event: str | None = None) -> list[Taking]:
    """Of all lanes, oldest first; None: of all events."""
    rows = connection.execute(
        "SELECT * FROM taking WHERE ?1 IS NULL OR event = ?1 ORDER BY id", (event,)
    )
    return [row_to_taking(row) for row in rows]


def row_to_taking(row: sqlite3.Row) -> Taking:
    return from_row(Taking, row)


# Shifts


def open_shift(tx: Transaction, opening: Decimal, currency: str) -> Shift:
    """Open the lane's till with a float.

    Raises ShiftError where it is open already, or the currency is not known.
    """
    if not currency:
        raise ShiftError(NO_CURRENCY)
    _check(opening, "float")
    if current_shift(tx.connection, tx.lane) is not None:
        raise ShiftError(
            f"The till of {_named(tx.lane)} is open already: close it with a count first."
        )
    data = {"opening": str(opening), "currency": currency}
    row = record(tx, Entry(JournalKind.SHIFT_OPEN, data=data))
    tx.execute(
        "INSERT INTO shift (id, at, lane, operator, opening, currency) VALUES (?, ?, ?, ?, ?, ?)",
        (row, *tx.signed, str(opening), currency),
    )
    return _shift(tx.connection, row)


def close_shift(tx: Transaction, counted: Decimal) -> Shift:
    """Close the lane's till with the cash counted in it. Raises ShiftError if none is open."""
    _check(counted, "count")
    shift = current_shift(tx.connection, tx.lane)
    if shift is None:
        raise ShiftError(f"The till of {_named(tx.lane)} is not open: open it with a float first.")
    data = {
        "shift": shift.id,
        "opening": str(shift.opening),
        "taken": str(shift.taken),
        "counted": str(counted),
        "currency": shift.currency,
    }
    row = record(tx, Entry(JournalKind.SHIFT_CLOSE, data=data))
    tx.execute(
        "UPDATE shift SET closed = ?, closed_at = ?, counted = ? WHERE id = ?",
        (row, tx.at, str(counted), shift.id),
    )
    return _shift(tx.connection, shift.id)


def current_shift(connection: sqlite3.Connection, lane: str) -> Shift | None:
    """The open one of `lane`, with the cash taken so far."""
    row = connection.execute(
        "SELECT * FROM shift WHERE lane = ? AND closed IS NULL", (lane,)
    ).fetchone()
    return row_to_shift(connection, row) if row else None


def shifts(connection: sqlite3.Connection) -> list[Shift]:
    """Of all lanes, oldest first."""
    rows = connection.execute("SELECT * FROM shift ORDER BY id").fetchall()
    return [row_to_shift(connection, row) for row in rows]


def _shift(connection: sqlite3.Connection, shift: int) -> Shift:
    row = connection.execute("SELECT * FROM shift WHERE id = ?", (shift,)).fetchone()
    return row_to_shift(connection, row)


def row_to_shift(connection: sqlite3.Connection, row: sqlite3.Row) -> Shift:
    return from_row(
        Shift, row, opened_at=datetime.fromisoformat(row["at"]), taken=_cash(connection, row)
    )


def _cash(connection: sqlite3.Connection, shift: sqlite3.Row) -> Decimal:
    """Cash of the lane, in less out, from the shift's opening to its closing or up to now."""
    rows = connection.execute(
        "SELECT amount FROM taking WHERE id > :id AND (:closed IS NULL OR id < :closed)"
        " AND lane = :lane AND currency = :currency AND paid = 'cash'",
        {name: shift[name] for name in ("id", "closed", "lane", "currency")},
    )
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def _check(amount: Decimal, what: str) -> None:
    if not amount.is_finite() or amount < 0:
        raise ShiftError(f"The {what} must be an amount of money, 0 or more.")


def _named(lane: str) -> str:
    return f"lane {lane}" if lane else "this lane"
