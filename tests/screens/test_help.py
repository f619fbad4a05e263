"""Help is made from the table of commands."""

from syrupy.assertion import SnapshotAssertion
from textual.widgets import Label

from boxoffice.commands import Place, commands, key_names, keys_of
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.screens.help import PLACES, TWO_DOORS, VERDICTS, HelpScreen
from tests.screens.stage import NARROW, WIDE, Stage, pictured, see, text_of
from tests.support import until


def texts(app: Stage) -> list[str]:
    return [str(label.content) for label in app.screen.query(Label)]


async def test_every_command_of_a_place_is_explained() -> None:
    app = Stage()
    async with app.run_test(size=WIDE):
        for place in Place:
            await app.push_screen(HelpScreen(place, {}))
            shown = texts(app)
            for command in commands(place):
                if command.keys:
                    assert command.help in shown
                    assert ", ".join(key_names(keys_of(command))) in shown
            # What two laptops cannot know is said at the door alone.
            assert (TWO_DOORS in shown) == (place is Place.DOOR)
            await app.pop_screen()


async def test_a_remapped_key_is_the_one_shown() -> None:
    app = Stage(HelpScreen(Place.DOOR, {"undo": "f12"}))
    async with app.run_test(size=WIDE):
        shown = texts(app)
    assert "F12" in shown
    assert not any("F9" in text for text in shown)


def test_every_place_and_every_verdict_has_its_words() -> None:
    assert set(PLACES) == set(Place)
    assert set(VERDICTS) == set(VerdictCode)


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
