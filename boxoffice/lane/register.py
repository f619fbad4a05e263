"""Where verdicts are written down, and the greens admitted, before anyone sees them.

CONTRIBUTING.md, promise 1.
"""

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from boxoffice.domain.journal import JournalKind
from boxoffice.domain.models import Event, Given, Ticket
from boxoffice.domain.verdict import Scan, Verdict, VerdictCode
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.event_cache import EventCache
from boxoffice.lane.judging import Judge
from boxoffice.lane.learning import Learner
from boxoffice.lane.list_state import ListState
from boxoffice.store import Entry, admissions, journal_rows, queue, tickets
from boxoffice.store.updates import EventMetadataStored, EventsStored, JournalWritten, StoreUpdate

RECENT = 50


class Register:
    """Makes scans of verdicts, for one lane. To be used in the lane's turn."""

    def __init__(
        self,
        deps: LaneDeps,
        learner: Learner,
        judge: Judge,
        list_state: ListState,
        *,
        event_cache: EventCache,
    ) -> None:
        self.recent: deque[Scan] = deque(maxlen=RECENT)
        """Newest first."""
        self.undone: set[int] = set()
        """Ids of scans whose check-in was undone since."""
        self._event_cache = event_cache
        self._journal = deps.journal
        self._store = deps.store
        self._clock = deps.clock
        self._learner = learner
        self._judge = judge
        self._list_state = list_state
        self._updates = deps.updates
        self._numbers = itertools.count(1)

    @property
    def _event(self) -> Event:
        return self._event_cache.event

    async def on_update(self, update: StoreUpdate) -> None:
        """Have the last scans give their times in the event's zone, as it is known now."""
        if not isinstance(update, EventsStored | EventMetadataStored):
            return
        for number, scan in enumerate(self.recent):
            self.recent[number] = replace(scan, at=scan.at.astimezone(self._event.zone))

    async def act(
        self, verdict: Verdict, code: str, given: Sequence[Given] = (), party: str = ""
    ) -> Scan:
        """Write the verdict down, and with a green one the admission, with answers before it.

        `party`: names those who are undone together.
        """
        ticket = verdict.ticket
        entry = self.entry(verdict, code, kind=JournalKind.SCAN)
        if party:
            entry = replace(entry, data={"party": party})
        if ticket is not None and verdict.code.is_green:
            await self._list(ticket)
            admission, new = await self._journal.write(
                admissions.admit,
                entry,
                given=given,
                read_first=not verdict.confirmed,
                party=party,
                instead_of=verdict.instead_of,
            )
            if not new:  # somebody else's, whatever becomes of it: no green without its own row
                verdict = self._judge.taken(ticket, admission)
        else:
            if ticket is not None and given:
                answers = Entry(
                    kind=JournalKind.ANSWERS, event=self._event.uuid, ticket=ticket.uuid
                )
                await self._journal.write(queue.enqueue_answers, answers, given)
            await self._journal.write(journal_rows.record, entry)
        if ticket is not None:
            needs_person = verdict.code in (VerdictCode.ANSWERS_NEEDED, VerdictCode.NOT_PAID)
            self._list_state.note(ticket.uuid, verdict.word.lower() if needs_person else "")
            await self._updates.publish(JournalWritten([ticket.uuid]))
        at = self._clock.now().astimezone(self._event.zone)
        scan = Scan(next(self._numbers), code, verdict, at)
        self.recent.appendleft(scan)
        return scan

    def entry(self, verdict: Verdict, code: str, *, kind: JournalKind) -> Entry:
        """What the journal says of a scan."""
        return Entry(
            kind=kind,
            event=self._event.uuid,
            ticket=verdict.ticket.uuid if verdict.ticket else None,
            code=code,
            verdict=verdict.code,
            confirmed=verdict.confirmed,
            reason=verdict.reason,
        )

    def take_back(self, ticket: str) -> None:
        """Note that the last check-in of `ticket` was undone."""
        for scan in self.recent:
            whose = scan.verdict.ticket
            if whose is None or whose.uuid != ticket:
                continue
            if scan.verdict.code.is_green:
                self.undone.add(scan.id)
                return

    async def _list(self, ticket: Ticket) -> None:
        """Put a ticket into the list that the server knew of before the list did."""
        shown = self._list_state.row(ticket.uuid)
        if shown is None and await self._store.read(tickets.get, ticket.uuid) is None:
            await self._learner.keep(ticket)
