"""A lane's till, from its opening with a float to its closing with a count."""

import sqlite3
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.sale import Shift
from boxoffice.store import takings
from boxoffice.store.entries import Entry, Stamp, write
from boxoffice.store.errors import ShiftError
from boxoffice.store.writer import transaction


def begin(connection: sqlite3.Connection, stamp: Stamp, opening: Decimal, currency: str) -> Shift:
    _check(opening, "float")
    with transaction(connection):
        if current(connection, stamp.lane) is not None:
            raise ShiftError(
                f"The till of {_named(stamp.lane)} is open already: close it with a count first."
            )
        data = {"opening": str(opening), "currency": currency}
        row = write(connection, stamp, Entry("shift_open", data=data))
        connection.execute(
            "INSERT INTO shift VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
            (row, *stamp.signed, str(opening), currency),
        )
        return _one(connection, row)


def close(connection: sqlite3.Connection, stamp: Stamp, counted: Decimal) -> Shift:
    _check(counted, "count")
    with transaction(connection):
        shift = current(connection, stamp.lane)
        if shift is None:
            raise ShiftError(
                f"The till of {_named(stamp.lane)} is not open: open it with a float first."
            )
        data = {
            "shift": shift.id,
            "opening": str(shift.opening),
            "taken": str(shift.taken),
            "counted": str(counted),
            "currency": shift.currency,
        }
        row = write(connection, stamp, Entry("shift_close", data=data))
        connection.execute(
            "UPDATE shift SET closed = ?, closed_at = ?, counted = ? WHERE id = ?",
            (row, stamp.at, str(counted), shift.id),
        )
        return _one(connection, shift.id)


def current(connection: sqlite3.Connection, lane: str) -> Shift | None:
    """The open one of `lane`."""
    row = connection.execute(
        "SELECT * FROM shift WHERE lane = ? AND closed IS NULL", (lane,)
    ).fetchone()
    return None if row is None else _shift(connection, *row)


def read(connection: sqlite3.Connection) -> list[Shift]:
    rows = connection.execute("SELECT * FROM shift ORDER BY id").fetchall()
    return [_shift(connection, *row) for row in rows]


def _one(connection: sqlite3.Connection, number: int) -> Shift:
    row = connection.execute("SELECT * FROM shift WHERE id = ?", (number,)).fetchone()
    return _shift(connection, *row)


def _check(amount: Decimal, what: str) -> None:
    if not amount.is_finite() or amount < 0:
        raise ShiftError(f"The {what} must be an amount of money, 0 or more.")


def _named(lane: str) -> str:
    return f"lane {lane}" if lane else "this lane"


def _shift(
    connection: sqlite3.Connection,
    number: int,
    at: str,
    lane: str,
    operator: str,
    opening: str,
    currency: str,
    closed: int | None,
    closed_at: str | None,
    counted: str | None,
) -> Shift:
    return Shift(
        id=number,
        lane=lane,
        operator=operator,
        opened_at=datetime.fromisoformat(at),
        opening=Decimal(opening),
        currency=currency,
        taken=takings.cash(connection, lane, currency, number, closed),
        closed_at=None if closed_at is None else datetime.fromisoformat(closed_at),
        counted=None if counted is None else Decimal(counted),
        closed=closed,
    )
