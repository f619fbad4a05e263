"""Every key of a command does something on every screen, or a sentence says why it does not."""

from collections.abc import Callable

import pytest
from textual import events
from textual.screen import Screen
from textual.widgets import Input

from boxoffice.app import NOT_HERE
from boxoffice.cli.app_context import AppContext
from boxoffice.commands import COMMANDS, TAKEN, Place, commands, key_names
from boxoffice.sandbox import Sandbox
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.sale import SaleScreen
from boxoffice.screens.ticket import TicketScreen
from boxoffice.store.journal_db import remember
from boxoffice.widgets.footer import Banner
from boxoffice.widgets.sale_inputs import TypeList
from tests.app.stage import App, app_of, lane_of, line_of, open_app, opened, scan
from tests.person import HAND, PERSON, SILENCE, decided, eventually
from tests.screens.stage import field, text_of
from tests.support import until

ALIKE = {"ctrl+q", "ctrl+p"}
"""Keys that do the same on every screen, looked at elsewhere."""
EDITING = {"space", "delete"}
"""Keys that change what has the cursor."""
KEYS = sorted({key for command in COMMANDS for key in command.keys} - TAKEN - ALIKE - EDITING)
WAYS = {
    Place.DOOR: (),
    Place.HELP: ("f1",),
    Place.TICKET: ("f2",),
    Place.ORDER: ("f2", "ctrl+o"),
    Place.PARTY: ("f3",),
    Place.SALE: ("f4", "escape"),  # a first sale asks for the house's e-mail before
    Place.QUEUE: ("f6",),
    Place.ARRIVALS: ("f7",),
    Place.HISTORY: ("ctrl+f",),
    Place.PAPER: ("f8",),
    Place.EVENTS: ("f10",),
    Place.DESK: ("f10", "f3"),
    Place.TIE: ("ctrl+d",),
    Place.DIALOG: ("ctrl+q",),
}
"""By which keys places are opened, from a door where a ticket or an unknown code was scanned."""
ELSEWHERE = {
    Place.LOGIN,
    Place.FIRST_START,
    Place.OUTCOME,
    Place.SHEET,
    Place.READINESS,
    Place.SETTINGS,
    Place.VENUE,
    Place.DESK_FORM,
    Place.DESK_CHANGE,
}
"""Places that no key leads to by itself."""
NAMED = "Name on the ticket"
SILENT = 60.0
"""Seconds after which nothing comes of a key any more, which only a broken program needs."""


async def press_to(pilot: App, key: str) -> Screen[object]:
    """Press a key that opens or closes a screen, and answer the one that is in front then."""
    before = pilot.app.screen
    await pilot.press(key)
    await until(lambda: pilot.app.screen is not before, f"{key} opens")
    return pilot.app.screen


def of_field(screen: Screen[object]) -> set[str]:
    """Keys that edit the field that has the cursor."""
    return set(screen.focused._bindings.key_to_bindings) if screen.focused else set()


async def does_something(pilot: App, key: str, sandbox: Sandbox) -> bool:
    """Press a key of a command, and tell whether anything came of it."""
    screen = pilot.app.screen
    banner = screen.query_one(Banner)
    banner.announce("")
    await pilot.pause()
    before = pilot.app.theme, len(sandbox.log), text_of(pilot.app)
    await pilot.press(key)

    def seen() -> bool:
        if banner.passing or pilot.app.screen is not screen:
            return True
        return before != (pilot.app.theme, len(sandbox.log), text_of(pilot.app))

    try:
        await until(seen, f"an answer to {key}", within=SILENT)
    except pytest.fail.Exception:
        return False
    return True


async def press_all(pilot: App, keys: list[str]) -> None:
    """Press keys as a person does, without looking at what comes of each."""
    driver = pilot.app._driver
    assert driver is not None
    for key in keys:
        HAND.skip(PERSON)
        event = events.Key(key, key if len(key) == 1 else None)
        event.time = HAND.time()
        event.set_sender(pilot.app)
        driver.send_message(event)
    HAND.skip(SILENCE)
    await decided(pilot)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What banners said so far."""
    sentences: set[str] = set()
    announce = Banner.announce

    def record(banner: Banner, sentence: str) -> None:
        sentences.add(sentence)
        announce(banner, sentence)

    monkeypatch.setattr(Banner, "announce", record)
    return sentences


@pytest.mark.parametrize("place", WAYS)
async def test_no_key_is_silent(
    context: AppContext, sandbox: Sandbox, shown: set[str], place: Place
) -> None:
    silent = []
    async with open_app(context, size=(100, 30)) as pilot:
        door = app_of(pilot).door
        await scan(pilot, "f" * 32 if place is Place.TIE else sandbox.examples()["plain"].uuid)
        for key in WAYS[place]:
            await press_to(pilot, key)
        await pilot.pause()  # which keys are a field's depends on where the cursor comes to be
        screen = pilot.app.screen
        assert isinstance(screen, BaseScreen)
        assert screen.place is place
        here = {key for command in commands(place) for key in command.keys}
        others = [key for key in KEYS if key not in here | of_field(screen)]
        shown.clear()
        await press_all(pilot, others)
        for key in others:
            sentence = NOT_HERE.format(key_names([key])[0])
            await until(lambda said=sentence: said in shown, f"{key}: {sentence}")
        assert pilot.app.screen is screen
        for key in KEYS:
            if key in others or key in of_field(screen):
                continue
            if not await does_something(pilot, key, sandbox):
                silent.append(key)
            while pilot.app.screen is not screen:
                assert pilot.app.screen is not door, f"{key} closes it"
                await press_to(pilot, "escape")
    assert silent == []


def test_each_place_that_a_key_leads_to_is_walked() -> None:
    assert WAYS.keys() | ELSEWHERE == set(Place)
    assert not WAYS.keys() & ELSEWHERE


async def test_what_is_typed_behind_a_command_goes_where_that_leads(
    context: AppContext, sandbox: Sandbox
) -> None:
    """All of it is decided at once: a person who knows what comes does not wait for it."""

    async def seen(keys: str, condition: Callable[[], object]) -> None:
        await press_all(pilot, keys.split())
        await eventually(pilot, condition, f"what {keys!r} leads to")

    async with open_app(context) as pilot:
        await lane_of(pilot)._journal.write(remember, "house_email", "house@example.com")
        await pilot.press("f4")
        await opened(pilot, SaleScreen)
        await eventually(pilot, lambda: isinstance(pilot.app.focused, TypeList), "the types")
        await pilot.press("f6")
        assert pilot.app.screen.query_one(Banner).passing == NOT_HERE.format("F6")
        await seen("f7 n i x", lambda: in_field(pilot, "Discount code") == "nix")
        assert not pilot.app.screen.query_one(Banner).passing
        await seen("shift+tab 4 5", lambda: in_field(pilot, "Phone") == "45")
        await seen("escape j e n", lambda: line_of(pilot) == "jen")
        assert pilot.app.screen is app_of(pilot).door
        await pilot.press("escape")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await seen("f2 x", lambda: isinstance(pilot.app.screen, TicketScreen))
        await eventually(pilot, lambda: in_field(pilot, NAMED).endswith("x"), "the name")


def in_field(pilot: App, heading: str) -> str:
    """What stands in the line of a field."""
    return field(pilot, heading).query_one(Input).value
