"""What a cart costs, and how its lines are put together."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, put
from boxoffice.domain.models import TicketType

STANDARD = TicketType("a" * 32, "Standard", price=Decimal("295.50"))
STUDENT = TicketType("b" * 32, "Student", price=Decimal(195))
GUEST_LIST = TicketType("c" * 32, "Guest list", price=None)
CART = Cart(
    "e" * 32,
    "DKK",
    put(put((), STANDARD, 2), STUDENT, 3),
    Buyer("Anna", "Å"),
    PaymentMethod.CASH,
)


def test_the_total_is_that_of_all_lines() -> None:
    """A line that is left out is given away, and the till does not balance."""
    assert CART.total == 2 * Decimal("295.50") + 3 * Decimal(195)
    assert CART.amount == 5
    assert replace(CART, lines=()).total == Decimal(0)


def test_rounding_changes_what_is_paid_and_not_the_price() -> None:
    rounded = replace(CART, rounding=Decimal("-0.25"))
    assert (rounded.total, rounded.payable) == (CART.total, CART.total - Decimal("0.25"))


@pytest.mark.parametrize(
    ("paid", "over", "change"),
    [
        (PaymentMethod.CASH, "24", "24"),
        (PaymentMethod.CASH, "0", "0"),
        (PaymentMethod.CASH, "-1", "0"),
        (PaymentMethod.CASH, None, "0"),
        (PaymentMethod.CARD, "24", "0"),
    ],
)
def test_change_is_cash_beyond_the_total_and_never_less_than_none(
    paid: PaymentMethod, over: str | None, change: str
) -> None:
    given = None if over is None else CART.total + Decimal(over)
    assert replace(CART, paid=paid, given=given).change == Decimal(change)


def test_a_type_has_one_line_in_the_place_of_its_first_choice() -> None:
    lines = put(CART.lines, STANDARD, 4)
    assert lines == (
        Line(STANDARD.uuid, "Standard", Decimal("295.50"), 4),
        Line(STUDENT.uuid, "Student", Decimal(195), 3),
    )
    assert put(lines, STANDARD, 0) == lines[1:]
    assert put(lines, GUEST_LIST, 0) == lines
    assert put((), GUEST_LIST, 1) == (Line(GUEST_LIST.uuid, "Guest list", Decimal(0), 1),)


def test_a_payment_is_named_as_its_brand_writes_it() -> None:
    labels = [method.label for method in PaymentMethod]
    assert labels == ["Cash", "Card", "MobilePay", "Invoice", "Free"]
