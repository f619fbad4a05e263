"""Doors that were cut off: who came in twice is named at both, once, and nobody else is."""

from boxoffice.domain.journal import QueueState
from boxoffice.domain.venue import Clash, Sent
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.store import queue, venue
from tests.lane.conftest import Doors, OpenDoor, join, passes, sent
from tests.lane.venue_support import (
    conflicts,
    has_conflict,
    offline,
    others,
    sent_at,
    stands,
    states,
    until_state,
    waiting,
)
from tests.support import FakeClock, until
from tests.venue.model import ModelHub

ADMITTED, ALREADY_IN = VerdictCode.ADMITTED, VerdictCode.ALREADY_IN


# While the hub is away


async def test_second_persons_are_named_at_both_doors_once_the_hub_is_back(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
) -> None:
    north, _, south, door = doors
    await offline(sandbox, clock, north, south)
    door.cut()
    ticket = sandbox.examples()["plain"].uuid
    assert (await north.scan(ticket)).verdict.claimed
    await clock.advance(120)
    assert (await south.scan(ticket)).verdict.code is ADMITTED
    assert await states(south, ticket) == ["pending"]
    await join(door)
    (at_south,), (at_north,) = await has_conflict(south), await has_conflict(north)
    assert at_south.reason.startswith(
        "North let this ticket in at 18:30, you at 18:32 while the hub was away: possibly two"
    )
    assert at_north.reason.startswith(
        "South let this ticket in at 18:32 while the hub was away, you at 18:30: possibly two"
    )
    assert await waiting(south) == 0
    await sandbox.start()
    await sent(north, clock)
    await sent(south, clock)
    assert sandbox.log.count("PATCH") == 1
    assert len(hub.stored(Clash)) == 1
    door.cut()
    await join(door)
    await clock.advance(5)
    assert len(await conflicts(south)) == len(await conflicts(north)) == 1
    undone = await south.undo.last()
    assert not undone.done
    assert "see the queue" in undone.sentence
    assert not (await north.undo.last()).done
    assert await north.queue.dismiss(at_north.id, "one left")
    assert await north.queue.retry() == 0


async def test_a_second_person_whose_check_in_was_sent_already_is_named_too(
    sandbox: Sandbox,
    doors: Doors,
    clock: FakeClock,
    hub: ModelHub,
) -> None:
    north, _, south, door = doors
    ticket = sandbox.examples()["plain"]
    door.cut()
    await offline(sandbox, clock, north, south)
    assert (await north.scan(ticket.uuid)).verdict.claimed
    assert (await south.scan(ticket.uuid)).verdict.code is ADMITTED
    await sandbox.start()
    await sent(south, clock)
    await sent(north, clock)
    await join(door)
    await has_conflict(south)
    await has_conflict(north)
    await until(lambda: north.status.counts.attention == 1, "North's own count")
    await until(lambda: south.status.counts.attention == 1, "South's own count")
    assert len(hub.stored(Sent)) <= 1


async def test_who_was_let_in_before_a_computer_joined_is_claimed_when_it_does(
    sandbox: Sandbox, open_door: OpenDoor, hub: ModelHub
) -> None:
    north, first = await open_door("North", joined=False)
    ticket = sandbox.examples()["plain"].uuid
    assert (await north.scan(ticket)).verdict.code is ADMITTED
    await join(first)
    await until(lambda: hub.last(north.event.uuid, ticket), "its claim")
    await until_state(north, ticket, "won")
    claim = hub.last(north.event.uuid, ticket)
    assert claim is not None
    assert claim.device == first.device


async def test_a_hub_that_was_emptied_is_told_all_of_it_and_names_nobody(
    sandbox: Sandbox, doors: Doors, hub: ModelHub
) -> None:
    north, first, south, second = doors
    ann, bea = sandbox.examples()["plain"].uuid, others(sandbox, 1)[0]
    assert (await north.scan(ann)).verdict.claimed
    assert (await south.scan(bea)).verdict.claimed
    for door in (first, second):
        door.cut()
    hub.empty()
    hub.epoch += 1
    await join(first)
    assert (await north.scan(bea)).verdict.code is ALREADY_IN  # though this hub does not know yet
    await join(second)
    for uuid, device in ((ann, first.device), (bea, second.device)):
        await until(
            lambda uuid=uuid, device=device: (
                (claim := hub.last(north.event.uuid, uuid))
                and claim.device == device
                and claim.round == 0
            ),
            "claimed again",
        )
    await until_state(north, ann, "won")
    await until_state(south, bea, "won")
    assert await conflicts(north) == await conflicts(south) == []


async def test_a_lost_answer_is_ours_when_the_claim_turns_out_to_have_arrived(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await offline(sandbox, clock, north, south)
    door.loses_answers = True
    scan = await north.scan(ticket)
    assert (scan.verdict.code, scan.verdict.claimed) == (ADMITTED, False)
    assert (await south.scan(ticket)).verdict.code is ALREADY_IN
    door.loses_answers = False
    await passes(clock, lambda: stands(north, ticket, "won"), "won after all")
    assert await conflicts(north) == []


async def test_a_claim_that_arrives_late_and_second_is_a_conflict(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, door, south, _ = doors
    ticket = sandbox.examples()["plain"].uuid
    await offline(sandbox, clock, north, south)
    door.arrives_late = []
    assert not (await north.scan(ticket)).verdict.claimed
    assert (await south.scan(ticket)).verdict.claimed
    late, door.arrives_late = door.arrives_late, None
    for work in late:
        work()
    await clock.advance(3)
    await has_conflict(north)
    await has_conflict(south)


async def test_nothing_of_a_lane_waits_for_a_hub_that_is_away(
    sandbox: Sandbox, doors: Doors
) -> None:
    north, door, _, _ = doors
    door.cut()
    for ticket in others(sandbox, 20):
        await north.scan(ticket)
    await join(door)

    async def settled() -> bool:
        return not await north._journal.read(venue.open_claims, north.event.uuid)

    await until(settled, "all claimed")
    rows = await north._journal.read_all(queue.in_states, [QueueState.CONFLICT])
    assert rows == []


# The site


async def test_what_the_site_has_taken_back_is_out_at_all_doors(
    sandbox: Sandbox,
    doors: Doors,
    hub: ModelHub,
    clock: FakeClock,
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"]
    await north.scan(ticket.uuid)
    await sent(north, clock)
    await passes(clock, lambda: hub.stored(Sent), "that the site has it")
    await until(lambda: sent_at(south, ticket.uuid), "that it is at South")
    assert (await south.scan(ticket.uuid)).verdict.code is ALREADY_IN
    sandbox.state.check_in(ticket, False)
    early = await south.scan(ticket.uuid)
    assert (early.verdict.code, early.verdict.can_override) == (ALREADY_IN, False)
    await clock.advance(240)
    scan = await south.scan(ticket.uuid)
    assert (scan.verdict.code, scan.verdict.claimed) == (ADMITTED, True)
    claim = hub.last(north.event.uuid, ticket.uuid)
    assert claim is not None
    assert (claim.round, claim.lane) == (2, "South")


async def test_a_check_in_of_an_unpaired_door_is_a_conflict_still(
    sandbox: Sandbox, doors: Doors, clock: FakeClock
) -> None:
    north, _, south, _ = doors
    ticket = sandbox.examples()["plain"]
    await offline(sandbox, clock, north, south)
    assert (await north.scan(ticket.uuid)).verdict.claimed
    sandbox.state.check_in(ticket)
    await sandbox.start()
    await sent(north, clock)
    await has_conflict(north)
    assert await conflicts(south) == []
