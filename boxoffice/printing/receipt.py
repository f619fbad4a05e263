"""Receipts for a roll of 80 mm, of which 72 mm can be printed, at 203 dots an inch.

Every edge of a code is on a whole dot, so that no module is a dot wider than its neighbour.
"""

from collections.abc import Callable
from decimal import Decimal

from boxoffice.domain.cart import Cart, PaymentMethod
from boxoffice.domain.humanize import format_moment
from boxoffice.domain.money import format_money
from boxoffice.domain.sale import Taking
from boxoffice.language import N_, _, pgettext
from boxoffice.printing.a4 import grouped
from boxoffice.printing.pages import INCH, Pages
from boxoffice.printing.papers import QR_SIDE, Paper, Receipt, qr

DPI = 203
WIDTH, PRINTABLE = 639, 576
"""Dots, as are all lengths here; sizes of letters are points."""
MARGIN = (WIDTH - PRINTABLE) // 2
MODULE = 9
END = 60
"""Of white at the foot, where the knife comes."""

NOT_YET = N_("NOT YET ISSUED")
KEEP = N_(
    "The ticket of this sale is not issued yet. Keep this slip, and show the number above instead."
)


def receipt_pdf(receipt: Receipt, *, locale: str = "") -> bytes:
    """The receipt as PDF; several tickets follow on a page each, to be handed out one by one.

    `locale` is for the money; empty: the system's.
    """
    pages = Pages(DPI, _("Receipt: {event}").format(event=receipt.event.title), receipt.at)
    slip = _Slip(pages)
    _head(slip, receipt)
    if receipt.sale is not None:
        if receipt.not_yet_issued:
            _not_yet(slip, receipt.sale.external_order_id)
        _sums(slip, receipt.sale.cart, locale)
    if receipt.payment is not None:
        _payment(slip, receipt, receipt.payment, locale)
    if len(receipt.tickets) == 1:
        _ticket(slip, receipt.tickets[0])
    _foot(slip, receipt)
    slip.end()
    if len(receipt.tickets) > 1:
        for paper in receipt.tickets:
            _head(slip, receipt)
            _ticket(slip, paper)
            slip.end()
    return pages.pdf()


class _Slip:
    """Parts one below the other; a page is as long as they are."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._parts: list[tuple[int, Callable[[int], object]]] = []
        """How high each is, and what draws it at a y."""

    def space(self, height: int) -> None:
        self._parts.append((height, lambda _: None))

    def rule(self) -> None:
        self.space(12)
        self._parts.append((2, lambda y: self._pages.rule(MARGIN, y, PRINTABLE, 2)))
        self.space(12)

    def text(self, text: str, size: float, most: int, style: str = "") -> None:
        lines = self._pages.fitted(text, size, PRINTABLE, most, style)
        self._lines(
            len(lines),
            size,
            lambda y: self._pages.write(lines, MARGIN, y, PRINTABLE, size, style=style, align="C"),
        )

    def pair(self, left: str, right: str, size: float, style: str = "") -> None:
        """A text, and beside it another at the right edge, which is never shortened."""
        pages = self._pages
        for_right = min(round(pages.width(right, size, style)) + 20, PRINTABLE - 100)
        room = PRINTABLE - for_right
        lines = pages.fitted(left, size, room, 3, style)

        def draw(y: int) -> None:
            pages.write(lines, MARGIN, y, room, size, style=style)
            last = y + (len(lines) - 1) * pages.leading(size)
            pages.write([right], MARGIN + room, last, for_right, size, style=style, align="R")

        self._lines(len(lines), size, draw)

    def _lines(self, count: int, size: float, draw: Callable[[int], object]) -> None:
        self._parts.append((round(count * self._pages.leading(size)) + 1, draw))

    def code(self, data: str) -> None:
        side = QR_SIDE * MODULE
        x = (WIDTH - side) // 2
        self._parts.append((side, lambda y: self._pages.modules(qr(data), x, y, MODULE, MODULE)))

    def end(self) -> None:
        parts, self._parts = self._parts, []
        self._pages.page(WIDTH, _exact(sum(height for height, _ in parts) + END))
        y = 0
        for height, draw in parts:
            draw(y)
            y += height


def _exact(dots: int) -> int:
    """So many dots, or a few more, as hundredths of a point do not round up.

    PDF has the size of a page in those. One that is a bit larger than its dots is drawn on one
    more, and all that is on it is stretched.
    """
    while round(dots * INCH / DPI, 2) > dots * INCH / DPI:
        dots += 1
    return dots


def _head(slip: _Slip, receipt: Receipt) -> None:
    slip.space(20)
    slip.text(receipt.event.title, 14, 3, style="B")
    slip.text(receipt.when, 9, 1)
    slip.text(receipt.event.venue, 9, 2)
    slip.rule()


def _not_yet(slip: _Slip, number: str) -> None:
    slip.text(_(NOT_YET), 19, 1, style="B")
    slip.space(10)
    slip.text(number, 24, 2, style="B")
    slip.space(10)
    slip.text(_(KEEP), 9, 4)
    slip.rule()


def _sums(slip: _Slip, cart: Cart, locale: str) -> None:
    def money(amount: Decimal) -> str:
        return format_money(amount, cart.currency, locale)

    for line in cart.lines:
        slip.pair(f"{line.amount} × {line.title}", money(line.total), 10)
    if cart.discount is not None:
        code = cart.discount.code
        label = _("Discount {code}").format(code=code) if code else _("Complimentary")
        slip.pair(label, money(-cart.discounted), 10)
    slip.space(6)
    slip.pair(_("Total"), money(cart.due), 14, "B")
    if cart.rounding:
        slip.pair(_("Rounding"), money(cart.rounding), 10)
    given = cart.given if cart.paid is PaymentMethod.CASH else None
    paid = _("Free of charge") if cart.paid is PaymentMethod.FREE else cart.paid.label
    slip.pair(paid, money(cart.payable if given is None else given), 10)
    if given is not None:
        slip.pair(pgettext("money handed back", "Change"), money(cart.change), 10)
    slip.rule()


def _payment(slip: _Slip, receipt: Receipt, payment: Taking, locale: str) -> None:
    """That an order of the site's was paid at the door, which the site is not told."""
    amount = format_money(payment.amount, payment.currency, locale)
    slip.pair(_("Paid at the door"), amount, 12, "B")
    slip.pair(payment.paid.label, format_moment(payment.at.astimezone(receipt.event.zone)), 10)
    slip.text(_("The organiser settles it at the site."), 9, 2)
    slip.rule()


def _ticket(slip: _Slip, paper: Paper) -> None:
    slip.text(paper.name, 14, 3, style="B")
    slip.text(paper.ticket_type, 11, 2)
    slip.text(paper.seat_and_number, 9, 1)
    slip.code(paper.uuid)
    slip.text(grouped(paper.uuid), 7.5, 1)
    slip.space(14)


def _foot(slip: _Slip, receipt: Receipt) -> None:
    order = _("Order {order_id}").format(order_id=receipt.order_id) if receipt.order_id else ""
    own = receipt.sale.external_order_id if receipt.sale and not receipt.not_yet_issued else ""
    at = format_moment(receipt.at.astimezone(receipt.event.zone))
    slip.text(" · ".join(part for part in (order, own) if part), 9, 2)
    slip.text(" · ".join(part for part in (receipt.lane, at) if part), 9, 2)
