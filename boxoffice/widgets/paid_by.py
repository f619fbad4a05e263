"""How a sale is paid: one of several ways, chosen with the arrows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from boxoffice.domain.cart import PaymentMethod
from boxoffice.widgets.line_widget import LineWidget, Piece

WAYS = (PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.MOBILEPAY, PaymentMethod.INVOICE)
"""Those to choose from: what costs nothing is free by itself."""
LABEL = "Paid by"
FREE = "Free: there is nothing to pay."


class PaidBy(LineWidget, can_focus=True):
    """One line with the ways of payment, the chosen one marked."""

    COMPONENT_CLASSES = {"paid--label", "paid--chosen", "paid--focus"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("enter", "screen.focus_next", show=False),
    ]

    @dataclass
    class Changed(Message):
        paid: PaymentMethod

    paid = reactive(PaymentMethod.CASH)
    free = reactive(False)
    """Nothing is to be paid, whatever is chosen."""

    def show(self, paid: PaymentMethod, *, free: bool = False) -> None:
        self.paid = paid if paid in WAYS else PaymentMethod.CASH
        self.free = free

    def action_turn(self, by: int) -> None:
        """Choose the next way, or the one before."""
        self.paid = WAYS[(WAYS.index(self.paid) + by) % len(WAYS)]
        self.post_message(self.Changed(self.paid))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        yield Piece(f"  {LABEL}  ", "paid--focus" if self.has_focus else "paid--label")
        if self.free:
            yield Piece(FREE, "paid--chosen")
            return
        chosen = WAYS.index(self.paid)
        for at, way in enumerate(WAYS):
            on = at == chosen
            style = ("paid--focus" if self.has_focus else "paid--chosen") if on else ""
            yield Piece(f"({'•' if on else ' '}) {way.label}", style, f"paid({at - chosen})")
            yield Piece("  ")
