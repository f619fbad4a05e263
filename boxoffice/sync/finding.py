"""Looks for the order of a sale, and for its tickets: in the list, then one by one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from boxoffice.clock import Clock, LateError, within
from boxoffice.domain.finding import (
    ANOTHER_BUYER,
    distance,
    may_be,
    same_amounts,
    same_buyer,
    says_buyer,
)
from boxoffice.domain.models import Order, Ticket, TicketType
from boxoffice.domain.sale import Sale
from boxoffice.store import Journal, RosterStore
from boxoffice.sync.link import Link
from boxoffice.sync.puller import Puller
from boxoffice.ticketbutler import (
    Forbidden,
    NotFound,
    Refused,
    Ticketbutler,
    TicketbutlerError,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

READS = 60
"""Tickets, and orders, read one by one in one search at most."""
AT_ONCE = 4
"""Of them, side by side: the door's own reads go on beside them."""
LIST_WITHIN = 10.0
"""Seconds that a first sale waits for the first list."""
NO_LIST = "The list of tickets could not be read."
NO_ORDER = "The site does not tell which order a ticket belongs to."
MORE = "There are many new tickets to look at."

Keep = Callable[[Ticket], Awaitable[Ticket]]
Pullers = Callable[[str], Puller]
"""Who reads the list of an event, by its uuid."""


class Searched(NamedTuple):
    """What a search came to."""

    begun: datetime
    """When the list was asked for that it rests on."""
    matches: tuple[Order, ...] = ()
    """Orders that may be the sale's, oldest first."""
    trouble: str = ""
    """Why not all of what may be the sale's could be looked at; empty: all was."""


class Finder:
    """Reads what may belong to a sale, and keeps what it learns."""

    def __init__(
        self,
        journal: Journal,
        store: RosterStore,
        client: Ticketbutler,
        link: Link,
        pullers: Pullers,
        *,
        clock: Clock,
    ) -> None:
        self.keep: Keep | None = None
        """Takes up a ticket that was read, in place of the store."""
        self._till = journal.till
        self._store = store
        self._client = client
        self._link = link
        self._pullers = pullers
        self._clock = clock
        self._orders: dict[str, Order] = {}
        self._asked: set[str] = set()

    async def types(self, event: str) -> list[TicketType]:
        """The ticket types of an event, from the server where they are not known here."""
        known = await self._store.ticket_types(event)
        if not known:
            await self._pullers(event).pull_questions()
            known = await self._store.ticket_types(event)
        return known

    async def newest(self, event: str) -> int | None:
        """The highest number of a ticket that is known; None: no list is to be had in time."""
        if await self._store.pulled(event) is None:
            with suppress(LateError):
                await within(LIST_WITHIN, self._pullers(event).pull(), self._clock)
        return await self._store.highest_number(event)

    async def search(self, sale: Sale) -> Searched:
        """Which orders may be the sale's: of its buyer, with its tickets, and of no other sale."""
        event, begun = sale.cart.event, self._clock.now()
        puller = self._pullers(event)
        if not await puller.pull():
            return Searched(begun, trouble=self._link.sentence or NO_LIST)
        types = await self.types(event)
        trouble = await self._read(sale, puller, enough=None)
        sales = await self._till.sales(event)
        taken = {other.order for other in sales if other.order and other.id != sale.id}
        listed = dict(await puller.load())
        groups = await asyncio.to_thread(_groups, sale, listed, taken, types)
        unread = [uuid for uuid in groups if uuid not in self._orders]
        read = await _side_by_side(unread[:READS], self._read_order)
        trouble = trouble or next(filter(None, read), "") or (MORE if len(unread) > READS else "")
        known = [self._orders[uuid] for uuid in groups if uuid in self._orders]
        matches = [order for order in known if _matches(order, sale)]
        read = await _side_by_side(
            [
                order
                for order in matches
                if order.external_order_id is None
                and order.uuid not in self._asked
                and says_buyer(order)
            ],
            lambda order: self._ask_for_mark(order, sale),
        )
        trouble = trouble or next(filter(None, read), "")
        return Searched(begun, tuple(self._orders[order.uuid] for order in matches), trouble)

    async def tickets(self, sale: Sale) -> tuple[list[Ticket], str]:
        """The tickets of a sale that is placed, by number; and why there may be more."""
        puller = self._pullers(sale.cart.event)
        if not await puller.pull():
            return [], self._link.sentence or NO_LIST
        found = _of_order(await puller.load(), sale.order)
        trouble = ""
        if len(found) < sale.cart.amount:
            trouble = await self._read(sale, puller, enough=sale.cart.amount)
            found = _of_order(await puller.load(), sale.order)
        return found, trouble

    async def fresh(self, uuid: str, event: str) -> Ticket:
        """The ticket as the server has it now. Raises TicketbutlerError."""
        read = await self._client.ticket(uuid, retry=False)
        ticket = self._pullers(event).learn(read._replace(event=event))
        if self.keep is not None:
            return await self.keep(ticket)
        await self._store.learn(ticket)
        return ticket

    async def _read(self, sale: Sale, puller: Puller, *, enough: int | None) -> str:
        """Learn the orders of tickets that may be the sale's, those that look like it first.

        Stops when `enough` tickets of its order are known. Answers why not all were read.
        """
        listed = dict(await puller.load())
        unread = await asyncio.to_thread(_unread, sale, listed)
        for start in range(0, min(len(unread), READS), AT_ONCE):
            piece = unread[start : start + AT_ONCE]
            read = await _side_by_side(piece, lambda each: self._read_ticket(each, sale))
            if trouble := next(filter(None, read), ""):
                return trouble
            if enough is not None and len(_of_order(await puller.load(), sale.order)) >= enough:
                return ""
        return MORE if len(unread) > READS else ""

    async def _read_ticket(self, ticket: Ticket, sale: Sale) -> str:
        try:
            read = await self.fresh(ticket.uuid, sale.cart.event)
        except NotFound:
            return ""
        except TicketbutlerError as error:
            log.info("ticket %s not read: %s", ticket.uuid, error)
            return error.sentence
        unlike = distance(ticket, sale.cart) >= ANOTHER_BUYER
        return NO_ORDER if read.order is None and not unlike else ""

    async def _read_order(self, uuid: str) -> str:
        try:
            order = await self._client.order(uuid, retry=False)
        except NotFound:
            return ""
        except TicketbutlerError as error:
            log.info("order %s not read: %s", uuid, error)
            return error.sentence
        self._orders[uuid] = order
        await self._store.learn_order(order)
        return ""

    async def _ask_for_mark(self, order: Order, sale: Sale) -> str:
        """Have the site tell the mark of an order, which its answer to a read may leave out.

        It tells it of an order that is changed ("Update order"): the buyer, who is the same, is
        written once more. Two doors with one house e-mail could not be told apart otherwise. An
        order that does not say whose it is is left as it is.
        """
        buyer, known = sale.cart.buyer, order.address
        same = replace(
            known,
            first_name=known.first_name or buyer.first_name,
            last_name=known.last_name or buyer.last_name,
            email=known.email or order.email,
        )
        try:
            told = await self._client.update_order(order.uuid, same, before=order.address)
        except (Refused, NotFound, Forbidden) as error:
            if isinstance(error, Forbidden):
                self._link.forbade_one_only()
            log.info("mark of order %s not told: %s", order.uuid, error)
            self._asked.add(order.uuid)
            return ""
        except TicketbutlerError as error:
            log.info("mark of order %s not told: %s", order.uuid, error)
            return error.sentence
        self._asked.add(order.uuid)
        self._orders[order.uuid] = order._replace(external_order_id=told.external_order_id)
        return ""


def _unread(sale: Sale, listed: Mapping[str, Ticket]) -> list[Ticket]:
    """Tickets that may be the sale's and whose order is not known, the likeliest first."""
    ranked = [
        (distance(ticket, sale.cart), -(ticket.number or 0), ticket)
        for ticket in listed.values()
        if ticket.order is None and may_be(ticket, sale.after_number)
    ]
    if sale.after_number is None:
        ranked = [each for each in ranked if each[0] < ANOTHER_BUYER]
    return [ticket for *_, ticket in sorted(ranked, key=lambda each: each[:2])]


def _groups(
    sale: Sale,
    listed: Mapping[str, Ticket],
    taken: Collection[str],
    types: Collection[TicketType],
) -> list[str]:
    """Orders with new tickets, and no others than the sale has; oldest first."""
    new = {
        ticket.order
        for ticket in listed.values()
        if ticket.order is not None
        and ticket.order not in taken
        and may_be(ticket, sale.after_number)
        and (sale.after_number is not None or distance(ticket, sale.cart) < ANOTHER_BUYER)
    }
    tickets: dict[str, list[Ticket]] = {uuid: [] for uuid in new}
    for ticket in listed.values():
        if ticket.order in tickets:
            tickets[ticket.order].append(ticket)
    age = {uuid: min(ticket.number or 0 for ticket in tickets[uuid]) for uuid in new}
    return sorted(
        (uuid for uuid in new if same_amounts(sale.cart, tickets[uuid], types)),
        key=lambda uuid: (age[uuid], uuid),
    )


def _matches(order: Order, sale: Sale) -> bool:
    if order.event not in (None, sale.cart.event):
        return False
    return order.external_order_id == sale.external_order_id or same_buyer(order, sale.cart.buyer)


def _of_order(listed: Mapping[str, Ticket], order: str | None) -> list[Ticket]:
    found = [ticket for ticket in listed.values() if order and ticket.order == order]
    return sorted(found, key=lambda ticket: (ticket.number or 0, ticket.uuid))


async def _side_by_side(items: Sequence[T], work: Callable[[T], Awaitable[str]]) -> list[str]:
    """What `work` says of each, AT_ONCE at a time."""
    said: list[str] = []
    for start in range(0, len(items), AT_ONCE):
        said += await asyncio.gather(*(work(item) for item in items[start : start + AT_ONCE]))
    return said
