"""Pictures of the sale: the form, and each way in which it can end, at both sizes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.domain.signs import Signs
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens.dialogs import EmailDialog
from boxoffice.screens.outcome import OutcomeScreen
from boxoffice.screens.queue import QueueScreen
from boxoffice.screens.sale import SaleScreen
from boxoffice.screens.sale_form import SaleDraft
from boxoffice.widgets.big_text import Figures
from boxoffice.widgets.terminal import Terminal
from tests.lane.conftest import OpenLane, goes_offline
from tests.screens.sales_support import (
    ORDERS,
    begin,
    open_till,
    ready,
    sale_screen,
    settled,
)
from tests.screens.stage import HOSTILE, NARROW, Stage, pictured, see, shot, text_of
from tests.screens.test_sale_outcome import lost, unsure
from tests.support import EVENING, FakeClock, until

S = SaleState


@pytest.fixture
def ticket_count(request: pytest.FixtureRequest) -> int:
    """As many as the pictures show, for them."""
    return 400 if "picture" in request.fixturenames else 60


async def pictured_outcome(till: Lane, sale: Sale, picture: SnapshotAssertion) -> None:
    async with Stage(OutcomeScreen(till, sale, selling=True)).run_test(size=NARROW) as pilot:
        await see(pilot, sale.external_order_id)
        await pictured(pilot, picture)


async def test_form(open_lane: OpenLane, picture: SnapshotAssertion) -> None:
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("2", "down", "1", "enter", *"1000")
        await see(pilot, "785,00 kr.")
        await pictured(pilot, picture)


async def test_form_with_cash_that_is_rounded_and_in_no_till(
    open_lane: OpenLane, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    sandbox.state.tonight.ticket_types[0].price = Decimal("298.90")
    till = await open_till(open_lane, with_till=False)
    async with sale_screen(till) as pilot:
        await pilot.press("1", "enter", *"500")
        await see(pilot, "! no till open · 298,90 rounded by +0,10")
        await see(pilot, "IN CASH 299,00 DKK")
        await see(pilot, "Sell for 299,00 kr.")
        assert await shot(pilot) == picture
        await pilot.press("f3")
        await see(pilot, "TOTAL")
        assert "no till" not in text_of(pilot.app)
        await see(pilot, "Sell for 298,90 kr.")


async def test_form_with_the_cursor_in_the_types(
    open_lane: OpenLane, picture: SnapshotAssertion
) -> None:
    """And no e-mail of the house: the person went back when it was asked for."""
    till = await open_till(open_lane, email="")
    drafts = {till.event.uuid: SaleDraft(asked_house_email=True)}
    async with sale_screen(till, drafts=drafts) as pilot:
        await pilot.press("1", "right")
        assert await shot(pilot) == picture


async def test_the_question_for_the_house_s_email(
    open_lane: OpenLane, picture: SnapshotAssertion
) -> None:
    till = await open_till(open_lane, email="")
    app = Stage(SaleScreen(till))
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: isinstance(app.screen, EmailDialog), "the question")
        await pilot.press(*"door", "enter")
        await see(pilot, "Write an e-mail address")
        assert await shot(pilot) == picture


async def test_form_without_colour(
    open_lane: OpenLane, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("1", "right")
        assert await shot(pilot) == picture


async def test_the_change_is_as_large_in_whole_blocks(
    open_lane: OpenLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stage, "terminal", Terminal(Signs.ASCII))
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("2", "enter", *"1000")
        await until(lambda: pilot.app.screen.query_one(Figures).size.height == 6, "room for it")
        await see(pilot, "████")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, OutcomeScreen), "an outcome")
        await see(pilot, "let them in")
        change = next(line for line in text_of(pilot.app).splitlines() if "CHANGE" in line)
        assert "█" in change


async def test_form_in_a_small_terminal(open_lane: OpenLane, picture: SnapshotAssertion) -> None:
    till = await open_till(open_lane)
    async with sale_screen(till, size=(60, 20)) as pilot:
        await pilot.press("1", "enter", *"500")
        assert await shot(pilot) == picture


async def test_hostile_form(
    open_lane: OpenLane, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    sandbox.state.tonight.title = HOSTILE
    for number, kind in enumerate(sandbox.state.tonight.ticket_types):
        kind.title = f"{HOSTILE} {number}"
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("1", "ctrl+o")
        await pilot.pause()
        await ready(pilot)
        await pictured(pilot, picture)


async def test_sold_with_change_then_the_next(
    open_lane: OpenLane, picture: SnapshotAssertion
) -> None:
    till = await open_till(open_lane)
    async with sale_screen(till) as pilot:
        await pilot.press("1", "enter", *"500", "enter")
        await until(lambda: isinstance(pilot.app.screen, OutcomeScreen), "an outcome")
        await see(pilot, "let them in")
        await see(pilot, "✓ in")
        await pictured(pilot, picture, "sold-")
        await pilot.press("enter")
        await ready(pilot)
        await see(pilot, "Before: BX-North-1")
        await pictured(pilot, picture, "next-")


async def test_refused(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    till = await open_till(open_lane)
    kind = sandbox.state.tonight.ticket_types[0]
    kind.amount_total = kind.amount_sold
    sale = await settled(till, clock, await begin(till), S.REFUSED)
    await pictured_outcome(till, sale, picture)


@pytest.mark.parametrize("without_colour", [False, True], ids=["", "NO_COLOR"])
async def test_looking(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
    without_colour: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if without_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    till = await open_till(open_lane)
    sandbox.faults.set("drop-after", path=ORDERS, method="POST")
    sandbox.faults.set("503", path="events/*/tickets/")
    begun = await begin(till)

    async def looked_for() -> bool:
        now = await till.box_office.sale(begun.id)
        return now is not None and now.state is S.UNKNOWN and now.due is not None

    await until(looked_for, "looked for in vain")
    clock.jump(timedelta(seconds=12))
    async with Stage(OutcomeScreen(till, begun, selling=True)).run_test(size=NARROW) as pilot:
        await see(pilot, "placed. 12 s.")
        await pictured(pilot, picture)


async def test_not_placed(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    till = await open_till(open_lane)
    sale = await lost(till, sandbox, clock)
    await pictured_outcome(till, sale, picture)
    async with Stage(QueueScreen(till)).run_test(size=NARROW) as pilot:
        await see(pilot, "1 for a person")
        await see(pilot, "Sales that need a person")
        await pictured(pilot, picture, "queue-")


async def test_cannot_tell(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    till = await open_till(open_lane)
    sale = await unsure(till, sandbox, clock)
    await pictured_outcome(till, sale, picture)


async def test_queued(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    till = await open_till(open_lane, offline=True)
    await goes_offline(sandbox, till, clock)
    clock.jump(EVENING + timedelta(minutes=5) - clock.now())  # however long it took to notice
    sale = await begin(till)
    assert sale.state is S.QUEUED
    await pictured_outcome(till, sale, picture)


async def test_given_up(
    open_lane: OpenLane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    till = await open_till(open_lane)
    sale = await till.box_office.settle(
        (await lost(till, sandbox, clock)).id, SaleAction.GIVE_UP, "The buyer left"
    )
    await pictured_outcome(till, sale, picture)
