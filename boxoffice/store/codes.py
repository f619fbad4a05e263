"""What the list of an event does not tell, and how far it was read ticket by ticket.

A ticket's short link, external uuid and order come from the ticket itself, what people call an
order and who is on it from the order.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from boxoffice.domain.models import CodesKnown, Order, Ticket
from boxoffice.store import orders
from boxoffice.store.entries import written
from boxoffice.store.writer import transaction

_TEACH = """
    UPDATE ticket SET
        ticket_type_pk = coalesce(?2, ticket_type_pk),
        date = coalesce(?3, date),
        "order" = coalesce(?4, "order"),
        external_uuid = coalesce(?5, external_uuid),
        url = coalesce(?6, url)
    WHERE uuid = ?1
"""
_MARK = "INSERT OR IGNORE INTO codes_read VALUES (?)"
_UNMARK = "DELETE FROM codes_read WHERE subject = ?"
_KNOWN = """
    SELECT
        count(*),
        count(own.subject),
        total(placed.uuid IS NOT NULL OR gone.subject IS NOT NULL),
        total(own.subject IS NOT NULL
            AND ("order" IS NULL OR placed.uuid IS NOT NULL OR gone.subject IS NOT NULL))
    FROM ticket
    LEFT JOIN codes_read AS own ON own.subject = ticket.uuid
    LEFT JOIN orders AS placed ON placed.uuid = "order"
    LEFT JOIN codes_read AS gone ON gone.subject = "order"
    WHERE ticket.event = ?
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
    SELECT DISTINCT "order" FROM (
        SELECT "order" FROM ticket
        LEFT JOIN orders ON orders.uuid = "order" LEFT JOIN codes_read ON subject = "order"
        WHERE ticket.event = :event AND "order" IS NOT NULL
        AND orders.uuid IS NULL AND subject IS NULL
        AND "order" NOT IN (SELECT value FROM json_each(:besides))
        ORDER BY {_LIKELIEST} LIMIT :most
    )
"""  # noqa: S608 - nothing of it comes from outside


# Writing


def learn(connection: sqlite3.Connection, ticket: Ticket) -> None:
    """Take over what a read of one ticket tells beside the list; whether it is in is not touched.

    A ticket that is not known here is passed over.
    """
    with transaction(connection):
        connection.execute(_TEACH, (ticket.uuid, *ticket[8:13]))
        connection.execute(_MARK, (ticket.uuid,))


def learn_order(connection: sqlite3.Connection, order: Order) -> None:
    """Take over an order, and whose it is that is on it."""
    with transaction(connection):
        orders.learn(connection, order)
        _learn_party(connection, order)


def learn_orders(connection: sqlite3.Connection, listed: Iterable[Order]) -> None:
    """Take over orders of a long list: what was read of one by itself meanwhile is newer."""
    with transaction(connection):
        for order in listed:
            orders.learn_older(connection, order)
            _learn_party(connection, order)


def mark(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Nothing more is to be learnt of these tickets and orders."""
    with transaction(connection):
        connection.executemany(_MARK, [(subject,) for subject in subjects])


def unmark(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """What is known of these tickets may be old: they are to be read again."""
    with transaction(connection):
        connection.executemany(_UNMARK, [(subject,) for subject in subjects])


def note_asked(connection: sqlite3.Connection, event: str, at: datetime) -> None:
    """The list of the event's orders is asked for."""
    connection.execute("INSERT OR REPLACE INTO orders_asked VALUES (?, ?)", (event, written(at)))


def _learn_party(connection: sqlite3.Connection, order: Order) -> None:
    named = order.party or ()
    rows = [(each.uuid, None, None, order.uuid, each.external_uuid, each.url) for each in named]
    connection.executemany(_TEACH, rows)
    connection.executemany(_MARK, [(each.uuid,) for each in named if each.url])


# Reading


def known(connection: sqlite3.Connection, event: str) -> CodesKnown:
    """How far the tickets of `event` were read."""
    return CodesKnown._make(map(int, connection.execute(_KNOWN, (event,)).fetchone()))


def unread_tickets(
    connection: sqlite3.Connection,
    event: str,
    valid: Callable[[str], bool],
    besides: Collection[str],
    most: int,
) -> list[str]:
    """Tickets to be read by themselves, those first that are likeliest to come.

    `valid`: whether a ticket of this date may come today. `besides`: tickets to be left out.
    """
    return _unread(connection, _UNREAD_TICKETS, event, valid, besides, most)


def unread_orders(
    connection: sqlite3.Connection,
    event: str,
    valid: Callable[[str], bool],
    besides: Collection[str],
    most: int,
) -> list[str]:
    """The same of orders."""
    return _unread(connection, _UNREAD_ORDERS, event, valid, besides, most)


def all_orders_told(connection: sqlite3.Connection, event: str) -> bool:
    """Whether the order of each ticket of `event` is known."""
    (untold,) = connection.execute(
        'SELECT EXISTS (SELECT 1 FROM ticket WHERE event = ? AND "order" IS NULL)', (event,)
    ).fetchone()
    return not untold


def asked_at(connection: sqlite3.Connection, event: str) -> datetime | None:
    """When the list of the event's orders was last asked for; None: never."""
    row = connection.execute("SELECT at FROM orders_asked WHERE event = ?", (event,)).fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def _unread(
    connection: sqlite3.Connection,
    statement: str,
    event: str,
    valid: Callable[[str], bool],
    besides: Collection[str],
    most: int,
) -> list[str]:
    dates = connection.execute(
        "SELECT DISTINCT date FROM ticket WHERE event = ? AND date IS NOT NULL", (event,)
    )
    another_day = [date for (date,) in dates if not valid(date)]
    rows = connection.execute(
        statement,
        {
            "event": event,
            "another_day": json.dumps(another_day),
            "besides": json.dumps(list(besides)),
            "most": most,
        },
    )
    return [uuid for (uuid,) in rows]
