"""Keeps what single reads tell, beside the lists that come and go."""

from collections.abc import Sequence
from typing import NamedTuple

from boxoffice.domain.models import Answer, Order, Ticket
from boxoffice.lane.backing import Backing
from boxoffice.lane.board import Board
from boxoffice.lane.info import EventInfo


class Moment(NamedTuple):
    """When a read began, by what can have happened since rather than by a clock."""

    position: int
    """The journal's newest row."""
    listed: object
    """The newest list."""


class Learner:
    """Takes up tickets and orders read one by one: in the store, the list and on the screen."""

    def __init__(self, backing: Backing, info: EventInfo, board: Board) -> None:
        self._info = info
        self._journal = backing.journal
        self._store = backing.store
        self._puller = backing.puller
        self._board = board

    async def moment(self) -> Moment:
        """To be asked for before a read leaves."""
        return Moment(await self._journal.position(), self._puller.last_pull)

    async def ticket(self, read: Ticket, began: Moment) -> Ticket:
        """Keep what a read says that began at a moment; answers the ticket with its event.

        A list that came after the read began may know of a check-in or a refund that it does not.
        """
        listed = await self._store.ticket(read.uuid)
        ours = self._info.event.uuid if self._info.sells(read) else ""
        ticket = read._replace(event=listed.event if listed else ours)
        if listed is not None and began.listed != self._puller.last_pull:
            ticket = ticket._replace(
                checked_in=ticket.checked_in or listed.checked_in,
                refunded=ticket.refunded or listed.refunded,
            )
        if not ticket.checked_in:
            await self._journal.release(ticket.uuid, began.position)
        return await self.keep(ticket) if ticket.event else ticket

    async def keep(self, ticket: Ticket) -> Ticket:
        """Take up a ticket that something newer than the list told of."""
        ticket = self._puller.learn(ticket)
        await self._store.learn(ticket)
        if ticket.event == self._info.event.uuid:
            await self._board.apply([ticket], ())
        return ticket

    async def order(self, order: Order) -> None:
        """Keep an order, and find its tickets by what people call it."""
        await self._puller.learn_order(order)

    async def answers(self, ticket: str, answers: Sequence[Answer]) -> None:
        """Keep what the server has stored, so that it is not asked for again offline."""
        await self._store.save_answers(ticket, answers)
        known = await self._store.unanswered(ticket)
        if known is not None:
            given = {answer.question for answer in answers}
            still_open = [question for question in known if question.uuid not in given]
            await self._store.save_unanswered(ticket, still_open)
