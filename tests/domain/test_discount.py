"""What a discount code takes off at the door, and why it takes nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from boxoffice.domain.cart import Buyer, Discount, Line, PaymentMethod
from boxoffice.domain.discount import PERCENTAGE, DiscountCode, applied, find_code, why_no_discount
from tests.domain.test_offer import KIND, OFFER
from tests.support import EVENING

STANDARD, STUDENT = "a" * 32, "b" * 32
LINES = (Line(STANDARD, "Standard", Decimal("298.90"), 2), Line(STUDENT, "Student", Decimal(20), 1))
CODE = DiscountCode("VIP 20", Decimal(30))


@pytest.mark.parametrize(
    ("code", "used", "tickets", "amount"),
    [
        (CODE, 0, 3, "80"),
        (replace(CODE, left=3), 1, 2, "60"),
        (replace(CODE, left=1), 4, 0, "0"),
        (replace(CODE, ticket_type=STUDENT), 0, 1, "20"),
        (replace(CODE, kind=PERCENTAGE, amount=Decimal("12.5")), 0, 3, "77.22"),
        (replace(CODE, kind=PERCENTAGE, amount=Decimal(250)), 0, 3, "617.80"),
        (replace(CODE, kind="PER_ORDER"), 0, 0, "0"),
        (replace(CODE, amount=Decimal(-5)), 0, 0, "0"),
    ],
)
def test_what_is_taken_off(code: DiscountCode, used: int, tickets: int, amount: str) -> None:
    """Off each ticket that it is for, as long as it lasts, and never more than the ticket costs."""
    assert applied(code, LINES, used, "DKK") == Discount("VIP 20", tickets, Decimal(amount))


def test_what_costs_nothing_uses_nothing_up() -> None:
    free = LINES[1]._replace(price=Decimal(0))
    assert applied(replace(CODE, left=1), (free, LINES[0]), 0, "DKK").tickets == 1


@pytest.mark.parametrize(
    ("change", "used", "said"),
    [
        ({}, {}, ""),
        ({"left": 2}, {"vip20": 1}, ""),
        ({"left": 2}, {"vip20": 2}, "used up"),
        ({"active": False}, {}, "switched off"),
        ({"start": EVENING + timedelta(hours=1)}, {}, "not good yet"),
        ({"end": EVENING - timedelta(hours=1)}, {}, "no longer good"),
        ({"kind": "PER_ORDER"}, {}, "not known here"),
        ({"amount": None}, {}, "not known here"),
        ({"ticket_type": "c" * 32}, {}, "not for these tickets"),
    ],
)
def test_why_not(change: dict[str, Any], used: dict[str, int], said: str) -> None:
    why = why_no_discount((replace(CODE, **change),), used, " vip20 ", LINES, EVENING)
    assert said in why
    assert bool(why) is bool(said)


def test_a_code_that_there_is_not() -> None:
    assert find_code((CODE,), "VIP2") is None
    assert "no discount code “VIP2”" in why_no_discount((CODE,), {}, "VIP2", LINES, EVENING)
    assert "not known here yet" in why_no_discount(None, {}, "VIP2", LINES, EVENING)


OFFERED = replace(
    OFFER, types=(replace(KIND, price=Decimal("298.90")),), codes=(CODE,), currency="DKK"
)
LINE = Line(KIND.uuid, KIND.title, Decimal("298.90"), 2)
BUYER = Buyer("Bo", "Ek", "bo@example.com")


def test_a_cart_at_a_discount_is_rounded_after_it() -> None:
    offer = replace(OFFERED, cash_step=Decimal("0.50"))
    cart = offer.cart([LINE], BUYER, PaymentMethod.CASH, given=Decimal(600), code="vip 20")
    assert cart.discount == Discount("VIP 20", 2, Decimal(60))
    assert (cart.total, cart.payable, cart.change) == (
        Decimal("597.80"),
        Decimal("538.00"),
        Decimal("62.00"),
    )
    assert offer.problems(cart, EVENING) == []
    dearer = replace(offer, codes=(replace(CODE, amount=Decimal(10)),))
    assert dearer.problems(cart, EVENING) == [
        "The discount of VIP 20 is another one now: look at the new total."
    ]


def test_a_code_that_pays_for_all_leaves_nothing_to_pay() -> None:
    offer = replace(OFFERED, codes=(replace(CODE, amount=Decimal(500)),))
    cart = offer.cart([LINE], BUYER, PaymentMethod.CARD, code="VIP20")
    assert (cart.paid, cart.payable, cart.is_complimentary) == (
        PaymentMethod.FREE,
        Decimal(0),
        False,
    )
    assert offer.problems(cart, EVENING) == []


def test_complimentary_tickets_have_a_reason() -> None:
    cart = OFFERED.cart([LINE], BUYER, PaymentMethod.FREE)
    assert (cart.total, cart.payable, cart.is_complimentary) == (
        Decimal("597.80"),
        Decimal(0),
        True,
    )
    (problem,) = OFFERED.problems(cart, EVENING)
    assert problem.startswith("This is not free: choose how it was paid")
    given = OFFERED.cart([LINE], BUYER, PaymentMethod.FREE, reason="Press")
    assert OFFERED.problems(given, EVENING) == []
