"""Asks the server how an event stands, for the night's account."""

import asyncio
import logging
from collections.abc import Collection

from boxoffice.domain.account import Site
from boxoffice.domain.models import Order, Ticket
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)


async def reconcile(
    client: Ticketbutler, event: str, *, admitted: Collection[str], orders: Collection[str]
) -> Site:
    """Read the list, and our sales' orders.

    A list may be an old one, so that tickets of `admitted` that are not in by it are read one by
    one. Raises TicketbutlerError where the list cannot be had.
    """
    listed = await client.ticket_list(event)
    tickets = {ticket.uuid: ticket for ticket in listed.tickets} if listed else {}
    doubtful = [uuid for uuid in admitted if uuid not in tickets or not tickets[uuid].checked_in]
    unread: dict[str, str] = {}
    read = await asyncio.gather(*(_ticket(client, uuid, unread) for uuid in doubtful))
    for uuid, ticket in zip(doubtful, read, strict=True):
        if ticket is not None:
            tickets[uuid] = _merged(tickets.get(uuid), ticket)
        elif uuid not in unread:
            tickets.pop(uuid, None)
    found = await asyncio.gather(*(_order(client, uuid, unread) for uuid in orders))
    return Site(tickets, dict(zip(orders, found, strict=True)), unread)


def _merged(listed: Ticket | None, read: Ticket) -> Ticket:
    """A single read, as one of the event that was asked about."""
    return read._replace(
        event=listed.event if listed else read.event,
        ticket_type=read.ticket_type or (listed.ticket_type if listed else ""),
    )


async def _ticket(client: Ticketbutler, uuid: str, unread: dict[str, str]) -> Ticket | None:
    try:
        return await client.ticket(uuid)
    except NotFound:
        return None
    except TicketbutlerError as error:
        log.info("ticket %s not read for the account: %s", uuid, error)
        unread[uuid] = error.sentence
        return None


async def _order(client: Ticketbutler, uuid: str, unread: dict[str, str]) -> Order | None:
    try:
        return await client.order(uuid)
    except NotFound:
        return None
    except TicketbutlerError as error:
        log.info("order %s not read for the account: %s", uuid, error)
        unread[uuid] = error.sentence
        return None
