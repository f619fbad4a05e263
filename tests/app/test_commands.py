"""Commands at the door: by key, by palette, by a key of one's own."""

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from boxoffice.app import BoxofficeApp
from boxoffice.cli.app_context import AppContext
from boxoffice.commands import COMMANDS, Command, Place, commands, key_names, key_to_show
from boxoffice.domain.journal import Counts, left_undone
from boxoffice.language import available, current, use
from boxoffice.screens.door import DoorScreen
from boxoffice.screens.events import EventsScreen
from boxoffice.screens.help import HelpScreen
from boxoffice.screens.queue import QueueScreen
from boxoffice.widgets.footer import Banner, fitted
from boxoffice.widgets.line_widget import width_of
from tests.app.stage import app_of, lane_of, open_app, opened
from tests.support import until

ALONE = {(Place.PARTY, "undo"), (Place.OUTCOME, "next_sale")}
"""Offered only where most others of their screen are not."""


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("f1", HelpScreen),
        ("ctrl+g", HelpScreen),
        ("f6", QueueScreen),
        ("ctrl+k", QueueScreen),
        ("f10", EventsScreen),
        ("ctrl+e", EventsScreen),
        ("ctrl+p", CommandPalette),
    ],
)
async def test_keys_open_screens_and_esc_closes_them(
    context: AppContext, key: str, screen: type
) -> None:
    async with open_app(context) as pilot:
        await pilot.press(key)
        await opened(pilot, screen)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def test_every_command_of_the_door_is_in_the_palette(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("ctrl+p")
        await opened(pilot, CommandPalette)
        hits = pilot.app.screen.query_one(OptionList)
        offered = [command.id for command in commands(Place.DOOR) if command.in_palette]
        others = len(available()) - 1  # each language that is not in use
        # After a verdict that they are about: three; in the demonstration: two; of the app: four.
        for lacking in (
            "override",
            "take_payment",
            "tie",
            "sheet",
            "guide",
            "unplug",
            "readiness",
            "venue",
            "settings",
            "operator",
            "sound",
        ):
            offered.remove(lacking)
        await until(lambda: hits.option_count == len(offered) + others, "every command")
        await pilot.press(*"quue")  # the letters are in “Queue: waiting, failed, conflicts”
        await until(lambda: "No matches" in str(hits.options[0].prompt) if hits.options else False)
        await pilot.press("ctrl+u", *"conflicts", "space", *"QUEUE")
        await until(lambda: hits.option_count == 1, "the one that was looked for")
        await pilot.press("enter")
        await opened(pilot, QueueScreen)
        await pilot.press("escape", "ctrl+p")
        await opened(pilot, CommandPalette)
        hits = pilot.app.screen.query_one(OptionList)
        await until(lambda: hits.option_count == len(offered) + others, "every command")
        line = pilot.app.screen.query_one(Input)
        line.value = "conflicts"
        await line.action_submit()  # before anything was looked for
        await opened(pilot, QueueScreen)


async def test_another_language_is_chosen_in_the_palette(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("ctrl+p")
        await opened(pilot, CommandPalette)
        hits = pilot.app.screen.query_one(OptionList)
        await pilot.press(*"language", "colon", "space", *"dansk")
        await until(lambda: hits.option_count == 1, "the one that was looked for")
        await pilot.press("enter")
        banner = app_of(pilot).door.query_one(Banner)
        await until(lambda: "Dansk" in banner.passing, "the door in Danish")
        assert current() == "da"
        await until(lambda: lane_of(pilot).roster.is_sorted, "the list in Danish order")


async def test_contrast_can_be_given_a_key(context: AppContext) -> None:
    app = BoxofficeApp(context, keys={"contrast": "f11"})
    async with app.run_test() as pilot:
        usual = app.theme
        await pilot.press("f11")
        assert app.theme != usual
        await pilot.press("f11")
        assert app.theme == usual


def test_every_command_has_an_action_and_a_way_without_f_keys() -> None:
    for command in COMMANDS:
        if Place.DOOR in command.places:
            owner = BoxofficeApp if command.on_app else DoorScreen
            heard = command.id in ("check_in", "move")
            assert heard or hasattr(owner, f"action_{command.id}"), command.id
            plain = [key for key in command.keys if not key.startswith("f")]
            assert plain or command.in_palette, command.id


@pytest.mark.parametrize("language", available())
def test_no_footer_is_cut_off_at_80_columns(language: str) -> None:
    use(language)

    def key(command: Command) -> str:
        return key_names([key_to_show(command.keys)])[0]

    wide = {}
    for place in Place:
        listed = [one for one in commands(place) if one.keys and one.in_footer]
        together = [one for one in listed if (place, one.id) not in ALONE]
        cells = width_of(fitted(together, key, 80)) - 1
        wide.update({place: cells} if cells > 80 else {})
    assert wide == {}


def test_no_key_means_two_things_at_one_place() -> None:
    for place in Place:
        keys = [key for command in COMMANDS if place in command.places for key in command.keys]
        assert len(keys) == len(set(keys)), place


@pytest.mark.parametrize(
    ("scans", "counts", "sentence"),
    [
        (0, Counts(), ""),
        (1, Counts(), "1 scan is not answered yet."),
        (
            2,
            Counts(waiting=1, failed=1),
            "2 scans are not answered yet. 1 change made here is not at the site yet. Nothing is "
            "lost: it is sent when boxoffice runs again on this computer. "
            "1 in the queue (F6) needs a person.",
        ),
        (0, Counts(conflicts=2, sales_stuck=1), "3 in the queue (F6) need a person."),
    ],
)
def test_what_quitting_leaves(scans: int, counts: Counts, sentence: str) -> None:
    assert left_undone(scans, counts) == sentence
    assert left_undone(0, Counts(), sale=True) == "The half-done sale will be lost."
    assert left_undone(0, Counts(), hub=True).startswith("This computer is the hub")
