"""What the desk shows that neither a door nor the client's models have as one flat row."""

import secrets
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from boxoffice.domain.models import Address
from boxoffice.ticketbutler.parsers import ChoiceLabels
from boxoffice.ticketbutler.resources.orders import STATES, OrderLine
from boxoffice.ticketbutler.resources.questions import (
    VARIATIONS,
    Asked,
    ChoiceDetails,
    QuestionDetails,
)
from boxoffice.ticketbutler.resources.record import (
    BoolDefaultFalse,
    BoolDefaultTrue,
    Choices,
    Count,
    Edit,
    Email,
    Line,
    Moment,
    Money,
    NeededCount,
    Record,
    Uuid,
)
from boxoffice.ticketbutler.resources.webhooks import Webhook


class Of(StrEnum):
    """Whom a question is asked."""

    ATTENDEES = "attendees"
    BUYERS = "buyers"

    @property
    def asked(self) -> Asked:
        return Asked.ATTENDEES if self is Of.ATTENDEES else Asked.BUYERS


ASKED: ChoiceLabels = MappingProxyType({each.value: each.value for each in Of})

_PK = "The title, id or number of its ticket type; empty: all."


class AskedQuestion(QuestionDetails):
    """A question, and whom it is asked."""

    asked: Annotated[Line, Choices(ASKED)] = Field(Of.ATTENDEES.value, title="Asked")


class NewQuestion(Record):
    """A question to be asked."""

    heading: Annotated[Line, Edit(required=True)] = Field(title="Question")
    asked: Annotated[Line, Choices(ASKED), Edit()] = Field(Of.ATTENDEES.value, title="Asked")
    variation: Annotated[Line, Choices(VARIATIONS), Edit()] = Field("TEXT", title="Kind")
    required: Annotated[BoolDefaultFalse, Edit()] = Field(False, title="Required")
    active: Annotated[BoolDefaultTrue, Edit()] = Field(True, title="Active")
    sort_id: Annotated[Count, Edit()] = Field(
        None, title="Order of questions", description="Empty: the last."
    )
    choices: Annotated[tuple[ChoiceDetails, ...], Edit()] = Field((), title="Choices")
    ticket_type: Annotated[Line, Edit()] = Field("", title="Ticket type", description=_PK)


class GoneChoice(Record):
    """A choice that is to be removed from a question."""

    choice: Annotated[Line, Edit(required=True)] = Field(
        title="Choice", description="Its label or its id."
    )


class OrderDetails(Record):
    """An order with who ordered. Most of that is told by no list, and stays where not changed."""

    uuid: Uuid = Field(title="Id")
    order_id: Line = Field("", title="Order")
    state: Annotated[Line, Choices(STATES)] = Field("", title="State")
    refunded: BoolDefaultFalse = Field(False, title="Refunded")
    buyer: Line = Field("", title="Buyer")
    first_name: Annotated[Line, Edit(required=True)] = Field("", title="First name")
    last_name: Annotated[Line, Edit(required=True)] = Field("", title="Last name")
    email: Annotated[Email, Edit(required=True)] = Field("", title="E-mail")
    phone: Annotated[Line, Edit()] = Field("", title="Phone")
    title: Annotated[Line, Edit()] = Field("", title="Title")
    venue: Annotated[Line, Edit()] = Field("", title="Venue")
    business_name: Annotated[Line, Edit()] = Field("", title="Company")
    cvr: Annotated[Line, Edit()] = Field("", title="CVR", description="Danish company number.")
    street: Annotated[Line, Edit()] = Field("", title="Street")
    street_2: Annotated[Line, Edit()] = Field("", title="Street, second line")
    city: Annotated[Line, Edit()] = Field("", title="City")
    postcode: Annotated[Line, Edit()] = Field("", title="Postcode")
    country: Annotated[Line, Edit()] = Field("", title="Country")
    tickets: Count = Field(None, title="Tickets")
    """How many; None: not told, as when one order is read."""
    total: Money = Field(None, title="Total")
    fees: Money = Field(None, title="Fees in that")
    currency: Line = Field("", title="Currency")
    created: Moment = Field(None, title="Created")
    external_order_id: Line = Field("", title="External id")
    lines: tuple[OrderLine, ...] = Field((), title="Line")
    """Empty: not told, as in most answers about one order."""


class Wanted(Record):
    """How many tickets of a type."""

    ticket_type: Annotated[Line, Edit(required=True)] = Field(
        title="Ticket type", description="Its title or its id."
    )
    amount: Annotated[NeededCount, Edit(required=True)] = Field(1, title="Tickets")


_made_here: set[str] = set()


def new_external_id() -> str:
    """What an order can be known by, whatever becomes of the try to place it."""
    made = f"desk-{secrets.token_hex(6)}"
    _made_here.add(made)
    return made


def made_here(external_id: str) -> bool:
    """It is of this process: no order had it before."""
    return external_id in _made_here


class NewOrder(Record):
    """An order to be placed; it is paid."""

    first_name: Annotated[Line, Edit(required=True)] = Field(title="First name")
    last_name: Annotated[Line, Edit(required=True)] = Field(title="Last name")
    email: Annotated[Email, Edit(required=True)] = Field(title="E-mail")
    phone: Annotated[Line, Edit()] = Field("", title="Phone")
    amounts: Annotated[tuple[Wanted, ...], Edit(required=True)] = Field((), title="Tickets")
    external_order_id: Annotated[Line, Edit(required=True)] = Field(
        default_factory=new_external_id,
        title="External id",
        description="By it a second try is told.",
    )


class AnswerRow(Record):
    """What was answered to a question."""

    question: Uuid = Field(title="Id")
    heading: Line = Field("", title="Question")
    value: Line = Field("", title="Answer")
    """A text, or the labels of the choices taken."""


class NewAnswer(Record):
    """An answer to be stored."""

    question: Annotated[Line, Edit(required=True)] = Field(
        title="Question", description="What is asked, or its id."
    )
    value: Annotated[Line, Edit()] = Field(
        "", title="Answer", description="Of choices: their labels, with a comma between them."
    )


class HookRow(Webhook):
    """A webhook, and what it is called on a screen that others may see."""

    name: Line = Field("", title="Webhook")


class ActionRow(Record):
    """What a webhook may listen to."""

    action: Line = Field(title="Action")
    meaning: Line = Field("", title="When")


class Export(Record):
    """Something that a site exports."""

    name: Line = Field(title="Name")
    what: Line = Field("", title="Export")


class Month(Record):
    """Of which month the orders are wanted, and who is to have them."""

    year: Annotated[Count, Edit()] = Field(None, title="Year", description="Empty: this year.")
    month: Annotated[Count, Edit()] = Field(None, title="Month", description="1 to 12; empty: now.")
    email: Annotated[Email, Edit()] = Field(
        "", title="E-mail", description="Empty: who the site sends its accounts to."
    )


ADDRESS = tuple(Address.__dataclass_fields__)
"""The fields of an order that say who ordered."""
