"""Takes one sale from step to step: posted, looked for, found, finished. Never posted twice."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from boxoffice.clock import Clock
from boxoffice.domain.cart import Cart
from boxoffice.domain.finding import Claim, claim
from boxoffice.domain.sale import NEEDS_PERSON, Sale, SaleState
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.store import ClaimedError, Journal, RosterStore
from boxoffice.sync.alone import Alone, BusyError
from boxoffice.sync.backoff import Jitter, wait_before
from boxoffice.sync.finding import Finder, Searched
from boxoffice.sync.finishing import Finisher
from boxoffice.sync.posting import Begun, Poster
from boxoffice.sync.selling import LOOKS, NOT_TOLD, NotForSale, Step, after_look
from boxoffice.ticketbutler import Ticketbutler

_S = SaleState
PATIENCE = 60.0
"""Seconds to wait for another sale that is being placed; a post takes 45 at most."""
BUSY = "Another sale is being placed on this computer: wait a moment, then try again."
ELSEWHERE = "This sale has moved on meanwhile: look at it again."


class Settler:
    """One sale's steps, each on disk before the next.

    Who posts, or says what became of a post, holds the data folder's lock meanwhile: a sale found
    SENDING by its holder was cut off, and no order belongs to a sale that is just being posted.
    """

    def __init__(
        self,
        journal: Journal,
        store: RosterStore,
        client: Ticketbutler,
        finder: Finder,
        finisher: Finisher,
        alone: Alone,
        *,
        clock: Clock,
        jitter: Jitter,
        told: Callable[[Sale], Sale],
    ) -> None:
        """`told` hears of each sale that went on, and answers it."""
        self._till = journal.till
        self._store = store
        self._client = client
        self._poster = Poster(journal, store, client, clock=clock, jitter=jitter, told=told)
        self._finder = finder
        self._finisher = finisher
        self._alone = alone
        self._clock = clock
        self._told = told
        self._at_work: set[int] = set()
        self._failing: dict[int, float] = {}

    def busy_with(self, sale: Sale) -> bool:
        return sale.id in self._at_work

    def fails_over(self, sale: Sale) -> bool:
        """Whether the last look for its order could not look at everything."""
        return sale.id in self._failing

    async def queue(self, cart: Cart) -> Sale:
        """Keep a sale, with its money, until it can be posted."""
        after = await self._store.highest_number(cart.event)
        return self._told(
            await self._till.begin(cart, state=_S.QUEUED, unattended=True, after_number=after)
        )

    async def place(self, cart: Cart, begun: Begun, *, unattended: bool) -> Sale:
        """Begin a sale and take it as far as it comes. Raises NotForSale before it has begun."""
        after = await self._finder.newest(cart.event)
        async with self._lock():
            sale = await self._till.begin(
                cart, state=_S.SENDING, unattended=unattended, after_number=after
            )
            begun(self._told(sale))
            sale = await self._poster.post(sale, before=None)
        return await self.go_on(sale)

    async def go_on(self, sale: Sale) -> Sale:
        """Take a sale as far as it comes now, unless that is being done already."""
        if self.busy_with(sale):
            return sale
        self._at_work.add(sale.id)
        try:
            if sale.state is _S.QUEUED and sale.lost:
                sale = await self._poster.move(sale, Step(_S.UNKNOWN, sale.reason))
            if sale.state is _S.QUEUED:
                async with self._lock():
                    sale = await self.now(sale)
                    if sale.state is _S.QUEUED:
                        sale = await self._poster.repost(sale)
            if sale.state is _S.UNKNOWN:
                sale = await self._look(sale)
            if sale.state is _S.SOLD:
                done = await self._finisher.finish(sale, self._told)
                sale = self._told(done) if done is not None else await self.now(sale)
        finally:
            self._at_work.discard(sale.id)
        return sale

    async def recover(self) -> None:
        """Sales that a process left while it posted them are looked for from now on."""
        if self._alone.is_mine or not await self._till.sales(None, {_S.SENDING}):
            return
        try:
            async with self._alone.hold(0):
                await self._till.recover()
        except BusyError:
            return  # they are being posted by another process, which is well

    # Finding out what became of a post

    async def look(self, sale: Sale) -> Sale:
        """Look for the order of a sale now, by a person's word, wherever it stands."""
        if sale.state is _S.UNSURE:
            sale = await self._poster.move(sale, Step(_S.UNKNOWN, sale.reason))
        elif sale.state is _S.NOT_PLACED:
            searched = await self._finder.search(sale)
            async with self._lock():
                sale = await self.now(sale)
                if sale.state is _S.NOT_PLACED:
                    sale = await self._found(sale, searched)
        if sale.state in (_S.UNKNOWN, _S.SOLD):
            return await self.go_on(sale)
        return sale

    async def _look(self, sale: Sale) -> Sale:
        """Look for the order of an UNKNOWN sale, and decide."""
        waited = self._poster.waited(sale)
        searched = await self._finder.search(sale)
        failing = self._fails_for(sale, searched.trouble)
        async with self._lock():
            sale = await self.now(sale)
            if sale.state is not _S.UNKNOWN:
                return sale
            found = await self._claim(sale, searched)
            step = after_look(
                sale,
                found,
                begun=searched.begun,
                waited=waited,
                trouble=searched.trouble,
                failing=failing,
            )
            if step is None:
                return await self._later(sale, searched.trouble)
            if found.order is not None:
                return await self._poster.sold(
                    sale, found.order, otherwise=Step(_S.UNSURE, NOT_TOLD)
                )
            if step.to is _S.SENDING:
                return await self._poster.repost(sale)
            return await self._poster.move(sale, step)

    def _fails_for(self, sale: Sale, trouble: str) -> float:
        """Seconds for which looks for its order have failed."""
        if not trouble:
            self._failing.pop(sale.id, None)
            return 0.0
        now = self._clock.monotonic()
        return now - self._failing.setdefault(sale.id, now)

    async def _claim(self, sale: Sale, searched: Searched) -> Claim:
        """Which of the matches is the sale's, by what is in the journal now.

        Where not all could be looked at, only an order with our mark on it is told for sure.
        """
        free = []
        for order in searched.matches:
            owner = await self._till.sale_of(order.uuid)
            told = not searched.trouble or order.external_order_id == sale.external_order_id
            if told and (owner is None or owner.id == sale.id):
                free.append(order)
        return claim(sale, free, await self._till.sales(sale.cart.event))

    async def _found(self, sale: Sale, searched: Searched) -> Sale:
        """The sale, SOLD where its order was found; raises NotForSale where that is in doubt."""
        found = await self._claim(sale, searched)
        if found.unsure and sale.state is not _S.UNSURE:
            raise NotForSale(f"{NOT_TOLD} {found.unsure}")
        if found.order is None:
            return sale
        return await self._poster.sold(sale, found.order, otherwise=Step(sale.state))

    async def _later(self, sale: Sale, trouble: str) -> Sale:
        wait = wait_before(sale.tries + 1, LOOKS, lambda: 1.0)
        noted = await self._till.note(
            sale.id,
            sale.state,
            due=self._clock.now() + timedelta(seconds=wait),
            reason=trouble or sale.reason,
        )
        return self._told(noted) if noted is not None else await self.now(sale)

    # What a person says

    async def again(self, sale: Sale, begun: Begun) -> Sale:
        """Post a sale again by a person's word, unless its order is found after all.

        Raises NotForSale before it has begun.
        """
        searched = None
        if sale.state not in NEEDS_PERSON:
            raise NotForSale(ELSEWHERE)
        if sale.state is not _S.FAILED or sale.lost:
            searched = await self._finder.search(sale)
            if searched.trouble and sale.state is not _S.UNSURE:
                raise NotForSale(f"It could not be looked for once more: {searched.trouble}")
        async with self._lock():
            now = await self.now(sale)
            if now.state is not sale.state:
                raise NotForSale(ELSEWHERE)
            if searched is not None:
                now = await self._found(now, searched)
            if now.state is sale.state:
                now = await self._poster.repost(now, begun)
        begun(now)
        return await self.go_on(now)

    async def found(self, sale: Sale, named: str) -> Sale:
        """A person says which order is the sale's: by its uuid, or by what people call it.

        Raises NotForSale or TicketbutlerError.
        """
        event = sale.cart.event
        order = await self._client.order(hex_uuid(named) or await self._by_name(named, event))
        if order.event not in (None, event):
            raise NotForSale("That order is of another event.")
        if order.external_order_id not in (None, sale.external_order_id):
            raise NotForSale("That order was placed by somebody else: it carries another mark.")
        await self._store.learn_order(order)
        async with self._lock():
            try:
                moved = await self._till.advance(
                    sale.id, _S.SOLD, order=order.uuid, order_id=order.order_id
                )
            except ClaimedError as error:
                raise NotForSale(error.sentence) from error
        if moved is None:
            raise NotForSale(ELSEWHERE)
        return self._told(moved)

    async def _by_name(self, named: str, event: str) -> str:
        wanted = clean(named).casefold()
        known = await self._store.order_ids(event)
        uuids = [uuid for uuid, order_id in known.items() if order_id.casefold() == wanted]
        if len(uuids) != 1:
            raise NotForSale(f"No order {clean(named)} is known here: give its uuid.")
        return uuids[0]

    @asynccontextmanager
    async def _lock(self) -> AsyncIterator[None]:
        """Hold the data folder's lock. Raises NotForSale where another process keeps it."""
        try:
            async with self._alone.hold(PATIENCE):
                await self._till.recover()
                yield
        except BusyError as error:
            raise NotForSale(BUSY) from error

    async def now(self, sale: Sale) -> Sale:
        """The sale as it stands now."""
        return await self._poster.now(sale)
