"""What a lane knows of its event beside the list: questions, ticket types, the other events."""

from collections.abc import Collection, Sequence

from boxoffice.domain.models import Event, Question, Ticket, TicketType
from boxoffice.domain.questions import requires_answers
from boxoffice.store import RosterStore, json_docs
from boxoffice.store.updates import EventMetadataStored, EventsStored, StoreUpdate


class EventCache:
    """What the store said of the event when it was last asked."""

    def __init__(self, event: Event, store: RosterStore, extras: Collection[str] = ()) -> None:
        """`extras`: titles of the ticket types that are handed out, and admit nobody."""
        self.extras = frozenset(title.casefold() for title in extras)
        """Case-folded."""
        self.event = event
        """As it is known now: its zone, its end and more may be learnt while the door is open."""
        self.questions: tuple[Question, ...] | None = None
        """What the event asks of attendees; None: not known yet."""
        self.ticket_types: tuple[TicketType, ...] = ()
        self.titles: dict[str, str] = {event.uuid: event.title}
        """Titles of the organiser's events by uuid."""
        self._store = store

    async def load(self) -> None:
        """Take up what the store knows now."""
        self.questions = await self._store.read(json_docs.get, json_docs.QUESTIONS, self.event.uuid)
        self.ticket_types = tuple(
            await self._store.read(json_docs.get_list, json_docs.TICKET_TYPES, self.event.uuid)
        )
        events = await self._store.read(json_docs.get_events)
        self.titles |= {event.uuid: event.title for event in events}
        self._take(events)

    async def on_update(self, update: StoreUpdate) -> None:
        """Take up what is new of the events, and of what this one sells and asks."""
        match update:
            case EventsStored():
                await self.load()
            case EventMetadataStored(event) if event == self.event.uuid:
                await self.load()

    async def latest(self) -> Event:
        """The event with what may have been learnt since `load`, such as its currency."""
        self._take(await self._store.read(json_docs.get_events))
        return self.event

    def _take(self, events: Sequence[Event]) -> None:
        """Take up what is stored of this event; what is not known there stays."""
        for event in events:
            if event.uuid == self.event.uuid:
                self.event = event.completed(self.event)

    def asks(self, ticket: Ticket | None) -> bool:
        """Whether a required question is asked of `ticket`; of None: of any ticket."""
        return requires_answers(self.questions, ticket)

    def sells(self, ticket: Ticket) -> bool:
        """Whether the ticket's type is one of this event's.

        The API gives a single ticket without its event.
        """
        pks = {kind.pk for kind in self.ticket_types if kind.pk is not None}
        return ticket.ticket_type_pk in pks
