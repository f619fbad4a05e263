"""Nights and what a site says of them, made up for the account."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from boxoffice.domain.account import Account, account
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.journal import QueueKind, QueueRow, QueueState
from boxoffice.domain.models import Admission, Event, Order, Ticket
from boxoffice.domain.night import AuditNote, Night, Site
from boxoffice.domain.sale import Sale, SaleState, Shift, Taking, TakingKind

EVENT = Event("e" * 32, "Sommerfest", start=datetime(2026, 5, 8, 17, tzinfo=UTC), currency="DKK")
NOW = datetime(2026, 5, 8, 20, tzinfo=UTC)
PRICE = Decimal("295.00")


def hex_of(number: int) -> str:
    return f"{number:032x}"


def ticket(number: int, *, is_in: bool = True, **more: Any) -> Ticket:
    return Ticket(hex_of(number), EVENT.uuid, is_in, full_name=f"Guest {number}", **more)


def admission(number: int, lane: str = "North", at: datetime = NOW) -> Admission:
    return Admission(hex_of(number), EVENT.uuid, at, lane, "Anna", True, number)


def row(number: int, state: QueueState, kind: QueueKind = QueueKind.CHECK_IN) -> QueueRow:
    return QueueRow(number, kind, state, hex_of(number), EVENT.uuid, NOW, "North", "Anna")


def noted(about: str, reason: str = "") -> AuditNote:
    return AuditNote(NOW, "North", "Anna", about, "", reason)


def sale(number: int, state: SaleState = SaleState.DONE, *, booked: bool = True) -> Sale:
    line = Line("a" * 32, "Standard", PRICE, 2)
    cart = Cart(EVENT.uuid, "DKK", (line,), Buyer("A", "B", "a@example.com"), PaymentMethod.CASH)
    mark, order = f"BX-North-{number}", hex_of(1000 + number)
    made = Sale(number, number, mark, state, cart, NOW, "North", "Anna", booked=booked)
    return made._replace(order=order, order_id=f"dZy{number}", tickets=(hex_of(500 + number),))


def taking(
    number: int,
    amount: Decimal,
    paid: PaymentMethod = PaymentMethod.CASH,
    *,
    of: int | None = None,
    **more: Any,
) -> Taking:
    kind = more.pop("kind", TakingKind.SALE)
    made = Taking(number, NOW, "North", "Anna", EVENT.uuid, kind, paid, amount, "DKK", sale=of)
    return made._replace(**more)


def shift(number: int, opened: datetime, until: datetime | None = None, **more: Any) -> Shift:
    """A closed one is closed by the journal's next row, where nothing else is said."""
    made = Shift(number, "North", "Anna", opened, Decimal(500), "DKK", Decimal(0), until)
    return made._replace(**({"closed": number + 1} if until else {}) | more)


NIGHT = Night(EVENT, NOW, {}, *((),) * 10)
EMPTY = Site({}, {}, {})


def site(*tickets: Ticket, **more: Any) -> Site:
    return replace(EMPTY, tickets={each.uuid: each for each in tickets}, **more)


def paid_order(of: Sale, **more: Any) -> dict[str, Order | None]:
    assert of.order is not None
    order = Order(of.order, EVENT.uuid, of.order_id, "PAID", total=of.cart.total)
    return {of.order: order._replace(**more)}


def weighed(night: Night, said: Site | None, trouble: str = "") -> tuple[Account, Balance]:
    figures = account(night, said)
    return figures, balance(figures, said, trouble)


def causes(night: Night, said: Site | None = EMPTY) -> list[str]:
    return list(weighed(night, said)[1].causes)


SOLD = replace(NIGHT, sales=(sale(1),), takings=(taking(2, PRICE * 2, of=1),))
