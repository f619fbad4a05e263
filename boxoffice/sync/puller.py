"""Keeps this computer's copy of an event's list in step with the server."""

import asyncio
import logging
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice

from boxoffice.collector import free_in_steps, paused_for
from boxoffice.domain.models import Order, Ticket
from boxoffice.store import StoreError, admissions, orders, ticket_lists, tickets
from boxoffice.store.updates import CheckInDisputed, CodesStored, OrderStored, TicketsStored
from boxoffice.sync.context import SyncContext, SyncPart, Wakeup
from boxoffice.sync.link import Heartbeat
from boxoffice.sync.list_pace import SHORTEST, ListDoubt, ListPace, Sharing
from boxoffice.sync.metadata_puller import MetadataPuller
from boxoffice.ticketbutler import KnownRows, TicketbutlerError, TicketList

log = logging.getLogger(__name__)

DOUBTS = 20
"""Single reads after one list, at most."""
ON_ITS_WAY = 3.0
"""Seconds by which another door's list may be older than it says: so long a message may take."""


class Puller(SyncPart):
    """Reads the whole list again and again, and hands on what is different.

    A list never turns a check-in of this computer back, once the server had confirmed it: where it
    seems to be taken back at the site, the ticket itself is read, and that is noted beside it.
    """

    def __init__(self, event: str, context: SyncContext) -> None:
        """`event`: its uuid."""
        super().__init__(context)
        self.event = event
        self.last_pull: datetime | None = None
        """When the newest list was asked for."""
        self.asked_at = -math.inf
        """The same on the steady clock, by which it is told how old a list is."""
        self._share: Sharing | None = None
        self._wakeup = Wakeup(self._clock)
        self._tickets: dict[str, Ticket] = {}
        self._loaded = False
        self._loading = asyncio.Lock()
        self._overtaken: set[str] = set()
        """Tickets that single reads changed since the list under way was asked for."""
        self._saved_at: dict[str, float] = {}
        """When single reads last changed a ticket, where lists come from other doors."""
        self._rows = KnownRows(self._tickets)
        """Those of the site's list that are in `_tickets` as they stand there."""
        self._taken_back: dict[str, bool] = {}
        """Whether our own check-ins are, that the site has confirmed, when a list was last read."""
        self.pace = ListPace(self._clock, self._jitter)
        self.doubt = ListDoubt(event, self._updates)
        self._turn = asyncio.Lock()
        self._begun = 0
        self._succeeded = False
        self._asked = False
        self._is_wished = False
        """By `pull_soon`, also where another door reads the list."""
        self.metadata = MetadataPuller(event, context)
        self._reached = self._link.reaches
        self._link.watch(self._linked)
        self._renewals = self._store.renewals
        self._store.watch_renewals(self._wakeup.set)

    async def run(self) -> None:
        """Read the list as often as is fair, and keep the heartbeat. Never returns.

        Raises ExceptionGroup of what is not the network's fault, such as StoreError.
        """
        heartbeat = Heartbeat(self._client, self._link, clock=self._clock, jitter=self._jitter)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(heartbeat.run())
                group.create_task(self._follow())
        finally:
            self._loaded = False  # a damaged file is made anew, so look again what is in it

    async def refresh(self) -> bool:
        """Read the list and what is beside it at once, for a person; False: it cannot be had."""
        self._asked = True
        self._wakeup.set()
        with self.doubt.overcome():
            return await self.pull()

    def pull_soon(self, *, questions: bool = False) -> None:
        """Read the list, with `questions` all of it, at once where that is fair.

        Where it was wished for just before, it is read when it is due anyway; so it is where the
        site is not reached.
        """
        if questions:
            self.metadata.want()
        if self.pace.may_be_early():
            self._is_wished = True
            self._wakeup.set()

    async def pull(self) -> bool:
        """Read a list that is asked for after this call; False where it cannot be had.

        Callers who come while one is under way share the one after it.
        """
        wanted = self._begun + 1
        async with self._turn:
            if self._begun < wanted:
                self._begun = wanted
                self._succeeded = False
                self._succeeded = await self._pull()
            return self._succeeded

    def close(self) -> None:
        """Drop the list from memory, until it is asked for once more."""
        outdated, self._tickets, self._loaded = self._tickets, {}, False
        self._rows = KnownRows(self._tickets)
        free_in_steps(outdated)

    async def load(self) -> Mapping[str, Ticket]:
        """The tickets as last told, by uuid: from the disk the first time. Kept up to date."""
        async with self._loading:
            if not self._loaded:
                self._rows.drop_all()
                pulled = await self._store.read(ticket_lists.pulled, self.event)
                renewals = self._store.renewals
                if self.last_pull and (pulled is None or renewals != self._renewals):
                    log.warning("the list of event %s is stored again", self.event)
                    await self._apply([*self._tickets.values()], [], self.last_pull)
                    self.metadata.want()
                    pulled = await self._store.read(ticket_lists.pulled, self.event)
                self._renewals = renewals
                self.last_pull = pulled.at if pulled else None
                age = self._clock.now() - pulled.at if pulled else timedelta.max
                self.asked_at = self._clock.monotonic() - max(age, timedelta()).total_seconds()
                loaded = await self._store.read_all(tickets.by_uuid, self.event)
                self._tickets.clear()
                self._tickets.update(loaded)
                self._loaded = True
        return self._tickets

    # What doors of a venue have from each other

    def share(self, share: Sharing) -> None:
        """Have other doors know what is read here, and take over what they have read."""
        self._share = share
        self._rows.drop_all()  # it has none of them yet

    async def rejects(self, listed: int, taken: int | None) -> bool:
        """Whether a list of so many tickets, which another door has read, is not to be taken over.

        `taken`: so many a person took there. Where that is news, the site is asked itself.
        """
        async with self._turn:
            known, is_news = await self.load(), self.doubt.listed is None
            is_rejected = await self.doubt.rejects(listed, len(known), taken)
            if is_rejected and is_news:
                self._is_wished = True
                self._wakeup.set()
            return is_rejected

    async def take_over(self, listed: TicketList, asked_at: float) -> bool:
        """Take over a list that another door has read; `asked_at`: when, as `asked_at`.

        False: there is a younger one here.
        """
        async with self._turn:
            await self.load()
            if asked_at <= self.asked_at:
                return False
            begun = asked_at - ON_ITS_WAY
            self._overtaken = {uuid for uuid, at in self._saved_at.items() if at >= begun}
            await self._read_confirmed()
            await self._take_over(listed, asked_at)
            self._rows.drop_all()
            return True

    def listed(self, ticket: str) -> Ticket | None:
        """A ticket as it is known now; None: it is not listed, or no list was loaded yet."""
        return self._tickets.get(ticket) if self._loaded else None

    async def save(self, ticket: Ticket) -> Ticket:
        """Store what a read of one ticket says, so that a list begun before does not undo it.

        Answers the ticket with what was known before and the read did not say. One that no list
        held yet is listed only where its `event` says whose it is.
        """
        known = self._tickets.get(ticket.uuid)
        ticket = self._merge(ticket)
        if ticket == known:
            return ticket
        try:
            await self._store.write(ticket_lists.save, ticket, self._clock.now())
        except StoreError:  # what memory alone has would be taken for stored
            self._rows.drop(ticket.uuid)
            self._tickets.pop(ticket.uuid, None)
            if known is not None:
                self._tickets[ticket.uuid] = known
            raise
        if ticket.event == self.event:
            await self._updates.publish(TicketsStored(self.event, [ticket], is_new=known is None))
        return ticket

    def _merge(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now, in memory too."""
        known = self._tickets.get(ticket.uuid)
        if known is not None:
            ticket = ticket._replace(event=self.event).completed(known)
        if self._loaded and ticket.event == self.event:
            self._overtaken.add(ticket.uuid)
            if self._share is not None:
                self._saved_at[ticket.uuid] = self._clock.monotonic()
            if ticket != known:
                self._tickets[ticket.uuid] = ticket
                self._rows.drop(ticket.uuid)
                self._rows.fingerprint = ""
        return ticket

    async def save_codes(self, read: Ticket) -> None:
        """Store its codes, order and date; whether it is in or refunded is left to the lists."""
        await self._store.write(orders.save_codes, read)
        await self._updates.publish(CodesStored(self.event, self._add_codes([read])))

    def _add_codes(self, read: Iterable[Ticket]) -> list[Ticket]:
        """Take up codes in memory; answers the tickets that have others now."""
        changed = []
        for ticket in read:
            known = self._tickets.get(ticket.uuid)
            if known is not None and (now := known.with_codes(ticket)) != known:
                self._tickets[ticket.uuid] = now
                self._rows.drop(ticket.uuid)
                changed.append(now)
        return changed

    async def save_order(self, order: Order) -> None:
        """Store an order that was read by itself, and who is on it."""
        await self._store.write(orders.save, order)
        await self._updates.publish(CodesStored(self.event, self._add_codes(_on(order))))
        await self._updates.publish(OrderStored(order))

    async def save_orders(self, listed: Sequence[Order]) -> None:
        """Store a piece of a list, which `OrdersListed` publishes; a single read is newer."""
        await self._store.write(orders.save_listed, listed)
        self._add_codes(chain.from_iterable(map(_on, listed)))

    def _linked(self) -> None:
        if self._link.reaches and not self._reached:
            self._wakeup.set()
        self._reached = self._link.reaches

    async def _follow(self) -> None:
        while True:
            if self._store.renewals != self._renewals:
                self._loaded = False
                await self.load()
            asked, self._asked = self._asked, False
            if asked or (self._link.reaches and self.metadata.is_due):
                await self.metadata.pull()
            is_brought = self._share is not None and await self._share.is_brought()
            if self._link.reaches and not asked and (self._is_wished or not is_brought):
                self._is_wished = False  # who asks reads the list
                await self.pull()
            pause = SHORTEST if is_brought else self.pace.interval()
            await self._wakeup.wait(pause if self._link.reaches else None)

    async def _pull(self) -> bool:
        pulled, at = await self._store.read(ticket_lists.pulled, self.event), self.last_pull
        is_other = self.doubt.listed is not None and pulled and at and pulled.at > at
        if pulled is None or is_other:
            await self._reload()  # another process may be storing it in this moment
        known = await self.load()
        if is_other:
            self.doubt.taken = len(known)  # by a person, who has run `boxoffice sync`
        await self._read_confirmed()
        began = self._clock.monotonic()
        self._overtaken.clear()
        try:
            listed = await self._client.tickets.list(self.event, since=self._rows)
        except TicketbutlerError as error:
            log.info("list of event %s not read: %s", self.event, error)
            self.pace.fail()
            return False
        self.pace.succeed(self._clock.monotonic() - began)
        if await self.doubt.rejects(len(known) if listed is None else listed.rows, len(known)):
            if self._share is not None:
                self._share.keep(began)
            return False
        await self._take_over(listed, began)
        if self._share is not None:
            await self._share.add(listed, began)
        return True

    async def _read_confirmed(self) -> None:
        """Take up our own check-ins that the site has confirmed, before a list is asked for."""
        now = await self._journal.read_all(admissions.confirmed, self.event)
        before, self._taken_back = self._taken_back, now
        for uuid in await asyncio.to_thread(admissions.differing, before, now):
            self._rows.drop(uuid)  # the same row means something else now

    async def _take_over(self, listed: TicketList | None, asked_at: float) -> None:
        """Bring store and memory in step with a list; None: it is the same as before."""
        try:
            await self._bring_in_step(listed, asked_at)
        except BaseException:
            self._rows.drop_all()  # it may not all be in memory: the next list is looked through
            raise
        await self.doubt.end(len(self._tickets))

    async def _bring_in_step(self, listed: TicketList | None, asked_at: float) -> None:
        # Reckoned back from here: the answer itself may have told what time it is.
        at = self._clock.now() - timedelta(seconds=self._clock.monotonic() - asked_at)
        known, changed = dict[str, Ticket](), dict[str, Ticket]()
        removed, doubtful = set[str](), list[str]()
        if listed is not None:
            known = dict(self._tickets)  # another thread looks at it
            changed, gone, doubtful = await asyncio.to_thread(
                ticket_lists.compare, known, listed.tickets, self._taken_back, listed.uuids
            )
            if listed.unread:  # one that seems gone may be among those
                log.warning("%d of %d tickets could not be read", listed.unread, listed.rows)
                gone = []
            overtaken = [uuid for uuid in self._overtaken if changed.pop(uuid, None) is not None]
            removed = {*gone} - self._overtaken
            all_taken = not (doubtful or overtaken) and len(removed) == len(gone)
            self._rows.renew(listed, {*self._overtaken, *doubtful}, is_whole=all_taken)
        with paused_for(len(changed)):
            is_taken = await self._take_up(changed, removed, at, asked_at)
        free_in_steps(known)
        if is_taken and doubtful and self._link.reaches:
            news = await self._journal.read_all(admissions.not_newer, self.event, doubtful, at)
            await self._look_into([uuid for uuid in doubtful if uuid in news])

    async def _take_up(
        self, changed: dict[str, Ticket], removed: set[str], at: datetime, asked_at: float
    ) -> bool:
        """Store and show what a list changes. False: another process has stored a newer one."""
        if not await self._apply([*changed.values()], removed, at):
            await self._reload()
            return False
        for uuid in [uuid for uuid in self._overtaken if uuid in changed or uuid in removed]:
            # By a single read meanwhile: what it said stays.
            await self._store.write(ticket_lists.save, self._tickets[uuid], self._clock.now())
        rows = iter(changed.items())
        while piece := dict(islice(rows, ticket_lists.CHUNK)):
            for uuid in piece.keys() & (self._overtaken | self._rows.dropped):
                # What was read of it since it was compared is not in the row.
                now = self._tickets.get(uuid, piece[uuid])
                piece[uuid] = now if uuid in self._overtaken else piece[uuid].completed(now)
            self._tickets.update(piece)
            await asyncio.sleep(0)  # others have their turn
        for uuid in removed - self._overtaken:
            self._tickets.pop(uuid, None)
        self.last_pull, self.asked_at = at, asked_at
        await self._updates.publish(TicketsStored(self.event, [*changed.values()], removed))
        return True

    async def _apply(self, changed: Sequence[Ticket], gone: Collection[str], at: datetime) -> bool:
        """Store it. False: it is not, as another process has stored a newer list."""
        return await ticket_lists.apply(
            self._store, self.event, changed, gone, at=at, clock=self._clock
        )

    async def _reload(self) -> None:
        """Take up the newer list that another process stored."""
        before = dict(self._tickets)
        self._loaded = False
        now = dict(await self.load())
        changed, gone, _ = await asyncio.to_thread(
            ticket_lists.compare, before, now.values(), {}, now
        )
        free_in_steps(before)
        if changed or gone:
            await self._updates.publish(TicketsStored(self.event, [*changed.values()], gone))

    async def _look_into(self, doubtful: Sequence[str]) -> None:
        """Read tickets of ours that the list has otherwise; the rest waits for the next list."""
        for uuid in doubtful[:DOUBTS]:
            began = self._clock.now()
            try:
                ticket = await self.save(await self._client.tickets.get(uuid))
            except TicketbutlerError as error:
                log.info("ticket %s, in doubt, not read: %s", uuid, error)
                continue
            await self.note_read(uuid, began, checked_in=ticket.checked_in)

    async def note_read(self, ticket: str, began: datetime, *, checked_in: bool) -> bool:
        """Note what a read that began then says of our own check-in; whether that is news."""
        before, now = await self._journal.write(admissions.note_read, ticket, checked_in, began)
        if before != now:
            log.warning("ticket %s was checked in here; is in: %s", ticket, checked_in)
            await self._updates.publish(CheckInDisputed(ticket))
        return before != now


def _on(order: Order) -> Iterable[Ticket]:
    """The tickets on it, with their codes and nothing else."""
    for one in order.party or ():
        yield Ticket(one.uuid, "", checked_in=False, order=order.uuid)._replace(**one._asdict())
