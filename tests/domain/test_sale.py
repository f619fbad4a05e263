"""The table of a sale's states: where it may go, and what a person may do about it."""

from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.sale import AFTER, CLOSED, NEEDS_PERSON, RULES, Sale, SaleAction, SaleState
from tests.support import EVENING

S, A = SaleState, SaleAction
CART = Cart(
    "e" * 32,
    "DKK",
    (Line("a" * 32, "Standard", Decimal(295), 1),),
    Buyer("A", "B"),
    PaymentMethod.CASH,
)
LEADS_TO = {
    A.SELL_AGAIN: {S.SENDING},
    A.GIVE_UP: {S.DROPPED},
    A.NAME_ORDER: {S.SOLD},
    A.LOOK: {S.SOLD},
}


def sale(state: SaleState, **other: tuple[str, ...]) -> Sale:
    return Sale(1, 1, "BX-1-1", state, CART, EVENING, "1", "Kim", **other)  # type: ignore[arg-type]


def test_every_state_has_its_rule() -> None:
    assert list(RULES) == list(S)
    assert {S.DONE, S.REFUSED, S.DROPPED} == CLOSED
    assert {S.NOT_PLACED, S.UNSURE, S.FAILED} == NEEDS_PERSON


@pytest.mark.parametrize("state", S)
def test_what_is_offered_can_be_done(state: SaleState) -> None:
    for action in sale(state).offers:
        assert LEADS_TO.get(action, set()) <= AFTER[state], action


@pytest.mark.parametrize("state", S)
def test_who_waits_for_it(state: SaleState) -> None:
    """The next buyer is served, somebody decides, or it is under way: one of the three."""
    offers = sale(state).offers
    waiting = [A.NEXT_SALE in offers, A.SELL_AGAIN in offers, state in (S.SENDING, S.UNKNOWN)]
    assert waiting.count(True) == 1
    assert sale(state).needs_person == (A.SELL_AGAIN in offers)
    assert A.GIVE_UP in offers or not sale(state).needs_person


@pytest.mark.parametrize("state", S)
def test_what_is_retried_is_looked_for_unless_it_was_refused(state: SaleState) -> None:
    retried = RULES[state].retried
    assert (retried is not None) == sale(state).needs_person
    assert retried is None or retried in AFTER[state]
    assert retried is None or (retried is S.QUEUED) == (state is S.FAILED)


def test_tickets_are_shown_once_they_are_known() -> None:
    assert A.PAPER not in sale(S.SOLD).offers
    assert A.PAPER in sale(S.SOLD, tickets=("f" * 32,)).offers
    assert A.PAPER in sale(S.DONE).offers


@pytest.mark.parametrize(
    ("word", "states"),
    [
        ("sold", {S.SOLD, S.DONE}),
        ("queued", {S.QUEUED}),
        ("refused", {S.REFUSED, S.DROPPED, S.FAILED}),
        ("unknown", {S.SENDING, S.UNKNOWN, S.NOT_PLACED, S.UNSURE}),
    ],
)
def test_words_of_the_command(word: str, states: set[SaleState]) -> None:
    assert {state for state in S if sale(state).word == word} == states
