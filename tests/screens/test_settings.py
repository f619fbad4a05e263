"""What a person sets in the app: the screen of settings, and what the first start asks."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

from boxoffice import ProblemError
from boxoffice.screens.settings import (
    NOT_ALIKE,
    NOTHING_CHANGED,
    PIN_IS_SET,
    FirstStartScreen,
    SettingsScreen,
)
from tests.screens.stage import HOSTILE, NARROW, Stage, see, shot
from tests.support import until


class Control:
    """Settings that are kept nowhere."""

    def __init__(self, **values: str) -> None:
        self.values = {"lane": "North", "operator": "", "theme": "", **values}
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


class Applied(list[tuple[str, str]]):
    def __call__(self, setting: str, value: str) -> None:
        self.append((setting, value))


async def test_picture(picture: SnapshotAssertion) -> None:
    app = Stage(SettingsScreen(Control(operator=HOSTILE), Applied()))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "This door")
        assert await shot(pilot) == picture


async def test_enter_changes_what_is_highlighted_at_once() -> None:
    control, applied = Control(), Applied()
    app = Stage(SettingsScreen(control, applied))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, "Take it")
        await pilot.press("ctrl+u", "enter")
        await see(pilot, "it needs a name")
        await pilot.press(*"West", "enter")
        await see(pilot, "This door is called West from now on.")
        await pilot.press("down", "down", "enter")
        await see(pilot, "high contrast")
        await pilot.press("down", "enter")
        await until(lambda: len(applied) == 2)
        control.problem = "The till of lane West is open."
        await pilot.press("home", "enter", *"East", "enter")
        await see(pilot, control.problem)
    assert applied == [("lane", "West"), ("theme", "contrast")]
    assert control.values["lane"] == "West"


async def test_a_pin_is_typed_twice() -> None:
    control = Control()
    app = Stage(SettingsScreen(control, Applied()))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end", "enter", *"4711", "enter", *"4712", "enter")
        await see(pilot, NOT_ALIKE)
        await pilot.press("escape")
        await see(pilot, NOTHING_CHANGED)
        await pilot.press("enter", *"4711", "enter", *"4711", "enter")
        await see(pilot, PIN_IS_SET)
        assert control.pin == "4711"
        await pilot.press("enter", "enter", "enter")
        await until(lambda: not control.has_pin)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter", "enter"], {"lane": "North", "operator": ""}),
        (["escape"], {"lane": "North", "operator": ""}),
        ([*"West", "enter", *"Ida", "enter"], {"lane": "West", "operator": "Ida"}),
        (["ctrl+u", "down", *"Ida", "ctrl+s"], {"lane": "North", "operator": "Ida"}),
    ],
)
async def test_the_first_start_asks_and_takes_enter(
    keys: list[str], answer: dict[str, str]
) -> None:
    app = Stage(FirstStartScreen(Control()))
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: isinstance(app.focused, Input))
        await pilot.press(*keys)
        await until(lambda: app.answered)
    assert app.answer == answer


async def test_what_is_given_otherwise_is_not_asked() -> None:
    app = Stage(FirstStartScreen(Control(operator="Anna")))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer == {"lane": "North"}
