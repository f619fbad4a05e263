"""Single reads that teach what an event's list does not hold, and what of it is not read yet.

A short link, an external uuid and the order come from the ticket itself; what people call an order,
and who is on it, from the order. Only that is kept of such a read: whether a ticket is in or
refunded, it says too, but that is left to the lists and to the reads at the door, so that an answer
that lags behind can never take a check-in back.
"""

import logging
from datetime import date, datetime, timedelta

from boxoffice.clock import Clock
from boxoffice.domain.models import CodesKnown, Event, Order, Ticket
from boxoffice.store import RosterStore, orders
from boxoffice.sync.puller import Puller
from boxoffice.ticketbutler import NotFound, Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)

LATE_NIGHT = timedelta(hours=6)
"""How long into the night the tickets of yesterday may still come."""
SOME = 200
"""Orders of a long list that are stored in one go: others that write get their turn between."""
LISTED_AGAIN = timedelta(hours=2)
"""Until the heavy list of orders is asked for once more, whatever came of it."""


class CodeReads:
    """Reads tickets and orders of one event one by one, and keeps what they tell."""

    def __init__(
        self,
        event: Event,
        *,
        client: Ticketbutler,
        store: RosterStore,
        puller: Puller,
        clock: Clock,
    ) -> None:
        self.event = event
        self._client = client
        self._store = store
        self._puller = puller
        self._clock = clock

    async def ticket(self, uuid: str) -> Ticket | None:
        """Read a ticket; None: the site has none such, and is not asked again.

        Raises TicketbutlerError.
        """
        try:
            read = await self._client.ticket(uuid, retry=False)
        except NotFound:
            await self._store.write(orders.mark_read, [uuid])
            return None
        await self._puller.save_codes(read)
        return read

    async def order(self, uuid: str) -> Order | None:
        """Read an order; None: the site has none such, and is not asked again.

        Raises TicketbutlerError.
        """
        try:
            read = await self._client.order(uuid, retry=False)
        except NotFound:
            await self._store.write(orders.mark_read, [uuid])
            return None
        await self._puller.save_order(read)
        return read

    async def knows_order(self, uuid: str) -> bool:
        """Whether an order was read."""
        return await self._store.read(orders.get, uuid) is not None

    async def all_orders(self) -> bool:
        """Ask for all orders of the event at once; False where the site does not give them.

        It may take minutes: nobody should wait for it, and `claim_all_orders` says when it is time.
        """
        try:
            listed = await self._client.event_orders(self.event.uuid)
        except TicketbutlerError as error:
            log.info("the orders of event %s not read: %s", self.event.uuid, error)
            return False
        for start in range(0, len(listed), SOME):
            piece = listed[start : start + SOME]
            await self._puller.save_orders([placed.order for placed in piece])
        return True

    async def claim_all_orders(self) -> bool:
        """Whether all orders were not asked for in a good while: then they count as asked for."""
        asked = await self._store.read(orders.list_requested_at, self.event.uuid)
        if asked is not None and timedelta() <= self._clock.now() - asked < LISTED_AGAIN:
            return False
        await self._store.write(orders.record_list_request, self.event.uuid, self._clock.now())
        return True

    async def known(self) -> CodesKnown:
        """How far all was read."""
        return await self._store.read_all(orders.codes_known, self.event.uuid)

    async def unread_tickets(self, most: int, besides: frozenset[str] = frozenset()) -> list[str]:
        """Tickets that were not read, the likeliest to come first; `besides`: leave these out."""
        return await self._store.read_all(
            orders.unread_tickets,
            self.event.uuid,
            valid=self._valid_today(),
            besides=besides,
            most=most,
        )

    async def unread_orders(self, most: int, besides: frozenset[str] = frozenset()) -> list[str]:
        """Orders that were not read, as far as their tickets tell of them."""
        return await self._store.read_all(
            orders.unread_orders,
            self.event.uuid,
            valid=self._valid_today(),
            besides=besides,
            most=most,
        )

    def _valid_today(self) -> "_ValidToday":
        return _ValidToday(self.event, self._clock.now())


class _ValidToday:
    """Whether a ticket of some date may come about now. Only an order of reading hangs on it."""

    def __init__(self, event: Event, now: datetime) -> None:
        self._event = event
        self._days: set[date] = {event.today(now), event.today(now - LATE_NIGHT)}

    def __call__(self, text: str) -> bool:
        try:
            moment = datetime.fromisoformat(text.strip())
            if moment.tzinfo is not None:
                moment = moment.astimezone(self._event.zone)
        except (ValueError, OverflowError):
            return True  # it is admitted with a note
        return moment.date() in self._days
