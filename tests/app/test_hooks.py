"""Webhooks in the app: registered from the palette, heard at the door, gone at the end."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Button, Label

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Settings
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.state import Role
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.widgets.footer import Banner
from tests.app.stage import App, app_of, lane_of, open_app
from tests.screens.stage import pictured
from tests.support import FakeClock, both_dialects, until

NOWHERE = "192.0.2.1:8801"
"""An address that no computer has."""


@pytest.fixture
def ticket_count(request: pytest.FixtureRequest) -> int:
    """As many as the pictures show, for them."""
    return 400 if "picture" in request.fixturenames else 60


@pytest.fixture
async def listening(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Callable[..., AppContext]]:
    contexts: list[AppContext] = []

    def make(hooks: str = "127.0.0.1:0", public: str = "", *, register: bool = False) -> AppContext:
        settings = Settings(
            read_codes=False,
            url=sandbox.url,
            event=sandbox.state.tonight.uuid,
            lane="North",
            data_dir=tmp_path / "data",
            hooks=hooks,
            hooks_public=public,
            hooks_register=register,
        )
        contexts.append(AppContext(settings, key=SecretStr(sandbox.token), clock=clock))
        return contexts[-1]

    yield make
    for context in contexts:
        await context.close()


async def asked(pilot: App) -> str:
    """What the dialog says, once it is open."""
    await app_of(pilot).run_action("hooks")
    await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the dialog")
    await until(lambda: pilot.app.screen.query(Label) and pilot.app.screen.query("#yes"))
    await pilot.pause()
    return " ".join(str(label.content) for label in pilot.app.screen.query(Label))


def banner(pilot: App) -> str:
    return app_of(pilot).door.query_one(Banner).passing


def trouble(pilot: App) -> str:
    """What the door names until it is settled."""
    notices = app_of(pilot).door.query_one(Banner).notices
    return " ".join(notice.sentence for notice in notices if notice.command == "hooks")


@both_dialects
async def test_registered_from_the_palette_and_gone_at_the_end(
    sandbox: Sandbox, listening: Callable[..., AppContext], clock: FakeClock
) -> None:
    context = listening("127.0.0.1:0")
    async with open_app(context) as pilot:
        now, ticket = clock.now(), sandbox.examples()["plain"]
        before = lane_of(pilot).status.checked_in
        said = await asked(pilot)
        assert context.listener is not None
        assert context.listener.url in said
        assert "not told to send" in said
        await pilot.click("#yes")
        await until(lambda: "until boxoffice ends" in banner(pilot), "what came of it")
        assert [hook.url for hook in sandbox.state.webhooks.values()] == [
            f"{context.listener.url}?run=0"
        ]
        sandbox.state.check_in(ticket)
        await until(lambda: lane_of(pilot).status.checked_in == before + 1, "the other door's")
        assert clock.now() == now
        assert "the site sends them. 1 came" in await asked(pilot)
        assert str(pilot.app.screen.query_one("#yes", Button).label) == "Send no more"
        await pilot.click("#back")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
    assert sandbox.state.webhooks
    await context.close()
    assert not sandbox.state.webhooks


async def test_taken_back_from_the_palette(
    sandbox: Sandbox, listening: Callable[..., AppContext]
) -> None:
    async with open_app(listening("127.0.0.1:0")) as pilot:
        for button in ("Have them sent", "Send no more"):
            await asked(pilot)
            assert str(pilot.app.screen.query_one("#yes", Button).label) == button
            await pilot.click("#yes")
            wanted = "until boxoffice ends" if button == "Have them sent" else "no more webhooks"
            await until(lambda said=wanted: said in banner(pilot), "what came of it")
            assert bool(sandbox.state.webhooks) is (button == "Have them sent")
    assert not sandbox.state.webhooks


async def test_without_hooks_it_says_how(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await app_of(pilot).run_action("hooks")
        await until(lambda: "--hooks" in banner(pilot), "how")


async def test_a_port_that_is_taken_is_said_at_the_open_door(
    sandbox: Sandbox, listening: Callable[..., AppContext]
) -> None:
    port = sandbox.url.rsplit(":", 1)[1]
    async with open_app(listening(f"127.0.0.1:{port}")) as pilot:
        await until(lambda: port in trouble(pilot), "the sentence")
        assert port in await asked(pilot)


async def test_a_key_that_may_not_is_said_at_the_open_door(
    sandbox: Sandbox, listening: Callable[..., AppContext]
) -> None:
    sandbox.state.role = Role.ORGANISER
    async with open_app(listening(register=True)) as pilot:
        await until(lambda: "owner" in trouble(pilot), "the sentence")
        await asked(pilot)
        assert str(pilot.app.screen.query_one("#yes", Button).label) == "Try again"
        sandbox.state.role = Role.ADMIN
        await pilot.click("#yes")
        await until(lambda: "until boxoffice ends" in banner(pilot), "what came of it")
        await until(lambda: not trouble(pilot), "nothing amiss any more")


def of_a_known_address(context: AppContext) -> AppContext:
    """One whose webhooks come to an address that can be drawn."""
    (context.folder / "hooks.path").write_text(f"/hooks/{'kept-in-a-picture-here':x<24}")
    return context


async def test_picture_of_what_is_received(
    listening: Callable[..., AppContext],
    picture: SnapshotAssertion,
) -> None:
    context = of_a_known_address(listening(public="https://door.example.com"))
    async with open_app(context) as pilot:
        await until(lambda: context.listener is not None and context.listener.url, "an open port")
        await asked(pilot)
        await pictured(pilot, picture)


async def test_picture_of_what_is_sent(
    sandbox: Sandbox,
    listening: Callable[..., AppContext],
    picture: SnapshotAssertion,
) -> None:
    context = of_a_known_address(listening(public="https://door.example.com"))
    async with open_app(context) as pilot:
        assert context.listener is not None
        await context.listener.register()
        await asked(pilot)
        await pictured(pilot, picture)
    assert sandbox.state.webhooks


async def test_picture_of_a_port_that_cannot_be_opened(
    listening: Callable[..., AppContext],
    picture: SnapshotAssertion,
) -> None:
    context = listening(NOWHERE)
    async with open_app(context) as pilot:
        assert context.listener is not None
        await context.listener.ready()
        await until(lambda: NOWHERE in trouble(pilot), "the sentence at the door")
        await asked(pilot)
        await pictured(pilot, picture)
