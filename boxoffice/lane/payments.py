"""Orders that the site has as not paid, paid at the door.

The API cannot mark an order as paid: what is taken stands in this computer's journal, tills and
report, and lets in the tickets of its order here. The organiser settles it at the site.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from boxoffice.domain.models import Ticket
from boxoffice.domain.money import format_money
from boxoffice.domain.pin import Act
from boxoffice.domain.sale import OrderPayment, Taking
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import Scan
from boxoffice.lane.admission import AdmissionControl
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.language import _
from boxoffice.store import takings


class OrderPayments(LanePart):
    """Takes payments for orders, once for each, and hands them back."""

    def __init__(
        self,
        deps: LaneDeps,
        admission: AdmissionControl,
        turn: Callable[[], AbstractAsyncContextManager[object]],
        locale: str,
    ) -> None:
        """`turn`: the lane's, for verdicts. `locale`: how money is written."""
        super().__init__(deps)
        self._admission = admission
        self._turn = turn
        self._locale = locale

    async def take(self, scan: Scan, payment: OrderPayment) -> Scan:
        """Note that the order of a NOT PAID ticket was paid, and answer for the ticket once more.

        Payment and verdict are on disk together, or neither is; where something else keeps the
        ticket out, the verdict says that the money is here. Raises ValueError where it cannot be
        paid here, and PaidError where somebody else took the money meanwhile.
        """
        ticket = scan.verdict.ticket
        if ticket is None or not scan.verdict.can_pay:
            raise ValueError(f"{scan.verdict.word} cannot be paid here")
        async with self._turn():
            verdict = await self._admission.judge(ticket.uuid, paid_here=self._note(payment))
            scan = await self._admission.register(verdict, scan.code, payment=payment)
        if scan.verdict.code.is_green:
            return scan
        reason = f"{scan.verdict.reason}; {await self.reminder(ticket)}"
        return scan._replace(verdict=scan.verdict._replace(reason=reason))

    def _note(self, payment: OrderPayment) -> str:
        amount = format_money(payment.amount, payment.currency, self._locale)
        if not payment.change:
            return _("{amount} was taken for its order").format(amount=amount)
        change = format_money(payment.change, payment.currency, self._locale)
        return _("{amount} was taken for its order, change {change}").format(
            amount=amount, change=change
        )

    async def of(self, order: str) -> Taking | None:
        """What was taken for an order; None: nothing, or it was handed back."""
        return await self._journal.read(takings.payment_of, order)

    async def give_back(self, order: str, reason: str) -> Taking:
        """Note that it is handed back, out of this lane's till. Raises as `PinLock.permit`.

        PaidError: there is nothing to be handed back.
        """
        await self._pin.permit(Act.REFUND)
        return await self._journal.write(takings.give_back, order, clean(reason))

    async def reminder(self, ticket: Ticket | None) -> str:
        """That a ticket whose check-in was undone is paid for here; empty: it is not."""
        payment = await self.of(ticket.order) if ticket is not None and ticket.order else None
        if payment is None:
            return ""
        return _(
            "{amount} taken for its order stays noted: F2, then Ctrl+O, gives it back."
        ).format(amount=format_money(payment.amount, payment.currency, self._locale))
