"""Orders: looked at, corrected, refunded, and what was asked of the buyer. API document: "Orders".

Nothing of this is queued: it is done at the server while a person waits, or not at all. What became
of a write whose answer was lost is found out by reading the order.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from boxoffice.domain.address import holds
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.codes import Code
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.models import Address, Answer, AnswerInput, Order, Question, Ticket
from boxoffice.domain.party import Party
from boxoffice.domain.roster import Row
from boxoffice.domain.sale import Sale
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.party import Parties
from boxoffice.lane.refunds import OrderError, Refunds, read_after_write
from boxoffice.store import Entry, journal_rows, json_docs, orders, sales, tickets
from boxoffice.ticketbutler import TicketbutlerError


@dataclass(frozen=True, slots=True)
class OrderView:
    """All that is known of one order."""

    order: Order
    party: Party
    """Its tickets."""
    questions: tuple[Question, ...]
    """What the event asks of buyers."""
    answers: Mapping[str, Answer]
    """By the question's uuid."""
    sale: Sale | None
    """The sale at this computer that placed it."""
    amount: Decimal | None
    """What it cost; None: not known."""
    estimated: bool
    """`amount` is made from today's prices: fees and discounts are not known."""
    currency: str
    confirmed: bool
    """Read from the server just now; else this computer's copy."""
    to_note: bool = False
    """The site refunded it, and what goes back for it is not written down here."""

    @property
    def tickets(self) -> tuple[Row, ...]:
        return self.party.tickets


class Orders(LanePart):
    """What can be done with the orders of one event."""

    def __init__(self, deps: LaneDeps, parties: Parties) -> None:
        super().__init__(deps)
        self._parties = parties
        self._refunds = Refunds(deps)
        self._turn = asyncio.Lock()

    async def of(self, ticket_or_order: str) -> OrderView | None:
        """What this computer knows, at once; None: not of an order, or not which one."""
        return await self._view(ticket_or_order, confirmed=False)

    async def refresh(self, ticket_or_order: str) -> OrderView:
        """The same after asking the server. Raises TicketbutlerError or OrderError."""
        ticket = await self._store.read(tickets.get, ticket_or_order)
        order = ticket_or_order if ticket is None else ticket.order
        if order is None:
            order = await self._parties.order_of(ticket_or_order)
        if order is None:
            raise OrderError("The site does not say which order this ticket is on.")
        read, answers = await asyncio.gather(
            self._client.order(order), self._client.order_answers(order)
        )
        await self._puller.save_order(read)
        await self._store.write(json_docs.save, json_docs.ANSWERS, order, answers)
        if await self._store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, self._event) is None:
            asked = await self._client.purchase_questions(self._event)
            await self._store.write(
                json_docs.save, json_docs.PURCHASE_QUESTIONS, self._event, asked
            )
        await self._refunds.book_late(read, await self._currency())
        if ticket is None:
            ticket = next(iter(await self._tickets(order)), None)
        if ticket is not None:
            await self._parties.refresh(ticket.uuid)
        view = await self._view(order, confirmed=True)
        if view is None:
            raise OrderError("This computer could not keep the order: press F5.")
        return view

    async def correct(
        self, order: str, address: Address, *, before: Address | None = None
    ) -> Order:
        """Write another buyer; the order as the site then has it. Raises as `refresh`.

        `before`: the address as it was shown; what is empty in both stays as the site has it.
        API document: "Update order".
        """
        async with self._turn:
            try:
                written = await self._client.update_order(order, address, before=before)
            except TicketbutlerError as error:
                written = await read_after_write(self._client, order, error, "corrected")
                if not holds(written.address, address):
                    raise OrderError(f"The buyer is not corrected: {error.sentence}") from error
            await self._record(JournalKind.ORDER_CORRECTED, order)
            await self._puller.save_order(written)
            return written

    async def refund(
        self,
        order: str,
        *,
        paid: PaymentMethod | None = None,
        amount: Decimal = Decimal(0),
        reason: str = "",
    ) -> Order:
        """Refund the whole order at the site; `amount` is booked as given back by the way `paid`.

        `paid` None: no money goes through this till. An order that the site has refunded already
        is not refunded again; where `to_note`, the money is booked. Raises as `refresh`, also where
        more is to be given back than the order cost; where it is not known whether it is refunded,
        the sentence says so, and `refresh` books it once it is. API document: "Refund an order".
        """
        async with self._turn:
            currency = await self._currency()
            refunded = await self._refunds.refund(order, paid, amount, currency, reason)
            await self._puller.save_order(refunded)
            for ticket in await self._tickets(order):
                await self._puller.save(ticket._replace(refunded=True))
            return refunded

    async def answer(self, order: str, given: Sequence[AnswerInput]) -> list[Answer]:
        """Store answers of the buyer; all that are then stored. Raises TicketbutlerError.

        API document: "Collect Order Data". Sent again they change nothing.
        """
        async with self._turn:
            answers = await self._client.answer_order(order, given)
            await self._record(JournalKind.ORDER_ANSWERS, order)
            await self._store.write(json_docs.save, json_docs.ANSWERS, order, answers)
            return answers

    async def pdf(self, order: Order | str) -> bytes:
        """The site's own PDF of the order's tickets. Raises TicketbutlerError or OrderError."""
        known = await self._store.read(orders.get, order) if isinstance(order, str) else order
        if known is None or not known.pdf_url:
            known = await self._client.order(order if isinstance(order, str) else order.uuid)
            await self._puller.save_order(known)
        if not known.pdf_url:
            raise OrderError("The site has no PDF of this order.")
        return await self._client.order_pdf(known)

    async def _record(self, kind: JournalKind, order: str) -> None:
        entry = Entry(kind=kind, event=self._event, data={"order": order})
        await self._journal.write(journal_rows.record, entry)

    # What is known

    async def _view(self, ticket_or_order: str, *, confirmed: bool) -> OrderView | None:
        ticket = await self._store.read(tickets.get, ticket_or_order)
        if ticket is not None and ticket.order is None:
            return None
        order = ticket.order if ticket is not None and ticket.order else ticket_or_order
        found = [ticket] if ticket is not None else await self._tickets(order)
        known = await self._store.read(orders.get, order)
        if known is None and not found:
            return None
        known = known or Order(order)
        party = Party(order, known, (), complete=False)
        if found:
            party = await self._parties.of(found[0].uuid)
        sale = await self._journal.read(sales.of_order, order)
        amount, estimated = self._amount(known, party, sale)
        asked = await self._store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, self._event)
        answers = await self._store.read(json_docs.get_list, json_docs.ANSWERS, order)
        return OrderView(
            order=self._parties.judged(known),
            party=party,
            questions=asked or (),
            answers={answer.question: answer for answer in answers},
            sale=sale,
            amount=amount,
            estimated=estimated,
            currency=sale.cart.currency if sale else await self._currency(),
            confirmed=confirmed,
            to_note=await self._refunds.to_note(known, sale),
        )

    async def _currency(self) -> str:
        return (await self._event_cache.latest()).currency

    async def _tickets(self, order: str) -> list[Ticket]:
        found = await self._store.read(tickets.named, Code(text=order, uuids=(order,)), self._event)
        return [ticket for ticket in found if ticket.order == order]

    def _amount(self, order: Order, party: Party, sale: Sale | None) -> tuple[Decimal | None, bool]:
        """What the order cost, and whether that is only made from prices."""
        if sale is not None:
            return sale.cart.total, False
        if order.total is not None:
            return order.total, False
        prices = {kind.title: kind.price for kind in self._event_cache.ticket_types}
        asked = [prices.get(row.ticket.ticket_type) for row in party.tickets]
        known = [price for price in asked if price is not None]
        if not known or len(known) < len(asked) or party.guess:
            return None, True
        return sum(known, Decimal(0)), True
