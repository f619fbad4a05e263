"""Looks for the order of a sale, and for its tickets: at the order, in the list, one by one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, TypeVar

from boxoffice.clock import LateError, within
from boxoffice.domain.models import Order, Ticket, TicketType
from boxoffice.domain.order_matching import (
    ANOTHER_BUYER,
    candidates,
    distance,
    may_be_order,
    names_buyer,
    on_order,
    unread,
)
from boxoffice.domain.party import by_number
from boxoffice.domain.sale import Sale
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.language import N_, _
from boxoffice.store import json_docs, orders, sales, ticket_lists, tickets
from boxoffice.sync.context import SyncContext, SyncPart
from boxoffice.sync.puller import Puller
from boxoffice.sync.sales.rules import NotForSale, Searched
from boxoffice.ticketbutler import Forbidden, NotFound, Refused, TicketbutlerError

log = logging.getLogger(__name__)

T = TypeVar("T")

READS = 60
"""Tickets, and orders, read one by one in one search at most."""
AT_ONCE = 4
"""Of them, side by side: the door's own reads go on beside them."""
LIST_WITHIN = 10.0
"""Seconds that a first sale waits for the first list."""
NO_LIST = N_("The list of tickets could not be read.")
NO_ORDER = N_("The site does not tell which order a ticket belongs to.")
MORE = N_("There are many new tickets to look at.")

Pullers = Callable[[str], Puller]
"""Who reads the list of an event, by its uuid."""


class SaleTickets(NamedTuple):
    tickets: tuple[Ticket, ...] = ()
    trouble: str = ""
    """Why there may be more of them."""
    are_fresh: bool = False
    """They were read one by one just now."""


class OrderSearch(SyncPart):
    """Reads what may belong to a sale, and caches what was read."""

    def __init__(self, context: SyncContext, pullers: Pullers) -> None:
        super().__init__(context)
        self._pullers = pullers
        self._orders: dict[str, Order] = {}
        self._asked: set[str] = set()
        """Orders whose mark was asked for."""

    async def types(self, event: str) -> list[TicketType]:
        """The ticket types of an event, from the server where they are not known here."""
        known = await self._store.read(json_docs.get_list, json_docs.TICKET_TYPES, event)
        if not known:
            await self._pullers(event).metadata.pull()
            known = await self._store.read(json_docs.get_list, json_docs.TICKET_TYPES, event)
        return known

    async def newest(self, event: str) -> int | None:
        """The highest number of a ticket that is known; None: no list came in time."""
        if await self._store.read(ticket_lists.pulled, event) is None:
            with suppress(LateError):
                await within(LIST_WITHIN, self._pullers(event).pull(), self._clock)
        return await self._store.read(tickets.highest_number, event)

    async def search(self, sale: Sale) -> Searched:
        """Which orders may be the sale's: of its buyer, with its tickets, and of no other sale."""
        event, begun = sale.cart.event, self._clock.now()
        puller = self._pullers(event)
        if not await puller.pull():
            return Searched(begun, trouble=self._link.cause or _(NO_LIST))
        types = await self.types(event)
        trouble = await self._read_tickets(sale, puller, enough=None)
        begun_here = await self._journal.read_all(sales.in_states, event)
        taken = {other.order for other in begun_here if other.order}
        listed = list((await puller.load()).values())
        found = await asyncio.to_thread(candidates, sale, listed, taken, types)
        unknown = [uuid for uuid in found if uuid not in self._orders]
        read = await _side_by_side(unknown[:READS], self._read_order)
        trouble = trouble or read or (_(MORE) if len(unknown) > READS else "")
        known = [self._orders[uuid] for uuid in found if uuid in self._orders]
        matches = [order for order in known if may_be_order(order, sale)]
        unmarked = [
            order
            for order in matches
            if order.external_order_id is None
            and order.uuid not in self._asked
            and names_buyer(order)
        ]
        asked = await _side_by_side(unmarked, lambda order: self._ask_for_mark(order, sale))
        return Searched(
            begun, tuple(self._orders[order.uuid] for order in matches), trouble or asked
        )

    async def tickets(self, sale: Sale) -> SaleTickets:
        """The tickets of a sale that is placed: those that its order names, else by the list.

        Raises TicketbutlerError where one that its order names cannot be read now.
        """
        if named := await self._by_order(sale):
            return named
        puller = self._pullers(sale.cart.event)
        if not await puller.pull():
            return SaleTickets(trouble=self._link.cause or _(NO_LIST))
        found = on_order((await puller.load()).values(), sale.order)
        if len(found) >= sale.cart.amount:
            return SaleTickets(tuple(found))
        trouble = await self._read_tickets(sale, puller, enough=sale.cart.amount)
        return SaleTickets(tuple(on_order((await puller.load()).values(), sale.order)), trouble)

    async def _by_order(self, sale: Sale) -> SaleTickets | None:
        """Those that the order itself names; None: it cannot be read, or does not name all.

        None as well where the site does not know one of them (yet). Raises TicketbutlerError.
        """
        if sale.order is None:
            return None
        try:
            order = await self._client.orders.get(sale.order, retry=False)
        except TicketbutlerError as error:
            log.info("order %s not read: %s", sale.order, error)
            return None
        if order.party is None or len(order.party) < sale.cart.amount:
            return None
        event, found = sale.cart.event, []
        await self._pullers(event).save_order(order)
        for named in order.party:
            try:
                found.append(await self.fresh(named.uuid, event))
            except NotFound as error:
                log.info("ticket %s of order %s not read: %s", named.uuid, order.uuid, error)
                return None
        return SaleTickets(tuple(sorted(found, key=by_number)), are_fresh=True)

    async def named(self, sale: Sale, text: str) -> Order:
        """The order that a person names as the sale's: by its uuid, or by what people call it.

        Raises NotForSale where there is none such at the event or it is another one's, and
        TicketbutlerError.
        """
        uuid, event = hex_uuid(text), sale.cart.event
        if uuid is None:
            wanted = clean(text).casefold()
            known = await self._store.read(orders.ids, event)
            found = [one for one, order_id in known.items() if order_id.casefold() == wanted]
            if len(found) != 1:
                unknown = _("No order {order} is known here: give its uuid.")
                raise NotForSale(unknown.format(order=clean(text)))
            (uuid,) = found
        order = await self._client.orders.get(uuid)
        if order.event not in (None, event):
            raise NotForSale(_("That order is of another event."))
        is_free = await self._journal.read(sales.of_order, uuid) is None
        tells = order.external_order_id is not None
        if is_free and not tells and names_buyer(order) and may_be_order(order, sale):
            self._orders[uuid] = order
            await self._ask_for_mark(order, sale)
            order = self._orders[uuid]
        if order.external_order_id not in (None, sale.external_order_id):
            raise NotForSale(_("That order was placed by somebody else: it carries another mark."))
        await self._store.write(orders.save, order)
        return order

    async def fresh(self, uuid: str, event: str) -> Ticket:
        """The ticket as the server has it now. Raises TicketbutlerError."""
        read = await self._client.tickets.get(uuid, retry=False)
        return await self._pullers(event).save(read._replace(event=event))

    async def _read_tickets(self, sale: Sale, puller: Puller, *, enough: int | None) -> str:
        """Find out the orders of tickets that may be the sale's, those that look like it first.

        Stops when `enough` tickets of its order are known. Answers why not all were read.
        """
        listed = list((await puller.load()).values())
        left = await asyncio.to_thread(unread, sale, listed)
        for start in range(0, min(len(left), READS), AT_ONCE):
            some = left[start : start + AT_ONCE]
            if trouble := await _side_by_side(some, lambda one: self._read_ticket(one, sale)):
                return trouble
            tickets = (await puller.load()).values()
            if enough is not None and len(on_order(tickets, sale.order)) >= enough:
                return ""
        return _(MORE) if len(left) > READS else ""

    async def _read_ticket(self, ticket: Ticket, sale: Sale) -> str:
        read = await self.fresh(ticket.uuid, sale.cart.event)
        unlike = distance(ticket, sale.cart) >= ANOTHER_BUYER
        return _(NO_ORDER) if read.order is None and not unlike else ""

    async def _read_order(self, uuid: str) -> str:
        self._orders[uuid] = order = await self._client.orders.get(uuid, retry=False)
        await self._store.write(orders.save, order)
        return ""

    async def _ask_for_mark(self, order: Order, sale: Sale) -> str:
        """Have the site name the mark of an order, which its answer to a read may leave out.

        It is in the answer to a change ("Update order"): the buyer, who is the same, is written
        once more. Two doors with one house e-mail could not be told apart otherwise. An order that
        does not say whose it is is left as it is.
        """
        buyer, known = sale.cart.buyer, order.address
        same = replace(
            known,
            first_name=known.first_name or buyer.first_name,
            last_name=known.last_name or buyer.last_name,
            email=known.email or order.email,
        )
        try:
            written = await self._client.orders.patch(order.uuid, same, before=order.address)
        except (Refused, NotFound, Forbidden) as error:
            if isinstance(error, Forbidden):
                self._link.note_single_refusal()
            log.info("mark of order %s not named: %s", order.uuid, error)
        else:
            mark = written.external_order_id
            self._orders[order.uuid] = order._replace(external_order_id=mark)
        self._asked.add(order.uuid)
        return ""


async def _side_by_side(items: Sequence[T], read: Callable[[T], Awaitable[str]]) -> str:
    """Read all of `items`, AT_ONCE at a time; the first trouble, if any.

    That is what `read` answers, or why it failed; what the site does not know is none.
    """

    async def trouble_with(item: T) -> str:
        try:
            return await read(item)
        except NotFound:
            return ""
        except TicketbutlerError as error:
            log.info("not read, for a sale: %s", error)
            return error.without_advice or error.sentence

    troubles: list[str] = []
    for start in range(0, len(items), AT_ONCE):
        troubles += await asyncio.gather(*map(trouble_with, items[start : start + AT_ONCE]))
    return next(filter(None, troubles), "")
