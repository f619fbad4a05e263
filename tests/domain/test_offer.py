"""What keeps a cart from being sold."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.models import Event, TicketType
from boxoffice.domain.offer import Offer, at_the_door, stock, why_not
from tests.support import EVENING

KIND = TicketType("a" * 32, "Standard", price=Decimal("295.00"), left=5)
EVENT = Event("e" * 32, "Night")
LINE = Line(KIND.uuid, KIND.title, Decimal("295.00"), 2)
OFFER = Offer(
    event=EVENT.uuid,
    types=(KIND,),
    questions=(),
    ticket_questions=(),
    currency="DKK",
    ticket_limit=4,
    house_email="",
    last_paid=PaymentMethod.CASH,
    online=True,
    offline_sales=False,
    reserve=None,
    at=None,
)
CART = Cart(EVENT.uuid, "DKK", (LINE,), Buyer("Anna", "Å", "anna@example.com"), PaymentMethod.CASH)


def found(cart: Cart, kind: TicketType = KIND) -> list[str]:
    return replace(OFFER, types=(kind,)).problems(cart, EVENING)


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
        (replace(CART, paid=PaymentMethod.FREE), KIND, "not free"),
    ],
)
def test_what_is_amiss(cart: Cart, kind: TicketType, said: str) -> None:
    (problem,) = found(cart, kind)
    assert said in problem
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("price", "fee", "on_buyer", "cost"),
    [
        ("295", "3.90", True, "298.90"),
        ("295", "3.90", False, "295"),
        ("295", "3.90", None, "295"),
        ("295", None, True, "295"),
        ("0", "3.90", True, "0"),
    ],
)
def test_the_fee_is_in_the_price_where_the_buyer_bears_it(
    price: str, fee: str | None, on_buyer: bool | None, cost: str
) -> None:
    kind = replace(KIND, price=Decimal(price), fee=None if fee is None else Decimal(fee))
    assert at_the_door(kind, replace(EVENT, fees_on_buyer=on_buyer)).price == Decimal(cost)


PRICE = Decimal("298.90")
ODD = replace(KIND, price=PRICE)
COINS = replace(OFFER, types=(ODD,), cash_step=Decimal("0.50"))


@pytest.mark.parametrize(
    ("paid", "payable"),
    [(PaymentMethod.CASH, "299.00"), (PaymentMethod.CARD, "298.90")],
)
def test_cash_is_rounded_and_the_order_keeps_its_price(paid: PaymentMethod, payable: str) -> None:
    cart = COINS.cart([LINE._replace(price=PRICE, amount=1)], CART.buyer, paid)
    assert (cart.total, cart.payable) == (PRICE, Decimal(payable))
    assert cart.rounding == cart.payable - cart.total


def test_change_is_that_of_the_rounded_amount() -> None:
    line = LINE._replace(price=PRICE, amount=1)
    cart = COINS.cart([line], CART.buyer, PaymentMethod.CASH, given=Decimal(500))
    assert (cart.change, COINS.problems(cart, EVENING)) == (Decimal("201.00"), [])
    less = replace(cart, given=PRICE)
    assert COINS.problems(less, EVENING) == [
        "The cash given is less than the total, which is 299.00 in coins."
    ]


def test_nothing_is_sold_once_the_event_s_own_limit_is_reached() -> None:
    full = at_the_door(KIND, replace(EVENT, limit_reached=True))
    assert why_not(full, EVENING) == "sold out"
    assert why_not(at_the_door(KIND, EVENT), EVENING) == ""


@pytest.mark.parametrize(
    ("left", "baskets", "text"),
    [
        (1204, None, "1,204 left"),
        (4, 0, "4 left"),
        (4, 3, "4 left · 3 in baskets"),
        (None, 3, ""),
    ],
)
def test_the_stock(left: int | None, baskets: int | None, text: str) -> None:
    assert stock(replace(KIND, left=left, in_baskets=baskets)) == text
