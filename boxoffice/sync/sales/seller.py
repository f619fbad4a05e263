"""Sells: begins sales, sees them through, and settles those that others left."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from boxoffice.domain.cart import Cart
from boxoffice.domain.sale import CLOSED, NEEDS_PERSON, OPEN, Sale, SaleAction, SaleState
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.store import sales
from boxoffice.store.updates import SaleUpdated
from boxoffice.sync.context import LONGEST_ASKED, ProcessLock, SyncContext, SyncPart, Wakeup
from boxoffice.sync.sales.fulfilment import Fulfilment
from boxoffice.sync.sales.order_search import OrderSearch, Pullers
from boxoffice.sync.sales.rules import SURE_AFTER, NotForSale
from boxoffice.sync.sales.workflow import Begun, SaleWorkflow

log = logging.getLogger(__name__)

_S = SaleState
LOCK_FILE = "sales.lock"
LOOK_EVERY = 1.0
"""Seconds between looks at what has become due."""
DRAIN_FOR = SURE_AFTER.total_seconds() + 15.0
"""Seconds that `drain` waits for what will soon be known."""
LONGEST = timedelta(seconds=LONGEST_ASKED)
"""Longer than any sale is put off: one that seems so is due, as the clock was set back."""
LEFT_ALONE = timedelta(minutes=2)
"""After so long in one state, a sale of another lane is taken on."""
SOON = 4
"""Looks for the tickets of an order within which they are usually listed."""
NO_LINK = N_("The site cannot be reached: nothing was placed. Try again when it is back.")


class Seller(SyncPart):
    """Places sales as orders, never one twice, and finds and checks in their tickets.

    CONTRIBUTING.md, promise 7.

    Owns no data: any other process on the same folder goes on where one was stopped or killed.
    """

    def __init__(
        self,
        context: SyncContext,
        pullers: Pullers,
        *,
        lane: str | None = None,
        extras: frozenset[str] = frozenset(),
    ) -> None:
        """`pullers`: who reads the list of an event.

        `lane`: whose sales are settled; those of others only once they seem to be left alone. None:
        of all lanes. `extras`: case-folded titles of the ticket types that admit nobody.
        """
        super().__init__(context)
        self._lane = None if lane is None else clean(lane)
        search = OrderSearch(context, pullers)
        self._workflow = SaleWorkflow(
            context,
            search,
            Fulfilment(context, search, extras=extras),
            ProcessLock(context.folder / LOCK_FILE, self._clock),
        )
        self._due = Wakeup(self._clock)
        self._moved = Wakeup(self._clock)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._link.watch(self._due.set)
        self._updates.wake(self._moved.set, SaleUpdated)

    async def close(self) -> None:
        """Leave off what is under way. What became of a post that is cut off is found out later."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # One sale

    async def place(
        self, cart: Cart, *, unattended: bool = False, queue: bool = False, patience: float = 0.0
    ) -> Sale:
        """Begin a sale: answers when it is on disk, SENDING or QUEUED, and goes on by itself.

        `unattended`: nobody waits for it, so it is posted again by itself once it is known not to
        be placed. `queue`: only write it down, with its money, until the link is back. `patience`:
        answer when it is settled, or so many seconds after it began. Raises NotForSale while
        another sale is being placed for long.
        """
        if queue:
            return await self._workflow.queue(cart)
        sale = await self._begin(
            lambda begun: self._workflow.place(cart, begun, unattended=unattended)
        )
        give_up = self._clock.monotonic() + patience
        while not (sale.state in CLOSED | NEEDS_PERSON or sale.state is _S.QUEUED):
            left = give_up - self._clock.monotonic()
            if left <= 0:
                break
            await self._moved.wait(min(left, LOOK_EVERY))
            sale = await self._workflow.now(sale)
        return sale

    async def settle(self, sale: Sale, action: SaleAction, text: str = "") -> Sale:
        """Do what a person decided about a sale; the sale as it then stands.

        LOOK: its order is looked for now. SELL_AGAIN: it is posted again, unless its order is
        found after all; answers when it is on its way, or found. NAME_ORDER: `text` is its order's
        uuid, or what people call it (`dZy1`). GIVE_UP: `text` is the reason, and what was taken is
        given back. Raises NotForSale where that cannot be as it stands now, and TicketbutlerError.
        """
        match action:
            case SaleAction.LOOK:
                return await self._workflow.look(sale)
            case SaleAction.SELL_AGAIN if not self._link.sends:
                raise NotForSale(_(NO_LINK))
            case SaleAction.SELL_AGAIN:
                return await self._begin(lambda begun: self._workflow.again(sale, begun))
            case SaleAction.NAME_ORDER:
                return await self._workflow.name_order(sale, text)
            case SaleAction.GIVE_UP:
                return await self._workflow.give_up(sale, text)
        raise ValueError(f"{action} changes no sale")

    # All open sales

    async def run(self) -> None:
        """Settle open sales as they come due, while the site can be reached. Never returns."""
        while True:
            await self._round()
            await self._due.wait(LOOK_EVERY)

    async def drain(self) -> tuple[int, int]:
        """Settle what can be settled soon; answers how many still wait, and need a person."""
        give_up = self._clock.monotonic() + DRAIN_FOR
        at_once = True
        while True:
            await self._round(at_once=at_once)
            at_once = False
            left = await self._journal.read_all(sales.in_states, None, OPEN)
            worth = any(self._is_soon(sale) for sale in left) and self._link.sends
            if not worth or self._clock.monotonic() >= give_up:
                attention = sum(sale.needs_person for sale in left)
                return len(left) - attention, attention
            await self._due.wait(LOOK_EVERY)

    def _is_soon(self, sale: Sale) -> bool:
        """Whether what becomes of a sale is worth waiting for."""
        if sale.state is _S.SOLD:
            return sale.tries <= SOON
        unsettled = sale.state in (_S.SENDING, _S.UNKNOWN)
        return unsettled and not self._workflow.is_failing(sale)

    async def _round(self, *, at_once: bool = False) -> None:
        """Go on with each sale that is due; with `at_once`, with all."""
        await self._workflow.recover()
        now, holds_up = self._clock.now(), False
        for sale in await self._journal.read_all(
            sales.in_states, None, {_S.QUEUED, _S.UNKNOWN, _S.SOLD}
        ):
            waits = sale.due is not None and now < sale.due <= now + LONGEST and not at_once
            if not self._link.sends:
                return
            if not self._is_mine(sale):
                continue
            try:
                if sale.state is _S.QUEUED:  # in their order: one that waits holds up the others
                    holds_up = holds_up or waits or self._workflow.is_at_work(sale)
                    if not holds_up:
                        holds_up = (await self._workflow.advance(sale)).state is _S.QUEUED
                elif not waits:
                    await self._workflow.advance(sale)
            except NotForSale as error:  # another process is at work: later
                log.info("sale %s: %s", sale.external_order_id, error)
                return

    def _is_mine(self, sale: Sale) -> bool:
        """Whether this seller looks after a sale; another lane does its own, while it is open."""
        if self._lane in (None, sale.lane):
            return True
        # A moment to come says nothing: the clock was set back since.
        return abs(self._clock.now() - (sale.since or sale.at)) > LEFT_ALONE

    # What goes on beside

    async def _begin(self, work: Callable[[Begun], Coroutine[Any, Any, Sale]]) -> Sale:
        """Start `work`, and answer what it has begun; what it fails of before is raised here."""
        begun: asyncio.Future[Sale] = asyncio.get_running_loop().create_future()

        def has_begun(sale: Sale) -> None:
            if not begun.done():
                begun.set_result(sale)

        def ended(task: asyncio.Task[Sale]) -> None:
            self._tasks.discard(task)
            self._due.set()
            error = None if task.cancelled() else task.exception()
            if error is not None and not begun.done():
                begun.set_exception(error)
            elif error is not None:
                log.error("a sale could not go on", exc_info=error)
            elif not begun.done():
                begun.cancel()

        task = asyncio.create_task(work(has_begun))
        self._tasks.add(task)
        task.add_done_callback(ended)
        return await begun
