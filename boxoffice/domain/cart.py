"""What is to be sold at the door: tickets, buyer, answers, and how it is paid. Money is Decimal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.models import AnswerInput, Event, TicketType
from boxoffice.domain.questions import NOT_AN_EMAIL, is_email

NO_LIMIT = 999
"""Tickets of one order, where the site names no limit."""


class PaymentMethod(StrEnum):
    """How a sale was paid."""

    CASH = "cash"
    CARD = "card"
    MOBILEPAY = "mobilepay"
    INVOICE = "invoice"
    FREE = "free"


class Line(NamedTuple):
    """So many tickets of one type."""

    ticket_type: str
    """uuid."""
    title: str
    price: Decimal
    """Of one ticket, as it was when the line was made."""
    amount: int

    @property
    def total(self) -> Decimal:
        return self.price * self.amount


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as it goes into the order's address."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    house: bool = False
    """The e-mail is the house's own: the buyer gave none."""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class TicketAnswers(NamedTuple):
    """The answers that go with one ticket of the cart."""

    ticket_type: str
    """uuid."""
    given: tuple[AnswerInput, ...]


@dataclass(frozen=True, slots=True)
class Cart:
    """A sale as it is to be made."""

    event: str
    currency: str
    lines: tuple[Line, ...]
    buyer: Buyer
    paid: PaymentMethod
    given: Decimal | None = None
    """Cash that the buyer handed over; None: the exact amount, or no cash."""
    answers: tuple[AnswerInput, ...] = ()
    """To the purchase questions."""
    asked: tuple[TicketAnswers, ...] = ()
    """Answers of tickets, at most one for each."""
    check_in: bool = True
    elsewhere: tuple[str, ...] = ()
    """uuids of its ticket types that the door it is sold at does not admit: they stay out."""

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def amount(self) -> int:
        """How many tickets."""
        return sum(line.amount for line in self.lines)

    @property
    def change(self) -> Decimal:
        """Cash to be handed back."""
        if self.paid is not PaymentMethod.CASH or self.given is None:
            return Decimal(0)
        return max(Decimal(0), self.given - self.total)


def at_the_door(kind: TicketType, event: Event) -> TicketType:
    """The type as a door sells it: with the fee where the buyer bears it, by the event's limit."""
    price = kind.price
    if price and kind.fee and event.fees_on_buyer:
        price += kind.fee
    return replace(kind, price=price, sold_out=kind.sold_out or bool(event.limit_reached))


def stock(kind: TicketType) -> str:
    """`4 left · 3 in baskets`; empty: not known how many are left."""
    if kind.left is None:
        return ""
    return f"{kind.left:,} left" + (f" · {kind.in_baskets:,} in baskets" if kind.in_baskets else "")


def why_not(kind: TicketType, now: datetime) -> str:
    """Why no ticket of this type can be sold now, in a word or two; empty: it can."""
    if not kind.active:
        return "not active"
    if kind.members_only:
        return "members only"
    if kind.left == 0 or kind.sold_out:
        return "sold out"
    if kind.sales_start is not None and now < kind.sales_start:
        return "not yet on sale"
    if kind.sales_end is not None and now > kind.sales_end:
        return "no longer on sale"
    if kind.on_sale is False:
        return "not on sale"
    if kind.price is None:
        return "no price known"
    return ""


def most(kind: TicketType, cart: Sequence[Line], limit: int | None) -> int:
    """How many of this type the cart may hold, beside what it holds of the others.

    `limit`: the event's `ticket_limit`; None or 0: none.
    """
    others = sum(line.amount for line in cart if line.ticket_type != kind.uuid)
    return max(
        0, min(kind.left if kind.left is not None else NO_LIMIT, (limit or NO_LIMIT) - others)
    )


def put(cart: Sequence[Line], kind: TicketType, amount: int) -> tuple[Line, ...]:
    """The lines with `amount` tickets of this type, in the order of their first choice."""
    line = Line(kind.uuid, kind.title, kind.price or Decimal(0), amount)
    lines = [line if known.ticket_type == kind.uuid else known for known in cart]
    if line not in lines:
        lines.append(line)
    return tuple(line for line in lines if line.amount > 0)


def problems(cart: Cart, event: Event, types: Mapping[str, TicketType], now: datetime) -> list[str]:
    """What keeps the cart from being sold, a sentence each. `types`: by uuid."""
    found = []
    if not cart.lines:
        found.append("Choose at least one ticket.")
    if event.ticket_limit and cart.amount > event.ticket_limit:
        found.append(f"One order takes at most {event.ticket_limit} tickets.")
    for line in cart.lines:
        kind = types.get(line.ticket_type)
        if kind is None:
            found.append(f"{line.title} is no ticket type of this event.")
        elif reason := why_not(kind, now):
            found.append(f"{line.title} cannot be sold: {reason}.")
        elif kind.left is not None and line.amount > kind.left:
            found.append(f"Only {kind.left} of {line.title} are left.")
        elif kind.price is not None and line.price != kind.price:
            found.append(
                f"{line.title} costs {kind.price:.2f} now, not {line.price:.2f}: look at the new "
                "total, and sell it then."
            )
    if not cart.buyer.first_name or not cart.buyer.last_name:
        found.append("The order needs a first and a last name.")
    if not cart.buyer.email:
        found.append("The order needs an e-mail address: the buyer's, or the house's own.")
    elif not is_email(cart.buyer.email):
        found.append(f"{cart.buyer.email} is no e-mail address: {NOT_AN_EMAIL}")
    if cart.paid is PaymentMethod.FREE and cart.total:
        found.append("This is not free: choose how it was paid.")
    if cart.paid is PaymentMethod.CASH and cart.given is not None and cart.given < cart.total:
        found.append("The cash given is less than the total.")
    return found


def paid_as(cart: Cart) -> Cart:
    """The cart, free where it costs nothing."""
    return (
        replace(cart, paid=PaymentMethod.FREE, given=None)
        if cart.lines and not cart.total
        else cart
    )


def beyond(cart: Cart, reserve: Mapping[str, int]) -> list[str]:
    """What of the cart may not be sold without the site, a sentence each. `reserve`: by type."""
    return [
        f"Without the site, only {reserve.get(line.ticket_type, 0)} more of {line.title} may be "
        "sold here."
        for line in cart.lines
        if line.amount > reserve.get(line.ticket_type, 0)
    ]
