"""A sale's cart as it is kept: JSON."""

import json
from dataclasses import asdict
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Discount, Line, TicketAnswers
from boxoffice.store.database import from_row
from boxoffice.store.json_docs import given_from_json, to_text


def cart_to_json(cart: Cart) -> str:
    """In ASCII, so that any text is kept; amounts of money are texts.

    Raises ValueError where an amount is not a number.
    """
    amounts = [*(line.price for line in cart.lines), cart.given or Decimal(0), cart.rounding]
    amounts.append(cart.discounted)
    if not all(amount.is_finite() for amount in amounts):
        raise ValueError("a cart holds an amount that is not a number")
    return json.dumps(asdict(cart), default=to_text)


def cart_from_json(text: str) -> Cart:
    """The very same cart."""
    fields = json.loads(text)
    code, tickets, amount, reason = fields.get("discount") or ("", 0, "", "")
    return from_row(
        Cart,
        fields,
        lines=tuple(
            Line(ticket_type, title, Decimal(price), amount)
            for ticket_type, title, price, amount in fields["lines"]
        ),
        buyer=Buyer(**fields["buyer"]),
        discount=Discount(code, tickets, Decimal(amount), reason) if amount else None,
        answers=given_from_json(fields["answers"]),
        asked=tuple(
            TicketAnswers(ticket_type, given_from_json(answers))
            for ticket_type, answers in fields["asked"]
        ),
    )
