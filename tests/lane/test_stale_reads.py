"""Reads that lag behind our own writes: a cache, a slow replica, a list of before.

CONTRIBUTING.md, promise 3.
"""

import re

import pytest

from boxoffice.domain.admission_rules import MAY_BE_OLD
from boxoffice.domain.models import KEPT_SAYING, LAG
from boxoffice.domain.roster import Filter
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects

CACHE = "stale=60"
SINGLE = "tickets/*/"
PAST_LAG = LAG.total_seconds() + 1


def guests(sandbox: Sandbox, count: int) -> list[Ticket]:
    """So many who may come in."""
    event = sandbox.state.tonight
    found = [ticket for ticket in event.tickets if sandbox.state.may_enter(ticket)]
    assert len(found) >= count
    return found[:count]


async def admitted(lane: Lane, clock: FakeClock, ticket: Ticket) -> Scan:
    """Let the holder in, and wait until the site has confirmed it."""
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ADMITTED
    await sent(lane, clock)
    assert ticket.checked_in
    return scan


def marked(lane: Lane, ticket: Ticket) -> str:
    """What the list says about it that a person must look at."""
    row = lane.roster.get(ticket.uuid)
    assert row is not None
    return row.status.attention


async def taken_back(sandbox: Sandbox, lane: Lane, clock: FakeClock, ticket: Ticket) -> None:
    """Let in here, taken back at the site when no lag explains it, and seen so by the list."""
    await admitted(lane, clock, ticket)
    await clock.advance(PAST_LAG)
    sandbox.state.check_in(ticket, checked_in=False)
    await passes(clock, lambda: marked(lane, ticket), "its mark")


# A cache before single tickets


@both_dialects
@pytest.mark.parametrize("also_the_list", [True, False])
async def test_one_green_then_already_in(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, also_the_list: bool
) -> None:
    count = 8
    sandbox.faults.set(CACHE, path=SINGLE)
    if also_the_list:
        sandbox.faults.set(CACHE, path="events/*/tickets/")
    tickets = guests(sandbox, count)
    for ticket in tickets:
        assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"
    await sent(lane, clock)
    assert all(ticket.checked_in for ticket in tickets)
    again = [await lane.scan(ticket.uuid) for ticket in tickets]
    assert [scan.verdict.code for scan in again] == [VerdictCode.ALREADY_IN] * count
    assert all(re.fullmatch(r"Checked in here \d+ s ago", scan.verdict.reason) for scan in again)
    assert not any(scan.verdict.can_override for scan in again)
    assert sandbox.log.count("PATCH") == count


async def test_one_ticket_scanned_again_and_again(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    sandbox.faults.set(CACHE, path=SINGLE)
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    for _ in range(40):
        scan = await lane.scan(ticket.uuid)
        assert scan.verdict.code is VerdictCode.ALREADY_IN
        assert scan.verdict.reason.startswith("Checked in here ")
        assert not scan.verdict.can_override
        await clock.advance(9)
    assert not marked(lane, ticket)


async def test_a_ticket_handed_back_over_the_rope(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await lane.scan(ticket.uuid)
    for wait, said in [(4.5, "4 s ago"), (115, "119 s ago"), (1, "at 18:30 by Anna")]:
        await clock.advance(wait)
        assert (await lane.scan(ticket.uuid)).verdict.reason == f"Checked in here {said}"


async def test_a_site_that_says_it_is_out_just_after_our_write_lags(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """However often it is asked, and whoever asks: scans, lists, the ticket's details."""
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    sandbox.state.check_in(ticket, checked_in=False)
    for _ in range(int(LAG.total_seconds()) // 10 - 1):
        await clock.advance(10)
        await lane.details.refresh(ticket.uuid)
        await lane.parties.refresh(ticket.uuid)
        scan = await lane.scan(ticket.uuid)
        assert scan.verdict.code is VerdictCode.ALREADY_IN
        assert not scan.verdict.can_override
    assert not marked(lane, ticket)


async def test_offline_after_a_read_that_lagged(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    sandbox.faults.set(CACHE, path=SINGLE)
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    await lane.scan(ticket.uuid)
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


async def test_after_a_restart(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    sandbox.faults.set(CACHE)
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    await lane.stop()
    again = await open_lane()
    await listed(again)
    assert (await again.scan(ticket.uuid)).verdict.code is VerdictCode.ALREADY_IN


# Taken back at the site


@both_dialects
async def test_what_the_site_took_back_a_person_lets_in_again(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    assert marked(lane, ticket) == "the site says that it was taken back since"
    assert ticket.uuid in lane.roster.rows(Filter.ATTENTION)
    assert ticket.uuid in lane.roster.rows(Filter.IN)
    scan = await lane.scan(ticket.uuid)
    reason = "Checked in here at 18:30; the site says that it was taken back since"
    assert (scan.verdict.code, scan.verdict.reason) == (VerdictCode.ALREADY_IN, reason)
    assert scan.verdict.can_override
    writes = sandbox.log.count("PATCH")
    again = await lane.override(scan, "came back with a wristband")
    assert again.verdict.word == "ADMITTED"
    assert again.verdict.reason == "Valid; already in overridden"
    await sent(lane, clock)
    assert ticket.checked_in
    assert sandbox.log.count("PATCH") == writes + 1
    await passes(clock, lambda: not marked(lane, ticket), "an end of its mark")
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert "taken back" not in scan.verdict.reason
    assert not scan.verdict.can_override
    assert (await lane.undo.last()).done
    assert not ticket.checked_in


async def test_an_override_lets_in_once(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    """Taken back once more, it needs another word of a person, whatever way it is admitted."""
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    again = await lane.override(await lane.scan(ticket.uuid), "came back")
    assert again.verdict.code is VerdictCode.ADMITTED
    await sent(lane, clock)
    await clock.advance(PAST_LAG)
    sandbox.state.check_in(ticket, checked_in=False)
    await passes(clock, lambda: marked(lane, ticket), "its mark")
    for scan in (await lane.answer(ticket.uuid, [], admit=True), await lane.admit(ticket.uuid)):
        assert scan is not None
        assert scan.verdict.code is VerdictCode.ALREADY_IN
        assert scan.verdict.can_override


async def test_a_scan_alone_finds_that_the_site_took_it_back(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """The holder stands at the door while the organiser takes it back: nobody waits for lists."""
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    await clock.advance(PAST_LAG)
    await lane.refresh()  # no list is under way
    reads = sandbox.log.count("GET", SINGLE)
    sandbox.state.check_in(ticket, checked_in=False)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.can_override
    assert scan.verdict.reason.endswith("the site says that it was taken back since")
    assert sandbox.log.count("GET", SINGLE) >= reads + KEPT_SAYING  # the list may ask too


async def test_one_read_alone_is_not_believed(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await admitted(lane, clock, ticket)
    await clock.advance(PAST_LAG)
    sandbox.state.check_in(ticket, checked_in=False)
    await lane.parties.order_of(ticket.uuid)
    assert not marked(lane, ticket)
    sandbox.state.check_in(ticket)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.code is VerdictCode.ALREADY_IN
    assert not scan.verdict.can_override


async def test_without_an_override_it_stays_in_whoever_asks(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    south = await open_lane(name="South")
    await listed(south)
    await passes(clock, lambda: marked(south, ticket), "its mark at the other lane")
    await goes_offline(sandbox, lane, clock)
    for each in (lane, south, lane):
        for scan in (await each.scan(ticket.uuid), await each.admit(ticket.uuid)):
            assert scan.verdict.code is VerdictCode.ALREADY_IN
            assert scan.verdict.can_override


async def test_two_lanes_that_override_at_once_let_in_once(
    sandbox: Sandbox, lane: Lane, open_lane: OpenLane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    south = await open_lane(name="South")
    await listed(south)
    here, there = await lane.scan(ticket.uuid), await south.scan(ticket.uuid)
    assert (await lane.override(here, "back again")).verdict.code is VerdictCode.ADMITTED
    late = await south.override(there, "back again")
    assert late.verdict.code is VerdictCode.ALREADY_IN
    assert not late.verdict.can_override


async def test_an_override_after_another_door_let_in_meanwhile_stays_already_in(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.can_override
    sandbox.state.check_in(ticket)
    late = await lane.override(scan, "back again")
    assert late.verdict.code is VerdictCode.ALREADY_IN
    assert not late.verdict.can_override
    undone = await lane.undo.last()
    assert not undone.done, "that check-in may be another door's"
    assert "another door" in undone.sentence
    assert ticket.checked_in


async def test_an_undo_of_what_the_site_took_back_tells_the_site_nothing(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    (ticket,) = guests(sandbox, 1)
    await taken_back(sandbox, lane, clock, ticket)
    writes = sandbox.log.count("PATCH")
    assert (await lane.undo.last()).done
    assert sandbox.log.count("PATCH") == writes
    assert (await lane.scan(ticket.uuid)).verdict.word == "ADMITTED"


# Another door's check-in


async def test_a_cache_does_not_hide_what_the_list_has_seen(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """No green while the read may be the older one; it counts once no lag explains it."""
    (ticket,) = guests(sandbox, 1)
    sandbox.state.check_in(ticket)
    before = lane.status.checked_in
    await passes(clock, lambda: lane.status.checked_in > before, "the other door's check-in")
    sandbox.faults.set("stale=600", path="events/*/tickets/")
    await lane.refresh()
    sandbox.state.check_in(ticket, checked_in=False)  # as a cached answer has it
    for _ in range(3):
        scan = await lane.scan(ticket.uuid)
        assert scan.verdict.code is VerdictCode.ALREADY_IN
        assert scan.verdict.reason.endswith(MAY_BE_OLD)
        assert scan.verdict.can_override
        await clock.advance(3)
    await clock.advance(PAST_LAG)
    await lane.refresh()  # or the list that is due by now comes after the read
    scan = await lane.scan(ticket.uuid)
    assert scan.verdict.word == "ADMITTED", scan.verdict.reason
