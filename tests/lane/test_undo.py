"""Undo: this lane's own check-in, at most 15 minutes old, and never blindly (promise 6)."""

from boxoffice.door.verdict import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.support import FakeClock, until


async def test_nothing_to_undo(lane: Lane) -> None:
    undone = await lane.undo()
    assert not undone.done
    assert "nobody" in undone.sentence


async def test_an_unsent_check_in_is_cancelled_here(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await goes_offline(sandbox, lane, clock)
    await lane.scan(ticket.uuid)
    assert (await lane.undo()).done
    await until(lambda: lane.status.counts.unsent == 0)
    await until(lambda: (row := lane.roster.get(ticket.uuid)) and not row.is_in, "its row")
    await sandbox.start()
    await clock.advance(30)
    assert sandbox.log.count("PATCH") == 0
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED


async def test_a_sent_check_in_is_undone_at_the_server(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    assert ticket.checked_in
    assert (await lane.undo()).done
    assert not ticket.checked_in
    await until(lambda: (row := lane.roster.get(ticket.uuid)) and not row.is_in)
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


async def test_a_sent_check_in_cannot_be_undone_offline(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    await goes_offline(sandbox, lane, clock)
    undone = await lane.undo()
    assert not undone.done
    assert "cannot be reached" in undone.sentence
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


async def test_after_a_quarter_of_an_hour_it_is_too_late(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await lane.scan(sandbox.examples()["plain"].uuid)
    await sent(lane, clock)
    await clock.advance(15 * 60 + 1)
    undone = await lane.undo()
    assert not undone.done
    assert "15 minutes" in undone.sentence


async def test_another_lanes_check_in_is_not_undone(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    south = await open_lane(name="South")
    await listed(south)
    assert not (await south.undo()).done
    assert ticket.checked_in


async def test_a_lost_answer_to_an_undo_is_told_and_can_be_repeated(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    sandbox.faults.set("drop-after", method="PATCH", times=1)
    undone = await lane.undo()
    assert not undone.done
    assert "may" in undone.sentence
    assert not ticket.checked_in
    assert (await lane.undo()).done
