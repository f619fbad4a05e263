"""Discount codes at the door: what of a sale one takes off, or why it takes nothing. Pure.

An order cannot be placed with a code (API document: "Create Order"). So it keeps its price at the
site, where the code does not count as used, and what the buyer pays less stands in this computer's
account alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from boxoffice.domain.cart import Discount, Line
from boxoffice.domain.money import fraction_digits
from boxoffice.language import _

PER_TICKET, PERCENTAGE = "PER_TICKET", "PERCENTAGE"


@dataclass(frozen=True, slots=True)
class DiscountCode:
    """A code of the site, as far as a door needs it."""

    code: str
    amount: Decimal | None = None
    """Of money, or per cent, as its `kind` says; None: not known."""
    kind: str = PER_TICKET
    """PER_TICKET, PERCENTAGE, or another word of the site's."""
    left: int | None = None
    """Tickets it may still be applied to, as the site counts them; None: no limit."""
    active: bool = True
    ticket_type: str | None = None
    """uuid of the only type it is for; None: all."""
    start: datetime | None = None
    end: datetime | None = None

    def off(self, price: Decimal, currency: str) -> Decimal:
        """What it takes off the price of one ticket; never more than that."""
        if self.amount is None or self.kind not in (PER_TICKET, PERCENTAGE):
            return Decimal(0)
        off = self.amount
        if self.kind == PERCENTAGE:
            cent = Decimal(1).scaleb(-fraction_digits(currency))
            off = (price * off / 100).quantize(cent, ROUND_HALF_UP)
        return max(Decimal(0), min(off, price))


def folded(code: str) -> str:
    """As codes are compared."""
    return "".join(code.split()).casefold()


def find_code(codes: Iterable[DiscountCode], text: str) -> DiscountCode | None:
    return next((code for code in codes if folded(code.code) == folded(text)), None)


def applied(code: DiscountCode, lines: Sequence[Line], used: int, currency: str) -> Discount:
    """What the code takes off, as long as it lasts. `used`: tickets it was applied to here."""
    left, tickets, amount = _left(code, used), 0, Decimal(0)
    for line in lines:
        off = code.off(line.price, currency)
        if off and code.ticket_type in (None, line.ticket_type):
            number = line.amount if left is None else min(line.amount, left - tickets)
            tickets, amount = tickets + number, amount + number * off
    return Discount(code.code, tickets, amount)


def _left(code: DiscountCode, used: int) -> int | None:
    return None if code.left is None else max(0, code.left - used)


def why_no_discount(
    codes: Sequence[DiscountCode] | None,
    used: Mapping[str, int],
    text: str,
    lines: Sequence[Line],
    now: datetime,
) -> str:
    """Why a code takes nothing off, in a sentence; empty: it does. `used`: by the folded code."""
    if codes is None:
        return _("The discount codes are not known here yet: they are read from the site.")
    code = find_code(codes, text)
    if code is None:
        return _("There is no discount code “{code}” at this event.").format(code=text)
    known = {"code": code.code}
    if not code.active:
        return _("The discount code {code} is switched off.").format(**known)
    if code.start is not None and now < code.start:
        return _("The discount code {code} is not good yet.").format(**known)
    if code.end is not None and now > code.end:
        return _("The discount code {code} is no longer good.").format(**known)
    if code.amount is None or code.kind not in (PER_TICKET, PERCENTAGE):
        return _("How much the discount code {code} takes off is not known here.").format(**known)
    if _left(code, used.get(folded(code.code), 0)) == 0:
        return _("The discount code {code} is used up.").format(**known)
    if lines and not applied(code, lines, 0, "").tickets:
        return _("The discount code {code} is not for these tickets.").format(**known)
    return ""
