"""All that is known of one ticket: its fields, its order, its questions and their answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from boxoffice.domain.journal import Entry, JournalKind
from boxoffice.domain.models import Answer, CheckInWindow, Order, Question, Ticket
from boxoffice.domain.questions import still_open
from boxoffice.domain.roster import LocalStatus
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LaneDeps, LanePart, TicketReader
from boxoffice.lane.list_state import ListState
from boxoffice.store import admissions, json_docs, queue, tickets
from boxoffice.store.updates import JournalWritten


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of one ticket."""

    ticket: Ticket
    status: LocalStatus
    order: Order | None
    seen_in: CheckInWindow | None
    questions: tuple[Question, ...]
    answers: Mapping[str, Answer]
    """What was answered before, by the question's uuid."""
    unanswered: tuple[Question, ...] | None
    """Required questions without an answer; None: not known here."""
    confirmed: bool
    """Read from the server just now; else this computer's copy."""


class TicketDetails(LanePart):
    """`lane.details`: what is known of a ticket on this computer, or read anew on demand."""

    def __init__(self, deps: LaneDeps, list_state: ListState) -> None:
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self._list_state = list_state

    async def known(self, uuid: str, *, confirmed: bool = False) -> Details | None:
        """What this computer knows of a ticket, at once; None: nothing."""
        ticket, context = await self._store.read(tickets.with_context, uuid, self._event)
        if ticket is None:
            return None
        answers = {
            answer.question: answer
            for answer in await self._store.read(json_docs.get_list, json_docs.ANSWERS, uuid)
        }
        for given in (await self._journal.read(admissions.local_context, uuid)).pending_answers:
            answers[given.question] = (
                Answer(given.question, value=given.value)
                if isinstance(given.value, str)
                else Answer(given.question, choices=given.value)
            )
        unanswered = context.unanswered
        if unanswered is not None:
            unanswered = still_open(unanswered, answers)
        row = self._list_state.row(uuid)
        return Details(
            ticket=ticket,
            status=row.status if row else LocalStatus(),
            order=context.order,
            seen_in=context.seen_in,
            questions=await self._questions(ticket, unanswered or ()),
            answers=answers,
            unanswered=unanswered,
            confirmed=confirmed,
        )

    async def refresh(self, uuid: str) -> Details | None:
        """The same, after asking the server. Raises TicketbutlerError."""
        (ticket, _, _), answers, unanswered = await asyncio.gather(
            self._ticket_reader.read(uuid, retry=True),
            self._client.tickets.answers(uuid),
            self._client.tickets.unanswered(uuid),
        )
        await self._store.write(json_docs.save, json_docs.ANSWERS, uuid, answers)
        await self._store.write(json_docs.save, json_docs.UNANSWERED, uuid, unanswered)
        if ticket.order is not None:
            await self._puller.save_order(await self._client.orders.get(ticket.order))
        return await self.known(uuid, confirmed=True)

    async def rename(self, uuid: str, full_name: str) -> None:
        """Write another name on a ticket: here at once, at the server by the queue."""
        entry = Entry(kind=JournalKind.NAME, event=self._event, ticket=uuid)
        await self._journal.write(queue.enqueue_name, entry, full_name)
        known = await self._store.read(tickets.get, uuid)
        if known is not None:
            await self._puller.save(known._replace(full_name=clean(full_name)))
        await self._updates.publish(JournalWritten([uuid]))

    async def _questions(
        self, ticket: Ticket, unanswered: tuple[Question, ...]
    ) -> tuple[Question, ...]:
        """What is asked of the holder: the event's questions for this type, and any open one."""
        asked = {
            question.uuid: question
            for question in await self._store.read(json_docs.get, json_docs.QUESTIONS, self._event)
            or ()
            if question.active and question.ticket_type in (None, "", ticket.ticket_type)
        }
        for question in unanswered:
            asked.setdefault(question.uuid, question)
        return tuple(asked.values())
