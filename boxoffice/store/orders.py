"""Orders, as single reads have told them."""

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from boxoffice.domain.models import Address, Order, OrderTicket
from boxoffice.store.entries import written

# What one answer tells of an order and another does not is not erased by the other.
_UPSERT = """
    INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (uuid) DO UPDATE SET
        event = coalesce(excluded.event, event),
        order_id = CASE excluded.order_id WHEN '' THEN order_id ELSE excluded.order_id END,
        state = excluded.state,
        refunded = excluded.refunded,
        full_name = excluded.full_name,
        email = excluded.email,
        external_order_id = coalesce(excluded.external_order_id, external_order_id),
        address = coalesce(excluded.address, address),
        created = coalesce(excluded.created, created),
        pdf_url = CASE excluded.pdf_url WHEN '' THEN pdf_url ELSE excluded.pdf_url END,
        total = coalesce(excluded.total, total),
        party = coalesce(excluded.party, party),
        partly = excluded.partly
"""
_UPSERT_OLDER = """
    INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (uuid) DO UPDATE SET
        event = coalesce(event, excluded.event),
        order_id = CASE order_id WHEN '' THEN excluded.order_id ELSE order_id END,
        party = coalesce(party, excluded.party)
"""


def learn(connection: sqlite3.Connection, order: Order) -> None:
    """Take over what an answer tells."""
    connection.execute(_UPSERT, _row(order))


def learn_older(connection: sqlite3.Connection, order: Order) -> None:
    """Take over what is not known yet."""
    connection.execute(_UPSERT_OLDER, _row(order))


def _row(order: Order) -> tuple[object, ...]:
    told = order.address != Address()
    party = [each.uuid for each in order.party or ()]
    return (
        *order[:8],
        json.dumps(asdict(order.address)) if told else None,
        written(order.created) if order.created else None,
        order.pdf_url,
        None if order.total is None else str(order.total),
        json.dumps(party) if party else None,
        order.partly,
    )


def one(connection: sqlite3.Connection, uuid: str) -> Order | None:
    row = connection.execute("SELECT * FROM orders WHERE uuid = ?", (uuid,)).fetchone()
    return _read(row) if row else None


def ids(connection: sqlite3.Connection, event: str) -> dict[str, str]:
    """What people call the orders of `event`, by the orders' uuids."""
    rows = connection.execute(
        "SELECT uuid, order_id FROM orders WHERE order_id <> '' AND (event = ?1 OR EXISTS"
        ' (SELECT 1 FROM ticket WHERE "order" = orders.uuid AND ticket.event = ?1))',
        (event,),
    )
    return dict(rows.fetchall())


def _read(row: tuple[Any, ...]) -> Order:
    """The codes of those on it are with the tickets."""
    *plain, address, created, pdf_url, total, party, partly = row
    order = Order(*plain[:7])
    return order._replace(
        external_order_id=plain[7],
        pdf_url=pdf_url,
        partly=bool(partly),
        refunded=bool(order.refunded),
        address=Address(**json.loads(address)) if address else Address(),
        created=datetime.fromisoformat(created) if created else None,
        total=Decimal(total) if total else None,
        party=tuple(map(OrderTicket, json.loads(party))) if party else None,
    )
