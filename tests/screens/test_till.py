"""The till's dialog on a real journal: float, count, difference."""

from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.sale import SaleState
from boxoffice.lane import Lane
from boxoffice.screens.till import NOT_MONEY, TillDialog
from boxoffice.store import sales
from tests.lane.conftest import OpenLane
from tests.screens.stage import HOSTILE, NARROW, WIDE, Stage, see, shot, text_of
from tests.support import until

SALE = Decimal("295.00")


def dialog(lane: Lane) -> TillDialog:
    return TillDialog(lane, locale="en")


async def sell(lane: Lane) -> None:
    """Take cash for a ticket, in the account alone."""
    line = Line("a" * 32, "Standard", SALE, 1)
    cart = Cart(
        lane.event.uuid, "DKK", (line,), Buyer("A", "B", "a@example.com"), PaymentMethod.CASH
    )
    till = lane._journal
    await till.write(sales.begin, cart, state=SaleState.QUEUED, unattended=True, after_number=None)


async def test_a_till_from_float_to_count(lane: Lane) -> None:
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The till is closed.")
        await pilot.press(*"500", "enter")
        await see(pilot, "DKK 500.00")
        await sell(lane)
        await pilot.press("escape")
        await until(lambda: app.answered)
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "DKK 295.00")
        await see(pilot, "DKK 795.00")
        await see(pilot, "Open since 18:30 by Anna")
        await pilot.press(*"790.50", "enter")
        await see(pilot, "Closed: DKK 4.50 too little")
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert await lane.box_office.till() is None


async def test_an_exact_count(lane: Lane) -> None:
    await lane.box_office.open_till(Decimal("0"))
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "DKK 0.00")
        await pilot.press("0", "enter")
        await see(pilot, "Closed: exact")


@pytest.mark.parametrize("typed", ["", "five", "-5", "1.2.3"])
async def test_what_is_no_amount_is_asked_again(lane: Lane, typed: str) -> None:
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The till is closed.")
        await pilot.press(*typed, "enter")
        await see(pilot, NOT_MONEY)
        assert isinstance(app.focused, Input)
    assert await lane.box_office.till() is None


async def test_opened_elsewhere_meanwhile(lane: Lane) -> None:
    app = Stage(dialog(lane))
    async with app.run_test(size=NARROW) as pilot:
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


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_picture(lane: Lane, picture: SnapshotAssertion, size: tuple[int, int]) -> None:
    await lane.box_office.open_till(Decimal(500))
    await sell(lane)
    app = Stage(dialog(lane))
    async with app.run_test(size=size) as pilot:
        await see(pilot, "Should be in it")
        assert await shot(pilot) == picture
        if size == NARROW:
            await pilot.press(*"775", "enter")
            await see(pilot, "too little")
            assert await shot(pilot) == picture
