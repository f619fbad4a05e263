"""What is looked at before it is sent, and what is sent then."""

import re

from textual.widgets import Button, Input

from boxoffice.cli.app_context import AppContext
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.change import HINT, HINT_BACK, HINT_NAME, ChangeScreen
from boxoffice.screens.desk.form import UNSAVED, FormScreen, PartsScreen
from tests.screens.desk.stage import ORDERS, TYPES, desk, first, form, looked, opened
from tests.screens.stage import see, text_of
from tests.support import until


async def test_a_change_at_the_end_of_a_page_is_shown_and_the_page_is_kept_whole(
    context: AppContext, sandbox: Sandbox
) -> None:
    event = first(sandbox)
    event.description = " ".join(["moonlight"] * 4000) + " until ten"
    async with desk(context) as pilot:
        resource = (await context.desk()).resources["events"]
        after = event.description.replace("until ten", "until two")
        change = resource.update(None, event.uuid, {"description": after})
        await pilot.app.push_screen(ChangeScreen(change, "Jazz"))
        await see(pilot, "Enter sends it")
        await see(pilot, "until ten")
        await see(pilot, "until two")
        assert text_of(pilot.app).count("moonlight") < 20
        await pilot.press("enter")
        await until(lambda: event.description == after, "the site's new text")


async def test_an_order_is_not_placed_by_a_second_try_of_its_form(
    context: AppContext, sandbox: Sandbox
) -> None:
    event = first(sandbox)
    before = len(event.orders)
    async with desk(context) as pilot:
        await opened(pilot, ORDERS, "paid")
        await form(pilot, "f4")
        await pilot.press(*"Anna", "tab", *"Berg", "tab", *"a@b.dk")
        pilot.app.screen.query_one("#part-amounts", Button).press()
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its tickets")
        await pilot.press("f4")
        await see(pilot, "( ) Student")
        await pilot.press("down", "enter", "ctrl+s")
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its tickets")
        await looked(pilot, "escape")
        mark = re.search("desk-[0-9a-f]{12}", text_of(pilot.app))
        assert mark
        sandbox.faults.set("drop-after", method="POST", path="orders/", times=1)
        await pilot.press("enter")
        await see(pilot, "may have been done")
        assert text_of(pilot.app).count(mark[0]) == 2, "what is sent, and what is said of it"
        (placed,) = event.orders[before:]
        assert placed.external_order_id == mark[0]
        await pilot.press("escape", "ctrl+s")
        await see(pilot, f"order {placed.order_id}")
        await pilot.press("enter", "escape", "escape")
        assert event.orders[before:] == [placed]


async def test_an_order_without_tickets_says_what_it_needs(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, ORDERS, "paid")
        await form(pilot, "f4")
        await pilot.press(*"Anna", "tab", *"Berg", "tab", *"a@b.dk", "ctrl+s")
        assert pilot.app.focused is pilot.app.screen.query_one("#part-amounts", Button)
        assert "Tickets: at least one is needed." in text_of(pilot.app)


async def test_the_footer_and_the_hint_say_what_enter_does(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await looked(pilot, *"+5")
        await see(pilot, "Enter Send  Esc Back")
        await pilot.press("tab")
        await see(pilot, HINT_BACK)
        for gone in ("Enter sends it", "Enter Send"):
            assert gone not in text_of(pilot.app)
        await pilot.press("shift+tab")
        await see(pilot, "Enter Send  Esc Back")
        await see(pilot, HINT)
        await pilot.press("tab", "enter")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await pilot.press("escape", "escape", "f8")
        await see(pilot, HINT_NAME)
        await see(pilot, "Enter Delete  Esc Back")
        assert re.search(
            "DELETE /api/v3/events/[0-9a-f]{8}…/ticket-types/[0-9a-f]{8}…/ ", text_of(pilot.app)
        )


async def test_while_nothing_can_be_sent_enter_is_not_said_to_send(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        rule = sandbox.faults.set("hang", method="GET")
        await pilot.press(*"+5", "ctrl+s")
        await until(lambda: rule.hits, "the look at what the site has")
        assert "Enter Send" not in text_of(pilot.app)
        sandbox.faults.clear()


async def test_what_is_typed_into_a_number_stands_in_its_place(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await pilot.press("shift+tab", *"80")
        assert isinstance(pilot.app.focused, Input)
        assert pilot.app.focused.value == "80"
        await pilot.press("escape")
        await see(pilot, UNSAVED)
        await pilot.press("1")
        assert UNSAVED not in text_of(pilot.app)


async def test_a_change_can_be_left_while_nothing_has_been_sent(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        before = first(sandbox).ticket_types[0].amount_total
        await looked(pilot, *"+5")
        rule = sandbox.faults.set("hang", method="GET")
        await pilot.press("enter")
        await until(lambda: rule.hits, "the last look")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        sandbox.faults.clear()
        await pilot.pause()
        assert first(sandbox).ticket_types[0].amount_total == before
