"""What the parts of a lane share: settings, the event, the files, the site and what syncs them.

`EventCache` holds what is known of the event. `TicketReader` reads single tickets from the site,
and weighs what it says against the list and the journal.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.clock import Clock
from boxoffice.domain.admission_rules import DoorPolicy
from boxoffice.domain.highlights import NO_HIGHLIGHTS
from boxoffice.domain.models import Event, Question, Ticket, TicketType, may_lag
from boxoffice.domain.questions import requires_answers
from boxoffice.lane.pin_lock import PinLock
from boxoffice.store import RosterStore, admissions, claim_feed, json_docs, tickets
from boxoffice.store.admissions import LocalContext
from boxoffice.store.updates import EventMetadataStored, EventsStored, StoreUpdate
from boxoffice.sync import CodeReader, Puller, Sender, SyncContext, SyncPart
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.sync.sales.seller import Seller

log = logging.getLogger(__name__)


class SalesPolicy(NamedTuple):
    """What the organiser allows when selling at the door: the table `sales` of the settings."""

    offline: bool = False
    """Sales are queued while the site cannot be reached."""
    check_in: bool = True
    """What is sold is checked in at once, unless the seller says otherwise."""
    email: str = ""
    """The house's own e-mail address, which stands in for buyers who give none."""
    cash_rounding: Decimal | None = None
    """Cash is rounded to a multiple of this; None: of the currency's smallest coin."""
    reserve: int = 10
    """How many tickets of each type may be sold here while the site cannot be reached; at a venue,
    how many are held at a time for that."""
    ticket_printer: str = ""
    receipt_printer: str = ""
    """Names of printers; empty: the system's usual one."""
    locale: str = ""
    """How amounts of money are written, such as `da_DK`; empty: as the system does."""

    def cash_step(self, currency: str) -> Decimal:
        """Cash in `currency` is rounded to a multiple of this."""
        from boxoffice.domain.money import cash_step

        return self.cash_rounding or cash_step(currency)


class StockRead(NamedTuple):
    """When the ticket types were last read from the site, on both clocks."""

    at: datetime
    monotonic: float


class EventCache:
    """The event, its questions and its ticket types, as the store last had them."""

    def __init__(self, event: Event, store: RosterStore, clock: Clock) -> None:
        self.event = event
        """It may change while the door is open, with its time zone and its end."""
        self.questions: tuple[Question, ...] | None = None
        """What the event asks of attendees; None: not known yet."""
        self.ticket_types: tuple[TicketType, ...] = ()
        self.stock: StockRead | None = None
        """None: the ticket types were not read since the lane was opened."""
        self.titles: dict[str, str] = {event.uuid: event.title}
        """Titles of the organiser's events by uuid."""
        self._store = store
        self._clock = clock

    async def load(self) -> None:
        """Read all of it from the store again."""
        self.questions = await self._store.read(json_docs.get, json_docs.QUESTIONS, self.event.uuid)
        types = await self._store.read(json_docs.get_list, json_docs.TICKET_TYPES, self.event.uuid)
        # A site that repeats a row has no second type of that uuid to sell.
        self.ticket_types = tuple({kind.uuid: kind for kind in types}.values())
        events = await self._store.read(json_docs.get_events)
        self.titles |= {event.uuid: event.title for event in events}
        await self.latest()

    async def on_update(self, update: StoreUpdate) -> None:
        """Load again what was stored of this event, or of the organiser's other events."""
        match update:
            case EventsStored():
                await self.load()
            case EventMetadataStored(event) if event == self.event.uuid:
                self.stock = StockRead(self._clock.now(), self._clock.monotonic())
                await self.load()

    async def latest(self) -> Event:
        """Read the event from the store again; fields that it lacks there keep their value."""
        if stored := await self._store.read(json_docs.get_event, self.event.uuid):
            self.event = stored.completed(self.event)
        return self.event

    def asks(self, ticket: Ticket | None) -> bool:
        """Whether a required question is asked of `ticket`; None: of any ticket at all."""
        return requires_answers(self.questions, ticket)

    def sells(self, ticket: Ticket) -> bool:
        """Whether the ticket's type is one of this event's.

        It tells the event of a single ticket, which the API leaves out.
        """
        pks = {kind.pk for kind in self.ticket_types if kind.pk is not None}
        return ticket.ticket_type_pk in pks


class LaneDeps(NamedTuple):
    """What the parts of one lane share. Whoever opens the lane opens and closes these."""

    context: SyncContext
    event_cache: EventCache
    puller: Puller
    sender: Sender
    make_seller: "Callable[[], Seller]"
    policy: DoorPolicy
    pin: PinLock
    code_reader: CodeReader | None = None
    """Reads in the background what the list does not hold; None: only scanned tickets are read."""


class LanePart(SyncPart):
    """Base of a lane's parts: keeps what they share in attributes."""

    def __init__(self, deps: LaneDeps) -> None:
        super().__init__(deps.context)
        self._event_cache = deps.event_cache
        self._event = deps.event_cache.event.uuid
        self._policy = deps.policy
        self._puller = deps.puller
        self._pin = deps.pin

    def _shows_answers(self, ticket: Ticket | None) -> bool:
        """Whether this door shows answers of `ticket`; None: of any ticket at all."""
        policy = self._policy.answers_used
        return policy != NO_HIGHLIGHTS and policy.reads_answers(self._event_cache.questions, ticket)


class TicketRead(NamedTuple):
    ticket: Ticket
    """As the site answered, with its event, and with what the list knows better."""
    local: LocalContext
    """What was done with it on this computer."""
    reports_out: bool
    """The site's own answer was “not checked in”, whatever `ticket` says by the list."""


class TicketReader(LanePart):
    """Reads single tickets from the site. What is known to be newer is not overwritten by them."""

    async def read(self, uuid: str, *, retry: bool = False) -> TicketRead:
        """Read a ticket and store it. Raises TicketbutlerError."""
        read = await self.ask(uuid, retry=retry)
        if not read.ticket.event:
            return read
        return read._replace(ticket=await self._puller.save(read.ticket))

    async def ask(self, uuid: str, *, retry: bool = False, twice: bool = False) -> TicketRead:
        """Read a ticket, and store nothing of it. Raises TicketbutlerError.

        A list that came in while the ticket was read may know of a check-in or a refund that the
        answer does not. So may a list from just before, as a cache at the site may have answered.
        No answer takes our own admission back. If it says “not checked in”, that is noted beside
        the admission; with `twice` the ticket is then read once more at once, so that a person who
        waits at the door need not come back.
        """
        read = await self._read(uuid, retry=retry)
        ours = read.local.admission
        if twice and ours is not None and ours.said_out == 1:
            try:
                read = await self._read(uuid, retry=retry)
            except TicketbutlerError as error:
                log.info("ticket %s not read once more: %s", uuid, error)
        return read

    async def _read(self, uuid: str, *, retry: bool) -> TicketRead:
        """Read a ticket, and weigh the answer against the list and what was done here."""
        began, list_before = self._clock.now(), self._puller.last_pull
        read = await self._client.tickets.get(uuid, retry=retry)
        local = await self._journal.read(admissions.local_context, uuid)
        ticket = await self._beside_list(read, local, began, list_before)
        if local.admission is not None and await self._puller.note_read(
            uuid, began, checked_in=ticket.checked_in
        ):
            local = await self._journal.read(admissions.local_context, uuid)
        return TicketRead(ticket, local, not read.checked_in)

    async def _beside_list(
        self, read: Ticket, local: LocalContext, began: datetime, list_before: datetime | None
    ) -> Ticket:
        """The ticket with its event, and with what the list knows better than this answer.

        `list_before`: when the list was asked for that was the newest as the read began.
        """
        listed = self._puller.listed(read.uuid) or await self._store.read(tickets.get, read.uuid)
        if listed is None:
            return read._replace(event=self._event if self._event_cache.sells(read) else "")
        ticket = read._replace(event=listed.event)
        if list_before != self._puller.last_pull:
            ticket = ticket._replace(
                checked_in=ticket.checked_in or listed.checked_in,
                refunded=ticket.refunded or listed.refunded,
            )
        if listed.checked_in and not ticket.checked_in:
            hidden = await self._may_be_hidden(listed, local, began)
            ticket = ticket._replace(checked_in=hidden)
        return ticket

    async def _may_be_hidden(self, listed: Ticket, local: LocalContext, began: datetime) -> bool:
        """Whether “not checked in” may be older than a list that has another door's check-in."""
        if local.admission is not None or local.undone_at is not None:
            return False  # for our own check-ins, our journal is what counts
        seen_in = await self._store.read(tickets.seen_in, listed.uuid)
        if seen_in is None or not may_lag(seen_in.before, began):
            return False
        claim = (await self._store.read(claim_feed.newest, listed.uuid, self._event)).claim
        is_taken_back = claim is not None and not claim.is_in and claim.at >= seen_in.before
        return not is_taken_back  # if it is, another door undid it: at the site first, then here
