"""A list that the site suddenly cuts short: one person has the last word, for all doors."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sync.list_pace import SHORTEST
from tests.lane.conftest import Network, OpenDoor, OpenLane, join, passes
from tests.lane.test_venue_list import cut_off, lists_read, newcomer, reads_site
from tests.lane.venue_support import others
from tests.support import FakeClock, until
from tests.sync.conftest import LIST
from tests.venue.model import ModelDoor, ModelHub

LEFT = 5


def shrink(sandbox: Sandbox) -> None:
    """Have the site list next to nobody."""
    rows = [{"uuid": one.uuid, "checked_in": False} for one in sandbox.state.tonight.tickets]
    rule = sandbox.faults.set("wrong-shape", path=LIST)
    rule.fault = replace(rule.fault, body=json.dumps(rows[:LEFT]).encode())


def is_doubted(*lanes: Lane) -> Callable[[], bool]:
    return lambda: all(lane.status.doubted == LEFT for lane in lanes)


def is_settled(*lanes: Lane) -> Callable[[], bool]:
    return lambda: all((lane.status.doubted, len(lane.roster)) == (None, LEFT) for lane in lanes)


async def test_one_person_settles_it_for_all_doors_and_one_reads_until_then(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    away = Network()
    north, at_north = await open_door("North")
    south, at_south = await open_door("South")
    east, at_east = await open_door("East", network=away)
    for lane, door in ((north, at_north), (south, at_south)):
        await reads_site(lane, door, clock)
    await cut_off(east, away, at_east, clock)
    everybody = len(north.roster)
    shrink(sandbox)
    await passes(clock, is_doubted(north, south, east), "all doors say so")
    before = lists_read(sandbox)
    for _ in range(8 * int(SHORTEST)):
        await clock.advance(1)
    assert lists_read(sandbox) - before <= 9, "the one that reads for all goes on alone"
    assert is_doubted(north, south, east)()
    assert {len(lane.roster) for lane in (north, south, east)} == {everybody}
    assert not await east.refresh(), "nothing is read where the site is away"
    assert await south.refresh()
    await until(is_settled(north, south, east), "all doors have what a person took")
    before = lists_read(sandbox)
    for _ in range(4 * int(SHORTEST)):
        await clock.advance(1)
    assert is_settled(north, south, east)()
    assert lists_read(sandbox) - before <= 5
    sandbox.faults.clear()
    await passes(clock, lambda: len(east.roster) == everybody, "the site lists them again")
    shrink(sandbox)
    await passes(clock, is_doubted(north, south, east), "it was believed that once")


async def test_where_the_one_that_reads_leaves_another_reads_and_doubts(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    north, at_north = await open_door("North")
    south, at_south = await open_door("South")
    for lane, door in ((north, at_north), (south, at_south)):
        await reads_site(lane, door, clock)
    everybody = len(south.roster)
    shrink(sandbox)
    await passes(clock, is_doubted(north, south), "both say so")
    await north.stop()
    await at_north.close()
    before = lists_read(sandbox)
    await passes(clock, lambda: lists_read(sandbox) > before + 2, "South reads it")
    assert is_doubted(south)()
    sandbox.faults.clear()
    await passes(clock, lambda: south.status.doubted is None, "the site lists them again")
    assert len(south.roster) == everybody


async def test_a_door_that_was_away_follows_who_has_taken_it(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    away = Network()
    north, at_north = await open_door("North")
    east, at_east = await open_door("East", network=away)
    await reads_site(north, at_north, clock)
    await cut_off(east, away, at_east, clock)
    at_east.cut()
    shrink(sandbox)
    await passes(clock, is_doubted(north), "North says so")
    assert await north.refresh()
    assert is_settled(north)()
    await clock.advance(60)
    assert east.status.doubted is None
    await join(at_east)
    await passes(clock, is_settled(north, east), "East follows")
    away.is_cut = False
    await reads_site(east, at_east, clock)
    assert is_settled(north, east)()


async def test_a_door_that_doubts_by_itself_is_told_what_a_person_took(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    """As it comes back to the site and to the others, after all is settled there."""
    away = Network()
    north, at_north = await open_door("North")
    east, at_east = await open_door("East", network=away)
    await reads_site(north, at_north, clock)
    await cut_off(east, away, at_east, clock)
    at_east.cut()
    shrink(sandbox)
    await passes(clock, is_doubted(north), "North says so")
    assert await north.refresh()
    away.is_cut = False
    await passes(clock, is_doubted(east), "East says so, alone")
    await join(at_east)
    await passes(clock, is_settled(north, east), "East follows")


async def test_a_newcomer_without_the_site_has_the_list_that_is_kept(
    sandbox: Sandbox,
    open_door: OpenDoor,
    open_lane: OpenLane,
    hub: ModelHub,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    north, at_north = await open_door("North")
    await reads_site(north, at_north, clock)
    shrink(sandbox)
    await passes(clock, is_doubted(north), "North says so")
    late, door = await newcomer(open_lane, hub, sandbox, tmp_path / "Late", clock)
    await passes(clock, is_doubted(north, late), "the newcomer says so too")
    await passes(clock, lambda: len(late.roster) == len(north.roster), "all guests")
    assert await north.refresh()
    await passes(clock, is_settled(north, late), "both have what a person took")
    await door.close()


async def test_a_newcomer_that_read_the_short_list_is_told_and_its_person_settles_it(
    sandbox: Sandbox, hub: ModelHub, open_door: OpenDoor, open_lane: OpenLane, clock: FakeClock
) -> None:
    """Also where it reads the list for all, and the only other door has no site."""
    away = Network()
    north, at_north = await open_door("North", network=away)
    everybody = len(north.roster)
    await cut_off(north, away, at_north, clock)
    shrink(sandbox)
    door = ModelDoor(hub, "9" * 16, "Late", clock)
    late = await open_lane(folder="Late", name="Late", venue=door)
    await join(door)
    await passes(clock, is_doubted(north, late), "both say so")
    for _ in range(3 * int(SHORTEST)):
        await clock.advance(1)
        assert is_doubted(north, late)()
    assert len(north.roster) == everybody
    assert await late.refresh()
    await passes(clock, is_settled(north, late), "both have what a person took")
    await door.close()


async def test_a_door_that_never_had_a_list_doubts_an_empty_one_and_goes_on(
    sandbox: Sandbox, hub: ModelHub, open_lane: OpenLane, clock: FakeClock
) -> None:
    """It knows a ticket by a single read."""
    sandbox.faults.set("500", path=LIST)
    door = ModelDoor(hub, "9" * 16, "Late", clock)
    late = await open_lane(folder="Late", name="Late", venue=door)
    await join(door)
    (ticket,) = others(sandbox, 1)
    await late.scan(ticket)
    sandbox.faults.clear()
    rule = sandbox.faults.set("wrong-shape", path=LIST)
    rule.fault = replace(rule.fault, body=b"[]")
    await passes(clock, lambda: late.status.doubted == 0, "it is doubted")
    await clock.advance(1)
    assert not late.status.faults
    sandbox.faults.clear()
    await passes(clock, lambda: late.status.doubted is None, "the site lists them")
    await passes(clock, lambda: bool(door.shown.get("site")), "it tells that it has the site")
    assert not late.status.faults
    await door.close()
