"""Taking back a check-in: this lane's own, fresh, and never blindly.

CONTRIBUTING.md, promise 6.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from boxoffice.clock import age
from boxoffice.domain.humanize import count
from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.domain.models import Admission, LinkState, Ticket
from boxoffice.domain.pin import UNDO_WITHOUT, Act, Permit
from boxoffice.domain.venue import ClaimState, Outcome
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.history import History
from boxoffice.store import admissions, journal_db, queue, tickets, venue
from boxoffice.store.updates import JournalWritten
from boxoffice.sync import Claims, Posts
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

UNDO_WITHIN = timedelta(minutes=15)
CLOCK_STEP = timedelta(minutes=1)
"""How far a time server may set the clock back without the age of a check-in being in doubt."""
UNREACHABLE = {
    LinkState.OFFLINE: "the server cannot be reached",
    LinkState.REFUSED: "the site refuses the key",
    LinkState.CAPTIVE: "a log-in page answers in the server's place",
}

NOTHING = "Nothing to undo: this lane has checked nobody in."
STILL_IN = "The other doors still see it as in until the hub is back."
MEANWHILE = "Nothing is undone: somebody else was checked in or undone meanwhile."

BEING_SENT = "is just being sent, and what the server says is not known yet."
MAYBE_SENT = (
    "cannot be undone now: another door may be sending it, and the hub, which knows, cannot be "
    "reached."
)
IN_TOO = "was checked in by another door too: see the queue (F6)."

AT_ONCE = 4
"""Of several that were made together, so many are undone side by side."""
MOMENT = 0.2
"""Seconds between two looks at a check-in that is just being sent."""
PATIENCE = 10
"""Looks at it, at most."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an undo, with the sentence that says so."""

    done: bool
    """All that was to be undone is."""
    sentence: str
    ticket: Ticket | None = None
    """The one it is about, or the last of several."""
    parts: "tuple[Undone, ...]" = ()
    """One for each ticket, where several were admitted together."""
    still_in: bool = False
    """At the other doors of the venue, whose hub cannot be told."""

    @property
    def by_ticket(self) -> "tuple[Undone, ...]":
        return self.parts or (self,)

    @property
    def word(self) -> str:
        """What the band says."""
        if self.done:
            return "UNDONE"
        return "PARTLY UNDONE" if any(part.done for part in self.parts) else "NOT UNDONE"

    @property
    def who(self) -> str:
        """Whose check-in it is about."""
        if len(self.parts) > 1:
            return f"{len(self.parts)} people"
        return self.ticket.full_name if self.ticket else ""


class NextUndo(NamedTuple):
    """What an undo would take back."""

    who: str = ""
    """Whose check-in; empty: nobody's, or somebody without a name."""
    tickets: frozenset[str] = frozenset()
    """Their uuids; none: there is nothing to undo."""
    permit: Permit | None = None
    """It needs no PIN; None: it is so old that it does."""


class Undo(LanePart):
    """`lane.undo`: undoes the last check-in of one lane at one event, or a whole party's."""

    def __init__(self, deps: LaneDeps, history: History) -> None:
        super().__init__(deps)
        self._history = history
        self._claims = Claims.of(deps.context)
        self._posts = Posts.of(deps.context)
        self._turn = asyncio.Lock()

    async def last(
        self, permit: Permit | None = None, *, of: frozenset[str] = frozenset()
    ) -> Undone:
        """Undo this lane's last check-in, a party's all together, or say why it cannot be.

        `permit`: where it was asked for already; else it is now, if need be. `of`: the tickets that
        a person was asked about, and no others are undone. Raises as `PinLock.permit`.
        """
        undone = await self._undo_last(permit, of)
        for one in undone.by_ticket:
            if one.ticket is not None:
                if one.done:
                    self._history.take_back(one.ticket.uuid)
                    await self._puller.save(one.ticket)
                await self._updates.publish(JournalWritten([one.ticket.uuid]))
        return undone

    async def _undo_last(self, permit: Permit | None, of: frozenset[str]) -> Undone:
        async with self._turn:
            last = await self._last()
            if last is None:
                return Undone(False, NOTHING)
            together = await self._journal.read(admissions.together, last)
            meant = of or {admission.ticket for admission in together}
            if await self._needs_pin(last):
                await self._pin.require(Act.LATE_UNDO, permit)
                last = await self._last()  # others were scanned while it was asked for
            if last is None or last.ticket not in meant:
                return Undone(False, MEANWHILE)
            if len(together) == 1:
                return await self._undo_everywhere(last)
            slots = asyncio.Semaphore(AT_ONCE)

            async def one(admission: Admission) -> Undone:
                async with slots:
                    return await self._undo_settled(admission)

            return _summed(await asyncio.gather(*map(one, together)))

    async def _last(self) -> Admission | None:
        return await self._journal.read(admissions.last, self._event, self._journal.lane)

    async def preview(self) -> NextUndo:
        """Whose check-in would be undone."""
        last = await self._last()
        if last is None:
            return NextUndo()
        together = await self._journal.read(admissions.together, last)
        others = len(together) - 1
        ticket = await self._store.read(tickets.get, together[0].ticket)
        who = (ticket.full_name if ticket else "") or "the last ticket"
        if others:
            who = f"{who} and {count(others, 'other')}"
        permit = None if await self._needs_pin(last) else Permit(Act.LATE_UNDO)
        return NextUndo(who, frozenset(admission.ticket for admission in together), permit)

    async def _undo_settled(self, admission: Admission) -> Undone:
        """Undo one of several; what is just being sent is given a moment to arrive."""
        for _ in range(PATIENCE):
            if QueueState.SENDING not in await self._queued(admission):
                break
            await self._clock.sleep(MOMENT)
        return await self._undo_everywhere(admission)

    async def _undo_everywhere(self, admission: Admission) -> Undone:
        """At the other doors too, once it is undone here."""
        undone = await self._undo(admission)
        if not undone.done or self._claims is None:
            return undone
        if await self._claims.release(admission.ticket):
            return undone
        return replace(undone, still_in=True, sentence=f"{undone.sentence} {STILL_IN}")

    async def _queued(self, admission: Admission) -> set[QueueState]:
        """How what is queued for its ticket stands."""
        rows = await self._journal.read_all(
            queue.in_states, (QueueState.SENDING, QueueState.WAITING, QueueState.CONFLICT)
        )
        return {row.state for row in rows if row.ticket == admission.ticket}

    async def _undo(self, last: Admission) -> Undone:
        ticket = await self._store.read(tickets.get, last.ticket)
        name = (ticket.full_name if ticket else "") or "The last ticket"
        if late := await self._too_late(last):
            return Undone(False, f"{name} cannot be undone: {late}.", ticket)
        if others := await self._others_in(last, name):
            return Undone(False, others, ticket)
        if why := await self._by_another_door(last):
            return Undone(False, f"{name} {why}", ticket)
        entry = Entry(kind=JournalKind.UNDO, event=self._event, ticket=last.ticket)
        if await self._journal.write(admissions.cancel, last, entry):
            return Undone(True, f"{name} is no longer checked in.", ticket)
        if refusal := await self._undo_sent(last, entry, name):
            return Undone(False, refusal, ticket)
        out = ticket._replace(checked_in=False) if ticket else None
        return Undone(True, f"{name} is no longer checked in.", out)

    async def _by_another_door(self, last: Admission) -> str:
        """Why another door that sends it cannot be kept from it; empty: none does from now on."""
        if self._posts is None:
            return ""
        match await self._posts.take_back(last.journal):
            case Outcome.WON:
                return ""
            case Outcome.LOST:
                return BEING_SENT
            case Outcome.UNKNOWN:
                return MAYBE_SENT

    async def _others_in(self, last: Admission, name: str) -> str:
        """Why one is not undone that another door of the venue let in too; empty: none did."""
        if self._claims is None:
            return ""
        if await self._journal.read(venue.is_contested, last.journal):
            return f"{name} {IN_TOO}"
        own = await self._journal.read(venue.of_admission, last.journal)
        if own is not None and own.state is ClaimState.LOST:
            return f"{name} is not undone: {own.owner} had it first, and only that one undoes it."
        return ""

    async def _age(self, last: Admission) -> timedelta:
        own = await self._journal.read(journal_db.own_time_of, last.journal)
        return age(self._clock, last.at, own)

    async def _needs_pin(self, last: Admission) -> bool:
        """Whether `last` is not fresh enough for anybody to undo, or not known to be."""
        fresh = -CLOCK_STEP <= await self._age(last) <= UNDO_WITHOUT
        return not fresh and await self._pin.is_set()

    async def _too_late(self, last: Admission) -> str:
        """Why `last` is not fresh, or not known to be; empty: it is."""
        since = await self._age(last)
        if since > UNDO_WITHIN:
            minutes = int(UNDO_WITHIN.total_seconds() // 60)
            return f"the check-in is over {minutes} minutes old"
        if since < -CLOCK_STEP:
            return "the clock was set back since the check-in, which may be too old"
        return ""

    async def _undo_sent(self, last: Admission, entry: Entry, name: str) -> str:
        """Undo at the site what it may have; answers why that cannot be, else nothing."""
        if not last.confirmed and (queued := await self._queued(last)):
            if QueueState.CONFLICT in queued:
                return f"{name} {IN_TOO}"
            return f"{name} {BEING_SENT}"
        if why := UNREACHABLE.get(self._link.state):
            return f"{name} cannot be undone now: the server knows of it, and {why}."
        try:
            read = await self._client.tickets.get(last.ticket)
            # What we know of our own check-in counts for more than a read, which may lag.
            if await self._journal.read(admissions.is_ours, last) and not last.taken_back:
                read = await self._take_back(last, read)
                entry = replace(entry, confirmed=True)
            elif read.checked_in:
                return (
                    f"{name} is not undone: another door may have checked it in, "
                    "and only that one undoes it."
                )
        except TicketbutlerError as error:
            log.info("undo of ticket %s failed: %s", last.ticket, error)
            unknown = "it may still be done: undo once more to know"
            kept = unknown if error.maybe_applied else "nothing was changed"
            return f"{name} is not undone: {error.sentence} ({kept})"
        if read.checked_in:
            return f"{name} is not undone: the server still has it in."
        gone = await self._journal.write(admissions.drop, last, entry)
        if not gone and await self._journal.read(admissions.get, last.ticket) is not None:
            return f"{name} was checked in again meanwhile, and that check-in stays."
        return ""

    async def _take_back(self, last: Admission, before: Ticket) -> Ticket:
        """Tell the server; the ticket as it then has it. Raises TicketbutlerError.

        Where the answer is lost, the ticket is read once more, and believed where it says otherwise
        than the read `before`: one that never said it was in lags behind.
        """
        try:
            return await self._client.tickets.patch(last.ticket, checked_in=False)
        except TicketbutlerError as error:
            if not error.maybe_applied:
                raise
            try:
                read = await self._client.tickets.get(last.ticket)
            except TicketbutlerError as unread:
                log.info("ticket %s not read after its undo: %s", last.ticket, unread)
                read = None
            if read is None or read.checked_in or not before.checked_in:
                raise
            return read


def _summed(parts: Sequence[Undone]) -> Undone:
    """What became of several: how many are undone, and why the others are not."""
    if len(parts) == 1:
        return parts[0]
    left = [part.sentence for part in parts if not part.done]
    out = len(parts) - len(left)
    if not left:
        sentence = f"All {count(out, 'check-in')} that were made together are undone."
    elif out:
        sentence = f"{count(out, 'check-in')} undone, {len(left)} not. {left[0]}"
    else:
        sentence = f"None of {count(len(parts), 'check-in')} is undone. {left[0]}"
    still_in = any(part.still_in for part in parts)
    if still_in:
        sentence = f"{sentence} {STILL_IN}"
    return Undone(not left, sentence, parts[0].ticket, tuple(parts), still_in)
