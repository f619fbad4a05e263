"""Sales on their way: begun with a number and a mark, moved along their table, booked once."""

import json
import re
import sqlite3
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import Cart, PaymentMethod
from boxoffice.domain.discount import folded
from boxoffice.domain.journal import Counts, Entry, JournalKind
from boxoffice.domain.sale import (
    AFTER,
    CLOSED,
    NEEDS_PERSON,
    NOTHING_NEW,
    Sale,
    SaleState,
    SaleUpdate,
    Taking,
    TakingKind,
    moved,
    noted,
)
from boxoffice.language import N_, _
from boxoffice.store import queue, takings
from boxoffice.store.carts import cart_from_json, cart_to_json
from boxoffice.store.database import from_row, int64_or_none, utc_text
from boxoffice.store.db_file import ClaimedError
from boxoffice.store.journal_db import Transaction, recall, record, remember

MARK_LIMIT = 20
"""Characters of the lane in an order's mark."""
TAG = "mark_tag"
TAG_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None that is taken for another when it is read out."""
TAG_LENGTH = 4

CUT_OFF = N_("boxoffice ended before the answer to the order came.")

_AWAITED = [state for state in SaleState if state not in CLOSED | {SaleState.SOLD}]
"""Its order is not known to be placed, and may yet be."""
_OTHERS = re.compile(r"[^0-9A-Za-z]+")

_JOURNALLED = (
    *("external_order_id", "order", "order_id", "tickets", "checked_in", "booked", "tries"),
)
"""What the journal says of a sale at each step."""
_CHANGING = (
    *("state", "booked", "unattended", "order", "order_id", "checked_in", "lost", "tries"),
    "reason",
)
_MOMENTS = ("posted_at", "since", "due")
"""What changes of a sale on its way."""


# Reading


def get(connection: sqlite3.Connection, sale: int) -> Sale | None:
    row = connection.execute("SELECT * FROM sale WHERE id = ?", (sale,)).fetchone()
    return row_to_sale(row) if row else None


def require_sale(connection: sqlite3.Connection, sale: int) -> Sale:
    """The sale of this id, which is known to be there."""
    return row_to_sale(connection.execute("SELECT * FROM sale WHERE id = ?", (sale,)).fetchone())


def of_order(connection: sqlite3.Connection, order: str) -> Sale | None:
    """The sale that an order, by its uuid, belongs to."""
    row = connection.execute('SELECT * FROM sale WHERE "order" = ?', (order,)).fetchone()
    return row_to_sale(row) if row else None


def in_states(
    connection: sqlite3.Connection,
    event: str | None = None,
    states: Collection[SaleState] | None = None,
) -> list[Sale]:
    """Sales, oldest first. None: of all events, in all states."""
    rows = connection.execute(
        "SELECT * FROM sale WHERE (?1 IS NULL OR event = ?1)"
        " AND state IN (SELECT value FROM json_each(?2)) ORDER BY id",
        (event, json.dumps([*(SaleState if states is None else states)])),
    )
    return [row_to_sale(row) for row in rows]


def counts(connection: sqlite3.Connection, event: str | None = None) -> dict[SaleState, int]:
    """How many sales stand where; states without any are left out."""
    rows = connection.execute(
        "SELECT state, count(*) AS number FROM sale WHERE ?1 IS NULL OR event = ?1 GROUP BY state",
        (event,),
    )
    return {SaleState(row["state"]): row["number"] for row in rows}


def queue_counts(connection: sqlite3.Connection, event: str | None = None) -> Counts:
    """How many rows of the queue, and sales with them, stand where."""
    found = counts(connection, event)
    stuck = sum(number for state, number in found.items() if state in NEEDS_PERSON)
    settled = sum(number for state, number in found.items() if state in CLOSED)
    rows = queue.counts(connection, event)
    return rows._replace(sales_open=sum(found.values()) - stuck - settled, sales_stuck=stuck)


def cash_under_way(connection: sqlite3.Connection, lane: str) -> list[Sale]:
    """Sales of any event that are not settled, whose cash is at `lane` and not in its account."""
    rows = connection.execute(
        "SELECT * FROM sale WHERE lane = ? AND NOT booked"
        " AND state IN (SELECT value FROM json_each(?)) ORDER BY id",
        (lane, json.dumps(_AWAITED)),
    )
    return [sale for sale in map(row_to_sale, rows) if sale.cart.paid is PaymentMethod.CASH]


def sold_offline(connection: sqlite3.Connection, event: str, lane: str | None) -> dict[str, int]:
    """Tickets by uuid of their type that `lane`, or any, took money for without an order so far.

    Those of queued sales, and of such as left the queue and are not known to be placed.
    """
    rows = connection.execute(
        "SELECT cart FROM sale WHERE event = ?1 AND (?2 IS NULL OR lane = ?2) AND booked"
        " AND state IN (SELECT value FROM json_each(?3))",
        (event, lane, json.dumps(_AWAITED)),
    )
    sold: dict[str, int] = {}
    for row in rows:
        for line in cart_from_json(row["cart"]).lines:
            sold[line.ticket_type] = sold.get(line.ticket_type, 0) + line.amount
    return sold


def codes_used(connection: sqlite3.Connection) -> dict[str, int]:
    """Tickets by folded discount code that each was applied to here, at any event.

    Of sales that the site has refused, or that were given up, none count.
    """
    rows = connection.execute(
        "SELECT json_extract(cart, '$.discount[0]') AS code,"
        " json_extract(cart, '$.discount[1]') AS tickets FROM sale"
        " WHERE json_extract(cart, '$.discount[0]') <> '' AND state NOT IN (?, ?)",
        (SaleState.REFUSED, SaleState.DROPPED),
    )
    used: dict[str, int] = {}
    for row in rows:
        code = folded(row["code"])
        used[code] = used.get(code, 0) + row["tickets"]
    return used


def row_to_sale(row: sqlite3.Row) -> Sale:
    return from_row(
        Sale,
        row,
        external_order_id=_external_order_id(row["mark"], row["number"]),
        cart=cart_from_json(row["cart"]),
    )


# Writing


def mark(lane: str) -> str:
    """The lane as an order's mark names it: ASCII letters, digits and `-`; never empty."""
    from anyascii import anyascii  # noqa: PLC0415  # not needed to start

    folded = _OTHERS.sub("-", anyascii(lane)).strip("-")
    return folded[:MARK_LIMIT].rstrip("-") or "door"


def tagged(tx: Transaction, name: str) -> str:
    """The mark `name` of this file alone.

    Lanes of other computers may be called the same, and a journal that was lost began at 1 too.
    """
    tag = recall(tx.connection, TAG)
    if not tag:
        import secrets  # noqa: PLC0415  # once in a lifetime

        tag = "".join(secrets.choice(TAG_CHARACTERS) for _ in range(TAG_LENGTH))
        remember(tx, TAG, tag)
    return f"{name}_{tag}"


def sold_as(connection: sqlite3.Connection, name: str) -> set[str]:
    """External ids of all sales that were begun here with the mark `name`, with a tag or none."""
    rows = connection.execute(
        "SELECT mark, number FROM sale WHERE mark = ?1 OR mark GLOB ?1 || '_*'", (name,)
    )
    return {_external_order_id(row["mark"], row["number"]) for row in rows}


def begin(
    tx: Transaction, cart: Cart, *, state: SaleState, unattended: bool, after_number: int | None
) -> Sale:
    """Number and mark a sale, SENDING or QUEUED; a queued one's money is taken at once.

    Lanes whose names become the same mark count together. Raises ValueError for another state,
    and where an amount is not a number.
    """
    if state not in (SaleState.SENDING, SaleState.QUEUED):
        raise ValueError(f"a sale does not begin as {state}")
    packed, name = cart_to_json(cart), tagged(tx, mark(tx.lane))
    (last,) = tx.execute("SELECT max(number) FROM sale WHERE mark = ?", (name,)).fetchone()
    number = (last or 0) + 1
    booked = state is SaleState.QUEUED
    data = {
        "number": number,
        "external_order_id": _external_order_id(name, number),
        "state": state,
        "lines": [(*line[:2], str(line.price), line.amount) for line in cart.lines],
        "total": str(cart.total),
        "rounding": str(cart.rounding),
        "discount": str(cart.discounted),
        "discount_code": cart.discount.code if cart.discount else None,
        "currency": cart.currency,
        "paid": cart.paid,
        "booked": booked,
        "unattended": unattended,
    }
    why = cart.discount.reason if cart.discount else ""
    row = record(tx, Entry(JournalKind.SALE, event=cart.event, reason=why, data=data))
    tx.execute(
        "INSERT INTO sale (id, mark, number, event, state, cart, at, lane, operator, booked,"
        " unattended, after_number, posted_at, since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(row, name, number, cart.event, state, packed, *tx.signed, booked, unattended),
            *(int64_or_none(after_number), "" if booked else tx.at, tx.at),
        ),
    )
    sale = require_sale(tx.connection, row)
    if booked:
        _book(tx, row, sale, TakingKind.SALE)
    return sale


def advance(
    tx: Transaction, sale: int, to: SaleState, update: SaleUpdate = NOTHING_NEW
) -> Sale | None:
    """Move a sale along AFTER as `moved` says; None: it stands elsewhere, and nothing changed.

    Money that is taken or given back is booked. Raises ClaimedError where the order belongs to
    another sale.
    """
    before = get(tx.connection, sale)
    if before is None or to not in AFTER[before.state]:
        return None
    return _move(tx, before, to, update)


def note(tx: Transaction, sale: int, state: SaleState, update: SaleUpdate) -> Sale | None:
    """Note what was found out of a sale that stays in `state`; None: it is in another one.

    Raises ClaimedError as `advance`.
    """
    before = get(tx.connection, sale)
    if before is None or before.state is not state:
        return None
    return _write(tx, before, noted(before, update), JournalKind.SALE_NOTE)


def recover(tx: Transaction) -> int:
    """Sales left SENDING by a process that died are UNKNOWN now; answers how many.

    What nobody was shown as sold or queued is not placed again without asking: its money was not
    taken, and its buyer may have been sold to again.

    Only for the one who holds the lock of those who post.
    """
    lost = tx.execute("SELECT * FROM sale WHERE state = 'sending'").fetchall()
    for sale in map(row_to_sale, lost):
        asks = None if sale.booked else False
        _move(tx, sale, SaleState.UNKNOWN, SaleUpdate(_(CUT_OFF), unattended=asks))
    return len(lost)


def _move(tx: Transaction, sale: Sale, to: SaleState, update: SaleUpdate) -> Sale:
    """Move a sale to a state that is known to be allowed."""
    new = moved(sale, to, update, datetime.fromisoformat(tx.at))
    return _write(tx, sale, new, JournalKind(f"sale_{to}"))


def _write(tx: Transaction, before: Sale, new: Sale, kind: JournalKind) -> Sale:
    """Journal, book and keep what became of a sale; answers it as it is kept."""
    _claim(tx, new)
    data = {"sale": new.id, **{field: getattr(new, field) for field in _JOURNALLED}}
    entry = Entry(kind, event=new.cart.event, reason=new.reason, data=data)
    row = record(tx, entry)
    if new.booked is not before.booked:
        _book(tx, row, new, TakingKind.SALE if new.booked else TakingKind.REVERSAL)
    values = {
        **{field: getattr(new, field) for field in _CHANGING},
        **{field: _text(getattr(new, field)) for field in _MOMENTS},
        "after_number": int64_or_none(new.after_number),
        "tickets": json.dumps(new.tickets),
    }
    columns = ", ".join(f'"{column}" = :{column}' for column in values)
    statement = f"UPDATE sale SET {columns} WHERE id = :id"  # noqa: S608 - names of our own
    tx.execute(statement, {**values, "id": new.id})
    return require_sale(tx.connection, new.id)


def _claim(tx: Transaction, sale: Sale) -> None:
    """Make sure that no other sale has the order. Raises ClaimedError."""
    other = of_order(tx.connection, sale.order) if sale.order else None
    if other is not None and other.id != sale.id:
        raise ClaimedError(
            _(
                "That order is the one of sale {other} already: look for another one for {sale}."
            ).format(other=other.external_order_id, sale=sale.external_order_id)
        )


def _book(tx: Transaction, row: int, sale: Sale, kind: TakingKind) -> None:
    """Book a sale in the till of the lane that sold it, whichever lane's process learns of it.

    The one who gives it up is the one who hands the money back.
    """
    came_in = kind is TakingKind.SALE
    taking = Taking(
        id=row,
        at=datetime.fromisoformat(tx.at),
        lane=sale.lane,
        operator=sale.operator if came_in else tx.operator,
        event=sale.cart.event,
        kind=kind,
        paid=sale.cart.paid,
        amount=sale.cart.payable if came_in else Decimal(0) - sale.cart.payable,
        currency=sale.cart.currency,
        sale=sale.id,
        order=sale.order,
    )
    takings.book(tx, taking)


def _text(moment: datetime | None) -> str:
    return "" if moment is None else utc_text(moment)


def _external_order_id(name: str, number: int) -> str:
    return f"BX-{name}-{number}"
