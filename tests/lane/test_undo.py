"""Undo: this lane's own check-in, at most 15 minutes old, and never blindly.

CONTRIBUTING.md, promise 6.
"""

import asyncio
from datetime import timedelta

import pytest

from boxoffice.domain.roster import LocalStatus
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, until


@pytest.fixture
async def ticket(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> Ticket:
    """That of a guest who was let in here, as the site knows."""
    ticket = sandbox.examples()["plain"]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    return ticket


async def test_nothing_to_undo(lane: Lane) -> None:
    undone = await lane.undo.last()
    assert not undone.done
    assert "nobody" in undone.sentence


async def test_an_unsent_check_in_is_cancelled_here(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await goes_offline(sandbox, lane, clock)
    await lane.scan(ticket.uuid)
    assert (await lane.undo.last()).done
    await until(lambda: lane.status.counts.unsent == 0)
    await until(lambda: (row := lane.roster.get(ticket.uuid)) and not row.is_in, "its row")
    await sandbox.start()
    await clock.advance(30)
    assert sandbox.log.count("PATCH") == 0
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ADMITTED


async def test_a_sent_check_in_is_undone_at_the_server(lane: Lane, ticket: Ticket) -> None:
    assert ticket.checked_in
    assert (await lane.undo.last()).done
    assert not ticket.checked_in
    await until(lambda: (row := lane.roster.get(ticket.uuid)) and not row.is_in)
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


async def test_what_is_undone_is_said_to_be_also_where_the_list_cannot_be_written(
    lane: Lane, ticket: Ticket
) -> None:
    """Whoever read that it failed would undo the one before."""
    await lane.refresh()
    await lane._store.read_all(lambda file: file.execute("PRAGMA query_only = 1").fetchall())
    assert (await lane.undo.last()).done
    assert not ticket.checked_in


async def test_a_sent_check_in_cannot_be_undone_offline(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, ticket: Ticket
) -> None:
    await goes_offline(sandbox, lane, clock)
    undone = await lane.undo.last()
    assert not undone.done
    assert "cannot be reached" in undone.sentence
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


@pytest.mark.usefixtures("ticket")
async def test_after_a_quarter_of_an_hour_it_is_too_late(lane: Lane, clock: FakeClock) -> None:
    await clock.pass_idly(15)
    await clock.advance(1)
    undone = await lane.undo.last()
    assert not undone.done
    assert "15 minutes" in undone.sentence


async def test_another_lanes_check_in_is_not_undone(open_lane: OpenLane, ticket: Ticket) -> None:
    south = await open_lane(name="South")
    await listed(south)
    assert not (await south.undo.last()).done
    assert ticket.checked_in


async def test_a_lost_answer_to_an_undo_is_looked_up(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, ticket: Ticket
) -> None:
    sandbox.faults.set("drop-after", method="PATCH", times=1)
    assert (await lane.undo.last()).done
    assert not ticket.checked_in
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    await sent(lane, clock)
    sandbox.faults.set("drop", method="PATCH", times=1)
    undone = await lane.undo.last()
    assert not undone.done
    assert "may" in undone.sentence
    assert ticket.checked_in
    assert (await lane.undo.last()).done


async def not_known(sandbox: Sandbox, lane: Lane, clock: FakeClock, ticket: Ticket) -> None:
    """Undo the check-in of `ticket` so that nobody gets to hear of it."""
    sandbox.faults.set("latency-after=0.3", method="PATCH", times=1)
    sandbox.faults.set("drop-after", method="PATCH", times=1)
    undoing = asyncio.create_task(lane.undo.last())
    await until(lambda: not ticket.checked_in)
    rule = sandbox.faults.set("500", method="GET")
    await clock.advance(0.3)
    undone = await undoing
    sandbox.faults.clear(rule)
    assert not undone.done
    assert "may" in undone.sentence


async def test_an_undo_that_came_true_later_is_not_followed_by_the_one_before(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    before, ticket = [
        each for each in sandbox.examples()["party"].order.tickets if not each.checked_in
    ][:2]
    for each in (before, ticket):
        assert (await lane.scan(each.uuid)).verdict.word == "ADMITTED"
    await sent(lane, clock)
    await not_known(sandbox, lane, clock, ticket)
    await lane.refresh()
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    assert ticket.full_name in (await lane.undo.preview()).who
    undone = await lane.undo.last()
    assert undone.done
    assert ticket.full_name in undone.sentence
    assert before.checked_in
    assert before.full_name in (await lane.undo.preview()).who
    assert (await lane.undo.last()).done
    assert not before.checked_in


async def test_a_check_in_made_since_an_undo_of_unknown_outcome_is_the_one_undone(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    other, ticket = [
        each for each in sandbox.examples()["party"].order.tickets if not each.checked_in
    ][:2]
    await lane.scan(ticket.uuid)
    await sent(lane, clock)
    await not_known(sandbox, lane, clock, ticket)
    assert (await lane.scan(other.uuid)).verdict.word == "ADMITTED"
    await sent(lane, clock)
    assert other.full_name in (await lane.undo.preview()).who
    undone = await lane.undo.last()
    assert undone.done
    assert other.full_name in undone.sentence


async def test_after_its_time_it_is_too_late_whatever_the_clock_says(
    lane: Lane, clock: FakeClock, ticket: Ticket
) -> None:
    await clock.pass_idly(16)
    for back, why in ((0, "15 minutes"), (2, "clock"), (30, "clock")):
        by = timedelta(hours=-back)
        clock.jump(by)
        undone = await lane.undo.last()
        assert (await lane.undo.preview()).refused == undone
        assert not undone.done
        assert why in undone.sentence, by
        assert ticket.checked_in
        clock.jump(-by)


@pytest.mark.usefixtures("ticket")
async def test_a_small_step_back_of_the_clock_hinders_nothing(lane: Lane, clock: FakeClock) -> None:
    clock.jump(timedelta(seconds=-50))
    assert (await lane.undo.last()).done


async def test_a_scan_while_an_undo_is_under_way_is_already_in(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, ticket: Ticket
) -> None:
    sandbox.faults.set("latency-after=1", method="PATCH", times=1)
    undoing = asyncio.create_task(lane.undo.last())
    await until(lambda: not ticket.checked_in)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN
    await passes(clock, undoing.done, "the answer to the undo")
    assert (await undoing).done
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


# Another door's check-in


async def test_a_dismissed_conflict_is_not_undone(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await goes_offline(sandbox, lane, clock)
    await lane.scan(ticket.uuid)
    sandbox.state.check_in(ticket)
    await sandbox.start()
    await passes(clock, lambda: lane.status.counts.conflicts == 1, "a conflict")
    (conflict,) = (await lane.queue.view()).conflicts
    assert await lane.queue.dismiss(conflict.id, "the same person twice")
    undone = await lane.undo.last()
    assert not undone.done
    assert "another door" in undone.sentence
    assert ticket.checked_in


@pytest.mark.parametrize("dismissed", [True, False])
async def test_a_refused_check_in_is_undone_unless_another_door_made_one(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, dismissed: bool
) -> None:
    ticket = sandbox.examples()["plain"]
    sandbox.faults.set("400", method="PATCH", times=1)
    await lane.scan(ticket.uuid)
    await passes(clock, lambda: lane.status.counts.failed == 1, "a refusal")
    if dismissed:
        (failed,) = (await lane.queue.view()).failed
        assert await lane.queue.dismiss(failed.id, "told the organiser")
    sandbox.state.check_in(ticket)
    assert not (await lane.undo.last()).done
    assert ticket.checked_in
    sandbox.state.check_in(ticket, False)
    assert (await lane.undo.last()).done
    assert not (await lane.queue.view()).failed


# What the list says of it


async def test_only_what_is_still_to_be_sent_is_marked_as_waiting(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]

    def mark() -> LocalStatus:
        row = lane.roster.get(ticket.uuid)
        assert row is not None
        return row.status

    sandbox.faults.set("400", method="PATCH")
    await goes_offline(sandbox, lane, clock)
    await lane.scan(ticket.uuid)
    await until(lambda: mark().waiting)
    await sandbox.start()
    await passes(clock, lambda: mark().attention, "a refusal")
    assert not mark().waiting
    (failed,) = (await lane.queue.view()).failed
    await lane.queue.dismiss(failed.id, "told the organiser")
    assert mark().admitted_at is not None
    assert (mark().waiting, mark().attention) == (False, "")
    sandbox.faults.clear()
    assert (await lane.undo.last()).done
