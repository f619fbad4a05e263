"""Keys that bounce or are held: what a person has not read yet is not taken away by them."""

from decimal import Decimal

import pytest

from boxoffice.domain.sale import SaleState
from boxoffice.sandbox import Sandbox
from boxoffice.screens import base
from boxoffice.screens.base import Debounce
from boxoffice.screens.outcome import Next, OutcomeScreen
from boxoffice.screens.party import KNOWN, PartyScreen
from boxoffice.screens.sale import HOW_MANY
from tests.app.stage import write
from tests.lane.conftest import OpenLane, listed
from tests.screens.sales_support import begin, note, open_till, ours, outcome, sale_screen, settled
from tests.screens.stage import NARROW, Stage, see
from tests.support import FakeClock, until

LONG, LONGER = 0.6, 0.7


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch, steady_hands: None) -> None:
    monkeypatch.setattr(base, "LONG_ENOUGH", LONG)


async def test_it_is_over_after_a_while_and_begins_anew_with_another_thing(
    clock: FakeClock,
) -> None:
    shown = Debounce(clock)
    assert shown.settled
    shown.show("SOLD")
    assert not shown.settled
    await clock.advance(LONG / 2)
    shown.show("SOLD")
    assert not shown.settled
    await clock.advance(LONGER)
    assert shown.settled
    shown.show("REFUSED")
    assert not shown.settled


async def test_an_enter_that_bounces_leaves_the_change(
    open_lane: OpenLane, clock: FakeClock
) -> None:
    till = await open_till(open_lane)
    sale = await settled(till, clock, await begin(till, given=Decimal(500)), SaleState.DONE)
    app = Stage(OutcomeScreen(till, sale, selling=True))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "CHANGE")
        await pilot.press("enter", "enter")
        assert not app.answered
        await until(lambda: not app.screen.query(".-active"), "the button let go")
        await clock.advance(LONGER)
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer is Next.SALE


async def test_an_enter_that_bounces_sells_once(
    open_lane: OpenLane, clock: FakeClock, sandbox: Sandbox
) -> None:
    async with sale_screen(await open_till(open_lane)) as pilot:
        write(pilot, "1\r500\r\r\r")
        await outcome(pilot, clock, SaleState.DONE)
        await clock.advance(LONGER)
        await pilot.press("enter")
        await until(lambda: not isinstance(pilot.app.screen, OutcomeScreen), "the form")
        await pilot.press("enter", "enter")
        await until(lambda: note(pilot) == HOW_MANY, "nothing to sell")
    assert len(ours(sandbox)) == 1


async def test_an_enter_that_bounces_leaves_the_green_rows(
    open_lane: OpenLane, clock: FakeClock, sandbox: Sandbox
) -> None:
    lane = await open_lane()
    await listed(lane)
    (ticket, *_) = sandbox.examples()["party"].order.tickets
    app = Stage(PartyScreen(lane, ticket.uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await see(pilot, "Enter closes")
        await pilot.press("enter", "enter")
        assert not app.answered
        await clock.advance(LONGER)
        await pilot.press("enter")
        await until(lambda: app.answered)
