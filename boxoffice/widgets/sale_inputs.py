"""What a sale is filled in with: how many of each ticket type, and how it is paid."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, NamedTuple, TypeAlias

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from boxoffice.domain import signs
from boxoffice.domain.cart import Cart, Line, PaymentMethod
from boxoffice.domain.models import TicketType
from boxoffice.domain.money import format_amount
from boxoffice.domain.offer import Offer, stock, why_not
from boxoffice.language import N_, _
from boxoffice.widgets.big_text import Figure
from boxoffice.widgets.line_widget import LineWidget, Piece, fit
from boxoffice.widgets.option_lists import KeyedList, next_with

AMOUNT, LEFT = 5, 16
"""Cells of the first column, and of the last at least."""
DIGITS = tuple("0123456789")
MORE = {"+": 1, "-": -1}
CLEAR = ("backspace", "delete")
TURNS = {"right": 1, "left": -1}
NO_TYPES = N_("No ticket types are known yet.")


Want: TypeAlias = Callable[[TicketType, int, int | None], None]
"""Told of a type, how many of it, and the digit that was typed last, if one was."""


class TypeRow(NamedTuple):
    kind: TicketType
    price: str
    amount: int
    aside: str
    """How many are left, or why it cannot be sold."""
    sold: bool
    """It can be sold now."""


def type_rows(
    offer: Offer, lines: Sequence[Line], prices: Mapping[str, str], now: datetime
) -> list[TypeRow]:
    """One row for each type. `prices`: as they are shown, by uuid."""
    chosen = {line.ticket_type: line.amount for line in lines}
    rows = []
    for kind in offer.types:
        reason = why_not(kind, now)
        aside = reason or stock(kind)
        if offer.reserve is not None and not reason:
            aside = _("{n} offline").format(n=offer.reserve.get(kind.uuid, 0))
        amount = chosen.get(kind.uuid, 0)
        rows.append(TypeRow(kind, prices.get(kind.uuid, ""), amount, aside, not reason))
    return rows


class TypeList(KeyedList):
    """Types to choose from: digits, + and - set how many of the highlighted one."""

    aside = AMOUNT

    def __init__(self, want: Want, go_on: Callable[[], None], turn: Callable[[int], None]) -> None:
        """`want` is told of each amount asked for, `go_on` when the amounts are as they should be.

        `turn` is told how many ways of payment on. All are called at once, neither by message nor
        by binding: a fast typist's next key must find them done.
        """
        super().__init__()
        self.id = "types"
        self._want = want
        self._go_on = go_on
        self._turn = turn
        self._rows: list[TypeRow] = []
        self._typing: str | None = None
        """The type whose amount is being typed: its next digit goes behind the one before."""

    def show(self, rows: Sequence[TypeRow]) -> None:
        """Show `rows`; the highlight stays with its type."""
        self._rows = list(rows)
        self._draw()

    @property
    def row(self) -> TypeRow | None:
        """The highlighted one."""
        at = self.highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        padding = self.get_component_styles("option-list--option").padding
        width = self.scrollable_content_region.width - padding.width
        price = max((cell_len(row.price) for row in self._rows), default=0)
        left = max([LEFT, *(cell_len(row.aside) for row in self._rows)])
        options = [
            Option(_prompt(row, width, price, left), id=row.kind.uuid, disabled=_dead(row))
            for row in self._rows
        ]
        first = next((row.kind.uuid for row in self._rows if row.sold), "")
        self.put(options, first=first, empty=_(NO_TYPES))

    async def on_event(self, event: events.Event) -> None:
        focused = self.screen.focused
        if isinstance(event, events.Key) and focused is not None and focused is not self:
            focused._forward_event(event)  # typed ahead: it came behind the Enter that goes on
        else:
            await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        row, key = self.row, event.character or ""
        if event.key == "enter":
            self._typing = None
            self._go_on()
        elif event.key in TURNS:
            self._turn(TURNS[event.key])
        elif row is not None and key in DIGITS:
            typed_before = row.amount if self._typing == row.kind.uuid else 0
            self._want(row.kind, typed_before * 10 + int(key), int(key))
            self._typing = row.kind.uuid
        elif row is not None and (event.key in CLEAR or key in MORE):
            self._typing = None
            self._want(row.kind, max(0, row.amount + MORE[key]) if key in MORE else 0, None)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The mouse takes one more."""
        event.stop()
        if self.row is not None:
            self._want(self.row.kind, self.row.amount + 1, None)

    def on_blur(self) -> None:
        self._typing = None


def _dead(row: TypeRow) -> bool:
    """It cannot be sold, and there is none in the cart to be taken out."""
    return not row.sold and not row.amount


def _prompt(row: TypeRow, width: int, price: int, left: int) -> Content:
    amount = f"{row.amount} ×" if row.amount else "·"
    room = max(width - AMOUNT - price - left - 5, 8)
    return Content.assemble(
        Content.styled(amount.rjust(AMOUNT), "bold" if row.amount else ""),
        "  ",
        Content.styled(
            fit(row.kind.title or _("Without a title"), room), "bold" if row.amount else ""
        ),
        " ",
        row.price.rjust(price + len(row.price) - cell_len(row.price)),
        "  ",
        fit(row.aside, left),
    )


WAYS = tuple(PaymentMethod)
"""Those to choose from: what costs nothing is free by itself, else it is given away."""
GIVEN = r"[0-9., ]*"
LABEL = N_("Paid by")
NO_AMOUNT = N_("That is no amount of money: type it such as 500 or 12,50.")
FREE = N_("Free: there is nothing to pay.")


class PaidBy(LineWidget, can_focus=True):
    """One line with the ways of payment, the chosen one marked."""

    COMPONENT_CLASSES = {"paid--label", "paid--chosen", "paid--focus"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
        Binding("enter", "screen.focus_next", show=False),
    ]

    def __init__(
        self, chosen: Callable[[PaymentMethod], None], ways: Sequence[PaymentMethod] = WAYS
    ) -> None:
        """`chosen` is told at once, not by message: the next key may be the one that sells."""
        super().__init__()
        self._chosen = chosen
        self._ways = ways

    paid = reactive(PaymentMethod.CASH)
    free = reactive(False)
    """Nothing is to be paid, whatever is chosen."""

    def show(self, paid: PaymentMethod, *, free: bool = False) -> None:
        self.paid = paid if paid in self._ways else PaymentMethod.CASH
        self.free = free

    def action_turn(self, by: int) -> None:
        """Choose the next way, or the one before."""
        self.paid = self._ways[(self._ways.index(self.paid) + by) % len(self._ways)]
        self._chosen(self.paid)

    def on_key(self, event: events.Key) -> None:
        """A letter chooses the next way that begins with it, as in a list."""
        labels, chosen = [way.label for way in self._ways], self._ways.index(self.paid)
        letter = event.character or ""
        at = next_with(letter, labels, chosen) if letter.isalpha() and not self.free else None
        if at is not None:
            event.stop()
            self.action_turn(at - chosen)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        yield Piece(f"  {_(LABEL)}  ", "paid--focus" if self.has_focus else "paid--label")
        if self.free:
            yield Piece(_(FREE), "paid--chosen")
            return
        chosen = self._ways.index(self.paid)
        for at, way in enumerate(self._ways):
            on = at == chosen
            style = ("paid--focus" if self.has_focus else "paid--chosen") if on else ""
            yield Piece(
                f"({signs.TICKED if on else ' '}) {way.label}", style, f"paid({at - chosen})"
            )
            yield Piece("  ")


class CashGiven(Horizontal):
    """The cash that the buyer hands over, and what is to be known of it."""

    def __init__(self, given: str = "") -> None:
        """`given`: what stands in its field, `#given`."""
        super().__init__(id="sale-given")
        self._given = given

    def compose(self) -> ComposeResult:
        yield Label(f"  {_('Given'):<9}", markup=False)
        yield Input(self._given, restrict=GIVEN, max_length=14, compact=True, id="given")
        yield Label("", id="sale-given-note", markup=False)

    @property
    def is_typed(self) -> bool:
        return bool(self.query_one("#given", Input).value.strip())

    def problem(self, cart: Cart) -> str:
        """That what is typed is no amount; empty: it is one, or none is asked for."""
        is_bad = cart.paid is PaymentMethod.CASH and self.is_typed and cart.given is None
        return _(NO_AMOUNT) if is_bad else ""

    def show(self, cart: Cart | None, locale: str, *, asked: bool, till_open: bool) -> None:
        """Show beside it how `cart` is rounded, and that no till is open; not `asked`: no cash."""
        parts = []
        if not till_open:
            parts.append(Content.styled(_("! no till open"), "$warn bold"))
        if cart is not None and cart.rounding:
            total = format_amount(cart.payable - cart.rounding, cart.currency, locale)
            rounded = _("{total} rounded by {by}")
            parts.append(Content(rounded.format(total=total, by=format_rounding(cart, locale))))
        elif not self.is_typed and not parts:
            parts.append(Content(_("nothing typed: the exact amount")))
        self.query_one("#sale-given-note", Label).update(Content(" · ").join(parts))
        self.display = asked

    def figures(self, cart: Cart, locale: str) -> list[Figure]:
        total, given = payable(cart, locale), cart.given
        if cart.paid is not PaymentMethod.CASH or not cart.lines:
            return [total]
        if self.problem(cart):
            return [total, Figure(_("CHANGE"), "?")]
        if given is None:
            zero = format_amount(Decimal(0), cart.currency, locale)
            return [total, Figure(_("CHANGE"), zero, _("exact amount"))]
        if given < cart.payable:
            missing = cart.payable - given
            return [total, amount_figure(_("MISSING"), missing, cart, locale, strong=True)]
        return [total, amount_figure(_("CHANGE"), cart.change, cart, locale, strong=True)]


def payable(cart: Cart, locale: str) -> Figure:
    """What the buyer pays: the order's price, or in coins what it is rounded to."""
    label = _("IN CASH") if cart.rounding else _("TOTAL")
    return amount_figure(label, cart.payable, cart, locale)


def amount_figure(
    label: str, amount: Decimal, cart: Cart, locale: str, *, strong: bool = False
) -> Figure:
    """An amount of the cart's money in large figures."""
    return Figure(label, format_amount(amount, cart.currency, locale), cart.currency, strong)


def format_rounding(cart: Cart, locale: str) -> str:
    """What coins add or take away: `+0,10`."""
    sign = "+" if cart.rounding > 0 else ""
    return sign + format_amount(cart.rounding, cart.currency, locale)
