"""The till's dialog on a real journal: float, count, difference."""

from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Button, Input

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.sale import SaleState
from boxoffice.lane import Lane
from boxoffice.screens.till import COUNT, NOT_MONEY, TillDialog
from boxoffice.store import ShiftError, sales
from tests.lane.conftest import OpenLane
from tests.screens.stage import HOSTILE, NARROW, Stage, both_sizes, see, shot, text_of
from tests.support import until

SALE = Decimal("295.00")


def dialog(lane: Lane) -> TillDialog:
    return TillDialog(lane, locale="en")


async def sell(lane: Lane, state: SaleState = SaleState.QUEUED) -> None:
    """Take cash for a ticket: QUEUED, in the account alone; SENDING, not there yet."""
    line = Line("a" * 32, "Standard", SALE, 1)
    cart = Cart(
        lane.event.uuid, "DKK", (line,), Buyer("A", "B", "a@example.com"), PaymentMethod.CASH
    )
    till = lane._journal
    await till.write(sales.begin, cart, state=state, unattended=True, after_number=None)


async def begin_count(pilot: Pilot[None], counted: str) -> None:
    """From a till that is shown open to the question before it is closed."""
    await see(pilot, "Open since")
    await until(lambda: isinstance(pilot.app.focused, Button), "the cursor on a button")
    await pilot.press("up", "enter")
    await see(pilot, COUNT)
    await pilot.press(*counted, "enter")
    await see(pilot, "Close the till?")
    await until(lambda: (one := pilot.app.focused) and one.id == "back", "the cursor on Back")


async def test_a_till_from_float_to_count(lane: Lane) -> None:
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The till is closed.")
        await pilot.press(*"500", "enter")
        await see(pilot, "Open since 18:30 by Anna")
        await see(pilot, "DKK 500.00")
        await sell(lane)
        await pilot.press("escape")
        await until(lambda: app.answered)
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await begin_count(pilot, "790.50")
        await see(pilot, "DKK 295.00")
        await see(pilot, "DKK 795.00")
        await see(pilot, "DKK 790.50")
        await see(pilot, "Difference: DKK 4.50 too little")
        assert await lane.box_office.till() is not None
        await pilot.press("left", "enter")
        await see(pilot, "Closed: DKK 4.50 too little")
        await see(pilot, "Closed at 18:30 by Anna")
    assert await lane.box_office.till() is None


async def test_cash_that_is_not_reckoned_is_said_before_the_till_is_closed(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal(500))
    await sell(lane, SaleState.SENDING)
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await begin_count(pilot, "795")
        await see(pilot, "Difference: DKK 295.00 too much")
        await see(pilot, "1 cash sale not settled: its cash is not reckoned yet.")


async def test_a_key_that_repeats_opens_the_till_and_closes_nothing(lane: Lane) -> None:
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The till is closed.")
        await pilot.press(*"500", "enter")
        await see(pilot, "Open since")
        await pilot.press(*["enter"] * 9)
        assert "Open since" in text_of(app)
        assert not app.answered
    shift = await lane.box_office.till()
    assert shift is not None
    assert shift.opening == 500


async def test_a_key_that_repeats_counts_the_till_and_closes_nothing(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal(500))
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await begin_count(pilot, "1")
        for _ in range(4):
            await pilot.press("enter")
            await see(pilot, COUNT)
            await pilot.press("enter")
            await see(pilot, "Close the till?")
        assert await lane.box_office.till() is not None


async def test_a_till_closed_by_mistake(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal(500))
    await sell(lane)
    await lane.box_office.close_till(Decimal(7))
    await sell(lane)
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Closed: DKK 788.00 too little")
        await until(lambda: isinstance(app.focused, Input), "the cursor")
        await pilot.press("down", "down", "enter")
        await see(pilot, "Open since 18:30 by Anna")
        await see(pilot, "DKK 1,090.00")
    shift = await lane.box_office.till()
    assert shift is not None
    assert (shift.opening, shift.taken) == (Decimal(500), 2 * SALE)
    assert shift.counted is None


async def test_a_till_that_another_closed_is_not_reopened(lane: Lane, open_lane: OpenLane) -> None:
    other = await open_lane(folder="data")
    other._journal.operator = "Bo"
    await lane.box_office.open_till(Decimal(500))
    await other.box_office.close_till(Decimal(500))
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Closed at 18:30 by Bo")
        assert not app.screen.query_one("#reopen").display
    with pytest.raises(ShiftError, match="Only Bo can reopen"):
        await lane.box_office.reopen_till()


async def test_cash_that_comes_in_while_it_asks(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal(500))
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await begin_count(pilot, "500")
        await see(pilot, "Difference: exact")
        await sell(lane)
        await pilot.press("left", "enter")
        await see(pilot, "Cash came in or went out meanwhile")
        await see(pilot, "DKK 795.00")
        assert await lane.box_office.till() is not None


async def test_an_exact_count(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal("0"))
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await begin_count(pilot, "0")
        await pilot.press("left", "enter")
        await see(pilot, "Closed: exact")


async def test_what_is_no_amount_is_asked_again(lane: Lane) -> None:
    app = Stage()
    async with app.run_test(size=NARROW) as pilot:
        for typed in ("", "five", "-5", "1.2.3"):
            await app.push_screen(dialog(lane))
            await see(pilot, "The till is closed.")
            await pilot.press(*typed, "enter")
            await see(pilot, NOT_MONEY)
            assert isinstance(app.focused, Input)
            assert await lane.box_office.till() is None
            await app.pop_screen()


async def test_opened_elsewhere_meanwhile(lane: Lane) -> None:
    async with Stage(dialog(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, "The till is closed.")
        await lane.box_office.open_till(Decimal(100))
        await pilot.press(*"500", "enter")
        await see(pilot, "is open already")


async def test_a_hostile_name_of_a_lane(open_lane: OpenLane) -> None:
    lane = await open_lane(name=HOSTILE[:30])
    app = Stage(dialog(lane))
    async with app.run_test(size=(60, 20)) as pilot:
        await see(pilot, HOSTILE[:20])
        assert "Till of lane" in text_of(app)


@both_sizes
async def test_picture(lane: Lane, picture: SnapshotAssertion, size: tuple[int, int]) -> None:
    await lane.box_office.open_till(Decimal(500))
    await sell(lane)
    app = Stage(dialog(lane))
    async with app.run_test(size=size) as pilot:
        await see(pilot, "Should be in it")
        assert await shot(pilot) == picture
        if size == NARROW:
            await begin_count(pilot, "775")
            assert await shot(pilot) == picture
            await pilot.press("left", "enter")
            await see(pilot, "Closed: DKK 20.00 too little")
            await until(lambda: not app.screen.query(".-active"), "the button that was pressed")
            assert await shot(pilot) == picture
