"""The whole way from a code to its verdict: it is looked up, judged, and written down.

One hand-over to roster.db reads what a verdict rests on beside the server's own answer, one to
journal.db what was done here, and one commits the row, with a green its admission: before anyone
sees it (CONTRIBUTING.md, promise 1).
"""

import itertools
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from boxoffice.domain.admission_rules import Facts, decide
from boxoffice.domain.code_ties import noted
from boxoffice.domain.codes import Code
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Admission, AnswerInput, Order, Ticket
from boxoffice.domain.questions import still_open
from boxoffice.domain.verdicts import (
    BY_LAYOUT,
    Scan,
    Verdict,
    VerdictCode,
    by_number,
    check_name,
    missing,
)
from boxoffice.lane.code_lookup import CodeLookup, FoundByCode
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.list_state import ListState
from boxoffice.lane.server_check import ServerAnswer, ServerCheck
from boxoffice.store import admissions, journal_db, queue, tickets
from boxoffice.store.tickets import TicketContext
from boxoffice.store.updates import (
    JournalWritten,
    StoreUpdate,
)

RECENT = 50
ALL_BUT_IN = frozenset(VerdictCode) - {VerdictCode.ALREADY_IN}
ANOTHER_EVENT = "another"
"""In place of a uuid: surely not this event's, though not known whose."""


class AdmissionControl(LanePart):
    """Judges codes and tickets for one event at one lane, and makes scans of verdicts.

    To be used in the lane's turn.
    """

    def __init__(
        self,
        deps: LaneDeps,
        lookup: CodeLookup,
        server_check: ServerCheck,
        list_state: ListState,
    ) -> None:
        super().__init__(deps)
        self.recent: deque[Scan] = deque(maxlen=RECENT)
        """Newest first."""
        self.undone: set[int] = set()
        """Ids of scans whose check-in was undone since."""
        self._lookup = lookup
        self._server_check = server_check
        self._list_state = list_state
        self._scan_ids = itertools.count(1)
        self._advised: set[str] = set()
        """The keyboard layouts that were advised for the scanner: once each."""

    # Judging

    async def judge_code(self, text: str, number_admits: bool) -> Verdict:
        """The verdict on what was scanned or typed.

        `number_admits`: nobody has to look at the name where it is no more than a number.
        """
        found = await self._lookup.find(text)
        if found.tie is not None:
            verdict = await self.judge(found.tie.ticket)
            return noted(verdict, found.tie, self._event_cache.event, self._clock.now())
        verdict = await self._judge_found(found)
        if not number_admits:
            verdict = by_number(verdict, found.code)
        if found.is_doubtful:
            verdict = check_name(verdict, BY_LAYOUT)
        foreign = found.foreign
        if foreign and foreign.layout_advice and self._advised.isdisjoint(foreign.layouts):
            verdict = replace(verdict, reason=f"{verdict.reason}. {foreign.layout_advice}")
            self._advised |= foreign.layouts
        return verdict

    async def _judge_found(self, found: FoundByCode) -> Verdict:
        if found.verdict is not None:
            return found.verdict
        (ticket,) = found.tickets
        if found.answer is not None:
            return await self._decide(ticket, found.answer, None)
        known = (ticket, found.context) if found.context is not None else None
        return await self.judge(ticket.uuid, found=known)

    async def judge(
        self,
        uuid: str,
        *,
        found: tuple[Ticket | None, TicketContext] | None = None,
        answered: Collection[str] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
    ) -> Verdict:
        """The verdict on a ticket: the server is asked first, where it can be.

        CONTRIBUTING.md, promise 4.

        `found`: it as it is listed, where it was just read, with what is known beside it.
        `answered`: uuids of questions that are being answered now. `overridden`: verdicts that a
        person has set aside, with a reason.
        """
        if found is not None:
            listed, context = found
        else:
            event = self._event
            listed, context = await self._store.read(tickets.with_context, uuid, event)
        answer = await self._server_check.ticket(
            uuid,
            listed.order if listed else None,
            questions=self._event_cache.asks(listed),
            known=context,
        )
        ticket = answer.ticket or listed
        if ticket is None or (answer.answered and answer.ticket is None):
            code, age = Code(text=uuid, uuids=(uuid,)), self._list_age(context)
            return missing(code, asked=answer.answered, list_age=age, listed=listed)
        return await self._decide(ticket, answer, context, answered=answered, overridden=overridden)

    async def _decide(
        self,
        ticket: Ticket,
        answer: ServerAnswer,
        context: TicketContext | None,
        *,
        answered: Collection[str] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
    ) -> Verdict:
        """`context`: as it was before the server answered; None: not read yet."""
        is_new = answer.ticket is not None and (
            ticket.checked_in or (answer.order is None and ticket.order is not None)
        )
        if context is None or is_new:  # the answer told of when it came in, or of another order
            context = await self._store.read(
                tickets.context, ticket.uuid, ticket.order, self._event
            )
        local = answer.local
        if local is None:
            local = await self._journal.read(admissions.local_context, ticket.uuid)
        order = answer.order or context.order
        unanswered = context.unanswered if answer.unanswered is None else answer.unanswered
        if unanswered is not None:
            pending = {given.question for given in local.pending_answers}
            unanswered = still_open(unanswered, pending.union(answered))
        if not ticket.event:
            ticket = ticket._replace(event=self._event_by(ticket, order))
        return decide(
            Facts(
                ticket=ticket,
                event=self._event_cache.event,
                now=self._clock.now(),
                confirmed=answer.ticket is not None,
                says_out=answer.says_out,
                admission=local.admission,
                undone_at=local.undone_at,
                seen_in=context.seen_in,
                order=order,
                unanswered=unanswered,
                has_required=self._event_cache.asks(ticket),
                policy=self._policy,
                overridden=overridden,
                event_titles=self._event_cache.titles,
                list_age=self._list_age(context),
            )
        )

    def _event_by(self, ticket: Ticket, order: Order | None) -> str:
        """The ticket's event by all that is known; a type that is new may still be this one's."""
        if self._event_cache.sells(ticket):
            return self._event
        if order is not None and order.event:
            return order.event
        knows_types = bool(self._event_cache.ticket_types)
        return ANOTHER_EVENT if knows_types and ticket.ticket_type_pk is not None else ""

    def _list_age(self, context: TicketContext) -> timedelta | None:
        """How old this computer's list is; None: there is none."""
        return self._clock.now() - context.pulled.at if context.pulled else None

    # Registering

    async def register(
        self, verdict: Verdict, code: str, given: Sequence[AnswerInput] = (), *, party: str = ""
    ) -> Scan:
        """Write a verdict down, and with a green one the admission, with answers before it.

        `party`: names those who are undone together.
        """
        ticket = verdict.ticket
        entry = self.entry(JournalKind.SCAN, verdict, code)
        if ticket is not None and verdict.code.is_green:
            await self._add_to_list(ticket)
            admitted, new = await self._journal.write(
                admissions.admit,
                entry,
                given=given,
                read_first=not verdict.confirmed,
                party=party,
                instead_of=verdict.instead_of,
            )
            if not new:  # somebody else's, whatever becomes of it: no green without its own row
                verdict = self._taken(ticket, admitted)
        else:
            if ticket is not None and given:
                answers = Entry(JournalKind.ANSWERS, event=self._event, ticket=ticket.uuid)
                await self._journal.write(queue.enqueue_answers, answers, given)
            await self._journal.write(journal_db.record, entry)
        if ticket is not None:
            needs_person = verdict.code in (VerdictCode.ANSWERS_NEEDED, VerdictCode.NOT_PAID)
            self._list_state.note(ticket.uuid, verdict.word.lower() if needs_person else "")
            await self._updates.publish(JournalWritten([ticket.uuid]))
        at = self._clock.now().astimezone(self._event_cache.event.zone)
        scan = Scan(next(self._scan_ids), code, verdict, at)
        self.recent.appendleft(scan)
        return scan

    def entry(self, kind: JournalKind, verdict: Verdict, code: str) -> Entry:
        """What the journal says of a scan."""
        return Entry(
            kind=kind,
            event=self._event,
            ticket=verdict.ticket.uuid if verdict.ticket else None,
            code=code,
            verdict=verdict.code,
            confirmed=verdict.confirmed,
            reason=verdict.reason,
        )

    def _taken(self, ticket: Ticket, admitted: Admission) -> Verdict:
        """The verdict on a ticket that somebody at this computer admitted in this very moment."""
        facts = Facts(
            ticket,
            self._event_cache.event,
            self._clock.now(),
            confirmed=False,
            admission=admitted,
            policy=replace(self._policy, may_override=ALL_BUT_IN),
            overridden=ALL_BUT_IN,
        )
        return decide(facts)

    async def _add_to_list(self, ticket: Ticket) -> None:
        """Put a ticket into the list that the server knew of before the list did."""
        if self._puller.listed(ticket.uuid) is None and (
            await self._store.read(tickets.get, ticket.uuid) is None
        ):
            await self._puller.save(ticket)

    # What happens beside

    def take_back(self, ticket: str) -> None:
        """Note that the last check-in of `ticket` was undone."""
        for scan in self.recent:
            whose = scan.verdict.ticket
            if whose is None or whose.uuid != ticket:
                continue
            if scan.verdict.code.is_green:
                self.undone.add(scan.id)
                return

    async def on_update(self, _: StoreUpdate) -> None:
        """Have the last scans give their times in the event's zone, as it is known now."""
        for number, scan in enumerate(self.recent):
            self.recent[number] = replace(scan, at=scan.at.astimezone(self._event_cache.event.zone))
