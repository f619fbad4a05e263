"""Events, ticket types and questions."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from boxoffice.desk import refusing
from boxoffice.desk.editing import Edit
from boxoffice.desk.making import later, mapped, needed, shown_as_made
from boxoffice.desk.models import AskedQuestion, GoneChoice, NewQuestion, Of
from boxoffice.desk.naming import named, only
from boxoffice.desk.resources import Action, Resource, Row, Values
from boxoffice.domain.models import Event
from boxoffice.ticketbutler.changes import Difference, PendingChange, PreparedChange, refuse
from boxoffice.ticketbutler.resources.events import EventDetails, NewEvent
from boxoffice.ticketbutler.resources.questions import QuestionDetails
from boxoffice.ticketbutler.resources.ticket_types import NewTicketType, TicketTypeDetails


class Events(Resource):
    name = "events"
    title = "Events"
    one = "event"
    hint = "make, change, delete, go to another"
    model = EventDetails
    new = NewEvent
    columns = ("title", "start", "expired", "currency", "members_only")
    apart = frozenset({"ticket_types"})
    of_event = False
    needs_reason = True
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--find jazz",
        "show": "“Summer concert”",
        "create": "--set title=Jazz --set start=2030-06-01T19:00+02:00",
        "update": "“Summer concert” --set settings.ticket_limit=6 --dry-run",
        "delete": "Jazz --reason “Cancelled by the band” --yes Jazz",
    }

    async def list(self, event: str | None = None) -> Sequence[EventDetails]:
        """Those that are over come too, and say so; deleted ones do not."""
        events = await self._organiser.events.list(old=True)
        return [each for each in events if not each.deleted]

    async def get(self, event: str | None, key: str) -> EventDetails:
        return await self._organiser.events.get(key)

    def create(self, event: str | None, values: Values) -> PendingChange[EventDetails]:
        return self._organiser.events.create(NewEvent(**values))

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[EventDetails]:
        edit = Edit[EventDetails](values, opened)
        return edit.noted(self._organiser.events.update(key, edit))

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        async def prepare() -> PreparedChange[None]:
            inner = await self._organiser.events.delete(key, reason).prepare()
            types = await self._organiser.ticket_types.list(key)
            sold = sum(each.sold or 0 for each in types)
            return replace(inner, differences=(Difference("sold", "Tickets sold", f"{sold}", "0"),))

        return PendingChange(prepare)

    def event_of(self, row: EventDetails) -> Event:
        return Event(row.uuid, row.title, row.start, row.end, row.timezone or None)

    def called(self, row: EventDetails) -> str:
        return row.title


class TicketTypes(Resource):
    name = "ticket-types"
    title = "Ticket types"
    one = "ticket type"
    hint = "price, stock, active, members only"
    model = TicketTypeDetails
    new = NewTicketType
    columns = ("title", "price", "amount", "amount_sold", "amount_total", "active", "members_only")
    begins = ("amount_total", "amount")
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz",
        "show": "Standard --json",
        "create": "--set title=VIP --set price=450 --set amount_total=20",
        "update": "Standard --set amount_total=250 --dry-run",
        "delete": "VIP --yes VIP",
    }

    async def list(self, event: str | None = None) -> Sequence[TicketTypeDetails]:
        return await self._organiser.ticket_types.list(needed(event))

    def create(self, event: str | None, values: Values) -> PendingChange[TicketTypeDetails]:
        return self._organiser.ticket_types.create(needed(event), NewTicketType(**values))

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[TicketTypeDetails]:
        edit = Edit[TicketTypeDetails](values, opened)

        async def why() -> str:
            return refusing.of_stock(await self.listed(event, key), edit.wanted)

        change = self._organiser.ticket_types.update(needed(event), key, edit)
        return refusing.explained(edit.noted(change), why)

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        async def why() -> str:
            return refusing.of_type(await self.listed(event, key))

        return refusing.explained(self._organiser.ticket_types.delete(needed(event), key), why)

    @classmethod
    def meant(cls, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is left follows from the total: written back, it would undo what is sold since."""
        left, total, sold = (given.get(name) for name in ("amount", "amount_total", "amount_sold"))
        if isinstance(left, int) and isinstance(total, int) and isinstance(sold, int):
            follows = left == max(total - sold, 0)
            return {name: given[name] for name in given if name != "amount" or not follows}
        return given

    def called(self, row: TicketTypeDetails) -> str:
        return row.title


class Questions(Resource):
    """Of attendees and of buyers alike; a row says whom it is asked."""

    name = "questions"
    title = "Questions"
    one = "question"
    hint = "of attendees and of buyers"
    model = AskedQuestion
    new = NewQuestion
    columns = ("heading", "asked", "variation", "required", "active", "choices", "ticket_type")
    examples: ClassVar[Mapping[str, str]] = {
        "list": "--event jazz",
        "show": "Diet",
        "create": "--set heading=Diet --set variation=SELECT "
        '--set choices=\'[{"label": "Vegan"}]\'',
        "update": "Diet --set required=yes --dry-run",
        "delete": "Diet --yes Diet",
        "remove-choice": "Diet --set choice=Vegan --dry-run",
    }

    async def list(self, event: str | None = None) -> Sequence[AskedQuestion]:
        uuid = needed(event)
        ask = self._organiser.questions.list
        told = await asyncio.gather(*(ask(uuid, each.asked) for each in Of))
        rows: dict[str, AskedQuestion] = {}
        for of, collections in zip(Of, told, strict=True):
            for part in collections:
                for question in part.questions:
                    row = _asked(question, of.value)
                    title = row.ticket_type or part.ticket_type
                    rows.setdefault(row.uuid, row.replace(ticket_type=title))
        return tuple(rows.values())

    def create(self, event: str | None, values: Values) -> PendingChange[AskedQuestion]:
        uuid, new = needed(event), NewQuestion(**values)
        of = Of(new.asked)

        async def make() -> PendingChange[AskedQuestion]:
            known = {row.uuid for row in await self.list(uuid)}
            question = QuestionDetails(
                heading=new.heading,
                variation=new.variation,
                required=new.required,
                active=new.active,
                sort_id=new.sort_id,
                choices=new.choices,
                ticket_type=await self._pk(uuid, new.ticket_type),
            )
            change = self._organiser.questions.create(uuid, question, of=of.asked)
            return mapped(change, lambda told: _asked(_made(told, known, new.heading), of.value))

        return later(make)

    def update(
        self, event: str | None, key: str, values: Values, opened: "Row | None" = None
    ) -> PendingChange[AskedQuestion]:
        edit = Edit[QuestionDetails](values, opened)
        return edit.noted(self._patched(needed(event), key, edit))

    def delete(self, event: str | None, key: str, reason: str = "") -> PendingChange[None]:
        return self._organiser.questions.delete(needed(event), key)

    def remove_choice(
        self, event: str | None, key: str, values: Values
    ) -> PendingChange[AskedQuestion]:
        return self._patched(needed(event), key, gone=values["choice"])

    actions: ClassVar[Mapping[str, Action]] = {
        "remove-choice": Action(
            "Remove a choice",
            remove_choice,
            model=GoneChoice,
            destructive=True,
            doing="remove a choice of the question",
        ),
    }

    def actions_of(self, row: AskedQuestion) -> Mapping[str, Action]:
        return self.actions if row.choices else {}

    def called(self, row: AskedQuestion) -> str:
        return row.heading

    def _patched(
        self, event: str, key: str, edit: Edit[QuestionDetails] | None = None, gone: str = ""
    ) -> PendingChange[AskedQuestion]:
        async def make() -> PendingChange[AskedQuestion]:
            before = await self.get(event, key)
            remove = [_choice(before, gone)] if gone else []
            change = self._organiser.questions.update(event, key, edit, remove=remove)
            return mapped(
                change,
                lambda told: _asked(told, before.asked).replace(
                    ticket_type=told.ticket_type or before.ticket_type
                ),
            )

        return later(make)

    async def _pk(self, event: str, wanted: str) -> str:
        """The number by which a new question names its ticket type."""
        if not wanted:
            return wanted
        types = [
            each for each in await self._organiser.ticket_types.list(event) if each.pk is not None
        ]
        if any(wanted == str(each.pk) for each in types):
            return wanted
        there = ", ".join(each.title for each in types) or "none"
        one = only(
            types,
            wanted,
            lambda kind: kind.title,
            none=f"The event has no ticket type “{wanted}”: there are {there}.",
            several=f"Several ticket types are called “{wanted}”: say which by its id.",
        )
        return str(one.pk)


def _asked(question: QuestionDetails, of: str) -> AskedQuestion:
    return AskedQuestion(**dict(question), asked=of)


def _made(told: tuple[QuestionDetails, ...], known: set[str], heading: str) -> QuestionDetails:
    """The one that was not there before. Raises Unreadable where there is none."""
    new = [each for each in told if each.uuid not in known]
    return shown_as_made(named(new, heading, lambda question: question.heading))


def _choice(question: AskedQuestion, wanted: str) -> str:
    """The uuid of a choice that is named."""
    found = named(question.choices, wanted, lambda choice: choice.label)
    if len(found) != 1:
        there = ", ".join(each.label for each in question.choices) or "none"
        problem = f"no choice “{wanted}”: there are {there}"
        if found:
            problem = f"several choices “{wanted}”: say which by its id"
        raise refuse("no one choice", f"“{question.heading}” has {problem}.")
    return found[0].uuid


EVENTS: tuple[type[Resource], ...] = (Events, TicketTypes, Questions)
