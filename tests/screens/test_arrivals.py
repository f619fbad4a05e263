"""Arrivals on a real lane: counts, curve with other doors' marked, and what stands where."""

from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Sparkline

from boxoffice.domain import signs
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens import arrivals
from boxoffice.screens.arrivals import MARKED, NO_EXTRAS, NO_LIST, ArrivalsScreen
from boxoffice.store import json_docs
from tests.lane.conftest import OpenLane, goes_offline
from tests.screens.stage import HOSTILE, NARROW, Stage, pictured, resized, see, shot, text_of
from tests.support import FakeClock, until

OURS, OTHERS = 22, 9


@pytest.fixture
def ticket_count() -> int:
    """Many that are expected, and many that are in."""
    return 400


async def evening(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    """Twenty minutes of arrivals here, more and more of them, and a few at another door.

    The list is read every two minutes, by hand: so each picture is the same.
    """
    await lane.stop()
    event = sandbox.state.tonight
    people = [each for each in event.tickets if sandbox.state.may_enter(each)]
    here, there = iter(people[:OURS]), iter(people[-OTHERS:])
    for minute in range(20):
        for _ in range((1, 0, 1, 2)[minute % 4] if minute < 16 else 1 + minute % 2):
            await lane.admit(next(here).uuid)
        for _ in range(3 if minute in (6, 7, 12) else 0):
            sandbox.state.check_in(next(there))
        await clock.advance(60)
        if minute % 2:
            assert await lane.refresh()
    assert next(here, None) is None
    assert next(there, None) is None


@pytest.fixture
async def arriving(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> Lane:
    await evening(lane, sandbox, clock)
    return lane


async def test_counts_and_rate_and_end(arriving: Lane, sandbox: Sandbox) -> None:
    event = sandbox.state.tonight
    valid = [ticket for ticket in event.tickets if not ticket.refunded]
    inside = sum(ticket.checked_in for ticket in valid) + OURS
    app = Stage(ArrivalsScreen(arriving))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, f"{inside} of {len(valid)} in · {len(valid) - inside} to come")
        await see(pilot, "1.2 people a minute over the last five minutes")
        await see(pilot, "All in at about 23:3")
        await see(pilot, f"In here {OURS} · by other doors {inside - OURS}")
        for kind in event.ticket_types:
            expected = sum(ticket.ticket_type is kind for ticket in valid)
            await see(pilot, f"of {expected}")
        await pilot.press("escape")
        await until(lambda: app.answered)


async def test_a_figure_is_whole_also_where_the_types_scroll(
    arriving: Lane, sandbox: Sandbox
) -> None:
    app = Stage(ArrivalsScreen(arriving))
    async with app.run_test(size=(80, 16)) as pilot:
        types = app.screen.query_one("#arrivals-types")
        await until(lambda: types.show_vertical_scrollbar, "more types than lines")
        kinds = [kind.title for kind in sandbox.state.tonight.ticket_types]
        await see(pilot, signs.GAUGE)
        lines = [line.strip() for line in text_of(app).splitlines()]
        rows = [line for line in lines if line.startswith(tuple(kinds))]
        totals = [str(one.expected) for one in (await arriving.arrivals()).by_type]
        assert rows
        for row, total in zip(rows, totals, strict=False):
            assert row.split()[-2:] == ["of", total]


async def test_other_doors_are_marked_by_more_than_a_colour(arriving: Lane) -> None:
    app = Stage(ArrivalsScreen(arriving))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, MARKED.strip())
        await see(pilot, signs.ELSEWHERE * 3)
        lines = text_of(app).splitlines()
        (marks,) = [line for line in lines if line.count(signs.ELSEWHERE) > 2]
        times = lines[lines.index(marks) + 1]
        assert marks.index(signs.ELSEWHERE) == times.index("18:36")
        assert app.screen.query_one(Sparkline).data is not None
        await see(pilot, "   2.5 ")


async def test_it_is_drawn_anew_when_somebody_comes(
    lane: Lane, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "EVERY", 3600.0)
    before = lane.status.checked_in
    async with Stage(ArrivalsScreen(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, f"{before} of {lane.status.total} in")
        await see(pilot, "In here 0")
        await lane.admit(sandbox.examples()["plain"].uuid)
        await see(pilot, f"{before + 1} of {lane.status.total} in")
        await see(pilot, "In here 1")


async def test_it_is_drawn_anew_as_time_passes(
    arriving: Lane, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "EVERY", 0.05)
    async with Stage(ArrivalsScreen(arriving)).run_test(size=NARROW) as pilot:
        await see(pilot, "1.2 people a minute")
        clock.jump(timedelta(minutes=10))
        await see(pilot, "0.0 people a minute")
        await see(pilot, "Too few come just now to say when all will be in")


async def test_offline_it_shows_what_is_known(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    await lane.admit(sandbox.examples()["plain"].uuid)
    async with Stage(ArrivalsScreen(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, "In here 1")
        await see(pilot, "list of 18:30")


async def test_hostile_titles_are_only_text(lane: Lane, sandbox: Sandbox) -> None:
    event = sandbox.state.tonight
    event.ticket_types[0].title = HOSTILE
    for ticket in event.tickets:
        sandbox.state.touch(ticket)
    await lane.refresh()
    async with Stage(ArrivalsScreen(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, HOSTILE[:20])


async def test_without_a_list(open_lane: OpenLane, sandbox: Sandbox) -> None:
    sandbox.faults.set("500", path="events/*/tickets/")
    lane = await open_lane()
    async with Stage(ArrivalsScreen(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, NO_LIST)


async def test_merchandise_that_is_not_named_is_said(lane: Lane) -> None:
    app = Stage(ArrivalsScreen(lane))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "In here 0")
        assert NO_EXTRAS[:20] not in text_of(app)
    await lane._event_cache._store.write(
        json_docs.save_events, [replace(lane.event, has_extras=True)]
    )
    await lane._event_cache.load()
    async with Stage(ArrivalsScreen(lane)).run_test(size=NARROW) as pilot:
        await see(pilot, NO_EXTRAS[:60])


async def test_other_sizes(arriving: Lane) -> None:
    app = Stage(ArrivalsScreen(arriving))
    async with app.run_test(size=(30, 8)) as pilot:
        await until(lambda: (app.screen.query_one(Sparkline).data or ())[1:], "a curve")
        async for _ in resized(pilot, (30, 8), (60, 20), (200, 60)):
            await see(pilot, "Arrivals")
        async for _ in resized(pilot, NARROW):
            await see(pilot, "18:36")


async def test_picture(arriving: Lane, picture: SnapshotAssertion) -> None:
    async with Stage(ArrivalsScreen(arriving)).run_test(size=NARROW) as pilot:
        await see(pilot, MARKED.strip())
        await see(pilot, signs.ELSEWHERE * 3)
        await pictured(pilot, picture)


async def test_picture_without_colours(
    arriving: Lane, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with Stage(ArrivalsScreen(arriving)).run_test(size=NARROW) as pilot:
        await see(pilot, MARKED.strip())
        await see(pilot, signs.ELSEWHERE * 3)
        assert await shot(pilot) == picture
