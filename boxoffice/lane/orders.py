"""Looks at orders, corrects and refunds them, and stores buyers' answers. API document: "Orders".

None of this is queued: it is done at the server while a person waits, or not at all. If the answer
to a write is lost, the order is read to find out what became of it.

A refund is written to the journal before it is asked for, so that one whose answer was lost can
still be booked once its outcome is known. CONTRIBUTING.md, promise 2.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.codes import Code
from boxoffice.domain.journal import Entry, JournalKind, LogRow, pending_refunds
from boxoffice.domain.models import Address, Answer, AnswerInput, Order, Question, Ticket
from boxoffice.domain.money import cash_rounding, format_money
from boxoffice.domain.offer import at_the_door
from boxoffice.domain.party import Party
from boxoffice.domain.pin import Act
from boxoffice.domain.roster import Row
from boxoffice.domain.sale import Refund, Sale, Taking
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.ticket_details import Parties
from boxoffice.language import N_, _
from boxoffice.store import journal_db, json_docs, orders, sales, takings, tickets
from boxoffice.store.roster import keep_copy
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

UNSURE_CORRECTED = N_(
    "It is not known whether the order is corrected: {reason} "
    "Press F5 to look before you do anything else."
)
UNSURE_REFUNDED = N_(
    "It is not known whether the order is refunded: {reason} "
    "Press F5 to look before you do anything else."
)
GIVEN_BACK = N_("It is written down already what goes back for this order: hand back nothing more.")


class OrderError(Exception):
    """Something could not be done with an order, or it is not known whether it was."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class OrderView:
    order: Order
    party: Party
    """Its tickets."""
    questions: tuple[Question, ...]
    """What the event asks of buyers."""
    answers: Mapping[str, Answer]
    """By the question's uuid."""
    sale: Sale | None
    """The sale at this computer that placed it; None: it was placed elsewhere."""
    amount: Decimal | None
    """What it cost; None: not known."""
    estimated: bool
    """`amount` is worked out from today's prices: fees and discounts are not known."""
    currency: str
    confirmed: bool
    """It was just read from the server; else it is this computer's copy."""
    payment: Taking | None = None
    """The payment that was taken for it here, while the site has it as not paid."""
    to_note: bool = False
    """The site has refunded it, but the money that goes back is not booked here yet."""
    cash_step: Decimal = Decimal("0.01")
    """Cash is rounded to a multiple of this."""
    till_open: bool = True
    """The lane's till is open: cash is given back out of it."""

    def refundable(self, paid: PaymentMethod | None) -> Decimal | None:
        """What to give back for the whole order, by that payment method; None: not known."""
        amount = self.sale.cart.payable if self.sale else self.amount
        return None if amount is None else _in_coins(amount, paid, self.cash_step)

    @property
    def tickets(self) -> tuple[Row, ...]:
        return self.party.tickets


class Orders(LanePart):
    """`lane.orders`: what can be done with an order."""

    def __init__(
        self, deps: LaneDeps, parties: Parties, cash_step: Callable[[str], Decimal]
    ) -> None:
        """`cash_step`: tells to what multiple cash in a currency is rounded."""
        super().__init__(deps)
        self._cash_step = cash_step
        self._parties = parties
        self._turn = asyncio.Lock()

    async def of(self, ticket_or_order: str) -> OrderView | None:
        """The order of a ticket, or the order, as this computer knows it. Returns at once.

        None: the order is not known here.
        """
        return await self._view(ticket_or_order, confirmed=False)

    async def refresh(self, ticket_or_order: str) -> OrderView:
        """The same, after reading it from the server. Raises TicketbutlerError or OrderError."""
        ticket = await self._store.read(tickets.get, ticket_or_order)
        order = ticket_or_order if ticket is None else ticket.order
        if order is None:
            order = await self._parties.order_of(ticket_or_order)
        if order is None:
            raise OrderError(_("The site does not say which order this ticket is on."))
        read, answers = await asyncio.gather(
            self._client.orders.get(order), self._client.orders.answers(order)
        )
        await self._puller.save_order(read)
        await self._store.write(json_docs.save, json_docs.ANSWERS, order, answers)
        if await self._store.read(json_docs.get, json_docs.PURCHASE_QUESTIONS, self._event) is None:
            asked = await self._client.questions.list_for_buyers(self._event)
            await self._store.write(
                json_docs.save, json_docs.PURCHASE_QUESTIONS, self._event, asked
            )
        async with self._turn:
            await self._book_late(read)
        if ticket is None:
            ticket = next(iter(await self._tickets(order)), None)
        if ticket is not None:
            await self._parties.refresh(ticket.uuid)
        view = await self._view(order, confirmed=True)
        if view is None:
            raise OrderError(_("This computer could not keep the order: press F5."))
        return view

    async def correct(
        self, order: str, address: Address, *, before: Address | None = None
    ) -> Order:
        """Change the buyer; returns the order as the site then has it. Raises as `refresh`.

        `before`: the address as it was shown; fields that are empty in both stay as the site has
        them. API document: "Update order".
        """
        async with self._turn:
            try:
                written = await self._client.orders.patch(order, address, before=before)
            except TicketbutlerError as error:
                written = await self._read_after(error, order, UNSURE_CORRECTED)
                if not _holds(written.address, address):
                    unchanged = _("The buyer is not corrected: {reason}")
                    raise OrderError(unchanged.format(reason=error.sentence)) from error
            await self._record(JournalKind.ORDER_CORRECTED, self._event, order)
            await keep_copy(self._puller.save_order(written))
            return written

    async def refund(self, order: str, refund: Refund) -> Order:
        """Refund the whole order at the site, and book the money that is given back.

        If the site has refunded it already and `to_note` says so, only the money is booked. Raises
        as `refresh`, also if more is to be given back than the order cost. If it is not known
        whether the site did it, the error's sentence says so, and a later `refresh` books the money
        once that is known. Raises ProblemError if the PIN is needed and not given. API document:
        "Refund an order".
        """
        await self._pin.permit(Act.REFUND)
        async with self._turn:
            sale = await self._journal.read(sales.of_order, order)
            refunded = await self._store.read(orders.get, order)
            cost = sale.cart.payable if sale else refunded.total if refunded else None
            currency = sale.cart.currency if sale else await self._currency()
            step = self._cash_step(currency)
            if cost is not None and refund.amount > _in_coins(cost, refund.paid, step):
                too_much = _(
                    "The order cost {total}: no more than that is given back. Nothing was refunded."
                )
                raise OrderError(too_much.format(total=format_money(cost, currency)))
            if (coins := _in_coins(refund.amount, refund.paid, step)) != refund.amount:
                in_coins = _("Cash is given back in coins: write {total}. Nothing was refunded.")
                raise OrderError(in_coins.format(total=format_money(coins, currency)))
            if refunded is None or not await self._to_note(refunded, sale):
                refunded = await self._ask(order, self._of(sale), refund)
            if not await self._book(order, sale, refund):
                raise OrderError(_(GIVEN_BACK))
            await keep_copy(self._puller.save_order(refunded))
            for ticket in await self._tickets(order):
                await keep_copy(self._puller.save(ticket._replace(refunded=True)))
            return refunded

    async def answer(self, order: str, given: Sequence[AnswerInput]) -> Sequence[Answer]:
        """Store answers of the buyer at the site; returns all that it then has.

        Sending the same again changes nothing. Raises TicketbutlerError. API document: "Collect
        Order Data".
        """
        async with self._turn:
            answers = await self._client.orders.answer(order, given)
            await self._record(JournalKind.ORDER_ANSWERS, self._event, order)
            await self._store.write(json_docs.save, json_docs.ANSWERS, order, answers)
            return answers

    async def pdf(self, order: str) -> bytes:
        """The site's own PDF of the order's tickets. Raises TicketbutlerError or OrderError."""
        known = await self._store.read(orders.get, order)
        if known is None or not known.pdf_url:
            known = await self._client.orders.get(order)
            await self._puller.save_order(known)
        if not known.pdf_url:
            raise OrderError(_("The site has no PDF of this order."))
        return await self._client.orders.pdf(known)

    async def _read_after(self, error: TicketbutlerError, order: str, unsure: str) -> Order:
        """Read the order after a write that failed with `error` but may have been carried out.

        Raises `error` if it surely was not, and OrderError with `unsure` if that cannot be told.
        """
        if not error.maybe_applied:
            raise error
        try:
            return await self._client.orders.get(order)
        except TicketbutlerError as unread:
            log.info("order %s not read: %s", order, unread)
            raise OrderError(_(unsure).format(reason=error.sentence)) from unread

    async def _record(
        self, kind: JournalKind, event: str, order: str, reason: str = "", **more: object
    ) -> None:
        entry = Entry(kind, event=event, reason=reason, data={"order": order, **more})
        await self._journal.write(journal_db.record, entry)

    # Refunds

    async def _to_note(self, order: Order, sale: Sale | None) -> bool:
        """Whether the site refunded the order, and the money is not booked here yet.

        Only if it was sold here, or its refund was asked for here; others are the organiser's.
        """
        if not order.refunded or await self._journal.read(takings.is_refunded, order.uuid):
            return False
        return (sale is not None and sale.booked) or order.uuid in await self._asked(sale)

    async def _book_late(self, order: Order) -> None:
        """Book a refund that this computer asked for, and whose answer was lost; at most once.

        If an earlier look had found the order not refunded, it is left to a person.
        """
        if not order.refunded:
            return
        sale = await self._journal.read(sales.of_order, order.uuid)
        asked = (await self._asked(sale)).get(order.uuid)
        if asked is None or asked.entry.kind != JournalKind.REFUND_ASKED:
            return
        data = asked.entry.data or {}
        paid, amount = data.get("paid"), Decimal(str(data.get("amount")))
        way = PaymentMethod(str(paid)) if paid else None
        refund, by = Refund(way, amount, asked.entry.reason), (asked.lane, asked.operator)
        await self._book(order.uuid, sale, refund, by=by)

    async def _ask(self, order: str, event: str, refund: Refund) -> Order:
        """Refund it at the site. Raises TicketbutlerError or OrderError if it is not refunded."""
        money = {"paid": refund.paid, "amount": str(refund.amount)}
        await self._record(JournalKind.REFUND_ASKED, event, order, clean(refund.reason), **money)
        try:
            refunded = (await self._client.orders.refund(order)).as_order()
        except TicketbutlerError as error:
            if not error.maybe_applied:
                await self._record(JournalKind.REFUND_REFUSED, event, order, error.sentence)
            refunded = await self._read_after(error, order, UNSURE_REFUNDED)
            if not refunded.refunded:
                await self._record(JournalKind.REFUND_UNSEEN, event, order, error.sentence)
                not_refunded = _(
                    "The order is not refunded: {reason} "
                    "Press F5 to look again before you repeat it."
                )
                raise OrderError(not_refunded.format(reason=error.sentence)) from error
        if not refunded.refunded:
            why = _("the site says that it is not refunded")
            await self._record(JournalKind.REFUND_REFUSED, event, order, why)
            raise OrderError(
                _("The site did not refund the order: ask the organiser to do it there.")
            )
        return refunded

    async def _book(
        self, order: str, sale: Sale | None, refund: Refund, *, by: tuple[str, str] | None = None
    ) -> bool:
        """Book the money, out of the till of the lane that asked for the refund (`by`).

        False: it was booked before.
        """
        return await self._journal.write(
            takings.refund,
            order,
            refund._replace(reason=clean(refund.reason)),
            event=self._of(sale),
            currency=sale.cart.currency if sale else await self._currency(),
            sale=sale.id if sale else None,
            by=by,
        )

    async def _asked(self, sale: Sale | None) -> dict[str, LogRow]:
        return pending_refunds(await self._journal.read_all(journal_db.log, self._of(sale)))

    def _of(self, sale: Sale | None) -> str:
        """The event whose account it belongs to: that of the sale, else this one."""
        return sale.cart.event if sale else self._event

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
        currency = sale.cart.currency if sale else await self._currency()
        till = await self._journal.read(takings.current_shift, self._journal.lane)
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
            currency=currency,
            confirmed=confirmed,
            payment=await self._journal.read(takings.payment_of, order),
            to_note=await self._to_note(known, sale),
            cash_step=self._cash_step(currency),
            till_open=till is not None and till.currency == currency,
        )

    async def _currency(self) -> str:
        return (await self._event_cache.latest()).currency

    async def _tickets(self, order: str) -> list[Ticket]:
        found = await self._store.read(tickets.named, Code(text=order, uuids=(order,)), self._event)
        return [ticket for ticket in found if ticket.order == order]

    def _amount(self, order: Order, party: Party, sale: Sale | None) -> tuple[Decimal | None, bool]:
        """What the order cost, and whether that is only worked out from today's prices."""
        if sale is not None:
            return sale.cart.due, False
        if order.total is not None:
            return order.total, False
        event, types = self._event_cache.event, self._event_cache.ticket_types
        prices = {kind.title: at_the_door(kind, event).price for kind in types}
        asked = [prices.get(row.ticket.ticket_type) for row in party.tickets]
        known = [price for price in asked if price is not None]
        if not known or len(known) < len(asked) or party.guess:
            return None, True
        return sum(known, Decimal(0)), True


def _holds(known: Address, wanted: Address) -> bool:
    """Whether `known` has what `wanted` says, in those fields that the site's answer has at all."""
    pairs = ((getattr(known, field.name), getattr(wanted, field.name)) for field in fields(Address))
    return known != Address() and all(one in ("", other) for one, other in pairs)


def _in_coins(amount: Decimal, paid: PaymentMethod | None, step: Decimal) -> Decimal:
    """The amount as it is handed over: cash is rounded to a multiple of `step`."""
    cash = paid is PaymentMethod.CASH
    return amount + (cash_rounding(amount, step) if cash else Decimal(0))
