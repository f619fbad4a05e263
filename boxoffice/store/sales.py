"""Sales on their way: begun with a number and a mark, moved along their table, booked once."""

import re
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from anyascii import anyascii

from boxoffice.domain.cart import Cart
from boxoffice.domain.sale import AFTER, Sale, SaleState, TakingKind
from boxoffice.domain.text import clean
from boxoffice.store import carts, takings
from boxoffice.store import sale_rows as rows
from boxoffice.store.entries import REASON_LIMIT, Entry, Stamp, write
from boxoffice.store.errors import ClaimedError
from boxoffice.store.writer import transaction

MARK_LIMIT = 20
"""Characters of the lane in `BX-<lane>-<number>`."""

CUT_OFF = "boxoffice ended before the answer to the order came."

_BOOKS = frozenset({SaleState.QUEUED, SaleState.SOLD})
"""States that take the money, where it is not taken yet."""
_OTHERS = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class News:
    """What is learnt of a sale; what is None or empty stays as it was."""

    reason: str | None = None
    order: str | None = None
    order_id: str = ""
    tickets: Collection[str] | None = None
    checked_in: bool | None = None
    due: datetime | None = None
    after_number: int | None = None
    unattended: bool | None = None


def mark(lane: str) -> str:
    """The lane as an order's mark names it: ASCII letters, digits and `-`; never empty."""
    folded = _OTHERS.sub("-", anyascii(lane)).strip("-")
    return folded[:MARK_LIMIT].rstrip("-") or "door"


def begin(
    connection: sqlite3.Connection,
    stamp: Stamp,
    cart: Cart,
    state: SaleState,
    unattended: bool,
    after_number: int | None,
) -> Sale:
    if state not in (SaleState.SENDING, SaleState.QUEUED):
        raise ValueError(f"a sale does not begin as {state}")
    packed, name = carts.packed(cart), mark(stamp.lane)
    with transaction(connection):
        (last,) = connection.execute(
            "SELECT max(number) FROM sale WHERE mark = ?", (name,)
        ).fetchone()
        number = (last or 0) + 1
        booked = state in _BOOKS
        data = {
            "number": number,
            "external_order_id": rows.mark_of(name, number),
            "state": state,
            "lines": [(*line[:2], str(line.price), line.amount) for line in cart.lines],
            "total": str(cart.total),
            "currency": cart.currency,
            "paid": cart.paid,
            "booked": booked,
            "unattended": unattended,
        }
        row = write(connection, stamp, Entry("sale", event=cart.event, data=data))
        connection.execute(
            "INSERT INTO sale (id, mark, number, event, state, cart, at, lane, operator, booked,"
            " unattended, after_number, posted_at, since)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(row, name, number, cart.event, state, packed, *stamp.signed, booked, unattended),
                *(rows.held(after_number), "" if booked else stamp.at, stamp.at),
            ),
        )
        sale = rows.must(connection, row)
        if booked:
            _book(connection, stamp, row, sale, TakingKind.SALE)
    return sale


def advance(
    connection: sqlite3.Connection, stamp: Stamp, number: int, to: SaleState, news: News
) -> Sale | None:
    with transaction(connection):
        sale = rows.one(connection, number)
        if sale is None or to not in AFTER[sale.state]:
            return None
        return _move(connection, stamp, sale, to, news)


def note(
    connection: sqlite3.Connection, stamp: Stamp, number: int, state: SaleState, news: News
) -> Sale | None:
    with transaction(connection):
        sale = rows.one(connection, number)
        if sale is None or sale.state is not state:
            return None
        new = _learnt(sale, news)
        if news.reason is not None:
            new = new._replace(reason=clean(news.reason, REASON_LIMIT))
        if news.due is not None:
            new = new._replace(due=news.due, tries=sale.tries + 1)
        _claim(connection, new)
        _tell(connection, stamp, "sale_note", new)
        rows.save(connection, new)
        return rows.must(connection, number)


def recover(connection: sqlite3.Connection, stamp: Stamp) -> int:
    with transaction(connection):
        lost = connection.execute("SELECT id FROM sale WHERE state = 'sending'").fetchall()
        for (number,) in lost:
            sale = rows.must(connection, number)
            _move(connection, stamp, sale, SaleState.UNKNOWN, News(CUT_OFF))
    return len(lost)


def _move(
    connection: sqlite3.Connection, stamp: Stamp, sale: Sale, to: SaleState, news: News
) -> Sale:
    """Within the transaction under way; `to` is known to be allowed."""
    now = datetime.fromisoformat(stamp.at)
    new = _learnt(sale, news)._replace(
        state=to, since=now, reason=clean(news.reason or "", REASON_LIMIT), due=news.due
    )
    if to is SaleState.SENDING:
        new = new._replace(posted_at=now, due=None)
    else:
        before = 0 if to is SaleState.UNKNOWN else sale.tries
        new = new._replace(tries=0 if news.due is None else before + 1)
    if to is SaleState.UNKNOWN and sale.state is SaleState.SENDING:
        new = new._replace(lost=sale.lost + 1)
    kind = None
    if to in _BOOKS and not sale.booked:
        kind, new = TakingKind.SALE, new._replace(booked=True)
    elif to is SaleState.DROPPED and sale.booked:
        kind, new = TakingKind.REVERSAL, new._replace(booked=False)
    _claim(connection, new)
    row = _tell(connection, stamp, f"sale_{to}", new)
    if kind is not None:
        _book(connection, stamp, row, new, kind)
    rows.save(connection, new)
    return rows.must(connection, sale.id)


def _learnt(sale: Sale, news: News) -> Sale:
    return sale._replace(
        order=news.order or sale.order,
        order_id=clean(news.order_id) or sale.order_id,
        tickets=sale.tickets if news.tickets is None else tuple(news.tickets),
        checked_in=sale.checked_in if news.checked_in is None else news.checked_in,
        after_number=sale.after_number if news.after_number is None else news.after_number,
        unattended=sale.unattended if news.unattended is None else news.unattended,
    )


def _claim(connection: sqlite3.Connection, sale: Sale) -> None:
    """Raises ClaimedError where the order belongs to another sale."""
    other = rows.of_order(connection, sale.order) if sale.order else None
    if other is not None and other.id != sale.id:
        raise ClaimedError(
            f"That order is the one of sale {other.external_order_id} already:"
            f" look for another one for {sale.external_order_id}."
        )


def _book(
    connection: sqlite3.Connection, stamp: Stamp, row: int, sale: Sale, kind: TakingKind
) -> None:
    """In the till of the lane that sold, whichever lane's process gets to hear what became of it.

    The one who gives it up is the one who hands the money back.
    """
    came_in = kind is TakingKind.SALE
    takings.book(
        connection,
        stamp._replace(lane=sale.lane, operator=sale.operator if came_in else stamp.operator),
        row,
        event=sale.cart.event,
        kind=kind,
        paid=sale.cart.paid,
        amount=sale.cart.total if came_in else Decimal(0) - sale.cart.total,
        currency=sale.cart.currency,
        sale=sale.id,
        order=sale.order,
    )


def _tell(connection: sqlite3.Connection, stamp: Stamp, kind: str, sale: Sale) -> int:
    data = {
        "sale": sale.id,
        "external_order_id": sale.external_order_id,
        "order": sale.order,
        "order_id": sale.order_id,
        "tickets": sale.tickets,
        "checked_in": sale.checked_in,
        "booked": sale.booked,
        "tries": sale.tries,
    }
    entry = Entry(kind, event=sale.cart.event, reason=sale.reason, data=data)
    return write(connection, stamp, entry)
