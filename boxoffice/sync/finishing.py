"""Finishes a sale whose order is placed: its answers, its tickets, and their check-in."""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta

from boxoffice.clock import Clock
from boxoffice.domain.finding import kind_of, shared_out
from boxoffice.domain.models import Event, Given, Order, Question, Ticket, TicketType
from boxoffice.domain.questions import still_open
from boxoffice.domain.rule import Facts, decide
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdict import Verdict, VerdictCode
from boxoffice.store import Entry, Journal, RosterStore
from boxoffice.sync.backoff import wait_before
from boxoffice.sync.finding import Finder
from boxoffice.sync.link import Link
from boxoffice.sync.selling import LOOK_IN_VAIN, LOOKS
from boxoffice.ticketbutler import Forbidden, NotFound, Refused, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

ANSWER_TRIES = 5
"""Tries to store the buyer's answers that may hold up the check-in."""
NOT_LISTED = "The order is placed; its tickets are not in the list yet."
GONE = "The site does not know the ticket."


class Finisher:
    """Takes a sale from SOLD to DONE. Each of its steps may be done again."""

    def __init__(
        self,
        journal: Journal,
        store: RosterStore,
        client: Ticketbutler,
        link: Link,
        finder: Finder,
        *,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._till = journal.till
        self._store = store
        self._client = client
        self._link = link
        self._finder = finder
        self._clock = clock

    async def finish(self, sale: Sale, told: Callable[[Sale], object]) -> Sale | None:
        """The sale, as far as it comes now; None: it stands elsewhere meanwhile.

        `told` hears of the tickets as soon as they are known.
        """
        try:
            notes = await self._answer(sale)
            tickets, trouble = await self._finder.tickets(sale)
            if len(tickets) < sale.cart.amount and not self._in_vain(sale):
                return await self._later(sale, trouble or NOT_LISTED, tickets)
            if tuple(ticket.uuid for ticket in tickets) != sale.tickets:
                noted = await self._till.note(
                    sale.id, SaleState.SOLD, tickets=[ticket.uuid for ticket in tickets]
                )
                if noted is None:
                    return None
                told(noted)
            left_out = await self._let_in(sale, tickets)
        except TicketbutlerError as error:
            log.info("sale %s not finished: %s", sale.external_order_id, error)
            return await self._later(sale, error.sentence)
        missing = sale.cart.amount - len(tickets)
        if missing > 0:
            left_out.append(f"{missing} of its tickets were not found in the list.")
        return await self._till.advance(
            sale.id,
            SaleState.DONE,
            tickets=[ticket.uuid for ticket in tickets],
            checked_in=sale.cart.check_in and not left_out and bool(tickets),
            reason=" ".join(notes + list(dict.fromkeys(left_out))),
        )

    def _in_vain(self, sale: Sale) -> bool:
        """Whether its tickets were looked for long enough."""
        since = sale.since or sale.at
        return sale.tries > 5 and self._clock.now() - since > timedelta(seconds=LOOK_IN_VAIN)

    async def _later(
        self, sale: Sale, reason: str, tickets: Collection[Ticket] | None = None
    ) -> Sale | None:
        wait = wait_before(sale.tries + 1, LOOKS, lambda: 1.0)
        return await self._till.note(
            sale.id,
            SaleState.SOLD,
            due=self._clock.now() + timedelta(seconds=wait),
            reason=reason,
            tickets=None if tickets is None else [ticket.uuid for ticket in tickets],
        )

    async def _answer(self, sale: Sale) -> list[str]:
        """Store the buyer's answers, once more each time; what the site will not take is said.

        Raises TicketbutlerError where it may take them later.
        """
        if not sale.cart.answers or not sale.order:
            return []
        try:
            await self._client.answer_order(sale.order, sale.cart.answers)
        except TicketbutlerError as error:
            if isinstance(error, Forbidden):
                self._link.forbade_one_only()
            elif not isinstance(error, Refused | NotFound) and sale.tries < ANSWER_TRIES:
                raise
            return [f"The buyer's answers were not taken: {error.sentence}"]
        return []

    async def _let_in(self, sale: Sale, tickets: list[Ticket]) -> list[str]:
        """Check the tickets in where that is wanted, with their answers; why some were not.

        All are judged before the first is let in: what is cut short is begun anew, and must not
        find that one was taken back meanwhile.
        """
        event = await self._event(sale.cart.event)
        types = await self._finder.types(event.uuid)
        given = shared_out(sale.cart.asked, tickets, types)
        if not sale.cart.check_in:
            for ticket in tickets:
                await self._keep_answers(ticket, given.get(ticket.uuid, ()), event)
            return []
        judged = [
            (ticket, await self._looked_at(sale, ticket, given.get(ticket.uuid, ()), event, types))
            for ticket in tickets
        ]
        left_out = []
        for ticket, found in judged:
            answers = given.get(ticket.uuid, ())
            if isinstance(found, Verdict) and found.code is VerdictCode.ADMITTED:
                await self._admit(sale, ticket, answers, found)
            elif found is not None:
                await self._keep_answers(ticket, answers, event)
                why = found
                if isinstance(found, Verdict):
                    await self._journal.record(_entry(sale, ticket, found))
                    why = f"{found.word}, {found.reason}."
                left_out.append(f"{ticket.full_name} is not checked in: {why}")
        return left_out

    async def _looked_at(
        self,
        sale: Sale,
        ticket: Ticket,
        given: tuple[Given, ...],
        event: Event,
        types: Collection[TicketType],
    ) -> Verdict | str | None:
        """The verdict on a ticket, or why there is none; None: it is in. Raises TicketbutlerError.

        It is in by this sale, which was cut off then, or it was scanned since.
        """
        if await self._journal.admission(ticket.uuid) is not None:
            return None
        if sale.cart.elsewhere and kind_of(ticket, types) in ("", *sale.cart.elsewhere):
            kind = ticket.ticket_type or "its type"
            wrong = VerdictCode.WRONG_DOOR.word
            return f"{wrong}, {kind} is not admitted where it was sold."
        try:
            return await self._judge(sale, ticket, given, event)
        except NotFound:
            return GONE

    async def _admit(
        self, sale: Sale, ticket: Ticket, given: tuple[Given, ...], verdict: Verdict
    ) -> None:
        await self._journal.admit(
            _entry(sale, ticket, verdict),
            given=given,
            read_first=not verdict.confirmed,
            by=(sale.lane, sale.operator),
        )

    async def _keep_answers(self, ticket: Ticket, given: tuple[Given, ...], event: Event) -> None:
        if given:
            entry = Entry("answers", event=event.uuid, ticket=ticket.uuid)
            await self._journal.enqueue_answers(entry, given)

    async def _judge(
        self, sale: Sale, ticket: Ticket, given: tuple[Given, ...], event: Event
    ) -> Verdict:
        """The door's own verdict, on a fresh read. Raises TicketbutlerError."""
        fresh = await self._finder.fresh(ticket.uuid, event.uuid)
        asked = await self._asked(fresh)
        unanswered: tuple[Question, ...] | None = ()
        if asked:
            read = await self._client.unanswered(ticket.uuid, retry=False)
            await self._store.save_unanswered(ticket.uuid, read)
            unanswered = still_open(read, {answer.question for answer in given})
        return decide(
            Facts(
                ticket=fresh,
                event=event,
                now=self._clock.now(),
                confirmed=True,
                order=await self._order(sale),
                unanswered=unanswered,
                has_required=asked,
            )
        )

    async def _asked(self, ticket: Ticket) -> bool:
        """Whether a required question is asked of the ticket; as long as none is known, it may."""
        questions = await self._store.questions(ticket.event)
        return questions is None or any(
            question.required
            and question.active
            and (not ticket.ticket_type or question.ticket_type in (None, "", ticket.ticket_type))
            for question in questions
        )

    async def _order(self, sale: Sale) -> Order | None:
        return await self._store.order(sale.order) if sale.order else None

    async def _event(self, uuid: str) -> Event:
        for event in await self._store.events():
            if event.uuid == uuid:
                return event
        return await self._client.event(uuid)


def _entry(sale: Sale, ticket: Ticket, verdict: Verdict) -> Entry:
    """What the journal says of a ticket of the sale; those of one sale are undone together."""
    return Entry(
        "scan",
        event=sale.cart.event,
        ticket=ticket.uuid,
        verdict=verdict.code,
        confirmed=verdict.confirmed,
        reason=verdict.reason,
        data={"party": sale.external_order_id, "sale": sale.id},
    )
