"""Events of a site."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from boxoffice.domain.models import Event
from boxoffice.manage.resource import Resource, Values
from boxoffice.ticketbutler.changes import Difference, PendingChange, PreparedChange, pending
from boxoffice.ticketbutler.resources.events import EventDetails, NewEvent


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
        return [event for event in events if not event.deleted]

    async def get(self, event: str | None, key: str) -> EventDetails:
        return await self._organiser.events.get(key)

    def create(self, event: str | None, values: Values) -> PendingChange[EventDetails]:
        return self._organiser.events.create(NewEvent(**values))

    def edit(self, event: str | None, key: str, values: Values) -> PendingChange[EventDetails]:
        return self._organiser.events.update(key, **values)

    @pending
    async def delete(self, event: str | None, key: str, reason: str = "") -> PreparedChange[None]:
        change = await self._organiser.events.delete(key, reason).prepare()
        types = await self._organiser.ticket_types.list(key)
        sold = sum(kind.sold or 0 for kind in types)
        return replace(change, differences=(Difference("sold", "Tickets sold", f"{sold}", "0"),))

    def may_change(self, row: EventDetails) -> bool:
        return row.team_organiser is not False

    def event_of(self, row: EventDetails) -> Event:
        return Event(row.uuid, row.title, row.start, row.end, row.timezone or None)

    def called(self, row: EventDetails) -> str:
        return row.title
