"""Tickets, as the server's lists and single reads have told them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from boxoffice.collector import collector_paused
from boxoffice.domain import code_matching
from boxoffice.domain.code_matching import Match
from boxoffice.domain.codes import Code, Framing
from boxoffice.domain.models import SeenIn, Ticket
from boxoffice.store.entries import written
from boxoffice.store.roster_schema import EXTERNAL_HEX, drop_indices, make_indices
from boxoffice.store.writer import transaction

CHUNK = 5_000
"""Rows written in one transaction of a first load; others that write get their turn in between."""

# What a list may lack and a single read has is not erased by a row without it.
_UPSERT = """
    INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (uuid) DO UPDATE SET
        event = CASE excluded.event WHEN '' THEN event ELSE excluded.event END,
        checked_in = excluded.checked_in,
        refunded = excluded.refunded,
        full_name = excluded.full_name,
        email = excluded.email,
        number = excluded.number,
        ticket_type = excluded.ticket_type,
        ticket_type_pk = coalesce(excluded.ticket_type_pk, ticket_type_pk),
        date = coalesce(excluded.date, date),
        "order" = coalesce(excluded."order", "order"),
        external_uuid = coalesce(excluded.external_uuid, external_uuid),
        url = coalesce(excluded.url, url),
        seat = excluded.seat,
        raw_name = excluded.raw_name
"""
_TURNED_IN = """
    INSERT OR REPLACE INTO seen_in SELECT ?1, ?2, ?3
    WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE uuid = ?1 AND checked_in)
"""
_NOT_IN = "DELETE FROM seen_in WHERE ticket = ?"
_MAX = 2**63

CLOCK_JUMP = timedelta(hours=1)
"""No list is as long on its way: one that seems to be was read after the clock was set back."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """The newest list that was taken over."""

    at: datetime
    fingerprint: str
    count: int
    """Tickets in it."""


# Writing


def begin_load(connection: sqlite3.Connection, loaded: Sequence[Ticket]) -> list[Ticket]:
    """Prepare for a list that is new here; answers it in the order of its key: the quickest."""
    with transaction(connection):
        (stored,) = connection.execute("SELECT count(*) FROM ticket").fetchone()
        if stored < len(loaded):
            drop_indices(connection)
    return sorted(loaded, key=_uuid)


def store(
    connection: sqlite3.Connection,
    event: str,
    changed: Sequence[Ticket],
    at: datetime,
    now: datetime,
) -> bool:
    """Take over rows of a list that was asked for at `at`. False: there is a newer one."""
    with transaction(connection):
        taken = _store(connection, event, changed, at, now)
        if not taken:
            make_indices(connection)  # nobody finishes what begin_load may have begun
    return taken


def finish(
    connection: sqlite3.Connection,
    event: str,
    changed: Sequence[Ticket],
    removed: Collection[str],
    at: datetime,
    fingerprint: str,
    now: datetime,
) -> bool:
    """Take over the last rows, drop those that the list no longer has, and note that it was taken.

    False: there is a newer list.
    """
    make_indices(connection)
    with transaction(connection):
        if not _store(connection, event, changed, at, now):
            return False
        gone = [(uuid,) for uuid in removed]
        connection.executemany("DELETE FROM ticket WHERE uuid = ?", gone)
        connection.executemany("DELETE FROM codes_read WHERE subject = ?", gone)
        (count,) = connection.execute(
            "SELECT count(*) FROM ticket WHERE event = ?", (event,)
        ).fetchone()
        connection.execute(
            "INSERT INTO pulled VALUES (?1, ?2, ?2, ?3, ?4) ON CONFLICT (event) DO UPDATE"
            " SET at = excluded.at, fingerprint = excluded.fingerprint, tickets = excluded.tickets",
            (event, written(at), fingerprint, count),
        )
    return True


def learn(connection: sqlite3.Connection, ticket: Ticket, at: datetime) -> None:
    """Take over a single read."""
    with transaction(connection):
        row = connection.execute(
            "SELECT at FROM pulled WHERE event = ?1"
            " OR ?1 = '' AND event = (SELECT event FROM ticket WHERE uuid = ?2)",
            (ticket.event, ticket.uuid),
        ).fetchone()
        _look(connection, [ticket], after=row[0] if row else None, before=at)
        _upsert(connection, [ticket])
        if ticket.url is not None:  # which no list tells
            connection.execute("INSERT OR IGNORE INTO codes_read VALUES (?)", (ticket.uuid,))


def _store(
    connection: sqlite3.Connection,
    event: str,
    changed: Sequence[Ticket],
    at: datetime,
    now: datetime,
) -> bool:
    newest = pulled(connection, event)
    if newest is not None:
        # What was read later than now was read before the clock was set back.
        if at < newest.at <= now and newest.at - at <= CLOCK_JUMP:
            return False
        _look(connection, changed, after=written(newest.at), before=at)
        _to_be_read_again(connection, changed)
    _upsert(connection, changed)
    return True


# A check-in or a refund says nothing of a ticket's codes.
_CHANGED = """
    DELETE FROM codes_read WHERE subject = ?1 AND EXISTS (
        SELECT 1 FROM ticket WHERE uuid = ?1
        AND (full_name, email, number, ticket_type, seat) IS NOT (?2, ?3, ?4, ?5, ?6)
    )
"""


def _to_be_read_again(connection: sqlite3.Connection, changed: Sequence[Ticket]) -> None:
    """Have the codes of tickets read again whose row the site has changed."""
    (any_read,) = connection.execute("SELECT EXISTS (SELECT 1 FROM codes_read)").fetchone()
    if any_read:
        rows = [_storable(each) for each in changed]
        connection.executemany(
            _CHANGED,
            [(t.uuid, t.full_name, t.email, t.number, t.ticket_type, t.seat) for t in rows],
        )


def _look(
    connection: sqlite3.Connection,
    tickets: Iterable[Ticket],
    *,
    after: str | None,
    before: datetime,
) -> None:
    """Note between which two looks the tickets that are newly in were checked in."""
    until = written(before)
    turned_in = [(ticket.uuid, after, until) for ticket in tickets if ticket.checked_in]
    connection.executemany(_TURNED_IN, turned_in)
    connection.executemany(_NOT_IN, [(ticket.uuid,) for ticket in tickets if not ticket.checked_in])


def _upsert(connection: sqlite3.Connection, tickets: Sequence[Ticket]) -> None:
    try:
        connection.executemany(_UPSERT, tickets)
    except (UnicodeEncodeError, OverflowError):
        # Once more, since the rows before the hostile one are only written again.
        connection.executemany(_UPSERT, [_storable(ticket) for ticket in tickets])


def _storable(ticket: Ticket) -> Ticket:
    """Without what SQLite cannot hold: lone surrogates, and integers of more than 64 bits."""
    return Ticket._make(map(_held, ticket))


def _held(value: str | int | None) -> str | int | None:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value if value is None or abs(value) < _MAX else None


def _uuid(ticket: Ticket) -> str:
    return ticket.uuid


# Reading


def load(connection: sqlite3.Connection, event: str) -> list[Ticket]:
    """All tickets of `event`, in no order. Their events and types share one text each."""
    rows = connection.execute("SELECT * FROM ticket WHERE event = ?", (event,))
    with collector_paused:
        kinds: dict[str, str] = {}
        return [
            Ticket._make(
                (
                    *(row[0], event, row[2] == 1, row[3] == 1, *row[4:7]),
                    *(kinds.setdefault(row[7], row[7]), *row[8:]),
                )
            )
            for row in rows
        ]


def one(connection: sqlite3.Connection, uuid: str) -> Ticket | None:
    found = _tickets(connection, _BY_UUID, uuid)
    return found[0] if found else None


def named(connection: sqlite3.Connection, code: Code, event: str) -> list[Ticket]:
    """The tickets that `code` names by the most certain of its names that any has.

    A uuid names tickets of all events, as an order's does; the other names those of `event`.
    """
    return code_matching.named(code, _Known(connection, event))


def match(connection: sqlite3.Connection, text: str, framing: Framing, event: str) -> Match[Ticket]:
    """What a scanned text names, by the most trusted of its readings that names any ticket."""
    return code_matching.match(text, _Known(connection, event), framing)


class _Known:
    """The tickets of one event by all they are called, and those of all events by uuid."""

    def __init__(self, connection: sqlite3.Connection, event: str) -> None:
        self._connection = connection
        self._event = event

    def with_uuid(self, uuid: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_UUID, uuid)

    def with_url(self, slug: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_URL, slug, self._event)

    def on_order(self, uuid: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_ORDER, uuid)

    def with_external_hex(self, uuid: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_EXTERNAL_HEX, uuid, self._event)

    def with_external(self, external: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_EXTERNAL_UUID, external, self._event)

    def with_number(self, number: int) -> list[Ticket]:
        return _tickets(self._connection, _BY_NUMBER, _held(number), self._event)

    def with_order_id(self, order_id: str) -> list[Ticket]:
        return _tickets(self._connection, _BY_ORDER_ID, order_id, self._event)


def several(connection: sqlite3.Connection, uuids: Collection[str]) -> list[Ticket]:
    """Those of `uuids` that are known, in no order."""
    statement = "SELECT * FROM ticket WHERE uuid IN (SELECT value FROM json_each(?))"
    return _tickets(connection, statement, json.dumps(list(uuids)))


def by_uuid_part(
    connection: sqlite3.Connection, part: str, event: str, *, at_end: bool
) -> list[Ticket]:
    """The tickets of `event` whose uuid begins or ends with the hex digits `part`; two at most.

    More than one is no name. An end is looked for in all of the event's tickets.
    """
    if at_end:
        statement = (
            "SELECT * FROM ticket WHERE event = ?2 AND substr(uuid, -length(?1)) = ?1 LIMIT 2"
        )
        return _tickets(connection, statement, part, event)
    statement = "SELECT * FROM ticket WHERE uuid >= ?1 AND uuid < ?1 || 'g' AND event = ?2 LIMIT 2"
    return _tickets(connection, statement, part, event)


def of_order(connection: sqlite3.Connection, order: str) -> list[Ticket]:
    """Those that are known to be on an order, by number."""
    return _tickets(connection, _BY_ORDER, order)


def highest_number(connection: sqlite3.Connection, event: str) -> int | None:
    found = connection.execute(
        "SELECT number FROM ticket WHERE event = ? AND number IS NOT NULL"
        " ORDER BY number DESC LIMIT 1",
        (event,),
    ).fetchone()
    return None if found is None else int(found[0])


_BY_UUID = "SELECT * FROM ticket WHERE uuid = ?"
_BY_ORDER = 'SELECT * FROM ticket WHERE "order" = ? ORDER BY number, uuid'
# The plus keeps SQLite from walking through the whole event for one code.
_BY_URL = "SELECT * FROM ticket WHERE url = ? AND +event = ?"
_BY_EXTERNAL_UUID = "SELECT * FROM ticket WHERE external_uuid = ? AND +event = ?"
_BY_EXTERNAL_HEX = f"""
    SELECT * FROM ticket WHERE {EXTERNAL_HEX} = ? AND external_uuid IS NOT NULL AND +event = ?
"""  # noqa: S608  # a constant
_BY_NUMBER = "SELECT * FROM ticket WHERE number = ? AND +event = ?"
_BY_ORDER_ID = """
    SELECT * FROM ticket WHERE "order" IN (SELECT uuid FROM orders WHERE order_id = ?)
    AND +event = ? ORDER BY number, uuid
"""


def seen_in(connection: sqlite3.Connection, ticket: str) -> SeenIn | None:
    row = connection.execute(
        "SELECT after, before FROM seen_in WHERE ticket = ?", (ticket,)
    ).fetchone()
    if row is None:
        # It was in at the first look already, or nobody has seen it in.
        row = connection.execute(
            "SELECT NULL, first_at FROM pulled JOIN ticket USING (event)"
            " WHERE uuid = ? AND checked_in",
            (ticket,),
        ).fetchone()
    return SeenIn(_moment(row[0]), datetime.fromisoformat(row[1])) if row else None


def pulled(connection: sqlite3.Connection, event: str) -> Pulled | None:
    row = connection.execute(
        "SELECT at, fingerprint, tickets FROM pulled WHERE event = ?", (event,)
    ).fetchone()
    return Pulled(datetime.fromisoformat(row[0]), row[1], row[2]) if row else None


def _tickets(connection: sqlite3.Connection, statement: str, *values: object) -> list[Ticket]:
    rows = connection.execute(statement, values)
    return [Ticket._make((*row[:2], row[2] == 1, row[3] == 1, *row[4:])) for row in rows]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
