"""A cart as JSON, and back as the very same cart: amounts of money are texts."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from boxoffice.domain.cart import Asked, Buyer, Cart, Line, Paid
from boxoffice.domain.models import Given


def packed(cart: Cart) -> str:
    """In ASCII, so that any text is kept. Raises ValueError where an amount is not a number."""
    amounts = [*(line.price for line in cart.lines), cart.given or Decimal(0)]
    if not all(amount.is_finite() for amount in amounts):
        raise ValueError("a cart holds an amount that is not a number")
    return json.dumps(
        {
            "event": cart.event,
            "currency": cart.currency,
            "lines": [(*line[:2], str(line.price), line.amount) for line in cart.lines],
            "buyer": asdict(cart.buyer),
            "paid": cart.paid,
            "given": None if cart.given is None else str(cart.given),
            "answers": cart.answers,
            "asked": cart.asked,
            "check_in": cart.check_in,
            "elsewhere": cart.elsewhere,
        }
    )


def unpacked(text: str) -> Cart:
    fields = json.loads(text)
    given = fields["given"]
    return Cart(
        event=fields["event"],
        currency=fields["currency"],
        lines=tuple(
            Line(ticket_type, title, Decimal(price), amount)
            for ticket_type, title, price, amount in fields["lines"]
        ),
        buyer=Buyer(**fields["buyer"]),
        paid=Paid(fields["paid"]),
        given=None if given is None else Decimal(given),
        answers=_given(fields["answers"]),
        asked=tuple(
            Asked(ticket_type, _given(answers)) for ticket_type, answers in fields["asked"]
        ),
        check_in=fields["check_in"],
        elsewhere=tuple(fields.get("elsewhere", ())),
    )


def _given(pairs: Iterable[Any]) -> tuple[Given, ...]:
    return tuple(
        Given(question, value if isinstance(value, str) else tuple(value))
        for question, value in pairs
    )
