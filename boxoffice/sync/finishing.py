"""Finishes a sale whose order is placed: its answers, its tickets, and their check-in."""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta

from boxoffice.clock import Clock
from boxoffice.door.finding import shared_out
from boxoffice.door.models import Event, Given, Order, Question, Ticket
from boxoffice.door.questions import still_open
from boxoffice.door.sale import Sale, SaleState
from boxoffice.door.verdict import Facts, Verdict, VerdictCode, decide
from boxoffice.store import Entry, Journal, RosterStore
from boxoffice.sync.backoff import wait_before
from boxoffice.sync.finding import Finder
from boxoffice.sync.link import Link
from boxoffice.sync.selling import LOOK_IN_VAIN, LOOKS
from boxoffice.ticketbutler import Forbidden, NotFound, Refused, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

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
        lane: str | None,
        admits: Collection[str],
    ) -> None:
        """`admits`: titles of the ticket types that `lane` admits; none: all.

        What other lanes admit is not known here: what they sold is checked in.
        """
        self._journal = journal
        self._till = journal.till
        self._store = store
        self._client = client
        self._link = link
        self._finder = finder
        self._clock = clock
        self._lane = lane
        self._doors = frozenset(title.casefold() for title in admits)

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
            notes += await self._let_in(sale, tickets)
        except TicketbutlerError as error:
            log.info("sale %s not finished: %s", sale.external_order_id, error)
            return await self._later(sale, error.sentence)
        missing = sale.cart.amount - len(tickets)
        if missing > 0:
            notes.append(f"{missing} of its tickets were not found in the list.")
        return await self._till.advance(
            sale.id,
            SaleState.DONE,
            tickets=[ticket.uuid for ticket in tickets],
            checked_in=sale.cart.check_in and not notes and bool(tickets),
            reason=" ".join(notes),
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
        """Store the buyer's answers; what the site will not take is said."""
        if not sale.cart.answers or not sale.order or sale.tickets:
            return []
        try:
            await self._client.answer_order(sale.order, sale.cart.answers)
        except (Refused, NotFound, Forbidden) as error:
            if isinstance(error, Forbidden):
                self._link.forbade_one_only()
            return [f"The buyer's answers were not taken: {error.sentence}"]
        return []

    async def _let_in(self, sale: Sale, tickets: list[Ticket]) -> list[str]:
        """Check the tickets in where that is wanted, with their answers; why some were not."""
        event = await self._event(sale.cart.event)
        types = await self._finder.types(event.uuid)
        given = shared_out(sale.cart.asked, tickets, types)
        notes = []
        for ticket in tickets:
            answers = given.get(ticket.uuid, ())
            if sale.cart.check_in:
                notes += await self._admit(sale, ticket, answers, event)
            elif answers:
                entry = Entry("answers", event=event.uuid, ticket=ticket.uuid)
                await self._journal.enqueue_answers(entry, answers)
        return notes

    async def _admit(
        self, sale: Sale, ticket: Ticket, given: tuple[Given, ...], event: Event
    ) -> list[str]:
        if await self._journal.admission(ticket.uuid) is not None:
            return []  # by this sale, before it was cut off, or scanned since
        try:
            verdict = await self._judge(sale, ticket, given, event)
        except NotFound:
            return [f"{ticket.full_name} is not checked in: {GONE}"]
        entry = Entry(
            "scan",
            event=event.uuid,
            ticket=ticket.uuid,
            verdict=verdict.code,
            confirmed=verdict.confirmed,
            reason=verdict.reason,
            data={"sale": sale.id},
        )
        if verdict.code is VerdictCode.ADMITTED:
            await self._journal.admit(entry, given=given, read_first=not verdict.confirmed)
            return []
        if given:
            answers = Entry("answers", event=event.uuid, ticket=ticket.uuid)
            await self._journal.enqueue_answers(answers, given)
        await self._journal.record(entry)
        return [f"{ticket.full_name} is not checked in: {verdict.word}, {verdict.reason}."]

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
                doors=self._doors if sale.lane == self._lane else frozenset(),
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
