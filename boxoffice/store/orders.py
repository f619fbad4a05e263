"""Orders, and the codes of tickets: what no list of tickets tells, and how far it was read.

A ticket's short link, external uuid and order come from the ticket itself, what people call an
order and who is on it from the order.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from boxoffice.domain.models import Address, CodesKnown, Order, OrderTicket, Ticket
from boxoffice.domain.search_texts import OrderTexts
from boxoffice.store.database import from_row, utc_text

_COLUMNS = [field for field in Order._fields if field != "taken_as_paid"]
_INSERT = f"""
    INSERT INTO orders ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f":{column}" for column in _COLUMNS)})
"""  # noqa: S608 - nothing of it comes from outside
# What one answer tells of an order and another does not is not erased by the other.
_UPSERT = f"""
    {_INSERT} ON CONFLICT (uuid) DO UPDATE SET
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
_UPSERT_LISTED = f"""
    {_INSERT} ON CONFLICT (uuid) DO UPDATE SET
        event = coalesce(event, excluded.event),
        order_id = CASE order_id WHEN '' THEN excluded.order_id ELSE order_id END,
        party = coalesce(party, excluded.party)
"""
_SET_CODES = """
    UPDATE ticket SET
        ticket_type_pk = coalesce(:ticket_type_pk, ticket_type_pk),
        date = coalesce(:date, date),
        "order" = coalesce(:order, "order"),
        external_uuid = coalesce(:external_uuid, external_uuid),
        url = coalesce(:url, url),
        company_name = coalesce(:company_name, company_name)
    WHERE uuid = :uuid
"""
_KNOWN = """
    SELECT
        count(*) AS total,
        count(own.subject) AS read,
        total(placed.uuid IS NOT NULL OR gone.subject IS NOT NULL) AS ordered,
        total(own.subject IS NOT NULL
            AND ("order" IS NULL OR placed.uuid IS NOT NULL OR gone.subject IS NOT NULL)) AS whole
    FROM ticket
    LEFT JOIN codes_read AS own ON own.subject = ticket.uuid
    LEFT JOIN orders AS placed ON placed.uuid = "order"
    LEFT JOIN codes_read AS gone ON gone.subject = "order"
    WHERE ticket.event = ?
"""
_OF_EVENT = """
    (event = ?1 OR EXISTS (SELECT 1 FROM ticket WHERE "order" = orders.uuid AND ticket.event = ?1))
"""
_LIKELIEST = """
    ticket.refunded, ticket.checked_in,
    ticket.date IS NOT NULL AND ticket.date IN (SELECT value FROM json_each(:another_day)),
    ticket.number, ticket.uuid
"""
_UNREAD_TICKETS = f"""
    SELECT uuid FROM ticket LEFT JOIN codes_read ON subject = uuid
    WHERE event = :event AND subject IS NULL
    AND uuid NOT IN (SELECT value FROM json_each(:besides))
    ORDER BY {_LIKELIEST} LIMIT :most
"""  # noqa: S608 - nothing of it comes from outside
_UNREAD_ORDERS = f"""
    SELECT DISTINCT "order" AS uuid FROM (
        SELECT "order" FROM ticket
        LEFT JOIN orders ON orders.uuid = "order" LEFT JOIN codes_read ON subject = "order"
        WHERE ticket.event = :event AND "order" IS NOT NULL
        AND orders.uuid IS NULL AND subject IS NULL
        AND "order" NOT IN (SELECT value FROM json_each(:besides))
        ORDER BY {_LIKELIEST} LIMIT :most
    )
"""  # noqa: S608 - nothing of it comes from outside


# Orders


def get(connection: sqlite3.Connection, uuid: str) -> Order | None:
    row = connection.execute("SELECT * FROM orders WHERE uuid = ?", (uuid,)).fetchone()
    return row_to_order(row) if row else None


def sold_as(connection: sqlite3.Connection, mark: str) -> set[str]:
    """External ids of orders whose own is of the lane that `mark` names: see `sales.mark`."""
    rows = connection.execute(
        "SELECT external_order_id AS id FROM orders"
        " WHERE external_order_id GLOB ? AND external_order_id NOT GLOB ?"
        " OR external_order_id GLOB ?",
        (f"BX-{mark}-[0-9]*", f"BX-{mark}-*[^0-9]*", f"BX-{mark}_*-[0-9]*"),
    )
    return {row["id"] for row in rows}


def ids(connection: sqlite3.Connection, event: str) -> dict[str, str]:
    """What people call the orders of `event` that are known here, by the orders' uuids."""
    rows = connection.execute(
        f"SELECT uuid, order_id FROM orders WHERE order_id <> '' AND {_OF_EVENT}",  # noqa: S608 - a constant
        (event,),
    )
    return {row["uuid"]: row["order_id"] for row in rows}


def of_event(connection: sqlite3.Connection, event: str) -> dict[str, Order]:
    """The orders of `event` that are known here, by their uuids."""
    rows = connection.execute(f"SELECT * FROM orders WHERE {_OF_EVENT}", (event,))  # noqa: S608 - a constant
    return {row["uuid"]: row_to_order(row) for row in rows}


def texts(connection: sqlite3.Connection, event: str) -> dict[str, OrderTexts]:
    """What the orders of `event` tell that tickets are found by, by their uuids."""
    rows = connection.execute(
        f"""
        SELECT uuid, order_id, coalesce(external_order_id, '') AS external, full_name, email,
            coalesce(json_extract(address, '$.phone'), '') AS phone,
            coalesce(json_extract(address, '$.business_name'), '') AS company
        FROM orders WHERE {_OF_EVENT}
        """,  # noqa: S608 - a constant
        (event,),
    )
    rows.row_factory = None
    return {uuid: OrderTexts(*row) for uuid, *row in rows}


def save(connection: sqlite3.Connection, order: Order) -> None:
    """Take over an order that was read, and the codes of the tickets on it."""
    connection.execute(_UPSERT, _row(order))
    _save_party(connection, order)


def save_listed(connection: sqlite3.Connection, listed: Iterable[Order]) -> None:
    """Take over orders of a long list: what was read of one by itself meanwhile is newer."""
    for order in listed:
        connection.execute(_UPSERT_LISTED, _row(order))
        _save_party(connection, order)


def row_to_order(row: sqlite3.Row) -> Order:
    """The order of a row. The codes of the tickets on it are with the tickets."""
    return from_row(
        Order,
        row,
        address=Address(**json.loads(row["address"])) if row["address"] else Address(),
        party=tuple(map(OrderTicket, json.loads(row["party"]))) if row["party"] else None,
    )


def _row(order: Order) -> dict[str, object]:
    party = [ticket.uuid for ticket in order.party or ()]
    return order._asdict() | {
        "address": None if order.address == Address() else json.dumps(asdict(order.address)),
        "created": utc_text(order.created) if order.created else None,
        "total": None if order.total is None else str(order.total),
        "party": json.dumps(party) if party else None,
    }


def _save_party(connection: sqlite3.Connection, order: Order) -> None:
    party = order.party or ()
    unknown = {"ticket_type_pk": None, "date": None}
    rows = [{**unknown, "order": order.uuid, **one._asdict()} for one in party]
    connection.executemany(_SET_CODES, rows)
    mark_read(connection, [one.uuid for one in party if one.url])


# Codes of tickets


def save_codes(connection: sqlite3.Connection, ticket: Ticket) -> None:
    """Take over what a read of one ticket tells beside the list; whether it is in is not touched.

    A ticket that is not known here is passed over.
    """
    connection.execute(_SET_CODES, ticket._asdict())
    mark_read(connection, [ticket.uuid])


def mark_read(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Note that nothing more is to be learnt of these tickets and orders."""
    connection.executemany(
        "INSERT OR IGNORE INTO codes_read (subject) VALUES (?)",
        [(subject,) for subject in subjects],
    )


def mark_unread(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Note that what is known of these tickets may be old: they are to be read again."""
    connection.executemany(
        "DELETE FROM codes_read WHERE subject = ?", [(subject,) for subject in subjects]
    )


def codes_known(connection: sqlite3.Connection, event: str) -> CodesKnown:
    """How far the tickets of `event` were read. Looks at every one of them."""
    row = connection.execute(_KNOWN, (event,)).fetchone()
    return CodesKnown(**{field: int(row[field]) for field in CodesKnown._fields})


def unread(
    connection: sqlite3.Connection,
    event: str,
    *,
    valid: Callable[[str], bool],
    besides: Collection[str],
    most: int,
) -> tuple[list[str], list[str]]:
    """Tickets that were not read by themselves, and orders, of which a ticket is known.

    Of each those first that are likeliest to come. `valid`: whether a ticket of this date may come
    today. `besides`: tickets and orders to be left out.
    """
    dates = connection.execute(
        "SELECT DISTINCT date FROM ticket WHERE event = ? AND date IS NOT NULL", (event,)
    )
    parameters = {
        "event": event,
        "another_day": json.dumps([row["date"] for row in dates if not valid(row["date"])]),
        "besides": json.dumps(list(besides)),
        "most": most,
    }
    found = (connection.execute(query, parameters) for query in (_UNREAD_TICKETS, _UNREAD_ORDERS))
    unread_tickets, unread_orders = ([row["uuid"] for row in rows] for rows in found)
    return unread_tickets, unread_orders


def all_orders_known(connection: sqlite3.Connection, event: str) -> bool:
    """Whether the order of each ticket of `event` is known."""
    (lacking,) = connection.execute(
        'SELECT EXISTS (SELECT 1 FROM ticket WHERE event = ? AND "order" IS NULL)', (event,)
    ).fetchone()
    return not lacking


def list_requested_at(connection: sqlite3.Connection, event: str) -> datetime | None:
    """When the long list of the event's orders was last asked for; None: never."""
    row = connection.execute("SELECT at FROM orders_asked WHERE event = ?", (event,)).fetchone()
    return datetime.fromisoformat(row["at"]) if row else None


def record_list_request(connection: sqlite3.Connection, event: str, at: datetime) -> None:
    """Note that the long list of the event's orders is asked for."""
    connection.execute(
        "INSERT OR REPLACE INTO orders_asked (event, at) VALUES (?, ?)", (event, utc_text(at))
    )
