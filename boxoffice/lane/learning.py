"""Keeps what single reads tell, beside the lists that come and go."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.models import Answer, Order, Ticket, may_lag
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.event_cache import EventCache
from boxoffice.store import admissions, json_docs, tickets
from boxoffice.store.updates import AnswersAccepted, CheckInDisputed, StoreUpdate
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)


class Moment(NamedTuple):
    """When a read began."""

    at: datetime
    listed: object
    """The newest list then."""


class Learner:
    """Takes up tickets and orders read one by one: in the store, the list and on the screen."""

    def __init__(self, deps: LaneDeps, event_cache: EventCache) -> None:
        self._event_cache = event_cache
        self._journal = deps.journal
        self._store = deps.store
        self._puller = deps.puller
        self._clock = deps.clock
        self._updates = deps.updates

    def moment(self) -> Moment:
        """To be asked for before a read leaves."""
        return Moment(self._clock.now(), self._puller.last_pull)

    async def ticket(
        self,
        read: Ticket,
        began: Moment,
        *,
        again: Callable[[], Awaitable[Ticket]] | None = None,
    ) -> Ticket:
        """Keep what a read says that began at a moment; answers the ticket with its event.

        A list that came after the read began may know of a check-in or a refund that it does not;
        so may one from just before, where a cache answers the read.
        No read takes our own admission back: where it says so, that is noted beside it, and `again`
        asks once more at once, so that a person who waits at the door need not come back.
        """
        ticket = await self._beside_list(read, began)
        if await self._heard(ticket, began) == 1 and again is not None:
            began = self.moment()
            try:
                ticket = await self._beside_list(await again(), began)
            except TicketbutlerError as error:
                log.info("ticket %s not read once more: %s", read.uuid, error)
            else:
                await self._heard(ticket, began)
        return await self.keep(ticket) if ticket.event else ticket

    async def _beside_list(self, read: Ticket, began: Moment) -> Ticket:
        listed = await self._store.read(tickets.get, read.uuid)
        ours = self._event_cache.event.uuid if self._event_cache.sells(read) else ""
        ticket = read._replace(event=listed.event if listed else ours)
        if listed is not None and began.listed != self._puller.last_pull:
            ticket = ticket._replace(
                checked_in=ticket.checked_in or listed.checked_in,
                refunded=ticket.refunded or listed.refunded,
            )
        if listed is not None and listed.checked_in and not ticket.checked_in:
            ticket = ticket._replace(checked_in=await self._may_be_hidden(listed, began))
        return ticket

    async def _may_be_hidden(self, listed: Ticket, began: Moment) -> bool:
        """Whether a read of “not in” may be older than the list that has seen another door's."""
        done = await self._journal.read(admissions.local_context, listed.uuid)
        if done.admission is not None or done.undone_at is not None:
            return False  # what is ours is judged by our journal
        known = await self._store.read(tickets.context, listed.uuid, None, listed.event)
        return known.seen_in is not None and may_lag(known.seen_in.before, began.at)

    async def _heard(self, ticket: Ticket, began: Moment) -> int:
        """How many reads in a row, with this one, say that our own check-in was taken back."""
        before, said_out = await self._journal.write(
            admissions.note_read, ticket.uuid, ticket.checked_in, began.at
        )
        if before != said_out:
            await self._updates.publish(CheckInDisputed(ticket.uuid))
        return said_out

    async def keep(self, ticket: Ticket) -> Ticket:
        """Take up a ticket that something newer than the list told of."""
        return await self._puller.save(ticket)

    async def order(self, order: Order) -> None:
        """Keep an order, and find its tickets by what people call it."""
        await self._puller.save_order(order)

    async def on_update(self, update: StoreUpdate) -> None:
        """Store the answers that the site took, so that they are not asked for again offline."""
        if isinstance(update, AnswersAccepted):
            await self._save_answers(update.ticket, update.answers)

    async def _save_answers(self, ticket: str, answers: Sequence[Answer]) -> None:
        await self._store.write(json_docs.save, json_docs.ANSWERS, ticket, answers)
        known = await self._store.read(json_docs.get, json_docs.UNANSWERED, ticket)
        if known is not None:
            given = {answer.question for answer in answers}
            still_open = [question for question in known if question.uuid not in given]
            await self._store.write(json_docs.save, json_docs.UNANSWERED, ticket, still_open)
