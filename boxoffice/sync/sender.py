"""Sends the queue to the server: the rows of one ticket in order, several tickets at once.

CONTRIBUTING.md, promises 2 and 8.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from boxoffice.domain.journal import Entry, JournalKind, QueueKind, QueueRow, QueueState
from boxoffice.domain.models import Answer, Ticket
from boxoffice.domain.venue import ClaimState
from boxoffice.language import _
from boxoffice.store import StoreError, admissions, claim_feed, json_docs, queue, venue
from boxoffice.store.journal_db import GroupCommit
from boxoffice.store.updates import (
    AnswersStored,
    JournalWritten,
    RowSettled,
    SaleUpdated,
)
from boxoffice.store.venue import OwnClaim
from boxoffice.sync.check_in_policy import Decision, ErrorHistory, Response, Step
from boxoffice.sync.context import (
    SyncContext,
    SyncPart,
    Wakeup,
    WatchedLock,
    response_of,
    wait_before,
    with_rest,
)
from boxoffice.sync.courier import Posts
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

LOCK_FILE = "sender.lock"
SIDE_BY_SIDE = 8
"""Tickets sent at once where there is no door: as many as the client makes requests at once."""
AHEAD = 64
"""Rows taken from the queue at once."""
LOW = 2 * SIDE_BY_SIDE
"""With fewer rows than this at hand, more are taken from the queue."""
BESIDE_A_LANE = SIDE_BY_SIDE // 2
"""Tickets sent at once while people come to the door: it needs some requests for its own reads."""
IN_QUIET = SIDE_BY_SIDE - 1
"""Tickets sent at once while nobody comes: one request stays free for the next person."""
QUIET = 10.0
"""Seconds without a scan, after which nobody is taken to be coming."""
BESIDE = 2
"""Tickets sent on top of these, of those that were just admitted with the server's word."""
LOOK_EVERY = 1.0
"""Seconds between looks for rows that have become due, or were queued by another process."""
LOCK_EVERY = 2.0
"""Seconds between tries to get the lock of the sender."""
OTHER_SENDS = 60.0
"""Seconds that `drain` waits for another process to empty the queue."""


class SilentSenderError(Exception):
    """Another process has the sender's lock, and gives no sign that it sends."""

    def __init__(self, process: int) -> None:
        self.sentence = _(
            "Another boxoffice on this computer (process {process}) has the queue and does "
            "not send: end it."
        ).format(process=process)
        super().__init__(self.sentence)


class Drained(NamedTuple):
    """The result of `Sender.drain`."""

    sent: int
    """Rows that this process sent, and the server took."""
    waiting: int
    attention: int
    """Rows that need a person."""
    trouble: str = ""
    """Why this process could not send at all; empty: it could."""


class Sender(SyncPart):
    """Sends the queue. A lock makes it the only sender of its data folder, whatever runs there.

    It owns no data: rows come from the journal and go back to it, so that it can be stopped at any
    moment. While the link is down or the key is refused it sends nothing; it goes on by itself.
    """

    def __init__(
        self, context: SyncContext, *, side_by_side: int = SIDE_BY_SIDE, in_quiet: int | None = None
    ) -> None:
        """`side_by_side`: tickets sent at once; `in_quiet`: the same while nobody comes.

        For a lane both are less than the client's limit, so that requests are left for the reads of
        the door and of the list.
        """
        super().__init__(context)
        self._side_by_side = side_by_side
        self._in_quiet = in_quiet or side_by_side
        self.busy_until = -QUIET
        """When somebody was last at the door, on the monotonic clock; infinite: somebody is now."""
        self._posts = Posts.of(context)
        self._commits = GroupCommit(context.journal)
        self._busy: set[str] = set()
        """Tickets of the rows that are being sent, until the result is on disk."""
        self._behind: set[asyncio.Task[None]] = set()
        """Tasks that write down what the server took, while the next rows are already sent."""
        self._errors = ErrorHistory(self._link, self._clock)
        self._lock = WatchedLock(context.folder / LOCK_FILE, self._clock)
        self._wakeup = Wakeup(self._clock)
        self._paused_until = 0.0
        self._paused_by_network = False
        self._strikes = 0
        self._sent = 0
        self._could_send = self._link.sends
        self._link_is_back = False
        self._link.watch(self._linked)

    async def run(self) -> None:
        """Get the lock, then send the queue as it fills. Never returns.

        Raises StoreError where the journal cannot be used, and SilentSenderError where another
        process holds the lock without sending. Rows that are being sent when this is cancelled are
        read at the site before they are sent again.
        """
        while True:
            while not self._lock.acquire():
                if (process := self._lock.silent_holder()) is not None:
                    raise SilentSenderError(process)
                await self._clock.sleep(LOCK_EVERY)
            await self._send(forever=True)

    async def drain(self) -> Drained:
        """Send what is due now, and what only waits for the link. Returns what is left.

        If another process is the sender, this waits up to OTHER_SENDS for it to finish.
        """
        before, trouble = self._sent, ""
        give_up = self._clock.monotonic() + OTHER_SENDS
        while not self._lock.acquire():
            counts = await self._journal.read(queue.counts)
            if not counts.unsent or self._clock.monotonic() >= give_up:
                break
            if (process := self._lock.silent_holder()) is not None:
                trouble = SilentSenderError(process).sentence
                break
            await self._clock.sleep(LOOK_EVERY)
        else:
            await self._send(forever=False)
        counts = await self._journal.read(queue.counts)
        return Drained(self._sent - before, counts.unsent, counts.attention, trouble)

    async def _send(self, *, forever: bool) -> None:
        """Send, holding the lock; release it at the end."""
        lines: set[asyncio.Task[None]] = set()
        unsubscribe = self._updates.wake(self._wakeup.set, JournalWritten, SaleUpdated)
        try:
            if recovered := await self._journal.write(queue.recover):
                log.info("%d rows were under way when boxoffice last ended", recovered)
            await self._journal.write(queue.wake)
            await self._fill_lines(lines, forever=forever)
        finally:
            unsubscribe()
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, *self._behind, return_exceptions=True)
            self._behind.clear()
            self._busy.clear()
            self._lock.release()

    async def _fill_lines(self, lines: set[asyncio.Task[None]], *, forever: bool) -> None:
        """Keep so many lines at work as may send at once; each sends one row after the other.

        Admissions that were just decided with the server's word go first, on lines of their own:
        what has piled up while the network was away must not delay the write that follows such a
        read.
        """
        ready: deque[QueueRow] = deque()
        while self._lock.give_sign():
            beside = 0
            if self._link_is_back:
                self._link_is_back = False
                await self._journal.write(queue.wake)
            if not self._may_send():
                ready.clear()
            else:
                in_hand = self._busy.union(row.ticket for row in ready)
                if not self._link.writes_refused:
                    newest = await self._journal.read(queue.take_newest, skip=in_hand)
                    ready.extendleft(reversed(newest))
                    in_hand.update(row.ticket for row in newest)
                    beside = min(len(newest), BESIDE)
                if len(ready) < LOW:
                    ready.extend(await self._take(in_hand))
            room = self._width() - len(lines)
            for _line in range(min(room if room > 0 else room + beside, len(ready))):
                line = asyncio.create_task(self._line(lines, ready))
                line.add_done_callback(lambda _task: self._wakeup.set())
                lines.add(line)
            if not lines and not self._behind and not forever:
                return
            await self._wakeup.wait(LOOK_EVERY)
            for tasks in (lines, self._behind):
                for task in [task for task in tasks if task.done()]:
                    tasks.remove(task)
                    task.result()

    async def _take(self, in_hand: set[str]) -> list[QueueRow]:
        """Take rows that are due. While writes are refused, tickets not refused yet come first.

        Otherwise one ticket that is forbidden by itself would be tried for ever, and hold up the
        rest.
        """
        now = self._clock.now()
        if self._link.writes_refused:
            skip = self._errors.forbidden | in_hand
            if rows := await self._journal.read(queue.take, AHEAD, now, skip=skip):
                return rows
        return await self._journal.read(queue.take, AHEAD, now, skip=in_hand)

    async def _line(self, lines: set[asyncio.Task[None]], ready: deque[QueueRow]) -> None:
        """Send rows from `ready` until it is empty, or nothing may be sent any more."""

        def free(ticket: str, _written: object = None) -> None:
            self._busy.remove(ticket)
            if len(ready) < LOW:
                self._wakeup.set()

        while ready and self._may_send():
            row = ready.popleft()
            self._busy.add(row.ticket)
            if (done := await self._settle(row)) is None:
                free(row.ticket)
            else:
                writing = asyncio.create_task(self._complete(row, done))
                writing.add_done_callback(partial(free, row.ticket))
                self._behind.add(writing)
            if len(lines) > self._width():
                return
            if len(lines) < self._width():
                self._wakeup.set()

    def _may_send(self) -> bool:
        return self._link.sends and self._clock.monotonic() >= self._paused_until

    def _width(self) -> int:
        """How many tickets may be sent at once.

        Only one while the key is refused, to find out whether it may write again; and only one
        while somebody waits at the door, whose reads come first.
        """
        now = self._clock.monotonic()
        if self._link.writes_refused or now < self.busy_until:
            return 1
        return self._in_quiet if now >= self.busy_until + QUIET else self._side_by_side

    def _linked(self) -> None:
        if self._link.sends and not self._could_send:
            self._link_is_back = True
            if self._paused_by_network:
                self._paused_until = 0.0
        self._could_send = self._link.sends
        self._wakeup.set()

    # One row

    async def _settle(self, row: QueueRow) -> Decision | None:
        """Send a row. Where the server has it, returns the decision, still to be written down."""
        turn = self._errors.begin()
        if self._posts is not None:
            row = await self._posts.reclaim(row)
        read: Response | None = None
        write: Response | None = None
        step = self._errors.decide(row)
        if step.step is Step.READ:
            read = await response_of(self._client.tickets.get(row.ticket, retry=False))
            undone_at, by_venue = None, False
            if isinstance(read, Ticket) and read.checked_in:
                undone_at = await self._journal.read(admissions.undone_at, row.ticket)
                if self._posts is not None:
                    row = await self._posts.reclaim(row)  # it may have been posted meanwhile
                    own = await self._journal.read(venue.of_admission, row.id)
                    if own is not None and own.round:  # it was out before, by whatever door
                        undone_at = row.at
                    by_venue = await self._was_sent_by_venue(row, own)
            step = self._errors.decide(row, read, undone_at=undone_at, by_venue=by_venue)
        if step.step is Step.WRITE:
            if not self._lock.is_locked:
                return None  # the process that has the lock now sends this row
            if not await self._commits.write(queue.mark_sending, row.id):
                return None  # undone by a person in this moment
            write = await response_of(self._write(row))
            step = self._errors.decide(row, read, write)
        self._errors.record(row, turn, step, read, write)
        if step.step is Step.DONE:
            self._strikes = 0
            if not isinstance(write, Ticket | TicketbutlerError | None):
                await self._cache_answers(row, write)
            return step
        await self._record_unsent(row, step)
        return None

    async def _was_sent_by_venue(self, row: QueueRow, own: OwnClaim | None) -> bool:
        """Whether another door has sent this check-in, or is already known to clash with it.

        `own`: our claim of the check-in.
        """
        if await self._journal.read(venue.is_disputed, row.ticket):
            return True
        newest = await self._store.read(claim_feed.newest, row.ticket, row.event)
        is_ours = own is not None and own.state is ClaimState.WON and own.round == newest.round
        return is_ours and newest.sent_at is not None

    async def _write(self, row: QueueRow) -> Ticket | Sequence[Answer]:
        match row.kind:
            case QueueKind.CHECK_IN:
                return await self._client.tickets.patch(row.ticket, checked_in=True)
            case QueueKind.NAME:
                return await self._client.tickets.patch(row.ticket, full_name=row.full_name)
            case QueueKind.ANSWERS:
                return await self._client.tickets.answer(row.ticket, row.given)

    async def _complete(self, row: QueueRow, step: Decision) -> None:
        """Write down that the server has it. If this is cut off, the next try finds it there."""
        entry = Entry(JournalKind.OUTCOME, row.event, row.ticket, reason=step.reason)
        await self._commits.write(queue.complete, row.id, entry)
        self._sent += 1
        await self._updates.publish(RowSettled(row))

    async def _record_unsent(self, row: QueueRow, step: Decision) -> None:
        """Write down why a row was not sent: it is tried again later, or needs a person."""
        if step.step is Step.LATER:
            await self._postpone(row, step)
            return
        state = QueueState.FAILED if step.step is Step.FAIL else QueueState.CONFLICT
        await self._journal.write(
            queue.set_aside, row.id, state, step.reason, maybe_applied=step.maybe_applied
        )
        # The reason is in the journal alone: it may be in the site's words, which may name people.
        log.warning("%s of ticket %s: %s", row.kind, row.ticket, state)
        await self._updates.publish(RowSettled(row))

    async def _cache_answers(self, row: QueueRow, answers: Sequence[Answer]) -> None:
        """Store the answers as the site has them now. If that fails, the row is still done."""
        try:
            await self._store.write(json_docs.save_answers, row.ticket, answers)
            await self._updates.publish(AnswersStored({row.ticket: answers}))
        except StoreError as error:
            log.warning("answers of ticket %s not kept: %s", row.ticket, error)

    async def _postpone(self, row: QueueRow, step: Decision) -> None:
        wait = with_rest(wait_before(row.tries + 1, step.pace, self._jitter), step.after)
        if step.everyone:
            wait = self._hold(wait, step)
        log.info("%s of ticket %s in %.1f s", row.kind, row.ticket, wait)
        await self._journal.write(
            queue.postpone,
            row.id,
            self._clock.now() + timedelta(seconds=wait),
            step.reason,
            network=step.network,
            maybe_applied=step.maybe_applied,
        )

    def _hold(self, wait: float, step: Decision) -> float:
        """Send nothing for at least `wait` seconds; returns for how many.

        It is longer each time in a row, even if the site asks for less.
        """
        now = self._clock.monotonic()
        if now >= self._paused_until:
            self._strikes += 1
            self._paused_by_network = step.network
            wait = max(wait, wait_before(self._strikes, step.pace, self._jitter))
        self._paused_until = max(self._paused_until, now + wait)
        return self._paused_until - now
