"""One door of a venue reads the list, and the others have it from that one."""

import base64
import json
import zlib
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from boxoffice.domain.models import Event, LinkState
from boxoffice.domain.shared_list import LIST, WANTED, ListChange, site_mark
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import RosterStore, StoreError, json_docs, tickets
from boxoffice.sync import list_share
from boxoffice.sync.list_pace import SHORTEST
from boxoffice.sync.list_share import INTERVALS, WHOLE_EVERY
from tests.lane.conftest import Network, OpenDoor, OpenLane, join, passes
from tests.lane.venue_support import others
from tests.support import FakeClock, until
from tests.sync.conftest import LIST as LIST_PATH
from tests.venue.model import ModelDoor, ModelHub


def lists_read(sandbox: Sandbox) -> int:
    """How often the site was asked for its list."""
    return sandbox.log.count("GET", LIST_PATH)


def is_in(lane: Lane, ticket: str) -> bool:
    row = lane.roster.get(ticket)
    return row is not None and row.ticket.checked_in


def as_old(lane: Lane, other: Lane) -> bool:
    """Whether two lanes show lists that were read at the same moment."""
    at, other_at = lane.status.list_at, other.status.list_at
    return at is not None and other_at is not None and abs(at - other_at) < timedelta(seconds=1)


def check_in(sandbox: Sandbox, uuid: str) -> None:
    """At the site, by somebody who is no door of the venue."""
    event = sandbox.state.tonight
    (ticket,) = (ticket for ticket in event.tickets if ticket.uuid == uuid)
    sandbox.state.check_in(ticket)


async def reads_site(lane: Lane, door: ModelDoor, clock: FakeClock) -> None:
    """Wait until a door tells the others that it can read the list."""
    await passes(clock, lambda: bool(door.shown.get("site")), f"{lane.name} has the site")


async def cut_off(lane: Lane, network: Network, door: ModelDoor, clock: FakeClock) -> None:
    """Take the site from one lane, and wait until it knows."""
    network.is_cut = True
    await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
    await passes(clock, lambda: not door.shown.get("site"), f"{lane.name} tells it")


class Onlooker:
    """A door without a lane, which sends what a test has it send."""

    def __init__(self, hub: ModelHub, event: str, clock: FakeClock, device: str) -> None:
        """`device`: "0" * 15 is below that of any lane, "f" * 16 above."""
        self.door = ModelDoor(hub, device, "East", clock)
        self.event = event
        self.came: list[dict[str, Any]] = []
        self.good: dict[str, Any] = {}
        """A whole list, as it came."""
        self.door.watch_broadcasts(event, LIST, lambda _, fields: self.came.append(fields))
        self.door.follow(event, self._after, self._apply)
        self.door.connect()

    async def _after(self, record: str, epoch: int) -> int:
        return 0

    async def _apply(self, record: str, epoch: int, messages: object) -> None:
        pass

    def send(self, fields: Mapping[str, Any]) -> None:
        self.door.broadcast(self.event, LIST, fields)


def unpacked(fields: Mapping[str, Any]) -> list[Any]:
    entries: list[Any] = json.loads(zlib.decompress(base64.b85decode(fields["packed"])))
    return entries


def packed(entries: list[Any]) -> str:
    return base64.b85encode(zlib.compress(json.dumps(entries).encode())).decode()


async def whole(onlooker: Onlooker, clock: FakeClock) -> dict[str, Any]:
    """What a door sends to who has no list."""
    mark = onlooker.came[-1]["site"]
    onlooker.door.broadcast(onlooker.event, WANTED, {"site": mark, "age": None})
    await passes(clock, lambda: any(part["is_whole"] for part in onlooker.came), "the whole list")
    return next(part for part in onlooker.came if part["is_whole"])


@pytest.fixture
async def north(open_door: OpenDoor, clock: FakeClock) -> Lane:
    """A door that reads the list for all."""
    lane, door = await open_door("North")
    await reads_site(lane, door, clock)
    return lane


@pytest.fixture
async def onlooker(north: Lane, hub: ModelHub, clock: FakeClock) -> AsyncIterator[Onlooker]:
    """Beside it, with a good list of its."""
    beside = Onlooker(hub, north.event.uuid, clock, "f" * 16)
    await passes(clock, lambda: beside.came, "a list")
    beside.good = await whole(beside, clock)
    yield beside
    await beside.door.close()


async def test_the_site_is_asked_by_one_door_and_all_have_the_list(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    doors = [await open_door(name) for name in ("North", "South", "East")]
    for lane, door in doors:
        await reads_site(lane, door, clock)
    before, began = lists_read(sandbox), clock.monotonic()
    for ticket in others(sandbox, 2):
        check_in(sandbox, ticket)
        for lane, _ in doors:
            await passes(clock, lambda lane=lane: is_in(lane, ticket), f"in at {lane.name}")  # noqa: B023
    for _ in range(15):
        await clock.advance(1)
    by_one = (clock.monotonic() - began) / SHORTEST
    assert lists_read(sandbox) - before < 2 * by_one, "and by three it would be three times that"
    for lane, _ in doors:
        age = clock.now() - (lane.status.list_at or clock.now() - timedelta(days=1))
        assert age <= timedelta(seconds=INTERVALS * SHORTEST)


async def test_a_door_without_the_site_has_the_list_from_one_that_has_it(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    network = Network()
    north, at_north = await open_door("North", network=network)
    south, at_south = await open_door("South")
    await reads_site(south, at_south, clock)
    await cut_off(north, network, at_north, clock)
    first, second = others(sandbox, 2)
    check_in(sandbox, first)
    await passes(clock, lambda: is_in(north, first), "in at North")
    await until(lambda: as_old(north, south), "as old as it is where it was read")
    scan = await north.scan(first)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    network.is_cut = False
    await reads_site(north, at_north, clock)
    check_in(sandbox, second)
    await passes(clock, lambda: is_in(south, second), "in at South")


async def test_after_a_fault_the_whole_list_is_read_again_and_sent(
    sandbox: Sandbox,
    open_door: OpenDoor,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    north, at_north = await open_door("North")
    await reads_site(north, at_north, clock)

    def fail(change: ListChange) -> list[str]:
        raise StoreError("the disk is full")

    first, second = others(sandbox, 2)
    with monkeypatch.context() as ill:
        ill.setattr(list_share, "pack", fail)
        check_in(sandbox, first)
        await passes(clock, lambda: "shared list failed" in caplog.text, "what it had is gone")
    check_in(sandbox, second)
    await passes(clock, lambda: is_in(north, second), "read here")
    south, _ = await open_door("South")
    check_in(sandbox, third := others(sandbox, 3)[-1])
    for ticket in (first, second, third):
        await passes(clock, lambda: is_in(south, ticket), "in at South")  # noqa: B023
    assert "puller failed" not in caplog.text


async def know_event(sandbox: Sandbox, folder: Path) -> None:
    """Have a data folder know of the event, and of no ticket."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - a test may wait for its disk
    store = await RosterStore.open(folder / "roster.db")
    uuid, event = next(iter(sandbox.state.events.items()))
    await store.write(json_docs.save_events, [Event(uuid, event.title)])
    await store.close()


async def newcomer(
    open_lane: OpenLane, hub: ModelHub, sandbox: Sandbox, folder: Path, clock: FakeClock
) -> tuple[Lane, ModelDoor]:
    """A lane without the site, and without a list."""
    await know_event(sandbox, folder)
    network = Network()
    network.is_cut = True
    door = ModelDoor(hub, "9" * 16, folder.name, clock)
    lane = await open_lane(folder=folder.name, name=folder.name, venue=door, network=network)
    await join(door)
    return lane, door


@pytest.mark.parametrize("is_site_there", [True, False])
async def test_a_newcomer_without_the_site_gets_the_whole_list(
    sandbox: Sandbox,
    open_door: OpenDoor,
    open_lane: OpenLane,
    hub: ModelHub,
    clock: FakeClock,
    tmp_path: Path,
    is_site_there: bool,
) -> None:
    """Also where no door has the site any more."""
    network = Network()
    north, at_north = await open_door("North", network=network)
    await reads_site(north, at_north, clock)
    if not is_site_there:
        await cut_off(north, network, at_north, clock)
    lane, door = await newcomer(open_lane, hub, sandbox, tmp_path / "Late", clock)
    await passes(clock, lambda: len(lane.roster) == len(north.roster), "the whole list")
    await until(lambda: as_old(lane, north), "as old as it is there")
    assert lane.status.link is not LinkState.ONLINE
    known = await lane._store.read_all(tickets.load, lane.event.uuid)
    assert {ticket.full_name for ticket in known} == {
        row.ticket.full_name for row in map(north.roster.get, north.roster.rows()) if row
    }
    await door.close()


async def test_a_whole_list_that_is_on_its_way_is_not_asked_for_again(
    sandbox: Sandbox,
    open_lane: OpenLane,
    north: Lane,
    onlooker: Onlooker,
    hub: ModelHub,
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    await north.close()
    _lane, door = await newcomer(open_lane, hub, sandbox, tmp_path / "Late", clock)
    wishes: list[Mapping[str, Any]] = []
    onlooker.door.watch_broadcasts(north.event.uuid, WANTED, lambda _, sent: wishes.append(sent))
    await passes(clock, lambda: wishes, "the list is asked for")
    parts = [packed([entry]) for entry in unpacked(onlooker.good)[:5]]
    for number, part in enumerate(parts):  # as many thousand tickets are sent, part by part
        more = {"parts": len(parts) + 1, "number": number, "packed": part}
        onlooker.send(onlooker.good | more)
        await clock.advance(WHOLE_EVERY - 1)
    assert len(wishes) == 1
    await passes(clock, lambda: len(wishes) == 2, "asked for again: the rest does not come")
    await door.close()


async def test_others_read_the_list_where_nothing_comes_from_who_is_to(
    sandbox: Sandbox, open_door: OpenDoor, hub: ModelHub, clock: FakeClock
) -> None:
    north, at_north = await open_door("North")
    await reads_site(north, at_north, clock)
    silent = Onlooker(hub, north.event.uuid, clock, "0" * 15)
    silent.door.show(north.event.uuid, site=site_mark(sandbox.url))
    await clock.advance(SHORTEST)  # what was under way is over
    listed_at = north.status.list_at
    before = lists_read(sandbox)
    assert listed_at is not None
    while lists_read(sandbox) == before:
        await clock.advance(1)
    assert clock.now() - listed_at > timedelta(seconds=INTERVALS * SHORTEST)
    await until(lambda: silent.came, "what North has read is sent")
    silent.door.cut()
    before, began = lists_read(sandbox), clock.monotonic()
    await passes(clock, lambda: lists_read(sandbox) >= before + 4, "North reads it for all")
    assert clock.monotonic() - began < 4 * INTERVALS * SHORTEST
    await silent.door.close()


async def test_a_door_of_another_site_is_not_waited_for(
    sandbox: Sandbox, open_door: OpenDoor, hub: ModelHub, clock: FakeClock
) -> None:
    north, at_north = await open_door("North")
    await reads_site(north, at_north, clock)
    other = Onlooker(hub, north.event.uuid, clock, "0" * 15)
    other.door.show(north.event.uuid, site=site_mark("https://other.example"))
    before, began = lists_read(sandbox), clock.monotonic()
    await passes(clock, lambda: lists_read(sandbox) >= before + 4, "North reads it")
    assert clock.monotonic() - began < 4 * INTERVALS * SHORTEST
    await other.door.close()


async def test_refresh_reads_the_site_whoever_reads_it_for_all(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    north, _ = await open_door("North")
    south, at_south = await open_door("South")
    await reads_site(south, at_south, clock)
    (ticket,) = others(sandbox, 1)
    check_in(sandbox, ticket)
    before = lists_read(sandbox)
    assert await south.refresh()
    assert lists_read(sandbox) == before + 1
    assert is_in(south, ticket)
    await until(lambda: is_in(north, ticket), "North has it too")
    assert lists_read(sandbox) == before + 1


async def test_a_list_from_before_a_computer_slept_is_as_old_as_it_is(
    sandbox: Sandbox, open_door: OpenDoor, hub: ModelHub, clock: FakeClock
) -> None:
    """Its steady clock may have stood still meanwhile."""
    network = Network()
    north, at_north = await open_door("North", network=network)
    await reads_site(north, at_north, clock)
    onlooker = Onlooker(hub, north.event.uuid, clock, "f" * 16)
    await passes(clock, lambda: onlooker.came, "a list")
    await cut_off(north, network, at_north, clock)
    clock.jump(timedelta(hours=1))
    mark = site_mark(sandbox.url)
    onlooker.door.broadcast(onlooker.event, WANTED, {"site": mark, "age": 3000})
    await clock.advance(10)
    assert not any(part["is_whole"] for part in onlooker.came)
    part = await whole(onlooker, clock)
    assert part["age"] >= 3600
    await onlooker.door.close()
