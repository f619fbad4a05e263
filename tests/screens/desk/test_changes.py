"""What is looked at before it is sent, and what is sent then."""

import re

from textual.widgets import Button, Input

from boxoffice.cli.house import House
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.change import ChangeScreen
from boxoffice.screens.desk.parts import PartsScreen
from tests.screens.desk.stage import ORDERS, desk, opened
from tests.screens.stage import see, text_of
from tests.support import both_dialects, until


@both_dialects
async def test_a_change_at_the_end_of_a_page_is_shown_and_the_page_is_kept_whole(
    house: House, sandbox: Sandbox
) -> None:
    event = next(iter(sandbox.state.events.values()))
    event.description = " ".join(["moonlight"] * 4000) + " until ten"
    async with desk(house) as pilot:
        resource = (await house.desk()).resources["events"]
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
    house: House, sandbox: Sandbox
) -> None:
    event = next(iter(sandbox.state.events.values()))
    before = len(event.orders)
    async with desk(house) as pilot:
        await opened(pilot, ORDERS, "dZy6")
        await pilot.press("f4")
        await see(pilot, "First name")
        await until(lambda: isinstance(pilot.app.focused, Input), "the form")
        await pilot.press(*"Anna", "tab", *"Berg", "tab", *"a@b.dk")
        pilot.app.screen.query_one("#part-amounts", Button).press()
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its tickets")
        await pilot.press("f4")
        await see(pilot, "Its title or its uuid")
        await pilot.press(*"Student", "ctrl+s")
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its tickets")
        await pilot.press("escape", "ctrl+s")
        await see(pilot, "Enter sends it")
        mark = re.search("desk-[0-9a-f]{12}", text_of(pilot.app))
        assert mark
        sandbox.faults.set("drop-after", method="POST", path="orders/", times=1)
        await pilot.press("enter")
        await see(pilot, "may have been done")
        assert text_of(pilot.app).count(mark[0]) == 2, "what is sent, and what is said of it"
        (placed,) = event.orders[before:]
        assert placed.external_order_id == mark[0]
        await pilot.press("escape", "ctrl+s")
        await see(pilot, f"It was placed: order {placed.order_id}.")
        await pilot.press("enter", "escape", "escape")
        assert event.orders[before:] == [placed]
