"""Tickets and discount codes."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

from boxoffice.desk import answers, refusing
from boxoffice.desk.editing import Edit
from boxoffice.desk.making import later, mapped, needed, rows_of, shown_as_made
from boxoffice.desk.models import AnswerRow, NewAnswer
from boxoffice.desk.naming import named
from boxoffice.desk.resources import Action, Outcome, Resource, Row, Values, Verb
from boxoffice.ticketbutler.changes import Difference, PendingChange, PreparedChange, refuse
from boxoffice.ticketbutler.errors import NotFound, Refused
from boxoffice.ticketbutler.resources.discounts import DiscountCode, NewDiscountCode
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
        told = await self._client.ticket_list(needed(event))
        return await rows_of(told.tickets if told is not None else [], TicketDetails.of)

    async def get(self, event: str | None, key: str) -> TicketDetails:
        return await self._organiser.tickets.get(key)

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[TicketDetails]:
        edit = Edit[TicketDetails](values, opened)
        return edit.noted(self._organiser.tickets.update(key, edit))

    async def answered(self, event: str | None, key: str, values: Values) -> Outcome:
        return Outcome(rows=answers.rows(*await self._told(key)))

    def answer(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[tuple[AnswerRow, ...]]:
        return answers.answering(
            NewAnswer(**values),
            lambda: self._told(key),
            lambda given: self._organiser.tickets.answer(key, [given]),
        )

    async def _told(self, key: str) -> answers.Told:
        """What the attendee answered, and every question of the ticket."""
        return await asyncio.gather(self._client.answers(key), self._client.questions(key))

    actions: ClassVar[Mapping[str, Action]] = {
        "answers": Action("What the attendee answered", answered, changes=False),
        "answer": Action("Store an answer of the attendee's", answer, model=NewAnswer),
    }

    def called(self, row: TicketDetails) -> str:
        return row.full_name


class Discounts(Resource):
    name = "discounts"
    title = "Discount codes"
    one = "discount code"
    hint = "codes that buyers enter"
    model = DiscountCode
    new = NewDiscountCode
    columns = (
        *("code", "amount", "discount_type", "usage_tickets_limit", "amount_times_applied"),
        "active",
    )
    generic = True
    verbs = frozenset({Verb.LIST, Verb.SHOW, Verb.CREATE, Verb.DELETE})
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--generic",
        "show": "SUMMER",
        "create": "--set code=SUMMER --set amount=50 --set usage_tickets_limit=100",
        "delete": "SUMMER --yes SUMMER",
        "toggle": "SUMMER --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[DiscountCode]:
        return await self._organiser.discounts.list(event)

    def create(self, event: str | None, values: Values) -> PendingChange[DiscountCode]:
        new = NewDiscountCode(**values)

        async def make() -> PendingChange[Sequence[DiscountCode]]:
            for each in named(await self.list(event), new.code, lambda row: row.code):
                raise refuse("a code of that name", f"There is a code “{each.code}” already.")
            return self._organiser.discounts.create(event, [new])

        def made(codes: Sequence[DiscountCode]) -> DiscountCode:
            return shown_as_made(named(codes, new.code, lambda row: row.code))

        return mapped(later(make), made)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        async def why() -> str:
            return refusing.of_code(await self.listed(event, key))

        change = self._organiser.discounts.delete(event, int(key))
        return refusing.explained(change, why, (Refused, NotFound))

    def toggle(self, event: str | None, key: str, values: Values) -> PendingChange[DiscountCode]:
        async def prepare() -> PreparedChange[DiscountCode]:
            before: DiscountCode = await self.get(event, key)
            inner = await self._organiser.discounts.toggle(event, int(key)).prepare()
            words = ("yes", "no") if before.active else ("no", "yes")

            async def send() -> DiscountCode:
                # An answer need not tell all that the list does.
                return before.replace(active=(await inner.send()).active)

            return PreparedChange(inner.call, send, (Difference("active", "Active", *words),))

        return PendingChange(prepare)

    actions: ClassVar[Mapping[str, Action]] = {
        "toggle": Action("Switch it off, or on again", toggle),
    }

    def key(self, row: DiscountCode) -> str:
        return str(row.id)

    def called(self, row: DiscountCode) -> str:
        return row.code

    def as_key(self, wanted: str) -> str | None:
        return None  # a code may be made of digits, as its number is


SALES: tuple[type[Resource], ...] = (Tickets, Discounts)
