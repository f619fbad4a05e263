"""What is known of one ticket: its order, its questions and answers, and the party it belongs to.

Where the order does not name its tickets, the party is found out by reading one ticket after the
other.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boxoffice.domain import party
from boxoffice.domain.badges import Badge
from boxoffice.domain.highlights import Highlights
from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Answer, CheckInWindow, LinkState, Order, Question, Ticket
from boxoffice.domain.party import Party
from boxoffice.domain.questions import as_answer, is_asked_of, still_open
from boxoffice.domain.roster import LocalStatus, Row
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LaneDeps, LanePart, TicketReader
from boxoffice.lane.list_state import ListState
from boxoffice.language import N_, _
from boxoffice.store import admissions, json_docs, orders, queue, tickets
from boxoffice.store.updates import JournalWritten
from boxoffice.ticketbutler import NotFound, TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.domain.guest_list import GuestList

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Details:
    ticket: Ticket
    status: LocalStatus
    order: Order | None
    seen_in: CheckInWindow | None
    questions: tuple[Question, ...]
    answers: Mapping[str, Answer]
    """The answers given before, by the question's uuid."""
    unanswered: tuple[Question, ...] | None
    """Required questions without an answer; None: not known here."""
    confirmed: bool
    """It was just read from the server; else it is this computer's copy."""
    highlights: Highlights
    """What the organiser wants the door to see."""


class TicketDetails(LanePart):
    """`lane.details`: what this computer knows of a ticket, read again on demand."""

    def __init__(self, deps: LaneDeps, list_state: ListState) -> None:
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self._list_state = list_state

    async def guest_list(self) -> "GuestList":
        """The list of all guests, for printing. Raises ProblemError if there is no list yet."""
        from boxoffice.sync.reconcile import read_guest_list

        event, now = self._event_cache.event, self._clock.now()
        return await read_guest_list(self._journal, self._store, event, now, self._policy)

    async def badge(self, uuid: str) -> Badge | None:
        """The badge of a ticket; None: the ticket is not known here.

        Answers that belong on it and are not known here are read from the site first. If that
        fails, the badge is made without them.
        """
        known = await self.known(uuid)
        stored = await self._store.read(json_docs.get, json_docs.ANSWERS, uuid)
        if known is not None and stored is None and self._shows_answers(known.ticket):
            try:
                known = await self.refresh(uuid)
            except TicketbutlerError as error:
                log.info("the badge of %s is made without answers: %s", uuid, error)
        if known is None:
            return None
        title, answers = self._event_cache.event.title, known.answers.values()
        return self._policy.badges.badge(known.ticket, title, known.order, known.questions, answers)

    async def known(self, uuid: str, *, confirmed: bool = False) -> Details | None:
        """What this computer knows of a ticket. Returns at once; None: nothing."""
        # In this order: an answer that is sent meanwhile moves from the journal to the roster.
        pending = (await self._journal.read(admissions.local_context, uuid)).pending_answers
        ticket, context = await self._store.read(tickets.with_context, uuid, self._event)
        if ticket is None:
            return None
        questions = await self._questions(ticket, context.unanswered or ())
        asked = {question.uuid: question for question in questions}
        answers = {answer.question: answer for answer in context.answers or ()}
        for given in pending:
            answers[given.question] = as_answer(given, asked.get(given.question))
        unanswered = context.unanswered
        if unanswered is not None:
            unanswered = still_open(unanswered, answers)
        row = self._list_state.row(uuid)
        return Details(
            ticket=ticket,
            status=row.status if row else LocalStatus(),
            order=context.order,
            seen_in=context.seen_in,
            questions=questions,
            answers=answers,
            unanswered=unanswered,
            confirmed=confirmed,
            highlights=self._policy.highlights.of(ticket, questions, context.answers, pending),
        )

    async def refresh(self, uuid: str) -> Details | None:
        """The same, after reading it from the server. Raises TicketbutlerError."""
        (ticket, _, _), answers, unanswered = await asyncio.gather(
            self._ticket_reader.read(uuid, retry=True),
            self._client.tickets.answers(uuid),
            self._client.tickets.unanswered(uuid),
        )
        await self._save_answers(uuid, answers)
        await self._store.write(json_docs.save, json_docs.UNANSWERED, uuid, unanswered)
        if ticket.order is not None:
            await self._puller.save_order(await self._client.orders.get(ticket.order))
        return await self.known(uuid, confirmed=True)

    async def rename(self, uuid: str, full_name: str) -> None:
        """Change the name on a ticket: here at once, at the server by way of the queue."""
        entry = Entry(kind=JournalKind.NAME, event=self._event, ticket=uuid)
        await self._journal.write(queue.enqueue_name, entry, full_name)
        known = await self._store.read(tickets.get, uuid)
        if known is not None:
            await self._puller.save(known._replace(full_name=clean(full_name)))
        await self._updates.publish(JournalWritten([uuid]))

    async def _questions(
        self, ticket: Ticket, unanswered: tuple[Question, ...]
    ) -> tuple[Question, ...]:
        """The questions to the holder: the event's for this ticket type, and any unanswered one."""
        asked = {
            question.uuid: question
            for question in await self._store.read(json_docs.get, json_docs.QUESTIONS, self._event)
            or ()
            if is_asked_of(question, ticket)
        }
        for question in unanswered:
            asked.setdefault(question.uuid, question)
        return tuple(asked.values())


MOST_ASKED = 40
"""How many tickets are read for one party at most."""
LONGEST = 10.0
"""Seconds after which no more tickets are read for a party."""
AT_ONCE = 4

UNKNOWN_HERE = N_("This computer does not know the ticket.")
AWAY = N_("The site cannot be asked: these are the ones known on this computer.")
MORE = N_("There may be more on this order: search for their names too.")


class Parties(LanePart):
    """Finds out who belongs to a party, without waiting for the list of the event's orders."""

    def __init__(self, deps: LaneDeps, list_state: ListState) -> None:
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self._list_state = list_state

    async def of(self, ticket: str) -> Party:
        """The party of `ticket` (its uuid), by what this computer knows. Returns at once."""
        known = await self._store.read(tickets.get, ticket)
        if known is None:
            return Party(ticket, None, (), complete=False, sentence=_(UNKNOWN_HERE))
        return await self._party(known, await self._others(known), asked=set())

    async def refresh(self, ticket: str) -> Party:
        """The same, after reading from the server its order, or the tickets that may share it.

        If something cannot be read, `sentence` says so; nothing is raised but StoreError.
        """
        before = await self.of(ticket)
        if not self._link.sends:
            away = _(AWAY) if self._link.state is not LinkState.REFUSED else self._link.sentence
            return before._replace(sentence=before.sentence or away)
        known = await self._store.read(tickets.get, ticket)
        try:
            if known is None or known.order is None:
                known = await self._read(ticket)
            if known.order is not None:
                order = await self._client.orders.get(known.order, retry=False)
                await self._puller.save_order(order)
                if order.party is not None:
                    return await self._ask_for(known, order)
            return await self._ask_around(known)
        except TicketbutlerError as error:
            log.info("the party of ticket %s could not be found out: %s", ticket, error)
            return (await self.of(ticket))._replace(sentence=error.sentence)

    async def order_of(self, ticket: str) -> str | None:
        """Read the ticket, store it, and return its order's uuid. Raises TicketbutlerError."""
        return (await self._read(ticket)).order

    async def _ask_for(self, ticket: Ticket, order: Order) -> Party:
        """Read the tickets that the order names and this computer does not have yet."""
        lacking = party.lacking(order, await self._store.read(tickets.of_order, order.uuid))
        for start in range(0, min(len(lacking), MOST_ASKED), AT_ONCE):
            turn = lacking[start : min(start + AT_ONCE, MOST_ASKED)]
            await asyncio.gather(*(self._read_one(uuid) for uuid in turn))
        return await self._party(ticket, await self._others(ticket), set(lacking))

    async def _ask_around(self, ticket: Ticket) -> Party:
        """Read tickets that may be on the same order, the likeliest first, until none is left."""
        others = await self._others(ticket)
        asked = {ticket.uuid}
        until = self._clock.monotonic() + LONGEST
        while (next_ := party.to_ask(ticket, others, asked)) and len(asked) <= MOST_ASKED:
            if self._clock.monotonic() > until:
                break
            turn = next_[: min(AT_ONCE, MOST_ASKED + 1 - len(asked))]
            asked.update(turn)
            read = await asyncio.gather(*(self._read_one(uuid) for uuid in turn))
            others.update({other.uuid: other for other in read if other is not None})
        return await self._party(ticket, others, asked)

    async def _read_one(self, ticket: str) -> Ticket | None:
        """None: the server no longer has it. Raises TicketbutlerError."""
        try:
            return await self._read(ticket)
        except NotFound:
            return None

    async def _read(self, ticket: str) -> Ticket:
        return (await self._ticket_reader.read(ticket)).ticket

    async def _others(self, ticket: Ticket) -> dict[str, Ticket]:
        found = await self._store.read_all(tickets.party_candidates, ticket, party.SPAN)
        return {other.uuid: other for other in found}

    async def _party(self, ticket: Ticket, others: dict[str, Ticket], asked: set[str]) -> Party:
        order = await self._order(ticket.order)
        if order is not None and order.party is not None:
            found = await self._store.read(tickets.of_order, order.uuid)
            complete = not party.lacking(order, found)
        else:
            found = party.members(ticket, others.values())
            complete = ticket.order is not None and not party.to_ask(ticket, others, asked)
        return Party(
            ticket.uuid,
            order,
            tuple([await self._row(other) for other in found]),
            complete=complete,
            sentence=_(MORE) if asked and not complete else "",
        )

    async def _order(self, order: str | None) -> Order | None:
        if not order:
            return None
        known = await self._store.read(orders.get, order)
        return self.judged(known or Order(order))

    def judged(self, order: Order) -> Order:
        """The order, with the states that count as paid by this door's settings."""
        return order.by(self._policy.paid_states)

    async def _row(self, ticket: Ticket) -> Row:
        row = self._list_state.row(ticket.uuid)
        if row is not None:
            return Row(ticket._replace(checked_in=row.ticket.checked_in), row.status)
        ours = await self._journal.read(admissions.get, ticket.uuid)
        return Row(ticket, LocalStatus(admitted_at=ours.at) if ours else LocalStatus())
