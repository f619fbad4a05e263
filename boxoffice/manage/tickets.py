"""Tickets of an event."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

from boxoffice.manage import answers
from boxoffice.manage.answers import AnswerRow, NewAnswer
from boxoffice.manage.change_helpers import needed, rows_of
from boxoffice.manage.resource import Action, Outcome, Resource, Values, Verb
from boxoffice.ticketbutler.changes import PendingChange
from boxoffice.ticketbutler.resources.tickets import TicketDetails


class Tickets(Resource):
    name = "tickets"
    title = "Tickets"
    one = "ticket"
    hint = "names and answers"
    model = TicketDetails
    columns = ("full_name", "ticket_type", "checked_in", "refunded", "email", "number")
    heavy = True
    alone = True
    verbs = frozenset({Verb.LIST, Verb.SHOW, Verb.UPDATE})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz --find vip",
        "show": "“Anna Berg”",
        "update": "“Anna Berg” --set full_name=“Anna Bergh” --dry-run",
        "answers": "“Anna Berg” --json",
        "answer": "“Anna Berg” --set question=Company --set value=“Berg ApS” --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[TicketDetails]:
        """May take minutes, and has less of each ticket than `get`."""
        listed = await self._client.ticket_list(needed(event))
        return await rows_of(listed.tickets if listed is not None else [], TicketDetails.of)

    async def get(self, event: str | None, key: str) -> TicketDetails:
        return await self._organiser.tickets.get(key)

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[TicketDetails]:
        return self._organiser.tickets.update(key, **values)

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answers.rows(*await self._answered(key)))

    def answer(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[tuple[AnswerRow, ...]]:
        return answers.answering(
            NewAnswer(**values),
            lambda: self._answered(key),
            lambda given: self._organiser.tickets.answer(key, [given]),
        )

    async def _answered(self, key: str) -> answers.Answered:
        """What the attendee answered, and every question of the ticket."""
        return await asyncio.gather(self._client.answers(key), self._client.questions(key))

    actions: ClassVar[Mapping[str, Action]] = {
        "answers": Action("What the attendee answered", answered, changes=False),
        "answer": Action("Store an answer of the attendee's", answer, model=NewAnswer),
    }

    def called(self, row: TicketDetails) -> str:
        return row.full_name
