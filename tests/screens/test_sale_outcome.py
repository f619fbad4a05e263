"""What became of a sale, on a real lane, whatever the site does; and what a person can do."""

from decimal import Decimal
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from boxoffice.domain.sale import Sale, SaleState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens.dialogs import ConfirmDialog, ReasonDialog
from boxoffice.screens.outcome import Next, OutcomeScreen
from boxoffice.screens.paper import PaperScreen
from boxoffice.widgets.big_text import Figures
from tests.lane.conftest import OpenLane, goes_offline, passes
from tests.screens.sales_support import ORDERS, begin, buttons, open_till, ours, outcome, settled
from tests.screens.stage import NARROW, Stage, resized, see, text_of
from tests.support import FakeClock, until

S = SaleState


@pytest.fixture
async def till(open_lane: OpenLane) -> Lane:
    return await open_till(open_lane)


def shown(till: Lane, sale: Sale, clock: FakeClock, *, selling: bool = False) -> Stage:
    return Stage(OutcomeScreen(till, sale, selling=selling))


async def unsure(till: Lane, sandbox: Sandbox, clock: FakeClock) -> Sale:
    """A sale of which nobody can tell: its answer was lost, and looking for it fails."""
    sandbox.faults.set("drop-after", path=ORDERS, method="POST")
    sandbox.faults.set("500", path="events/*/tickets/")
    sale = await begin(till)
    await until(lambda: len(ours(sandbox)) == 1, "the order")

    async def there() -> bool:
        await clock.pass_idly(1)
        now = await till.box_office.sale(sale.id)
        return now is not None and now.state is S.UNSURE

    await until(there, "cannot tell")
    sandbox.faults.clear()
    now = await till.box_office.sale(sale.id)
    assert now is not None
    return now


async def lost(
    till: Lane, sandbox: Sandbox, clock: FakeClock, given: Decimal | None = None
) -> Sale:
    """A sale whose order never reached the site."""
    sandbox.faults.set("drop", path=ORDERS, method="POST")
    sale = await settled(till, clock, await begin(till, given=given), S.NOT_PLACED)
    sandbox.faults.clear()
    return sale


async def press(pilot: Pilot[Any], button: str) -> None:
    """Go to a button with the arrows, and press it."""
    for _ in range(8):
        await pilot.press("right")
        focused = pilot.app.focused
        if isinstance(focused, Button) and str(focused.label) == button:
            await pilot.press("enter")
            return
    raise AssertionError(f"no button {button!r}: {buttons(pilot)}")


def figures(pilot: Pilot[Any]) -> list[str]:
    """What stands in large."""
    return [figure.plain for figure in pilot.app.screen.query_one(Figures).figures]


async def test_an_answer_that_is_lost_is_looked_for_and_found(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.faults.set("drop-after", path=ORDERS, method="POST", times=1)
    sandbox.faults.set("503", path="events/*/tickets/")
    begun = await begin(till, given=Decimal(500))
    app = shown(till, begun, clock, selling=True)
    async with app.run_test(size=NARROW) as pilot:
        await outcome(pilot, clock, S.UNKNOWN)
        await see(pilot, "do not sell it again")
        await see(pilot, "TOTAL")
        assert "CHANGE" not in text_of(app)
        assert buttons(pilot) == ["Look again", "To the door"]
        await pilot.press("enter", "enter")
        assert not app.answered
        sandbox.faults.clear()
        sale = await outcome(pilot, clock, S.DONE)
        await see(pilot, "Checked in: let them in.")
        await see(pilot, sale.order_id)
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer is Next.SALE
    assert len(ours(sandbox)) == 1


async def test_the_seconds_are_counted(till: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    sandbox.faults.set("latency=60", path=ORDERS, method="POST")
    app = shown(till, await begin(till), clock, selling=True)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The order is on its way to the site. 0 s.")
        await clock.advance(7)
        await see(pilot, "The order is on its way to the site. 7 s.")
        assert buttons(pilot) == ["To the door"]
        await pilot.press("enter", "escape")
        await until(lambda: app.answered)
    assert app.answer is Next.DOOR
    (left,) = await till.box_office.open_sales()
    await clock.advance(60)
    await settled(till, clock, left, S.DONE)


async def test_not_placed_is_sold_again_by_a_person_alone(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    app = shown(till, await lost(till, sandbox, clock), clock, selling=True)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Sell it again, or give it up")
        assert buttons(pilot) == ["Look again", "Sell again", "Give up", "To the door"]
        await pilot.press("enter", "enter")
        assert not ours(sandbox)
        await press(pilot, "Sell again")
        await outcome(pilot, clock, S.DONE)
    assert len(ours(sandbox)) == 1


async def test_not_placed_is_given_up_with_a_reason(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    sale = await lost(till, sandbox, clock, given=Decimal(500))
    app = shown(till, sale, clock, selling=True)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("ctrl+d")
        await until(lambda: isinstance(app.screen, ReasonDialog), "the reason")
        await see(pilot, "Give up this sale of 295,00 kr.?")
        await see(pilot, "Pay 500,00 kr. back.")  # no change was given
        await pilot.press("escape")
        await pilot.press("delete")
        await until(lambda: isinstance(app.screen, ReasonDialog), "the reason")
        await pilot.press(*"left", "enter")
        sale = await outcome(pilot, clock, S.DROPPED)
        await until(lambda: figures(pilot) == ["GIVE BACK 500,00 DKK"], "all of it")
        assert sale.reason == "left"
        await pilot.press("ctrl+n", "ctrl+f")  # neither is offered any more
        assert isinstance(app.screen, OutcomeScreen)
    assert not await till.box_office.open_sales()


async def test_cannot_tell_and_a_person_finds_the_order(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    app = shown(till, await unsure(till, sandbox, clock), clock)
    (order,) = ours(sandbox)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Look at the site's own list")
        assert buttons(pilot) == [
            "Look again",
            "I found the order",
            "Sell again",
            "Give up",
            "Close",
        ]
        await pilot.press("ctrl+n")
        await until(lambda: isinstance(app.screen, ConfirmDialog), "a question")
        await see(pilot, "there will be two orders")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, OutcomeScreen), "back")
        assert len(ours(sandbox)) == 1
        await pilot.press("ctrl+f")
        await until(lambda: isinstance(app.screen, ReasonDialog), "which order")
        await see(pilot, "BX-North-1")
        await pilot.press("enter")
        await see(pilot, "as the site shows it")
        await pilot.press(*"0" * 32, "enter")
        await see(pilot, "no such order")
        await pilot.press("ctrl+f")
        await until(lambda: isinstance(app.screen, ReasonDialog), "which order")
        await pilot.press(*order.uuid, "enter")
        sale = await outcome(pilot, clock, S.DONE)
        assert sale.order == order.uuid
    assert len(ours(sandbox)) == 1


async def test_cannot_tell_and_it_is_looked_for_again(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    app = shown(till, await unsure(till, sandbox, clock), clock)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Look at the site's own list")
        await pilot.press("f5")
        await outcome(pilot, clock, S.DONE)
    assert len(ours(sandbox)) == 1


async def test_a_queued_sale_has_a_slip(
    open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock
) -> None:
    till = await open_till(open_lane, offline=True)
    await goes_offline(sandbox, till, clock)
    app = shown(till, await begin(till), clock, selling=True)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "SALE NUMBER")
        assert buttons(pilot) == ["Next sale", "Print the slip", "Give up", "To the door"]
        await pilot.press("f8")
        await until(lambda: isinstance(app.screen, PaperScreen), "the slip")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, OutcomeScreen), "back")
        await sandbox.start()
        sale = await outcome(pilot, clock, S.DONE)
    (order,) = ours(sandbox)
    assert order.external_order_id == sale.external_order_id


async def test_refused_after_the_money_was_taken(
    open_lane: OpenLane, sandbox: Sandbox, clock: FakeClock
) -> None:
    till = await open_till(open_lane, offline=True)
    await goes_offline(sandbox, till, clock)
    begun = await begin(till, given=Decimal(500))
    kind = sandbox.state.tonight.ticket_types[0]
    kind.amount_total = kind.amount_sold
    await sandbox.start()
    sale = await settled(till, clock, begun, S.FAILED)
    app = shown(till, sale, clock)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, sale.reason)
        await see(pilot, "once the reason is mended")
        await see(pilot, "in the account")
        assert buttons(pilot) == ["Sell again", "Give up", "Close"]
        await pilot.press("ctrl+d")
        await until(lambda: isinstance(app.screen, ReasonDialog), "the reason")
        dialog = app.screen
        assert isinstance(dialog, ReasonDialog)
        assert str(dialog.text).endswith(" Pay 295,00 kr. back, out of the till of lane North.")
        await pilot.press(*"sold out", "enter")
        await outcome(pilot, clock, S.DROPPED)
        await until(lambda: figures(pilot) == ["GIVE BACK 295,00 DKK"], "the change was given")


async def test_what_fails_is_said_and_changes_nothing(
    till: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    sale = await lost(till, sandbox, clock)
    await goes_offline(sandbox, till, clock)
    app = shown(till, sale, clock)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Sell it again, or give it up")
        await pilot.press("ctrl+n")
        await see(pilot, "cannot be reached")
        assert "Sell again" in buttons(pilot)
        await sandbox.start()
        await passes(clock, lambda: till.status.link == "online", "online")
        await pilot.press("ctrl+n")
        await outcome(pilot, clock, S.DONE)


async def test_a_small_terminal(till: Lane, clock: FakeClock) -> None:
    sale = await settled(till, clock, await begin(till), S.DONE)
    app = shown(till, sale, clock, selling=True)
    async with app.run_test(size=(60, 20)) as pilot:
        async for _ in resized(pilot, (60, 20), (40, 10)):
            await see(pilot, "SOLD")
        await pilot.press("enter")
        await until(lambda: app.answered)
