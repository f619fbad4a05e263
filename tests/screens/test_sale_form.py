"""The form of a sale on a real lane: the buyer, the house e-mail, the questions, what is kept."""

from decimal import Decimal
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from boxoffice.domain.cart import Discount
from boxoffice.domain.questions import NOT_AN_EMAIL
from boxoffice.domain.sale import SaleState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import DiscountCode
from boxoffice.screens.dialogs import EmailDialog, ReasonDialog
from boxoffice.screens.sale import NOT_BEGUN, SaleScreen
from boxoffice.screens.sale_form import SaleDraft
from boxoffice.screens.sale_texts import HINTS, NO_EMAIL
from boxoffice.widgets.form import QuestionField, SaleForm
from boxoffice.widgets.sale_inputs import NO_AMOUNT
from tests.lane.conftest import OpenLane
from tests.screens.sales_support import (
    HOUSE,
    given,
    note,
    open_till,
    ours,
    outcome,
    ready,
    sale_screen,
    screen,
)
from tests.screens.stage import WIDE, Stage, field, see, text_of
from tests.support import FakeClock, until


@pytest.fixture
async def till(open_lane: OpenLane) -> Lane:
    return await open_till(open_lane)


def headings(pilot: Pilot[Any]) -> list[str]:
    """Of the questions whose fields are there to be filled in."""
    return [
        each.field.question.heading
        for each in pilot.app.screen.query(QuestionField)
        if each.is_mounted and each.children
    ]


async def write(pilot: Pilot[Any], heading: str, text: str) -> None:
    """Write into a field, as a person who tabbed to it."""
    field(pilot, heading).focus_first()
    await pilot.pause()
    await pilot.press(*text)


async def test_a_buyer_and_not_checked_in(till: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    async with sale_screen(till, size=WIDE) as pilot:
        await pilot.press("1", "tab", *"Åse", "enter", *"Ågård", "enter")
        mail = field(pilot, "E-mail").query_one(Input)
        mail.value = "ase@example.com"
        await see(pilot, "Åse Ågård · ase@example.com")
        assert "◆ HOUSE E-MAIL" not in text_of(pilot.app)
        await pilot.press("f2")
        await see(pilot, "Check in now: no")
        await pilot.press("ctrl+s")
        sale = await outcome(pilot, clock, SaleState.DONE)
        await see(pilot, "Not checked in, as was asked for")
    (order,) = ours(sandbox)
    assert order.address["email"] == "ase@example.com"
    assert not sale.cart.buyer.house
    assert not order.tickets[0].checked_in


async def test_a_house_email_is_asked_for_once(open_lane: OpenLane, clock: FakeClock) -> None:
    """Before the first sale, and outside of it: then two are sold for cash in as few keys."""
    till = await open_till(open_lane, email="")
    app = Stage(SaleScreen(till))
    async with app.run_test(size=WIDE) as pilot:
        await until(lambda: isinstance(app.screen, EmailDialog), "the question")
        await pilot.press(*"door", "enter")
        await see(pilot, NOT_AN_EMAIL)
        await pilot.press("@")
        assert NOT_AN_EMAIL not in text_of(app), "it is being mended"
        await pilot.press(*HOUSE.removeprefix("door@"), "enter")
        await ready(pilot)
        await see(pilot, f"Walk-up North · {HOUSE}  ◆ HOUSE E-MAIL")
        await pilot.press("2", "enter", *"700", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
        await pilot.press("enter")
        await ready(pilot)
        assert "◆ HOUSE E-MAIL" in text_of(app)
    assert sale.cart.buyer.house
    assert sale.cart.amount == 2


async def test_without_a_house_email_the_buyer_s_own_is_asked_for(open_lane: OpenLane) -> None:
    till = await open_till(open_lane, email="")
    drafts: dict[str, SaleDraft] = {}
    app = Stage(SaleScreen(till, drafts))
    async with app.run_test(size=WIDE) as pilot:
        await until(lambda: isinstance(app.screen, EmailDialog), "the question")
        await pilot.press("escape")
        await ready(pilot)
        await see(pilot, NO_EMAIL)
        await pilot.press("1", "enter", "down", *"12", "up", *"bo@example.com")
        await see(pilot, "Walk-up North · bo@example.com")
        assert "◆ HOUSE E-MAIL" not in text_of(app)
        await pilot.press("escape")
    async with sale_screen(till, drafts=drafts) as pilot:  # and not the house's once more
        await see(pilot, "bo@example.com")


async def test_what_is_wrong_is_said_until_it_is_mended_and_a_sale_can_be_discarded(
    till: Lane,
) -> None:
    drafts: dict[str, SaleDraft] = {}
    async with sale_screen(till, drafts=drafts) as pilot:
        await pilot.press("f9")
        assert note(pilot) == NOT_BEGUN
        await pilot.press("1", "enter", *"1,2,3", "enter")
        assert note(pilot) == NO_AMOUNT
        await pilot.press("backspace")
        assert note(pilot) == HINTS["given"]
        await pilot.press("f9")
        await see(pilot, "Nothing is sold: 1 × Standard.")
        await pilot.press("right", "enter")
        await ready(pilot)
        assert given(pilot).value == ""
        assert drafts == {till.event.uuid: screen(pilot).draft}
        assert not screen(pilot).draft.is_begun


async def test_a_discount_code_by_its_key_and_then_tickets_that_are_given_away(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    event = sandbox.state.tonight
    code = DiscountCode(1, "HAVN50", Decimal(50), "PER_TICKET", 9, event)
    async with sale_screen(till) as pilot:
        await pilot.press("2", "f7", *"havn50", "ctrl+s")
        await see(pilot, "There is no discount code “havn50” at this event.")
        sandbox.state.discount_codes[code.id] = code  # the organiser makes it now
        await pilot.press("ctrl+s")
        await see(pilot, "The discount of havn50 is another one now: look at the new total.")
        await see(pilot, "Sell for 490,00 kr.")
        await pilot.press("f7", "end", "backspace", "tab")
        await see(pilot, "There is no discount code “havn5” at this event.")
        await see(pilot, "  Buyer  Walk-up North")
        await pilot.press("f7", "end", "0")
        await see(pilot, "HAVN50 -100,00 kr. · Buyer")
        await see(pilot, "Sell for 490,00 kr.")
        await pilot.press("ctrl+s")
        sale = await outcome(pilot, clock, SaleState.DONE)
        assert (sale.cart.payable, sale.cart.discounted) == (Decimal(490), Decimal(100))
        await see(pilot, "HAVN50 -100,00 kr.")
        await see(pilot, "total 490,00 kr.")
        await pilot.press("enter")
        await ready(pilot)
        await pilot.press("1", "left")  # before cash comes what is free
        await see(pilot, "Give them away…")
        await see(pilot, "Walk-up North · ◆ HOUSE E-MAIL")
        await pilot.press("enter", "enter")
        await until(lambda: isinstance(pilot.app.screen, ReasonDialog), "why")
        await see(pilot, "1 × Standard, at 295,00 kr., and nothing is paid.")
        await pilot.press(*"Press", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
    assert sale.cart.is_complimentary
    assert sale.cart.discount == Discount("", 1, Decimal(295), "Press")


@pytest.mark.parametrize("dialect", ["live"])  # it says which type a question is asked of
async def test_required_questions_are_asked_before_the_cash(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with sale_screen(till, size=WIDE) as pilot:
        await pilot.press("down", "down", "2", "enter")
        await see(pilot, "Dinner & concert 2: Which menu?")
        await pilot.press("ctrl+s")
        assert "6 answers need a look." in text_of(pilot.app)
        for number in (1, 2):
            head = f"Dinner & concert {number}: "
            field(pilot, f"{head}Which menu?").focus_first()
            await pilot.pause()
            await pilot.press("down", "enter", *f"Guest{number}", "tab", *"Name", "tab", "space")
        await pilot.press("ctrl+s")
        sale = await outcome(pilot, clock, SaleState.DONE)
        assert sale.checked_in, sale.reason
    (order,) = ours(sandbox)
    values = [
        answer.value for ticket in order.tickets for answer in (ticket.answers or {}).values()
    ]
    assert {"Guest1 Name", "Guest2 Name"} <= set(values)


async def test_the_optional_questions_of_the_order(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with sale_screen(till, size=WIDE) as pilot:
        await pilot.press("1", "ctrl+o")
        await see(pilot, "Fewer questions")
        await until(lambda: "Guess the number of lanterns" in headings(pilot), "the questions")
        await write(pilot, "Guess the number of lanterns", "many")
        await pilot.press("ctrl+s")
        assert "One answer needs a look." in text_of(pilot.app)
        field(pilot, "Guess the number of lanterns").query_one(Input).value = "42"
        await pilot.press("ctrl+s")
        await outcome(pilot, clock, SaleState.DONE)
    (order,) = ours(sandbox)
    assert [answer.value for answer in (order.answers or {}).values()] == ["42"]


async def test_what_was_typed_is_there_again_when_the_ticket_is(till: Lane) -> None:
    async with sale_screen(till, size=WIDE) as pilot:
        await pilot.press("2", "ctrl+o")
        heading = "Standard 2: Company"
        await until(lambda: heading in headings(pilot), "the questions")
        field(pilot, heading).query_one(Input).value = "Havnens Venner"
        await pilot.pause()
        await pilot.press("1")
        await until(
            lambda: heading not in headings(pilot),
            "the field gone",
        )
        await pilot.press("2")
        form = screen(pilot).query_one(SaleForm)
        await until(lambda: "Havnens Venner" in form.drafts.values(), "the text again")
        await until(
            lambda: heading in headings(pilot) and field(pilot, heading).draft == "Havnens Venner",
            "in its field",
        )


async def test_esc_keeps_what_is_half_filled_in(till: Lane) -> None:
    drafts: dict[str, SaleDraft] = {}
    async with sale_screen(till, drafts=drafts) as pilot:
        await pilot.press("3", "down", "1", "right", "tab", *"Bo", "escape")
        await until(lambda: isinstance(pilot.app, Stage) and pilot.app.answered, "left")
    async with sale_screen(till, drafts=drafts) as pilot:
        await see(pilot, "3 ×")
        await see(pilot, "(•) Card")
        await see(pilot, "Bo")
        assert field(pilot, "Buyer").query(Input).first().value == "Bo"
