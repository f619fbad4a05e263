"""Fulfils a sale whose order is placed: its answers, its tickets, and their check-in."""

import logging
from collections.abc import Collection
from datetime import timedelta

from boxoffice.domain.admission_rules import DoorPolicy, Facts, already_in, decide
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import AnswerInput, Event, Question, Ticket, TicketType
from boxoffice.domain.order_matching import answers_by_ticket, kind_of
from boxoffice.domain.questions import requires_answers, still_open
from boxoffice.domain.sale import Sale, SaleState, SaleUpdate
from boxoffice.domain.venue import Claim, ClaimState
from boxoffice.domain.verdicts import Verdict, VerdictCode, with_claim
from boxoffice.language import N_, _
from boxoffice.store import admissions, journal_db, json_docs, orders, queue, sales
from boxoffice.store.updates import SaleUpdated
from boxoffice.sync.claims import Claims
from boxoffice.sync.context import SyncContext, SyncPart
from boxoffice.sync.sales.order_search import OrderSearch, SaleTickets
from boxoffice.sync.sales.rules import LOOK_IN_VAIN, next_look
from boxoffice.ticketbutler import Forbidden, NotFound, Refused, TicketbutlerError

log = logging.getLogger(__name__)

ANSWER_TRIES = 5
"""Tries to store the buyer's answers that may hold up the check-in."""
NOT_LISTED = N_("The order is placed; its tickets are not in the list yet.")
GONE = N_("The site does not know the ticket.")


class Fulfilment(SyncPart):
    """Takes a sale from SOLD to DONE. Each of its steps may be done again."""

    def __init__(
        self, context: SyncContext, search: OrderSearch, *, extras: frozenset[str]
    ) -> None:
        """`extras`: case-folded titles of the ticket types that admit nobody."""
        super().__init__(context)
        self._search = search
        self._extras = extras
        self._claims = Claims.of(context)

    async def fulfil(self, sale: Sale) -> Sale | None:
        """The sale, as far as it comes now; None: it stands elsewhere meanwhile.

        It is published as soon as its tickets are known.
        """
        try:
            notes = await self._answer(sale)
            found = await self._search.tickets(sale)
            uuids = tuple(ticket.uuid for ticket in found.tickets)
            missing = sale.cart.amount - len(uuids)
            if missing > 0 and not self._searched_enough(sale):
                return await self._later(sale, found.trouble or _(NOT_LISTED), uuids)
            if uuids != sale.tickets:
                noted = await self._journal.write(
                    sales.note, sale.id, SaleState.SOLD, SaleUpdate(tickets=uuids)
                )
                if noted is None:
                    return None
                await self._updates.publish(SaleUpdated(noted))
            left_out = await self._check_in(sale, found)
        except TicketbutlerError as error:
            log.info("sale %s not fulfilled: %s", sale.external_order_id, error)
            return await self._later(sale, error.sentence)
        if missing > 0:
            lacks = _("{missing} of its tickets were not found in the list.")
            left_out.append(lacks.format(missing=missing))
        return await self._journal.write(
            sales.advance,
            sale.id,
            SaleState.DONE,
            SaleUpdate(
                tickets=uuids,
                checked_in=sale.cart.check_in and not left_out and bool(uuids),
                reason=" ".join(notes + list(dict.fromkeys(left_out))),
            ),
        )

    def _searched_enough(self, sale: Sale) -> bool:
        """Whether the tickets that are known have to do."""
        since = sale.since or sale.at
        return sale.tries > 5 and self._clock.now() - since > timedelta(seconds=LOOK_IN_VAIN)

    async def _later(
        self, sale: Sale, reason: str, tickets: Collection[str] | None = None
    ) -> Sale | None:
        due = next_look(sale, self._clock.now())
        later = SaleUpdate(due=due, reason=reason, tickets=tickets)
        return await self._journal.write(sales.note, sale.id, SaleState.SOLD, later)

    async def _answer(self, sale: Sale) -> list[str]:
        """Store the buyer's answers, once more each time; answers what the site will not take.

        Raises TicketbutlerError where it may take them later.
        """
        if not sale.cart.answers or not sale.order:
            return []
        try:
            await self._client.orders.answer(sale.order, sale.cart.answers)
        except TicketbutlerError as error:
            if isinstance(error, Forbidden):
                self._link.note_single_refusal()
            elif not isinstance(error, Refused | NotFound) and sale.tries < ANSWER_TRIES:
                raise
            lost = _("The buyer's answers were not taken: {reason}")
            return [lost.format(reason=error.sentence)]
        return []

    async def _check_in(self, sale: Sale, found: SaleTickets) -> list[str]:
        """Check the tickets in where that is wanted, with their answers; why some were not.

        All are judged before the first is let in: what is cut short is begun anew, and must not
        find that one was taken back meanwhile.
        """
        event = await self._store.read(json_docs.get_event, sale.cart.event)
        event = event or await self._client.events.get(sale.cart.event)
        types = await self._search.types(event.uuid)
        answers = answers_by_ticket(sale.cart.asked, found.tickets, types)
        if not sale.cart.check_in:
            for ticket in found.tickets:
                await self._queue_answers(ticket, answers.get(ticket.uuid, ()), event)
            return []
        judged = []
        for ticket in found.tickets:
            given = answers.get(ticket.uuid, ())
            verdict = await self._judge(sale, ticket, given, event, types, is_fresh=found.are_fresh)
            judged.append((ticket, given, verdict))
        left_out = []
        for ticket, given, judgement in judged:
            verdict = judgement
            if isinstance(judgement, Verdict) and judgement.code.is_green:
                verdict = await self._admit(sale, ticket, given, event, judgement)
            if isinstance(verdict, Verdict) and verdict.code.is_green:
                continue
            if verdict is not None:
                await self._queue_answers(ticket, given, event)
                why = verdict
                if isinstance(verdict, Verdict):
                    await self._journal.write(journal_db.record, _entry(sale, ticket, verdict))
                    why = f"{verdict.word}, {verdict.reason}."
                out = _("{name} is not checked in: {reason}")
                left_out.append(out.format(name=ticket.full_name, reason=why))
        return left_out

    async def _admit(
        self,
        sale: Sale,
        ticket: Ticket,
        given: tuple[AnswerInput, ...],
        event: Event,
        verdict: Verdict,
    ) -> Verdict:
        """Let one in by a green, unless another door has: then the verdict that says so."""
        claim = await self._claims.take(event.uuid, ticket.uuid) if self._claims else None
        if isinstance(claim, Claim):
            facts = Facts(ticket, event, self._clock.now(), confirmed=False, claim=claim)
            return already_in(facts)
        read_first = not verdict.confirmed
        if claim is not None:
            verdict = with_claim(verdict, claimed=claim.state is ClaimState.WON)
        await self._journal.write(
            admissions.admit,
            _entry(sale, ticket, verdict),
            given=given,
            read_first=read_first,
            party=sale.external_order_id,
            by=(sale.lane, sale.operator),
            claim=claim,
        )
        return verdict

    async def _judge(
        self,
        sale: Sale,
        ticket: Ticket,
        given: tuple[AnswerInput, ...],
        event: Event,
        types: Collection[TicketType],
        *,
        is_fresh: bool,
    ) -> Verdict | str | None:
        """The door's own verdict on a ticket, on a fresh read, or why there is none.

        None: it is in by this sale, which was cut off then, or it was scanned since. Raises
        TicketbutlerError.
        """
        if await self._journal.read(admissions.get, ticket.uuid) is not None:
            return None
        if sale.cart.elsewhere and kind_of(ticket, types) in ("", *sale.cart.elsewhere):
            wrong = VerdictCode.WRONG_DOOR.word
            if not ticket.ticket_type:
                reason = _("{verdict}, its type is not admitted where it was sold.")
            else:
                reason = _("{verdict}, {ticket_type} is not admitted where it was sold.")
            return reason.format(verdict=wrong, ticket_type=ticket.ticket_type)
        try:
            fresh = ticket if is_fresh else await self._search.fresh(ticket.uuid, event.uuid)
            asked = requires_answers(
                await self._store.read(json_docs.get, json_docs.QUESTIONS, event.uuid), fresh
            )
            unanswered: tuple[Question, ...] | None = ()
            if asked:
                read = await self._client.tickets.unanswered(ticket.uuid, retry=False)
                await self._store.write(json_docs.save, json_docs.UNANSWERED, ticket.uuid, read)
                unanswered = still_open(read, {answer.question for answer in given})
        except NotFound:
            return _(GONE)
        return decide(
            Facts(
                ticket=fresh,
                event=event,
                now=self._clock.now(),
                confirmed=True,
                order=await self._store.read(orders.get, sale.order) if sale.order else None,
                unanswered=unanswered,
                has_required=asked,
                policy=DoorPolicy(extras=self._extras),
            )
        )

    async def _queue_answers(
        self, ticket: Ticket, given: tuple[AnswerInput, ...], event: Event
    ) -> None:
        if given:
            entry = Entry(JournalKind.ANSWERS, event=event.uuid, ticket=ticket.uuid)
            await self._journal.write(queue.enqueue_answers, entry, given)


def _entry(sale: Sale, ticket: Ticket, verdict: Verdict) -> Entry:
    """What the journal says of a ticket of the sale; those of one sale are undone together."""
    return Entry(
        JournalKind.SCAN,
        event=sale.cart.event,
        ticket=ticket.uuid,
        verdict=verdict.code,
        confirmed=verdict.confirmed,
        reason=verdict.reason,
        data={"party": sale.external_order_id, "sale": sale.id},
    )
