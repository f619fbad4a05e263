"""What a door takes back while others, or the hub, do not know of it yet."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from boxoffice.domain.venue import DEADLINE, Taken
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.undo import STILL_IN
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions, posts, venue
from tests.lane.conftest import Doors, OpenDoor, join, passes, sent, shown
from tests.lane.venue_support import (
    claimed_at,
    conflicts,
    has_conflict,
    is_out_at,
    offline,
    stands,
    states,
    until_state,
    waiting,
)
from tests.support import FakeClock, until
from tests.venue.model import ModelHub

ADMITTED, ALREADY_IN = VerdictCode.ADMITTED, VerdictCode.ALREADY_IN


# Without both the post stands in the way: `test_an_undo_that_cannot_ask_the_hub_is_refused`.
@pytest.mark.parametrize(("site", "linked"), [(True, True), (True, False), (False, True)])
async def test_an_undo_lets_another_door_admit_once_the_hub_knows(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
    site: bool,
    linked: bool,
) -> None:
    north, door, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    if not site:
        await offline(sandbox, clock, north, south)
    assert (await north.scan(ticket)).verdict.claimed
    if site:
        await sent(north, clock)
    await until(lambda: claimed_at(south, ticket), "North's claim at South")
    if not linked:
        door.cut()
    undone = await north.undo.last()
    assert undone.done
    assert (STILL_IN in undone.sentence) is not linked
    await until_state(north, ticket, "released" if linked else "releasing")
    if not linked:
        assert (await south.scan(ticket)).verdict.code is ALREADY_IN
        await join(door)
        await until_state(north, ticket, "released")
    await until(lambda: is_out_at(south, ticket), "North's undo at South")
    again = await south.scan(ticket)
    assert (again.verdict.code, again.verdict.claimed) == (ADMITTED, True)
    claim = hub.last(north.event.uuid, ticket)
    assert claim is not None
    assert (claim.round, claim.lane) == (2, "South")
    assert (await north.scan(ticket)).verdict.code is ALREADY_IN


async def test_an_undo_in_the_moment_in_which_other_doors_are_asked_to_send_it(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await offline(sandbox, clock, north, south)
    read_all, write, undoing = north._journal.read_all, north._journal.write, asyncio.Event()

    async def late_read(query: Any, *about: Any) -> Any:
        if query is posts.has_unposted:  # the file's thread is busy
            await undoing.wait()
        return await read_all(query, *about)

    async def late_write(work: Any, *about: Any, **options: Any) -> Any:
        if work is admissions.cancel and not undoing.is_set():
            undoing.set()
            await until(lambda: is_posted(north), "it to be posted")
        return await write(work, *about, **options)

    north._journal.read_all = late_read  # type: ignore[method-assign, assignment]
    north._journal.write = late_write  # type: ignore[method-assign, assignment]
    await north.scan(ticket)
    assert (await north.undo.last()).done
    assert await waiting(north) == 0
    await until(lambda: is_out_at(south, ticket), "North's undo at South")
    assert (await south.scan(ticket)).verdict.code is ADMITTED


async def is_posted(lane: Lane) -> bool:
    return bool(await lane._journal.read_all(posts.waiting, lane.event.uuid))


async def test_what_another_door_took_back_does_not_hide_from_a_list_that_saw_it_in(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await north.scan(ticket)
    await sent(north, clock)
    assert await south.refresh()
    assert (await north.undo.last()).done
    await until(lambda: is_out_at(south, ticket), "North's undo at South")
    assert (await south.scan(ticket)).verdict.word == "ADMITTED"


async def test_a_site_that_lags_behind_another_doors_undo_proves_nothing(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    """Neither that our own write had arrived, nor that somebody else is in."""
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"]
    await north.scan(ticket.uuid)
    await sent(north, clock)
    assert (await north.undo.last()).done
    await until(lambda: is_out_at(south, ticket.uuid), "North's undo at South")
    sandbox.faults.set("503", method="PATCH", times=1)
    assert (await south.scan(ticket.uuid)).verdict.word == "ADMITTED"
    cache = sandbox.faults.set("stale=60", path="tickets/*/")
    sandbox.state.check_in(ticket)
    await south.details.refresh(ticket.uuid)
    sandbox.state.check_in(ticket, checked_in=False)
    await sent(south, clock)
    assert cache.hits
    assert ticket.checked_in
    assert south.status.counts.conflicts == 0


async def test_who_is_let_in_again_before_the_hub_knows_of_the_undo_is_in_once(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
) -> None:
    north, door, south, _ = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    await north.scan(ticket)
    door.cut()
    assert (await north.undo.last()).done
    assert (await north.scan(ticket)).verdict.code is ADMITTED
    assert await states(north, ticket) == ["releasing", "pending"]
    await join(door)
    await until_state(north, ticket, "released", "won")
    claim = hub.last(north.event.uuid, ticket)
    assert claim is not None
    assert (claim.round, claim.lane) == (2, "North")
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN


async def test_who_was_let_in_and_undone_twice_while_the_hub_was_away_is_claimed_at_once(
    sandbox: Sandbox, doors: Doors, hub: ModelHub, clock: FakeClock
) -> None:
    north, door, south, _ = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    door.cut()
    for _again in range(2):
        await north.scan(ticket)
        await clock.advance(5)
        assert (await north.undo.last()).done
        await clock.advance(5)
    assert await states(north, ticket) == ["releasing", "releasing"]
    await join(door)
    assert (await north.scan(ticket)).verdict.claimed
    assert await states(north, ticket) == ["released", "released", "won"]
    claim = hub.last(north.event.uuid, ticket)
    assert claim is not None
    assert (claim.round, claim.lane) == (4, "North")
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN


async def test_a_scan_waits_once_for_a_hub_that_does_not_answer_what_is_given_back(
    sandbox: Sandbox, doors: Doors, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, door, south, _ = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    await north.scan(ticket)
    with monkeypatch.context() as patch:
        patch.setattr(door, "release", _never)
        undoing = asyncio.create_task(north.undo.last())
        await until_state(north, ticket, "releasing")
        began = clock.monotonic()
        scanning = asyncio.create_task(north.scan(ticket))
        while not scanning.done():
            await clock.advance(DEADLINE / 7)
        assert clock.monotonic() - began <= DEADLINE * 8 / 7
        scan = await scanning
        assert (scan.verdict.code, scan.verdict.claimed) == (ADMITTED, False)
        undoing.cancel()
    await passes(clock, lambda: stands(north, ticket, "released", "won"), "the hub told of both")


async def _never(*_about: Any) -> Taken:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("was_claimed", [True, False])
async def test_what_another_process_of_the_folder_gives_back_meanwhile_is_claimed_anew(
    sandbox: Sandbox, doors: Doors, open_door: OpenDoor, clock: FakeClock, *, was_claimed: bool
) -> None:
    north, door, south, _ = doors
    twin, own = await open_door("North", joined=False)
    own.device = door.device
    await join(own)
    await offline(sandbox, clock, north, south, twin)
    ticket = sandbox.examples()["plain"].uuid
    if not was_claimed:
        door.cut()
    assert (await north.scan(ticket)).verdict.claimed is was_claimed
    door.cut()
    assert (await north.undo.last()).done
    await until(lambda: not shown(twin, ticket).admitted_at, "the undo to be shown there")
    take, read, given_back = own.take, twin._journal.read, asyncio.Event()

    async def before(*about: Any) -> Taken:
        own.take = take  # type: ignore[method-assign]
        taken = await take(*about)
        await join(door)
        await until_state(north, ticket, "released")
        given_back.set()
        return taken

    async def late(query: Any, *about: Any) -> Any:
        if query is venue.given_back:  # the file's thread is busy
            await given_back.wait()
        return await read(query, *about)

    own.take = before  # type: ignore[method-assign, assignment]
    twin._journal.read = late  # type: ignore[method-assign, assignment]
    clock.jump(timedelta(seconds=1))
    scan = await twin.scan(ticket)
    assert (scan.verdict.code, scan.verdict.claimed) == (ADMITTED, True)
    assert await states(north, ticket) == ["released", "won"]
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN


async def test_an_undo_while_the_hub_is_away_names_nobody_who_came_after_it(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, first, south, second = doors
    await offline(sandbox, clock, north, south)
    ticket = sandbox.examples()["plain"].uuid
    second.cut()
    await north.scan(ticket)
    first.cut()
    await clock.advance(60)
    assert (await north.undo.last()).done
    await clock.advance(60)
    assert (await south.scan(ticket)).verdict.code is ADMITTED
    await join(second)
    await has_conflict(south)  # as far as South can know
    await join(first)
    await passes(clock, lambda: stands(south, ticket, "won"), "South's claim")
    assert await conflicts(south) == await conflicts(north) == []
    assert await waiting(south) == 1
    await sandbox.start()
    await sent(south, clock)
    assert sandbox.state.tickets[ticket].checked_in
