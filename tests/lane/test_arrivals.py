"""Arrivals of a lane: ours by the journal, other doors' by the looks at the list between."""

from datetime import timedelta

from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.support import EVENING, FakeClock, both_dialects


@both_dialects
async def test_ours_and_others(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    event = sandbox.state.tonight
    valid = [ticket for ticket in event.tickets if not ticket.refunded]
    before = sum(ticket.checked_in for ticket in valid)
    people = [ticket for ticket in valid if sandbox.state.may_enter(ticket)]
    await lane.stop()  # the list is read by hand from here on
    assert await lane.refresh()
    await lane.admit(people[0].uuid)
    await clock.advance(60)
    await lane.admit(people[1].uuid)
    for ticket in people[-4:]:
        sandbox.state.check_in(ticket)
    await clock.advance(60)
    assert await lane.refresh()
    arrivals = await lane.arrivals()
    assert (arrivals.ours, arrivals.others) == (2, before + 4)
    assert arrivals.others_unplaced == before
    assert arrivals.inside == before + 6
    assert arrivals.expected == len(valid)
    assert {each.title: each.expected for each in arrivals.by_type} == {
        kind.title: sum(ticket.ticket_type is kind for ticket in valid)
        for kind in event.ticket_types
    }
    assert arrivals.start == EVENING
    assert [(minute.ours, minute.others) for minute in arrivals.minutes] == [(1, 2), (1, 2), (0, 0)]
    assert arrivals.rate == 6 / 5
    assert arrivals.at.utcoffset() == timedelta(hours=2)


async def test_an_undo_takes_it_back(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    await lane.admit(sandbox.examples()["plain"].uuid)
    await sent(lane, clock)
    inside = (await lane.arrivals()).inside
    assert (await lane.undo.last()).done
    arrivals = await lane.arrivals()
    assert (arrivals.ours, arrivals.inside, arrivals.minutes) == (0, inside - 1, ())


async def test_refunded_tickets_are_left_out(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    await lane.admit(ticket.uuid)
    await sent(lane, clock)
    before = await lane.arrivals()
    sandbox.state.refund_ticket(ticket)
    await lane.refresh()
    arrivals = await lane.arrivals()
    assert (arrivals.inside, arrivals.expected) == (before.inside - 1, before.expected - 1)
    assert arrivals.inside == lane.status.checked_in


async def test_offline_and_for_a_lane_without_a_list_in_memory(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    await lane.admit(sandbox.examples()["plain"].uuid)
    again = await open_lane(name="South")
    await listed(again)
    assert (await lane.arrivals()).by_type == (await again.arrivals()).by_type
    assert (await again.arrivals()).ours == 1
