"""Money that came in or went out, with what it was for; and a lane's till, from float to count.

A taking is booked in the transaction that says what it is for. A till is open for a shift.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Concatenate, ParamSpec, TypeVar

from boxoffice.domain.humanize import lane_name
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.sale import OrderPayment, Refund, Shift, Taking, TakingKind
from boxoffice.language import N_, _
from boxoffice.store.database import from_row, utc_text
from boxoffice.store.db_file import PaidError, ShiftError
from boxoffice.store.journal_db import Transaction, record

P = ParamSpec("P")
T = TypeVar("T")

NO_CURRENCY = N_(
    "The event's currency is not known yet: connect to the site once, then open the till."
)

# Takings


def book(tx: Transaction, taking: Taking) -> None:
    """Book money that came in or went out. The journal has a row of the same id.

    No till is named: cash belongs to the shift of its lane that is open at the time (`_cash`).
    """
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


def pay(tx: Transaction, event: str, payment: OrderPayment) -> None:
    """Note and book that an order was paid here. Raises PaidError where it was already."""
    known = payment_of(tx.connection, payment.order)
    if known is not None:
        raise PaidError(
            _(
                "Order {order} was paid here already, at {lane}: give this money back, and scan "
                "again."
            ).format(order=payment.order_id or payment.order, lane=lane_name(known.lane))
        )
    if not payment.amount.is_finite() or payment.amount < 0:
        raise ValueError(f"{payment.amount} is no payment")
    data = {
        "order": payment.order,
        "order_id": payment.order_id,
        "paid": payment.paid,
        "amount": str(payment.amount),
        "rounding": str(payment.rounding),
        "currency": payment.currency,
    }
    row = record(tx, Entry(JournalKind.PAYMENT, event, data=data))
    taking = Taking(
        id=row,
        at=datetime.fromisoformat(tx.at),
        lane=tx.lane,
        operator=tx.operator,
        event=event,
        kind=TakingKind.PAYMENT,
        paid=payment.paid,
        amount=payment.amount,
        currency=payment.currency,
        order=payment.order,
    )
    book(tx, taking)


def paid_with(
    event: str, payment: OrderPayment, change: Callable[Concatenate[Transaction, P], T]
) -> Callable[Concatenate[Transaction, P], T]:
    """`change`, and with it `payment`, both or neither: what that raises is as of `pay`."""

    def pay_and_change(tx: Transaction, /, *args: P.args, **kwargs: P.kwargs) -> T:
        pay(tx, event, payment)
        return change(tx, *args, **kwargs)

    return pay_and_change


def give_back(tx: Transaction, order: str, reason: str) -> Taking:
    """Note and book that what was paid here for an order is handed back, out of this lane's till.

    Raises PaidError where nothing of it is here.
    """
    known = payment_of(tx.connection, order)
    if known is None:
        raise PaidError(_("Nothing that was paid here for this order is to be given back."))
    data = {
        "order": order,
        "paid": known.paid,
        "amount": str(known.amount),
        "currency": known.currency,
    }
    row = record(tx, Entry(JournalKind.PAYMENT_BACK, known.event, reason=reason, data=data))
    back = known._replace(
        id=row,
        at=datetime.fromisoformat(tx.at),
        lane=tx.lane,
        operator=tx.operator,
        kind=TakingKind.PAYMENT_BACK,
        amount=Decimal(0) - known.amount,
    )
    book(tx, back)
    return back


def payment_of(connection: sqlite3.Connection, order: str) -> Taking | None:
    """What was paid here for an order that the site has as not paid; None: nothing, or no more.

    What a refund took out of a till has gone back: it is not handed back a second time.
    """
    row = connection.execute(
        """SELECT * FROM taking WHERE "order" = ? AND (kind IN ('payment', 'payment_back')"""
        " OR kind = 'refund' AND CAST(amount AS REAL) < 0) ORDER BY id DESC LIMIT 1",
        (order,),
    ).fetchone()
    newest = row_to_taking(row) if row else None
    return newest if newest is not None and newest.kind is TakingKind.PAYMENT else None


def of_event(connection: sqlite3.Connection, event: str | None = None) -> list[Taking]:
    """The takings of all lanes, oldest first; None: of all events."""
    rows = connection.execute(
        "SELECT * FROM taking WHERE ?1 IS NULL OR event = ?1 ORDER BY id", (event,)
    )
    return [row_to_taking(row) for row in rows]


def row_to_taking(row: sqlite3.Row) -> Taking:
    return from_row(Taking, row)


# Shifts


def open_shift(tx: Transaction, opening: Decimal, currency: str, event: str | None = None) -> Shift:
    """Open the lane's till with a float. `event`: whose account it belongs to.

    Raises ShiftError where it is open already, or the currency is not known.
    """
    if not currency:
        raise ShiftError(_(NO_CURRENCY))
    _check(opening, N_("The float must be an amount of money, 0 or more."))
    if current_shift(tx.connection, tx.lane) is not None:
        raise ShiftError(
            _("The till of {lane} is open already: close it with a count first.").format(
                lane=_named(tx.lane)
            )
        )
    data = {"opening": str(opening), "currency": currency}
    row = record(tx, Entry(JournalKind.SHIFT_OPEN, event, data=data))
    tx.execute(
        "INSERT INTO shift (id, at, lane, operator, opening, currency) VALUES (?, ?, ?, ?, ?, ?)",
        (row, *tx.signed, str(opening), currency),
    )
    return _shift(tx.connection, row)


def close_shift(tx: Transaction, counted: Decimal, expected: Decimal | None = None) -> Shift:
    """Close the lane's till with the cash counted in it.

    `expected`: what a person was shown that should be in it. Raises ShiftError if none is open, or
    if something else should be in it by now.
    """
    _check(counted, N_("The count must be an amount of money, 0 or more."))
    shift = current_shift(tx.connection, tx.lane)
    if shift is None:
        raise ShiftError(
            _("The till of {lane} is not open: open it with a float first.").format(
                lane=_named(tx.lane)
            )
        )
    if expected not in (None, shift.expected):
        raise ShiftError(_("Cash came in or went out meanwhile: look what should be in it now."))
    data = {
        "shift": shift.id,
        "opening": str(shift.opening),
        "taken": str(shift.taken),
        "counted": str(counted),
        "currency": shift.currency,
    }
    row = record(tx, Entry(JournalKind.SHIFT_CLOSE, shift.event, data=data))
    tx.execute(
        "UPDATE shift SET closed = ?, closed_at = ?, counted = ? WHERE id = ?",
        (row, tx.at, str(counted), shift.id),
    )
    return _shift(tx.connection, shift.id)


def reopen_shift(tx: Transaction) -> Shift:
    """Open the lane's till again, with its float and its cash, as if it had not been closed.

    How it was counted stands in the journal. Cash that came in since belongs to it too. Raises
    ShiftError where none was closed, or another person closed it.
    """
    shift = newest_shift(tx.connection, tx.lane)
    if shift is None or shift.closed is None:
        why = (
            _("The till of {lane} was not opened yet: there is none to be reopened.")
            if shift is None
            else _("The till of {lane} is open: there is none to be reopened.")
        )
        raise ShiftError(why.format(lane=_named(tx.lane)))
    if shift.closed_by != tx.operator:
        raise ShiftError(
            _("Only {operator} can reopen this till, who closed it.").format(
                operator=shift.closed_by
            )
            if shift.closed_by
            else _("Only who gave no name can reopen this till, who closed it.")
        )
    data = {"shift": shift.id, "closed": shift.closed, "counted": str(shift.counted)}
    record(tx, Entry(JournalKind.SHIFT_REOPEN, shift.event, data=data))
    statement = "UPDATE shift SET closed = NULL, closed_at = NULL, counted = NULL WHERE id = ?"
    tx.execute(statement, (shift.id,))
    return _shift(tx.connection, shift.id)


def current_shift(connection: sqlite3.Connection, lane: str) -> Shift | None:
    """The open shift of `lane`, with the cash taken so far."""
    newest = newest_shift(connection, lane)
    return newest if newest is not None and newest.closed is None else None


def newest_shift(connection: sqlite3.Connection, lane: str) -> Shift | None:
    """The shift of `lane` that was opened last, with its cash."""
    row = connection.execute("SELECT max(id) AS id FROM shift WHERE lane = ?", (lane,)).fetchone()
    return None if row["id"] is None else _shift(connection, row["id"])


def shifts(connection: sqlite3.Connection) -> list[Shift]:
    """The shifts of all lanes, oldest first, with what was counted before a till was reopened."""
    again = connection.execute("SELECT data FROM journal WHERE kind = 'shift_reopen' ORDER BY id")
    earlier: dict[int, tuple[Decimal, ...]] = {}
    for data in (json.loads(row["data"]) for row in again):
        earlier[data["shift"]] = (*earlier.get(data["shift"], ()), Decimal(data["counted"]))
    rows = connection.execute("SELECT id FROM shift ORDER BY id").fetchall()
    found = (_shift(connection, row["id"]) for row in rows)
    return [shift._replace(earlier_counts=earlier.get(shift.id, ())) for shift in found]


def _shift(connection: sqlite3.Connection, shift: int) -> Shift:
    row = connection.execute(
        "SELECT shift.*, began.event, coalesce(ended.operator, '') AS closed_by FROM shift"
        " LEFT JOIN journal AS began ON began.id = shift.id"
        " LEFT JOIN personal AS ended ON ended.journal = shift.closed WHERE shift.id = ?",
        (shift,),
    ).fetchone()
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


def _check(amount: Decimal, sentence: str) -> None:
    if not amount.is_finite() or amount < 0:
        raise ShiftError(_(sentence))


def _named(lane: str) -> str:
    return _("lane {lane}").format(lane=lane) if lane else _("this lane")
