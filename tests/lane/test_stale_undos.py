"""Our own undo at the site, and reads that have not heard of it yet: no green, and no conflict."""

from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.lane.test_stale_reads import CACHE, PAST_LAG, SINGLE, admitted, guests
from tests.support import FakeClock, until


async def test_an_undo_is_not_believed_done_because_a_read_lags(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """The cache still says that it was never in."""
    sandbox.faults.set(CACHE, path=SINGLE)
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    assert (await lane.undo.last()).done
    assert not ticket.checked_in
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    sandbox.faults.set("drop", method="PATCH", times=1)
    await sent(lane, clock)
    sandbox.faults.set("drop", method="PATCH", times=1)
    undone = await lane.undo.last()
    assert not undone.done
    assert "may" in undone.sentence
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    assert ticket.checked_in


async def test_a_read_that_lags_behind_our_undo_says_so_and_a_person_decides(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    sandbox.faults.set(CACHE, path=SINGLE)
    await lane.scan(ticket.uuid)
    assert (await lane.undo.last()).done
    await clock.advance(4)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert scan.verdict.reason == "Undone here 4 s ago; the site still says that it is in"
    assert scan.verdict.can_override
    again = await lane.override(scan, "it was the wrong ticket before")
    assert again.verdict.word == "ADMITTED"
    await sent(lane, clock)
    assert ticket.checked_in
    assert lane.status.counts.attention == 0
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert not scan.verdict.can_override


async def test_after_an_undo_it_admits_as_soon_as_the_site_has_caught_up(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    sandbox.faults.set(CACHE)
    await lane.scan(ticket.uuid)
    await lane.refresh()
    assert (await lane.undo.last()).done
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    await clock.advance(60)
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


async def test_offline_after_a_list_that_lags_behind_our_undo(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    await until(lane.refresh, "a list")
    sandbox.faults.set("stale", path="events/*/tickets/")
    assert (await lane.undo.last()).done
    await lane.refresh()
    await goes_offline(sandbox, lane, clock)
    await clock.pass_idly(60)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert scan.verdict.reason.startswith("Undone here at 18:30; the site still says")
    assert scan.verdict.can_override


async def test_another_door_after_our_undo_is_never_green(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    assert (await lane.undo.last()).done
    sandbox.state.check_in(ticket)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert scan.verdict.reason.startswith("Undone here ")
    await clock.advance(PAST_LAG)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert "another door" in scan.verdict.reason
    assert not scan.verdict.can_override


async def test_an_undo_that_the_site_never_heard_of_explains_nothing(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await goes_offline(sandbox, lane, clock)
    await lane.scan(ticket.uuid)
    assert (await lane.undo.last()).done
    sandbox.state.check_in(ticket)
    await sandbox.start()
    await passes(clock, lambda: lane.status.link.value == "online", "online")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert not scan.verdict.can_override


async def test_another_lanes_undo_on_the_same_data_folder(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    south = await open_lane(name="South")
    await listed(south)
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    assert (await south.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    assert (await lane.undo.last()).done
    assert (await south.scan(ticket.uuid)).verdict.word == "ADMITTED"
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


async def test_a_check_in_made_after_an_undo_is_no_conflict_with_itself(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """It waits while the site lags behind the undo, and is sent after that."""
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    assert (await lane.undo.last()).done
    sandbox.faults.set("503", method="PATCH", times=1)
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    body = sandbox.faults.set(CACHE, path=SINGLE)
    sandbox.state.check_in(ticket)
    await lane.details.known(ticket.uuid)
    await lane.details.refresh(ticket.uuid)
    sandbox.state.check_in(ticket, checked_in=False)
    await sent(lane, clock)
    assert body.hits
    assert ticket.checked_in
    assert lane.status.counts.conflicts == 0
