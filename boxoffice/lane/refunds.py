"""Refunds of orders: asked of the site, and the money written down that goes back.

CONTRIBUTING.md, promise 2.

What a refund was asked with stands in the journal before it leaves, so that one whose answer was
lost is written down once it is known. API document: "Refund an order".
"""

import logging
from decimal import Decimal

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.journal import JournalKind, pending_refunds
from boxoffice.domain.models import Order
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Sale
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LanePart
from boxoffice.store import Entry, LogRow, journal_rows, orders, sales, takings
from boxoffice.ticketbutler import Ticketbutler, TicketbutlerError

log = logging.getLogger(__name__)


class OrderError(Exception):
    """What was to be done with an order is not done, or it is not known whether it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


async def read_after_write(
    client: Ticketbutler, order: str, error: TicketbutlerError, done: str
) -> Order:
    """The order as it is after a write that failed with `error`, where that may be applied.

    Raises `error` where it is not, and OrderError where it cannot be told. `done`: what was to be
    done, as in "it is done".
    """
    if not error.maybe_applied:
        raise error
    try:
        return await client.order(order)
    except TicketbutlerError as unread:
        log.info("order %s not read: %s", order, unread)
        raise OrderError(
            f"It is not known whether the order is {done}: {error.sentence} "
            "Press F5 to look before you do anything else."
        ) from unread


class Refunds(LanePart):
    """Refunds orders, one at a time, and keeps account of it."""

    async def refund(
        self, order: str, paid: PaymentMethod | None, amount: Decimal, currency: str, reason: str
    ) -> Order:
        """As `Orders.refund` says."""
        sale = await self._journal.read(sales.of_order, order)
        known = await self._store.read(orders.get, order)
        _check(amount, sale.cart.total if sale else known.total if known else None, currency)
        if known is None or not await self.to_note(known, sale):
            known = await self._ask(order, self._of(sale), paid, amount, reason)
        await self._book(known, sale, paid, amount, currency, reason)
        return known

    async def to_note(self, order: Order, sale: Sale | None) -> bool:
        """Whether the site refunded it, and what goes back for it is not written down here.

        Only of what was sold here, or asked to be refunded here: the rest is the organiser's.
        """
        if not order.refunded or await self._journal.read(takings.is_refunded, order.uuid):
            return False
        return (sale is not None and sale.booked) or order.uuid in await self._asked(sale)

    async def book_late(self, order: Order, currency: str) -> None:
        """Write down a refund of this computer's whose answer was lost; at most once.

        One that a look at the order did not find done is left to a person.
        """
        if not order.refunded:
            return
        sale = await self._journal.read(sales.of_order, order.uuid)
        row = (await self._asked(sale)).get(order.uuid)
        if row is None or row.entry.kind != JournalKind.REFUND_ASKED:
            return
        data = row.entry.data or {}
        paid, amount = data.get("paid"), Decimal(str(data.get("amount")))
        way = PaymentMethod(str(paid)) if paid else None
        await self._book(order, sale, way, amount, currency, row.entry.reason, asked=row)

    async def _ask(
        self, order: str, event: str, paid: PaymentMethod | None, amount: Decimal, reason: str
    ) -> Order:
        """Refund it at the site. Raises TicketbutlerError or OrderError where it is not."""

        async def record(kind: JournalKind, reason: str, **more: object) -> None:
            data = {"order": order, **more}
            await self._journal.write(
                journal_rows.record, Entry(kind, event=event, reason=reason, data=data)
            )

        await record(JournalKind.REFUND_ASKED, clean(reason), paid=paid, amount=str(amount))
        try:
            refunded = await self._client.refund_order(order)
        except TicketbutlerError as error:
            if not error.maybe_applied:
                await record(JournalKind.REFUND_REFUSED, error.sentence)
            refunded = await read_after_write(self._client, order, error, "refunded")
            if not refunded.refunded:
                await record(JournalKind.REFUND_UNSEEN, error.sentence)
                raise OrderError(
                    f"The order is not refunded: {error.sentence} "
                    "Press F5 to look again before you repeat it."
                ) from error
        if not refunded.refunded:
            await record(JournalKind.REFUND_REFUSED, "the site says that it is not refunded")
            raise OrderError("The site did not refund the order: ask the organiser to do it there.")
        return refunded

    async def _book(
        self,
        order: Order,
        sale: Sale | None,
        paid: PaymentMethod | None,
        amount: Decimal,
        currency: str,
        reason: str,
        *,
        asked: LogRow | None = None,
    ) -> None:
        """Money leaves the till of the lane that asked for it, whoever gets to hear of it."""
        await self._journal.write(
            takings.refund,
            order.uuid,
            event=self._of(sale),
            paid=paid,
            amount=amount,
            currency=sale.cart.currency if sale else currency,
            sale=sale.id if sale else None,
            reason=clean(reason),
            by=(asked.lane, asked.operator) if asked else None,
        )

    async def _asked(self, sale: Sale | None) -> dict[str, LogRow]:
        return pending_refunds(await self._journal.read_all(journal_rows.log, self._of(sale)))

    def _of(self, sale: Sale | None) -> str:
        """The event whose account it belongs to: what was sold for another one, to that one's."""
        return sale.cart.event if sale else self._event


def _check(amount: Decimal, cost: Decimal | None, currency: str) -> None:
    """Raises OrderError where more is to be given back than the order cost; None: not known."""
    if cost is not None and amount > cost:
        raise OrderError(
            f"The order cost {format_money(cost, currency)}: no more than that is given back. "
            "Nothing was refunded."
        )
