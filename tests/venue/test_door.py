"""A door at work: it joins, takes and loses tickets, says that it is alone, and comes back."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from boxoffice.clock import Clock, SystemClock
from boxoffice.domain.venue import FIRST, UNKNOWN, Attempt, HubState, Message, Outcome, Sent, Taken
from boxoffice.venue import connection, presence, protocol
from boxoffice.venue.door import Door
from boxoffice.venue.engine import Engine
from boxoffice.venue.feed import BATCH
from boxoffice.venue.hub import Hub
from boxoffice.venue.membership import Membership
from boxoffice.venue.supervisor import LOST
from tests.support import FakeClock, until
from tests.venue.doors import AT, EVENT, Cable, author, membership, open_stream, recorded, ticket
from tests.venue.engines import free_port, hashes


class Lane:
    """Takes up what happens, as the lane's store does."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, int], list[Message]] = {}
        self.batches: list[int] = []
        self.record = ("", 0)
        self.fails = 0
        """So many batches are not taken up."""

    async def after(self, record: str, epoch: int) -> int:
        self.record = (record, epoch)
        held = self.messages.setdefault(self.record, [])
        return held[-1].number if held else 0

    async def apply(self, record: str, epoch: int, messages: Sequence[Message]) -> None:
        if messages and self.fails:
            self.fails -= 1
            raise OSError("the disk is full")
        self.batches.append(len(messages))
        self.messages[record, epoch] += messages

    @property
    def tickets(self) -> list[str]:
        """Those of the record of now, in the order of their messages."""
        return [message.ticket for message in self.messages.get(self.record, ())]


def follow(door: Door) -> Lane:
    lane = Lane()
    door.follow(EVENT, lane.after, lane.apply)
    return lane


@asynccontextmanager
async def joining(
    member: Membership, number: int = 0, clock: Clock | None = None, **options: Any
) -> AsyncIterator[Door]:
    device, lane = author(number)
    async with Door(
        member, device=device, lane=lane, clock=clock or SystemClock(), **options
    ) as door:
        yield door


async def joined(door: Door) -> None:
    await until(lambda: door.status.state is HubState.JOINED, "joined")


def turn_of(door: Door, turn: int) -> Attempt:
    """Asked for by that door."""
    return Attempt(EVENT, ticket(1), 0, door.device, "Lane", AT, turn)


async def known(ask: Callable[[], Awaitable[Taken]]) -> Taken:
    """What comes of it at last: a slow machine may need longer than a scan has."""
    taken: list[Taken] = []

    async def asked() -> bool:
        taken.append(await ask())
        return taken[-1] != UNKNOWN

    await until(asked)
    return taken[-1]


async def test_the_doors_of_a_hub_see_each_other_and_one_wins(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        one, two = await hub.admit("North"), await hub.admit("South")
        async with joining(one, 1) as north, joining(two, 2) as south:
            lanes = follow(north), follow(south)
            for door in (north, south):
                await until(lambda door=door: door.status.words(AT) == "◆ 2 doors")
            assert [door.lane for door in await north.doors(EVENT)] == ["Lane 1", "Lane 2"]
            won = await known(lambda: north.take(EVENT, ticket(1), 0))
            assert won.outcome is Outcome.WON
            lost = await known(lambda: south.take(EVENT, ticket(1), 0))
            assert lost == Taken(Outcome.LOST, won.claim, won.record)
            assert await known(lambda: north.release(EVENT, ticket(1), 0)) != UNKNOWN
            for _ in range(2):
                await until(lambda: south.put(Sent(EVENT, ticket(1), 0, south.device, AT)))
            await until(lambda: all(lane.tickets == [ticket(1)] * 3 for lane in lanes))
            assert lanes[0].messages == lanes[1].messages


async def test_a_door_claims_while_the_hubs_own_program_says_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    """The engine answers: a copy of the hub's files, which a spare asks for, may come later."""
    await open_stream(engine)
    asked = await engine.client.subscribe(protocol.copy_request_subject("*"))
    await engine.client.flush()
    async with joining(membership(engine), data=tmp_path) as door:
        lane = follow(door)
        await joined(door)
        await known(lambda: door.take(EVENT, ticket(1), 0))
        await until(lambda: lane.tickets == [ticket(1)])
        await asked.next_msg(60)


async def test_claims_go_on_while_another_event_is_being_opened(engine: Engine) -> None:
    await open_stream(engine)
    asked = await engine.client.subscribe(f"{protocol.OPEN}.{'f' * 32}")
    await engine.client.flush()
    async with joining(membership(engine)) as door:
        follow(door)
        await joined(door)
        opening = asyncio.create_task(door.last("f" * 32, "bo.any"))
        await asked.next_msg(60)  # and it is not answered
        won = await known(lambda: door.take(EVENT, ticket(1), 0))
        assert won.outcome is Outcome.WON
        opening.cancel()


async def test_a_door_is_alone_while_the_hub_is_away_and_goes_on_where_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_stream(engine)
    async with (
        Cable(engine.port) as cable,
        joining(membership(engine, 0, cable.address)) as door,
        recorded(engine, 1) as hub,
    ):
        lane = follow(door)
        await joined(door)
        await known(lambda: door.take(EVENT, ticket(1), 0))
        await until(lambda: lane.tickets == [ticket(1)])
        monkeypatch.setattr(connection, "SLICES", 1)
        cable.hold()
        await until(lambda: door.status.state is HubState.ALONE)
        monkeypatch.setattr(connection, "SLICES", 240)
        assert door.status.sentence == LOST
        assert await door.take(EVENT, ticket(2), 0) == UNKNOWN
        await hub.take(ticket(2), 0, author(1), AT)
        cable.restore()
        await joined(door)
        await until(lambda: lane.tickets == [ticket(1), ticket(2)])
        assert (await known(lambda: door.take(EVENT, ticket(2), 0))).outcome is Outcome.LOST


async def test_a_scan_does_not_wait_for_a_hub_that_says_nothing(engine: Engine) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable:
        cable.hold()
        async with joining(membership(engine, 0, cable.address)) as door:
            assert await door.take(EVENT, ticket(1), 0) == UNKNOWN
            assert not await door.wait_joined(0.01)
            cable.restore()
            won = await known(lambda: door.take(EVENT, ticket(1), 0))
            assert won.outcome is Outcome.WON


async def test_what_a_lane_cannot_take_up_is_brought_again(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door, recorded(engine, 1) as hub:
        lane = Lane()
        lane.fails = 1
        await hub.take(ticket(1), 0, author(1), AT)
        door.follow(EVENT, lane.after, lane.apply)
        await until(lambda: lane.tickets == [ticket(1)])
        assert "the disk is full" in caplog.text


async def test_what_is_none_of_ours_is_passed_over(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door, recorded(engine, 1) as hub:
        await hub.add(f"bo.claim.{EVENT}.{ticket(1)}.0", b"[]")
        await hub.take(ticket(2), 0, author(1), AT)
        lane = follow(door)
        await until(lambda: lane.tickets == [ticket(2)])


async def test_a_feed_comes_in_batches_between_which_the_lane_is_free(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door, recorded(engine, 1) as hub:
        for first in range(0, 4 * BATCH, 50):
            claims = (hub.take(ticket(first + n), 0, author(1), AT) for n in range(50))
            await asyncio.gather(*claims)
        lane, turns = Lane(), 0
        taken_up: list[int] = []

        async def apply(record: str, epoch: int, messages: Sequence[Message]) -> None:
            taken_up.append(turns)
            await lane.apply(record, epoch, messages)

        door.follow(EVENT, lane.after, apply)

        def has_all() -> bool:
            nonlocal turns
            turns += 1
            return 0 in lane.batches

        await until(has_all, every=0)
        assert max(lane.batches) <= BATCH
        assert 0 in lane.batches
        assert len(set(taken_up)) == len(taken_up)
        numbers = [message.number for message in lane.messages[lane.record]]
        assert numbers == list(range(1, 4 * BATCH + 1))


async def test_a_lane_that_has_left_takes_nothing_up(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door, recorded(engine, 1) as hub:
        left, stays = Lane(), Lane()
        leave = door.follow(EVENT, left.after, left.apply)
        door.follow(EVENT, stays.after, stays.apply)
        await joined(door)
        leave()
        await hub.take(ticket(1), 0, author(1), AT)
        await until(lambda: stays.tickets == [ticket(1)])
        assert left.tickets == []


async def test_two_computers_with_one_name_say_so(engine: Engine) -> None:
    await open_stream(engine)
    one, two = membership(engine, 1), membership(engine, 2)
    async with (
        joining(one, 1) as north,
        Door(two, device=author(2).device, lane="LANE 1", clock=SystemClock()) as south,
    ):
        for door in (north, south):
            follow(door)
        for door, name in ((north, "Lane 1"), (south, "LANE 1")):
            sentence = f"Another computer is called {name}: choose another lane."
            await until(lambda door=door, sentence=sentence: door.status.sentence == sentence)


async def test_computers_with_copies_of_one_folder_claim_nothing_and_say_why(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_stream(engine)
    computers = itertools.cycle(("ours", "the copy"))
    monkeypatch.setattr(presence, "_this_computer", lambda: next(computers))
    async with joining(membership(engine, 1), 1) as one, joining(membership(engine, 1), 1) as two:
        for door in (one, two):
            follow(door)
        for door in (one, two):
            await until(lambda door=door: "a copy of this data folder" in door.status.sentence)
            assert await door.take(EVENT, ticket(1), FIRST) == UNKNOWN


async def test_two_processes_of_one_folder_are_no_copies(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine, 1), 1) as one, joining(membership(engine, 1), 1) as two:
        for door in (one, two):
            follow(door)
            await joined(door)
        taken = await known(lambda: one.take(EVENT, ticket(1), FIRST))
        assert taken.outcome is Outcome.WON
        assert (await known(lambda: two.take(EVENT, ticket(1), FIRST))).outcome is Outcome.WON
        assert not one.status.sentence


async def test_a_clock_that_is_off_the_hubs_is_named(engine: Engine) -> None:
    await open_stream(engine)
    off = FakeClock(SystemClock().now() - timedelta(hours=26, minutes=5))
    async with joining(membership(engine), clock=off) as door:
        follow(door)
        await until(lambda: door.status.sentence)
        assert door.status.sentence == "This computer's clock is 26 h off the hub's."
        off.jump(timedelta(hours=26, minutes=5))
        await until(lambda: not door.status.sentence)


async def test_what_a_door_says_reaches_the_others(engine: Engine) -> None:
    await open_stream(engine)
    async with (
        joining(membership(engine, 1), 1) as north,
        joining(membership(engine, 2), 2) as south,
    ):
        came: list[tuple[str, dict[str, Any]]] = []
        unwatch = south.watch_broadcasts(EVENT, "scan", lambda *said: came.append(said))
        north.show(EVENT, waiting=3)

        async def sees_three() -> bool:
            return [door.waiting for door in await south.doors(EVENT)] == [3, 0]

        await until(sees_three)
        north.broadcast(EVENT, "other", {"ticket": ticket(0)})
        north.broadcast(EVENT, "scan", {"ticket": ticket(1)})
        await until(lambda: came)
        assert came == [(author(1).device, {"ticket": ticket(1)})]
        unwatch()


async def test_a_message_of_a_till_is_stored_once(engine: Engine) -> None:
    await open_stream(engine)
    subject = f"bo.seats.{EVENT}.{ticket(0)}.1"
    async with (
        joining(membership(engine, 1), 1) as north,
        joining(membership(engine, 2), 2) as south,
    ):
        for door in (north, south):
            await joined(door)
        assert await north.last(EVENT, subject) is None
        assert await north.store(EVENT, subject, b"north")
        assert await north.store(EVENT, subject, b"north")
        assert not await south.store(EVENT, subject, b"south")
        stored = await south.last(EVENT, f"bo.seats.{EVENT}.{ticket(0)}.*")
        assert stored is not None
        assert (stored.subject, stored.body) == (subject, b"north")


async def test_one_door_has_a_turn_at_a_posted_check_in(engine: Engine) -> None:
    await open_stream(engine)
    async with AsyncExitStack() as stack:
        members = [membership(engine, number) for number in range(6)]
        doors = [
            await stack.enter_async_context(joining(member, number))
            for number, member in enumerate(members)
        ]
        for turn in range(3):
            asked = [turn_of(door, turn) for door in doors]
            stand = await asyncio.gather(*map(Door.attempt, doors, asked))
            stands = [one._replace(number=0) for one in stand if one is not None]
            assert stands == stands[:1] * len(doors)
            assert stands[0] in asked


async def test_a_turn_whose_answer_was_lost_is_ours_when_it_is_asked_for_again(
    engine: Engine,
) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable, joining(membership(engine, 0, cable.address)) as door:
        await joined(door)
        assert await door.attempt(turn_of(door, 0)) is not None  # the event is open
        ours = turn_of(door, 1)
        cable.lose_answers()
        assert await door.attempt(ours) is None
        cable.restore()

        async def is_ours() -> bool:
            return await door.attempt(ours) == ours

        await until(is_ours, "the turn, after all")
        async with joining(membership(engine, 1), 1) as other:
            stands = await other.attempt(turn_of(other, 1))
            assert stands is not None
            assert stands._replace(number=0) == ours


async def test_watchers_are_called_until_they_leave(engine: Engine) -> None:
    async with joining(membership(engine)) as door:
        await joined(door)
        seen: list[HubState] = []
        unwatch = door.watch(lambda: seen.append(door.status.state))
        await engine.stop()
        await until(lambda: HubState.ALONE in seen)
        unwatch()
        seen.clear()
        await engine.start(hashes())
        await joined(door)
        assert seen == []


async def test_it_is_left_while_the_hub_says_nothing(engine: Engine) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable:
        async with joining(membership(engine, 0, cable.address)) as door:
            follow(door)
            await joined(door)
            cable.hold()
        assert await door.take(EVENT, ticket(1), 0) == UNKNOWN
