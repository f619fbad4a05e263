"""Reads in the background what an event's list does not hold, so that every code is known.

A ticket's short link, external uuid and order are only in the ticket itself; an order's number, and
its tickets, are only in the order. So every ticket and every order has to be read once, unless the
site lists all orders at once. Nothing else is kept of such a read: whether the ticket is in or
refunded is left to the lists and to the reads at the door, so that an answer that lags behind can
never take a check-in back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from boxoffice.domain.highlights import NO_HIGHLIGHTS, HighlightPolicy
from boxoffice.domain.models import CodesKnown, Event, LinkState, Order, Ticket
from boxoffice.language import _
from boxoffice.store import StoreError, json_docs, orders
from boxoffice.store.updates import CodesCounted, OrdersListed
from boxoffice.sync.context import ProcessLock, SyncContext, SyncPart, with_rest
from boxoffice.sync.puller import Puller
from boxoffice.ticketbutler import NotFound, TicketbutlerError, TooMany, Unreachable

log = logging.getLogger(__name__)

T = TypeVar("T")
_Ready = Callable[[], Awaitable[bool]]

EVERY = 0.255
"""Seconds between the starts of two reads while a door is open."""
LATE = 0.01
"""Seconds by which a start may be late without making the next ones late as well. Even so, no more
than four reads start in any second."""
AT_ONCE = 3
"""Reads that run at once while a door is open: enough for the pace if each takes up to 0.75 s."""
FAST = 8
"""Reads that run at once while no door is open: as many as the client makes."""
AHEAD = 40
"""Tickets, or orders, that are chosen together, by what is known at that moment."""
LOOK_AGAIN = 10.0
"""Seconds between looks for what is new, once all is read, or while another process reads."""
NO_LIST = 1.0
"""The same while there is no list yet."""
OTHERS = 60.0
"""Seconds that `read_all` waits for another process to make progress."""
LONGEST_REST = 120.0
"""Seconds that a site is left alone after faults, at most, unless it asks for more."""
NOT_AGAIN = (30.0, 600.0)
"""Seconds until what could not be read is tried again: the first time, and at most."""
GIVE_UP = 5
"""After so many faults in a row, `read_all` gives up."""
ALL_ORDERS_AFTER = 10.0
"""Seconds that a door has to be open before the list of all orders is asked for."""
ALL_ORDERS_FROM = 10
"""That list is worth asking for from so many tickets on whose order was not read."""
LISTED_AGAIN = timedelta(hours=2)
"""How long that list, which is heavy, is not asked for again, whether it came or not."""
SOME = 200
"""Orders of it that are stored together: other writers have their turn in between."""
LATE_NIGHT = timedelta(hours=6)
"""How long into the night people with yesterday's tickets may still come."""


class CodeReader(SyncPart):
    """Reads the tickets and orders of one event that were not read yet, the likeliest first.

    A lock makes it the only one in its data folder. While it is paused, or the link is anything but
    online, no read starts; after that it goes on at the same pace.
    """

    def __init__(
        self,
        event: Event,
        puller: Puller,
        context: SyncContext,
        highlights: HighlightPolicy = NO_HIGHLIGHTS,
    ) -> None:
        """`highlights`: what the door shows of guests. If it shows answers, they are read last."""
        super().__init__(context)
        self._highlights = highlights
        self.known = CodesKnown()
        """How much is read, as last published."""
        self._event = event
        self._puller = puller
        self._lock = ProcessLock(context.folder / f"codes-{event.uuid[:8]}.lock", context.clock)
        self._pauses = 0
        self._open = asyncio.Event()
        self._next_at = 0.0
        self._rests_until = 0.0
        self._strikes = 0
        self._trouble = ""
        """The error of the last read that failed, as a sentence."""
        self._later: dict[str, tuple[float, int]] = {}
        """By uuid of what could not be read: until when it is left out, and how often it failed."""
        self._link.watch(self._look)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No read starts inside this block: somebody waits for a verdict."""
        self._pauses += 1
        self._look()
        try:
            yield
        finally:
            self._pauses -= 1
            self._look()

    async def run(self) -> None:
        """Keep reading while a door is open. Never returns; raises StoreError."""
        self._look()
        while not self._lock.acquire():
            await self.count()  # another process reads
            await self._clock.sleep(LOOK_AGAIN)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._list_orders_seldom())
                while True:
                    if not await self._read_some(AT_ONCE, self._turn):
                        await self._clock.sleep(LOOK_AGAIN if self.known.total else NO_LIST)
        finally:
            self._lock.release()

    async def read_all(self) -> str:
        """Read everything, as fast as is fair to the site; for when no door is open.

        Returns a sentence on why something was not read; empty: everything was. If another process
        reads, this waits for it. Raises StoreError.
        """
        waited, before = 0.0, self.known
        while not self._lock.acquire():
            if (known := await self.count()).complete:
                return ""
            waited, before = (0.0 if known != before else waited + LOOK_AGAIN), known
            if waited > OTHERS:
                return _("Another boxoffice on this computer is reading them.")
            await self._clock.sleep(LOOK_AGAIN)
        await self.count()
        listing = asyncio.create_task(self._list_orders(self._rest))
        try:
            while self._strikes < GIVE_UP and await self._read_some(FAST, self._rest):
                pass
            if (await self.count()).complete:
                return ""
            return self._trouble or _("Some of it could not be read.")
        finally:
            listing.cancel()
            await asyncio.gather(listing, return_exceptions=True)
            self._lock.release()

    # When to read

    async def _turn(self) -> bool:
        """Return when one more read may start while a door is open."""
        while True:
            await self._open.wait()
            now = self._clock.monotonic()
            if (pause := max(self._next_at, self._rests_until) - now) <= 0:
                self._next_at = max(self._next_at, now - LATE) + EVERY
                return True
            await self._clock.sleep(pause)

    async def _rest(self) -> bool:
        """Return True when the site has had its rest after a fault; False: it has too many."""
        while (pause := self._rests_until - self._clock.monotonic()) > 0:
            await self._clock.sleep(pause)
        return self._strikes < GIVE_UP

    def _look(self) -> None:
        """Let reads start, or hold them, by the link and the pauses."""
        if self._link.state is LinkState.ONLINE and not self._pauses:
            self._open.set()
        else:
            self._open.clear()

    async def _read_some(self, at_once: int, ready: _Ready) -> bool:
        """Read the next few: tickets, as these have the most codes, then orders, then answers.

        `ready` returns True when one more may start, and False if none should. Returns False where
        there is nothing left to read.
        """
        now = self._clock.monotonic()
        besides = [uuid for uuid, (until, _) in self._later.items() if until > now]
        await self.count()
        tickets, of_orders = await self.unread(AHEAD, besides)
        read: Callable[[str], Awaitable[object]] = self.ticket if tickets else self.order
        uuids = tickets or of_orders
        if not uuids:
            uuids, read = await self._without_answers(AHEAD, besides), self.answers
        slots = asyncio.Semaphore(at_once)
        try:
            async with asyncio.TaskGroup() as group:
                for uuid in uuids:
                    await slots.acquire()
                    if not await ready():
                        break
                    group.create_task(self._try(uuid, read)).add_done_callback(
                        lambda _: slots.release()
                    )
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        return bool(uuids)

    async def _try(self, uuid: str, read: Callable[[str], Awaitable[object]]) -> None:
        try:
            await read(uuid)
        except TicketbutlerError as error:
            log.info("%s not read in the background: %s", uuid, error)
            self._fail(uuid, error)
            return
        self._strikes = 0
        self._later.pop(uuid, None)
        if read == self.ticket:  # between two counts
            now = self.known.read + 1
            await self._publish(self.known._replace(read=min(now, self.known.total)))

    def _fail(self, uuid: str, error: TicketbutlerError) -> None:
        """Put this off, and leave the site alone for a while."""
        now = self._clock.monotonic()
        self._trouble = error.sentence
        if not isinstance(error, TooMany | Unreachable):  # those are no fault of its own
            tries = self._later.get(uuid, (0.0, 0))[1]
            first, most = NOT_AGAIN
            self._later[uuid] = now + min(most, first * 2.0 ** min(tries, 10)), tries + 1
        if now >= self._rests_until:
            self._strikes += 1
        rest = with_rest(min(LONGEST_REST, 2.0 ** min(self._strikes - 1, 10)), error.retry_after)
        self._rests_until = max(self._rests_until, now + rest)

    # What is read

    async def unread(
        self, most: int, besides: Collection[str] = ()
    ) -> tuple[Sequence[str], Sequence[str]]:
        """The uuids of tickets and orders not read yet, the likeliest first, without `besides`."""
        return await self._store.read_all(
            orders.unread,
            self._event.uuid,
            valid=partial(_may_come, self._event, self._clock.now()),
            besides=besides,
            most=most,
        )

    async def ticket(self, uuid: str) -> Ticket | None:
        """Read a ticket; None: the site has none of this uuid, and will not be asked again.

        Raises TicketbutlerError.
        """
        return await self._read(uuid, self._client.tickets.get, self._puller.save_codes)

    async def order(self, uuid: str) -> Order | None:
        """Read an order, in the same way."""
        return await self._read(uuid, self._client.orders.get, self._puller.save_order)

    async def answers(self, uuid: str) -> None:
        """Read the answers of a ticket; none, if the site has no such ticket.

        Raises TicketbutlerError.
        """
        try:
            read = await self._client.tickets.answers(uuid, retry=False)
        except NotFound:
            read = ()
        await self._save_answers(uuid, read)

    async def _without_answers(self, most: int, besides: Collection[str]) -> list[str]:
        """Tickets whose answers the door shows, and which were never read."""
        if not self._highlights.show:
            return []
        event = self._event.uuid
        questions = await self._store.read(json_docs.get, json_docs.QUESTIONS, event)
        if questions is None:
            return []

        def asked(ticket_type: str) -> bool:
            ticket = Ticket("", event, checked_in=False, ticket_type=ticket_type)
            return self._highlights.reads_answers(questions, ticket)

        return await self._store.read_all(
            json_docs.without_answers, event, asked, besides=besides, most=most
        )

    async def knows_order(self, uuid: str) -> bool:
        return await self._store.read(orders.get, uuid) is not None

    async def _read(
        self,
        uuid: str,
        request: Callable[..., Awaitable[T]],
        save: Callable[[T], Awaitable[None]],
    ) -> T | None:
        try:
            read = await request(uuid, retry=False)
        except NotFound:
            await self._store.write(orders.mark_read, [uuid])
            return None
        await save(read)
        return read

    async def _list_orders_seldom(self) -> None:
        """Now and then read the list of all orders, if that is worth it. Never returns."""
        while True:
            await self._clock.sleep(ALL_ORDERS_AFTER)
            await self._list_orders(self._turn)

    async def _list_orders(self, ready: _Ready) -> None:
        """Read the list of all orders, if that is worth it and was not done for a good while.

        It may take minutes: nobody should wait for it.
        """
        if not await self._wants_orders() or not await ready() or not await self._wants_orders():
            return
        await self._store.write(orders.record_list_request, self._event.uuid, self._clock.now())
        try:
            left = [*reversed(await self._client.orders.list(self._event.uuid))]
        except TicketbutlerError as error:
            log.info("the orders of event %s not read: %s", self._event.uuid, error)
            return
        try:
            while left:  # freeing fifty thousand orders at once would stall the screen
                piece = [left.pop() for _ in range(min(SOME, len(left)))]
                await self._puller.save_orders([placed.order for placed in piece])
                answers = {
                    uuid: texts for placed in piece for uuid, texts in placed.answers.items()
                }
                if answers:
                    await self._store.write(json_docs.save_listed_answers, answers)
        except StoreError:  # a part of them may be stored
            await self._updates.publish(OrdersListed(self._event.uuid))
            raise
        await self._updates.publish(OrdersListed(self._event.uuid))
        await self.count()

    async def _wants_orders(self) -> bool:
        """Whether the list of all orders is worth asking for now."""
        if self.known.total - self.known.ordered < ALL_ORDERS_FROM:
            return False
        asked = await self._store.read(orders.list_requested_at, self._event.uuid)
        return asked is None or not timedelta() <= self._clock.now() - asked < LISTED_AGAIN

    # How far it is

    async def count(self) -> CodesKnown:
        """Count how much is read, by this process or another."""
        known = await self._store.read_all(orders.codes_known, self._event.uuid)
        await self._publish(known)
        return known

    async def _publish(self, known: CodesKnown) -> None:
        if known != self.known:
            self.known = known
            await self._updates.publish(CodesCounted(known))


def _may_come(event: Event, now: datetime, date: str) -> bool:
    """Whether a guest with a ticket of this date may come about now.

    It only decides what is read first.
    """
    try:
        moment = datetime.fromisoformat(date.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(event.zone)
    except (ValueError, OverflowError):
        return True  # it is admitted with a note
    return moment.date() in {event.today(now), event.today(now - LATE_NIGHT)}
