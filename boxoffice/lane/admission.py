"""The whole way from a code to its verdict: it is looked up, judged, and written down.

Apart from asking the server, a verdict takes three calls to the databases: one reads what roster.db
knows of the ticket, one reads from journal.db what was done with it here, and one commits the
verdict, with the admission if it is green, before anybody sees it (CONTRIBUTING.md, promise 1).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from boxoffice.domain.admission_rules import Facts, already_in, decide
from boxoffice.domain.code_ties import noted
from boxoffice.domain.codes import Code
from boxoffice.domain.highlights import NO_HIGHLIGHTS, Highlights
from boxoffice.domain.humanize import format_time
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Answer, AnswerInput, Order, OrderStatus, Ticket, may_lag
from boxoffice.domain.questions import still_open
from boxoffice.domain.venue import Claim, ClaimState
from boxoffice.domain.verdicts import (
    BY_LAYOUT,
    Scan,
    Verdict,
    VerdictCode,
    alone,
    by_number,
    check_name,
    missing,
    with_claim,
)
from boxoffice.lane.changes import ScanCompleted
from boxoffice.lane.code_lookup import CodeLookup, FoundByCode
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.history import History
from boxoffice.lane.list_state import ListState
from boxoffice.lane.overview import Overview
from boxoffice.lane.server_check import ServerAnswer, ServerCheck
from boxoffice.language import _
from boxoffice.store import admissions, journal_db, queue, tickets
from boxoffice.store.claim_feed import NewestClaim
from boxoffice.store.journal_db import Transaction
from boxoffice.store.roster import keep_copy
from boxoffice.store.tickets import TicketContext
from boxoffice.store.updates import JournalWritten
from boxoffice.store.venue import ClaimMade
from boxoffice.sync import Claims

if TYPE_CHECKING:  # few scans are about money
    from boxoffice.domain.sale import OrderPayment

P = ParamSpec("P")
T = TypeVar("T")

ANOTHER_EVENT = "another"
"""Stands for an event's uuid where all that is known is that it is not this event."""


class AdmissionControl(LanePart):
    """Judges codes and tickets for one event at one lane, and writes the verdicts down as scans.

    To be called within the lane's turn (`Lane.turn`).
    """

    def __init__(
        self,
        deps: LaneDeps,
        lookup: CodeLookup,
        server_check: ServerCheck,
        list_state: ListState,
        history: History,
        overview: Overview | None = None,
    ) -> None:
        """`overview`: shows the venue's other doors each scan."""
        super().__init__(deps)
        self._lookup = lookup
        self._server_check = server_check
        self._list_state = list_state
        self._claims = Claims.of(deps.context)
        self._overview = overview
        self._history = history
        self._advised: set[str] = set()
        """The keyboard layouts for the scanner that a verdict has advised already: once will do."""

    # Judging

    async def judge_code(self, text: str, number_admits: bool) -> Verdict:
        """The verdict on what was scanned or typed.

        `number_admits`: a ticket's bare number admits at once, without CHECK THE NAME.
        """
        found = await self._lookup.find(text)
        if found.tie is not None:
            verdict = await self.judge(found.tie.ticket)
            return noted(verdict, found.tie, self._event_cache.event, self._clock.now())
        verdict = await self._judge_found(found)
        if not number_admits:
            verdict = by_number(verdict, found.code)
        if found.is_doubtful:
            verdict = check_name(verdict, _(BY_LAYOUT))
        foreign = found.foreign
        if foreign and foreign.layout_advice and self._advised.isdisjoint(foreign.layouts):
            verdict = verdict._replace(reason=f"{verdict.reason}. {foreign.layout_advice}")
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
        given: Sequence[AnswerInput] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
        paid_here: str = "",
    ) -> Verdict:
        """The verdict on a ticket. The server is asked first, where it can be reached.

        CONTRIBUTING.md, promise 4.

        `found`: the ticket from the list and its context, where the caller has just read them.
        `given`: answers to questions that come with this request and are not stored yet.
        `overridden`: the verdicts that a person has set aside. `paid_here`: a sentence on how its
        order is being paid with this request.
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
            answers=not given and self._shows_answers(listed),
            known=context,
        )
        ticket = answer.ticket or listed
        if ticket is None or (answer.answered and answer.ticket is None):
            code, age = Code(text=uuid, uuids=(uuid,)), self._list_age(context)
            return missing(code, asked=answer.answered, list_age=age, listed=listed)
        return await self._decide(
            ticket, answer, context, given=given, overridden=overridden, paid_here=paid_here
        )

    async def _decide(
        self,
        ticket: Ticket,
        answer: ServerAnswer,
        context: TicketContext | None,
        *,
        given: Sequence[AnswerInput] = (),
        overridden: frozenset[VerdictCode] = frozenset(),
        paid_here: str = "",
    ) -> Verdict:
        """`context`: what the store knew before the server answered; None: it is read here."""
        # The order that was read is the one on the list; the server may have answered another.
        read = answer.order
        order = read if read is not None and ticket.order in (None, read.uuid) else None
        is_new = answer.ticket is not None and (
            ticket.checked_in or (order is None and ticket.order is not None)
        )
        if context is None or is_new:  # since it was read, its check-in or order was stored
            context = await self._store.read(
                tickets.context, ticket.uuid, ticket.order, self._event
            )
        local = answer.local
        if local is None:
            local = await self._journal.read(admissions.local_context, ticket.uuid)
        claim, reports_out = await self._claim_of_others(context.claimed, answer)
        order = order or context.order
        unanswered = context.unanswered if answer.unanswered is None else answer.unanswered
        given = [*local.pending_answers, *given]
        if unanswered is not None:
            unanswered = still_open(unanswered, {new.question for new in given})
        if not ticket.event:
            ticket = ticket._replace(event=self._event_by(ticket, order))
        verdict = decide(
            Facts(
                ticket=ticket,
                event=self._event_cache.event,
                now=self._clock.now(),
                confirmed=answer.ticket is not None,
                reports_out=reports_out,
                admission=local.admission,
                undone_at=local.undone_at,
                claim=claim,
                seen_in=context.seen_in,
                order=order,
                unanswered=unanswered,
                has_required=self._event_cache.asks(ticket),
                policy=self._policy,
                paid_here=paid_here or await self._paid_here(order),
                overridden=overridden,
                event_titles=self._event_cache.titles,
                list_age=self._list_age(context),
            )
        )
        answers = context.answers if answer.answers is None else answer.answers
        return self._highlight(verdict, answers, given, is_late=answer.answers_late)

    async def _paid_here(self, order: Order | None) -> str:
        """A sentence on how an order was paid at this computer; empty: it was not.

        Only for orders that the site has as not paid, which are few: so the journal is seldom read.
        """
        if order is None or order.by(self._policy.paid_states).status is not OrderStatus.UNPAID:
            return ""
        from boxoffice.store import sales, takings

        event, now = self._event_cache.event, self._clock.now()
        if payment := await self._journal.read(takings.payment_of, order.uuid):
            at = format_time(payment.at, event, now)
            return _("its order was paid here at {time}").format(time=at)
        sale = await self._journal.read(sales.of_order, order.uuid)
        if sale is None or not sale.booked:
            return ""
        return _("its order was sold here at {time}").format(time=format_time(sale.at, event, now))

    def _highlight(
        self,
        verdict: Verdict,
        answers: Sequence[Answer] | None,
        given: Sequence[AnswerInput],
        *,
        is_late: bool = False,
    ) -> Verdict:
        """Add to the verdict what the organiser wants the door to see of this guest."""
        ticket, policy = verdict.ticket, self._policy.highlights
        if ticket is None or verdict.code is VerdictCode.WRONG_EVENT or policy == NO_HIGHLIGHTS:
            return verdict
        if not verdict.shows_answers:
            return verdict._replace(highlights=Highlights(policy.is_vip(ticket)))
        questions = self._event_cache.questions
        highlights = policy.of(ticket, questions, answers, given, is_late=is_late)
        return verdict._replace(highlights=highlights)

    async def _claim_of_others(
        self, newest: NewestClaim, answer: ServerAnswer
    ) -> tuple[Claim | None, bool]:
        """The claim by which another door has the ticket in, and whether the site says it is out.

        If there is such a claim, the site's “out” counts only where the check-in reached the site
        so long ago that the answer cannot be from before it. Then somebody took the check-in back
        at the site: the claim is withdrawn at the hub, and so for all doors.
        """
        if self._claims is None or (claim := self._claims.of_others(newest)) is None:
            return None, answer.reports_out
        reports_out = answer.reports_out and self._is_past_lag(newest)
        if reports_out and await self._claims.take_out(claim):
            return None, reports_out
        return claim, reports_out

    def _is_past_lag(self, newest: NewestClaim) -> bool:
        began = self._clock.now() - timedelta(seconds=self._server_check.deadline)
        return newest.sent_at is not None and not may_lag(newest.sent_at, began)

    def _event_by(self, ticket: Ticket, order: Order | None) -> str:
        """The event of a ticket that came without one.

        `ANOTHER_EVENT`: surely not this one. Empty: not known, its type may be new at this event.
        """
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
        self,
        verdict: Verdict,
        code: str,
        given: Sequence[AnswerInput] = (),
        *,
        party: str = "",
        may_be_alone: bool = False,
        payment: "OrderPayment | None" = None,
    ) -> Scan:
        """Write down a verdict; if it is green, also the admission, and the answers `given` first.

        `party`: the tickets of one party share it, and are undone together. `may_be_alone`: a
        person has given a reason to admit though the other doors cannot be asked. `payment`: for
        the ticket's order, recorded in the same transaction. Raises PaidError where that order was
        paid here meanwhile.
        """
        ticket, read_first = verdict.ticket, not verdict.confirmed
        verdict, claim = await self._claim(verdict, may_be_alone)
        entry = self.entry(JournalKind.SCAN, verdict, code)
        if ticket is not None and verdict.code.is_green:
            await self._add_to_list(ticket)
            admitted, new, row = await self._journal.write(
                self._paid_with(payment, admissions.admit),
                entry,
                given=given,
                read_first=read_first,
                party=party,
                instead_of=verdict.instead_of,
                claim=claim,
            )
            if not new:  # another lane of this computer has admitted it in the meantime
                facts = self._facts(ticket)._replace(admission=admitted)
                verdict = already_in(facts)._replace(highlights=verdict.highlights)
        else:
            if ticket is not None and given:
                answers = Entry(JournalKind.ANSWERS, event=self._event, ticket=ticket.uuid)
                await self._journal.write(queue.enqueue_answers, answers, given)
            record = self._paid_with(payment, journal_db.record)
            row = await self._journal.write(record, entry)
        if ticket is not None:
            needs_person = verdict.code in (VerdictCode.ANSWERS_NEEDED, VerdictCode.NOT_PAID)
            self._list_state.note(ticket.uuid, verdict.word.lower() if needs_person else "")
            await self._updates.publish(JournalWritten([ticket.uuid]))
        at = self._clock.now().astimezone(self._event_cache.event.zone)
        scan = Scan(row, code, verdict, at)
        self._history.recent.appendleft(scan)
        if self._overview is not None:
            self._overview.publish(scan)
        if verdict.highlights.is_late:
            self._server_check.start(self._complete(scan))
        return scan

    def _paid_with(
        self, payment: "OrderPayment | None", change: Callable[Concatenate[Transaction, P], T]
    ) -> Callable[Concatenate[Transaction, P], T]:
        """`change`, made to record `payment` as well, if there is one, in the same transaction."""
        if payment is None:
            return change
        from boxoffice.store.takings import paid_with

        return paid_with(self._event, payment, change)

    async def _complete(self, scan: Scan) -> None:
        """Add the guest's answers to a scan, once the site has sent them."""
        ticket = scan.verdict.ticket
        if ticket is None:
            return
        await self._server_check.wait_for_answers(ticket.uuid)
        local = await self._journal.read(admissions.local_context, ticket.uuid)
        context = await self._store.read(tickets.context, ticket.uuid, None, self._event)
        verdict = self._highlight(scan.verdict, context.answers, local.pending_answers)
        if (completed := self._history.complete(scan.id, verdict)) is not None:
            self._list_state.notify(ScanCompleted(completed))

    async def _claim(
        self, verdict: Verdict, may_be_alone: bool
    ) -> tuple[Verdict, ClaimMade | None]:
        """Ask the venue's hub about a green: the verdict after that, and the claim to store."""
        ticket = verdict.ticket
        if self._claims is None or ticket is None or not verdict.code.is_green:
            return verdict, None
        claim = await self._claims.take(self._event, ticket.uuid)
        if isinstance(claim, Claim):
            facts = self._facts(ticket)._replace(claim=claim)
            return already_in(facts)._replace(highlights=verdict.highlights), None
        is_won = claim.state is ClaimState.WON
        if not is_won and self._policy.alone_asks and not may_be_alone:
            return alone(verdict), None
        return with_claim(verdict, claimed=is_won), claim

    def entry(self, kind: JournalKind, verdict: Verdict, code: str) -> Entry:
        return Entry(
            kind=kind,
            event=self._event,
            ticket=verdict.ticket.uuid if verdict.ticket else None,
            code=code,
            verdict=verdict.code,
            confirmed=verdict.confirmed,
            reason=verdict.reason,
        )

    def _facts(self, ticket: Ticket) -> Facts:
        """The facts for `already_in`."""
        event, now = self._event_cache.event, self._clock.now()
        return Facts(ticket, event, now, confirmed=False, policy=self._policy)

    async def _add_to_list(self, ticket: Ticket) -> None:
        """Add a ticket to the list that the server knows and the list does not have yet."""
        if self._puller.listed(ticket.uuid) is None and (
            await self._store.read(tickets.get, ticket.uuid) is None
        ):
            await keep_copy(self._puller.save(ticket))
