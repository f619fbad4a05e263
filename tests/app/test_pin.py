"""The PIN's dialog in front of what it guards: scans are answered above it, and never fill it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.cli.demo import Demonstration
from boxoffice.config import Settings
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.dialogs import TOO_FAST, PinDialog, ReasonDialog
from boxoffice.screens.events import EventsScreen
from boxoffice.store import journal_db
from boxoffice.widgets.footer import Banner
from tests.app.stage import App, all_sent, app_of, lane_of, open_app, opened, scan, text_of, write
from tests.screens.stage import see
from tests.support import FakeClock, until

PIN = "47114711"


@pytest.fixture
async def context(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[AppContext]:
    """One with a PIN, where a ticket that is not paid may be let in, and the desk is wanted."""
    settings = Settings(
        url=sandbox.url,
        event=sandbox.state.tonight.uuid,
        override=("not_paid",),
        desk=True,
        data_dir=tmp_path / "data",
        read_codes=False,
    )
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        await context.pin.change(PIN, Permit(Act.PIN))
        yield context


async def ask_to_override(pilot: App, sandbox: Sandbox) -> None:
    """As far as the PIN."""
    ticket = sandbox.examples()["not_paid"]
    (asked,) = await scan(pilot, ticket.uuid)
    assert asked.verdict.code is VerdictCode.NOT_PAID
    await pilot.press("ctrl+o")
    await opened(pilot, ReasonDialog)
    await pilot.press(*"because", "enter")
    await opened(pilot, PinDialog)


def field(pilot: App) -> Input:
    return pilot.app.screen.query_one(Input)


async def test_what_is_scanned_while_it_is_typed_is_answered_above_it(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await ask_to_override(pilot, sandbox)
        await pilot.press(*PIN[:3])
        (answer,) = await scan(pilot, sandbox.examples()["plain"].uuid)
        assert answer.verdict.code is VerdictCode.ADMITTED
        assert isinstance(pilot.app.screen, PinDialog)
        await see(pilot, "ADMITTED")
        assert field(pilot).value == PIN[:3]
        await pilot.press(*PIN[3:], "enter")
        await until(
            lambda: lane_of(pilot).history.recent[0].verdict.reason.endswith("overridden"), "in"
        )


async def test_a_wrong_one_says_so_and_going_back_does_nothing(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await ask_to_override(pilot, sandbox)
        await pilot.press(*"0000", "enter")
        await see(pilot, "That is not the PIN.")
        assert field(pilot).value == ""
        await pilot.press("escape")
        door = app_of(pilot).door
        await until(lambda: "nothing was done" in text_of(door.query_one(Banner)), "the banner")
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.NOT_PAID


@pytest.mark.parametrize("end", ["\r", "\t", ""])
@pytest.mark.parametrize("pasted", [False, True])
async def test_no_scan_fills_it_and_none_of_it_is_written_down(
    context: AppContext, sandbox: Sandbox, end: str, pasted: bool
) -> None:
    """Nor is a PIN that a quick hand types like one."""
    async with open_app(context) as pilot:
        await ask_to_override(pilot, sandbox)
        write(pilot, f"\x1b[200~{PIN}{end}\x1b[201~" if pasted else f"{PIN}{end}", gap=0.005)
        await pilot.pause()
        if end == "\r" or not pasted:
            await see(pilot, TOO_FAST[:30])
        assert isinstance(pilot.app.screen, PinDialog)
        assert field(pilot).value == ""
        log = await lane_of(pilot)._journal.read_all(journal_db.log)
        assert [row for row in log if PIN in str(row)] == []
        await pilot.press(*PIN, "enter")
        await until(
            lambda: lane_of(pilot).history.recent[0].verdict.reason.endswith("overridden"), "in"
        )


async def test_an_undo_after_a_minute_asks_for_it(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        await scan(pilot, ticket.uuid)
        await all_sent(pilot)
        await clock.advance(61)
        await pilot.press("f9")
        await opened(pilot, PinDialog)
        assert ticket.checked_in
        await pilot.press(*PIN, "enter")
        await until(lambda: not ticket.checked_in, "undone")


async def test_the_desk_asks_each_time(context: AppContext) -> None:
    async with open_app(context) as pilot:
        for _ in range(2):
            await pilot.press("f10")
            await opened(pilot, EventsScreen)
            await see(pilot, "Jazzaften")
            await pilot.press("f3")
            await opened(pilot, PinDialog)
            await pilot.press(*PIN, "enter")
            await opened(pilot, DeskScreen)
            await pilot.press("escape", "escape")
            await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def test_with_a_pin_there_is_no_desk_unless_it_is_wanted(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    settings = Settings(url=sandbox.url, data_dir=tmp_path / "data")
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as context:
        await context.files()
        assert context.has_desk
        await context.pin.change(PIN, Permit(Act.PIN))
        assert not context.has_desk
    async with AppContext(settings, key=SecretStr(sandbox.token), clock=clock) as again:
        await again.files()
        assert not again.has_desk


async def test_the_demo_offers_no_log_in(context: AppContext, sandbox: Sandbox) -> None:
    trying = Demonstration(sandbox, started_as="boxoffice demo")
    async with open_app(context, demo=trying) as pilot:
        assert not pilot.app.check_action("login", ())
    async with open_app(context) as pilot:
        assert pilot.app.check_action("login", ())
