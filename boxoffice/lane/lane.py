"""One lane at one door: everything that a screen or a command may ask for."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from boxoffice.domain.codes import NO_FRAMING, Framing, read_code
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.models import Event, Given
from boxoffice.domain.roster import Roster
from boxoffice.domain.rule import BROKEN_OFF, is_repeated
from boxoffice.domain.text import clean
from boxoffice.domain.verdict import Scan, Verdict, VerdictCode
from boxoffice.lane import queue as queue_view
from boxoffice.lane.arrivals import ArrivalsView
from boxoffice.lane.asking import Asker
from boxoffice.lane.background import Background
from boxoffice.lane.box_office import BoxOffice, SalesPolicy
from boxoffice.lane.code_ties import CodeTies
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.event_cache import EventCache
from boxoffice.lane.judging import Judge
from boxoffice.lane.learning import Learner
from boxoffice.lane.list_state import ListState
from boxoffice.lane.orders import Orders
from boxoffice.lane.party import Parties
from boxoffice.lane.register import Register
from boxoffice.lane.status import (
    Details,
    NextUndo,
    QueueView,
    Status,
    Undone,
    Watcher,
)
from boxoffice.lane.ticket_details import TicketDetails
from boxoffice.lane.till import Till
from boxoffice.lane.turn import Turn
from boxoffice.lane.undo import Undo
from boxoffice.store import Entry, journal_rows, queue, tickets
from boxoffice.store.updates import JournalWritten

READ_TWICE = 2.0
"""Seconds within which the same ticket, read again, is one scan."""


class Lane:
    """Admits people to one event.

    Scans are answered in their turn; none waits for a server but for the one bounded read.
    """

    def __init__(
        self,
        deps: LaneDeps,
        *,
        name: str,
        operator: str,
        deadline: float = 1.5,
        doors: Collection[str] = (),
        extras: Collection[str] = (),
        sales: SalesPolicy | None = None,
        numbers_admit: bool = False,
        framing: Framing = NO_FRAMING,
        may_override: Collection[VerdictCode] = (),
        paid_states: Collection[str] = (),
    ) -> None:
        """`deadline`: seconds a scan waits for the server.

        `doors`: titles of the ticket types admitted here; none: all. `extras`: of those that are
        handed out, and admit nobody. `numbers_admit`: a ticket's bare number admits when it is
        scanned, without CHECK THE NAME. `framing`: what the scanners are set to put around a code.
        `may_override`: what may be set aside beside WRONG DAY and WRONG DOOR. `paid_states`:
        states of an order, in upper case, that admit beside those that always do.
        """
        self.name = name
        self.operator = operator
        self.numbers_admit = numbers_admit
        self._journal = deps.journal
        self._store = deps.store
        self._link = deps.link
        self._puller = deps.puller
        self._updates = deps.updates
        self.exports = deps.exports
        """The folder of what is written for people; made with the first of it."""
        self._turn = Turn(deps.codes)
        self._last_read: tuple[Scan, float] | None = None
        """The last scan and when it was read, as long as nothing else was asked for since."""
        self._set_aside: dict[str, frozenset[VerdictCode]] = {}
        """What a person has overridden for the ticket in hand."""
        self._event_cache = EventCache(deps.event, deps.store, extras)
        self._list_state = ListState(deps, name, self._event_cache)
        self._learner = Learner(deps, self._event_cache)
        self._asker = Asker(deps, self._learner, deadline=deadline)
        self._judge = Judge(
            deps,
            self._event_cache,
            self._asker,
            doors=doors,
            framing=framing,
            may_override=may_override,
            paid_states=paid_states,
        )
        self._register = Register(
            deps,
            self._learner,
            self._judge,
            self._list_state,
            event_cache=self._event_cache,
        )
        self.code_ties = CodeTies(deps, self._event_cache, self._judge, self._register, self._turn)
        self._undo = Undo(deps)
        self._ticket_details = TicketDetails(deps, self._learner)
        self._background = Background(deps, self._event_cache, self._learner, self._list_state)
        self.reader = deps.codes
        """Who learns beside the scans what the list does not hold; None: nobody does."""
        self.recent = self._register.recent
        self.undone = self._register.undone
        self.webhooks = self._background.webhooks
        self.arrivals = ArrivalsView(deps, self._event_cache)
        self.till = Till(deps.journal, self._event_cache)
        self.box_office = BoxOffice(
            deps,
            self._event_cache,
            policy=sales or SalesPolicy(),
            doors=doors,
            patience=deadline,
        )
        self.parties = Parties(
            deps,
            self._learner,
            listed=self._list_state.row,
            admit=self._admit_together,
            paid_states=paid_states,
        )
        self.orders = Orders(deps, self._event_cache, self._learner, self.parties)
        for part in (self._event_cache, self._learner, self._register, self.box_office):
            deps.updates.subscribe(part.on_update)
        deps.updates.subscribe(self._list_state.on_update)
        deps.link.watch(self._linked)

    @property
    def event(self) -> Event:
        """The event of this door, as it is known now."""
        return self._event_cache.event

    @property
    def roster(self) -> Roster:
        """The list as it is shown; another object after a large change."""
        return self._list_state.roster

    @property
    def status(self) -> Status:
        return self._list_state.status

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with each change, on the event loop, until the answer is called."""
        return self._list_state.watch(watcher)

    # Background

    async def start(self, *, board: bool = True) -> None:
        """Begin to read the list and to send the queue.

        Scans are answered as soon as this returns; the list on disk is brought into memory
        meanwhile, unless `board` is False, for a lane without a screen.
        """
        await self._background.start(board=board)

    async def stop(self) -> None:
        """End what runs, once the scan in hand is answered. What is queued stays queued."""
        async with self._turn:
            await self._background.stop()
            await self._asker.close()

    # Admitting

    async def scan(
        self,
        text: str,
        *,
        typed: bool = False,
        broken: bool = False,
        read_at: float | None = None,
    ) -> Scan:
        """Answer a code, and check in the ticket it names where it may enter.

        `typed`: by a person, who means the ticket with that number. `broken`: it did not come
        whole, and names nobody. `read_at`: when a scanner read it, on a monotonic clock; the same
        ticket again within READ_TWICE is the same scan, which is answered with more `readings`.
        None: it is a scan of its own, whatever came before.
        """
        async with self._turn:
            shown = read_code(text).text
            verdict = (
                BROKEN_OFF
                if broken
                else await self._judge.code(text, number_admits=typed or self.numbers_admit)
            )
            if (again := self._read_again(verdict, shown, read_at)) is not None:
                entry = self._register.entry(verdict, shown, kind=JournalKind.READ_TWICE)
                await self._journal.write(journal_rows.record, entry)
                return again
            scan = await self._register.act(verdict, shown)
            self._last_read = None if read_at is None else (scan, read_at)
            return scan

    def _read_again(self, verdict: Verdict, text: str, read_at: float | None) -> Scan | None:
        """The scan before, where this one is the same, read twice."""
        if read_at is None or self._last_read is None:
            return None
        scan, at = self._last_read
        if read_at - at > READ_TWICE or not is_repeated(verdict, text, scan):
            return None
        scan = replace(scan, readings=scan.readings + 1)
        self._last_read = (scan, at)
        return scan

    async def let_numbers_admit(self, admit: bool) -> None:
        """Have a ticket's bare number admit when it is scanned, or ask for the name, from now on.

        Only until this lane is closed; the setting `numbers` is for good.
        """
        self.numbers_admit = admit
        kind = JournalKind.NUMBERS_ADMIT if admit else JournalKind.NUMBERS_ASK
        await self._journal.write(journal_rows.record, Entry(kind=kind, event=self.event.uuid))

    async def admit(self, ticket: str) -> Scan:
        """Answer for a ticket chosen from the list."""
        async with self._turn:
            self._last_read = None
            return await self._register.act(await self._judge.ticket(ticket), ticket)

    async def _admit_together(self, tickets: Sequence[str], party: str) -> list[Scan]:
        """Answer for several at once; `party` marks those who are undone together."""
        async with self._turn:
            self._last_read = None
            verdicts = await asyncio.gather(*map(self._judge.ticket, tickets))
            return [
                await self._register.act(verdict, ticket, party=party)
                for verdict, ticket in zip(verdicts, tickets, strict=True)
            ]

    async def override(self, scan: Scan, reason: str) -> Scan:
        """Admit in spite of a verdict that a person may set aside; the journal keeps `reason`.

        Raises ValueError where the verdict is not of that kind.
        """
        ticket, code = scan.verdict.ticket, scan.verdict.code
        if ticket is None or not scan.verdict.can_override:
            raise ValueError(f"{scan.verdict.word} cannot be overridden")
        async with self._turn:
            self._last_read = None
            aside = self._set_aside.get(ticket.uuid, frozenset()) | {code}
            self._set_aside = {ticket.uuid: aside}
            await self._journal.write(
                journal_rows.record,
                Entry(
                    kind=JournalKind.OVERRIDE,
                    event=self.event.uuid,
                    ticket=ticket.uuid,
                    verdict=code,
                    reason=clean(reason),
                ),
            )
            verdict = await self._judge.ticket(ticket.uuid, overridden=aside)
            return self._spent(await self._register.act(verdict, scan.code))

    async def answer(self, ticket: str, given: Sequence[Given], *, admit: bool) -> Scan | None:
        """Store answers, and check the ticket in after them where `admit`."""
        async with self._turn:
            self._last_read = None
            if not admit:
                await self._journal.write(
                    queue.enqueue_answers, self._entry(JournalKind.ANSWERS, ticket), given
                )
                await self._written(ticket)
                return None
            answered = [answer.question for answer in given]
            aside = self._set_aside.get(ticket, frozenset())
            verdict = await self._judge.ticket(ticket, answered=answered, overridden=aside)
            return self._spent(await self._register.act(verdict, ticket, given))

    def _spent(self, scan: Scan) -> Scan:
        """What was overridden let somebody in, and lets in nobody else."""
        if scan.verdict.code.is_green:
            self._set_aside = {}
        return scan

    async def undo(self) -> Undone:
        """Undo this lane's last check-in, or say why it cannot be; a party's all together."""
        self._last_read = None
        undone = await self._undo.undo()
        for one in undone.each:
            if one.ticket is not None:
                if one.done:
                    self._register.take_back(one.ticket.uuid)
                    await self._learner.keep(one.ticket)
                await self._written(one.ticket.uuid)
        return undone

    async def next_undo(self) -> NextUndo:
        """Whose check-in `undo` would take back."""
        return await self._undo.next()

    def _entry(self, kind: JournalKind, ticket: str) -> Entry:
        return Entry(kind=kind, event=self.event.uuid, ticket=ticket)

    async def _written(self, ticket: str) -> None:
        await self._updates.publish(JournalWritten([ticket]))

    # Looking and mending

    async def details(self, ticket: str) -> Details | None:
        """What this computer knows of a ticket, at once; None: nothing."""
        return await self._ticket_details.known(ticket, self.roster.get(ticket))

    async def refresh_details(self, ticket: str) -> Details | None:
        """The same, after asking the server. Raises TicketbutlerError."""
        await self._ticket_details.read(ticket)
        return await self._ticket_details.known(ticket, self.roster.get(ticket), confirmed=True)

    async def rename(self, ticket: str, full_name: str) -> None:
        """Write another name on a ticket: here at once, at the server by the queue."""
        entry = self._entry(JournalKind.NAME, ticket)
        await self._journal.write(queue.enqueue_name, entry, full_name)
        known = await self._store.read(tickets.get, ticket)
        if known is not None:
            await self._learner.keep(known._replace(full_name=clean(full_name), raw_name=None))
        await self._written(ticket)

    async def queue(self) -> QueueView:
        """What waits, what failed, and the conflicts."""
        return await queue_view.view(self.event, self._journal, self._store)

    async def export(self, path: Path) -> bool:
        """Write the queue to `path` as CSV; False: it is empty. Raises OSError."""
        return await queue_view.export(await self.queue(), self.event.zone, path)

    async def retry(self, rows: Collection[int] | None = None) -> int:
        """Send failed rows again; None: all. Answers how many."""
        count = await self._journal.write(queue.retry, rows)
        await self._updates.publish(JournalWritten())
        return count

    async def dismiss(self, row: int, reason: str) -> bool:
        """Take a row off the queue by a person's word. False: there was none such."""
        gone = await self._journal.write(queue.dismiss, row, clean(reason))
        await self._list_state.remark()
        return gone

    async def refresh(self) -> bool:
        """Read the list, the questions and the ticket types from the server now.

        False where the list cannot be had; `status.sentence` says why.
        """
        self._puller.pull_now()
        return await self._puller.pull()

    def _linked(self) -> None:
        self._list_state.link(self._link.state, self._link.sentence)
