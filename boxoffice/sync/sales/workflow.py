"""The way of one sale: begun, posted, looked for, found, fulfilled. Never posted twice."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from boxoffice.domain.cart import Cart
from boxoffice.domain.models import Address, Order
from boxoffice.domain.order_matching import OrderMatch, match_order
from boxoffice.domain.sale import Sale, SaleState, SaleUpdate
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.store import ClaimedError, SeatsError, orders, sales, seats, tickets
from boxoffice.store.updates import SaleUpdated
from boxoffice.sync.context import BusyError, ProcessLock, SyncContext, SyncPart
from boxoffice.sync.sales.fulfilment import Fulfilment
from boxoffice.sync.sales.order_search import OrderSearch
from boxoffice.sync.sales.rules import (
    AGAIN,
    CANNOT_TELL,
    NotForSale,
    Searched,
    Step,
    after_refusal,
    after_search,
    next_look,
)
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

_S = SaleState
PATIENCE = 60.0
"""Seconds to wait for another sale that is being placed; a post takes 45 at most."""
BUSY = N_("Another sale is being placed on this computer: wait a moment, then try again.")
ELSEWHERE = N_("This sale has moved on meanwhile: look at it again.")

Begun = Callable[[Sale], object]
"""Called with a sale as soon as it is on disk, before it is posted."""


class SaleWorkflow(SyncPart):
    """Takes a sale from state to state (`domain.sale.RULES`), each on disk before the next.

    Who posts, or decides what became of a post, holds the data folder's lock meanwhile: a sale
    found SENDING by its holder was cut off, and no order belongs to a sale that is just being
    posted.
    """

    def __init__(
        self, context: SyncContext, search: OrderSearch, fulfilment: Fulfilment, lock: ProcessLock
    ) -> None:
        super().__init__(context)
        self._search = search
        self._fulfilment = fulfilment
        self._lock = lock
        self._has_escrow = context.venue is not None
        self._at_work: set[int] = set()
        self._post_ended: dict[int, float] = {}
        """When the last post of a sale was over, on the monotonic clock."""
        self._failing_since: dict[int, float] = {}
        """Since when looks for the order of a sale have failed, on the monotonic clock."""

    def is_at_work(self, sale: Sale) -> bool:
        return sale.id in self._at_work

    def is_failing(self, sale: Sale) -> bool:
        """Whether the last look for its order could not look at everything."""
        return sale.id in self._failing_since

    # Begun

    async def queue(self, cart: Cart) -> Sale:
        """Write a sale down, with its money, until it can be posted.

        At a venue it comes out of the escrow: raises NotForSale where that does not hold so much.
        """
        after = await self._store.read(tickets.highest_number, cart.event)
        if self._has_escrow:
            try:
                sale = await self._journal.write(seats.queue, cart, after_number=after)
            except SeatsError as error:
                raise NotForSale(error.sentence) from error
        else:
            sale = await self._journal.write(
                sales.begin, cart, state=_S.QUEUED, unattended=True, after_number=after
            )
        return await self._publish(sale)

    async def place(self, cart: Cart, begun: Begun, *, unattended: bool) -> Sale:
        """Begin a sale and take it as far as it comes. Raises NotForSale before it has begun."""
        after = await self._search.newest(cart.event)
        async with self._locked():
            sale = await self._journal.write(
                sales.begin, cart, state=_S.SENDING, unattended=unattended, after_number=after
            )
            begun(await self._publish(sale))
            sale = await self._post(sale, before=None)
        return await self.advance(sale)

    async def advance(self, sale: Sale) -> Sale:
        """Take a sale as far as it comes now, unless that is being done already."""
        if self.is_at_work(sale):
            return sale
        self._at_work.add(sale.id)
        try:
            if sale.state is _S.QUEUED and sale.lost:
                sale = await self._move(sale, Step(_S.UNKNOWN, sale.reason))
            if sale.state is _S.QUEUED:
                async with self._locked():
                    sale = await self.now(sale)
                    if sale.state is _S.QUEUED:
                        sale = await self._repost(sale)
            if sale.state is _S.UNKNOWN:
                sale = await self._look(sale)
            if sale.state is _S.SOLD:
                done = await self._fulfilment.fulfil(sale)
                sale = await self._published(sale, done)
        finally:
            self._at_work.discard(sale.id)
        return sale

    async def recover(self) -> None:
        """Sales that a process left while it posted them are looked for from now on."""
        if self._lock.is_ours or not await self._journal.read_all(
            sales.in_states, None, {_S.SENDING}
        ):
            return
        try:
            async with self._lock.hold(0):
                await self._journal.write(sales.recover)
        except BusyError:
            return  # they are being posted by another process, which is well

    # Posted

    async def _post(self, sale: Sale, *, before: SaleState | None) -> Sale:
        """Post a sale that is SENDING on disk, and write down what came of it."""
        buyer = sale.cart.buyer
        try:
            placed = await self._client.orders.create(
                sale.cart.event,
                address=Address(buyer.first_name, buyer.last_name, buyer.email, buyer.phone),
                amounts=[(line.ticket_type, line.amount) for line in sale.cart.lines],
                external_order_id=sale.external_order_id,
            )
        except TicketbutlerError as error:
            log.warning("sale %s: %s", sale.external_order_id, error)
            self._post_ended[sale.id] = self._clock.monotonic()
            return await self._move(sale, after_refusal(sale, error, before, self._jitter))
        return await self._sold(sale, placed.as_order(), otherwise=Step(_S.UNKNOWN, _(AGAIN)))

    async def _repost(self, sale: Sale, begun: Begun | None = None) -> Sale:
        """Post a sale that waits, or one again that is not placed or that a person wants placed.

        Its tickets are still those behind the number known before its first post.
        """
        after = sale.after_number
        if after is None:
            after = await self._store.read(tickets.highest_number, sale.cart.event)
        sending = await self._journal.write(
            sales.advance, sale.id, _S.SENDING, SaleUpdate(after_number=after)
        )
        if sending is None:
            return await self.now(sale)
        if begun is not None:
            begun(sending)
        return await self._post(await self._publish(sending), before=sale.state)

    # Looked for

    async def _look(self, sale: Sale) -> Sale:
        """Look for the order of an UNKNOWN sale, and decide."""
        ended = self._post_ended.get(sale.id)
        waited = None if ended is None else self._clock.monotonic() - ended
        searched = await self._search.search(sale)
        failing = self._failing_for(sale, searched.trouble)
        async with self._locked():
            sale = await self.now(sale)
            if sale.state is not _S.UNKNOWN:
                return sale
            found = await self._match_order(sale, searched)
            step = after_search(sale, found, searched, waited=waited, failing=failing)
            if step is None:
                return await self._look_later(sale, searched.trouble)
            if found.order is not None:
                return await self._sold(
                    sale, found.order, otherwise=Step(_S.UNSURE, _(CANNOT_TELL))
                )
            if step.to is _S.SENDING:
                return await self._repost(sale)
            return await self._move(sale, step)

    def _failing_for(self, sale: Sale, trouble: str) -> float:
        """Seconds for which looks for its order have failed."""
        if not trouble:
            self._failing_since.pop(sale.id, None)
            return 0.0
        now = self._clock.monotonic()
        return now - self._failing_since.setdefault(sale.id, now)

    async def _match_order(self, sale: Sale, searched: Searched) -> OrderMatch:
        """Which of the matches is the sale's, by what is in the journal now.

        Where not all could be looked at, only an order with our mark on it is ours for sure.
        """
        free = []
        for order in searched.matches:
            owner = await self._journal.read(sales.of_order, order.uuid)
            sure = not searched.trouble or order.external_order_id == sale.external_order_id
            if sure and (owner is None or owner.id == sale.id):
                free.append(order)
        return match_order(
            sale, free, await self._journal.read_all(sales.in_states, sale.cart.event)
        )

    async def _look_later(self, sale: Sale, trouble: str) -> Sale:
        later = SaleUpdate(due=next_look(sale, self._clock.now()), reason=trouble or sale.reason)
        noted = await self._journal.write(sales.note, sale.id, sale.state, later)
        return await self._published(sale, noted)

    # Decided by a person

    async def look(self, sale: Sale) -> Sale:
        """Look for the order of a sale now, by a person's word, wherever it stands."""
        if sale.state is _S.UNSURE:
            sale = await self._move(sale, Step(_S.UNKNOWN, sale.reason))
        elif sale.state is _S.NOT_PLACED:
            searched = await self._search.search(sale)
            async with self._locked():
                sale = await self.now(sale)
                if sale.state is _S.NOT_PLACED:
                    sale = await self._found(sale, searched)
        if sale.state in (_S.UNKNOWN, _S.SOLD):
            return await self.advance(sale)
        return sale

    async def again(self, sale: Sale, begun: Begun) -> Sale:
        """Post a sale again by a person's word, unless its order is found after all.

        Raises NotForSale before it has begun.
        """
        searched = None
        if not sale.needs_person:
            raise NotForSale(_(ELSEWHERE))
        if sale.state is not _S.FAILED or sale.lost:
            searched = await self._search.search(sale)
            if searched.trouble and sale.state is not _S.UNSURE:
                lost = _("It could not be looked for once more: {reason}")
                raise NotForSale(lost.format(reason=searched.trouble))
        async with self._locked():
            now = await self.now(sale)
            if now.state is not sale.state:
                raise NotForSale(_(ELSEWHERE))
            if searched is not None:
                now = await self._found(now, searched)
            if now.state is sale.state:
                now = await self._repost(now, begun)
        begun(now)
        return await self.advance(now)

    async def give_up(self, sale: Sale, reason: str) -> Sale:
        """Give a sale up by a person's word: what was taken is given back. Raises NotForSale."""
        if not clean(reason):
            raise NotForSale(_("A sale is not given up without a reason."))
        dropped = await self._journal.write(
            sales.advance, sale.id, _S.DROPPED, SaleUpdate(reason=reason)
        )
        if dropped is None:
            raise NotForSale(_("This sale cannot be given up as it stands now."))
        return await self._publish(dropped)

    async def name_order(self, sale: Sale, named: str) -> Sale:
        """A person names the order of a sale. Raises NotForSale or TicketbutlerError."""
        order = await self._search.named(sale, named)
        async with self._locked():
            try:
                sold = await self._journal.write(
                    sales.advance,
                    sale.id,
                    _S.SOLD,
                    SaleUpdate(order=order.uuid, order_id=order.order_id),
                )
            except ClaimedError as error:
                raise NotForSale(error.sentence) from error
        if sold is None:
            raise NotForSale(_(ELSEWHERE))
        return await self._publish(sold)

    async def _found(self, sale: Sale, searched: Searched) -> Sale:
        """The sale, SOLD where its order was found; raises NotForSale where that is in doubt."""
        found = await self._match_order(sale, searched)
        if found.unsure and sale.state is not _S.UNSURE:
            raise NotForSale(f"{_(CANNOT_TELL)} {found.unsure}")
        if found.order is None:
            return sale
        return await self._sold(sale, found.order, otherwise=Step(sale.state))

    # Written down

    async def _sold(self, sale: Sale, order: Order, *, otherwise: Step) -> Sale:
        """The order is the sale's; where that cannot be, go `otherwise`."""
        if order.external_order_id not in (None, sale.external_order_id):
            log.error("sale %s: %s is another one", sale.external_order_id, order.uuid)
            return await self._move(sale, otherwise)
        try:
            sale = await self._move(sale, Step(_S.SOLD), order)
        except ClaimedError as error:
            log.error("sale %s: %s", sale.external_order_id, error)
            return await self._move(sale, otherwise)
        await self._store.write(orders.save, order)  # a copy: the sale is safe first
        return sale

    async def _move(self, sale: Sale, step: Step, order: Order | None = None) -> Sale:
        """Write a step down; where the sale stands elsewhere meanwhile, answer where."""
        due = None if step.wait is None else self._clock.now() + timedelta(seconds=step.wait)
        moved = await self._journal.write(
            sales.advance,
            sale.id,
            step.to,
            SaleUpdate(
                reason=step.reason,
                due=due,
                order=order.uuid if order else None,
                order_id=order.order_id if order else "",
            ),
        )
        return await self._published(sale, moved)

    async def _published(self, sale: Sale, moved: Sale | None) -> Sale:
        """The sale after a step; None: it stood elsewhere, and so it is read anew."""
        return await self._publish(moved) if moved is not None else await self.now(sale)

    async def _publish(self, sale: Sale) -> Sale:
        await self._updates.publish(SaleUpdated(sale))
        return sale

    async def now(self, sale: Sale) -> Sale:
        return await self._journal.read(sales.get, sale.id) or sale

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """Hold the data folder's lock. Raises NotForSale where another process has it for long."""
        try:
            async with self._lock.hold(PATIENCE):
                await self._journal.write(sales.recover)
                yield
        except BusyError as error:
            raise NotForSale(_(BUSY)) from error
