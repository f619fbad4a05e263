"""The marks of tickets in the list: who was let in, what is unsent, what needs a person."""

import asyncio
from collections.abc import Collection, Mapping

from boxoffice.domain.admission_rules import TAKEN_BACK
from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.models import Admission
from boxoffice.domain.roster import LocalStatus
from boxoffice.domain.venue import Claim
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.language import _
from boxoffice.store import admissions, queue
from boxoffice.sync import Claims

AT_ONCE = 250
"""Marks that are made before other tasks, such as scans, have their turn."""


class MarkReader(LanePart):
    """Reads the marks of tickets from the journal and from the claims of other doors."""

    def __init__(self, deps: LaneDeps) -> None:
        super().__init__(deps)
        self._claims = Claims.of(deps.context)

    async def read(
        self, notes: Mapping[str, str], tickets: Collection[str] | None = None
    ) -> dict[str, LocalStatus]:
        """The marks of `tickets`, or of all, by ticket; a ticket without any is left out.

        `notes`: by ticket, why a person must look at it.
        """
        ours = await self._journal.read_all(admissions.of_event, self._event, tickets)
        admitted = {admission.ticket: admission for admission in ours}
        let_in: dict[str, Claim] = {}
        if self._claims is not None:
            let_in = await self._claims.in_by_others(self._event, tickets)
        unsent = await self._journal.read(queue.unsent, self._event, tickets)
        rows = await self._journal.read_all(
            queue.in_states, (QueueState.FAILED, QueueState.CONFLICT)
        )
        troubles = {row.ticket: row for row in rows if row.event == self._event}
        wanted = admitted.keys() | let_in.keys() | troubles.keys() | notes.keys()
        marks: dict[str, LocalStatus] = {}
        for ticket in wanted if tickets is None else wanted & set(tickets):
            facts = admitted.get(ticket), let_in.get(ticket), troubles.get(ticket)
            marks[ticket] = self._mark(*facts, notes.get(ticket, ""), waits=ticket in unsent)
            if not len(marks) % AT_ONCE:
                await asyncio.sleep(0)  # others have their turn
        return marks

    def _mark(
        self,
        ours: Admission | None,
        theirs: Claim | None,
        trouble: QueueRow | None,
        noted: str,
        *,
        waits: bool,
    ) -> LocalStatus:
        note = "" if ours or theirs else noted
        if ours is not None and ours.taken_back:
            note = _(TAKEN_BACK)
        attention = trouble.reason or trouble.state if trouble else note
        zone = self._event_cache.event.zone
        if ours is not None:
            return LocalStatus(ours.at.astimezone(zone), waits, attention)
        if theirs is not None:
            return LocalStatus(None, False, attention, theirs.at.astimezone(zone), theirs.lane)
        return LocalStatus(attention=attention)
