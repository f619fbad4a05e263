"""Tickets that may be on one order: by address, by number, by name."""

import sqlite3

from boxoffice.domain.models import Ticket

MOST = 500
"""Tickets; the nearest by number come first."""

_KIN = """
    SELECT * FROM ticket WHERE event = :event AND uuid <> :uuid AND (
        (:order IS NOT NULL AND "order" = :order)
        OR (:email <> '' AND email = :email COLLATE NOCASE)
        OR number BETWEEN :number - :span AND :number + :span
        OR (:surname <> '' AND full_name LIKE '%' || :surname ESCAPE '\\')
    )
    ORDER BY
        :order IS NOT NULL AND "order" IS :order DESC,
        :email <> '' AND email = :email COLLATE NOCASE DESC,
        abs(coalesce(number, 0) - coalesce(:number, 0)), uuid
    LIMIT :most
"""


def kin(connection: sqlite3.Connection, ticket: Ticket, span: int) -> list[Ticket]:
    """Those of the same event on its order, with its address or surname, or numbered nearby.

    Looks at every ticket of the event.
    """
    surname = ticket.full_name.rpartition(" ")[2]
    for sign in "\\%_":
        surname = surname.replace(sign, f"\\{sign}")
    rows = connection.execute(
        _KIN,
        {
            "event": ticket.event,
            "uuid": ticket.uuid,
            "order": ticket.order,
            "email": ticket.email,
            "number": ticket.number,
            "span": span,
            "surname": surname,
            "most": MOST,
        },
    )
    return [Ticket._make((*row[:2], row[2] == 1, row[3] == 1, *row[4:])) for row in rows]
