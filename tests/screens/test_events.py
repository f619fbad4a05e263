"""Picking the event: the list, the search, past events, and opening without asking."""

import asyncio
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input, OptionList

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.models import Event
from boxoffice.sandbox import Sandbox
from boxoffice.screens.events import NONE_FOUND, EventsScreen
from boxoffice.store import json_docs
from tests.screens.stage import HOSTILE, NARROW, Stage, pictured, see, text_of
from tests.support import EVENING, FakeClock, until


@pytest.fixture
async def with_ends(context: AppContext, sandbox: Sandbox) -> None:
    """Have every event been opened once, so that its end is known, and two are on today."""
    files, server = await context.files(), await context.sync()
    opened = [await server.client.events.get(uuid) for uuid in sandbox.state.events]
    await files.store.write(json_docs.save_events, opened)


live = pytest.mark.parametrize("dialect", ["live"])
"""There a single event tells its end."""
with_two_today = pytest.mark.usefixtures("with_ends")

TONIGHT, CULTURE, JAZZ, LAST_YEAR = "Sommerfest", "Kulturdage", "Jazzaften", "Nytår"


class Listed:
    """A source with events that the sandbox does not have."""

    def __init__(self, *events: Event) -> None:
        self._events = list(events)
        self.wait: asyncio.Event | None = None

    async def stored(self) -> list[Event]:
        return []

    async def fetch(self, *, old: bool) -> list[Event]:
        if self.wait is not None:
            await self.wait.wait()
        return self._events


def event(letter: str, title: str, hours: float) -> Event:
    start = EVENING + timedelta(hours=hours)
    return Event(letter * 32, title, start, start + timedelta(hours=4), "Europe/Copenhagen")


@live
@with_two_today
async def test_todays_events_are_on_top_and_enter_opens_the_first(
    context: AppContext, clock: FakeClock, sandbox: Sandbox
) -> None:
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, JAZZ)
        lines = text_of(app).splitlines()
        places = [
            next(row for row, line in enumerate(lines) if text in line)
            for text in ("Today", CULTURE, TONIGHT, "Other days", JAZZ)
        ]
        assert places == sorted(places)
        await pilot.press("down", "enter")
        await until(lambda: app.answered)
    assert isinstance(app.answer, Event)
    assert app.answer.uuid == sandbox.state.tonight.uuid


@live
@with_two_today
async def test_typing_searches_and_esc_clears(context: AppContext, clock: FakeClock) -> None:
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, JAZZ)
        await pilot.press(*"orsted")
        await until(lambda: TONIGHT not in text_of(app))
        assert JAZZ in text_of(app)
        await pilot.press(*"zzz")
        await see(pilot, NONE_FOUND)
        await pilot.press("escape")
        await see(pilot, TONIGHT)
        assert app.screen.query_one(Input).value == ""
        assert not app.answered


@live
@with_two_today
async def test_past_events_are_shown_on_request(context: AppContext, clock: FakeClock) -> None:
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, JAZZ)
        assert LAST_YEAR not in text_of(app)
        await see(pilot, "^O Past events")
        await pilot.press("ctrl+o")
        await see(pilot, LAST_YEAR)
        await see(pilot, "^O Hide past")
        await pilot.click("#old_events")
        await until(lambda: LAST_YEAR not in text_of(app))


@live
@with_two_today
async def test_an_event_can_be_opened_by_mouse(context: AppContext, clock: FakeClock) -> None:
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, JAZZ)
        await pilot.click(OptionList, offset=(10, 2))
        await until(lambda: app.answered)
    assert isinstance(app.answer, Event)


async def test_the_only_event_today_opens_straight(clock: FakeClock) -> None:
    tonight = event("a", "Tonight", 1)
    app = Stage(EventsScreen(Listed(event("b", "Later", 48), tonight), clock))
    async with app.run_test(size=NARROW):
        await until(lambda: app.answered)
    assert app.answer == tonight


async def test_it_does_not_open_straight_when_another_event_is_asked_for(
    clock: FakeClock,
) -> None:
    source = Listed(event("a", "Tonight", 1), event("b", "Later", 48))
    app = Stage(EventsScreen(source, clock, automatic=False))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Later")
        assert not app.answered
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert app.answer is None


async def test_it_does_not_open_under_the_hands_of_one_who_searches(clock: FakeClock) -> None:
    source = Listed(event("a", "Tonight", 1), event("b", "Later", 48))
    source.wait = asyncio.Event()
    app = Stage(EventsScreen(source, clock))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*"lat")
        source.wait.set()
        await see(pilot, "Later")
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert isinstance(app.answer, Event)
    assert app.answer.title == "Later"


@live
@with_two_today
async def test_offline_it_shows_the_events_of_this_computer(
    context: AppContext, clock: FakeClock, sandbox: Sandbox
) -> None:
    await context.fetch(old=False)
    await sandbox.stop()
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "F5 asks again.")
        assert TONIGHT in text_of(app)
        await sandbox.start()
        await pilot.press("f5")
        await until(lambda: "F5 asks again" not in text_of(app))


async def test_a_site_without_events_says_so(clock: FakeClock) -> None:
    async with Stage(EventsScreen(Listed(), clock)).run_test(size=NARROW) as pilot:
        await see(pilot, "sees no events")
        await pilot.press("enter", "down", "up")


async def test_hostile_titles_are_drawn_as_they_are(clock: FakeClock) -> None:
    source = Listed(event("a", HOSTILE, 1), event("b", "x" * 200, 2), event("c", "", 3))
    app = Stage(EventsScreen(source, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, HOSTILE)
        assert "Without a title" in text_of(app)
        await pilot.click(OptionList, offset=(28, 1))
        await until(lambda: app.answered)
    assert isinstance(app.answer, Event)


@live
@with_two_today
async def test_picture(context: AppContext, clock: FakeClock, picture: SnapshotAssertion) -> None:
    app = Stage(EventsScreen(context, clock))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, JAZZ)
        await pilot.press("ctrl+o")
        await see(pilot, LAST_YEAR)
        await until(lambda: "Asking" not in text_of(app))
        await pictured(pilot, picture)


async def test_a_long_list_is_paged(clock: FakeClock) -> None:
    events = [
        Event(f"{day:032x}", f"Day {day}", EVENING + timedelta(days=day)) for day in range(60)
    ]
    app = Stage(EventsScreen(Listed(*events), clock, automatic=False))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Day 3")
        await pilot.press("pagedown", "pagedown")
        await until(lambda: "Day 3 " not in text_of(app))
        await pilot.press("pageup", "pageup", "enter")
        await until(lambda: app.answered)
    assert app.answer == events[0]
