"""A sale that is being filled in: how many of what, who buys, what is asked. Knows no terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers, put
from boxoffice.domain.models import AnswerInput, Question, TicketType
from boxoffice.domain.money import read_money
from boxoffice.domain.offer import Offer
from boxoffice.domain.questions import Draft, Field, before
from boxoffice.domain.text import clean
from boxoffice.language import N_, _

NAME, EMAIL, PHONE, CODE = "buyer.name", "buyer.email", "buyer.phone", "buyer.discount"
"""In place of a question's uuid: fields of the buyer, and the discount code."""
WALK_UP = N_("Walk-up")
"""First name of a buyer who gives none; the last is the lane's, which tells one door's apart."""
NAME_LIMIT, PHONE_LIMIT = 100, 40


@dataclass
class SaleDraft:
    """What a person has filled in so far. It outlives the screen."""

    lines: tuple[Line, ...] = ()
    paid: PaymentMethod | None = None
    """None: as the last one was."""
    given: str = ""
    """As it is typed."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    """What stands in the fields, by their question's uuid."""
    check_in: bool | None = None
    """None: as the policy says."""
    more: bool = False
    """The optional questions are shown."""
    last_id: int | None = None
    """Of the sale made before it."""
    asked_house_email: bool = False
    """A person was asked for the house's e-mail, whether there is one now or not."""

    @property
    def is_begun(self) -> bool:
        return bool(self.lines or self.given or any(self.drafts.values()))

    def next(self) -> "SaleDraft":
        """An empty one, for the sale behind it."""
        return SaleDraft(last_id=self.last_id, asked_house_email=self.asked_house_email)

    def want(self, offer: Offer, kind: TicketType, amount: int, digit: int | None = None) -> str:
        """Have so many tickets of a type; answers why not, where there cannot be so many.

        `digit`: of those typed, the last: what it alone says is taken then, where that can be.
        """
        limit, reason = offer.most(kind, self.lines)
        if amount > limit:
            if digit is None or digit > limit:
                return reason
            amount = digit
        else:
            reason = ""
        self.lines = put(self.lines, kind, amount)
        return reason

    def reprice(self, offer: Offer) -> list[str]:
        """Take the prices and titles of now; answers the titles whose price is another one.

        A type that is gone stays as it was.
        """
        known, old = {kind.uuid: kind for kind in offer.types}, self.lines
        self.lines = tuple(
            line._replace(title=kind.title, price=kind.price or Decimal(0))
            if (kind := known.get(line.ticket_type))
            else line
            for line in old
        )
        pairs = zip(self.lines, old, strict=True)
        return [now.title for now, was in pairs if now.price != was.price]

    def payment_method(self, offer: Offer) -> PaymentMethod:
        """How it is paid, where it costs anything."""
        last = offer.last_paid
        return self.paid or (PaymentMethod.CASH if last is PaymentMethod.FREE else last)

    @property
    def code(self) -> str:
        return clean(_text(self.drafts.get(CODE, "")))

    def checks_in(self, offer: Offer) -> bool:
        return offer.check_in if self.check_in is None else self.check_in

    def cart(self, offer: Offer, lane: str, locale: str) -> Cart:
        """What it comes to so far, without the answers. `lane`: its name."""
        paid = self.payment_method(offer)
        is_cash = paid is PaymentMethod.CASH
        return offer.cart(
            self.lines,
            buyer_of(self.drafts, offer.house_email, lane),
            paid,
            given=read_money(self.given, locale, offer.currency) if is_cash else None,
            check_in=self.check_in,
            code=self.code,
        )

    def fields(self, offer: Offer) -> list[Field]:
        """The form: what must be answered, the buyer, then with `more` the optional questions."""
        asked = (*_of_tickets(offer, self.lines), *offer.questions)
        needed = [_field(question) for question in asked if question.required]
        spare = [_field(question) for question in asked if not question.required]
        return [*needed, *_buyer(offer), *(spare if self.more else ())]

    def optional(self, offer: Offer) -> int:
        """How many questions `more` adds."""
        asked = (*offer.questions, *_of_tickets(offer, self.lines))
        return sum(not question.required for question in asked)


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
    return [
        Field(Question(NAME, _("Buyer"), "NAME_FIRST_LAST"), ("", "")),
        Field(
            Question(EMAIL, _("E-mail"), "EMAIL"),
            offer.house_email,
            asked=not offer.house_email,
            typed_over=True,
        ),
        Field(Question(PHONE, _("Phone"), "PHONE"), ""),
        Field(Question(CODE, _("Discount code")), "", typed_over=True),
    ]


def buyer_of(drafts: Mapping[str, Draft], house_email: str, lane: str) -> Buyer:
    """The buyer as the form has it; who gives no name is a walk-up of this lane."""
    names = drafts.get(NAME, ("", ""))
    first, last = (clean(part, NAME_LIMIT) for part in (*names, "", "")[:2])
    if not first and not last:
        first, last = _(WALK_UP), clean(lane, NAME_LIMIT)
    email = _text(drafts.get(EMAIL, house_email))
    return Buyer(
        first_name=first,
        last_name=last,
        email=email,
        phone=clean(_text(drafts.get(PHONE, "")), PHONE_LIMIT),
        house=bool(email) and email == house_email,
    )


def given_away(cart: Cart, reason: str) -> Cart:
    """The cart with the reason why nothing is paid for it."""
    given = cart.discount
    return replace(cart, discount=given._replace(reason=reason)) if given else cart


def with_answers(cart: Cart, given: Sequence[AnswerInput]) -> Cart:
    """The cart with what the form answers, as the order's and the tickets' answers.

    The buyer's fields are neither.
    """
    amounts = {line.ticket_type: line.amount for line in cart.lines}
    order: list[AnswerInput] = []
    tickets: dict[tuple[str, int], list[AnswerInput]] = {}
    for answer in given:
        kind, _, rest = answer.question.partition(".")
        number, _, question = rest.partition(".")
        if not rest:
            order.append(answer)
        elif kind in amounts and int(number) <= amounts[kind]:
            tickets.setdefault((kind, int(number)), []).append(AnswerInput(question, answer.value))
    asked = (TicketAnswers(kind, tuple(answers)) for (kind, _), answers in sorted(tickets.items()))
    return replace(cart, answers=tuple(order), asked=tuple(asked))


def _text(draft: Draft) -> str:
    return (draft if isinstance(draft, str) else " ".join(draft)).strip()
