"""What a lane shows: the list in memory, with a mark on each row, and the status. Decides nothing.

A mark (`LocalStatus`) is what this computer knows of a ticket beside the site: who was let in here
or at another door, what is unsent, what needs a person.
"""

import asyncio
import logging
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from itertools import chain, count, islice
from operator import attrgetter
from pathlib import Path

from boxoffice.clock import off
from boxoffice.collector import collector_paused, free_in_steps, return_freed_memory
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import Answer, LinkState, Order
from boxoffice.domain.roster import LocalStatus, Roster, Row
from boxoffice.domain.search_texts import OrderTexts, answer_texts
from boxoffice.domain.venue import VenueStatus
from boxoffice.lane.changes import Change, RosterChanged, Status, StatusChanged, Watcher
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.marks import AT_ONCE, MarkReader
from boxoffice.store import json_docs, orders, ticket_lists
from boxoffice.store.updates import (
    AnswersStored,
    CheckInDisputed,
    ClaimsStored,
    CodesCounted,
    CodesStored,
    EventMetadataStored,
    EventsStored,
    JournalWritten,
    ListDoubted,
    OrdersListed,
    OrderStored,
    RowSettled,
    SaleUpdated,
    StoreUpdate,
    TicketsStored,
)

SMALL_CHANGE = 2000
"""Rows. Up to so many are changed in place; if more change, the list is built anew in a thread."""
CLOCK_EVERY = 1.0
"""Seconds between two looks at the clock."""
DISK_EVERY = 10
"""The disk is looked at together with every tenth look at the clock."""

log = logging.getLogger(__name__)

NO_MARK = LocalStatus()


class ListState(LanePart):
    """Keeps the list and the status in step with the databases, and notifies the watchers."""

    def __init__(self, deps: LaneDeps, lane: str) -> None:
        super().__init__(deps)
        self.roster = Roster()
        title, operator = deps.event_cache.event.title, deps.context.journal.operator
        self.status = Status(event_title=title, lane=lane, operator=operator)
        self._mark_reader = MarkReader(deps)
        self._marks: dict[str, LocalStatus] = {}
        self._notes: dict[str, str] = {}
        self._watchers: list[Watcher] = []
        self._building = asyncio.Lock()
        self._marking = asyncio.Lock()
        """Held from reading marks until they are shown, so that old ones never replace new ones."""
        self._follows = False
        """The list is in memory, or is being loaded."""
        self._shown = False
        self._changed: dict[str, None] = {}
        """Tickets that were stored or removed since the list was last brought in step."""
        self._recoded: dict[str, None] = {}
        """Tickets whose codes changed since then, and nothing else of them."""
        self._orders: dict[str, Order] = {}
        self._answers: dict[str, Sequence[Answer]] = {}
        self._is_outdated = False
        """The list has to be built anew, from what is stored."""
        self._touched: set[str] = set()
        self._woken = asyncio.Event()
        """There is something to show."""
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._folder = deps.context.folder
        self._shown_event = self._event_cache.event

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` at every change, on the event loop. Call what this returns to stop it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def on_update(self, update: StoreUpdate) -> None:
        """Show what was stored, now or at the next `flush`."""
        match update:
            case TicketsStored() | CodesStored() | OrderStored() | AnswersStored():
                await self._list(update)
            case OrdersListed(self._event):
                await self._list(update)
            case ListDoubted(self._event, listed):
                self._publish(self.status._replace(doubted=listed))
            case CodesCounted(known):
                self._publish(self.status._replace(codes=known))
            case EventsStored():
                await self.follow_event()
            case EventMetadataStored(event) if event == self._event:
                await self.follow_event()
                self.notify(StatusChanged(self.status))
            case ClaimsStored(event, tickets) if event == self._event:
                self.touch(*tickets)
            case JournalWritten(tickets):
                self.touch(*tickets)
            case RowSettled(row):
                self.touch(row.ticket)
            case CheckInDisputed(ticket):
                self.touch(ticket)
            case SaleUpdated(sale) if sale.cart.event == self._event:
                self.notify(update)
                self.touch(*sale.tickets)

    async def _list(
        self, update: TicketsStored | CodesStored | OrderStored | OrdersListed | AnswersStored
    ) -> None:
        """Put what was stored into the list.

        While a scan waits for its verdict only a new ticket is added at once; the rest comes later.
        """
        if not self._follows:
            return
        match update:
            case TicketsStored(self._event, changed, removed):
                uuids = chain(map(attrgetter("uuid"), changed), removed)
                # Beyond SMALL_CHANGE the whole list is built anew: which ones no longer matters.
                self._changed |= dict.fromkeys(islice(uuids, SMALL_CHANGE + 1))
                self.touch()
            case CodesStored(self._event, tickets):
                self._recoded |= dict.fromkeys(ticket.uuid for ticket in tickets)
            case OrderStored(order):
                self._orders[order.uuid] = order
            case OrdersListed():
                self._is_outdated = True
            case AnswersStored(answers):
                self._answers |= answers
        is_new = isinstance(update, TicketsStored) and update.is_new
        if is_new or self._resumed.is_set():
            await self._apply()
        else:
            self._woken.set()

    async def load(self) -> None:
        """Load the list from disk into memory."""
        self._follows = True
        await asyncio.to_thread(return_freed_memory)
        async with self._building:
            await self._build()
            self._shown = True
        await self.recount()

    async def sort(self) -> None:
        """Sort the list by the alphabet of the current language, if it is not yet."""
        async with self._building:
            if self._shown and not self.roster.is_sorted:
                await self._build()

    async def _apply(self) -> None:
        """Bring the list in step with what was stored and removed."""
        async with self._building:
            if not self._shown:
                return
            changed, self._changed = self._changed, {}
            recoded, self._recoded = self._recoded, {}
            orders, self._orders = self._orders, {}
            answers, self._answers = self._answers, {}
            is_outdated, self._is_outdated = self._is_outdated, False
            uuids = changed | recoded
            if not (uuids or orders or answers or is_outdated):
                return
            small = len(uuids) + len(answers) + self.roster.late <= SMALL_CHANGE
            if is_outdated or not small or not len(self.roster):
                try:
                    await self._build()
                except BaseException:
                    self._is_outdated = True
                    raise
                return
            known = await self._puller.load()
            gone = [uuid for uuid in uuids if uuid not in known]
            self.roster.update([known[uuid] for uuid in uuids if uuid in known], gone)
            for uuid, order in orders.items():
                self.roster.name_order(uuid, OrderTexts.of(order))
            for uuid, given in answers.items():
                self.roster.note_answers(uuid, self._texts(given))
            if changed:
                self.notify(RosterChanged(None if gone else frozenset(changed)))

    def row(self, ticket: str) -> Row | None:
        """The row of a ticket; None: the list does not have it."""
        return self.roster.get(ticket)

    async def _build(self) -> None:
        tickets = list((await self._puller.load()).values())
        async with self._marking:
            self._marks = await self._mark_reader.read(self._notes)
        marks = dict(self._marks)
        texts = await self._store.read_all(orders.texts, self._event)
        known = await self._store.read_all(json_docs.answers_at, self._event)
        answers = {uuid: self._texts(given) for uuid, given in known.items()}
        with collector_paused:
            policy = self._policy
            roster = await asyncio.to_thread(
                Roster, tickets, marks, texts, policy.extras, policy.highlights, answers
            )
        roster.free_by(free_in_steps)
        for uuid, mark in self._marks.items():
            if marks.get(uuid) is not mark:
                roster.set_status(uuid, mark)
        self.roster = roster
        self.notify(RosterChanged())

    def _texts(self, answers: Sequence[Answer]) -> tuple[str, ...]:
        questions = {one.uuid: one for one in self._event_cache.questions or ()}
        return answer_texts(answers, questions)

    @property
    def _zone(self) -> tzinfo:
        return self._event_cache.event.zone

    def note(self, ticket: str, reason: str) -> None:
        """Remember why a person must look at a ticket; an empty reason takes that back."""
        if reason:
            self._notes[ticket] = reason
        else:
            self._notes.pop(ticket, None)
        self.touch(ticket)

    def touch(self, *tickets: str) -> None:
        """Read the marks of these tickets, and the counts, again at the next `flush`."""
        if not self._follows:
            return
        self._touched.update(tickets)
        self._woken.set()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Show nothing new inside this block: somebody waits for a verdict."""
        self._resumed.clear()
        try:
            yield
        finally:
            self._resumed.set()

    async def run(self) -> None:
        """Load the list, then `flush` whenever there is something new. Never returns."""
        await self.load()
        while True:
            await self._woken.wait()
            await self._resumed.wait()
            await self.flush()

    async def flush(self) -> None:
        """Show now what is new."""
        self._woken.clear()
        touched, self._touched = [*self._touched], set()
        await self._apply()
        for start in range(0, len(touched), AT_ONCE):
            await self._remark(touched[start : start + AT_ONCE])
        await self.recount()

    async def _remark(self, tickets: Collection[str]) -> None:
        """Read the marks of `tickets` again, and show those that changed."""
        async with self._marking:
            marks = await self._mark_reader.read(self._notes, tickets)
            changed = {
                ticket
                for ticket in tickets
                if marks.get(ticket, NO_MARK) != self._marks.get(ticket, NO_MARK)
            }
            for ticket in changed:
                self._marks[ticket] = marks.get(ticket, NO_MARK)
                self.roster.set_status(ticket, self._marks[ticket])
        if changed:
            self.notify(RosterChanged(frozenset(changed)))

    async def follow_event(self) -> None:
        """Show the event's new title, and all times in its new time zone, if they changed."""
        if self._shown_event == self._event_cache.event:
            return
        self._shown_event = self._event_cache.event
        async with self._building, self._marking:
            marks = await self._mark_reader.read(self._notes) if self._shown else {}
            # Set each mark: the same moment in another zone compares equal to the old one.
            for ticket, mark in marks.items():
                self.roster.set_status(ticket, mark)
            self._marks |= marks
            list_at = self.status.list_at
            self.status = self.status._replace(
                event_title=self._event_cache.event.title,
                list_at=list_at and list_at.astimezone(self._zone),
            )
            if self._shown:
                self.notify(RosterChanged())
            self.notify(StatusChanged(self.status))

    async def recount(self) -> None:
        """Count the queue and the list again, and show that."""
        pulled = await self._store.read(ticket_lists.pulled, self._event)
        counts = await self.count_queue()
        # Nothing is awaited from here on: the link may change the status at any await.
        self._publish(
            self.status._replace(
                event_title=self._event_cache.event.title,
                list_at=pulled.at.astimezone(self._zone) if pulled else None,
                loading=not self._shown,
                counts=counts,
                checked_in=self.roster.checked_in,
                total=self.roster.total,
            )
        )

    async def count_queue(self) -> Counts:
        """How many rows of the queue and sales are in each state."""
        from boxoffice.store import sales

        return await self._journal.read(sales.queue_counts, self._event)

    def link(self, state: LinkState, sentence: str, faults: Collection[str]) -> None:
        """Show whether the server can be reached, and which parts of the lane do not work."""
        faults = tuple(dict.fromkeys(faults))
        self._publish(self.status._replace(link=state, sentence=sentence, faults=faults))

    def show_venue(self, venue: VenueStatus) -> None:
        self._publish(self.status._replace(venue=venue))

    def show_operator(self, operator: str) -> None:
        self._publish(self.status._replace(operator=operator))

    async def follow_computer(self) -> None:
        """Keep showing how wrong this computer's clock is and how full its disk. Never returns."""
        for look in count():
            if look % DISK_EVERY == 0:
                free = await asyncio.to_thread(_free, self._folder)
                self._publish(self.status._replace(free=free))
            self._publish(self.status._replace(clock_off=off(self._clock)))
            await self._clock.sleep(CLOCK_EVERY)

    def _publish(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.notify(StatusChanged(status))

    def notify(self, change: Change) -> None:
        """Call all watchers."""
        for watcher in tuple(self._watchers):
            watcher(change)


def _free(folder: Path) -> int | None:
    """Bytes that are free on the disk of `folder`; None: the system does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        log.warning("the disk could not be looked at: %s", error)
        return None
