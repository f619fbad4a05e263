"""How a sale is paid: one of several ways, chosen with the arrows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from boxoffice.domain.cart import PaymentMethod
from boxoffice.widgets.line_widget import LineWidget, Piece, placed

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

    def __init__(self) -> None:
        super().__init__()
        self.paid = PaymentMethod.CASH
        self._free = False

    def show(self, paid: PaymentMethod, *, free: bool = False) -> None:
        """`free`: nothing is to be paid, whatever is chosen."""
        self.paid = paid if paid in WAYS else PaymentMethod.CASH
        self._free = free
        self.refresh()

    def action_turn(self, by: int) -> None:
        """Choose the next way, or the one before."""
        self._choose(WAYS[(WAYS.index(self.paid) + by) % len(WAYS)])

    def _choose(self, paid: PaymentMethod) -> None:
        self.paid = paid
        self.refresh()
        self.post_message(self.Changed(paid))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        yield Piece(f"  {LABEL}  ", "paid--focus" if self.has_focus else "paid--label")
        if self._free:
            yield Piece(FREE, "paid--chosen")
            return
        for way in WAYS:
            on = way is self.paid
            style = ("paid--focus" if self.has_focus else "paid--chosen") if on else ""
            yield Piece(f"({'•' if on else ' '}) {way.label}", style)
            yield Piece("  ")

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for piece, start in placed(self.line(event.y, self.size.width)):
            for way in WAYS:
                named = piece.text.endswith(way.label)
                if named and start <= event.x < start + cell_len(piece.text):
                    self._choose(way)
