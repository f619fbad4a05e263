"""What other doors do: seen in the list, found at the scan, in conflict after a spell offline."""

from pathlib import Path

from boxoffice.domain.journal import QueueState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import by_hand, queue
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent, shown
from tests.support import FakeClock, both_dialects, until


@both_dialects
async def test_a_check_in_elsewhere_shows_in_the_list_by_itself(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    before = lane.status.checked_in
    sandbox.state.check_in(ticket)
    await passes(clock, lambda: lane.status.checked_in == before + 1, "the other door's check-in")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert "another door at 18:30" in scan.verdict.reason


async def test_a_ticket_taken_meanwhile_is_a_conflict_and_a_person_ends_it(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, tmp_path: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED
    sandbox.state.check_in(ticket)
    await sandbox.start()
    await sent(lane, clock)
    await until(lambda: lane.status.counts.conflicts == 1, "a conflict")
    assert sandbox.log.count("PATCH") == 0
    await until(lambda: (row := lane.roster.get(ticket.uuid)) and row.status.attention, "its mark")
    queue = await lane.queue.view()
    await lane.queue.export(tmp_path / "queue.csv")
    assert ticket.uuid in (tmp_path / "queue.csv").read_text(encoding="utf-8-sig")
    undone = await lane.undo.last()
    assert not undone.done
    assert await lane.queue.dismiss(queue.conflicts[0].id, "one and the same person")
    assert lane.status.counts.attention == 0


async def test_two_lanes_on_one_data_folder_admit_once(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    south = await open_lane(name="South")
    await listed(south)
    ticket = sandbox.examples()["plain"]
    await goes_offline(sandbox, lane, clock)
    await passes(clock, lambda: south.status.link == lane.status.link, "both offline")
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED
    assert (await south.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    await passes(clock, lambda: (row := south.roster.get(ticket.uuid)) and row.is_in, "its mark")
    assert not shown(south, ticket.uuid).attention
    (row,) = (await lane.queue.view()).waiting
    await lane._journal.write(queue.set_aside, row.id, QueueState.FAILED, "Not so")
    await passes(clock, lambda: shown(south, ticket.uuid).attention == "Not so", "why it failed")
    await lane._journal.write(by_hand.retry)
    await passes(clock, lambda: not shown(south, ticket.uuid).attention, "it to wait again")
    await sandbox.start()
    await sent(lane, clock)
    assert sandbox.log.count("PATCH") == 1


async def test_a_stale_list_does_not_turn_a_check_in_back(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set("stale", path="events/*/tickets/")
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    await clock.advance(30)
    row = lane.roster.get(ticket.uuid)
    assert row is not None
    assert row.is_in
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


async def test_yesterdays_list_opens_without_a_network(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane
) -> None:
    total = len(lane.roster)
    await lane.stop()
    await sandbox.stop()
    again = await open_lane(name="North")
    await until(lambda: len(again.roster) == total, "the list on disk")
    scan = await again.scan(sandbox.examples()["plain"].uuid)
    assert scan.verdict.word == "ADMITTED · not confirmed"
