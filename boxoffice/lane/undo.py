"""Undoes a check-in: only this lane's own, only a recent one, and never blindly.

CONTRIBUTING.md, promise 6.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from boxoffice.clock import age
from boxoffice.domain.courier import PostState
from boxoffice.domain.journal import Entry, JournalKind, QueueState
from boxoffice.domain.models import Admission, LinkState, Ticket
from boxoffice.domain.pin import UNDO_WITHOUT, Act, Permit
from boxoffice.domain.venue import ClaimState, Outcome
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.history import History
from boxoffice.lane.payments import OrderPayments
from boxoffice.language import N_, _, ngettext
from boxoffice.store import admissions, journal_db, queue, tickets, venue
from boxoffice.store.roster import keep_copy
from boxoffice.store.updates import JournalWritten
from boxoffice.sync import Claims
from boxoffice.sync.courier import Posts
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

UNDO_WITHIN = timedelta(minutes=15)
CLOCK_STEP = timedelta(minutes=1)
"""If the clock is set back by no more than this, the age of a check-in is still taken as known."""
NOTHING = N_("Nothing to undo: this lane has checked nobody in.")
STILL_IN = N_("The other doors still see it as in until the hub is back.")
MEANWHILE = N_("Nothing is undone: somebody else was checked in or undone meanwhile.")

# Why a check-in is not undone; `name`: whose it is.
UNREACHABLE = {
    LinkState.OFFLINE: N_(
        "{name} cannot be undone now: the site knows of it, and the site cannot be reached."
    ),
    LinkState.REFUSED: N_(
        "{name} cannot be undone now: the site knows of it, and the site refuses the key."
    ),
    LinkState.CAPTIVE: N_(
        "{name} cannot be undone now: the site knows of it, and a log-in page answers in the "
        "site's place."
    ),
}
BEING_SENT = N_("{name} is just being sent, and what the site says is not known yet.")
MAYBE_SENT = N_(
    "{name} cannot be undone now: another door may be sending it, and the hub, which knows, "
    "cannot be reached."
)
IN_TOO = N_("{name} was checked in by another door too: see the queue (F6).")
FIRST_THERE = N_("{name} is not undone: {lane} had it first, and only that one undoes it.")
TOO_OLD = N_("{name} cannot be undone: the check-in is over {minutes} minutes old.")
CLOCK_BACK = N_(
    "{name} cannot be undone: the clock was set back since the check-in, which may be too old."
)
OTHER_DOOR = N_(
    "{name} is not undone: another door may have checked it in, and only that one undoes it."
)
UNANSWERED = N_("{name} is not undone: {reason} (it may still be done: undo once more to know)")
UNCHANGED = N_("{name} is not undone: {reason} (nothing was changed)")

AT_ONCE = 4
"""How many check-ins of a party are undone at once."""
MOMENT = 0.2
"""Seconds between two looks at a check-in that is being sent right now."""
PATIENCE = 10
"""How many such looks there are at most."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The result of an undo."""

    done: bool
    """Everything that should be undone is."""
    sentence: str
    """What happened, or why nothing did."""
    ticket: Ticket | None = None
    """The ticket, or the last one of several."""
    parts: "tuple[Undone, ...]" = ()
    """For a party: the result for each ticket."""
    still_in: bool = False
    """The other doors of the venue still have it in, as the hub cannot be told."""

    @property
    def by_ticket(self) -> "tuple[Undone, ...]":
        return self.parts or (self,)

    @property
    def word(self) -> str:
        """The word on the band."""
        if self.done:
            return _("UNDONE")
        return _("PARTLY UNDONE") if any(part.done for part in self.parts) else _("NOT UNDONE")

    @property
    def who(self) -> str:
        if len(self.parts) > 1:
            return ngettext("{n} person", "{n} people", len(self.parts)).format(n=len(self.parts))
        return self.ticket.full_name if self.ticket else ""


class NextUndo(NamedTuple):
    who: str = ""
    """Whose check-in it is; empty: there is none, or the ticket has no name."""
    tickets: frozenset[str] = frozenset()
    """The uuids; none: there is nothing to undo."""
    permit: Permit | None = None
    """The permission to undo it; None: it is so old that the PIN has to be asked for."""
    refused: Undone | None = None
    """The answer, if it is too old for anybody to undo."""


class Undo(LanePart):
    """`lane.undo`: undoes the last check-in of a lane, or those of a whole party."""

    def __init__(self, deps: LaneDeps, history: History, payments: OrderPayments) -> None:
        super().__init__(deps)
        self._history = history
        self._payments = payments
        self._claims = Claims.of(deps.context)
        self._posts = Posts.of(deps.context)
        self._turn = asyncio.Lock()

    async def last(
        self, permit: Permit | None = None, *, of: frozenset[str] = frozenset()
    ) -> Undone:
        """Undo this lane's last check-in, with all of its party, or say why that cannot be.

        `permit`: the permission, if it was asked for already; otherwise it is asked for if need be.
        `of`: the tickets that a person was asked about; no others are undone. Raises what
        `PinLock.permit` raises.
        """
        undone, reminder = await self._undo_last(permit, of), ""
        for one in undone.by_ticket:
            if one.ticket is not None:
                if one.done:
                    reminder = reminder or await self._payments.reminder(one.ticket)
                    self._history.take_back(one.ticket.uuid)
                    await keep_copy(self._puller.save(one.ticket))
                await self._updates.publish(JournalWritten([one.ticket.uuid]))
        return replace(undone, sentence=f"{undone.sentence} {reminder}".strip())

    async def _undo_last(self, permit: Permit | None, of: frozenset[str]) -> Undone:
        async with self._turn:
            last = await self._last()
            if last is None:
                return Undone(False, _(NOTHING))
            if not of and (refused := await self._refused(last)):
                return refused
            together = await self._journal.read(admissions.together, last)
            meant = of or {admission.ticket for admission in together}
            if await self._needs_pin(last):
                await self._pin.require(Act.LATE_UNDO, permit)
                last = await self._last()  # people may have come in while the PIN was asked for
            if last is None or last.ticket not in meant:
                return Undone(False, _(MEANWHILE))
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
        last = await self._last()
        if last is None:
            return NextUndo()
        together = await self._journal.read(admissions.together, last)
        others = len(together) - 1
        ticket = await self._store.read(tickets.get, together[0].ticket)
        who = (ticket.full_name if ticket else "") or _("the last ticket")
        if others:
            several = ngettext("{name} and {n} other", "{name} and {n} others", others)
            who = several.format(name=who, n=others)
        permit = None if await self._needs_pin(last) else Permit(Act.LATE_UNDO)
        uuids = frozenset(admission.ticket for admission in together)
        return NextUndo(who, uuids, permit, await self._refused(last))

    async def _undo_settled(self, admission: Admission) -> Undone:
        """Undo one of several; if it is being sent right now, give that a moment to finish."""
        for _look in range(PATIENCE):
            if QueueState.SENDING not in await self._queued(admission):
                break
            await self._clock.sleep(MOMENT)
        return await self._undo_everywhere(admission)

    async def _undo_everywhere(self, admission: Admission) -> Undone:
        """Undo a check-in here, and then at the other doors."""
        undone = await self._undo(admission)
        if not undone.done or self._claims is None:
            return undone
        if await self._claims.release(admission.ticket):
            return undone
        return replace(undone, still_in=True, sentence=f"{undone.sentence} {_(STILL_IN)}")

    async def _queued(self, admission: Admission) -> set[QueueState]:
        rows = await self._journal.read_all(
            queue.in_states, (QueueState.SENDING, QueueState.WAITING, QueueState.CONFLICT)
        )
        return {row.state for row in rows if row.ticket == admission.ticket}

    async def _undo(self, last: Admission) -> Undone:
        if refused := await self._refused(last):
            return refused
        ticket, name = await self._named(last)
        if others := await self._others_in(last, name):
            return Undone(False, others, ticket)
        entry = Entry(kind=JournalKind.UNDO, event=self._event, ticket=last.ticket)
        while True:
            was_posted = await self._is_posted(last)
            if why := await self._by_another_door(last, name):
                return Undone(False, why, ticket)
            if await self._journal.write(admissions.cancel, last, entry):
                return Undone(True, _("{name} is no longer checked in.").format(name=name), ticket)
            if was_posted or not await self._is_posted(last):
                break  # it may have been sent; otherwise it was posted in this moment: try again
        if refusal := await self._undo_sent(last, entry, name):
            return Undone(False, refusal, ticket)
        out = ticket._replace(checked_in=False) if ticket else None
        return Undone(True, _("{name} is no longer checked in.").format(name=name), out)

    async def _is_posted(self, last: Admission) -> bool:
        """Whether other doors were ever asked to send this check-in."""
        if self._posts is None:
            return False
        own = await self._journal.read(venue.of_admission, last.journal)
        return own is not None and own.post is not PostState.NONE

    async def _by_another_door(self, last: Admission, name: str) -> str:
        """Keep other doors from sending it. Returns why that cannot be; empty: none sends it."""
        if self._posts is None:
            return ""
        match await self._posts.take_back(last.journal):
            case Outcome.WON:
                return ""
            case Outcome.LOST:
                return _(BEING_SENT).format(name=name)
            case Outcome.UNKNOWN:
                return _(MAYBE_SENT).format(name=name)

    async def _others_in(self, last: Admission, name: str) -> str:
        """Why it is not undone, if another door of the venue let it in too; empty: none did."""
        if self._claims is None:
            return ""
        if await self._journal.read(venue.is_contested, last.journal):
            return _(IN_TOO).format(name=name)
        own = await self._journal.read(venue.of_admission, last.journal)
        if own is not None and own.state is ClaimState.LOST:
            return _(FIRST_THERE).format(name=name, lane=own.owner)
        return ""

    async def _age(self, last: Admission) -> timedelta:
        own = await self._journal.read(journal_db.own_time_of, last.journal)
        return age(self._clock, last.at, own)

    async def _needs_pin(self, last: Admission) -> bool:
        """Whether `last` is too old to be undone without the PIN, or its age is not known."""
        fresh = -CLOCK_STEP <= await self._age(last) <= UNDO_WITHOUT
        return not fresh and await self._pin.is_set()

    async def _refused(self, last: Admission) -> Undone | None:
        """The answer, if `last` is too old to be undone, or its age is not known; else None."""
        since = await self._age(last)
        if -CLOCK_STEP <= since <= UNDO_WITHIN:
            return None
        ticket, name = await self._named(last)
        minutes = int(UNDO_WITHIN.total_seconds() // 60)
        why = TOO_OLD if since > UNDO_WITHIN else CLOCK_BACK
        return Undone(False, _(why).format(name=name, minutes=minutes), ticket)

    async def _named(self, last: Admission) -> tuple[Ticket | None, str]:
        """The ticket, if the list has it, and whose it is."""
        ticket = await self._store.read(tickets.get, last.ticket)
        return ticket, (ticket.full_name if ticket else "") or _("The last ticket")

    async def _undo_sent(self, last: Admission, entry: Entry, name: str) -> str:
        """Undo a check-in that the site may have. Returns why that cannot be; empty: it is done."""
        if not last.confirmed and (queued := await self._queued(last)):
            if QueueState.CONFLICT in queued:
                return _(IN_TOO).format(name=name)
            return _(BEING_SENT).format(name=name)
        if why := UNREACHABLE.get(self._link.state):
            return _(why).format(name=name)
        try:
            read = await self._client.tickets.get(last.ticket)
            # A read may be old: what we know of our own check-in counts for more.
            if await self._journal.read(admissions.is_ours, last) and not last.taken_back:
                read = await self._take_back(last, read)
                entry = entry._replace(confirmed=True)
            elif read.checked_in:
                return _(OTHER_DOOR).format(name=name)
        except TicketbutlerError as error:
            log.info("undo of ticket %s failed: %s", last.ticket, error)
            failed = _(UNANSWERED) if error.maybe_applied else _(UNCHANGED)
            return failed.format(name=name, reason=error.sentence)
        if read.checked_in:
            return _("{name} is not undone: the site still has it in.").format(name=name)
        gone = await self._journal.write(admissions.drop, last, entry)
        if not gone and await self._journal.read(admissions.get, last.ticket) is not None:
            again = _("{name} was checked in again meanwhile, and that check-in stays.")
            return again.format(name=name)
        return ""

    async def _take_back(self, last: Admission, before: Ticket) -> Ticket:
        """Undo it at the server; returns the ticket as the server then has it.

        If the answer is lost, the ticket is read once more. That it is out is believed only if the
        read `before` had it in: else both may be old. Raises TicketbutlerError.
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
    """The result for several: how many are undone, and why the others are not."""
    if len(parts) == 1:
        return parts[0]
    left = [part.sentence for part in parts if not part.done]
    out = len(parts) - len(left)
    if not left:
        sentence = ngettext(
            "All {n} check-in that were made together are undone.",
            "All {n} check-ins that were made together are undone.",
            out,
        ).format(n=out)
    elif out:
        some = ngettext(
            "{n} check-in undone, {left} not. {reason}",
            "{n} check-ins undone, {left} not. {reason}",
            out,
        )
        sentence = some.format(n=out, left=len(left), reason=left[0])
    else:
        none = ngettext(
            "None of {n} check-in is undone. {reason}",
            "None of {n} check-ins is undone. {reason}",
            len(parts),
        )
        sentence = none.format(n=len(parts), reason=left[0])
    still_in = any(part.still_in for part in parts)
    if still_in:
        sentence = f"{sentence} {_(STILL_IN)}"
    return Undone(not left, sentence, parts[0].ticket, tuple(parts), still_in)
