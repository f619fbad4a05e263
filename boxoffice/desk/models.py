"""What the desk shows that neither a door nor the organiser's models have as one flat row."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from boxoffice.domain.models import Address
from boxoffice.organiser.fields import Kind, Words, said
from boxoffice.organiser.orders import STATES, OrderLine
from boxoffice.organiser.questions import VARIATIONS, Asked, ChoiceDetails, QuestionDetails
from boxoffice.organiser.webhooks import Webhook


class Of(StrEnum):
    """Whom a question is asked."""

    ATTENDEES = "attendees"
    BUYERS = "buyers"

    @property
    def asked(self) -> Asked:
        return Asked.ATTENDEES if self is Of.ATTENDEES else Asked.BUYERS


ASKED: Words = MappingProxyType({each.value: each.value for each in Of})

_PK = "The title, id or number of its ticket type; empty: all."


@dataclass(frozen=True, slots=True)
class AskedQuestion(QuestionDetails):
    """A question, and whom it is asked."""

    asked: str = field(
        default=Of.ATTENDEES.value, metadata=said("Asked", Kind.CHOICE, choices=ASKED)
    )


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be asked."""

    heading: str = field(metadata=said("Question", edit=True, required=True))
    asked: str = field(
        default=Of.ATTENDEES.value,
        metadata=said("Asked", Kind.CHOICE, edit=True, choices=ASKED),
    )
    variation: str = field(
        default="TEXT", metadata=said("Kind", Kind.CHOICE, edit=True, choices=VARIATIONS)
    )
    required: bool = field(default=False, metadata=said("Required", Kind.YES, edit=True))
    active: bool = field(default=True, metadata=said("Active", Kind.YES, edit=True))
    sort_id: int | None = field(
        default=None,
        metadata=said("Order of questions", Kind.WHOLE, edit=True, help="Empty: the last."),
    )
    choices: tuple[ChoiceDetails, ...] = field(
        default=(), metadata=said("Choices", Kind.PARTS, edit=True, model=ChoiceDetails)
    )
    ticket_type: str = field(default="", metadata=said("Ticket type", edit=True, help=_PK))


@dataclass(frozen=True, slots=True)
class GoneChoice:
    """A choice that is to be removed from a question."""

    choice: str = field(
        metadata=said("Choice", edit=True, required=True, help="Its label or its id.")
    )


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """An order with who ordered. Most of that is told by no list, and stays where not changed."""

    uuid: str = field(metadata=said("Id", Kind.UUID))
    order_id: str = field(default="", metadata=said("Order"))
    state: str = field(default="", metadata=said("State", Kind.CHOICE, choices=STATES))
    refunded: bool = field(default=False, metadata=said("Refunded", Kind.YES))
    buyer: str = field(default="", metadata=said("Buyer"))
    first_name: str = field(default="", metadata=said("First name", edit=True, required=True))
    last_name: str = field(default="", metadata=said("Last name", edit=True, required=True))
    email: str = field(default="", metadata=said("E-mail", Kind.EMAIL, edit=True, required=True))
    phone: str = field(default="", metadata=said("Phone", edit=True))
    title: str = field(default="", metadata=said("Title", edit=True))
    venue: str = field(default="", metadata=said("Venue", edit=True))
    business_name: str = field(default="", metadata=said("Company", edit=True))
    cvr: str = field(default="", metadata=said("CVR", edit=True, help="Danish company number."))
    street: str = field(default="", metadata=said("Street", edit=True))
    street_2: str = field(default="", metadata=said("Street, second line", edit=True))
    city: str = field(default="", metadata=said("City", edit=True))
    postcode: str = field(default="", metadata=said("Postcode", edit=True))
    country: str = field(default="", metadata=said("Country", edit=True))
    tickets: int | None = field(default=None, metadata=said("Tickets", Kind.WHOLE))
    """How many; None: not told, as when one order is read."""
    total: Decimal | None = field(default=None, metadata=said("Total", Kind.MONEY))
    fees: Decimal | None = field(default=None, metadata=said("Fees in that", Kind.MONEY))
    currency: str = field(default="", metadata=said("Currency"))
    created: datetime | None = field(default=None, metadata=said("Created", Kind.MOMENT))
    external_order_id: str = field(default="", metadata=said("External id"))
    lines: tuple[OrderLine, ...] = field(
        default=(), metadata=said("Line", Kind.PARTS, model=OrderLine)
    )
    """Empty: not told, as in most answers about one order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many tickets of a type."""

    ticket_type: str = field(
        metadata=said("Ticket type", edit=True, required=True, help="Its title or its id.")
    )
    amount: int = field(default=1, metadata=said("Tickets", Kind.WHOLE, edit=True, required=True))


_made_here: set[str] = set()


def new_external_id() -> str:
    """What an order can be known by, whatever becomes of the try to place it."""
    made = f"desk-{secrets.token_hex(6)}"
    _made_here.add(made)
    return made


def made_here(external_id: str) -> bool:
    """It is of this process: no order had it before."""
    return external_id in _made_here


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be placed; it is paid."""

    first_name: str = field(metadata=said("First name", edit=True, required=True))
    last_name: str = field(metadata=said("Last name", edit=True, required=True))
    email: str = field(metadata=said("E-mail", Kind.EMAIL, edit=True, required=True))
    phone: str = field(default="", metadata=said("Phone", edit=True))
    amounts: tuple[Wanted, ...] = field(
        default=(), metadata=said("Tickets", Kind.PARTS, edit=True, required=True, model=Wanted)
    )
    external_order_id: str = field(
        default_factory=new_external_id,
        metadata=said("External id", edit=True, required=True, help="By it a second try is told."),
    )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What was answered to a question."""

    question: str = field(metadata=said("Id", Kind.UUID))
    heading: str = field(default="", metadata=said("Question"))
    value: str = field(default="", metadata=said("Answer"))
    """A text, or the labels of the choices taken."""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to be stored."""

    question: str = field(
        metadata=said("Question", edit=True, required=True, help="What is asked, or its id.")
    )
    value: str = field(
        default="",
        metadata=said(
            "Answer", edit=True, help="Of choices: their labels, with a comma between them."
        ),
    )


@dataclass(frozen=True, slots=True)
class HookRow(Webhook):
    """A webhook, and what it is called on a screen that others may see."""

    name: str = field(default="", metadata=said("Webhook"))


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What a webhook may listen to."""

    action: str = field(metadata=said("Action"))
    meaning: str = field(default="", metadata=said("When"))


@dataclass(frozen=True, slots=True)
class Export:
    """Something that a site exports."""

    name: str = field(metadata=said("Name"))
    what: str = field(default="", metadata=said("Export"))


@dataclass(frozen=True, slots=True)
class Month:
    """Of which month the orders are wanted, and who is to have them."""

    year: int | None = field(
        default=None, metadata=said("Year", Kind.WHOLE, edit=True, help="Empty: this year.")
    )
    month: int | None = field(
        default=None, metadata=said("Month", Kind.WHOLE, edit=True, help="1 to 12; empty: now.")
    )
    email: str = field(
        default="",
        metadata=said(
            "E-mail", Kind.EMAIL, edit=True, help="Empty: who the site sends its accounts to."
        ),
    )


ADDRESS = tuple(Address.__dataclass_fields__)
"""The fields of an order that say who ordered."""
