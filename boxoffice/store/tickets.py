"""Tickets, looked up by all they are called, with what is known of them beside their own row."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from boxoffice.collector import collector_paused
from boxoffice.domain import code_matching
from boxoffice.domain.code_matching import KnownTickets, Match, Name
from boxoffice.domain.codes import Code, Framing
from boxoffice.domain.models import Answer, CheckInWindow, Order, Question, Ticket
from boxoffice.store import claim_feed, orders
from boxoffice.store.claim_feed import NewestClaim
from boxoffice.store.database import int64_or_none, moment_or_none
from boxoffice.store.json_docs import ANSWERS, UNANSWERED
from boxoffice.store.json_docs import get as get_doc
from boxoffice.store.roster import EXTERNAL_HEX
from boxoffice.store.ticket_lists import Pulled, pulled

MOST_CANDIDATES = 500
"""Tickets; the nearest by number come first."""

COLUMNS = ", ".join(f'"{field}"' for field in Ticket._fields)
_SELECT = f"SELECT {COLUMNS} FROM ticket"  # noqa: S608 - a constant
# The plus keeps SQLite from walking through the whole event for one code.
_HERE = "AND +event = :event"


class TicketContext(NamedTuple):
    """What the lists and single reads say of a ticket beside itself."""

    order: Order | None
    seen_in: CheckInWindow | None
    """Between which looks it was checked in; None: it is not in, as far as is known here."""
    unanswered: tuple[Question, ...] | None
    """None: it was never read."""
    pulled: Pulled | None
    """The newest list of the event."""
    answers: tuple[Answer, ...] | None = None
    """Of the ticket, as they were last read; None: never."""
    claimed: NewestClaim = NewestClaim()
    """By which door of the venue it is in."""


# One ticket


def get(connection: sqlite3.Connection, uuid: str) -> Ticket | None:
    found = _select(connection, "WHERE uuid = ?", uuid)
    return found[0] if found else None


def context(
    connection: sqlite3.Connection, ticket: str, order: str | None, event: str
) -> TicketContext:
    """What is known of `ticket` beside itself; `order`: its order, to be looked up too."""
    return TicketContext(
        None if order is None else orders.get(connection, order),
        seen_in(connection, ticket),
        get_doc(connection, UNANSWERED, ticket),
        pulled(connection, event),
        get_doc(connection, ANSWERS, ticket),
        claim_feed.newest(connection, ticket, event),
    )


def with_context(
    connection: sqlite3.Connection, uuid: str, event: str
) -> tuple[Ticket | None, TicketContext]:
    """A ticket, and what is known beside it; `event`: whose newest list counts."""
    ticket = get(connection, uuid)
    return ticket, context(connection, uuid, ticket.order if ticket else None, event)


def seen_in(connection: sqlite3.Connection, ticket: str) -> CheckInWindow | None:
    """Between which looks it was checked in; None: it is not in, as far as is known here."""
    row = connection.execute(
        "SELECT after, before FROM seen_in WHERE ticket = ?", (ticket,)
    ).fetchone()
    if row is None:
        # It was in at the first look already, or nobody has seen it in.
        row = connection.execute(
            "SELECT NULL AS after, first_at AS before FROM pulled JOIN ticket USING (event)"
            " WHERE uuid = ? AND checked_in",
            (ticket,),
        ).fetchone()
    return _row_to_seen_in(row) if row else None


# By what is scanned


def match(connection: sqlite3.Connection, text: str, framing: Framing, event: str) -> Match[Ticket]:
    """What a scanned text names, by the most trusted of its readings that names any ticket.

    A uuid, also an order's, names tickets of every event, all else those of `event`.
    """
    return code_matching.match(text, _known(connection, event), framing)


def match_with_context(
    connection: sqlite3.Connection, text: str, framing: Framing, event: str
) -> tuple[Match[Ticket], TicketContext | None]:
    """The same, and what is known beside the ticket, where it names only one."""
    found = match(connection, text, framing, event)
    if len(found.tickets) != 1:
        return found, None
    (ticket,) = found.tickets
    return found, context(connection, ticket.uuid, ticket.order, event)


def named(connection: sqlite3.Connection, code: Code, event: str) -> list[Ticket]:
    """The tickets that `code` names by the most certain of its names that any has.

    A uuid, also an order's, names tickets of every event, the other names those of `event`.
    """
    return code_matching.named(code, _known(connection, event))


_NAMED = {
    Name.UUID: "uuid = :value",
    Name.URL: f"url = :value {_HERE}",
    Name.ORDER: '"order" = :value ORDER BY number, uuid',
    Name.EXTERNAL_HEX: f"{EXTERNAL_HEX} = :value AND external_uuid IS NOT NULL {_HERE}",
    Name.EXTERNAL: f"external_uuid = :value {_HERE}",
    Name.NUMBER: f"number = :value {_HERE}",
    Name.ORDER_ID: '"order" IN (SELECT uuid FROM orders WHERE order_id = :value)'
    " AND +event = :event ORDER BY number, uuid",
}


def _known(connection: sqlite3.Connection, event: str) -> KnownTickets[Ticket]:
    """The tickets of one event by all they are called, and those of all events by uuid."""

    def having(name: Name, value: str | int) -> list[Ticket]:
        bound = int64_or_none(value) if isinstance(value, int) else value
        values = {"value": bound, "event": event}
        rows = connection.execute(f"{_SELECT} WHERE {_NAMED[name]}", values)
        return [row_to_ticket(row) for row in rows]

    return having


def by_uuid_part(
    connection: sqlite3.Connection, part: str, event: str, *, at_end: bool
) -> list[Ticket]:
    """The tickets of `event` whose uuid begins or ends with the hex digits `part`; two at most.

    More than one is no name. An end is looked for in all of the event's tickets.
    """
    where = "substr(uuid, -length(?1)) = ?1" if at_end else "uuid >= ?1 AND uuid < ?1 || 'g'"
    return _select(connection, f"WHERE {where} AND event = ?2 LIMIT 2", part, event)


# Several


def several(connection: sqlite3.Connection, uuids: Collection[str]) -> list[Ticket]:
    """Those of `uuids` that are known, in no order."""
    where = "WHERE uuid IN (SELECT value FROM json_each(?))"
    return _select(connection, where, json.dumps(list(uuids)))


def of_order(connection: sqlite3.Connection, order: str) -> list[Ticket]:
    """Those that are known to be on an order, by number."""
    return _select(connection, 'WHERE "order" = ? ORDER BY number, uuid', order)


_CANDIDATES = f"""
    WHERE event = :event AND uuid <> :uuid AND (
        (:order IS NOT NULL AND "order" = :order)
        OR (:email <> '' AND email = :email COLLATE NOCASE)
        OR number BETWEEN :number - :span AND :number + :span
        OR (:surname <> '' AND full_name LIKE '%' || :surname ESCAPE '\\')
    )
    ORDER BY
        :order IS NOT NULL AND "order" IS :order DESC,
        :email <> '' AND email = :email COLLATE NOCASE DESC,
        abs(coalesce(number, 0) - coalesce(:number, 0)), uuid
    LIMIT {MOST_CANDIDATES}
"""


def party_candidates(connection: sqlite3.Connection, ticket: Ticket, span: int) -> list[Ticket]:
    """Those who may be on one order with `ticket`, the likeliest first, MOST_CANDIDATES at most.

    On its order, with its e-mail address or surname, or numbered at most `span` away. Looks at
    every ticket of the event.
    """
    surname = ticket.full_name.rpartition(" ")[2]
    for sign in "\\%_":
        surname = surname.replace(sign, f"\\{sign}")
    values = {
        "event": ticket.event,
        "uuid": ticket.uuid,
        "order": ticket.order,
        "email": ticket.email,
        "number": ticket.number,
        "span": span,
        "surname": surname,
    }
    rows = connection.execute(f"{_SELECT} {_CANDIDATES}", values)
    return [row_to_ticket(row) for row in rows]


def load(connection: sqlite3.Connection, event: str) -> list[Ticket]:
    """All tickets of `event`, in no order. What several have in common is in memory once."""
    rows = connection.cursor()
    rows.row_factory = None
    rows.execute(f"{_SELECT} WHERE event = ?", (event,))
    texts: dict[str, str] = {}
    pks: dict[int, int] = {}
    one, pk_of = texts.setdefault, pks.setdefault
    with collector_paused:
        return [
            Ticket(
                *(uuid, event, is_in == 1, refunded == 1, one(name, name), one(email, email)),
                *(number, one(kind, kind), pk and pk_of(pk, pk), date, order and one(order, order)),
                *rest,
            )
            for uuid, _, is_in, refunded, name, email, number, kind, pk, date, order, *rest in rows
        ]


def by_uuid(connection: sqlite3.Connection, event: str) -> dict[str, Ticket]:
    """The same by uuid, made where the event loop goes on meanwhile."""
    return {ticket.uuid: ticket for ticket in load(connection, event)}


def sightings(connection: sqlite3.Connection) -> dict[str, CheckInWindow]:
    """Between which looks each ticket was checked in that was not in at the first look."""
    rows = connection.execute("SELECT ticket, after, before FROM seen_in")
    return {row["ticket"]: _row_to_seen_in(row) for row in rows}


def highest_number(connection: sqlite3.Connection, event: str) -> int | None:
    """The highest number of a ticket of `event`; None: none is known."""
    row = connection.execute(
        "SELECT max(number) AS highest FROM ticket WHERE event = ?", (event,)
    ).fetchone()
    return None if row["highest"] is None else int(row["highest"])


def _select(connection: sqlite3.Connection, where: str, *values: object) -> list[Ticket]:
    return [row_to_ticket(row) for row in connection.execute(f"{_SELECT} {where}", values)]


def row_to_ticket(row: sqlite3.Row) -> Ticket:
    """Of a row with COLUMNS, which are in the order of the fields."""
    ticket = Ticket._make(row)
    return ticket._replace(checked_in=bool(ticket.checked_in), refunded=bool(ticket.refunded))


def _row_to_seen_in(row: sqlite3.Row) -> CheckInWindow:
    return CheckInWindow(moment_or_none(row["after"]), datetime.fromisoformat(row["before"]))
