"""The question before an order is refunded: whose, how much, and how the money goes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.commands import Place, bindings
from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.money import read_money
from boxoffice.domain.text import clean
from boxoffice.screens.base import Dialog
from boxoffice.screens.order_texts import OrderTexts
from boxoffice.screens.reason import REASON_LIMIT
from boxoffice.widgets.choices import Choices
from boxoffice.widgets.themes import stylesheet

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


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that a person decided on."""

    paid: PaymentMethod | None
    """None: no money goes through this till."""
    amount: Decimal
    reason: str


class RefundDialog(Dialog[Refund | None]):
    """Names the person and the amount. Enter goes from field to field, and ends at Back."""

    place = Place.DIALOG
    BINDINGS = [
        *bindings(place),
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("dialog"), stylesheet("refund")]
    AUTO_FOCUS = "#no"

    def __init__(self, order: OrderTexts) -> None:
        super().__init__()
        self._order = order

    def body(self) -> Iterable[Widget]:
        order, view = self._order, self._order.view
        paid = view.sale.cart.paid.value if view.sale else ELSEWHERE
        first = paid if paid in dict(WAYS) else ELSEWHERE
        with Vertical(classes="dialog"):
            yield Label(order.refund_question, classes="dialog-title", markup=False)
            yield Label(order.consequence, classes="dialog-text", markup=False)
            yield Label("The money is given back", classes="dialog-heading")
            yield Choices(WAYS, taken=[first], several=False, must_keep=True)
            amount = order.amount if first != ELSEWHERE else ""
            yield Input(amount, placeholder=HOW_MUCH, compact=True, id="amount")
            yield Input(placeholder=WHY, compact=True, id="why", max_length=REASON_LIMIT)
            yield Label("", classes="dialog-problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Back", id="no", compact=True)
                go = "Write down" if view.to_note else "Refund"
                yield Button(Content(go), id="yes", variant="warning", compact=True)

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

    @on(Button.Pressed, "#yes")
    def _go(self) -> None:
        paid, amount = self._paid, Decimal(0)
        if paid is not None:
            typed = read_money(self.query_one("#amount", Input).value, self._order.locale)
            if typed is None:
                self.query_one(".dialog-problem", Label).update(NO_AMOUNT)
                self.query_one("#amount", Input).focus()
                return
            amount = typed
        reason = clean(self.query_one("#why", Input).value, REASON_LIMIT)
        self.dismiss(Refund(paid, amount, reason))

    @on(Button.Pressed, "#no")
    def action_back(self) -> None:
        self.dismiss(None)
