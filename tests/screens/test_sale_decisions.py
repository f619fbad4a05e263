"""What the sale screens decide, without a terminal: the half-filled form, and what is asked."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import AnswerInput, Question, TicketType
from boxoffice.domain.offer import Offer
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.screens.dialogs import ConfirmDialog, ReasonDialog
from boxoffice.screens.outcome import TWICE, dialog_of, offered
from boxoffice.screens.sale_form import (
    EMAIL,
    NAME,
    SaleDraft,
    buyer_of,
    with_answers,
)
from boxoffice.screens.sale_texts import advice, face_of, facts_of, figures_of
from tests.support import EVENING

A, S = SaleAction, SaleState
STANDARD = TicketType("a" * 32, "Standard", price=Decimal(295), left=6)
STUDENT = TicketType("b" * 32, "Student", price=Decimal(195))
SIZE = Question("c" * 32, "Size", "TEXT", required=True, ticket_type="Standard")
OFFER = Offer(
    event="e" * 32,
    types=(STANDARD, STUDENT),
    questions=(Question("d" * 32, "Where from?", "TEXT"),),
    ticket_questions=(SIZE,),
    currency="DKK",
    ticket_limit=8,
    house_email="door@example.com",
    last_paid=PaymentMethod.CARD,
    online=True,
    offline_sales=False,
    reserve=None,
    at=EVENING,
)


@pytest.mark.parametrize(
    ("amount", "digit", "reason", "taken"),
    [
        (6, 6, "", 6),
        (7, 7, "Only 6 of Standard are left.", 0),
        (12, 2, "Only 6 of Standard are left.", 2),
        (7, None, "Only 6 of Standard are left.", 0),
    ],
)
def test_how_many(amount: int, digit: int | None, reason: str, taken: int) -> None:
    draft = SaleDraft()
    assert draft.want(OFFER, STANDARD, amount, digit) == reason
    assert sum(line.amount for line in draft.lines) == taken


def test_how_many_lie_in_baskets() -> None:
    kind = replace(STANDARD, left=1, in_baskets=3)
    reason = SaleDraft().want(OFFER, kind, 2)
    assert reason == "Only 1 of Standard is left, and 3 lie in baskets."


def test_how_many_of_one_order_and_without_the_site() -> None:
    draft = SaleDraft()
    draft.want(OFFER, STANDARD, 5)
    assert "One order takes at most 8 tickets: 3 of" in draft.want(OFFER, STUDENT, 4)
    offline = replace(OFFER, online=False, offline_sales=True, reserve={STUDENT.uuid: 2})
    assert draft.want(offline, STUDENT, 3).startswith("Without the site, only 2 more of Student")
    assert draft.want(offline, STUDENT, 2) == ""


def test_prices_of_now() -> None:
    draft = SaleDraft()
    draft.want(OFFER, STANDARD, 1)
    draft.want(OFFER, STUDENT, 1)
    dearer = replace(OFFER, types=(replace(STANDARD, price=Decimal(300)),))
    assert draft.reprice(dearer) == ["Standard"]
    assert [line.price for line in draft.lines] == [Decimal(300), Decimal(195)]
    assert draft.reprice(dearer) == []


def test_what_is_asked() -> None:
    draft = SaleDraft()
    draft.want(OFFER, STANDARD, 2)
    headings = [field.question.heading for field in draft.fields(OFFER)]
    assert headings[:2] == ["Standard 1: Size", "Standard 2: Size"]
    assert headings[2:] == ["Buyer", "E-mail", "Phone", "Discount code"]
    assert draft.optional(OFFER) == 1
    draft.more = True
    assert [field.question.heading for field in draft.fields(OFFER)][-1] == "Where from?"


def test_answers_go_to_the_order_and_to_their_tickets() -> None:
    line = Line(STANDARD.uuid, "Standard", Decimal(295), 2)
    cart = Cart("e" * 32, "DKK", (line,), Buyer(), PaymentMethod.CASH)
    given = [AnswerInput(f"{STANDARD.uuid}.{n}.{SIZE.uuid}", str(n)) for n in (2, 1, 3)]
    answered = with_answers(cart, [*given, AnswerInput("d" * 32, "Aarhus")])
    assert answered.answers == (AnswerInput("d" * 32, "Aarhus"),)
    assert answered.asked == tuple(
        TicketAnswers(STANDARD.uuid, (AnswerInput(SIZE.uuid, size),)) for size in ("1", "2")
    )


def test_who_buys() -> None:
    house = "door@example.com"
    assert buyer_of({}, house, "North") == Buyer("Walk-up", "North", house, house=True)
    own = buyer_of({NAME: ("Bo", ""), EMAIL: " bo@example.com "}, house, "North")
    assert own == Buyer("Bo", "", "bo@example.com")
    assert not buyer_of({EMAIL: "new@example.com"}, "", "1").house


def test_what_is_begun_and_what_the_next_one_takes_over() -> None:
    assert not SaleDraft(last_id=4, drafts={NAME: ""}).is_begun
    begun = (SaleDraft(given="5"), SaleDraft(drafts={NAME: ("Bo", "")}))
    assert all(draft.is_begun for draft in begun)
    draft = SaleDraft(last_id=4, asked_house_email=True)
    draft.want(OFFER, STANDARD, 1)
    assert draft.is_begun
    assert draft.next() == SaleDraft(last_id=4, asked_house_email=True)


def sale(state: SaleState, paid: PaymentMethod = PaymentMethod.CASH) -> Sale:
    line = Line(STANDARD.uuid, "Standard", Decimal(295), 1)
    cart = Cart("e" * 32, "DKK", (line,), Buyer("Bo", "Ek", "bo@example.com"), paid)
    return Sale(1, 1, "BX-1-1", state, cart, EVENING, "1", "Kim")


def test_what_is_paid_in_coins() -> None:
    exact = sale(S.DONE)
    odd = replace(exact.cart, rounding=Decimal("-0.10"), given=Decimal(300))
    rounded = exact._replace(cart=odd)
    facts = dict(facts_of(rounded, "19:02", "da_DK"))
    assert facts["Rounding"] == "-0,10 · 294,90 kr. in coins"
    assert facts["Paid"].endswith("total 295,00 kr. · given 300,00 kr. · change 5,10 kr.")
    assert "Rounding" not in dict(facts_of(exact, "19:02", "da_DK"))
    (figure,) = figures_of(rounded._replace(cart=replace(odd, given=None)), "da_DK")
    assert figure.plain == "IN CASH 294,90 DKK"
    given_up = exact._replace(state=S.DROPPED, cart=odd, booked=True)
    assert [figure.plain for figure in figures_of(given_up, "da_DK")] == ["GIVE BACK 294,90 DKK"]


def test_what_is_sold_stays_so_whatever_a_request_says() -> None:
    sold = sale(S.SOLD)._replace(reason="The site has a fault of its own (503).")
    assert face_of(sold, EVENING, "19:02").reason == face_of(sale(S.SOLD), EVENING, "19:02").reason
    assert dict(facts_of(sold, "19:02", "da_DK"))["Trouble"] == sold.reason
    assert advice(sold).startswith("Let them in")
    assert not advice(sold._replace(cart=replace(sold.cart, check_in=False)))
    assert not advice(sale(S.SOLD)), "while nothing holds it up"


def test_what_to_do_with_what_is_sold() -> None:
    shirts, standard = Line("f" * 32, "T-shirt", Decimal(150), 2), sale(S.DONE).cart.lines[0]

    def reason(*lines: Line, extras: Sequence[Line] = ()) -> str:
        sold = sale(S.DONE)._replace(checked_in=True)
        sold = sold._replace(cart=replace(sold.cart, lines=lines))
        return face_of(sold, EVENING, "19:02", extras).reason

    assert reason(standard) == "Checked in: let them in."
    both = reason(standard, shirts, extras=[shirts])
    assert both == "All checked in: let them in, and hand over 2 × T-shirt."
    assert reason(shirts, extras=[shirts]) == "Handed out: give them 2 × T-shirt."


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("selling", [True, False])
def test_the_buttons(state: SaleState, selling: bool) -> None:
    labels = offered(sale(state), selling=selling)
    assert set(labels) <= {*sale(state).offers, "back"}
    assert selling or A.NEXT_SALE not in labels
    assert all(labels.values())


def test_what_is_asked_before() -> None:
    again = dialog_of(A.SELL_AGAIN, sale(S.UNSURE), "da_DK")
    assert isinstance(again, ConfirmDialog)
    assert again.text == TWICE
    assert dialog_of(A.SELL_AGAIN, sale(S.NOT_PLACED), "da_DK") is None
    assert dialog_of(A.LOOK, sale(S.UNSURE), "da_DK") is None
    drop = dialog_of(A.GIVE_UP, sale(S.UNSURE, PaymentMethod.CARD), "da_DK")
    assert isinstance(drop, ReasonDialog)
    assert "stay valid at the site" in str(drop.text)
    assert str(drop.text).endswith("Pay 295,00 kr. back (Card).")
    assert drop.suggestions
    name = dialog_of(A.NAME_ORDER, sale(S.UNSURE), "da_DK")
    assert isinstance(name, ReasonDialog)
    assert "BX-1-1" in str(name.text)
    assert not name.suggestions
