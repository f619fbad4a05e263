"""What keeps a cart from being sold."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, Paid, problems
from boxoffice.domain.models import Event, TicketType
from tests.support import EVENING

KIND = TicketType("a" * 32, "Standard", price=Decimal("295.00"), left=5)
EVENT = Event("e" * 32, "Night", ticket_limit=4)
LINE = Line(KIND.uuid, KIND.title, Decimal("295.00"), 2)
CART = Cart(EVENT.uuid, "DKK", (LINE,), Buyer("Anna", "Å", "anna@example.com"), Paid.CASH)


def found(cart: Cart, kind: TicketType = KIND) -> list[str]:
    return problems(cart, EVENT, {kind.uuid: kind}, EVENING)


def test_a_cart_that_can_be_sold() -> None:
    assert found(CART) == []
    assert found(replace(CART, lines=(LINE._replace(price=Decimal(295)),))) == []
    assert found(replace(CART, given=Decimal(590))) == []


@pytest.mark.parametrize(
    ("cart", "kind", "said"),
    [
        (replace(CART, lines=()), KIND, "at least one"),
        (replace(CART, lines=(LINE._replace(amount=5),)), KIND, "at most 4"),
        (CART, replace(KIND, uuid="b" * 32), "no ticket type"),
        (CART, replace(KIND, left=1), "Only 1"),
        (CART, replace(KIND, sold_out=True), "sold out"),
        (CART, replace(KIND, price=None), "no price"),
        (CART, replace(KIND, price=Decimal(350)), "costs 350.00 now, not 295.00"),
        (CART, replace(KIND, price=Decimal(0)), "costs 0.00 now, not 295.00"),
        (replace(CART, buyer=replace(CART.buyer, last_name="")), KIND, "last name"),
        (replace(CART, buyer=replace(CART.buyer, email="")), KIND, "house's own"),
        (replace(CART, buyer=replace(CART.buyer, email="anna@")), KIND, "anna@ is no e-mail"),
        (replace(CART, given=Decimal("589.99")), KIND, "less than the total"),
        (replace(CART, paid=Paid.FREE), KIND, "not free"),
    ],
)
def test_what_is_amiss(cart: Cart, kind: TicketType, said: str) -> None:
    (problem,) = found(cart, kind)
    assert said in problem
    assert problem.endswith(".")
