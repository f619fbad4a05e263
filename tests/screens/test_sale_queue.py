"""Sales in the queue screen: those that need a person are listed, opened and settled there."""

import pytest

from boxoffice.domain.cart import Buyer
from boxoffice.domain.sale import SaleState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens.base import ONE_AT_A_TIME
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.outcome import OutcomeScreen
from boxoffice.screens.queue import ALL_SENT, QueueScreen
from boxoffice.screens.queue_texts import GOES_BY_ITSELF
from tests.lane.conftest import OpenLane, goes_offline
from tests.screens.sales_support import ORDERS, begin, open_till, ours, settled
from tests.screens.stage import HOSTILE, NARROW, Stage, see, text_of
from tests.support import FakeClock, until

HOSTILE_BUYER = Buyer(HOSTILE, HOSTILE, "anna@example.com")


@pytest.fixture
async def stuck(open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock) -> Lane:
    """A lane with a sale that is not placed, of a buyer with a hostile name."""
    till = await open_till(open_lane)
    sandbox.faults.set("drop", path=ORDERS, method="POST")
    sale = await begin(till, buyer=HOSTILE_BUYER)
    await settled(till, clock, sale, SaleState.NOT_PLACED)
    sandbox.faults.clear()
    await until(lambda: till.status.counts.attention == 1, "one for a person")
    return till


async def test_a_sale_is_sold_again(stuck: Lane, sandbox: Sandbox) -> None:
    app = Stage(QueueScreen(stuck))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "1 for a person · 0 waiting")
        await see(pilot, "Sales that need a person · 1")
        await see(pilot, "295,00 kr. · [@click=app.quit]x")
        await see(pilot, "Sell it again, or give it up")
        await see(pilot, "Ctrl+R: sell again · Ctrl+D: give up · Enter: open the sale")
        await see(pilot, "^R Sell again  ^D Give up")
        await pilot.press("ctrl+r")
        await see(pilot, ALL_SENT)
    assert len(ours(sandbox)) == 1


async def test_while_one_is_sold_again_nothing_else_is_begun(stuck: Lane, sandbox: Sandbox) -> None:
    app = Stage(QueueScreen(stuck))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "1 for a person")
        sandbox.faults.set("hang")
        await pilot.press("ctrl+r", "ctrl+d")
        await see(pilot, ONE_AT_A_TIME)
        assert isinstance(app.screen, QueueScreen)


async def test_a_sale_is_exported(stuck: Lane) -> None:
    app = Stage(QueueScreen(stuck))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "1 for a person")
        await pilot.press("ctrl+s")
        await see(pilot, "Written to ")
    (file,) = stuck.exports.iterdir()
    assert "not_placed,sale,,BX-North-1 [@click=app.quit]x" in file.read_text(encoding="utf-8-sig")


async def test_a_sale_is_given_up(stuck: Lane, sandbox: Sandbox) -> None:
    app = Stage(QueueScreen(stuck))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "1 for a person")
        await pilot.press("ctrl+d")
        await until(lambda: isinstance(app.screen, ReasonDialog), "the reason")
        await pilot.press(*"The buyer left", "enter")
        await see(pilot, ALL_SENT)
    assert not await stuck.box_office.open_sales()
    assert not ours(sandbox)


async def test_a_sale_is_opened(stuck: Lane) -> None:
    app = Stage(QueueScreen(stuck))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Enter Open")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, OutcomeScreen), "the sale")
        await see(pilot, "BX-North-1")
        assert "Next sale" not in text_of(app)
        await pilot.press("escape")
        await see(pilot, "1 for a person")


async def test_a_sale_on_its_way_goes_by_itself(
    open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock
) -> None:
    till = await open_till(open_lane, offline=True)
    await goes_offline(sandbox, till, clock)
    await begin(till)
    async with Stage(QueueScreen(till)).run_test(size=NARROW) as pilot:
        await see(pilot, "0 for a person · 1 waiting")
        await see(pilot, "Sales on their way: nothing to do · 1")
        await pilot.press("ctrl+r")
        await see(pilot, f"▌ {GOES_BY_ITSELF}")
        await pilot.press("ctrl+a")
        await see(pilot, "Nothing has failed.")
