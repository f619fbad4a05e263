"""One venue to look at: who is in, how people come in, and what each door has just answered."""

import json

import pytest

from boxoffice.domain.roster import Filter
from boxoffice.domain.venue import Claim, LetInTwice
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.marks import AT_ONCE
from boxoffice.lane.overview import SCAN
from boxoffice.sandbox import Sandbox
from boxoffice.screens.record import check_in
from tests.lane.conftest import Doors, OpenDoor, join, listed, passes
from tests.lane.venue_support import conflicts, offline, others
from tests.support import FakeClock, until
from tests.venue.model import ModelHub

ELSEWHERE = "f" * 16


def let_in(
    hub: ModelHub, lane: Lane, ticket: str, clock: FakeClock, lane_name: str = "East"
) -> None:
    hub.add(Claim(lane.event.uuid, ticket, 0, ELSEWHERE, lane_name, clock.now()))


async def test_who_is_let_in_at_another_door_is_in_here_at_once(
    sandbox: Sandbox, hub: ModelHub, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await offline(sandbox, clock, north, south)  # no list tells of it
    before = south.status.checked_in
    await north.scan(ticket)
    await until(lambda: south.status.checked_in == before + 1, "in at South")
    row = south.roster.get(ticket)
    assert row is not None
    assert row.is_in
    assert not row.ticket.checked_in
    claim = hub.last(south.event.uuid, ticket)
    assert claim is not None
    assert (row.status.let_in_at, row.status.let_in_by) == (claim.at, "North")
    assert row.status.in_since == claim.at
    assert ticket in south.roster.rows(Filter.IN)
    details = await south.details.known(ticket)
    assert details is not None
    zone = south.event.zone
    since = f"in since {claim.at.astimezone(zone):%H:%M}, by North"
    assert check_in(details, zone) == since

    def is_own() -> bool:
        own = north.roster.get(ticket)
        return own is not None and own.status.admitted_at is not None

    await until(is_own, "marked as North's own at North")
    own = north.roster.get(ticket)
    assert own is not None
    assert own.status.let_in_at is None


async def test_an_undo_there_takes_it_back_here(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    await offline(sandbox, clock, north, south)
    before = south.status.checked_in
    await north.scan(sandbox.examples()["plain"].uuid)
    await until(lambda: south.status.checked_in == before + 1, "in at South")

    async def undone() -> bool:
        return (await north.undo.last()).done

    await until(undone, "undone, once it is not just being tried at the site")
    await until(lambda: south.status.checked_in == before, "out at South")


async def test_arrivals_have_the_time_of_the_other_door(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    await offline(sandbox, clock, north, south)
    unplaced = (await south.arrivals()).others_unplaced
    first, second, third = others(sandbox, 3)
    await north.scan(first)
    await clock.advance(60)
    await north.scan(second)
    await south.scan(third)

    async def both() -> bool:
        return sum(minute.timed for minute in (await south.arrivals()).minutes) == 2

    await until(both, "North's two")
    arrivals = await south.arrivals()
    assert [(minute.timed, minute.ours) for minute in arrivals.minutes] == [(1, 0), (1, 1)]
    assert arrivals.ours == 1
    assert arrivals.others_unplaced == unplaced
    await until(lambda: south.status.checked_in == arrivals.inside, "the same in the header")
    assert arrivals.rate == 3 / 5


async def test_what_a_door_reads_when_it_joins_is_counted(
    sandbox: Sandbox, hub: ModelHub, doors: Doors, clock: FakeClock
) -> None:
    north, door, south, _ = doors
    door.cut()
    people = list(south.roster.rows(Filter.NOT_IN))
    assert len(people) > 10
    for ticket in people:
        let_in(hub, south, ticket, clock)
    await until(lambda: south.status.checked_in == south.status.total, "all in at South")
    assert north.status.checked_in < north.status.total
    door.connect()
    await until(lambda: north.status.checked_in == north.status.total, "all in at North")


async def test_more_marks_than_are_made_in_one_go(
    sandbox: Sandbox, hub: ModelHub, doors: Doors, clock: FakeClock
) -> None:
    """Tickets that are not listed yet count as soon as they are."""
    north = doors[0]
    for number in range(2 * AT_ONCE + 1):
        let_in(hub, north, f"{number:032x}", clock)
    ticket = others(sandbox, 1)[0]
    before = north.status.checked_in
    let_in(hub, north, ticket, clock)
    await until(lambda: north.status.checked_in == before + 1, "the listed one")


async def test_each_door_sees_the_numbers_of_the_others(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, south, other = doors
    await offline(sandbox, clock, north, south)
    await north.scan(others(sandbox, 1)[0])
    await passes(clock, lambda: door.shown.get("rate") == 1, "a rate")
    (first, second) = await other.doors(south.event.uuid)
    assert (first.lane, first.waiting, first.conflicts, first.rate) == ("North", 1, 0, 1)
    assert (second.lane, second.waiting, second.conflicts, second.rate) == ("South", 0, 0, 0)
    await clock.advance(60)
    await passes(clock, lambda: door.shown.get("rate") == 0, "a minute without anybody")
    assert door.shown["waiting"] == 1


async def test_all_doors_see_the_last_scans_and_look_the_names_up(
    sandbox: Sandbox, hub: ModelHub, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    assert north.overview is not None
    assert south.overview is not None
    overview = south.overview
    ticket = sandbox.examples()["plain"]
    first = await north.scan(ticket.uuid)
    await until(lambda: len(overview.scans) == 1, "North's scan at South")
    await clock.advance(1)
    second = await south.scan(ticket.uuid)
    await north.scan("https://example.com/nothing")
    await until(lambda: len(overview.scans) == 3, "all three")
    name = first.verdict.ticket.full_name if first.verdict.ticket else ""
    assert name
    newest, *_ = scans = [(seen.lane, seen.verdict, shown) for seen, shown in overview.scans]
    assert ("North", VerdictCode.ADMITTED, name) in scans
    assert ("South", VerdictCode.ALREADY_IN, name) in scans
    assert newest[0] in ("North", "South")
    assert overview.scans[-1][0].at == first.at
    assert second.at in [seen.at for seen, _ in overview.scans]
    await until(lambda: len(north.overview.scans) == 3, "the same at North")
    said = json.dumps(hub.said)
    assert ticket.uuid in said
    for word in (*name.split(), "@", "example.com"):
        assert word not in said


async def test_every_door_sees_who_let_the_same_ticket_in_twice(
    sandbox: Sandbox, doors: Doors, open_door: OpenDoor, clock: FakeClock
) -> None:
    north, _, south, cut_off = doors
    east, _ = await open_door("East")
    await offline(sandbox, clock, north, south, east)
    cut_off.cut()
    ticket = sandbox.examples()["plain"].uuid
    first = await north.scan(ticket)
    await clock.advance(120)
    second = await south.scan(ticket)
    await join(cut_off)
    for lane in (east, north, south):
        pairs = await pairs_at(lane)
        assert [(pair.ticket, pair.first, pair.second) for pair, _ in pairs] == [
            (ticket, "North", "South")
        ]
        ((pair, name),) = pairs
        assert f"{pair.first_at:%H:%M} {pair.second_at:%H:%M}" == (
            f"{first.at:%H:%M} {second.at:%H:%M}"
        )
        assert first.verdict.ticket is not None
        assert name == first.verdict.ticket.full_name
    await until(lambda: conflicts(north), "what North is to look at")
    (row,) = await conflicts(north)
    assert await north.queue.dismiss(row.id, "a mother and her child")
    assert north.overview is not None
    assert await north.overview.let_in_twice() == []
    assert len(await pairs_at(south)) == 1  # where nobody has looked for them yet


async def pairs_at(lane: Lane) -> list[tuple[LetInTwice, str]]:
    overview = lane.overview
    assert overview is not None

    async def there() -> bool:
        return bool(await overview.let_in_twice())

    await until(there, f"a pair at {lane.name}")
    return await overview.let_in_twice()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"ticket": "a" * 32, "verdict": "waved through", "lane": "East", "at": "2026-05-08T18:30Z"},
        {"ticket": "a" * 32, "verdict": "admitted", "lane": "East", "at": "2026-05-08T18:30"},
        {"ticket": "a" * 32, "verdict": "admitted", "lane": "East", "at": 5},
        {"ticket": "a" * 32, "verdict": ["admitted"], "lane": "East", "at": "2026-05-08T18:30Z"},
        {"ticket": "", "verdict": "admitted", "lane": "East", "at": "0001-01-01T00:00+14:00"},
    ],
)
async def test_what_is_no_scan_is_passed_over(doors: Doors, said: dict[str, object]) -> None:
    north, door, south, _ = doors
    assert south.overview is not None
    good = {"ticket": "", "verdict": "unknown", "lane": "E\x1bast", "at": "2026-05-08T18:30:00Z"}
    door.broadcast(north.event.uuid, SCAN, said)
    door.broadcast(north.event.uuid, SCAN, good)
    overview = south.overview
    await until(lambda: overview.scans, "the good one")
    ((scan, name),) = overview.scans
    assert (scan.lane, scan.verdict, name) == ("East", VerdictCode.UNKNOWN, "")


async def test_a_computer_that_never_joined_has_no_overview(lane: Lane) -> None:
    await listed(lane)
    assert lane.overview is None
