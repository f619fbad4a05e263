"""The question before an order is refunded: whose, how much, and how the money goes back."""

from collections.abc import Iterable
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.money import read_money
from boxoffice.domain.sale import Refund
from boxoffice.domain.text import clean
from boxoffice.screens.dialogs import REASON_LIMIT, Dialog
from boxoffice.screens.order_texts import OrderTexts
from boxoffice.widgets.option_lists import Choices

ELSEWHERE = "elsewhere"
WAYS = (
    (ELSEWHERE, "not at this door: the organiser gives it back"),
    (PaymentMethod.CASH.value, "cash, out of this till"),
    (PaymentMethod.CARD.value, "card, on this terminal"),
    (PaymentMethod.MOBILEPAY.value, "MobilePay"),
)
NO_AMOUNT = "Write how much is given back, such as 590 or 590,00."
HOW_MUCH = "How much is given back here"
WHY = "Reason, for the journal (may be left out)"


class RefundDialog(Dialog[Refund]):
    """Names the person and the amount. Enter goes from field to field, and ends at Back."""

    BINDINGS = [
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]
    sheets = "form dialog refund"
    AUTO_FOCUS = "#back"

    def __init__(self, order: OrderTexts) -> None:
        label = "Write down" if order.view.to_note else "Refund"
        go = Button(label, id="yes", variant="warning", compact=True)
        back = Button("Back", id="back", compact=True)
        super().__init__(order.refund_question, order.consequence, back, go)
        self._order = order

    def fields(self) -> Iterable[Widget]:
        sale = self._order.view.sale
        paid = sale.cart.paid.value if sale else ELSEWHERE
        first = paid if paid in dict(WAYS) else ELSEWHERE
        yield Label("The money is given back", classes="dialog-heading")
        yield Choices(WAYS, taken=[first], several=False, must_keep=True)
        amount = self._order.amount if first != ELSEWHERE else ""
        yield Input(amount, placeholder=HOW_MUCH, compact=True, id="amount")
        yield Input(placeholder=WHY, compact=True, id="why", max_length=REASON_LIMIT)
        yield Label("", classes="dialog-problem", markup=False)

    def on_mount(self) -> None:
        self._show_amount()

    @property
    def _paid(self) -> PaymentMethod | None:
        (taken, *_) = self.query_one(Choices).taken or (ELSEWHERE,)
        return None if taken == ELSEWHERE else PaymentMethod(taken)

    @on(Choices.Changed)
    def _show_amount(self) -> None:
        """How much is asked only where money leaves this till."""
        amount = self.query_one("#amount", Input)
        amount.display = self._paid is not None
        if amount.display and not amount.value:
            amount.value = self._order.amount

    @on(Input.Submitted)
    def _on(self) -> None:
        self.focus_next()

    def action_yes(self) -> None:
        paid, amount = self._paid, Decimal(0)
        if paid is not None:
            typed = read_money(self.query_one("#amount", Input).value, self._order.locale)
            if typed is None:
                self.show_problem(NO_AMOUNT)
                return
            amount = typed
        reason = clean(self.query_one("#why", Input).value, REASON_LIMIT)
        self.dismiss(Refund(paid, amount, reason))
