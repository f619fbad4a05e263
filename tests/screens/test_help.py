"""Help is made from the table of commands."""

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Label

from boxoffice.commands import Place, commands, key_names, keys_of
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.screens.help import PLACES, TWO_DOORS, VERDICTS, HelpScreen
from tests.screens.stage import NARROW, WIDE, Stage, pictured, see, text_of
from tests.support import until


async def texts(place: Place, keymap: dict[str, str] | None = None) -> list[str]:
    app = Stage(HelpScreen(place, keymap or {}))
    async with app.run_test(size=WIDE):
        return [str(label.content) for label in app.screen.query(Label)]


@pytest.mark.parametrize("place", list(Place))
async def test_every_command_of_a_place_is_explained(place: Place) -> None:
    shown = await texts(place)
    for command in commands(place):
        if command.keys:
            assert command.help in shown
            assert ", ".join(key_names(keys_of(command))) in shown


async def test_a_remapped_key_is_the_one_shown() -> None:
    shown = await texts(Place.DOOR, {"undo": "f12"})
    assert "F12" in shown
    assert not any("F9" in text for text in shown)


def test_every_place_and_every_verdict_has_its_words() -> None:
    assert set(PLACES) == set(Place)
    assert set(VERDICTS) == set(VerdictCode)


async def test_only_at_the_door_it_is_said_what_two_laptops_cannot_know() -> None:
    assert TWO_DOORS in await texts(Place.DOOR)
    assert TWO_DOORS not in await texts(Place.QUEUE)


async def test_esc_closes_it_and_it_scrolls() -> None:
    app = Stage(HelpScreen(Place.DOOR, {}))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("end")
        await see(pilot, "NOT A TICKET")
        assert "Checks in" not in text_of(app)
        await pilot.press("escape")
        await until(lambda: app.answered)


async def test_picture(picture: SnapshotAssertion) -> None:
    async with Stage(HelpScreen(Place.DOOR, {})).run_test(size=NARROW) as pilot:
        await pictured(pilot, picture)
