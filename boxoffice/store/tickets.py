"""Looks up tickets by uuid, code or order, together with what else is known of them."""

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
"""How many candidates for a party are read; those with the nearest numbers come first."""

COLUMNS = ", ".join(f'"{field}"' for field in Ticket._fields)
_SELECT = f"SELECT {COLUMNS} FROM ticket"  # noqa: S608 - a constant
# The plus keeps SQLite from walking through the whole event for one code.
_HERE = "AND +event = :event"


class TicketContext(NamedTuple):
    """What roster.db knows of a ticket besides its own row."""

    order: Order | None
    seen_in: CheckInWindow | None
    """Between which readings of the list it came in; None: it is not in, as far as is known."""
    unanswered: tuple[Question, ...] | None
    """Required questions without an answer; None: that was never read."""
    pulled: Pulled | None
    """The newest list of the event; None: there is none."""
    answers: tuple[Answer, ...] | None = None
    """The answers, as they were last read; None: never."""
    claimed: NewestClaim = NewestClaim()
    """The newest claim of the ticket by a door of the venue."""


# One ticket


def get(connection: sqlite3.Connection, uuid: str) -> Ticket | None:
    found = _select(connection, "WHERE uuid = ?", uuid)
    return found[0] if found else None


def context(
    connection: sqlite3.Connection, ticket: str, order: str | None, event: str
) -> TicketContext:
    """What else is known of `ticket`. `order`: the uuid of its order, which is looked up too."""
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
    """A ticket, and what else is known of it. `event`: the one whose newest list counts."""
    ticket = get(connection, uuid)
    return ticket, context(connection, uuid, ticket.order if ticket else None, event)


def seen_in(connection: sqlite3.Connection, ticket: str) -> CheckInWindow | None:
    """Between which readings of the list it came in; None: it is not in, as far as is known."""
    row = connection.execute(
        "SELECT after, before FROM seen_in WHERE ticket = ?", (ticket,)
    ).fetchone()
    if row is None:
        # The first list already had it in, or no list has it in.
        row = connection.execute(
            "SELECT NULL AS after, first_at AS before FROM pulled JOIN ticket USING (event)"
            " WHERE uuid = ? AND checked_in",
            (ticket,),
        ).fetchone()
    return _row_to_seen_in(row) if row else None


# By a code


def match(connection: sqlite3.Connection, text: str, framing: Framing, event: str) -> Match[Ticket]:
    """The tickets that a scanned text names, by its most trusted reading that names any.

    A uuid, also an order's, names tickets of any event; everything else, only those of `event`.
    """
    return code_matching.match(text, _known(connection, event), framing)


def match_with_context(
    connection: sqlite3.Connection, text: str, framing: Framing, event: str
) -> tuple[Match[Ticket], TicketContext | None]:
    """The same; and if it names a single ticket, what else is known of that."""
    found = match(connection, text, framing, event)
    if len(found.tickets) != 1:
        return found, None
    (ticket,) = found.tickets
    return found, context(connection, ticket.uuid, ticket.order, event)


def named(connection: sqlite3.Connection, code: Code, event: str) -> list[Ticket]:
    """The tickets that `code` names, by the most trusted of its names that any ticket has.

    A uuid, also an order's, names tickets of any event; everything else, only those of `event`.
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
    """Finds tickets of one event by any of their names, and those of all events by uuid."""

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

    If there are several, `part` names none of them. For an end, all the event's tickets are read.
    """
    where = "substr(uuid, -length(?1)) = ?1" if at_end else "uuid >= ?1 AND uuid < ?1 || 'g'"
    return _select(connection, f"WHERE {where} AND event = ?2 LIMIT 2", part, event)


# Several


def several(connection: sqlite3.Connection, uuids: Collection[str]) -> list[Ticket]:
    """The tickets with these uuids that are known, in no order."""
    where = "WHERE uuid IN (SELECT value FROM json_each(?))"
    return _select(connection, where, json.dumps(list(uuids)))


def of_order(connection: sqlite3.Connection, order: str) -> list[Ticket]:
    """The tickets that are known to be on an order, by number."""
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
    """Tickets that may be on one order with `ticket`, the likeliest first, MOST_CANDIDATES at most.

    They are on its order, have its e-mail address or surname, or a number that is at most `span`
    away. All the event's tickets are read.
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
    """All tickets of `event`, in no order. Texts that several share are in memory only once."""
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
    """The same by uuid. The dictionary is made in the database's thread."""
    return {ticket.uuid: ticket for ticket in load(connection, event)}


def sightings(connection: sqlite3.Connection) -> dict[str, CheckInWindow]:
    """For each ticket that came in after the first list: between which two lists that was."""
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
    """Make a ticket from a row with COLUMNS, which are in the order of its fields."""
    ticket = Ticket._make(row)
    return ticket._replace(checked_in=bool(ticket.checked_in), refunded=bool(ticket.refunded))


def _row_to_seen_in(row: sqlite3.Row) -> CheckInWindow:
    return CheckInWindow(moment_or_none(row["after"]), datetime.fromisoformat(row["before"]))
