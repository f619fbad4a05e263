"""Check-ins of a door without a site, sent by one that has it: once, with proof, whoever races."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import NamedTuple

import pytest

from boxoffice.domain.courier import LEASE, PostState
from boxoffice.domain.journal import JournalKind, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import Attempt, Claim, Finding, Found, Post, Sent
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.undo import BEING_SENT, MAYBE_SENT
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions, journal_db, posts
from boxoffice.sync.check_in_policy import ALREADY_IN, NO_SUCH_TICKET
from tests.lane.conftest import OpenDoor, join, passes
from tests.lane.venue_support import conflicts, others, waiting
from tests.support import FakeClock, until
from tests.venue.doors import Cable
from tests.venue.model import ModelDoor, ModelHub


class Way(NamedTuple):
    """A lane, its door to the hub, and its own way to the site."""

    lane: Lane
    door: ModelDoor
    cable: Cable


OpenWay = Callable[[str], Awaitable[Way]]


@pytest.fixture
async def open_way(sandbox: Sandbox, open_door: OpenDoor) -> AsyncIterator[OpenWay]:
    async with AsyncExitStack() as stack:
        port = int(sandbox.url.rpartition(":")[2])

        async def open_one(name: str) -> Way:
            cable = await stack.enter_async_context(Cable(port))
            lane, door = await open_door(name, site=f"http://{cable.address}")
            return Way(lane, door, cable)

        yield open_one


async def unplug(way: Way, clock: FakeClock) -> None:
    """Take its site away, and wait until it knows."""
    await passes(clock, lambda: way.lane.status.link is LinkState.ONLINE, "online")
    await way.cable.unplug()
    await passes(clock, lambda: way.lane.status.link is LinkState.OFFLINE, "offline")


async def plug(way: Way, clock: FakeClock) -> None:
    await way.cable.plug()
    await passes(clock, lambda: way.lane.status.link is LinkState.ONLINE, "online again")


@pytest.fixture
async def north(open_way: OpenWay, clock: FakeClock) -> Way:
    """Reaches the hub, and no site."""
    north = await open_way("North")
    await unplug(north, clock)
    return north


@pytest.fixture
async def ticket(sandbox: Sandbox, north: Way) -> str:
    """Let in at North, not sent."""
    ticket = sandbox.examples()["plain"].uuid
    scan = await north.lane.scan(ticket)
    assert (scan.verdict.code, scan.verdict.claimed) == (VerdictCode.ADMITTED, True)
    return ticket


async def is_done(lane: Lane, ticket: str) -> bool:
    admission = await lane._journal.read(admissions.get, ticket)
    return admission is not None and admission.confirmed and await waiting(lane) == 0


async def is_posted(lane: Lane) -> bool:
    rows = await lane._journal.read_all(posts.waiting, lane.event.uuid)
    return bool(rows) and all(row.post is PostState.FRESH for row in rows)


async def logged(lane: Lane, ticket: str) -> list[tuple[str, str]]:
    """What the journal says of it after its scan."""
    rows = await lane._journal.read_all(journal_db.log, lane.event.uuid)
    return [
        (row.entry.kind, row.entry.reason)
        for row in rows
        if row.entry.ticket == ticket and row.entry.kind != JournalKind.SCAN
    ]


def writes(sandbox: Sandbox) -> int:
    return sandbox.log.count("PATCH")


async def test_a_door_with_a_site_sends_it_once_and_its_own_door_has_proof(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    (row,) = (await north.lane.queue.view()).waiting
    assert (row.state, row.reason) == (QueueState.WAITING, posts.WAITS)
    south = await open_way("South")
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert sandbox.state.tickets[ticket].checked_in
    assert writes(sandbox) == 1
    assert [kind for kind, _ in await logged(south.lane, ticket)] == ["delivering", "delivered"]
    assert await logged(north.lane, ticket) == [("posted", ""), ("outcome", "Sent by South.")]
    await plug(north, clock)
    await clock.advance(5)
    assert writes(sandbox) == 1
    assert await conflicts(north.lane) == await conflicts(south.lane) == []
    assert len(hub.stored(Sent)) == len(hub.stored(Attempt)) == 1


async def test_of_many_doors_with_a_site_one_sends_each(
    sandbox: Sandbox, hub: ModelHub, north: Way, open_way: OpenWay, clock: FakeClock
) -> None:
    tickets = others(sandbox, 12)
    for ticket in tickets:
        await north.lane.scan(ticket)
    await passes(clock, lambda: len(hub.stored(Post)) == 12, "all to be posted")
    south, west = await open_way("South"), await open_way("West")

    async def all_done() -> bool:
        return all([await is_done(north.lane, ticket) for ticket in tickets])

    await passes(clock, all_done, "proof of all")
    assert writes(sandbox) == 12
    assert len(hub.stored(Attempt)) == 12
    for way in (north, south, west):
        assert await conflicts(way.lane) == []


async def test_a_check_in_of_an_unpaired_door_is_a_conflict_at_the_door_that_posted_it(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    sandbox.state.check_in(sandbox.state.tickets[ticket])
    south = await open_way("South")

    async def is_conflict() -> bool:
        return [row.reason for row in await conflicts(north.lane)] == [ALREADY_IN]

    await passes(clock, is_conflict, "a conflict at North")
    assert writes(sandbox) == 0
    assert await conflicts(south.lane) == []
    assert hub.stored(Sent) == []
    assert await logged(south.lane, ticket) == [("undelivered", ALREADY_IN)]
    assert await north.lane.queue.retry() == 1  # by its own site it is the same
    await plug(north, clock)
    await passes(clock, is_conflict, "a conflict still")


async def test_a_ticket_that_the_site_has_no_longer_needs_a_person_where_it_was_let_in(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    await open_way("South")
    sandbox.faults.set("404", path=f"tickets/{ticket}/")

    async def failed() -> bool:
        return [row.reason for row in (await north.lane.queue.view()).failed] == [NO_SUCH_TICKET]

    await passes(clock, failed, "a failed row at North")
    (found,) = hub.stored(Found)
    assert isinstance(found, Found)
    assert found.why is Finding.GONE


async def test_its_own_site_back_it_is_sent_from_there_and_by_nobody_else(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    south = await open_way("South")
    await clock.advance(5)
    assert writes(sandbox) == 1
    assert await logged(south.lane, ticket) == []
    assert [kind for kind, _ in await logged(north.lane, ticket)] == [
        "posted",
        "unposted",
        "sent",
        "outcome",
    ]


async def test_both_may_write_it_and_nobody_is_in_conflict_with_himself(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    south = await open_way("South")
    await passes(clock, lambda: hub.stored(Attempt), "South to be at it")
    await until(lambda: writes(sandbox) == 1, "its write under way")
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    sandbox.faults.clear()
    await passes(clock, lambda: hub.stored(Sent), "that it is sent")
    await clock.advance(5)
    assert sandbox.state.tickets[ticket].checked_in
    assert await conflicts(north.lane) == await conflicts(south.lane) == []
    assert await waiting(north.lane) == 0


async def test_a_courier_that_died_after_the_write_makes_no_conflict(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    sandbox.faults.set("drop-after", method="PATCH", times=1)
    west = await open_way("West")
    await passes(clock, lambda: sandbox.state.tickets[ticket].checked_in, "its write")
    await west.lane.stop()
    await west.cable.unplug()
    south = await open_way("South")
    await clock.advance(LEASE.total_seconds() / 2)
    assert hub.stored(Sent) == []  # West may be at it still
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert writes(sandbox) == 1
    assert await conflicts(north.lane) == await conflicts(south.lane) == []
    assert [attempt.turn for attempt in hub.stored(Attempt) if isinstance(attempt, Attempt)] == [
        0,
        1,
    ]


async def test_what_comes_of_it_is_told_once_the_hub_is_back(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: hub.stored(Post), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    south = await open_way("South")
    await until(lambda: writes(sandbox) == 1, "its write under way")
    south.door.cut()
    sandbox.faults.clear()
    await until(lambda: sandbox.state.tickets[ticket].checked_in, "it is in")
    await join(south.door)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert writes(sandbox) == 1


async def test_answers_that_come_before_it_wait_for_their_own_site(
    sandbox: Sandbox, hub: ModelHub, north: Way, open_way: OpenWay, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"].uuid
    await north.lane.details.rename(ticket, "Ann Other")
    assert (await north.lane.scan(ticket)).verdict.code is VerdictCode.ADMITTED
    await open_way("South")
    await clock.advance(10)
    assert hub.stored(Post) == []
    assert await waiting(north.lane) == 2


async def test_a_hub_that_was_emptied_is_asked_anew_and_what_is_found_in_is_ours(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    north.door.cut()
    hub.empty()
    sandbox.state.check_in(sandbox.state.tickets[ticket])  # as a courier that died has
    await join(north.door)
    await passes(clock, lambda: hub.stored(Post), "it to be posted again")
    await open_way("South")
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert await conflicts(north.lane) == []


# Undone


async def test_an_undo_takes_it_back_before_anybody_has_begun(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    assert (await north.lane.undo.last()).done
    assert await waiting(north.lane) == 0
    south = await open_way("South")
    await clock.advance(LEASE.total_seconds() + 10)
    assert writes(sandbox) == 0
    assert not sandbox.state.tickets[ticket].checked_in
    again = await south.lane.scan(ticket)
    assert (again.verdict.code, again.verdict.claimed) == (VerdictCode.ADMITTED, True)


async def test_an_undo_comes_too_late_for_a_courier_that_has_begun_and_then_needs_the_site(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    await open_way("South")
    await until(lambda: writes(sandbox) == 1, "its write under way")
    undone = await north.lane.undo.last()
    assert (undone.done, BEING_SENT in undone.sentence) == (False, True)
    sandbox.faults.clear()
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    undone = await north.lane.undo.last()
    assert (undone.done, "the server knows of it" in undone.sentence) == (False, True)
    await plug(north, clock)
    assert (await north.lane.undo.last()).done
    assert not sandbox.state.tickets[ticket].checked_in
    claim = hub.last(north.lane.event.uuid, ticket)
    assert isinstance(claim, Claim)
    assert not claim.is_in


async def test_an_undo_that_cannot_ask_the_hub_is_refused(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    north.door.cut()
    undone = await north.lane.undo.last()
    assert (undone.done, MAYBE_SENT in undone.sentence) == (False, True)
    await join(north.door)
    assert (await north.lane.undo.last()).done


async def test_no_courier_writes_after_an_undo_at_the_site(
    sandbox: Sandbox, hub: ModelHub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    """Sent from its own door while the hub was away: others may still take it up."""
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    north.door.cut()
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    undone = await north.lane.undo.last()
    assert (undone.done, MAYBE_SENT in undone.sentence) == (False, True)
    await join(north.door)
    assert (await north.lane.undo.last()).done
    await open_way("South")
    await clock.advance(LEASE.total_seconds() + 10)
    assert not sandbox.state.tickets[ticket].checked_in


# Alone


async def test_a_computer_that_never_joined_posts_nothing(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await sandbox.stop()
    await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
    ticket = sandbox.examples()["plain"].uuid
    await lane.scan(ticket)
    await clock.advance(10)
    assert [row.reason for row in (await lane.queue.view()).waiting] == [""]
    assert (await lane.undo.last()).done
