"""All that is known of one ticket: its fields, its order, its questions and their answers."""

import asyncio

from boxoffice.domain.models import Answer, Question, Ticket
from boxoffice.domain.questions import still_open
from boxoffice.domain.roster import Mark, Row
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.learning import Learner
from boxoffice.lane.status import Details
from boxoffice.store import admissions, json_docs, tickets


class TicketDetails:
    """Gathers the details of a ticket from this computer, and reads them anew on demand."""

    def __init__(self, deps: LaneDeps, learner: Learner) -> None:
        self._event = deps.event
        self._client = deps.client
        self._journal = deps.journal
        self._store = deps.store
        self._learner = learner

    async def known(self, uuid: str, row: Row | None, *, confirmed: bool = False) -> Details | None:
        """What the store has; None where it does not have the ticket."""
        ticket = await self._store.read(tickets.get, uuid)
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
        known = await self._store.read(tickets.context, uuid, ticket.order, self._event.uuid)
        unanswered = known.unanswered
        if unanswered is not None:
            unanswered = still_open(unanswered, answers)
        return Details(
            ticket=ticket,
            mark=row.mark if row else Mark(),
            order=known.order,
            seen_in=known.seen_in,
            questions=await self._questions(ticket, unanswered or ()),
            answers=answers,
            unanswered=unanswered,
            confirmed=confirmed,
        )

    async def _questions(
        self, ticket: Ticket, unanswered: tuple[Question, ...]
    ) -> tuple[Question, ...]:
        """What is asked of the holder: the event's questions for this type, and any open one."""
        asked = {
            question.uuid: question
            for question in await self._store.read(
                json_docs.get, json_docs.QUESTIONS, self._event.uuid
            )
            or ()
            if question.active and question.ticket_type in (None, "", ticket.ticket_type)
        }
        for question in unanswered:
            asked.setdefault(question.uuid, question)
        return tuple(asked.values())

    async def read(self, uuid: str) -> None:
        """Ask the server for everything about the ticket. Raises TicketbutlerError."""
        began = self._learner.moment()
        ticket, answers, unanswered = await asyncio.gather(
            self._client.ticket(uuid), self._client.answers(uuid), self._client.unanswered(uuid)
        )
        await self._learner.ticket(ticket, began)
        await self._store.write(json_docs.save, json_docs.ANSWERS, uuid, answers)
        await self._store.write(json_docs.save, json_docs.UNANSWERED, uuid, unanswered)
        if ticket.order is not None:
            await self._learner.order(await self._client.order(ticket.order))
