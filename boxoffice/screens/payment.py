"""Taking the payment for an order that the site has as not paid: how much, how, what goes back."""

import asyncio
from collections.abc import Iterable
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Button, Input

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.money import cash_rounding, format_amount, format_money, read_money
from boxoffice.domain.sale import OrderPayment
from boxoffice.lane import Lane
from boxoffice.lane.orders import OrderView
from boxoffice.language import N_, _, ngettext
from boxoffice.screens.base import ARROWS
from boxoffice.screens.dialogs import Dialog
from boxoffice.widgets.big_text import Figures
from boxoffice.widgets.form import propose
from boxoffice.widgets.sale_inputs import CashGiven, PaidBy

NO_ORDER = N_("It is not known here which order this ticket is on: open it (F2), then try again.")
WAYS = (PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.MOBILEPAY)


class PaymentDialog(Dialog[OrderPayment]):
    """Answers what was paid for the order; None: the person went back.

    What is due is asked where the site does not tell it, with what today's prices come to.
    """

    BINDINGS = [
        Binding("f3", "paid", show=False),
        *ARROWS,
    ]
    sheets = "form dialog payment"

    def __init__(self, lane: Lane, view: OrderView) -> None:
        self._lane, self._view = lane, view
        self._locale = lane.box_office.policy.locale
        go = Button(_("Paid: admit"), id="go", variant="primary", compact=True)
        number = view.order.order_id or view.order.uuid[:8]
        super().__init__(
            _("Take the payment for order {order}").format(order=number),
            self._consequence(),
            go,
            Button(_("Back"), id="back", compact=True),
        )

    def _consequence(self) -> str:
        view, number = self._view, len(self._view.tickets)
        sentences = [
            ngettext("{count} ticket.", "{count} tickets.", number).format(count=number),
            _("The site is not told: the report names it, for the organiser to settle it."),
        ]
        if view.amount is not None and view.estimated:
            sentences.append(_("What is due is made from today's prices: check it."))
        if self._lane.venue is not None:
            sentences.append(_("The other computers of the venue do not know of it."))
        return " ".join(sentences)

    def fields(self) -> Iterable[Widget]:
        if not self._view.amount or self._view.estimated:
            yield Input(placeholder=_("What is due"), compact=True, id="due", max_length=14)
        yield PaidBy(self._pay_by, WAYS)
        yield CashGiven()
        yield Figures()

    async def on_mount(self) -> None:
        # The rules of the locale are read from disk: not on the loop that draws.
        await asyncio.to_thread(format_money, Decimal(0), "DKK", self._locale)
        amount, currency = self._view.amount, self._view.currency
        for due in self.query("#due").results(Input):
            text = "" if amount is None else format_amount(amount, currency, self._locale)
            propose(due, text)
        self._draw()
        self.query_one("#due" if self.query("#due") else "#given").focus()

    def action_paid(self) -> None:
        self.query_one(PaidBy).action_turn(1)

    def _read(self, field: str) -> Decimal | None:
        text = self.query_one(field, Input).value
        return read_money(text, self._locale, self._view.currency)

    def _cart(self) -> Cart | None:
        """The order as something to be paid; None: what is due is no amount."""
        view, paid = self._view, self.query_one(PaidBy).paid
        due = self._read("#due") if self.query("#due") else view.amount
        if not due:
            return None
        is_cash = paid is PaymentMethod.CASH
        return Cart(
            event=self._lane.event.uuid,
            currency=view.currency,
            lines=(Line("", view.order.order_id, due, 1),),
            buyer=Buyer(),
            paid=paid,
            given=self._read("#given") if is_cash else None,
            rounding=cash_rounding(due, view.cash_step) if is_cash else Decimal(0),
        )

    def _pay_by(self, _paid: PaymentMethod) -> None:
        self._draw()
        if not self.query_one(PaidBy).has_focus:  # the field that had the cursor may be gone
            by_cash = self.query_one(CashGiven).display
            self.query_one("#given" if by_cash else "#go").focus()

    @on(Input.Changed)
    def _draw(self) -> None:
        cart, cash = self._cart(), self.query_one(CashGiven)
        by_cash = self.query_one(PaidBy).paid is PaymentMethod.CASH
        cash.show(cart, self._locale, asked=by_cash, till_open=self._view.till_open)
        self.query_one(Figures).show(cash.figures(cart, self._locale) if cart else [])

    @on(Input.Submitted)
    def action_go(self) -> None:
        cart = self._cart()
        if cart is None:
            self.show_problem(_("Write how much is due, such as 590 or 590,00."))
        elif problem := self.query_one(CashGiven).problem(cart):
            self.show_problem(problem, "#given")
        elif cart.given is not None and cart.given < cart.payable:
            self.show_problem(_("The cash given is less than what is due."), "#given")
        else:
            order = self._view.order
            self.dismiss(
                OrderPayment(
                    order=order.uuid,
                    order_id=order.order_id,
                    paid=cart.paid,
                    due=cart.total,
                    currency=cart.currency,
                    rounding=cart.rounding,
                    change=cart.change,
                )
            )
