"""The table of a sale's states: where it may go, and what a person may do about it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.sale import (
    AFTER,
    CLOSED,
    NEEDS_PERSON,
    RULES,
    Sale,
    SaleAction,
    SaleState,
    SaleUpdate,
    describe_give_back,
    moved,
    noted,
)
from tests.support import EVENING, table

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


@table("state", S)
def test_what_is_offered_can_be_done(state: SaleState) -> None:
    for action in sale(state).offers:
        assert LEADS_TO.get(action, set()) <= AFTER[state], action


@table("state", S)
def test_who_waits_for_it(state: SaleState) -> None:
    """The next buyer is served, somebody decides, or it is under way: one of the three."""
    offers = sale(state).offers
    waiting = [A.NEXT_SALE in offers, A.SELL_AGAIN in offers, state in (S.SENDING, S.UNKNOWN)]
    assert waiting.count(True) == 1
    assert sale(state).needs_person == (A.SELL_AGAIN in offers)
    assert A.GIVE_UP in offers or not sale(state).needs_person


@table("state", S)
def test_what_is_retried_is_looked_for_unless_it_was_refused(state: SaleState) -> None:
    retried = RULES[state].retried
    assert (retried is not None) == sale(state).needs_person
    assert retried is None or retried in AFTER[state]
    assert retried is None or (retried is S.QUEUED) == (state is S.FAILED)


def test_tickets_are_shown_once_they_are_known() -> None:
    assert A.PAPER not in sale(S.SOLD).offers
    assert A.PAPER in sale(S.SOLD, tickets=("f" * 32,)).offers
    assert A.PAPER in sale(S.DONE).offers


@table(
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


LATER = EVENING + timedelta(minutes=1)
NOTHING = SaleUpdate()


@table("booked", [False, True])
@table("state", S)
def test_money_is_taken_once_and_given_back_once(state: SaleState, booked: bool) -> None:
    """Counted twice, or kept after a sale was given up, the till differs by its price."""
    now = moved(sale(S.SENDING)._replace(booked=booked), state, NOTHING, LATER).booked
    wanted = {S.QUEUED: True, S.SOLD: True, S.DROPPED: False}
    assert now is wanted.get(state, booked)


def test_a_post_is_stamped_and_counted_where_its_answer_was_lost() -> None:
    sent = moved(sale(S.QUEUED)._replace(tries=3), S.SENDING, SaleUpdate(due=LATER), LATER)
    assert (sent.posted_at, sent.since, sent.tries, sent.lost) == (LATER, LATER, 3, 0)
    assert sent.due is None, "a post that is under way is not put off"
    assert moved(sent, S.UNKNOWN, NOTHING, LATER).lost == 1
    looked = moved(sale(S.UNSURE)._replace(lost=1), S.UNKNOWN, NOTHING, LATER)
    assert looked.lost == 1, "looked for again, not posted again"


def test_tries_count_what_was_put_off() -> None:
    """By them the waits grow, and looks in vain come to an end."""
    waiting = sale(S.SENDING)._replace(tries=2)
    put_off = SaleUpdate(due=LATER)
    assert moved(waiting, S.QUEUED, put_off, LATER).tries == 3
    assert moved(waiting, S.NOT_PLACED, NOTHING, LATER).tries == 0
    assert moved(waiting, S.UNKNOWN, put_off, LATER).tries == 1
    assert (noted(waiting, put_off).tries, noted(waiting, put_off).due) == (3, LATER)
    assert noted(waiting._replace(due=LATER), NOTHING) == waiting._replace(due=LATER)


def test_what_an_update_leaves_out_stays() -> None:
    """A step that forgets the order of a sale has it looked for, and perhaps placed, again."""
    known = sale(S.SOLD)._replace(
        order="1" * 32,
        order_id="dZy1",
        tickets=("f" * 32,),
        checked_in=True,
        after_number=7,
        unattended=True,
        reason="Its tickets are not listed yet.",
    )
    assert noted(known, NOTHING) == known
    done = moved(known, S.DONE, NOTHING, LATER)
    assert done == known._replace(state=S.DONE, since=LATER, reason="", booked=False)
    update = SaleUpdate(
        reason="x",
        order="2" * 32,
        order_id="dZy2",
        tickets=(),
        checked_in=False,
        after_number=0,
        unattended=False,
    )
    new = noted(known, update)
    assert (new.order, new.order_id, new.tickets) == ("2" * 32, "dZy2", ())
    assert (new.checked_in, new.after_number, new.unattended) == (False, 0, False)
    assert new.reason == "x"


@table(
    ("booked", "given", "paid", "back", "written"),
    [
        (True, 500, PaymentMethod.CASH, 295, "Pay X back, out of the till of lane 1."),
        (True, None, PaymentMethod.CASH, 295, "Pay X back, out of the till of lane 1."),
        (False, 500, PaymentMethod.CASH, 500, "Pay X back."),
        (False, None, PaymentMethod.CASH, 295, "Pay X back."),
        (False, 500, PaymentMethod.CARD, 295, "Pay X back (Card)."),
        (True, None, PaymentMethod.CARD, 295, "Pay X back (Card)."),
    ],
)
def test_what_goes_back_for_a_sale_given_up(
    booked: bool, given: int | None, paid: PaymentMethod, back: int, written: str
) -> None:
    cart = replace(CART, paid=paid, given=None if given is None else Decimal(given))
    failed = sale(S.FAILED)._replace(cart=cart, booked=booked)
    assert failed.to_give_back == back
    assert describe_give_back(failed, "X") == written
