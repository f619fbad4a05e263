"""The first run: site and key, tried before they are kept."""

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input, Label

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.sandbox import Sandbox
from boxoffice.screens.first_start import NO_KEY, NO_SITE, LoginScreen
from tests.screens.stage import NARROW, Stage, pictured, see, text_of
from tests.support import FakeClock, until


def told(app: Stage) -> bool:
    """Whether a sentence says what is wrong."""
    state = app.screen.query_one("#login-state", Label)
    return bool(str(state.content)) and not state.has_class("-calm")


@pytest.fixture
def unknown(clock: FakeClock) -> AppContext:
    """A computer that knows no site yet."""
    return AppContext(Settings(), clock=clock)


async def test_a_good_key_is_kept(unknown: AppContext, sandbox: Sandbox) -> None:
    assert not unknown.ready
    app = Stage(LoginScreen(unknown.login))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*sandbox.url, "enter", *sandbox.token)
        assert sandbox.token not in text_of(app)
        assert sandbox.token not in app.export_screenshot()
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer == sandbox.url
    assert unknown.ready
    assert unknown.site == sandbox.url


async def test_what_passes_is_a_ticket_and_no_key(unknown: AppContext) -> None:
    screen = LoginScreen(unknown.login)
    async with Stage(screen).run_test(size=NARROW):
        uuid = "cbddf762e1975b756101c42162c79cf8"
        for scanned in (uuid, f"https://example.com/tickets/{uuid}/", f"]Q1{uuid}"):
            assert screen.lets_pass(scanned)
        for key in (f"4de2a{uuid}a3b", "a-key-of-another-form"):
            assert not screen.lets_pass(f"{key}\r")
            assert screen.query_one("#key", Input).value == key


async def test_a_wrong_key_is_a_sentence_and_both_can_be_mended(
    unknown: AppContext, sandbox: Sandbox
) -> None:
    app = Stage(LoginScreen(unknown.login, site=sandbox.url))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*"wrong", "ctrl+s")
        await see(pilot, "key")
        await until(lambda: told(app))
        assert not app.answered
        key = app.screen.query_one("#key", Input)
        assert key.value == "wrong"
        await pilot.press(*sandbox.token)
        assert key.value == sandbox.token
        await pilot.click("#log_in")
        await until(lambda: app.answered)
    assert unknown.ready


async def test_a_wrong_site_is_a_sentence(unknown: AppContext) -> None:
    app = Stage()
    async with app.run_test(size=NARROW) as pilot:
        for site in ("https://", "ftp://x", "http://example.com", "not a site"):
            screen = LoginScreen(unknown.login, site=site)
            await app.push_screen(screen)
            await pilot.press(*"key", "enter")
            await until(lambda: told(app), site)
            assert app.screen is screen
            await app.pop_screen()


async def test_what_is_missing_is_asked_for(unknown: AppContext) -> None:
    app = Stage(LoginScreen(unknown.login))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("ctrl+s")
        await see(pilot, NO_SITE[:30])
        await pilot.press(*"https://x.example", "ctrl+s")
        await see(pilot, NO_KEY)
        assert app.focused is app.screen.query_one("#key")


async def test_picture(unknown: AppContext, picture: SnapshotAssertion) -> None:
    app = Stage(LoginScreen(unknown.login, site="https://yourname.ticketbutler.io"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*"a key that is not shown")
        await pictured(pilot, picture)
