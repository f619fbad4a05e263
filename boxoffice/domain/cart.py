"""A cart: what is to be sold at the door, to whom, and how it is paid. Money is Decimal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.models import AnswerInput, TicketType
from boxoffice.language import N_, _


class PaymentMethod(StrEnum):
    CASH = "cash"
    CARD = "card"
    MOBILEPAY = "mobilepay"
    INVOICE = "invoice"
    FREE = "free"

    @property
    def label(self) -> str:
        """As people read it."""
        return _(_WAYS[self])


_WAYS = {
    PaymentMethod.CASH: N_("Cash"),
    PaymentMethod.CARD: N_("Card"),
    PaymentMethod.MOBILEPAY: N_("MobilePay"),
    PaymentMethod.INVOICE: N_("Invoice"),
    PaymentMethod.FREE: N_("Free"),
}


class Line(NamedTuple):
    ticket_type: str
    """uuid."""
    title: str
    price: Decimal
    """The price of one ticket when the line was made."""
    amount: int

    @property
    def total(self) -> Decimal:
        return self.price * self.amount


class Discount(NamedTuple):
    """A discount, which only the buyer sees: at the site the order keeps its full price."""

    code: str
    """The site's discount code; empty: the tickets are complimentary, and nothing is paid."""
    tickets: int
    """How many tickets it is given for."""
    amount: Decimal
    reason: str = ""
    """Why they are complimentary."""


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
    ticket_type: str
    """uuid."""
    given: tuple[AnswerInput, ...]


@dataclass(frozen=True, slots=True)
class Cart:
    event: str
    currency: str
    lines: tuple[Line, ...]
    buyer: Buyer
    paid: PaymentMethod
    given: Decimal | None = None
    """Cash that the buyer handed over; None: the exact amount, or no cash."""
    rounding: Decimal = Decimal(0)
    """By how much a payment in cash is more, or less, than the price, to be payable in coins."""
    discount: Discount | None = None
    answers: tuple[AnswerInput, ...] = ()
    """Answers to the purchase questions."""
    asked: tuple[TicketAnswers, ...] = ()
    """Answers to the questions of tickets, at most one set for each ticket."""
    check_in: bool = True
    elsewhere: tuple[str, ...] = ()
    """uuids of ticket types that this door does not admit: their tickets are not checked in."""

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def discounted(self) -> Decimal:
        """How much less than the order's price the buyer pays."""
        return self.discount.amount if self.discount else Decimal(0)

    @property
    def is_complimentary(self) -> bool:
        """Whether its tickets are given away."""
        return self.discount is not None and not self.discount.code

    @property
    def due(self) -> Decimal:
        """The order's price less the discount."""
        return self.total - self.discounted

    @property
    def payable(self) -> Decimal:
        """What the buyer pays: what is due, and the rounding of cash."""
        return self.due + self.rounding

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def change(self) -> Decimal:
        """Cash to be handed back."""
        if self.paid is not PaymentMethod.CASH or self.given is None:
            return Decimal(0)
        return max(Decimal(0), self.given - self.payable)


def put(cart: Sequence[Line], kind: TicketType, amount: int) -> tuple[Line, ...]:
    """The lines with `amount` tickets of this type. Types stay in the order they were chosen in."""
    line = Line(kind.uuid, kind.title, kind.price or Decimal(0), amount)
    lines = [line if known.ticket_type == kind.uuid else known for known in cart]
    if line not in lines:
        lines.append(line)
    return tuple(line for line in lines if line.amount > 0)


def list_lines(lines: Iterable[Line]) -> str:
    """`2 × Standard, 1 × Student`."""
    return ", ".join(f"{line.amount} × {line.title}" for line in lines)
