"""Parties: who is on one order, learnt without the list of orders; in together, out together."""

import asyncio
from datetime import timedelta

import pytest

from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.ticket_details import MORE, MOST_ASKED, UNKNOWN_HERE
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order, Ticket
from boxoffice.sandbox.shapes_orders import Shapes
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects, until

ADMITTED = VerdictCode.ADMITTED


@pytest.fixture
def order(sandbox: Sandbox) -> Order:
    """That of the five Nguyễns, none of whom is in."""
    order = sandbox.examples()["party"].order
    assert len(order.tickets) == 5
    for ticket in order.tickets:
        sandbox.state.check_in(ticket, False)
    return order


@pytest.fixture
async def lane(order: Order, open_lane: OpenLane) -> Lane:
    lane = await open_lane()
    await listed(lane)
    return lane


def uuids(order: Order) -> set[str]:
    return {ticket.uuid for ticket in order.tickets}


async def members(lane: Lane, ticket: str) -> set[str]:
    party = await lane.parties.of(ticket)
    return {row.ticket.uuid for row in party.tickets}


async def learnt(lane: Lane, ticket: str) -> set[str]:
    party = await lane.parties.refresh(ticket)
    return {row.ticket.uuid for row in party.tickets}


# Who they are


@both_dialects
async def test_at_once_they_are_there(order: Order, lane: Lane, dialect: str) -> None:
    party = await lane.parties.of(order.tickets[2].uuid)
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)
    assert party.guess is (dialect == "live")
    assert party.complete is (dialect == "docs")
    assert party.wanted == ({order.tickets[2].uuid} if party.guess else uuids(order))


@both_dialects
async def test_the_server_tells_who_they_are(order: Order, sandbox: Sandbox, lane: Lane) -> None:
    party = await lane.parties.refresh(order.tickets[2].uuid)
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)
    assert (party.guess, party.complete, party.sentence) == (False, True, "")
    assert party.order is not None
    assert party.order.order_id == order.order_id
    assert sandbox.log.count("GET", "events/*/orders/") == 0


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("dialect", ["live"])
async def test_they_are_found_by_their_numbers_when_each_has_an_address(
    order: Order, sandbox: Sandbox, open_lane: OpenLane
) -> None:
    for number, ticket in enumerate(order.tickets):
        ticket.email, ticket.full_name = f"guest-{number}@example.net", f"Guest {number} N{number}"
        sandbox.state.touch(ticket)
    lane = await open_lane()
    await listed(lane)
    middle = order.tickets[2].uuid
    assert await members(lane, middle) == {middle}
    assert await learnt(lane, middle) == uuids(order)
    party = await lane.parties.of(middle)
    assert not party.guess


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("dialect", ["live"])
async def test_a_far_number_is_found_by_the_surname(
    order: Order, sandbox: Sandbox, open_lane: OpenLane
) -> None:
    far = order.tickets[-1]
    far.email, far.number = "far@example.net", far.number + 5_000
    sandbox.state.touch(far)
    lane = await open_lane()
    await listed(lane)
    assert await learnt(lane, order.tickets[0].uuid) == uuids(order)


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("dialect", ["live"])
async def test_the_same_address_on_another_order_is_a_guess_until_the_server_tells(
    order: Order, sandbox: Sandbox, open_lane: OpenLane
) -> None:
    other = sandbox.examples()["plain"]
    other.email = order.tickets[0].email
    sandbox.state.touch(other)
    lane = await open_lane()
    await listed(lane)
    first = order.tickets[0].uuid
    assert await members(lane, first) == {*uuids(order), other.uuid}
    assert await learnt(lane, first) == uuids(order)
    assert await members(lane, first) == uuids(order)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders that do not name those who are on them, at a site that lists no orders either."""
    monkeypatch.setattr(Shapes, "party", lambda _, __: [])


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("dialect", ["live"])
@pytest.mark.parametrize("ticket_count", [400])
async def test_an_address_of_hundreds_is_bounded_and_nobody_of_the_guess_is_ticked(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    event = sandbox.state.tonight
    context = [ticket for ticket in event.tickets if not ticket.refunded][:120]
    for ticket in context:
        ticket.email = "kasse@example.com"
        sandbox.state.touch(ticket)
    one = next(ticket for ticket in context if not ticket.checked_in)
    lane = await open_lane()
    await listed(lane)
    party = await lane.parties.of(one.uuid)
    assert len(party.tickets) == 120
    assert party.wanted == {one.uuid}
    before = sandbox.log.count("GET", "tickets/*/")
    party = await lane.parties.refresh(one.uuid)
    assert sandbox.log.count("GET", "tickets/*/") - before <= MOST_ASKED + 1
    assert party.sentence == MORE
    assert not party.complete


@pytest.mark.parametrize("dialect", ["live"])
async def test_an_order_that_names_its_tickets_is_believed_and_nobody_else_is_asked(
    order: Order, sandbox: Sandbox, open_lane: OpenLane
) -> None:
    stranger = sandbox.examples()["plain"]
    stranger.email = order.tickets[0].email
    for number, ticket in enumerate(order.tickets[1:]):
        ticket.email, ticket.full_name = f"g{number}@example.net", f"Guest {number} N{number}"
        ticket.number += 1000 * number
        sandbox.state.touch(ticket)
    sandbox.state.touch(stranger)
    lane = await open_lane()
    await listed(lane)
    before = sandbox.log.count("GET", "tickets/*/")
    party = await lane.parties.refresh(order.tickets[0].uuid)
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)
    assert (party.guess, party.complete, party.sentence) == (False, True, "")
    assert sandbox.log.count("GET", "tickets/*/") - before == 1
    assert await members(lane, order.tickets[3].uuid) == uuids(order)


async def test_offline_it_says_what_is_known(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    party = await lane.parties.refresh(order.tickets[0].uuid)
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)
    assert "cannot be asked" in party.sentence


@both_dialects
async def test_what_was_learnt_stays(
    order: Order, sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane()
    await listed(lane)
    await lane.parties.refresh(order.tickets[0].uuid)
    again = await open_lane(name="South")
    await goes_offline(sandbox, again, clock)
    party = await again.parties.of(order.tickets[4].uuid)
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)
    assert not party.guess


@pytest.mark.parametrize("ticket_count", [400])
@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("dialect", ["live"])
async def test_a_slow_server_is_not_asked_for_ever(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    sandbox.faults.set("latency=6", path="tickets/*/")
    learning = asyncio.create_task(lane.parties.refresh(order.tickets[0].uuid))
    await passes(clock, learning.done, "an answer")
    party = await learning
    assert sandbox.log.count("GET", "tickets/*/") <= 1 + 2 * 4
    assert party.sentence


async def test_a_server_that_fails_half_way_leaves_a_sentence(
    order: Order, sandbox: Sandbox, lane: Lane
) -> None:
    sandbox.faults.set("503", path="orders/*/")
    party = await lane.parties.refresh(order.tickets[0].uuid)
    assert party.sentence
    assert {row.ticket.uuid for row in party.tickets} == uuids(order)


async def test_a_ticket_that_is_not_known_here(lane: Lane) -> None:
    party = await lane.parties.of("0" * 32)
    assert (party.tickets, party.sentence) == ((), UNKNOWN_HERE)
    assert (await lane.parties.refresh("0" * 32)).sentence


# In together


async def in_together(lane: Lane, order: Order) -> None:
    scans = await lane.admit_party([ticket.uuid for ticket in order.tickets])
    assert [scan.verdict.code for scan in scans] == [ADMITTED] * len(order.tickets)


@both_dialects
async def test_a_family_is_in_together_and_out_together(
    order: Order, lane: Lane, clock: FakeClock
) -> None:
    await in_together(lane, order)
    await sent(lane, clock)
    assert all(ticket.checked_in for ticket in order.tickets)
    assert (await lane.undo.preview()).who == f"{order.tickets[-1].full_name} and 4 others"
    undone = await lane.undo.last()
    assert (undone.done, undone.word, undone.who) == (True, "UNDONE", "5 people")
    assert not any(ticket.checked_in for ticket in order.tickets)
    await until(
        lambda: (
            not any((row := lane.roster.get(uuid)) is None or row.is_in for uuid in uuids(order))
        )
    )
    assert (await lane.undo.preview()).who == ""


async def test_each_has_a_verdict_of_its_own(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    examples = sandbox.examples()
    scans = await lane.admit_party(
        [examples[name].uuid for name in ("plain", "already_in", "refunded_ticket", "wrong_event")]
    )
    assert [scan.verdict.code for scan in scans] == [
        ADMITTED,
        VerdictCode.ALREADY_IN,
        VerdictCode.REFUNDED,
        VerdictCode.WRONG_EVENT,
    ]
    assert list(lane.history.recent)[:4] == scans[::-1]
    await sent(lane, clock)  # what is just being sent is not undone
    undone = await lane.undo.last()
    assert (undone.done, undone.who) == (True, examples["plain"].full_name)


async def test_a_ticket_named_twice_is_in_once(sandbox: Sandbox, lane: Lane) -> None:
    plain = sandbox.examples()["plain"].uuid
    first, second = await lane.admit_party([plain, plain])
    assert (first.verdict.code, second.verdict.code) == (ADMITTED, VerdictCode.ALREADY_IN)


async def test_offline_too_and_the_set_is_undone_here(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    await in_together(lane, order)
    await until(lambda: lane.status.counts.unsent == 5)
    undone = await lane.undo.last()
    assert undone.done
    await until(lambda: lane.status.counts.unsent == 0)
    await sandbox.start()
    await clock.advance(30)
    assert sandbox.log.count("PATCH") == 0


async def test_after_a_restart_the_set_is_still_one(
    order: Order, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane()
    await listed(lane)
    await in_together(lane, order)
    await sent(lane, clock)
    await lane.stop()
    again = await open_lane()
    await listed(again)
    assert (await again.undo.last()).done
    assert not any(ticket.checked_in for ticket in order.tickets)


async def test_one_scanned_after_them_is_undone_first_and_alone(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    plain = sandbox.examples()["plain"]
    await lane.scan(plain.uuid)
    await in_together(lane, order)
    await sent(lane, clock)
    other = sandbox.examples()["external"]
    await lane.scan(other.uuid)
    await sent(lane, clock)
    assert (await lane.undo.last()).who == other.full_name
    assert all(ticket.checked_in for ticket in order.tickets)
    assert (await lane.undo.last()).who == "5 people"
    assert plain.checked_in


async def test_two_parties_are_two_sets(order: Order, lane: Lane, clock: FakeClock) -> None:
    first, second = order.tickets[:2], order.tickets[2:]
    await lane.admit_party([ticket.uuid for ticket in first])
    await lane.admit_party([ticket.uuid for ticket in second])
    await sent(lane, clock)
    assert (await lane.undo.last()).who == "3 people"
    assert [ticket.checked_in for ticket in order.tickets] == [True, True, False, False, False]


async def test_what_another_door_did_stays_and_is_named(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    """One of the five came in elsewhere while this lane was offline."""
    await goes_offline(sandbox, lane, clock)
    await in_together(lane, order)
    theirs: Ticket = order.tickets[1]
    sandbox.state.check_in(theirs)
    await sandbox.start()
    await passes(clock, lambda: lane.status.counts.conflicts == 1, "a conflict")
    await sent(lane, clock)
    undone = await lane.undo.last()
    assert (undone.done, undone.word) == (False, "PARTLY UNDONE")
    assert "4 check-ins undone, 1 not" in undone.sentence
    assert theirs.full_name in undone.sentence
    assert [ticket for ticket in order.tickets if ticket.checked_in] == [theirs]


async def test_sent_and_offline_none_of_them_is_undone(
    order: Order, sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    await in_together(lane, order)
    await sent(lane, clock)
    await goes_offline(sandbox, lane, clock)
    undone = await lane.undo.last()
    assert (undone.done, undone.word) == (False, "NOT UNDONE")
    assert "cannot be reached" in undone.sentence
    await sandbox.start()
    await passes(clock, lambda: lane.status.link.value == "online", "online")
    assert (await lane.undo.last()).done


async def test_after_a_quarter_of_an_hour_the_whole_set_stays(
    order: Order, lane: Lane, clock: FakeClock
) -> None:
    await in_together(lane, order)
    await sent(lane, clock)
    clock.jump(timedelta(minutes=16))
    undone = await lane.undo.last()
    assert not undone.done
    assert "15 minutes" in undone.sentence
    assert all(ticket.checked_in for ticket in order.tickets)


@pytest.mark.parametrize("ticket_count", [400])
async def test_a_large_group_lets_a_scan_in_between(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    event = sandbox.state.tonight
    able = [
        ticket.uuid
        for ticket in event.tickets
        if not ticket.checked_in and ticket.ticket_type.title == "Student"
    ][:30]
    scans = await lane.admit_party(able)
    assert len(scans) == len(able) > 8
    await sent(lane, clock)
    assert (await lane.undo.last()).who == f"{len(able)} people"
