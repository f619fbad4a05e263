"""The sale screen on a real lane: how many, how paid, sold by keyboard, and refused."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens.outcome import OutcomeScreen
from boxoffice.screens.sale import HOW_MANY, SaleScreen
from boxoffice.widgets.sale_inputs import NO_AMOUNT, PaidBy, TypeList
from tests.app.stage import write
from tests.lane.conftest import OpenLane, goes_offline
from tests.screens.sales_support import (
    HOUSE,
    KR,
    ORDERS,
    given,
    note,
    open_till,
    ours,
    outcome,
    ready,
    sale_screen,
    screen,
)
from tests.screens.stage import HOSTILE, NARROW, WIDE, Stage, resized, see, text_of
from tests.support import FakeClock, both_dialects, until


@pytest.fixture
async def till(open_lane: OpenLane) -> Lane:
    return await open_till(open_lane)


@both_dialects
async def test_one_standard_ticket_for_cash_in_six_keys(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("1", "enter", "5", "0", "0", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
        await see(pilot, "CHANGE")
        (order,) = ours(sandbox)
        assert sale.order == order.uuid
        assert sale.cart.change == Decimal(205)
        assert sale.cart.buyer.email == HOUSE
        assert sale.cart.buyer.house
        assert (order.address["first_name"], order.address["last_name"]) == ("Walk-up", "North")
        assert [ticket.ticket_type.title for ticket in order.tickets] == ["Standard"]
        assert "Checked in" in text_of(pilot.app)
        await until(lambda: order.tickets[0].checked_in, "checked in at the site")
        await pilot.press("enter")
        await ready(pilot)
        await see(pilot, f"Before: {sale.external_order_id} ✓ sold · CHANGE 205,00 kr.")
        assert given(pilot).value == ""
        await pilot.press("2", "enter", "enter")
        again = await outcome(pilot, clock, SaleState.DONE)
    assert again.cart.amount == 2
    assert again.cart.given is None
    assert len(ours(sandbox)) == 2


async def test_keys_typed_before_the_screen_is_there_are_not_lost(till: Lane) -> None:
    app = Stage(SaleScreen(till))
    async with app.run_test() as pilot:
        await until(lambda: isinstance(app.screen, SaleScreen), "the screen")
        keys = ["2", "enter", "1", "0", "0", "0"]
        for key in keys:
            app.simulate_key(key)
        await until(lambda: given(pilot).value == "1000", "the cash that was typed")
        assert [line.amount for line in screen(pilot).draft.lines] == [2]


async def test_digits_and_signs_set_how_many(open_lane: OpenLane, sandbox: Sandbox) -> None:
    sandbox.state.tonight.ticket_limit = 20
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:

        def lines() -> list[tuple[str, int]]:
            return [(line.title, line.amount) for line in screen(pilot).draft.lines]

        await pilot.press("1", "2")
        assert lines() == [("Standard", 12)]
        await pilot.press("down", "3", "+", "-", "-")
        assert lines() == [("Standard", 12), ("Student", 2)]
        await pilot.press("up", "4")
        assert lines() == [("Standard", 4), ("Student", 2)]
        await pilot.press("backspace")
        assert lines() == [("Student", 2)]
        await see(pilot, "390,00 kr.")


async def test_no_more_than_is_left_or_allowed(open_lane: OpenLane, sandbox: Sandbox) -> None:
    sandbox.state.tonight.ticket_limit = 5
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("down", "down")
        assert screen(pilot).query_one(TypeList).row is not None
        await see(pilot, "sold out")
        await pilot.press("9")
        assert note(pilot) == "Only 4 of Dinner & concert are left."
        assert not screen(pilot).draft.lines
        await pilot.press("home", "6")
        assert note(pilot) == "One order takes at most 5 tickets: 5 of Standard."
        await pilot.press("5", "down", "1")
        assert note(pilot) == "One order takes at most 5 tickets: 0 of Student."


async def test_nothing_is_sold_without_a_ticket_or_with_odd_cash(
    till: Lane, sandbox: Sandbox
) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("enter")
        assert note(pilot) == HOW_MANY
        await pilot.press("ctrl+s")
        assert note(pilot) == HOW_MANY
        await pilot.press("1", "enter", *"1,2,3", "enter")
        assert note(pilot) == NO_AMOUNT
        given(pilot).value = "200"
        await pilot.press("enter")
        await until(lambda: note(pilot) == "The cash given is less than the total.")
        await see(pilot, "MISSING")
        assert isinstance(pilot.app.screen, SaleScreen)
    assert not ours(sandbox)


async def test_a_way_of_payment_is_chosen_by_the_mouse(till: Lane) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("1")
        paid_by = screen(pilot).query_one(PaidBy)
        for way in (PaymentMethod.INVOICE, PaymentMethod.CARD):
            line = "".join(piece.text for piece in paid_by.line(0, paid_by.size.width))
            await pilot.click(PaidBy, offset=(line.index(way.label), 0))
            await until(lambda: screen(pilot).draft.paid is way, way.label)  # noqa: B023
            await see(pilot, f"(•) {way.label}")
        paid_by.focus()
        await pilot.press("m")
        await until(lambda: screen(pilot).draft.paid is PaymentMethod.MOBILEPAY, "by its letter")


async def test_an_enter_that_overtakes_the_way_of_payment_sells_all_the_same(
    till: Lane, clock: FakeClock
) -> None:
    async with sale_screen(till) as pilot:
        for key in ("1", "right", "enter", "enter"):
            pilot.app.simulate_key(key)
        sale = await outcome(pilot, clock, SaleState.DONE)
    assert sale.cart.paid is PaymentMethod.CARD


async def test_another_way_than_cash_goes_from_the_cash_to_the_sale(
    till: Lane, clock: FakeClock
) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("1", "enter", "f3")
        await see(pilot, "Enter: sell · Shift+Tab")
        await pilot.press(*["f3"] * 4)
        await see(pilot, "Enter: sell · F3")
        assert given(pilot).has_focus
        await pilot.press("f3", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
    assert sale.cart.paid is PaymentMethod.CARD


async def test_paid_by_card_and_remembered(till: Lane, clock: FakeClock) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("1", "right", "enter", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
        assert sale.cart.paid is PaymentMethod.CARD
        await pilot.press("enter")
        await ready(pilot)
        await see(pilot, "(•) Card")
        await pilot.press("1", "f3", "f3")
        await see(pilot, "(•) Invoice")
        await pilot.press("enter", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
    assert sale.cart.paid is PaymentMethod.INVOICE


async def test_what_costs_nothing_is_free(till: Lane, clock: FakeClock) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("end", "1")
        await see(pilot, "Free: there is nothing to pay.")
        await pilot.press("enter", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
    assert sale.cart.paid is PaymentMethod.FREE


async def test_a_refusal_leaves_the_form_filled_in(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with sale_screen(till) as pilot:
        standard = sandbox.state.tonight.ticket_types[0]
        standard.amount_total = standard.amount_sold  # sold at another door meanwhile
        await pilot.press("1", "enter", *"500", "enter")
        sale = await outcome(pilot, clock, SaleState.REFUSED)
        await see(pilot, sale.reason)
        assert "left" in sale.reason
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, SaleScreen), "the form")
        await see(pilot, "sold out")
        assert given(pilot).value == "500"
        assert [line.amount for line in screen(pilot).draft.lines] == [1]
        await pilot.press("enter", "enter")
        await see(pilot, "Standard cannot be sold: sold out.")
        assert isinstance(pilot.app.screen, SaleScreen)
    assert not ours(sandbox)


async def test_a_price_that_changed_is_said(till: Lane, sandbox: Sandbox) -> None:
    async with sale_screen(till) as pilot:
        await pilot.press("1")
        await see(pilot, KR)
        sandbox.state.tonight.ticket_types[0].price = Decimal(350)
        await pilot.press("f5")
        await see(pilot, "The price of Standard has changed: look at the total.")
        await see(pilot, "350,00 kr.")
        assert sum(line.total for line in screen(pilot).draft.lines) == Decimal(350)


async def test_offline_says_that_nothing_can_be_sold(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    await goes_offline(sandbox, till, clock)
    app = Stage(SaleScreen(till))
    async with app.run_test() as pilot:
        await see(pilot, "OFFLINE")
        await until(lambda: isinstance(app.focused, TypeList), "a cursor")
        await see(pilot, "cannot be reached")
        await pilot.press("1", "enter", *"500", "enter")
        await until(lambda: "sales without it are switched off" in note(pilot), "why not")
        assert isinstance(app.screen, SaleScreen)


async def test_two_enters_sell_once(till: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    sandbox.faults.set("latency=5", path=ORDERS, method="POST")
    async with sale_screen(till) as pilot:
        await pilot.press("1", "enter", *"500")
        form = screen(pilot)
        form.action_sell()
        form.action_sell()  # before the first is on disk
        await until(lambda: isinstance(pilot.app.screen, OutcomeScreen), "an outcome")
        await pilot.press("enter", "enter")
        assert isinstance(pilot.app.screen, OutcomeScreen)
        await outcome(pilot, clock, SaleState.DONE)
    assert len(ours(sandbox)) == 1


async def test_hostile_titles(open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock) -> None:
    sizes = (60, 20), NARROW, WIDE, (40, 10)
    sandbox.state.tonight.title = HOSTILE
    for kind in sandbox.state.tonight.ticket_types:
        kind.title = HOSTILE
    till = await open_till(open_lane)
    app = Stage(SaleScreen(till))
    async with app.run_test(size=sizes[-1]) as pilot:
        await until(lambda: isinstance(app.focused, TypeList), "a cursor")
        await pilot.press("1", "ctrl+o", "enter")
        async for columns, _ in resized(pilot, *sizes):
            if columns >= 80:
                await see(pilot, HOSTILE[:20])
        await pilot.press("ctrl+s")
        sale = await outcome(pilot, clock, SaleState.DONE, SaleState.SOLD)
        assert sale.cart.lines[0].title == HOSTILE
        async for _ in resized(pilot, *sizes):
            assert isinstance(app.screen, OutcomeScreen)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, SaleScreen), "the form")


@pytest.mark.parametrize("all_early", [False, True])
async def test_the_next_sale_can_be_typed_behind_the_enter_that_leaves_the_outcome(
    till: Lane,
    clock: FakeClock,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    all_early: bool,
) -> None:
    """`all_early`: the form is not emptied before the last of the keys has come."""
    emptied, open_sales = asyncio.Event(), till.box_office.open_sales

    async def late() -> Sequence[Sale]:
        await emptied.wait()
        return await open_sales()

    async with sale_screen(till) as pilot:
        write(pilot, "1\r500\r")
        first = await outcome(pilot, clock, SaleState.DONE)
        if all_early:
            monkeypatch.setattr(till.box_office, "open_sales", late)
        await pilot.press("enter")
        await until(lambda: not isinstance(pilot.app.screen, OutcomeScreen), "the form")
        write(pilot, "2\r600\r")  # at once, while the form is still being emptied
        if all_early:
            await until(lambda: len(screen(pilot)._early or ()) == len("2\r600\r"), "all keys")
            emptied.set()
        await until(lambda: len(ours(sandbox)) == 2, "the next sale")
        again = await outcome(pilot, clock, SaleState.DONE)
        assert again.id != first.id
        assert (again.cart.amount, again.cart.given) == (2, Decimal(600))


async def test_without_the_site_the_form_says_at_once_that_nothing_is_sold(
    till: Lane, clock: FakeClock, sandbox: Sandbox
) -> None:
    await goes_offline(sandbox, till, clock)
    async with Stage(SaleScreen(till)).run_test(size=NARROW) as pilot:
        await see(pilot, "sales without it are switched off")
        await pilot.press("f5", "1", "enter", "5")
        await see(pilot, "1 ×")
        await until(lambda: all(each.is_finished for each in pilot.app.workers), "an answer")
        assert "sales without it are switched off" in note(pilot)
        assert " offline" not in text_of(pilot.app)
