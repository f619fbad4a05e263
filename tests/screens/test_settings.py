"""What a person sets in the app: the screen of settings, and what the first start asks."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

from boxoffice import ProblemError
from boxoffice.screens.dialogs import NOT_ALIKE
from boxoffice.screens.first_start import FirstStartScreen
from boxoffice.screens.settings import NOTHING_CHANGED, PIN_IS_SET, SettingsScreen
from boxoffice.widgets.option_lists import Choices
from tests.screens.stage import HOSTILE, NARROW, Stage, see, shot
from tests.support import until


class Control:
    def __init__(self, **values: str) -> None:
        self.values = {
            "lane": "North",
            "operator": "",
            "language": "en",
            "sound": "on",
            "theme": "",
        }
        self.values |= values
        self.file: Path | None = Path("~/.config/boxoffice/config.toml")
        self.is_new = True
        self.pin: str | None = None
        self.problem = ""

    @property
    def has_pin(self) -> bool:
        return self.pin is not None

    def value(self, setting: str) -> str:
        return self.values[setting]

    def given_by(self, setting: str) -> str:
        return "BOXOFFICE_OPERATOR" if setting == "operator" and self.values["operator"] else ""

    async def change(self, setting: str, text: str) -> str:
        if self.problem:
            raise ProblemError(self.problem)
        self.values[setting] = text
        return ""

    async def change_pin(self, choose: Callable[[], Awaitable[str | None]]) -> None:
        self.pin = await choose()


async def test_picture(picture: SnapshotAssertion) -> None:
    app = Stage(SettingsScreen(Control(operator=HOSTILE), lambda: None))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "This door")
        assert await shot(pilot) == picture


async def test_enter_changes_what_is_highlighted_at_once() -> None:
    control, reopened = Control(), list[bool]()
    app = Stage(SettingsScreen(control, lambda: reopened.append(True)))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, "Take it")
        await pilot.press("ctrl+u", "enter")
        await see(pilot, "It needs a name")
        await pilot.press(*"West", "enter")
        await see(pilot, "This door is called West from now on.")
        await pilot.press("c", "enter")
        await see(pilot, "(•) usual")
        await see(pilot, "( ) high contrast")
        await pilot.press("h", "enter")
        await until(lambda: app.theme == "boxoffice-contrast")
        control.problem = "The till of lane West is open."
        await pilot.press("home", "enter", *"East", "enter")
        await see(pilot, control.problem)
    assert reopened == [True]
    assert control.values == Control(lane="West", theme="contrast").values


async def test_a_pin_is_typed_twice() -> None:
    control = Control()
    app = Stage(SettingsScreen(control, lambda: None))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end", "enter", *"4711", "enter", *"4712", "enter")
        await see(pilot, NOT_ALIKE)
        assert [line.value for line in app.screen.query(Input)] == ["", ""]
        await pilot.press("escape")
        await see(pilot, NOTHING_CHANGED)
        await pilot.press("enter", *"4711", "enter", *"4711", "enter")
        await see(pilot, PIN_IS_SET)
        assert control.pin == "4711"
        await pilot.press("enter", "enter", "enter")
        await until(lambda: not control.has_pin)


@pytest.mark.parametrize(
    ("keys", "lane", "operator", "language"),
    [
        (["enter", "enter"], "North", "", "en"),
        (["escape"], "North", "", "en"),
        ([*"West", "enter", *"Ida", "enter"], "West", "Ida", "en"),
        (["ctrl+u", "down", *"Ida", "ctrl+s"], "North", "Ida", "en"),
        (["up", "down", "enter", "enter", "enter"], "North", "", "da"),
        (["shift+tab", "d", "enter", "enter", "enter"], "North", "", "da"),
        (["up", "d", "e", "tab", *"West", "enter", "enter"], "West", "", "en"),
    ],
)
async def test_the_first_start_asks_and_takes_enter(
    keys: list[str], lane: str, operator: str, language: str
) -> None:
    app = Stage(FirstStartScreen(Control()))
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: isinstance(app.focused, Input), "a field, above it the language")
        await pilot.press(*keys)
        await until(lambda: app.answered)
    assert app.answer == {"lane": lane, "operator": operator, "language": language}


async def test_what_is_given_otherwise_is_not_asked() -> None:
    app = Stage(FirstStartScreen(Control(operator="Anna")))
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: isinstance(app.focused, Input), "the only field")
        await pilot.press(*"West", "enter")
        await until(lambda: app.answered)
    assert app.answer == {"lane": "West", "language": "en"}


async def test_where_no_text_is_asked_the_choices_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    control = Control()
    monkeypatch.setattr(control, "given_by", lambda key: "" if key == "language" else "--" + key)
    app = Stage(FirstStartScreen(control))
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: isinstance(app.focused, Choices), "the language")
        await pilot.press("d", "enter", "enter")
        await until(lambda: app.answered)
    assert app.answer == {"language": "da"}
