"""Posts a sale as an order, and writes down what came of it."""

import logging
from collections.abc import Callable
from datetime import timedelta

from boxoffice.clock import Clock
from boxoffice.domain.models import Address, Order
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.store import ClaimedError, Journal, RosterStore
from boxoffice.sync.backoff import Jitter
from boxoffice.sync.selling import AGAIN, Step, after_refusal
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

_S = SaleState

Begun = Callable[[Sale], object]
"""Hears of a sale as soon as it is on disk, before it is posted."""


class Poster:
    """Takes one step of a sale at a time. Who posts holds the data folder's lock meanwhile."""

    def __init__(
        self,
        journal: Journal,
        store: RosterStore,
        client: Ticketbutler,
        *,
        clock: Clock,
        jitter: Jitter,
        told: Callable[[Sale], Sale],
    ) -> None:
        """`told` hears of each sale that went on, and answers it."""
        self._till = journal.till
        self._store = store
        self._client = client
        self._clock = clock
        self._jitter = jitter
        self._told = told
        self._ended: dict[int, float] = {}
        """When the last post of a sale was over, on the monotonic clock."""

    async def post(self, sale: Sale, *, before: SaleState | None) -> Sale:
        """Post a sale that is SENDING on disk, and write down what came of it."""
        buyer = sale.cart.buyer
        try:
            order = await self._client.create_order(
                sale.cart.event,
                address=Address(buyer.first_name, buyer.last_name, buyer.email, buyer.phone),
                amounts=[(line.ticket_type, line.amount) for line in sale.cart.lines],
                external_order_id=sale.external_order_id,
            )
        except TicketbutlerError as error:
            log.warning("sale %s: %s", sale.external_order_id, error)
            self._ended[sale.id] = self._clock.monotonic()
            return await self.move(sale, after_refusal(sale, error, before, self._jitter))
        return await self.sold(sale, order, otherwise=Step(_S.UNKNOWN, AGAIN))

    async def repost(self, sale: Sale, begun: Begun | None = None) -> Sale:
        """Post a sale that waits, or one again that is not placed or that a person wants placed.

        Its tickets are still those behind the number known before its first post.
        """
        after = sale.after_number
        if after is None:
            after = await self._store.highest_number(sale.cart.event)
        sending = await self._till.advance(sale.id, _S.SENDING, after_number=after)
        if sending is None:
            return await self.now(sale)
        if begun is not None:
            begun(sending)
        return await self.post(self._told(sending), before=sale.state)

    async def sold(self, sale: Sale, order: Order, *, otherwise: Step) -> Sale:
        """The order is the sale's; where that cannot be, go `otherwise`."""
        if order.external_order_id not in (None, sale.external_order_id):
            log.error("sale %s: %s is another one", sale.external_order_id, order.uuid)
            return await self.move(sale, otherwise)
        try:
            sale = await self.move(sale, Step(_S.SOLD), order)
        except ClaimedError as error:
            log.error("sale %s: %s", sale.external_order_id, error)
            return await self.move(sale, otherwise)
        await self._store.learn_order(order)  # a copy: the sale is safe first
        return sale

    async def move(self, sale: Sale, step: Step, order: Order | None = None) -> Sale:
        """Write a step down; where the sale stands elsewhere meanwhile, say where."""
        due = None if step.wait is None else self._clock.now() + timedelta(seconds=step.wait)
        moved = await self._till.advance(
            sale.id,
            step.to,
            reason=step.reason,
            due=due,
            order=order.uuid if order else None,
            order_id=order.order_id if order else "",
        )
        return self._told(moved) if moved is not None else await self.now(sale)

    def waited(self, sale: Sale) -> float | None:
        """Seconds since the last post of a sale was over; None: this process has made none."""
        ended = self._ended.get(sale.id)
        return None if ended is None else self._clock.monotonic() - ended

    async def now(self, sale: Sale) -> Sale:
        """The sale as it stands now."""
        return await self._till.sale(sale.id) or sale
