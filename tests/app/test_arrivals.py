"""Arrivals and the till, reached from the door by key and by name, with scans over them."""

from typing import Any

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.verdicts import Scan
from boxoffice.sandbox import Sandbox
from boxoffice.screens.arrivals import ArrivalsScreen
from boxoffice.screens.till import TillDialog
from boxoffice.widgets.scan_band import ScanBand
from tests.app.stage import app_of, lane_of, open_app, scan
from tests.screens.stage import see, text_of
from tests.support import until


@pytest.mark.parametrize("key", ["f7", "ctrl+l"])
async def test_arrivals_by_key(context: AppContext, key: str) -> None:
    async with open_app(context) as pilot:
        await pilot.press(key)
        await see(pilot, "to come")
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def test_a_scan_over_the_arrivals_is_answered_and_counted(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        inside = lane_of(pilot).status.checked_in
        await pilot.press("f7")
        await see(pilot, f"{inside} of ")
        ticket = sandbox.examples()["hostile"]
        (answer,) = await scan(pilot, ticket.uuid)
        assert answer.verdict.word == "ADMITTED"
        assert isinstance(pilot.app.screen, ArrivalsScreen)
        await see(pilot, "ADMITTED")
        await see(pilot, f"{inside + 1} of ")
        await see(pilot, "In here 1")


async def test_a_scan_that_is_answered_while_a_screen_opens_is_shown_there(
    context: AppContext, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(context) as pilot:
        app, lane = app_of(pilot), lane_of(pilot)
        answer = lane.scan

        async def open_arrivals(*about: Any, **more: Any) -> Scan:
            done = await answer(*about, **more)
            app.door.action_arrivals()
            return done

        monkeypatch.setattr(lane, "scan", open_arrivals)
        app.door.controller.scan(sandbox.examples()["plain"].uuid)
        await until(lambda: isinstance(app.screen, ArrivalsScreen), "the arrivals")
        assert app.door.query_one(ScanBand).face.word == "ADMITTED"
        await see(pilot, "ADMITTED")


async def test_the_till_by_name_and_a_scan_over_it(context: AppContext, sandbox: Sandbox) -> None:
    async with open_app(context) as pilot:
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")
        hits = pilot.app.screen.query_one(OptionList)
        await pilot.press(*"till: open")
        await until(lambda: hits.option_count == 1, "the one that was looked for")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, TillDialog), "the till")
        await see(pilot, "The till is closed.")
        await pilot.press(*"50")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await see(pilot, "ADMITTED")
        await pilot.press("0", "enter")
        await see(pilot, "Should be in it")
        assert "500.00" in text_of(pilot.app) or "500,00" in text_of(pilot.app)
        shift = await lane_of(pilot).box_office.till()
        assert shift is not None
        assert shift.opening == 500
