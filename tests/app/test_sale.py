"""A sale at the door of the whole app: opened by F4, with scans in between."""

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.sale import SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.outcome import OutcomeScreen
from boxoffice.screens.queue import QueueScreen
from boxoffice.screens.sale import SaleScreen
from boxoffice.store.journal_db import remember
from boxoffice.widgets.footer import Banner
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import App, answered, app_of, lane_of, line_of, open_app, text_of, write
from tests.person import HAND, SILENCE
from tests.screens.sales_support import ORDERS, buttons, given, ours, outcome, ready, screen
from tests.screens.stage import see
from tests.support import FakeClock, until

GAP = 0.08
"""Seconds between the keys of a person."""
HOUSE = "house@example.com"


async def open_sale(pilot: App, *, typed: str = "") -> None:
    """F4, and a house e-mail once. `typed`: behind it, before anything is seen of the sale."""
    await lane_of(pilot)._journal.write(remember, "house_email", HOUSE)
    write(pilot, f"\x1bOS{typed}", gap=GAP)
    HAND.skip(SILENCE)
    await until(lambda: isinstance(pilot.app.screen, SaleScreen), "the sale")


async def test_what_is_typed_behind_its_key_is_the_sale_s(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await open_sale(pilot, typed="2\r")
        sale = screen(pilot)
        await until(lambda: [line.amount for line in sale.draft.lines] == [2], "two")
        await until(lambda: sale.focused is sale.query_one("#given"), "cash")
        await pilot.press("escape")
        assert line_of(pilot) == ""


async def test_a_repeat_sale_takes_seven_keys(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        await open_sale(pilot)
        await ready(pilot)
        write(pilot, "1\r500\r", gap=GAP)
        sale = await outcome(pilot, clock, SaleState.DONE)
        await see(pilot, "CHANGE")
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        (order,) = ours(sandbox)
        assert sale.order == order.uuid
        await until(lambda: order.tickets[0].checked_in, "checked in")
        row = lane_of(pilot).roster.get(order.tickets[0].uuid)
        assert row is not None
        assert row.is_in
        assert line_of(pilot) == ""


async def test_a_scan_over_the_half_filled_form(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        await open_sale(pilot)
        await ready(pilot)
        await pilot.press("2", "enter", "6", "0")
        write(pilot, f"{ticket.uuid}\r", gap=0.005)
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED
        assert isinstance(pilot.app.screen, SaleScreen)
        band = pilot.app.screen.query_one(VerdictBand)
        assert band.display
        assert band.face.name == ticket.full_name
        assert given(pilot).value == "60"
        assert [line.amount for line in screen(pilot).draft.lines] == [2]
        await pilot.press("0", "enter")
        sale = await outcome(pilot, clock, SaleState.DONE)
        assert sale.cart.amount == 2
        await pilot.press("enter")
        await ready(pilot)
        assert not pilot.app.screen.query_one(VerdictBand).display, "it was about the sale before"
        await pilot.press("1", "enter", "enter")
        await outcome(pilot, clock, SaleState.DONE)
        other = sandbox.examples()["party"]
        write(pilot, f"{other.uuid}\r", gap=0.005)
        await answered(pilot, 2)
        assert isinstance(pilot.app.screen, OutcomeScreen)
        assert pilot.app.screen.query_one(VerdictBand).face.name == other.full_name


async def test_esc_and_f4_again_keep_the_cart(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await open_sale(pilot)
        await ready(pilot)
        await pilot.press("3", "enter", "9", "escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        await see(pilot, "A sale is half-done: go on with it, or discard it.")
        await pilot.press("f4")
        await until(lambda: isinstance(pilot.app.screen, SaleScreen), "the sale")
        await ready(pilot)
        assert [line.amount for line in screen(pilot).draft.lines] == [3]
        assert given(pilot).value == "9"
        await see(pilot, "This sale was left half-done: F9 discards it.")
        await pilot.press("f9", "right", "enter")
        await ready(pilot)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        await until(lambda: not app_of(pilot).door.has_half_done_sale, "none any more")
        await until(lambda: not pilot.app.screen.query_one(Banner).notices, "and none named")


async def test_a_sale_that_is_left_is_found_in_the_queue(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.faults.set("drop", path=ORDERS, method="POST")
    async with open_app(context) as pilot:
        await open_sale(pilot)
        await ready(pilot)
        await pilot.press("1", "enter", "enter")
        await outcome(pilot, clock, SaleState.UNKNOWN)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        counts = lane_of(pilot).status.counts

        async def stuck() -> bool:
            await clock.advance(1)
            return lane_of(pilot).status.counts.attention == 1

        await until(stuck, "one for a person")
        assert counts.attention == 0
        sandbox.faults.clear()
        await pilot.press("f4")
        await until(lambda: isinstance(pilot.app.screen, SaleScreen), "the sale")
        await see(pilot, "! 1 sale needs a person: F6 at the door")
        assert not screen(pilot).draft.lines
        await pilot.press("escape", "f6")
        await until(lambda: isinstance(pilot.app.screen, QueueScreen), "the queue")
        await see(pilot, "Sales that need a person")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, OutcomeScreen), "the sale")
        assert "Sell again" in buttons(pilot)
        await pilot.press("ctrl+n")
        await outcome(pilot, clock, SaleState.DONE)
    assert len(ours(sandbox)) == 1


async def test_a_verdict_over_the_form_names_no_key_that_does_something_else_here(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await open_sale(pilot)
        await ready(pilot)
        write(pilot, f"{sandbox.examples()['answers_needed'].uuid}\r")
        await see(pilot, "ANSWERS NEEDED")
        await see(pilot, "at the door: answer")
        assert "F2: answer" not in text_of(pilot.app.screen.query(VerdictBand).first())
        write(pilot, f"{sandbox.examples()['plain'].number}\r", at=HAND.time() + SILENCE)
        await see(pilot, "at the door: Enter admits")
