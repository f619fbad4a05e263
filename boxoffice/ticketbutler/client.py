"""The client: what a door asks of a Ticketbutler site, as one class."""

import asyncio
import logging
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from boxoffice.domain.models import (
    Address,
    Answer,
    AnswerInput,
    Event,
    EventOrder,
    Order,
    Question,
    Ticket,
    TicketType,
)
from boxoffice.domain.text import hex_uuid
from boxoffice.ticketbutler.resources import events, orders, ticket_types, tickets
from boxoffice.ticketbutler.resources.answers import answers_call
from boxoffice.ticketbutler.resources.questions import Asked, collections_call
from boxoffice.ticketbutler.session import Session
from boxoffice.ticketbutler.wire import (
    Call,
    Reply,
    TicketList,
    WrongShape,
    no_value,
    not_json,
    pong,
)

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources import Organiser

log = logging.getLogger(__name__)


class Ticketbutler(Session):
    """One site, asked with one key. To be used as an async context manager, on one event loop.

    Writes, `ping` and `event_orders` ask once, the other reads twice more where the connection
    fails. Every method returns the door's own values or raises a `TicketbutlerError`. Ids are
    taken in any spelling. Names of tickets' fields are those of `boxoffice.domain.models`;
    `Ticket.event` is not in the API's answers: in a list it is the event asked for, else empty.
    """

    @cached_property
    def organiser(self) -> "Organiser":
        """What an organiser asks and changes; loaded when it is first asked for."""
        from boxoffice.ticketbutler.resources import Organiser  # noqa: PLC0415 - see above

        return Organiser(self)

    async def ping(self) -> None:
        """Ask whether the site answers and takes the key. API document: "Authentication"."""
        await self.send(Call("GET", "ping/", no_value, retry=False), pong)

    async def events(self, *, old: bool = False) -> list[Event]:
        """The organiser's events; with `old`, expired ones too.

        API document: "Get All Events".
        """
        return events.for_door(await self.send(events.list_call(old=old)))

    async def event(self, event: str) -> Event:
        """One event. API document: "Get Specific Event"."""
        return (await self.send(events.event_call(event))).as_event()

    async def ticket_types(self, event: str) -> list[TicketType]:
        """What an event sells. API document: "Get event ticket types"."""
        call = ticket_types.types_call(event, ticket_types.read_some_types)
        return [item.as_ticket_type() for item in await self.send(call)]

    async def ticket_list(self, event: str, *, unless: str | None = None) -> TicketList | None:
        """All tickets of the event; None when the answer is the one with the fingerprint `unless`.

        May take minutes and holds every ticket of the event. A large list is read in a thread.
        API document: "Get event tickets".
        """
        call = tickets.list_call(event)

        async def read(call: Call[None], reply: Reply) -> TicketList | None:
            if reply.fingerprint == unless:
                return None
            uuid = hex_uuid(event) or ""
            try:
                found, unread = await asyncio.to_thread(tickets.read_list, reply.chunks, uuid)
            except WrongShape as error:
                problem = str(error)
            else:
                if unread:
                    log.warning("%d of %d tickets could not be read", unread, unread + len(found))
                return TicketList(reply.fingerprint, found, unread)
            raise not_json(reply, f"{call}: {reply.status}: {problem}")

        return await self.exchange(call, read)

    async def ticket(self, ticket: str, *, retry: bool = True) -> Ticket:
        """One ticket. API document: "Get specific ticket"."""
        return await self.send(tickets.ticket_call(ticket, retry=retry))

    async def update_ticket(
        self, ticket: str, *, checked_in: bool | None = None, full_name: str | None = None
    ) -> Ticket:
        """Change what is given, and return the ticket as the site then has it.

        API document: "Update ticket details".

        It is the answer's own fields that prove the change. A site answers the same to a check-in
        that was there before.
        """
        fields = {"checked_in": checked_in, "full_name": full_name}
        return await self.send(tickets.update_call(ticket, fields))

    async def ticket_type_questions(self, event: str) -> list[Question]:
        """What is asked of attendees, by ticket type. API document: "Get Ticket Type Questions"."""
        return await self._questions(event, Asked.ATTENDEES)

    async def purchase_questions(self, event: str) -> list[Question]:
        """What is asked of buyers. API document: "Get Purchase Questions"."""
        return await self._questions(event, Asked.BUYERS)

    async def answers(self, ticket: str) -> list[Answer]:
        """What an attendee answered. API document: "Get Collected Ticket Data"."""
        return await self.send(answers_call(ticket, "ticket"))

    async def questions(self, ticket: str) -> list[Question]:
        """Every question of the ticket, answered or not.

        API document: "Get Ticket Specific Questions".
        """
        return await self.send(tickets.questions_call(ticket, "all"))

    async def unanswered(self, ticket: str, *, retry: bool = True) -> list[Question]:
        """Questions without an answer. API document: "Get Unanswered Questions"."""
        return await self.send(tickets.questions_call(ticket, "unanswered", retry=retry))

    async def answer(self, ticket: str, given: Sequence[AnswerInput]) -> list[Answer]:
        """Store answers; those not given stay as they are. Returns all that are then stored.

        API document: "Collect Ticket Data".
        """
        return await self.send(answers_call(ticket, "ticket", given))

    async def order(self, order: str, *, retry: bool = True) -> Order:
        """One order. API document: "Get a Specific Order"."""
        return (await self.send(orders.order_call(order, retry=retry))).as_order()

    async def _questions(self, event: str, of: Asked) -> list[Question]:
        found = await self.send(collections_call(event, of))
        return [question for part in found for question in part.as_questions()]

    # Orders

    async def create_order(
        self,
        event: str,
        *,
        address: Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> Order:
        """Place an order that is paid. API document: "Create Order".

        `amounts`: how many of which ticket type, by its uuid. Where an error says `maybe_applied`,
        the order may be placed: asking again may place a second one.
        """
        call = orders.create_call(event, address, amounts, external_order_id)
        return (await self.send(call)).as_order()

    async def update_order(
        self, order: str, address: Address, *, before: Address | None = None
    ) -> Order:
        """Change who ordered. API document: "Update order".

        An order is told without most fields of its address. With `before`, the address as it was
        shown, a field that is empty in both is not sent, so that it stays as the site has it.
        """
        return (await self.send(orders.update_call(order, address, before))).as_order()

    async def refund_order(self, order: str) -> Order:
        """Refund an order with all its tickets. API document: "Refund an order".

        It is refunded only where the order returned says so. Raises Forbidden where the key may
        not refund, Refused for what is refunded already.
        """
        return (await self.send(orders.refund_call(order))).as_order()

    async def order_answers(self, order: str) -> list[Answer]:
        """What the buyer answered. API document: "Get Collected Data from order"."""
        return await self.send(answers_call(order, "order"))

    async def answer_order(self, order: str, given: Sequence[AnswerInput]) -> list[Answer]:
        """Store a buyer's answers, as `answer` does. API document: "Collect Order Data"."""
        return await self.send(answers_call(order, "order", given))

    async def event_orders(self, event: str) -> list[EventOrder]:
        """All orders with their tickets. API document: "Get events orders".

        Heavy: a live site takes minutes, or gives up with 524. For what a person asks for and
        nobody waits for.
        """
        uuid = hex_uuid(event) or ""
        call = orders.event_orders_call(event, lambda order: order.as_event_order(uuid))
        return await self.send(call, orders.in_pieces)

    async def order_pdf(self, order: Order) -> bytes:
        """The site's own PDF of an order's tickets, of `Order.pdf_url`.

        Raises NotFound, with the address in its sentence, where that is at another site.
        """

        async def read(call: Call[None], reply: Reply) -> bytes:
            content = reply.body
            if not content.startswith(b"%PDF") or b"%%EOF" not in content[-1024:]:
                raise not_json(reply, f"{call}: {reply.status}: no whole PDF")
            return content

        return await self.exchange(orders.pdf_call(order, self.site), read)
