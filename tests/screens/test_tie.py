"""The picker of the guest whose code was scanned: nobody is chosen by being first or near."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widgets import Input

from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.list_search import SCROLLED
from boxoffice.screens.tie import CHOOSE, HOW, TieScreen
from boxoffice.widgets.ticket_list import TicketList
from tests.screens.stage import HOSTILE, NARROW, WIDE, Stage, pictured, resized, see, text_of
from tests.support import until

OWN = "GUEST-0815-X"


@pytest.fixture
def ticket_count() -> int:
    """As many as the pictures show."""
    return 400


@pytest.fixture
async def unknown(lane: Lane) -> Scan:
    """A scan of a code that names nobody."""
    await until(lambda: not lane.status.loading, "a list in memory")
    return await lane.scan(OWN)


@pytest.fixture
def guest(sandbox: Sandbox) -> Ticket:
    return sandbox.examples()["plain"]


def stage(lane: Lane, scan: Scan) -> Stage:
    return Stage(TieScreen(lane, scan))


def tickets(pilot: Pilot[Any]) -> TicketList:
    return pilot.app.screen.query_one(TicketList)


async def typed(pilot: Pilot[Any], text: str, found: int) -> None:
    await pilot.press(*text)
    await until(lambda: len(tickets(pilot).uuids) == found, f"{found} guests")


async def test_the_one_who_is_left_is_chosen_by_enter(
    lane: Lane, unknown: Scan, guest: Ticket
) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, OWN)
        await see(pilot, HOW)
        await typed(pilot, str(guest.number), 1)
        screen = text_of(app)
        for fact in (guest.full_name, guest.ticket_type.title, f"no. {guest.number}", guest.email):
            assert fact in screen
        assert "not in" in screen
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer == guest.uuid


async def test_of_several_none_is_chosen_but_by_hand(lane: Lane, unknown: Scan) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, CHOOSE)
        await pilot.press(*"je")
        await until(lambda: 1 < len(tickets(pilot).uuids) < len(lane.roster), "some guests")
        assert tickets(pilot).ticket is None
        await pilot.press("enter")
        await pilot.pause()
        assert not app.answered
        second = tickets(pilot).uuids[1]
        await pilot.press("down", "down", "enter")
        await until(lambda: app.answered)
    assert app.answer == second


async def test_a_choice_is_off_once_something_else_is_typed(lane: Lane, unknown: Scan) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("down", "down")
        assert tickets(pilot).ticket is not None
        await pilot.press("e", "enter")
        await see(pilot, CHOOSE)
        assert not app.answered


async def test_a_nearest_name_is_nobody(lane: Lane, unknown: Scan, guest: Ticket) -> None:
    app = stage(lane, unknown)
    first, _, last = guest.full_name.partition(" ")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*f"{first}x {last}x")
        await pilot.pause()
        await pilot.press("enter")
        await see(pilot, CHOOSE)
        assert not app.answered


async def test_scrolling_chooses_nobody_and_the_mouse_does(lane: Lane, unknown: Scan) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("down")
        for _ in range(5):
            await pilot._post_mouse_events([MouseScrollDown], TicketList)
        await pilot.press("enter")
        await see(pilot, SCROLLED)
        third = tickets(pilot).uuids[tickets(pilot).top + 2]
        await pilot.click(TicketList, offset=(5, 2))
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer == third


async def test_two_clicks_choose(lane: Lane, unknown: Scan) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        second = tickets(pilot).uuids[1]
        await pilot.click(TicketList, offset=(5, 1), times=2)
        await until(lambda: app.answered)
    assert app.answer == second


async def test_esc_ties_nobody(lane: Lane, unknown: Scan) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("down", "escape")
        await until(lambda: app.answered)
    assert app.answer is None


async def test_a_guest_who_comes_in_meanwhile_is_shown_in(
    lane: Lane, unknown: Scan, guest: Ticket
) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=WIDE) as pilot:
        await typed(pilot, str(guest.number), 1)
        await lane.admit(guest.uuid)
        await see(pilot, "in since 18:30")
        assert app.screen.query_one(Input).value == str(guest.number)


async def test_hostile_text_is_text(lane: Lane, unknown: Scan, sandbox: Sandbox) -> None:
    hostile = sandbox.examples()["hostile"]
    app = stage(lane, unknown._replace(code=f"{HOSTILE} 7"))
    async with app.run_test(size=NARROW) as pilot:
        async for _ in resized(pilot, NARROW, WIDE):
            await see(pilot, HOSTILE)
        await typed(pilot, str(hostile.number), 1)
        async for _ in resized(pilot, NARROW, WIDE):
            await see(pilot, HOSTILE)
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert app.answer == hostile.uuid


async def test_picture(lane: Lane, unknown: Scan, picture: SnapshotAssertion) -> None:
    app = stage(lane, unknown)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*"an")
        await until(lambda: len(tickets(pilot).uuids) < len(lane.roster), "some guests")
        await pilot.press("down", "down")
        await pictured(pilot, picture)
