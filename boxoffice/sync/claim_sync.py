"""Reads the claims of other doors from the hub, and sends the hub those of ours that it missed.

A hub that comes back, or a new one, is told of every claim that it does not know. By its answers it
shows which tickets two doors have let in, and at both doors that becomes a conflict.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from boxoffice.domain.humanize import format_time
from boxoffice.domain.models import Event
from boxoffice.domain.venue import Claim, ClaimState, Clash, HubState, Message, Outcome, Sent
from boxoffice.language import N_, _
from boxoffice.store import claim_feed, json_docs, venue
from boxoffice.store.claim_feed import FeedPosition
from boxoffice.store.updates import ClaimsStored, JournalWritten
from boxoffice.store.venue import OwnClaim
from boxoffice.sync.claims import LOOK_FOR_UNUSED, UNUSED, Claims
from boxoffice.sync.context import SyncContext, SyncPart, Wakeup

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

MOST_UNUSED = 8
"""How many claims that let nobody in are given back at a time. A killed process leaves one: if
there are more than this, another computer with a copy of this folder has made them."""
AGAIN = 2.0
"""Seconds between two looks for what the hub does not know yet."""
SIDE_BY_SIDE = 8
"""Tickets whose claims are sent at once."""
PATIENCE, LOOK_EVERY = 5.0, 0.05
"""Seconds that a command waits for what the other doors did, and between its looks."""

LATER_HERE = N_(
    "{lane} let this ticket in at {first}, you at {second} while the hub was away: "
    "possibly two people. Look for both, then dismiss it with what you found."
)
LATER_THERE = N_(
    "{lane} let this ticket in at {second} while the hub was away, you at {first}: "
    "possibly two people. Look for both, then dismiss it with what you found."
)


class ClaimSync(SyncPart):
    """Keeps this computer and the hub in step about the claims of one event.

    It owns no data: it may be stopped at any moment, and run in several processes at once.
    """

    def __init__(self, context: SyncContext, venue: "Venue", event: str) -> None:
        """`event`: its uuid."""
        super().__init__(context)
        self._hub = venue
        self._event = event
        self._claims = Claims(context, venue)
        self._wakeup = Wakeup(self._clock)
        self._read_to_the_end = False
        self._taken_up = FeedPosition()
        """How far this process has followed the feed. Another process may have stored more."""
        self._looked_until = datetime.min.replace(tzinfo=UTC)
        """Claims of ours up to this time were checked already for whether they let anybody in."""
        self._has_copy = False
        """Another computer has a copy of this folder: claims that let nobody in may be its own."""

    async def run(self) -> None:
        """Follow the feed of claims, and keep telling the hub what it missed. Never returns.

        Raises StoreError where the files cannot be used.
        """
        unwatch = self._hub.watch(self._wakeup.set)
        unfollow = self._follow()
        try:
            while True:
                await self.settle()
                await self._wakeup.wait(AGAIN)
        finally:
            unfollow()
            unwatch()

    async def catch_up(self) -> bool:
        """Read what the other doors did, then tell the hub what it missed; for a command.

        False: the hub did not answer in time, or not everything could be told.
        """
        unfollow, give_up = self._follow(), self._clock.monotonic() + PATIENCE
        try:
            while not (self._read_to_the_end and self._is_joined):
                if self._clock.monotonic() >= give_up:
                    return False
                await self._clock.sleep(LOOK_EVERY)
            return await self.settle()
        finally:
            unfollow()

    @property
    def _is_joined(self) -> bool:
        return self._hub.status.state is HubState.JOINED

    # What the other doors did

    def _follow(self) -> Callable[[], None]:
        self._read_to_the_end = False
        return self._hub.follow(self._event, self._after, self._take_up)

    async def _after(self, record: str, epoch: int) -> int:
        at = await self._store.read(claim_feed.position, self._event)
        number = at.number if (at.record, at.epoch) == (record, epoch) else 0
        if (self._taken_up.record, self._taken_up.epoch) == (record, epoch):
            number = min(number, self._taken_up.number)  # what others stored is not shown here yet
        self._taken_up = FeedPosition(record, epoch, number)
        return number

    async def _take_up(self, record: str, epoch: int, messages: Sequence[Message]) -> None:
        """Store a batch of the feed. An empty one says that the feed was read to its end."""
        newest = max((message.number for message in messages), default=0)
        at = FeedPosition(record, epoch, newest)
        for message in messages:
            if isinstance(message, Clash):
                await self._add_clash(message, messages)
        if not await self._store.write(claim_feed.take_up, self._event, at, messages):
            return
        self._taken_up = at._replace(number=max(self._taken_up.number, newest))
        if theirs := [
            message.ticket
            for message in messages
            if isinstance(message, Claim) and message.device != self._hub.device
        ]:
            await self._updates.publish(ClaimsStored(self._event, theirs))
        for message in messages:  # after it is stored: at the same time a claim may be lost
            if isinstance(message, Claim) and not message.is_in:
                await self._reopen(message)
        if not messages:
            await self._journal.write(venue.renew, self._event, at)
            for own in await self._journal.read_all(venue.lost, self._event):
                await self._reopen_if_out(own)
            await self._give_back_unused()
            self._read_to_the_end = True
            self._wakeup.set()

    async def _reopen(self, out: Claim) -> None:
        """Take a conflict back: the first person was out again before the second came in."""
        own = await self._journal.read_all(venue.of_round, out.ticket, out.round - 1)
        if own is None or own.state is not ClaimState.LOST:
            return
        if await self._journal.write(venue.reopen, out):
            await self._updates.publish(JournalWritten([out.ticket]))

    async def _reopen_if_out(self, lost: OwnClaim) -> None:
        """The same, where the feed has told already that the first is out again."""
        newest = await self._store.read(claim_feed.newest, lost.ticket, lost.event)
        if newest.claim is not None and not newest.claim.is_in:
            await self._reopen(newest.claim)

    async def _add_clash(self, clash: Clash, batch: Sequence[Message]) -> None:
        """Queue a conflict for a person, if the ticket was let in here first."""
        if clash.device == self._hub.device:
            return
        first = await self._first(clash, batch)
        if first is not None and first != self._hub.device:
            return
        own = await self._journal.read(venue.of_round, clash.ticket, clash.round)
        if own is None:
            return
        event = await self._event_of(clash.event)
        reason = _(LATER_THERE).format(
            lane=clash.lane,
            second=self._time(clash.at, event),
            first=self._time(own.at, event),
        )
        is_ours = first is not None
        if await self._journal.write(venue.add_clash, clash, reason, is_ours=is_ours):
            log.warning("ticket %s was let in at %s too", clash.ticket, clash.lane)
            await self._updates.publish(JournalWritten([clash.ticket]))

    async def _first(self, clash: Clash, batch: Sequence[Message]) -> str | None:
        """The device that was first; None: not known any more, as there were later rounds."""
        place = clash[:3]
        for message in batch:
            if isinstance(message, Claim) and message[:3] == place:
                return message.device
        claim = (await self._store.read(claim_feed.newest, clash.ticket, clash.event)).claim
        return claim.device if claim is not None and claim.round == clash.round else None

    async def _event_of(self, event: str) -> Event:
        known = await self._store.read(json_docs.get_event, event)
        return known or Event(event, "")

    def _time(self, moment: datetime, event: Event) -> str:
        return format_time(moment, event, self._clock.now())

    async def _give_back_unused(self) -> None:
        """Give back the claims of processes that were killed before they let anybody in."""
        after, until = self._looked_until, self._clock.now() - UNUSED
        if until < after:  # the clock was set back: newer claims have earlier times
            after = datetime.min.replace(tzinfo=UTC)
        self._has_copy |= self._hub.status.is_copied
        if self._has_copy or until - after < LOOK_FOR_UNUSED:
            return
        device = self._hub.device
        old = await self._store.read_all(claim_feed.claims_of, self._event, device, after, until)
        unused = await self._journal.read(venue.unused, old) if old else []
        if len(unused) > MOST_UNUSED:
            self._has_copy = True
            log.error("%d claims are of a copy of this folder: none is given back", len(unused))
        elif unused and (number := await self._journal.write(venue.give_back_unused, unused)):
            log.warning("%d claims let nobody in, and are given back", number)
        self._looked_until = until

    # What this computer did

    async def settle(self) -> bool:
        """Tell the hub what it missed. False: some of it has to be tried again."""
        if not self._is_joined:
            return True
        await self._give_back_unused()
        rows = await self._journal.read_all(venue.open_claims, self._event)
        all_brought = await self._side_by_side(rows, self._submit)
        rows = await self._journal.read_all(venue.unannounced, self._event)
        return await self._side_by_side(rows, self._announce) and all_brought

    async def _side_by_side(
        self, rows: Sequence[OwnClaim], tell: Callable[[OwnClaim], Awaitable[bool]]
    ) -> bool:
        """`tell` the hub of rows, those of one ticket in order. Returns whether it has them all."""
        tickets = deque(list(group) for _, group in groupby(rows, key=lambda own: own.ticket))
        all_published = True

        async def work() -> None:
            nonlocal all_published
            while tickets and self._is_joined:
                for own in tickets.popleft():
                    if not await tell(own):  # the rounds after it need it
                        all_published = False
                        break

        async with asyncio.TaskGroup() as group:
            for _ in range(min(SIDE_BY_SIDE, len(tickets))):
                group.create_task(work())
        return all_published and not tickets

    async def _submit(self, own: OwnClaim) -> bool:
        """Make or give back a claim that the hub does not know. False: it has to be tried again."""
        at = await self._store.read(claim_feed.position, self._event)
        if own.state is ClaimState.RELEASING:
            return await self._claims.give_back(own, at)
        taken = await self._hub.take(own.event, own.ticket, own.round, own.at)
        if taken.claim is None or taken.outcome is Outcome.UNKNOWN:
            return False
        if taken.outcome is Outcome.WON:
            await self._journal.write(venue.win, own, taken.claim.round, at)
            return True
        first, event = taken.claim, await self._event_of(own.event)
        await self._store.write(claim_feed.record_claim, first)
        reason = _(LATER_HERE).format(
            lane=first.lane,
            first=self._time(first.at, event),
            second=self._time(own.at, event),
        )
        if not await self._journal.write(venue.lose, own, first, reason):
            return False
        log.warning("ticket %s was let in at %s first", own.ticket, first.lane)
        await self._reopen_if_out(own)
        await self._updates.publish(JournalWritten([own.ticket]))
        return True

    async def _announce(self, own: OwnClaim) -> bool:
        about = (own.event, own.ticket, own.round, self._hub.device)
        message: Message = (
            Clash(*about, self._journal.lane, own.at)
            if own.state is ClaimState.LOST
            else Sent(*about, self._clock.now(), lane=self._journal.lane)
        )
        if not await self._hub.put(message):
            return False
        await self._journal.write(venue.announce, own)
        return True
