"""What this computer knows of a night, for its account and its guest list, and what a site has."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from boxoffice import ProblemError
from boxoffice.domain.admission_rules import DoorPolicy
from boxoffice.domain.guest_list import GuestList, list_guests
from boxoffice.domain.journal import JournalKind, LogRow, QueueState, pending_refunds
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.night import AuditNote, Night, Site
from boxoffice.language import N_, _
from boxoffice.store import (
    Journal,
    RosterStore,
    admissions,
    claim_feed,
    journal_db,
    orders,
    queue,
    sales,
    takings,
    ticket_lists,
    tickets,
)
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

NO_LIST = N_("There is no list of this event on this computer yet: connect once, and ask again.")

T = TypeVar("T")


async def read_night(
    journal: Journal,
    store: RosterStore,
    event: Event,
    now: datetime,
    extras: frozenset[str] = frozenset(),
    listed: Mapping[str, Ticket] | None = None,
) -> Night:
    """All that this computer knows of the event. Raises StoreError.

    `extras`: case-folded titles of the ticket types that are handed out, and admit nobody.
    `listed`: the list, where it is in memory already.
    """
    if listed is None:
        stored = await store.read_all(tickets.load, event.uuid)
        listed = {ticket.uuid: ticket for ticket in stored}
    log = await journal.read_all(journal_db.log, event.uuid)

    def noted(kind: JournalKind) -> list[AuditNote]:
        return _noted(row for row in log if row.entry.kind is kind)

    replaced = {(row.entry.data or {}).get("instead_of") for row in log}
    return Night(
        event=event,
        at=now.astimezone(event.zone),
        tickets=listed,
        admissions=sorted(
            await journal.read_all(admissions.of_event, event.uuid),
            key=lambda admission: admission.journal,
        ),
        queue=[
            row
            for row in await journal.read_all(queue.in_states, tuple(QueueState))
            if row.event == event.uuid
        ],
        sales=await journal.read_all(sales.in_states, event.uuid),
        takings=await journal.read_all(takings.of_event, event.uuid),
        shifts=await journal.read(takings.shifts),
        overrides=noted(JournalKind.OVERRIDE),
        undos=noted(JournalKind.UNDO),
        dismissed=noted(JournalKind.DISMISSED),
        refunds=noted(JournalKind.REFUND),
        let_in_again=_noted(row for row in log if row.id in replaced),
        payments=noted(JournalKind.PAYMENT),
        asked=_noted(pending_refunds(log).values()),
        extras=extras,
        lost_at=await journal.read(journal_db.lost_at),
    )


def _noted(rows: Iterable[LogRow]) -> list[AuditNote]:
    found = []
    for row in rows:
        entry, data = row.entry, row.entry.data or {}
        about, what = entry.ticket or "", entry.verdict or str(data.get("kind") or "")
        note = AuditNote(row.at, row.lane, row.operator, about, what, entry.reason)
        if entry.kind.startswith(("refund", "payment")):
            number = str(data.get("order_id") or "")
            note = note._replace(ticket=str(data.get("order")), what=note.what or number)
            if paid := data.get("paid"):
                amount = Decimal(str(data.get("amount")))
                note = note._replace(given_back=amount, paid=str(paid))
        found.append(note)
    return found


async def read_site(client: Ticketbutler, night: Night) -> Site:
    """Read the event's list, and the orders of our sales and refunds.

    A list may be an old one, so that tickets which should be in, and are not by it, are read one by
    one. Raises TicketbutlerError where the list cannot be had.
    """
    admitted, orders = night.should_be_in, night.orders
    listed = await client.tickets.list(night.event.uuid)
    tickets = {ticket.uuid: ticket for ticket in listed.tickets} if listed else {}
    doubtful = [uuid for uuid in admitted if uuid not in tickets or not tickets[uuid].checked_in]
    unread: dict[str, str] = {}
    read = await asyncio.gather(*(_read(client.tickets.get, uuid, unread) for uuid in doubtful))
    for uuid, ticket in zip(doubtful, read, strict=True):
        if ticket is not None:
            tickets[uuid] = _merged(tickets.get(uuid), ticket)
        elif uuid not in unread:
            tickets.pop(uuid, None)
    found = await asyncio.gather(*(_read(client.orders.get, uuid, unread) for uuid in orders))
    return Site(tickets, dict(zip(orders, found, strict=True)), unread)


def _merged(listed: Ticket | None, read: Ticket) -> Ticket:
    """A single read, as one of the event that was asked about."""
    return read._replace(
        event=listed.event if listed else read.event,
        ticket_type=read.ticket_type or (listed.ticket_type if listed else ""),
    )


async def _read(
    request: Callable[[str], Awaitable[T]], uuid: str, unread: dict[str, str]
) -> T | None:
    """None: the site has none such, or it is among the `unread` now."""
    try:
        return await request(uuid)
    except NotFound:
        return None
    except TicketbutlerError as error:
        log.info("%s not read for the account: %s", uuid, error)
        unread[uuid] = error.sentence
        return None


async def read_guest_list(
    journal: Journal, store: RosterStore, event: Event, now: datetime, policy: DoorPolicy
) -> GuestList:
    """The list as this computer has it. Raises ProblemError where it has none, and StoreError."""
    listed = await store.read_all(tickets.load, event.uuid)
    if not listed:
        raise ProblemError(_(NO_LIST))
    pulled = await store.read(ticket_lists.pulled, event.uuid)
    claims = await store.read_all(claim_feed.in_by_others, event.uuid, "")  # of every door
    ours = await journal.read_all(admissions.of_event, event.uuid)
    sold = await journal.read_all(sales.in_states, event.uuid)
    return list_guests(
        event,
        listed,
        now=now,
        read_at=pulled.at if pulled else None,
        let_in={one.ticket: one.at for one in claims} | {one.ticket: one.at for one in ours},
        orders=await store.read_all(orders.of_event, event.uuid),
        takings=await journal.read_all(takings.of_event, event.uuid),
        sold=(sale.order for sale in sold if sale.booked and sale.order),
        policy=policy,
    )
