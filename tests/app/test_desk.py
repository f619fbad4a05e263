"""The organiser's desk in the whole app: how it is reached, and what the door has of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.commands import Place, commands
from boxoffice.config import Settings, read_settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.form import FormScreen
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.events import EventsScreen
from boxoffice.screens.sale import SaleScreen
from boxoffice.store.journal_db import HOUSE_EMAIL, remember
from boxoffice.widgets.sale_inputs import TypeList
from tests.app.stage import App, answered, app_of, lane_of, open_app, write
from tests.screens.stage import see, text_of
from tests.support import FakeClock, until

GAP = 0.08
"""Seconds between the keys of a person."""


async def open_desk(pilot: App) -> None:
    """From the door by the list of events: two keys."""
    await pilot.press("f10")
    await until(lambda: isinstance(pilot.app.screen, EventsScreen), "the events")
    await see(pilot, "Jazzaften")
    await pilot.press("f3")
    await until(lambda: isinstance(pilot.app.screen, DeskScreen), "the desk")


async def test_stock_that_is_raised_at_the_desk_is_for_sale_at_the_door(
    context: AppContext, sandbox: Sandbox
) -> None:
    event = sandbox.state.tonight
    kind = next(each for each in event.ticket_types if each.amount_total == each.amount_sold)
    place = event.ticket_types.index(kind)
    async with open_app(context) as pilot:
        await open_desk(pilot)
        await see(pilot, "Ticket types")
        await pilot.press("enter")
        await see(pilot, kind.title)
        await pilot.press(*["down"] * place, "enter")
        await until(lambda: isinstance(pilot.app.focused, Input), "the form")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await see(pilot, "Total")
        write(pilot, "+25", gap=GAP)
        await see(pilot, "+25")
        await pilot.press("ctrl+s")
        await see(pilot, "Enter sends it")
        await pilot.press("enter")
        await see(pilot, "The site took it.")
        assert kind.amount_total - kind.amount_sold == 25
        await pilot.press("escape", "escape", "escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        await lane_of(pilot)._journal.write(remember, HOUSE_EMAIL, "house@example.com")
        await pilot.press("f4")
        await until(lambda: isinstance(pilot.app.screen, SaleScreen), "the sale")
        listed = pilot.app.screen.query_one(TypeList)
        await until(
            lambda: any("25 left" in str(each.prompt) for each in listed.options), "its stock"
        )


async def test_the_palette_of_the_door_leads_there_and_no_key_does(context: AppContext) -> None:
    here = [each for each in commands(Place.DOOR) if "desk" in each.id]
    assert here
    assert not any(each.keys or each.bound for each in here)
    async with open_app(context) as pilot:
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")
        await pilot.press(*"organiser")
        hits = pilot.app.screen.query_one(OptionList)
        await until(lambda: hits.option_count == 1, "the desk")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, DeskScreen), "the desk")
        await see(pilot, lane_of(pilot).event.title)


async def test_a_scan_over_the_desk_is_answered_and_typed_nowhere(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await open_desk(pilot)
        await pilot.press("enter")
        await see(pilot, "Standard")
        write(pilot, f"{sandbox.examples()['plain'].uuid}\r", gap=0.005)
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED
        assert pilot.app.screen.query_one(Input).value == ""
        await see(pilot, "ADMITTED")


async def test_a_setting_hides_it(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> None:
    event = sandbox.state.tonight.uuid
    settings = Settings(
        url=sandbox.url, event=event, data_dir=tmp_path / "data", desk=False, read_codes=False
    )
    async with (
        AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context,
        open_app(context) as pilot,
    ):
        await pilot.press("f10")
        await until(lambda: isinstance(pilot.app.screen, EventsScreen), "the events")
        await see(pilot, "Jazzaften")
        assert "Desk" not in text_of(pilot.app)
        await pilot.press("f3", "ctrl+y")
        await pilot.pause()
        assert isinstance(pilot.app.screen, EventsScreen)
        await pilot.press("escape", "ctrl+p")
        await until(lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")
        await pilot.press(*"organiser")
        hits = pilot.app.screen.query_one(OptionList)
        await until(lambda: "No matches" in str(hits.options[0].prompt) if hits.options else False)
        assert pilot.app.check_action("organiser_desk", ()) is False


def test_the_setting_is_read_from_the_file(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("desk = false\n")
    assert read_settings({}, config).desk is False
    assert read_settings({}).desk is None


async def test_what_the_desk_is_refused_does_not_trouble_the_door(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await open_desk(pilot)
        before = lane_of(pilot).status.link
        sandbox.faults.set("403")
        await pilot.press("enter")
        await see(pilot, "asks again")
        sandbox.faults.clear()
        assert lane_of(pilot).status.link is before


def test_a_start_imports_nothing_of_it() -> None:
    code = (
        "import sys, boxoffice.app, boxoffice.cli.app_context, boxoffice.screens.events\n"
        "print([each for each in sys.modules if each.startswith(('boxoffice.manage', "
        "'boxoffice.screens.desk', 'boxoffice.ticketbutler.resources.exports'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("key", ["desk"])
async def test_its_key_can_be_another(context: AppContext, key: str) -> None:
    app = BoxofficeApp(context, keys={key: "f11"})
    async with app.run_test() as pilot:
        await until(lambda: app.door.lane is not None, "an open door")
        await pilot.press("f10")
        await until(lambda: isinstance(app.screen, EventsScreen), "the events")
        await see(pilot, "Jazzaften")
        await pilot.press("f11")
        await until(lambda: isinstance(app.screen, DeskScreen), "the desk")
