"""A cart comes back from the file as the very same cart."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.domain.cart import Buyer, Cart, Discount, Line, PaymentMethod, TicketAnswers
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.sale import SaleState
from boxoffice.store import Journal, journal_db, sales
from boxoffice.store.carts import cart_from_json, cart_to_json
from tests.store.sale_support import FULL_CART, begin, cart

texts = st.text(st.characters(), max_size=20)
money = st.decimals(allow_nan=False, allow_infinity=False)
answers = st.builds(AnswerInput, texts, texts | st.lists(texts, max_size=3).map(tuple))
some_answers = st.lists(answers, max_size=3).map(tuple)
carts = st.builds(
    Cart,
    event=texts,
    currency=texts,
    lines=st.lists(st.builds(Line, texts, texts, money, st.integers()), max_size=3).map(tuple),
    buyer=st.builds(Buyer, texts, texts, texts, texts, house=st.booleans()),
    paid=st.sampled_from(PaymentMethod),
    given=st.none() | money,
    discount=st.none() | st.builds(Discount, texts, st.integers(), money, texts),
    answers=some_answers,
    asked=st.lists(st.builds(TicketAnswers, texts, some_answers), max_size=3).map(tuple),
    check_in=st.booleans(),
    elsewhere=st.lists(texts, max_size=3).map(tuple),
)


@given(carts)
def test_every_cart_comes_back_to_the_last_digit(whole: Cart) -> None:
    text = cart_to_json(whole)
    assert text.isascii()
    back = cart_from_json(text)
    assert back == whole
    assert repr(back) == repr(whole), "1.0 equals 1, and is not the same price tag"


async def test_through_the_file(journal: Journal) -> None:
    sale = await begin(journal, SaleState.QUEUED, FULL_CART)
    assert sale.cart == FULL_CART
    found = await journal.read(sales.get, sale.id)
    assert found == sale
    assert repr(found.cart) == repr(FULL_CART)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "sNaN"])
async def test_what_is_no_amount_is_not_kept(journal: Journal, word: str) -> None:
    for wrong in (cart(price=word), replace(cart(), given=Decimal(word))):
        with pytest.raises(ValueError, match="not a number"):
            await begin(journal, what=wrong)
    assert await journal.read_all(sales.in_states) == []
    assert await journal.read_all(journal_db.log) == []


async def test_the_journal_tells_what_was_sold_and_not_to_whom(journal: Journal) -> None:
    await begin(journal, SaleState.QUEUED, cart())
    (row,) = await journal.read_all(journal_db.log)
    assert row.entry.data is not None
    assert row.entry.data["total"] == "300.00"
    told = json.dumps(dict(row.entry.data), ensure_ascii=False)
    assert "aase" not in told
    assert "Åse" not in told
