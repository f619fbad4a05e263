"""The buyer of an order as a form: which fields it has, and what was changed in them."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace

from boxoffice.domain.models import Address, AnswerInput, Question
from boxoffice.domain.questions import Field

PREFIX = "address."
"""Before a field's name, in place of a question's uuid."""

_FIELDS = (
    ("first_name", "First name", "TEXT", True),
    ("last_name", "Last name", "TEXT", True),
    ("email", "E-mail", "EMAIL", True),
    ("phone", "Phone", "PHONE", False),
    ("business_name", "Company", "COMPANY", False),
    ("cvr", "Company number (CVR)", "TEXT", False),
    ("title", "Title", "TEXT", False),
    ("venue", "Venue", "TEXT", False),
    ("street", "Street", "TEXT", False),
    ("street_2", "Street, second line", "TEXT", False),
    ("postcode", "Postcode", "TEXT", False),
    ("city", "City", "TEXT", False),
    ("country", "Country", "TEXT", False),
)
FIRST = 4
"""Fields that stand before the questions; the others follow them."""


def address_fields(address: Address) -> tuple[Field, ...]:
    """The form, with what the order has."""
    known = asdict(address)
    return tuple(
        Field(Question(PREFIX + name, heading, kind, required=required), known[name])
        for name, heading, kind, required in _FIELDS
    )


def corrected(address: Address, given: Iterable[AnswerInput]) -> Address:
    """`address` with what was filled in; other answers are left out."""
    return replace(
        address,
        **{
            each.question.removeprefix(PREFIX): str(each.value)
            for each in given
            if each.question.startswith(PREFIX)
        },
    )


def others(given: Iterable[AnswerInput]) -> tuple[AnswerInput, ...]:
    """The answers that are no part of the address."""
    return tuple(each for each in given if not each.question.startswith(PREFIX))


def holds(known: Address, wanted: Address) -> bool:
    """Whether an order has the address, as far as it is told: most fields are not."""
    pairs = ((getattr(known, field.name), getattr(wanted, field.name)) for field in fields(Address))
    return known != Address() and all(one in ("", other) for one, other in pairs)
