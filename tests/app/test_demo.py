"""What only the demonstration offers: codes to scan off its screen, and a network to cut."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest
from textual.command import CommandPalette
from textual.widgets import Label, OptionList

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.demo import Demonstration
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import NEVER_JOINED
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Dialect, Sandbox
from boxoffice.screens.guide import GuideLine
from boxoffice.screens.help import HelpScreen
from boxoffice.screens.sheet import SheetScreen
from boxoffice.screens.venue import VenueControl
from tests.app.stage import App, answered, app_of, lane_of, open_app, opened, passes, scan, write
from tests.person import PERSON
from tests.printing.eyes import read, screen_of
from tests.screens.stage import both_sizes, see, text_of
from tests.support import UNDERWAY, FakeClock, until


@pytest.fixture
async def sandbox(dialect: Dialect, clock: FakeClock) -> AsyncIterator[Sandbox]:
    sleep = UNDERWAY.held_back(clock.sleep)
    async with Sandbox(dialect=dialect, now=clock.now, sleep=sleep, trials=True) as box:
        yield box


@pytest.fixture
def trying(sandbox: Sandbox) -> Demonstration:
    return Demonstration(sandbox, started_as="boxoffice demo")


async def ask(pilot: App, command: str) -> None:
    await pilot.press("ctrl+p")
    await opened(pilot, CommandPalette)
    await pilot.press(*command)
    hits = pilot.app.screen.query_one(OptionList)
    await until(lambda: hits.option_count == 1, "the command")
    await pilot.press("enter")


@both_sizes
async def test_the_codes_are_scanned_off_the_screen_and_over_it(
    context: AppContext, trying: Demonstration, size: tuple[int, int]
) -> None:
    async with open_app(context, size=size, demo=trying) as pilot:
        await ask(pilot, "codes to try")
        await opened(pilot, SheetScreen)
        for entry in trying.sheet.entries[:2]:
            await until(lambda code=entry.code: read(screen_of(pilot.app)) == [code], entry.code)
            (answer,) = await scan(pilot, entry.code)
            assert answer.verdict.code is entry.verdict
            assert isinstance(pilot.app.screen, SheetScreen)
            await until(lambda code=entry.code: read(screen_of(pilot.app)) == [code], "whole")
            await pilot.press("right")


async def test_without_a_scanner_enter_scans(context: AppContext, trying: Demonstration) -> None:
    async with open_app(context, demo=trying) as pilot:
        await ask(pilot, "codes to try")
        await opened(pilot, SheetScreen)
        await pilot.press("enter")
        await answered(pilot, 1)
        await see(pilot, "ADMITTED")
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED


async def test_the_network_is_cut_and_put_back(
    context: AppContext, trying: Demonstration, clock: FakeClock
) -> None:
    offline = [entry for entry in trying.sheet.entries if entry.offline]
    async with open_app(context, demo=trying) as pilot:
        await ask(pilot, "Network")
        lane = lane_of(pilot)
        await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
        await see(pilot, "offline")
        await see(pilot, "The network is off")
        answers = await scan(pilot, *(entry.code for entry in offline))
        assert [each.verdict.word for each in answers] == [entry.word for entry in offline]
        await pilot.press("ctrl+x")
        await see(pilot, "The network is back")
        await passes(clock, lambda: lane.status.link is LinkState.ONLINE, "online")
        await passes(clock, lambda: not lane.status.counts.unsent, "all sent")


async def test_a_quiet_line_proposes_what_to_try_next(
    context: AppContext, trying: Demonstration
) -> None:
    async with open_app(context, demo=trying) as pilot:
        await see(pilot, f"Type {trying.number} and press Enter")
        line = pilot.app.screen.query_one(GuideLine)
        await until(lambda: line._seen is lane_of(pilot), "it looks at this door")
        write(pilot, f"{trying.number}\r", gap=PERSON)
        await answered(pilot, 1)
        await see(pilot, f"Once more {trying.number}, Enter")
        write(pilot, f"{trying.number}\r", gap=PERSON)
        await see(pilot, "no ticket at all: wifi:1")
        write(pilot, "wifi:1\r", gap=PERSON)
        await see(pilot, "type “asta”")
        await pilot.press("ctrl+a")
        await until(lambda: "Ctrl+A closes" not in text_of(pilot.app), "closed")


async def test_a_real_door_offers_neither(context: AppContext) -> None:
    async with open_app(context) as pilot:
        assert not pilot.app.check_action("sheet", ())
        assert not pilot.app.check_action("unplug", ())
        assert not pilot.app.check_action("guide", ())
        await pilot.press("f1")
        await opened(pilot, HelpScreen)
        await see(pilot, "F1, Ctrl+G")
        assert not any("Ctrl+X" in str(row.render()) for row in pilot.app.screen.query(Label))


async def test_a_demonstration_is_offered_no_hub(
    context: AppContext, trying: Demonstration
) -> None:
    looked = []

    async def find() -> list[str]:
        looked.append("for a hub")
        return ["Hall"]

    venue = cast(VenueControl, SimpleNamespace(status=NEVER_JOINED, find=find))
    async with open_app(context, demo=trying) as pilot:
        app_of(pilot)._venue = venue
        await app_of(pilot)._look_for_hub()
    assert looked == []
