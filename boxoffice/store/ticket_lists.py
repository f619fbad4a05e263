"""Tickets, taken over as the server's lists and single reads tell them."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, ParamSpec, TypeVar

from boxoffice.clock import Clock
from boxoffice.collector import collector_paused
from boxoffice.domain.models import Ticket
from boxoffice.domain.row_index import sort_in_steps
from boxoffice.store.database import Work, int64_or_none, utc_text
from boxoffice.store.roster import RosterStore, drop_indices, make_indices

P = ParamSpec("P")
T = TypeVar("T")

CHUNK = 5_000
"""Rows written in one transaction of a first load; others that write get their turn in between."""

CLOCK_JUMP = timedelta(hours=1)
"""No list is as long on its way: one that seems to be was read after the clock was set back."""

# What a list may lack and a single read has is not erased by a row without it.
_UPSERT = f"""
    INSERT INTO ticket ({", ".join(f'"{field}"' for field in Ticket._fields)})
    VALUES ({", ".join("?" * len(Ticket._fields))})
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
        company_name = coalesce(excluded.company_name, company_name)
"""  # noqa: S608 - nothing of it comes from outside
_TURNED_IN = """
    INSERT OR REPLACE INTO seen_in (ticket, after, before) SELECT ?1, ?2, ?3
    WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE uuid = ?1 AND checked_in)
"""
_NOT_IN = "DELETE FROM seen_in WHERE ticket = ?"
# A check-in or a refund says nothing of a ticket's codes.
_CHANGED = """
    DELETE FROM codes_read WHERE subject = ?1 AND EXISTS (
        SELECT 1 FROM ticket WHERE uuid = ?1
        AND (full_name, email, number, ticket_type, seat) IS NOT (?2, ?3, ?4, ?5, ?6)
    )
"""
_UNREAD = """
    DELETE FROM codes_read WHERE subject = ?1 AND EXISTS (
        SELECT 1 FROM ticket WHERE uuid = ?1 AND event = ?2
    )
"""


class Pulled(NamedTuple):
    """The newest list that was taken over."""

    at: datetime
    tickets: int


class Difference(NamedTuple):
    changed: dict[str, Ticket]
    """By uuid."""
    removed: list[str]
    doubtful: list[str]
    """Tickets of ours of which the list says otherwise than what is known of our check-in."""


def compare(
    known: Mapping[str, Ticket],
    listed: Iterable[Ticket],
    ours: Mapping[str, bool],
    uuids: Collection[str],
) -> Difference:
    """What `listed` changes in `known`, by uuid; `uuids`: of all that are in the list.

    `ours`: check-ins of this computer that the server had confirmed before the list was asked for,
    and whether each is known to be taken back at the site since. The list alone does not turn
    them: it may be an old one.
    """
    changed: dict[str, Ticket] = {}
    doubtful: list[str] = []
    with collector_paused:
        for row in listed:
            ticket, before = row, known.get(row.uuid)
            if ticket.uuid in ours:
                if ticket.checked_in is ours[ticket.uuid]:
                    doubtful.append(ticket.uuid)
                if not ticket.checked_in:
                    ticket = ticket._replace(checked_in=before is not None and before.checked_in)
            if before is not None and ticket != before:
                ticket = ticket.completed(before)
            if ticket != before:
                changed[ticket.uuid] = ticket
    # As the difference of two sets it would take as long, and hold the UI up.
    # In the values of a map each would be looked for among all, and `set(…)` is one long call.
    there = {uuid for uuid in uuids}  # noqa: C416
    removed = [uuid for uuid in known if uuid not in there]
    return Difference(changed, sorted(removed), doubtful)


def pulled(connection: sqlite3.Connection, event: str) -> Pulled | None:
    """The newest list of `event` that was taken over; None: none yet."""
    row = connection.execute("SELECT at, tickets FROM pulled WHERE event = ?", (event,)).fetchone()
    return Pulled(datetime.fromisoformat(row["at"]), row["tickets"]) if row else None


async def apply(
    store: RosterStore,
    event: str,
    changed: Sequence[Ticket],
    removed: Collection[str],
    *,
    at: datetime,
    clock: Clock,
) -> bool:
    """Take over what a list read at `at` says differently; `pulled` tells of it when all is in.

    In pieces, so that others who write get their turn. What a row lacks and a single read has told
    (order, external_uuid, url, ticket_type_pk, date) stays. False: another process has taken over a
    newer list, so this one was not, or not all of it: `load` says what holds. Raises DamagedError
    where the file was made anew meanwhile: a part of a list must not be called the whole.
    """
    renewals = store.renewals

    async def write(change: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if store.renewals != renewals:
            raise store.renewed(f"in the midst of a list of {len(changed)} rows")
        return await store.write(change, *args, **kwargs)

    if await store.read(pulled, event) is None:
        changed = await write(_begin_load, changed)
    *pieces, last = (
        changed[start : start + CHUNK] for start in range(0, max(len(changed), 1), CHUNK)
    )
    for piece in pieces:
        if not await write(_store, event, piece, at, clock.now()):
            await write(make_indices)  # nobody finishes what _begin_load may have begun
            return False
    await write(make_indices)
    return await write(_end, event, last, removed, at, clock.now())


def _begin_load(connection: sqlite3.Connection, loaded: Sequence[Ticket]) -> list[Ticket]:
    """Prepare for a list that is new here; answers it in the order of its key: the quickest."""
    (stored,) = connection.execute("SELECT count(*) FROM ticket").fetchone()
    if stored < len(loaded):
        drop_indices(connection)
    by_uuid = {ticket.uuid: ticket for ticket in loaded}
    return [by_uuid[uuid] for uuid in sort_in_steps(by_uuid)]


def _end(
    connection: sqlite3.Connection,
    event: str,
    last: Sequence[Ticket],
    removed: Collection[str],
    at: datetime,
    now: datetime,
) -> bool:
    """The last piece, what is gone, and that all is in. False: there is a newer list."""
    if not _store(connection, event, last, at, now):
        return False
    gone = [(uuid, event) for uuid in removed]  # one may be in another event's list by now
    connection.executemany(_UNREAD, gone)
    connection.executemany("DELETE FROM ticket WHERE uuid = ? AND event = ?", gone)
    connection.execute(
        "INSERT INTO pulled (event, first_at, at, tickets)"
        " SELECT ?1, ?2, ?2, count(*) FROM ticket WHERE event = ?1"
        " ON CONFLICT (event) DO UPDATE SET at = excluded.at, tickets = excluded.tickets",
        (event, utc_text(at)),
    )
    return True


def save(connection: sqlite3.Connection, ticket: Ticket, at: datetime) -> None:
    """Take over a single read at `at`.

    Without an event (`""`), the one it is known to belong to stays.
    """
    row = connection.execute(
        "SELECT at FROM pulled WHERE event = ?1"
        " OR ?1 = '' AND event = (SELECT event FROM ticket WHERE uuid = ?2)",
        (ticket.event, ticket.uuid),
    ).fetchone()
    _look(connection, [ticket], after=row["at"] if row else None, before=at)
    _upsert(connection, [ticket])
    if ticket.url is not None:  # which no list tells
        connection.execute("INSERT OR IGNORE INTO codes_read (subject) VALUES (?)", (ticket.uuid,))


def _store(
    connection: sqlite3.Connection,
    event: str,
    changed: Sequence[Ticket],
    at: datetime,
    now: datetime,
) -> bool:
    """Take over rows of a list that was asked for at `at`. False: there is a newer one."""
    newest = pulled(connection, event)
    if newest is not None:
        # What was read later than now was read before the clock was set back.
        if at < newest.at <= now and newest.at - at <= CLOCK_JUMP:
            return False
        _look(connection, changed, after=utc_text(newest.at), before=at)
        _mark_changed_unread(connection, changed)
    _upsert(connection, changed)
    return True


def _mark_changed_unread(connection: sqlite3.Connection, changed: Sequence[Ticket]) -> None:
    """Have the codes of tickets read again whose row the site has changed."""
    (any_read,) = connection.execute("SELECT EXISTS (SELECT 1 FROM codes_read)").fetchone()
    if any_read:
        rows = [_storable(ticket) for ticket in changed]
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
    until = utc_text(before)
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
    return Ticket._make(
        value.encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, str)
        else int64_or_none(value)
        for value in ticket
    )
