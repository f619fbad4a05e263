"""Has a door that reaches the site send the check-ins of doors that do not.

A door without the site posts its check-ins at the hub; a door with the site sends them for it.
CONTRIBUTING.md, promises 2 and 5. `boxoffice.domain.courier` has the rules. Until the outcome is
known, a posted check-in stays in its own door's queue.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Self

from boxoffice.domain.courier import (
    GIVEN_UP,
    POSTED,
    WAITS,
    Delivery,
    PostState,
    Settled,
    is_given_up,
    is_under_way,
    next_turn,
    settle,
)
from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueRow, QueueState
from boxoffice.domain.venue import Attempt, Finding, Found, HubState, Message, Outcome, Post, Sent
from boxoffice.language import N_, _
from boxoffice.store import admissions, claim_feed, journal_db, posts, queue, venue
from boxoffice.store.posts import PostedRow
from boxoffice.store.updates import JournalWritten, RowSettled
from boxoffice.store.venue import OwnClaim
from boxoffice.sync.check_in_policy import (
    ALREADY_IN,
    NO_SUCH_TICKET,
    REFUNDED,
    WHAT_TO_DO,
    Decision,
    Step,
    decide,
)
from boxoffice.sync.context import (
    SyncContext,
    SyncPart,
    Wakeup,
    response_of,
    wait_before,
    with_rest,
)

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between looks for what is to be posted, sent for others, or settled."""
AHEAD = 64
"""Check-ins that are posted, or sent for others, between two looks."""
SIDE_BY_SIDE = 2
"""Other doors' tickets that are sent at once; few, as a door's own come first."""
REASONS = {
    Finding.IN: ALREADY_IN,
    Finding.REFUNDED: REFUNDED,
    Finding.GONE: NO_SUCH_TICKET,
    Finding.REFUSED: WHAT_TO_DO[QueueKind.CHECK_IN],
}
"""What the door that posted the check-in tells its person, by what the other door found."""
ARRIVED = N_("Found in by another door: an earlier try had arrived.")


class Posts(SyncPart):
    """Takes back check-ins that this computer has posted. Make it with `of`."""

    def __init__(self, context: SyncContext, hub: "Venue") -> None:
        super().__init__(context)
        self._hub = hub

    @classmethod
    def of(cls, context: SyncContext) -> Self | None:
        """The posts of this computer; None: it never joined a venue."""
        return None if context.venue is None else cls(context, context.venue)

    async def take_back(self, admission: int) -> Outcome:
        """Keep other doors from sending the check-in of an admission.

        WON: none sends it from now on. LOST: one may be sending it right now. UNKNOWN: the hub does
        not answer.
        """
        own = await self._journal.read(venue.of_admission, admission)
        return Outcome.WON if own is None else await self._end(own)

    async def reclaim(self, row: QueueRow) -> QueueRow:
        """Take a row back to send it from here; returns it as it now stands."""
        own = await self._journal.read(venue.of_admission, row.id)
        if own is None or own.post in (PostState.NONE, PostState.TAKEN_BACK):
            return row
        await self._end(own)
        own = await self._journal.read(venue.of_admission, row.id)
        is_unwritten = own is not None and own.post is PostState.TAKEN_BACK
        return row._replace(attempted=not is_unwritten)

    async def _end(self, own: OwnClaim) -> Outcome:
        """Take the turn at it, so that no other door does. Returns as `take_back`."""
        if own.post not in (PostState.FRESH, PostState.TRIED):
            return Outcome.WON
        known = await self._store.read(claim_feed.deliveries, own.event, [own.ticket])
        delivery = next((one for one in known if one.round == own.round), None)
        turn, device, now = 0, self._hub.device, self._clock.now()
        if delivery is not None:
            if delivery.is_settled:
                if (delivery.courier, delivery.turn) == (device, 0):
                    await self._journal.write(posts.take_back, own)
                return Outcome.WON
            if is_under_way(delivery, now):
                return Outcome.LOST
            turn = delivery.turn + 1
        at = await self._store.read(claim_feed.position, own.event)
        if self._hub.status.state is not HubState.JOINED or (own.record, own.epoch) != at[:2]:
            return Outcome.UNKNOWN
        about = (own.event, own.ticket, own.round, device, self._journal.lane, now)
        stands = await self._hub.attempt(Attempt(*about, turn))
        if stands is None:
            return Outcome.UNKNOWN
        await self._store.write(claim_feed.record_post, stands)
        if stands.device != device:
            return Outcome.LOST
        if stands.turn == 0:
            await self._journal.write(posts.take_back, own)
        return Outcome.WON


class Courier(SyncPart):
    """For one event: posts check-ins while the site is away, and sends others' while it is there.

    It owns no data: it may be stopped at any moment, and run in several processes at once.
    """

    def __init__(self, context: SyncContext, hub: "Venue", event: str) -> None:
        """`event`: its uuid."""
        super().__init__(context)
        self._hub = hub
        self._event = event
        self._wakeup = Wakeup(self._clock)
        self._unpublished: list[Message] = []
        """Outcomes of deliveries that the hub does not have yet."""
        self._put_off: dict[tuple[str, int], tuple[int, float]] = {}
        """By ticket and round: how often sending it failed, and when it may be tried again."""
        self._paused_until = 0.0
        self._link.watch(self._wakeup.set)

    async def run(self) -> None:
        """Post, settle and send for others, whenever there is something. Never returns.

        Raises StoreError where the files cannot be used.
        """
        unwatch = self._hub.watch(self._wakeup.set)
        unsubscribe = self._updates.wake(self._wakeup.set, JournalWritten, RowSettled)
        try:
            while True:
                if self._hub.status.state is HubState.JOINED:
                    await self._publish_outcomes()
                    if not self._link.sends:
                        await self._post()
                    await self.settle()
                    if await self._may_carry():
                        await self._carry()
                await self._wakeup.wait(LOOK_EVERY)
        finally:
            unsubscribe()
            unwatch()

    # Our own check-ins

    async def _post(self) -> None:
        """Post what waits here; post again what the hub does not have any more."""
        at = await self._store.read(claim_feed.position, self._event)
        if await self._journal.read_all(posts.has_unposted, self._event, at):
            await self._journal.write(posts.post, self._event, at, AHEAD)
            await self._updates.publish(JournalWritten())
        rows = await self._journal.read_all(posts.waiting, self._event)
        known = await self._deliveries(rows)
        for queued, round_, post in rows:
            if post is PostState.TAKEN_BACK or (queued.ticket, round_) in known:
                continue
            about = (self._event, queued.ticket, round_, self._hub.device, queued.lane, queued.at)
            if not await self._hub.put(Post(*about, attempted=post is PostState.TRIED)):
                return

    async def settle(self) -> None:
        """Settle the posted rows that wait here, by what other doors did with them."""
        rows = await self._journal.read_all(posts.waiting, self._event)
        known = await self._deliveries(rows)
        for posted in rows:
            delivery = known.get((posted.queued.ticket, posted.round))
            if delivery is None:
                continue
            if (settled := settle(delivery, posted.post)) is None:
                await self._explain(posted, delivery)
            elif await self._settle(posted, delivery, settled):
                log.info("ticket %s, which was posted: %s", delivery.ticket, settled)
                await self._updates.publish(RowSettled(posted.queued))

    async def _explain(self, posted: PostedRow, delivery: Delivery) -> None:
        """Have the row's reason say whether other doors still try to send it."""
        reason = GIVEN_UP if is_given_up(delivery, self._clock.now()) else WAITS
        if posted.queued.reason in POSTED - {reason}:
            await self._journal.write(posts.explain, posted, reason)
            await self._updates.publish(JournalWritten())

    async def _settle(self, posted: PostedRow, delivery: Delivery, settled: Settled) -> bool:
        """Write the outcome down. False: it is settled already, or just being sent from here."""
        match settled:
            case Settled.SENT:
                reason = (
                    _("Sent by {lane}.").format(lane=delivery.sent_by)
                    if delivery.sent_by
                    else _("Sent by another door.")
                )
                return await self._journal.write(posts.complete, posted, reason)
            case Settled.ARRIVED:
                return await self._journal.write(posts.complete, posted, _(ARRIVED))
            case Settled.CONFLICT | Settled.FAILED:
                state = QueueState(settled)
                reason = _(REASONS[delivery.why or Finding.REFUSED])
                return await self._journal.write(posts.set_aside, posted, state, reason)

    async def _deliveries(self, rows: list[PostedRow]) -> dict[tuple[str, int], Delivery]:
        tickets = {posted.queued.ticket for posted in rows}
        known = await self._store.read_all(claim_feed.deliveries, self._event, tickets)
        return {(delivery.ticket, delivery.round): delivery for delivery in known}

    # Those of others

    async def _may_carry(self) -> bool:
        """Whether to send for others: the site can be reached, and has all of our own check-ins."""
        if not self._link.sends or self._link.writes_refused:
            return False
        if self._clock.monotonic() < self._paused_until:
            return False
        now = self._clock.now()
        due = await self._journal.read(queue.next_due, now)
        counts = await self._journal.read(queue.counts)
        return not counts.sending and (due is None or due > now)

    async def _carry(self) -> None:
        """Send what others have posted, in a random order, so that doors seldom pick the same."""
        known = await self._store.read_all(claim_feed.open_deliveries, self._event)
        open_ = {(delivery.ticket, delivery.round) for delivery in known}
        self._put_off = {key: tried for key, tried in self._put_off.items() if key in open_}
        now, moment = self._clock.now(), self._clock.monotonic()
        ready = [
            (self._jitter(), delivery, turn)
            for delivery in known
            if (turn := next_turn(delivery, self._hub.device, now)) is not None
            and self._put_off.get((delivery.ticket, delivery.round), (0, 0.0))[1] <= moment
        ]
        waiting = deque(sorted(ready, key=lambda one: one[0])[:AHEAD])

        async def work() -> None:
            while waiting and self._link.sends and self._clock.monotonic() >= self._paused_until:
                _, delivery, turn = waiting.popleft()
                await self._deliver(delivery, turn)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(SIDE_BY_SIDE, len(waiting))):
                group.create_task(work())

    async def _deliver(self, delivery: Delivery, turn: int) -> None:
        """Send one, unless another door has the turn.

        The ticket is read before the turn is taken. If it is in by then, no door of the venue has
        sent it.
        """
        row = QueueRow(
            *(0, QueueKind.CHECK_IN, QueueState.WAITING, delivery.ticket, delivery.event),
            *(delivery.at, delivery.lane, ""),
            read_first=True,
            attempted=delivery.attempted or turn > 0,
        )
        began = self._clock.now()
        undone_at = await self._journal.read(admissions.undone_at, delivery.ticket)
        if delivery.round:  # it was out before, by whatever door
            undone_at = delivery.at
        read = await response_of(self._client.tickets.get(delivery.ticket, retry=False))
        step = decide(row, read, now=began, undone_at=undone_at)
        if step.step is Step.LATER:
            self._postpone(delivery, step)
            return
        about = (delivery.event, delivery.ticket, delivery.round, self._hub.device)
        lane = self._journal.lane
        ours = Attempt(*about, lane, self._clock.now(), turn)
        stands = await self._hub.attempt(ours)
        if stands is not None:
            await self._store.write(claim_feed.record_post, stands)
        if stands != ours:
            return
        if step.step is Step.WRITE:
            await self._record(JournalKind.DELIVERING, delivery, turn)
            write = await response_of(self._client.tickets.patch(delivery.ticket, checked_in=True))
            step = decide(row, read, write, now=began)
        if step.step is Step.LATER:  # the turn stands, and what it came to is not known
            self._postpone(delivery, step)
            return
        message: Message
        if step.step is Step.DONE:
            await self._record(JournalKind.DELIVERED, delivery, turn, step.reason)
            message = Sent(*about, self._clock.now(), lane=lane)
        else:
            await self._record(JournalKind.UNDELIVERED, delivery, turn, step.reason)
            why = step.finding or Finding.REFUSED
            message = Found(*about, lane, self._clock.now(), why)
        self._unpublished.append(message)
        await self._publish_outcomes()

    async def _record(
        self, kind: JournalKind, delivery: Delivery, turn: int, reason: str = ""
    ) -> None:
        data = {"lane": delivery.lane, "round": delivery.round, "turn": turn}
        entry = Entry(kind, delivery.event, delivery.ticket, reason=reason, data=data)
        await self._journal.write(journal_db.record, entry)

    def _postpone(self, delivery: Delivery, step: Decision) -> None:
        key = (delivery.ticket, delivery.round)
        tries = self._put_off.get(key, (0, 0.0))[0] + 1
        wait = with_rest(wait_before(tries, step.pace, self._jitter), step.after)
        until = self._clock.monotonic() + wait
        self._put_off[key] = (tries, until)
        if step.everyone:
            self._paused_until = max(self._paused_until, until)
        log.info("ticket %s of %s in %.1f s", delivery.ticket, delivery.lane, wait)

    async def _publish_outcomes(self) -> None:
        """Send the outcomes of deliveries to the hub; those it does not take are kept for later."""
        unpublished, self._unpublished = self._unpublished, []
        for message in unpublished:
            if not await self._hub.put(message):
                self._unpublished.append(message)
