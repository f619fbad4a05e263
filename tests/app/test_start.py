"""How the app begins: log-in, choice of the event, no network, a refused key, options."""

import asyncio
import threading
import tomllib
from pathlib import Path

import pytest
from textual import events
from textual.css.stylesheet import Stylesheet
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Input, Label

from boxoffice import ProblemError, language, secret
from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.cli.settings_control import SettingsControl
from boxoffice.config import Settings, read_settings
from boxoffice.domain.models import Event, LinkState
from boxoffice.domain.secret_text import SecretStr
from boxoffice.paths import RUN, is_alone
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.dialogs import ChoiceDialog, ConfirmDialog, ReasonDialog
from boxoffice.screens.events import EventsScreen
from boxoffice.screens.first_start import FirstStartScreen, LoginScreen
from boxoffice.screens.help import HelpScreen
from boxoffice.screens.preload import preload
from boxoffice.screens.settings import SettingsScreen
from boxoffice.widgets.footer import Banner, CommandFooter
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import (
    all_sent,
    app_of,
    door_list,
    lane_of,
    open_app,
    opened,
    passes,
    scan,
    text_of,
    write,
)
from tests.rings import Ring
from tests.screens.stage import see
from tests.support import FakeClock, until


def context_at(
    sandbox: Sandbox, clock: FakeClock, folder: Path, key: str | None = None
) -> AppContext:
    settings = Settings(
        url=sandbox.url, data_dir=folder, lane="North", operator="Anna", read_codes=False
    )
    return AppContext(settings, key=SecretStr(key) if key else None, clock=clock)


async def test_the_first_start_asks_for_the_key_and_opens_todays_event(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    async with context_at(sandbox, clock, tmp_path / "data") as context:
        app = BoxofficeApp(context)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: isinstance(app.screen, LoginScreen), "the log-in")
            app.screen.query_one("#key", Input).value = sandbox.token
            await pilot.press("ctrl+s")
            await until(
                lambda: isinstance(app.screen, EventsScreen) or app.door.lane is not None,
                "events, or the only one of today",
            )
            await pilot.pause()  # a screen that is pushed has no widgets yet


@pytest.mark.parametrize(
    "written", ["{key}\r", "\x1b[200~{key}\n\x1b[201~", "\x1b[200~{key}\x1b[201~"]
)
async def test_a_refused_key_is_a_banner_and_another_one_is_taken(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, written: str
) -> None:
    """Over the door a ticket is answered in front of the log-in, and a key goes into its field."""
    async with context_at(sandbox, clock, tmp_path / "data", sandbox.token) as context:
        context.event = sandbox.state.tonight.uuid
        async with open_app(context) as pilot:
            sandbox.faults.set("401")
            await passes(clock, lambda: lane_of(pilot).status.link is LinkState.REFUSED, "refused")
            door = app_of(pilot).door
            await until(lambda: "refused" in text_of(door.query_one(StatusLine)), "the state")
            await until(lambda: "key" in text_of(door.query_one(Banner)), "the sentence")
            (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
            assert not only.verdict.confirmed
            sandbox.faults.clear()
            first = lane_of(pilot)
            pilot.app.call_later(app_of(pilot).action_login)
            await until(lambda: isinstance(pilot.app.screen, LoginScreen), "the log-in")
            sandbox.faults.set("401")
            await scan(pilot, sandbox.examples()["external"].uuid)
            assert "ADMITTED" in text_of(pilot.app.screen.query_one(VerdictBand))
            sandbox.faults.clear()
            key, state = (pilot.app.screen.query_one(f"#{name}") for name in ("key", "login-state"))
            assert isinstance(key, Input) and isinstance(state, Label)
            write(pilot, "000026\r")
            await until(lambda: state.content, "that a number is no key")
            assert not key.value
            write(pilot, written.format(key=sandbox.token))
            await until(lambda: key.value == sandbox.token, "the key in its field")
            assert len(lane_of(pilot).history.recent) == 2
            await pilot.press("ctrl+s")
            await until(lambda: lane_of(pilot) is not first, "the door with the new key")
            assert lane_of(pilot).event.uuid == first.event.uuid


@pytest.mark.parametrize("is_there", [True, False])
async def test_the_door_is_open_while_the_keyring_asks_for_leave(
    is_there: bool,
    context: AppContext,
    sandbox: Sandbox,
    clock: FakeClock,
    ring: Ring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_app(context):
        pass
    await context.close()
    secret.store_site(sandbox.url, context.data)
    if is_there:
        ring.set_password(secret.SERVICE, sandbox.url, sandbox.token)
    leave = threading.Event()
    ring.answered = leave.wait
    monkeypatch.setattr(secret, "ASKS", 0.05)
    late = AppContext(context.settings, clock=clock, draws_first=True)
    async with late, open_app(late, online=False) as pilot:
        lane, banner = lane_of(pilot), app_of(pilot).door.query_one(Banner)
        (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
        assert only.verdict.word == "ADMITTED · not confirmed"
        await until(lambda: "Keychain" in text_of(banner), "why it asks")
        assert lane.status.link is LinkState.REFUSED
        leave.set()
        if not is_there:
            await passes(clock, lambda: "No key for" in text_of(banner), "that there is none")
            pilot.app.call_later(app_of(pilot).action_login)
            await until(lambda: isinstance(pilot.app.screen, LoginScreen), "the log-in")
            pilot.app.screen.query_one("#key", Input).value = sandbox.token
            await pilot.press("ctrl+s")
            await until(lambda: lane_of(pilot) is not lane, "the door with the new key")
        await passes(clock, lambda: lane_of(pilot).status.link is LinkState.ONLINE, "online")
        await all_sent(pilot)


async def test_without_any_network_yesterdays_list_is_there(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        everyone = len(door_list(pilot).uuids)
    await context.close()
    await sandbox.stop()
    async with open_app(context) as pilot:
        assert len(door_list(pilot).uuids) == everyone
        (only,) = await scan(pilot, sandbox.examples()["plain"].uuid)
        assert only.verdict.word == "ADMITTED \u00b7 not confirmed"


async def test_an_event_that_does_not_open_is_said(context: AppContext) -> None:
    context.event = "0" * 32
    app = BoxofficeApp(context)

    def is_said(sentence: str) -> bool:
        return any(sentence in text_of(banner) for banner in app.screen.query(Banner))

    async with app.run_test(size=(80, 24)):
        await until(lambda: "There is no event" in app.door.query_one(VerdictBand).face.reason)
        app.action_events()
        app.door.controller.scan("0" * 32)  # a screen that comes just now has nothing on it yet
        assert isinstance(app.screen, EventsScreen)
        await until(lambda: is_said("1 scan waits: choose an event"))
        app.door.controller.scan("0" * 32)
        await until(lambda: is_said("2 scans wait: choose"))


@pytest.mark.parametrize("shows", ["the events", "the desk", "a fault", "the log-in"])
async def test_other_programs_are_told_of_the_app_whatever_it_shows(
    shows: str, sandbox: Sandbox, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SecretStr("wrong" if shows == "the log-in" else sandbox.token)
    event = "0" * 32 if shows == "a fault" else ""
    settings = Settings(url=sandbox.url, event=event, data_dir=tmp_path)
    context = AppContext(settings, key=key, clock=clock, draws_first=True)
    for module in ("boxoffice.app", "boxoffice.screens.events"):
        monkeypatch.setattr(f"{module}.opens_straight", lambda *_: None)
    if shows == "the log-in":
        monkeypatch.setattr(AppContext, "ready", False)

    def run_locks() -> list[str]:
        return sorted(file.name for file in context.folder.glob(f"{RUN}.*.lock"))

    app = BoxofficeApp(context)
    async with context:
        assert not run_locks()
        async with app.run_test(size=(80, 24)) as pilot:
            if shows in ("the events", "the desk"):
                await opened(pilot, EventsScreen)
            if shows == "the desk":
                await pilot.press("f3")
                await opened(pilot, DeskScreen)
            if shows == "the log-in":
                await opened(pilot, LoginScreen)
                app.screen.query_one("#key", Input).value = "wrong"
                await pilot.press("ctrl+s")
            await until(lambda: not is_alone(context.folder, RUN, None), "others see it")
            files = await context.files()
            await asyncio.gather(files.appear(), files.appear())
            assert run_locks() == [f"{RUN}.0.lock"], "it has one number"
            assert files.is_alone()
    assert is_alone(context.folder, RUN, None)


async def test_what_a_person_opens_at_the_start_stays_in_front(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.event, read, behind = None, asyncio.Event(), list[Screen[object]]()
    app = BoxofficeApp(context)
    events_screen = app._events

    async def stored() -> list[Event]:
        await read.wait()
        return []

    def noted(**options: bool) -> Screen[Event | None]:
        behind.append(app.screen)
        return events_screen(**options)

    monkeypatch.setattr(context, "stored", stored)
    monkeypatch.setattr(app, "_events", noted)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q")
        await opened(pilot, ConfirmDialog)
        read.set()
        await pilot.pause()
        await pilot.press("escape")
        await until(lambda: behind, "the choice of an event")
    assert behind == [app.door]


async def test_keys_are_remapped_and_the_footer_says_so(context: AppContext) -> None:
    app = BoxofficeApp(context, keys={"queue": "f11", "undo": "ctrl+n,f9"})
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.door.lane is not None, "an open door")
        footer = text_of(app.door.query_one(CommandFooter))
        assert "F11 Queue" in footer and "^N Undo" in footer
        await pilot.press("f11")
        await until(lambda: len(app.screen_stack) == 2, "the queue")


@pytest.mark.parametrize(
    ("theme", "name"),
    [
        ("", "boxoffice"),
        ("contrast", "boxoffice-contrast"),
        ("light", "boxoffice-light"),
        ("nord", "nord"),
    ],
)
async def test_themes(context: AppContext, theme: str, name: str) -> None:
    async with open_app(context, theme=theme) as pilot:
        assert pilot.app.theme == name
        await app_of(pilot).run_action("contrast")
        await pilot.pause()
        assert pilot.app.theme != name


async def test_the_door_is_laid_out_once_for_a_size(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(context) as pilot:
        door, laid_out = app_of(pilot).door, list[Size]()
        arrange = Screen._refresh_layout

        def watched(screen: Screen[None], size: Size | None = None, scroll: bool = False) -> None:
            laid_out.append(size or screen.outer_size)
            arrange(screen, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", watched)
        await pilot.pause()
        laid_out.clear()
        door.post_message(events.Resize(door.size, door.size))  # as Textual says of a new screen
        await pilot.pause()
        assert not laid_out
        await pilot.resize_terminal(120, 40)
        await until(lambda: door.has_class("-wide", "-tall"), "the other size")
        assert set(laid_out) == {Size(120, 40)}


async def test_what_comes_later_is_loaded_while_the_door_is_left_alone(
    context: AppContext, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(context) as pilot:
        app, sheet = app_of(pilot), str(stylesheet("help"))
        app.door.put("a")
        loading = asyncio.create_task(preload(app, clock, lambda: app.door.is_idle))
        await pilot.pause()
        assert not app.stylesheet.has_source(sheet)
        app.door.put("")
        await passes(clock, loading.done, "all loaded")
        await loading
        assert app.stylesheet.has_source(sheet)
        read_anew: list[Stylesheet] = []
        monkeypatch.setattr(Stylesheet, "reparse", read_anew.append)
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpScreen), "the help")
        await pilot.pause()
        assert not read_anew


def test_a_theme_that_there_is_not_is_refused_before_anything_is_drawn(
    context: AppContext,
) -> None:
    with pytest.raises(ProblemError, match="there is no no such; known are contrast, light, "):
        BoxofficeApp(context, theme="no such")


async def test_the_first_start_asks_once_what_this_door_is_called(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOXOFFICE_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    file = tmp_path / "config.toml"
    file.write_text("# of this laptop\n")
    settings = read_settings({"url": sandbox.url, "data_dir": tmp_path / "data"}, file)
    async with AppContext(settings, clock=clock) as context:
        control = SettingsControl(context)
        app = BoxofficeApp(context, settings=control)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: isinstance(app.screen, LoginScreen), "the log-in")
            app.screen.query_one("#key", Input).value = sandbox.token
            await pilot.press("ctrl+s")
            await until(lambda: isinstance(app.screen, FirstStartScreen), "the form")
            await until(lambda: app.focused is app.screen.query(Input).first(), "the door's name")
            await pilot.press(*"West", "enter", *"Ida", "enter")
            await until(lambda: not isinstance(app.screen, FirstStartScreen), "the form is gone")
            await pilot.pause()
    assert file.read_text().startswith("# of this laptop\n")
    kept = tomllib.loads(file.read_text())
    assert kept == {"lane": "West", "operator": "Ida", "language": "en"}
    assert not control.is_new
    assert not SettingsControl(AppContext(read_settings({}, file), clock=clock)).is_new


async def test_settings_change_while_the_door_is_open(context: AppContext) -> None:
    app = BoxofficeApp(context, settings=SettingsControl(context))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: app.door.lane is not None, "an open door")
        first = lane_of(pilot)
        app.call_later(app.action_operator)
        await until(lambda: isinstance(app.screen, ReasonDialog), "the question")
        await pilot.press(*"Ida", "enter")
        await until(lambda: "· North · Ida" in text_of(app.door.query_one(StatusLine)), "her name")
        await until(lambda: "At the door from now on: Ida." in text_of(app.door.query_one(Banner)))
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(app.screen, SettingsScreen), "the settings")
        await pilot.press("enter", *"West", "enter")
        await until(lambda: app.door.lane is not first, "the lane by its new name")
        await pilot.press("down", "down", "enter")
        await until(lambda: isinstance(app.screen, ChoiceDialog), "the languages")
        await pilot.press("end", "enter")
        await until(lambda: language.current() == "da", "Danish")
        await see(pilot, "Dansk")
        assert (lane_of(pilot).name, lane_of(pilot).operator) == ("West", "Ida")
