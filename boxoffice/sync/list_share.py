"""One door of a venue reads the list from the site, and all others have it from that one.

`boxoffice.domain.shared_list` has which door that is, and what is sent. Whoever has read the list,
for whatever reason, sends what is new in it; who finds that it lacks something asks for the whole.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import uuid4

from boxoffice.collector import collector_paused, let_go_in_steps
from boxoffice.domain.models import Ticket
from boxoffice.domain.shared_list import (
    LIST,
    OLDEST,
    WANTED,
    Inbox,
    KnownList,
    ListChange,
    ListHead,
    ListSent,
    Part,
    believe,
    elect,
    pack,
    part_fields,
    read_part,
    read_wanted,
    site_mark,
)
from boxoffice.domain.venue import HubState
from boxoffice.sync.context import SyncContext, SyncPart, Wakeup
from boxoffice.sync.list_pace import SHORTEST, is_suspicious
from boxoffice.sync.puller import Puller
from boxoffice.ticketbutler import TicketList

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

INTERVALS = 3
"""So many of them without a list, and a door reads it itself."""
OWN_EVERY = 300.0
"""Seconds between two lists that a door with the site reads itself, whoever reads it for all."""
LOOK_EVERY = 2.0
"""Seconds between two looks, where nothing comes."""
MOST_CHANGED = 2000
"""Rows that are sent unasked: where more are different, doors may have the list from elsewhere."""
BETWEEN_PARTS = 0.05
"""Seconds: a claim waits for no more than one of them."""
WHOLE_EVERY = 10.0
"""Seconds between two whole lists that a door sends, and between two wishes for one."""
YOUNGER = 2.0
"""Seconds by which a list must be younger to be sent to who has one."""
OTHERS_FIRST = 2.0
"""Seconds, at most, that a door which has its list from another lets that one answer."""
MOST_WAITING = 256
"""Messages that are looked at later: the oldest ones are dropped."""


class ListShare(SyncPart):
    """A door's part in it. Owns no data, and stores nothing but by the puller."""

    def __init__(self, context: SyncContext, venue: "Venue", puller: Puller) -> None:
        super().__init__(context)
        self._hub = venue
        self._puller = puller
        self._event = puller.event
        self._site = site_mark(context.client.site)
        self._wakeup = Wakeup(self._clock)
        self._known = KnownList()
        self._known_at = (-math.inf, datetime.min.replace(tzinfo=UTC))
        """When the site was asked for it: on the steady clock, which may stand still while a
        computer sleeps, and on the other one."""
        self._unread = 0
        """Of the known list."""
        self._is_own = False
        """This door has read the known list from the site itself."""
        self._own_at = self._clock.monotonic()
        """When it last has, on the steady clock."""
        self._every = SHORTEST
        """Seconds between two lists, as who reads it for all says."""
        self._read: Mapping[str, Ticket] = {}
        """The newest list that was read here, by uuid."""
        self._pulled: tuple[TicketList | None, float] | None = None
        self._heard_at = -math.inf
        """When a door last told of a list that is not taken over here."""
        self._has_doubted = False
        """A list that was read since is not believed, and the others do not know."""
        self._inbox = Inbox()
        self._came: deque[tuple[str, Mapping[str, Any], float]] = deque(maxlen=MOST_WAITING)
        self._answer_at = math.inf
        """When the whole list is sent that another door lacks."""
        self._whole_sent_at = -math.inf
        self._asked_at = -math.inf
        self._link.watch(self._wakeup.set)
        puller.share(self)

    # What the puller asks, as `Sharing` tells

    async def is_brought(self) -> bool:
        # Every few minutes it is read here all the same: what a door sends that is broken, or was
        # taken over, is believed no longer where the site can be asked.
        if not (self._is_joined and self._link.reaches) or self._is_old:
            return False
        if self._clock.monotonic() >= self._own_at + OWN_EVERY:
            return False
        if self._puller.pace.failures:  # it could not be read here, which is tried on
            return False
        from boxoffice.venue import HubAwayError  # noqa: PLC0415 - only where a venue was joined

        try:
            doors = await self._hub.doors(self._event)
        except HubAwayError as error:
            log.info("who reads the list is not known: %s", error)
            return False
        return elect(doors, self._site) not in ("", self._hub.device)

    async def add(self, listed: TicketList | None, asked_at: float) -> None:
        self._own_at = asked_at
        if listed is not None:
            try:
                self._read = await _in_thread(listed.completed, self._read)
            except KeyError:  # the one before was not taken up here: the next is decoded whole
                self._puller.share(self)
                return
        if listed is None and self._pulled is not None:
            listed = self._pulled[0]
        self._pulled = listed, asked_at
        self._wakeup.set()

    def keep(self, asked_at: float) -> None:
        self._own_at, self._every, self._has_doubted = asked_at, self._puller.pace.least, True
        self._wakeup.set()

    # The work

    async def run(self) -> None:
        """Send what is read here, and take up what others have read. Never returns.

        Raises StoreError where the files cannot be used.
        """
        stops = (
            self._hub.watch_broadcasts(self._event, LIST, self._take_part),
            self._hub.watch_broadcasts(self._event, WANTED, self._take_wish),
            self._hub.watch(self._wakeup.set),
        )
        try:
            while True:
                reads = self._link.reaches and self._puller.pace.has_succeeded
                self._hub.show(self._event, site=self._site if reads else "")
                await self._send_pulled()
                while self._came:
                    await self._take_next()
                await self._answer()
                await self._send_doubt()
                if self._is_old and not self._link.reaches:
                    self._ask()
                await self._wakeup.wait(LOOK_EVERY)
        finally:
            for stop in stops:
                stop()
            let_go_in_steps(self._known.rows, self._read)
            self._known, self._read, self._pulled = KnownList(), {}, None

    @property
    def _is_joined(self) -> bool:
        return self._hub.status.state in (HubState.JOINED, HubState.JOINING)

    @property
    def _age(self) -> float:
        """Seconds since the site was asked for this door's list; more than OLDEST: it has none."""
        return self._seconds_since(self._puller.asked_at, self._puller.last_pull)

    def _seconds_since(self, steady: float, at: datetime | None) -> float:
        passed = self._clock.monotonic() - steady
        return passed if at is None else max(passed, (self._clock.now() - at).total_seconds())

    def _know(self, known: KnownList, unread: int, asked_at: float) -> None:
        ago = timedelta(seconds=self._clock.monotonic() - asked_at)
        let_go_in_steps(self._known.rows)
        self._known, self._unread = known, unread
        self._known_at = asked_at, self._clock.now() - ago

    @property
    def _is_old(self) -> bool:
        """Whoever reads the list for all has not done so lately."""
        heard = self._clock.monotonic() - self._heard_at
        return min(self._age, heard) > INTERVALS * self._every

    # What is sent

    async def _send_pulled(self) -> None:
        pulled, self._pulled = self._pulled, None
        if pulled is None or pulled[1] < self._puller.asked_at:  # a younger one came meanwhile
            return
        change, (listed, asked_at) = ListChange([], []), pulled
        known, unread, is_first = self._known, self._unread, not self._known.rows
        if listed is not None:
            read = self._read
            change, known = await _in_thread(_advance, known, read)
            if self._read is read:
                self._read = known.rows  # the same, but in memory once
            unread = listed.unread
            if is_first or len(change.rows) + len(change.gone) > MOST_CHANGED:
                change = ListChange([], [])
        self._know(known, unread, asked_at)
        self._is_own, self._every = True, self._puller.pace.least
        await self._send(change, is_whole=False)

    async def _answer(self) -> None:
        """Send the whole list where another door lacks it."""
        now = self._clock.monotonic()
        if now < max(self._answer_at, self._whole_sent_at + WHOLE_EVERY):
            return
        self._answer_at = math.inf
        await self._know_stored()
        self._whole_sent_at = now
        await self._send(ListChange([*self._known.rows.values()], []), is_whole=True)

    async def _send_doubt(self) -> None:
        """Tell the other doors that their list is kept, and why; it says nothing of the list."""
        has_doubted, self._has_doubted = self._has_doubted, False
        if self._age > OLDEST:  # nobody takes up what is said of such a list, or of none
            return
        if has_doubted and self._puller.doubt.listed is not None:
            await self._know_stored()
            await self._send(ListChange([], []), is_whole=False)

    async def _know_stored(self) -> None:
        """Where none was read since the start, the list is known that is stored here."""
        if not self._known.rows:
            stored, asked_at = dict(await self._puller.load()), self._puller.asked_at
            _, known = await _in_thread(_advance, self._known, stored)
            self._know(known, 0, asked_at)

    async def _send(self, change: ListChange, *, is_whole: bool) -> None:
        if not self._is_joined:
            return
        packed = await _in_thread(pack, change)
        head = ListHead(
            self._site,
            uuid4().hex,
            len(packed),
            0.0,
            self._every,
            self._known.digest,
            len(self._known.rows),
            self._unread,
            is_whole,
            self._puller.doubt.listed,
            self._puller.doubt.taken,
        )
        for number, part in enumerate(packed):
            if number:
                await self._clock.sleep(BETWEEN_PARTS)
            head = head._replace(age=max(self._seconds_since(*self._known_at), 0.0))
            self._hub.broadcast(self._event, LIST, part_fields(Part(head, number, part)))

    def _ask(self) -> None:
        """Ask whoever has a younger list for the whole of it."""
        now, age = self._clock.monotonic(), self._age
        if self._is_joined and now >= self._asked_at + WHOLE_EVERY:
            self._asked_at = now
            wish = {"site": self._site, "age": None if age > OLDEST else max(age, 0.0)}
            self._hub.broadcast(self._event, WANTED, wish)

    # What comes

    def _take_part(self, device: str, fields: dict[str, Any]) -> None:
        if fields.get("site") == self._site:
            self._came.append((device, fields, self._clock.monotonic()))
            self._wakeup.set()

    def _take_wish(self, device: str, fields: dict[str, Any]) -> None:
        try:
            site, age = read_wanted(fields)
        except ValueError as error:
            log.info("passed over: what %s wants is no list: %s", device, error)
            return
        if site != self._site or self._age + YOUNGER > age or self._age > OLDEST:
            return
        self._answer_soon()

    def _answer_soon(self) -> None:
        wait = 0.0 if self._is_own else OTHERS_FIRST * self._jitter()
        self._answer_at = min(self._answer_at, self._clock.monotonic() + wait)
        self._wakeup.set()

    async def _take_next(self) -> None:
        device, fields, came_at = self._came.popleft()
        try:
            part = read_part(fields)
            if part.head.is_whole:
                self._asked_at = came_at  # what was asked for is on its way
                if not self._is_own:
                    self._answer_at = math.inf  # it is answered
            sent = self._inbox.add(device, part, came_at)
            if sent is not None:
                await self._take_sent(device, sent, came_at)
        except ValueError as error:
            log.info("passed over: what %s sent is no list: %s", device, error)

    async def _take_sent(self, device: str, sent: ListSent, came_at: float) -> None:
        """Take up what another door has sent. Raises ValueError where it is no list."""
        head, puller = sent.head, self._puller
        doubt, younger = puller.doubt, sent.asked_at - puller.asked_at
        if head.doubted is not None:
            self._heard_at, self._every = came_at, head.every
            if doubt.taken is not None and not is_suspicious(head.doubted, doubt.taken):
                if doubt.listed is None:  # what a person has said is not known there
                    self._answer_soon()
                return
        if younger > (0 if head.doubted is None else YOUNGER):
            if await puller.rejects(head.tickets + head.unread, head.taken):
                self._heard_at, self._every = came_at, head.every
                self._has_doubted = head.doubted is None
            else:
                await self._take_list(device, sent)
        if head.doubted is not None:
            await doubt.show(head.doubted, head.tickets)

    async def _take_list(self, device: str, sent: ListSent) -> None:
        joined = await _in_thread(sent.join, self._known, self._event)
        if joined is None:
            log.info("the list of %s is not the one here: the whole of it is asked for", device)
            self._ask()
            return
        believed = await _in_thread(self._believed, joined)
        listed = TicketList("", believed, sent.head.unread, joined.rows.keys())
        if await self._puller.take_over(listed, sent.asked_at):
            self._know(joined, sent.head.unread, sent.asked_at)
            self._read = joined.rows
            self._is_own, self._every = False, sent.head.every

    def _believed(self, sent: KnownList) -> list[Ticket]:
        return [believe(ticket, self._puller.listed(uuid)) for uuid, ticket in sent.rows.items()]


async def _in_thread(work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """What `work` gives, which makes an object or more for each ticket."""

    def uncollected() -> T:
        with collector_paused:
            return work(*args, **options)

    return await asyncio.to_thread(uncollected)


def _advance(known: KnownList, listed: Mapping[str, Ticket]) -> tuple[ListChange, KnownList]:
    """What turns the known list into another, and that one."""
    change = known.change_to(listed)
    return change, known.changed_by(change)
