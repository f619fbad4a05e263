"""Lanes of one venue: no ticket is green at two doors that reach the hub."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from boxoffice.domain.venue import Claim, HubState, Taken
from boxoffice.domain.verdicts import ALONE, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import StoreError, claim_feed
from boxoffice.sync.claim_sync import MOST_UNUSED
from tests.lane.conftest import Doors, OpenDoor, OpenLane, join, listed, passes, sent, shown
from tests.lane.test_box_office import cart_of, settled
from tests.lane.venue_support import (
    conflicts,
    is_out_at,
    offline,
    others,
    said,
    states,
    until_state,
    waiting,
)
from tests.support import FakeClock, until
from tests.venue.model import ModelDoor, ModelHub

ADMITTED, ALREADY_IN = VerdictCode.ADMITTED, VerdictCode.ALREADY_IN


# The four of hub and site


async def test_with_hub_and_site_a_green_is_confirmed_and_claimed(
    sandbox: Sandbox, doors: Doors
) -> None:
    scan = await doors[0].scan(sandbox.examples()["plain"].uuid)
    assert said(scan) == ("ADMITTED", True, True, "Valid, and not in before")


async def test_with_the_hub_alone_a_green_is_the_venues(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    scan = await north.scan(ticket)
    first = "First at all doors; the site was not asked; questions not checked"
    assert said(scan) == ("ADMITTED · by the venue", False, True, first)
    assert scan.verdict.is_sure
    again = await south.scan(ticket)
    assert again.verdict.code is ALREADY_IN
    assert again.verdict.reason == "Checked in at North at 18:30"
    assert not again.verdict.can_override


async def test_what_the_feed_brought_to_another_process_of_the_folder_is_shown_here_too(
    sandbox: Sandbox, doors: Doors, open_door: OpenDoor, clock: FakeClock
) -> None:
    north, door, south, _ = doors
    twin, other = await open_door("North", joined=False)
    other.device = door.device
    await join(other)
    await offline(sandbox, clock, north, south, twin)
    door.cut()
    ticket = sandbox.examples()["plain"].uuid
    assert (await south.scan(ticket)).verdict.code is ADMITTED
    await until(lambda: shown(twin, ticket).let_in_at, "the other process to be brought it")
    await join(door)
    await until(lambda: shown(north, ticket).let_in_at, "it to be shown here too")


async def test_by_an_old_list_the_venue_does_not_make_it_sure(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    await offline(sandbox, clock, north, south)
    await clock.pass_idly(11)
    word, confirmed, claimed, reason = said(await north.scan(sandbox.examples()["plain"].uuid))
    assert (word, confirmed, claimed) == ("ADMITTED · not confirmed", False, True)
    assert reason == "By the list of 11 min ago; questions not checked"


async def test_with_the_site_alone_a_green_is_not_confirmed(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, _, _ = doors
    door.cut()
    ticket = sandbox.examples()["plain"]
    scan = await north.scan(ticket.uuid)
    agreed = "The site agreed; the other doors were not asked"
    assert said(scan) == ("ADMITTED · not confirmed", False, False, agreed)
    await sent(north, clock)
    assert ticket.checked_in


async def test_with_neither_a_green_is_by_the_list(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, _, _ = doors
    door.cut()
    await offline(sandbox, clock, north)
    word, confirmed, claimed, reason = said(await north.scan(sandbox.examples()["plain"].uuid))
    assert (word, confirmed, claimed) == ("ADMITTED · not confirmed", False, False)
    assert reason.startswith("By the list of ")


async def test_a_computer_that_never_joined_says_nothing_of_it(
    sandbox: Sandbox, lane: Lane
) -> None:
    scan = await lane.scan(sandbox.examples()["plain"].uuid)
    assert said(scan) == ("ADMITTED", True, False, "Valid, and not in before")
    assert await states(lane, sandbox.examples()["plain"].uuid) == []


# First and second


async def test_of_two_that_scan_at_once_one_admits(
    sandbox: Sandbox, doors: Doors, hub: ModelHub
) -> None:
    north, _, south, _ = doors
    for ticket in others(sandbox, 30):
        scans = await asyncio.gather(north.scan(ticket), south.scan(ticket))
        greens = [scan for scan in scans if scan.verdict.code.is_green]
        assert len(greens) <= 1, scans
    assert hub.stored(Claim)


async def test_the_second_learns_who_was_first_though_the_feed_was_behind(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
) -> None:
    north, _, south, door = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    claim = Claim(north.event.uuid, ticket, 0, "f" * 16, "West", clock.now())
    hub.messages["behind"] = claim._replace(number=len(hub.messages) + 1)  # nobody is notified
    scan = await north.scan(ticket)
    assert (scan.verdict.code, scan.verdict.reason) == (ALREADY_IN, "Checked in at West at 18:30")
    assert (await conflicts(north)) == []
    assert await waiting(north) == 0
    door.cut()
    door = doors[1]
    door.cut()
    again = await north.scan(ticket)  # no network needed any more
    assert again.verdict.code is ALREADY_IN


async def test_what_the_other_doors_did_is_known_without_any_network(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, door = doors
    ticket = sandbox.examples()["plain"].uuid
    await offline(sandbox, clock, north, south)
    assert (await north.scan(ticket)).verdict.code is ADMITTED

    async def told() -> bool:
        held = await south._store.read(claim_feed.newest, ticket, south.event.uuid)
        return held.claim is not None

    await until(told, "North's claim at South")
    door.cut()
    asked = door.asked
    scan = await south.scan(ticket)
    assert (scan.verdict.code, scan.verdict.reason) == (ALREADY_IN, "Checked in at North at 18:30")
    assert door.asked == asked


async def test_a_refunded_ticket_is_never_claimed(
    sandbox: Sandbox, doors: Doors, hub: ModelHub
) -> None:
    await doors[0].scan(sandbox.examples()["refunded_ticket"].uuid)
    assert hub.messages == {}


async def test_a_party_is_claimed_one_by_one(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    order = sandbox.examples()["party"].order
    for ticket in order.tickets:
        sandbox.state.check_in(ticket, False)
    await north.refresh()
    await south.refresh()
    await offline(sandbox, clock, north, south)
    uuids = [ticket.uuid for ticket in order.tickets]
    assert (await south.admit(uuids[1])).verdict.code is ADMITTED
    codes = [scan.verdict.code for scan in await north.admit_party(uuids)]
    assert codes == [ADMITTED, ALREADY_IN, *[ADMITTED] * (len(uuids) - 2)]


async def test_an_override_is_claimed_too(
    sandbox: Sandbox, open_door: OpenDoor, clock: FakeClock
) -> None:
    (north, _), (south, _) = await open_door("North", event=2), await open_door("South", event=2)
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["yesterday"].uuid
    refused = [await lane.scan(ticket) for lane in (north, south)]
    assert (await north.override(refused[0], "the box office said so")).verdict.code is ADMITTED
    scan = await south.override(refused[1], "here too")
    assert (scan.verdict.code, scan.verdict.reason) == (ALREADY_IN, "Checked in at North at 18:30")


async def test_who_buys_at_a_door_is_claimed_with_the_ticket(
    sandbox: Sandbox, doors: Doors, hub: ModelHub, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    done = await settled(north, clock, await north.box_office.sell(await cart_of(north, 2)))
    assert done.checked_in
    claims = [hub.last(north.event.uuid, ticket) for ticket in done.tickets]
    assert [claim.lane for claim in claims if claim] == ["North", "North"]
    for ticket in done.tickets:
        assert await states(north, ticket) == ["won"]
    await offline(sandbox, clock, north, south)
    scan = await south.scan(done.tickets[0])
    assert scan.verdict.code is not ADMITTED


async def test_a_sold_ticket_that_another_door_has_let_in_is_not_let_in_again(
    doors: Doors, clock: FakeClock
) -> None:
    north, own, _, door = doors
    take = own.take

    async def first_at_south(*about: Any) -> Taken:
        await door.take(*about)
        return await take(*about)

    own.take = first_at_south  # type: ignore[method-assign, assignment]
    done = await settled(north, clock, await north.box_office.sell(await cart_of(north)))
    assert not done.checked_in
    assert "ALREADY IN, Checked in at South at 18:30" in done.reason
    assert await states(north, done.tickets[0]) == []


# Alone


async def test_alone_a_lane_may_ask_a_person_why(sandbox: Sandbox, open_door: OpenDoor) -> None:
    north, door = await open_door("North", alone_asks=True)
    ann = sandbox.examples()["plain"].uuid
    door.cut()
    scan = await north.scan(ann)
    assert (scan.verdict.code, scan.verdict.reason) == (VerdictCode.CANNOT_TELL, ALONE)
    assert scan.verdict.can_override
    assert await states(north, ann) == []
    assert await waiting(north) == 0
    let_in = await north.override(scan, "she is on the paper list")
    assert (let_in.verdict.code, let_in.verdict.claimed) == (ADMITTED, False)
    assert await states(north, ann) == ["pending"]
    await join(door)
    await until_state(north, ann, "won")


# One folder


async def test_two_processes_of_a_folder_admit_once(
    sandbox: Sandbox, open_lane: OpenLane, hub: ModelHub, clock: FakeClock
) -> None:
    doors = [ModelDoor(hub, "a" * 16, "North", clock) for _ in range(2)]
    lanes = [await open_lane(folder="one", name="North", venue=door) for door in doors]
    for lane, door in zip(lanes, doors, strict=True):
        await listed(lane)
        await join(door)
    for ticket in others(sandbox, 10):
        scans = await asyncio.gather(*(lane.scan(ticket) for lane in lanes))
        assert sum(scan.verdict.code.is_green for scan in scans) <= 1
    for lane in lanes:
        assert await conflicts(lane) == []
    for door in doors:
        await door.close()


async def test_a_claim_of_a_process_that_died_is_given_back_after_a_minute(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
) -> None:
    north, door, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await door.take(north.event.uuid, ticket, 0)  # and no admission follows
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN
    await clock.advance(30)
    assert not is_out(hub, north.event.uuid, ticket)
    await passes(clock, lambda: is_out(hub, north.event.uuid, ticket), "given back")
    await until(lambda: is_out_at(south, ticket), "out at South")
    assert (await south.scan(ticket)).verdict.claimed
    assert await conflicts(north) == await conflicts(south) == []


async def test_such_a_claim_is_given_back_also_after_the_clock_was_set_back(
    sandbox: Sandbox, doors: Doors, hub: ModelHub, clock: FakeClock
) -> None:
    north, door, _, _ = doors
    await clock.pass_idly(2)
    clock.jump(timedelta(hours=-26))
    ticket = sandbox.examples()["plain"].uuid
    await door.take(north.event.uuid, ticket, 0)
    await passes(clock, lambda: is_out(hub, north.event.uuid, ticket), "given back")


async def test_a_claim_that_let_nobody_in_since_nothing_could_be_written_is_given_back(
    sandbox: Sandbox, doors: Doors, hub: ModelHub, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await make_writable(north, False)
    with pytest.raises(StoreError):
        await north.scan(ticket)
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN
    await clock.pass_idly(3)
    await make_writable(north, True)
    await passes(clock, lambda: is_out(hub, north.event.uuid, ticket), "given back")
    assert (await north.scan(ticket)).verdict.claimed


async def test_who_was_first_counts_also_where_that_cannot_be_stored(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    await offline(sandbox, clock, north, south)  # or South may learn of it from the site
    ticket = sandbox.examples()["plain"].uuid
    await south._store.read_all(lambda file: file.execute("PRAGMA query_only = 1").fetchall())
    assert (await north.scan(ticket)).verdict.claimed
    again = await south.scan(ticket)
    assert again.verdict.code is ALREADY_IN
    assert "Checked in at North" in again.verdict.reason


async def make_writable(lane: Lane, is_writable: bool) -> None:
    """A full disk, and room on it again."""
    pragma = f"PRAGMA query_only = {int(not is_writable)}"
    await lane._journal._database.run(lambda connection: connection.execute(pragma).fetchall())


async def test_what_a_computer_with_a_copy_of_the_folder_has_let_in_stays_in_and_is_in_here(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    open_lane: OpenLane,
    clock: FakeClock,
) -> None:
    north, door, south, _ = doors
    copied = ModelDoor(hub, door.device, "Copy", clock)
    copy = await open_lane(folder="Copy", name="Copy", venue=copied)
    await listed(copy)
    await offline(sandbox, clock, north, south, copy)
    tickets = others(sandbox, MOST_UNUSED + 1)
    for ticket in tickets:
        assert (await north.scan(ticket)).verdict.claimed
    await clock.pass_idly(2)
    await join(copied)
    await clock.pass_idly(1)
    assert not any(is_out(hub, north.event.uuid, ticket) for ticket in tickets)
    for lane in (copy, south):
        assert (await lane.scan(tickets[0])).verdict.code is ALREADY_IN
    await copied.close()


async def test_nothing_is_given_back_beside_a_copy_of_the_folder(
    doors: Doors, sandbox: Sandbox, hub: ModelHub, clock: FakeClock
) -> None:
    north, door, _, _ = doors
    door.status = door.status._replace(is_copied=True)
    ticket = sandbox.examples()["plain"].uuid
    await door.take(north.event.uuid, ticket, 0)
    await clock.pass_idly(3)
    assert not is_out(hub, north.event.uuid, ticket)


def is_out(hub: ModelHub, event: str, ticket: str) -> bool:
    claim = hub.last(event, ticket)
    return claim is not None and not claim.is_in


async def test_a_lane_shows_how_it_stands_to_the_hub(doors: Doors) -> None:
    north, door, _, _ = doors
    await until(lambda: north.status.venue.state is HubState.JOINED, "joined")
    door.cut()
    assert north.status.venue.state is HubState.ALONE
