"""What the form of a sale asks: the buyer, and the questions of the order and of its tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from boxoffice.domain.cart import Asked, Buyer, Line, Paid
from boxoffice.domain.models import Choice, Given, Question
from boxoffice.domain.questions import Draft, Field, before
from boxoffice.domain.text import clean
from boxoffice.lane.box_office import Offer

NAME, EMAIL, PHONE, HOUSE = "buyer.name", "buyer.email", "buyer.phone", "buyer.house"
"""In place of a question's uuid: fields of the buyer."""
WALK_UP = "Walk-up"
"""First name of a buyer who gives none; the last is the lane's, which tells one door's apart."""
NAME_LIMIT, PHONE_LIMIT = 100, 40
KEEP = "The e-mail is the house's own: keep it for buyers who give none"


@dataclass
class Half:
    """A sale that is being filled in."""

    lines: tuple[Line, ...] = ()
    paid: Paid | None = None
    """None: as the last one was."""
    given: str = ""
    """As it is typed."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    check_in: bool | None = None
    """None: as the policy says."""
    more: bool = False
    """The optional questions are shown."""
    last: int | None = None
    """The sale made before it."""


def fields_of(offer: Offer, lines: Sequence[Line], *, more: bool) -> list[Field]:
    """The form: what must be answered, then the buyer, then with `more` the optional questions."""
    every = (*_of_tickets(offer, lines), *offer.questions)
    needed = [_field(each) for each in every if each.required]
    spare = [_field(each) for each in every if not each.required]
    return [*needed, *_buyer(offer), *(spare if more else ())]


def optional(offer: Offer, lines: Sequence[Line]) -> int:
    """How many questions `more` adds."""
    every = (*offer.questions, *_of_tickets(offer, lines))
    return sum(not each.required for each in every)


def _field(question: Question) -> Field:
    return Field(question, before(question, None), asked=question.required)


def _of_tickets(offer: Offer, lines: Sequence[Line]) -> list[Question]:
    """The questions of each ticket of the cart, named by their ticket.

    A site that names no type with any question may still ask some of one type alone. Those are not
    required here: the door asks them of the tickets that they are meant for.
    """
    typed = any(question.ticket_type for question in offer.ticket_questions)
    return [
        replace(
            question,
            required=question.required and typed,
            uuid=f"{line.ticket_type}.{number}.{question.uuid}",
            heading=f"{line.title} {number}: {question.heading}",
        )
        for line in lines
        for number in range(1, line.amount + 1)
        for question in offer.ticket_questions
        if question.active and question.ticket_type in (None, "", line.title)
    ]


def _buyer(offer: Offer) -> list[Field]:
    keep = Question(HOUSE, "House e-mail", "SELECT_MULTIPLE", choices=(Choice("keep", KEEP),))
    return [
        Field(Question(NAME, "Buyer", "NAME_FIRST_LAST"), ("", "")),
        Field(Question(EMAIL, "E-mail", "EMAIL"), offer.house_email, asked=not offer.house_email),
        Field(Question(PHONE, "Phone", "PHONE"), ""),
        Field(keep, ()),
    ]


def buyer_of(drafts: Mapping[str, Draft], house_email: str, lane: str) -> Buyer:
    """The buyer as the form has it; who gives no name is a walk-up of this lane."""
    names = drafts.get(NAME, ("", ""))
    first, last = (clean(part, NAME_LIMIT) for part in (*names, "", "")[:2])
    if not first and not last:
        first, last = WALK_UP, clean(lane, NAME_LIMIT)
    email = _text(drafts.get(EMAIL, house_email))
    return Buyer(
        first_name=first,
        last_name=last,
        email=email,
        phone=clean(_text(drafts.get(PHONE, "")), PHONE_LIMIT),
        house=bool(email) and (email == house_email or bool(drafts.get(HOUSE))),
    )


def answers_of(given: Sequence[Given], lines: Sequence[Line]) -> tuple[list[Given], list[Asked]]:
    """What the form answers, as the order's and each ticket's; the buyer's fields are neither."""
    types = {line.ticket_type: line.amount for line in lines}
    order: list[Given] = []
    tickets: dict[tuple[str, int], list[Given]] = {}
    for each in given:
        kind, _, rest = each.question.partition(".")
        number, _, question = rest.partition(".")
        if not rest:
            order.append(each)
        elif kind in types and int(number) <= types[kind]:
            tickets.setdefault((kind, int(number)), []).append(Given(question, each.value))
    return order, [Asked(kind, tuple(each)) for (kind, _), each in sorted(tickets.items())]


def repriced(lines: Sequence[Line], offer: Offer) -> tuple[Line, ...]:
    """The lines at the prices and titles of now; a type that is gone stays as it was."""
    known = {kind.uuid: kind for kind in offer.types}
    return tuple(
        line._replace(title=kind.title, price=kind.price or Decimal(0))
        if (kind := known.get(line.ticket_type))
        else line
        for line in lines
    )


def kept_half(kept: Mapping[str, Mapping[str, Any]], event: str) -> Half:
    """The half-filled sale that was left, or a new one."""
    half = kept.get(key(event), {}).get("half")
    return half if isinstance(half, Half) else Half()


def key(event: str) -> str:
    """By which a half-filled sale is kept."""
    return f"sale {event}"


def _text(draft: Draft) -> str:
    return (draft if isinstance(draft, str) else " ".join(draft)).strip()
