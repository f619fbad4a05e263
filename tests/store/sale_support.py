"""Carts, and ways to bring a sale where a test wants it."""

from collections import deque
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.sale import AFTER, Sale, SaleState
from boxoffice.store import Journal, sales, takings
from tests.store.support import EVENT, uuid

STANDARD = uuid(50)
STUDENT = uuid(51)
BEGINNINGS = (SaleState.SENDING, SaleState.QUEUED)


def cart(
    amount: int = 2,
    *,
    price: str = "150.00",
    paid: PaymentMethod = PaymentMethod.CASH,
    event: str = EVENT,
    kind: str = STANDARD,
    rounding: str = "0",
) -> Cart:
    return Cart(
        event=event,
        currency="DKK",
        lines=(Line(kind, "Standard", Decimal(price), amount),),
        buyer=Buyer("Åse", "Ø", "aase@example.com"),
        paid=paid,
        rounding=Decimal(rounding),
    )


FULL_CART = Cart(
    event=EVENT,
    currency="DKK",
    lines=(
        Line(STANDARD, "[b]Standard[/b]", Decimal("150.00"), 2),
        Line(STUDENT, "Student \udcff", Decimal("1E+2"), 1),
    ),
    buyer=Buyer("Åse", "\x1b[31mØ", "house@example.com", "+45 12", house=True),
    paid=PaymentMethod.CASH,
    given=Decimal("500.000"),
    answers=(
        AnswerInput(uuid(901), "veg\nan"),
        AnswerInput(uuid(902), (uuid(1), uuid(2))),
        AnswerInput("q", ()),
    ),
    asked=(TicketAnswers(STANDARD, (AnswerInput(uuid(903), "L"),)), TicketAnswers(STUDENT, ())),
    check_in=False,
)


def way_to(state: SaleState) -> list[SaleState]:
    """The shortest one, from the state in which such a sale begins."""
    ways = deque([first] for first in BEGINNINGS)
    while ways[0][-1] is not state:
        way = ways.popleft()
        ways += [[*way, to] for to in SaleState if to in AFTER[way[-1]]]
    return ways[0]


async def begin(
    till: Journal, state: SaleState = SaleState.SENDING, what: Cart | None = None
) -> Sale:
    return await till.write(
        sales.begin, what or cart(), state=state, unattended=False, after_number=None
    )


async def bring(till: Journal, state: SaleState, what: Cart | None = None) -> Sale:
    """A sale that stands in `state`."""
    first, *more = way_to(state)
    sale = await begin(till, first, what)
    for to in more:
        sale = await moved(till, sale, to)
    return sale


async def moved(till: Journal, sale: Sale, to: SaleState) -> Sale:
    new = await till.write(sales.advance, sale.id, to)
    assert new is not None, f"{sale.state} does not turn into {to}"
    return new


async def balance(till: Journal) -> Decimal:
    return sum((taking.amount for taking in await till.read_all(takings.of_event)), Decimal(0))
