"""Check-ins of a door without a site, sent by one that has it: once, with proof, whoever races."""

import asyncio

import pytest

from boxoffice.domain.courier import GIVEN_UP, LEASE, TURNS, WAITS, PostState
from boxoffice.domain.journal import JournalKind, QueueState
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import Attempt, Claim, Finding, Found, Post, Sent
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.undo import BEING_SENT, MAYBE_SENT
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions, claim_feed, journal_db, posts
from boxoffice.sync.check_in_policy import ALREADY_IN, NO_SUCH_TICKET
from tests.lane.conftest import passes
from tests.lane.venue_support import conflicts, others, waiting
from tests.lane.ways import Hub, InProcess, OpenWay, Way, open_way, plug, the_hub, unplug
from tests.support import FakeClock, until
from tests.venue.model import ModelHub

__all__ = ["open_way", "the_hub"]


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
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    (row,) = (await north.lane.queue.view()).waiting
    assert (row.state, row.reason) == (QueueState.WAITING, WAITS)
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
    await until(lambda: len(the_hub.stored(Sent)) == 1, "that it is sent, once")
    assert len(the_hub.stored(Attempt)) == 1


async def test_of_many_doors_with_a_site_one_sends_each(
    sandbox: Sandbox, the_hub: Hub, north: Way, open_way: OpenWay, clock: FakeClock
) -> None:
    tickets = others(sandbox, 12)
    for ticket in tickets:
        await north.lane.scan(ticket)
    await passes(clock, lambda: len(the_hub.stored(Post)) == 12, "all to be posted")
    south, west = await open_way("South"), await open_way("West")

    async def all_done() -> bool:
        return all([await is_done(north.lane, ticket) for ticket in tickets])

    await passes(clock, all_done, "proof of all")
    assert writes(sandbox) == 12
    await until(lambda: len(the_hub.stored(Sent)) == 12, "that all are sent")
    assert len(the_hub.stored(Attempt)) == 12
    for way in (north, south, west):
        assert await conflicts(way.lane) == []


async def test_a_check_in_of_an_unpaired_door_is_a_conflict_at_the_door_that_posted_it(
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    sandbox.state.check_in(sandbox.state.tickets[ticket])
    south = await open_way("South")

    async def is_conflict() -> bool:
        return [row.reason for row in await conflicts(north.lane)] == [ALREADY_IN]

    await passes(clock, is_conflict, "a conflict at North")
    assert writes(sandbox) == 0
    assert await conflicts(south.lane) == []
    assert the_hub.stored(Sent) == []
    assert await logged(south.lane, ticket) == [("undelivered", ALREADY_IN)]
    assert await north.lane.queue.retry() == 1  # by its own site it is the same
    await plug(north, clock)
    await passes(clock, is_conflict, "a conflict still")


async def test_a_ticket_that_the_site_has_no_longer_needs_a_person_where_it_was_let_in(
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    sandbox.faults.set("404", path=f"tickets/{ticket}/")
    await open_way("South")

    async def failed() -> bool:
        return [row.reason for row in (await north.lane.queue.view()).failed] == [NO_SUCH_TICKET]

    await passes(clock, failed, "a failed row at North")
    await until(lambda: the_hub.stored(Found), "what was found")
    (found,) = the_hub.stored(Found)
    assert isinstance(found, Found)
    assert found.why is Finding.GONE


async def test_its_own_site_back_it_is_sent_from_there_and_by_nobody_else(
    sandbox: Sandbox, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
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


@pytest.mark.parametrize("the_hub", ["model"], indirect=True)
async def test_what_was_posted_while_it_was_read_may_be_another_doors_check_in(
    sandbox: Sandbox, hub: ModelHub, open_way: OpenWay, clock: FakeClock
) -> None:
    """The link was lost for a moment, here or in another process of the folder."""
    lane, ticket = (await open_way("North")).lane, sandbox.examples()["plain"].uuid
    hangs = sandbox.faults.set("hang", method="GET", path=f"tickets/{ticket}/")
    scanning = asyncio.create_task(lane.scan(ticket))
    await passes(clock, scanning.done, "the scan, by the list and the hub")
    assert (await scanning).verdict.claimed
    await until(lambda: hangs.hits == 2, "the sender's read")
    at = await lane._store.read(claim_feed.position, lane.event.uuid)
    await lane._journal.write(posts.post, lane.event.uuid, at, 1)
    hub.add(Attempt(lane.event.uuid, ticket, 0, "f" * 16, "South", clock.now()))
    sandbox.state.check_in(sandbox.state.tickets[ticket])
    sandbox.faults.clear(hangs)
    await until(lambda: is_done(lane, ticket), "proof")
    assert await conflicts(lane) == []


@pytest.mark.parametrize("the_hub", ["model"], indirect=True)
async def test_one_that_no_other_door_could_send_is_said_to_wait_for_its_own_site(
    sandbox: Sandbox, north: Way, ticket: str, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    about = (north.lane.event.uuid, ticket, 0, "f" * 16, "South")
    last = Attempt(*about, clock.now() - LEASE, turn=TURNS - 1)
    await north.lane._store.write(claim_feed.record_post, last)

    async def reason() -> str:
        (row,) = (await north.lane.queue.view()).waiting
        return row.reason

    async def is_given_up() -> bool:
        return await reason() == GIVEN_UP

    await passes(clock, is_given_up, "the truth of it")
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "its own site to have it")
    assert writes(sandbox) == 1


async def test_both_may_write_it_and_nobody_is_in_conflict_with_himself(
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    south = await open_way("South")
    await passes(clock, lambda: the_hub.stored(Attempt), "South to be at it")
    await passes(clock, lambda: writes(sandbox) == 1, "its write under way")
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    sandbox.faults.clear()
    await passes(clock, lambda: the_hub.stored(Sent), "that it is sent")
    await clock.advance(5)
    assert sandbox.state.tickets[ticket].checked_in
    assert await conflicts(north.lane) == await conflicts(south.lane) == []
    assert await waiting(north.lane) == 0


async def test_a_courier_that_died_after_the_write_makes_no_conflict(
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    sandbox.faults.set("drop-after", method="PATCH", times=1)
    west = await open_way("West")
    await passes(clock, lambda: sandbox.state.tickets[ticket].checked_in, "its write")
    await west.lane.stop()
    await west.cable.unplug()
    south = await open_way("South")
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert writes(sandbox) == 1
    assert await conflicts(north.lane) == await conflicts(south.lane) == []
    await until(lambda: len(the_hub.stored(Attempt)) == 2, "both turns")
    first, second = the_hub.stored(Attempt)
    assert second.at - first.at >= LEASE  # West may have been at it still


async def test_what_comes_of_it_is_told_once_the_hub_is_back(
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    south = await open_way("South")
    await passes(clock, lambda: writes(sandbox) == 1, "its write under way")
    await south.cut()
    sandbox.faults.clear()
    await until(lambda: sandbox.state.tickets[ticket].checked_in, "it is in")
    await south.join()
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert writes(sandbox) == 1


async def test_answers_that_come_before_it_wait_for_their_own_site(
    sandbox: Sandbox, the_hub: Hub, north: Way, open_way: OpenWay, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"].uuid
    await north.lane.details.rename(ticket, "Ann Other")
    assert (await north.lane.scan(ticket)).verdict.code is VerdictCode.ADMITTED
    await open_way("South")
    await clock.advance(10)
    assert the_hub.stored(Post) == []
    assert await waiting(north.lane) == 2


@pytest.mark.parametrize("the_hub", ["model"], indirect=True)
async def test_a_hub_that_was_emptied_is_asked_anew_and_what_is_found_in_is_ours(
    sandbox: Sandbox,
    the_hub: InProcess,
    north: Way,
    ticket: str,
    open_way: OpenWay,
    clock: FakeClock,
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    await north.cut()
    the_hub.model.empty()
    sandbox.state.check_in(sandbox.state.tickets[ticket])  # as a courier that died has
    await north.join()
    await passes(clock, lambda: the_hub.stored(Post), "it to be posted again")
    await open_way("South")
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    assert await conflicts(north.lane) == []


# Undone


async def test_an_undo_takes_it_back_before_anybody_has_begun(
    sandbox: Sandbox, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
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
    sandbox: Sandbox, the_hub: Hub, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    sandbox.faults.set("hang", method="PATCH", times=1)
    await open_way("South")
    await passes(clock, lambda: writes(sandbox) == 1, "its write under way")
    undone = await north.lane.undo.last()
    assert (undone.done, BEING_SENT.format(name="") in undone.sentence) == (False, True)
    sandbox.faults.clear()
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    undone = await north.lane.undo.last()
    assert (undone.done, "the site knows of it" in undone.sentence) == (False, True)
    await plug(north, clock)
    assert (await north.lane.undo.last()).done
    assert not sandbox.state.tickets[ticket].checked_in
    await until(lambda: len(the_hub.stored(Claim)) == 2, "that it is out, at all doors")


async def test_an_undo_that_cannot_ask_the_hub_is_refused(
    sandbox: Sandbox, north: Way, ticket: str, clock: FakeClock
) -> None:
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    await north.cut()
    undone = await north.lane.undo.last()
    assert (undone.done, MAYBE_SENT.format(name="") in undone.sentence) == (False, True)
    await north.join()
    assert (await north.lane.undo.last()).done


async def test_no_courier_writes_after_an_undo_at_the_site(
    sandbox: Sandbox, north: Way, ticket: str, open_way: OpenWay, clock: FakeClock
) -> None:
    """Sent from its own door while the hub was away: others may still take it up."""
    await passes(clock, lambda: is_posted(north.lane), "it to be posted")
    await north.cut()
    await plug(north, clock)
    await passes(clock, lambda: is_done(north.lane, ticket), "proof at North")
    undone = await north.lane.undo.last()
    assert (undone.done, MAYBE_SENT.format(name="") in undone.sentence) == (False, True)
    await north.join()
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
