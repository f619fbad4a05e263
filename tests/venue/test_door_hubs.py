"""Which hub a door goes to: one that took over, one killed and back, never an older one or none."""

import shutil
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from boxoffice.domain.invitation import Address
from boxoffice.domain.venue import UNKNOWN, HubState, Outcome
from boxoffice.venue import MISSING, known_hub, supervisor
from boxoffice.venue import hub as hub_module
from boxoffice.venue import membership as membership_file
from boxoffice.venue.client import read_info
from boxoffice.venue.engine import Engine
from boxoffice.venue.hub import Hub
from boxoffice.venue.membership import Membership
from boxoffice.venue.spares import take_over
from tests.support import FakeClock, until
from tests.venue.computers import Computer
from tests.venue.doors import EVENT, HUB, Cable, membership, open_stream, recorded, ticket
from tests.venue.engines import free_port, hashes, prepare
from tests.venue.test_door import follow, joined, joining, known


async def test_a_spare_takes_over_and_the_doors_claim_there_what_they_have(
    tmp_path: Path, clock: FakeClock
) -> None:
    first, spare = Computer(tmp_path / "First"), Computer(tmp_path / "Spare")
    east = Computer(tmp_path / "East")
    async with AsyncExitStack() as doors:
        async with Hub(first.data, clock, name="Hall", port=first.port) as hub:
            for computer in (spare, east):
                await computer.join(hub)
            for number, computer in enumerate((spare, east)):
                door = await doors.enter_async_context(
                    joining(
                        computer.membership,
                        number,
                        remember=partial(membership_file.save, data=computer.data),
                        data=computer.data,
                    )
                )
                lane = follow(door)
                await joined(door)
            taken = await known(lambda: door.take(EVENT, ticket(1), 0))
            assert taken.outcome is Outcome.WON
            await until(lambda: set(spare.copied) == {"Spare", "East"})
            where = [str(address) for address in hub.addresses]
        take_over(spare.data)
        await until(lambda: door.status.state is HubState.ALONE)
        async with Hub(spare.data, clock, name="") as hub:
            assert [str(address) for address in hub.addresses] == where
            await joined(door)
            await until(lambda: east.membership.epoch == hub.epoch == 2)
            assert (await known(lambda: door.take(EVENT, ticket(1), 0))).outcome is Outcome.WON
            await until(lambda: lane.tickets == [ticket(1)])
            _, epoch = list(lane.messages)[-1]
            assert epoch == 2


async def test_where_a_spare_would_be_is_remembered(tmp_path: Path, clock: FakeClock) -> None:
    spare, east = Computer(tmp_path / "Spare"), Computer(tmp_path / "East")
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        await spare.join(hub)
        await east.join(hub)
        async with spare.connected(hub.address.port):
            await until(lambda: spare.copied)
        remembered: list[Membership] = []
        async with joining(east.membership, 1, remember=remembered.append) as door:
            follow(door)
            await joined(door)
            await until(
                lambda: remembered and remembered[-1].addresses[-1].port == spare.port,
                "the spare's address is known",
            )
    assert remembered[-1].addresses[0] == hub.address


async def test_the_engine_that_is_killed_is_joined_again(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door:
        lane = follow(door)
        await known(lambda: door.take(EVENT, ticket(1), 0))
        await engine.stop()
        await until(lambda: door.status.state is HubState.ALONE)
        await engine.start(hashes())
        await joined(door)
        assert (await known(lambda: door.take(EVENT, ticket(1), 0))).outcome is Outcome.WON
        await until(lambda: lane.tickets == [ticket(1)])
        first = lane.record
        assert list(lane.messages) == [first]
        await engine.stop()
        shutil.rmtree(engine.folder / "store")
        await engine.start(hashes())
        await open_stream(engine)
        await until(lambda: lane.record != first, "it is asked for the place in another record")
        assert (await known(lambda: door.take(EVENT, ticket(2), 0))).outcome is Outcome.WON
        await until(lambda: lane.tickets == [ticket(2)])


async def test_an_event_that_cannot_be_opened_costs_another_nothing(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door:
        follow(door)
        await joined(door)
        since = door.status.since
        assert await door.take("f" * 32, ticket(1), 0) == UNKNOWN
        assert (await known(lambda: door.take(EVENT, ticket(1), 0))).outcome is Outcome.WON
        assert (door.status.state, door.status.since) == (HubState.JOINED, since)


async def test_an_older_hub_is_ignored(engine: Engine) -> None:
    await open_stream(engine, epoch=1)
    async with joining(membership(engine, epoch=2)) as door, recorded(engine, 1) as hub:
        follow(door)
        await until(lambda: door.status.state is HubState.REFUSED)
        assert door.status.sentence == "Hall answers, but as an older hub: ignored."
        assert await door.take(EVENT, ticket(1), 0) == UNKNOWN
        assert await hub.last(f"bo.claim.{EVENT}.{ticket(1)}.*") is None


async def test_a_claim_is_made_at_no_older_hub_even_at_once(engine: Engine) -> None:
    await open_stream(engine, epoch=1)
    async with joining(membership(engine, epoch=2)) as door, recorded(engine, 1) as hub:
        while door.status.state is not HubState.REFUSED:
            assert await door.take(EVENT, ticket(1), 0) == UNKNOWN
        assert await hub.last(f"bo.claim.{EVENT}.{ticket(1)}.*") is None


async def test_the_hub_that_took_over_is_found_beside_the_old_one(
    engine: Engine, tmp_path: Path
) -> None:
    await open_stream(engine, epoch=1)
    folder = prepare(tmp_path / "spare")
    for name in ("cert.pem", "key.pem"):
        shutil.copy(engine.folder / name, folder / name)
    spare = Engine(folder, free_port())
    old, new = (Address("127.0.0.1", port) for port in (engine.port, spare.port))
    seen: list[Membership] = []
    member = membership(engine, 0, old, new, epoch=2)
    try:
        await spare.start(hashes())
        await open_stream(spare, epoch=2)
        async with joining(member, remember=seen.append) as door:
            lane = follow(door)
            await until(lambda: lane.batches, "all there is was taken up")
            assert lane.record[1] == 2
            assert seen[-1].addresses[0] == new
    finally:
        await spare.stop()


async def test_a_door_at_the_old_hub_goes_to_the_one_that_took_over_meanwhile(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(known_hub, "read_info", partial(read_info, within=60.0))
    monkeypatch.setattr(hub_module, "LOOK_EVERY", float("inf"))  # the old one sees no other
    first, spare = Computer(tmp_path / "First"), Computer(tmp_path / "Spare")
    east = Computer(tmp_path / "East")
    async with Hub(first.data, clock, name="Hall", port=first.port) as old:
        await east.join(old)
        async with joining(east.membership, 1) as door:
            follow(door)
            await joined(door)
            await spare.join(old)  # later than the door was told where a spare would be
            async with spare.connected(first.port):
                await until(lambda: "Spare" in spare.copied)
            take_over(spare.data)
            async with Hub(spare.data, clock, name="", port=spare.port) as new:
                lane = follow(door)
                await until(lambda: lane.record[1] == new.epoch, "it is at the new hub")
                await joined(door)
                taken = await known(lambda: door.take(EVENT, ticket(1), 0))
                assert taken.outcome is Outcome.WON
    assert new.epoch > old.epoch


async def test_of_two_hubs_that_took_over_the_other_one_is_not_used(engine: Engine) -> None:
    await open_stream(engine, hub="f" * 16)
    async with joining(membership(engine)) as door:
        follow(door)
        await until(lambda: door.status.state is HubState.REFUSED)
        assert door.status.sentence.startswith("Two computers are the hub of Hall")


async def test_a_hub_that_has_taken_over_is_followed_from_its_beginning(engine: Engine) -> None:
    await open_stream(engine, epoch=2)
    seen: list[Membership] = []
    async with joining(membership(engine, epoch=1), remember=seen.append) as door:
        lane = follow(door)
        await until(lambda: lane.batches, "all there is was taken up")
        assert lane.record[1] == 2
        assert lane.record[0].startswith(HUB)
        assert [member.epoch for member in seen] == [2]


async def test_another_address_is_tried_and_remembered(engine: Engine) -> None:
    nobody, there = Address("127.0.0.1", free_port()), Address("127.0.0.1", engine.port)
    seen: list[Membership] = []
    await open_stream(engine)
    async with joining(membership(engine, 0, nobody, there), remember=seen.append) as door:
        follow(door)
        await until(lambda: seen)
    assert [member.addresses for member in seen] == [(there, nobody)]


async def test_addresses_that_say_nothing_hold_up_none_that_answers(engine: Engine) -> None:
    async with AsyncExitStack() as cables:
        silent = [await cables.enter_async_context(Cable(engine.port)) for _ in range(4)]
        for cable in silent:
            cable.hold()
        there = Address("127.0.0.1", engine.port)
        addresses = (*(cable.address for cable in silent), there)
        async with joining(membership(engine, 0, *addresses)) as door:
            await joined(door)


async def test_a_hub_with_another_address_is_found(engine: Engine) -> None:
    nobody, there = Address("127.0.0.1", free_port()), Address("127.0.0.1", engine.port)

    async def find() -> list[Address]:
        return [there]

    async with joining(membership(engine, 0, nobody), find=find) as door:
        await joined(door)


async def test_without_the_extra_it_says_how_to_get_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boxoffice.venue.supervisor", None)
    async with joining(membership(engine)) as door:
        await until(lambda: door.status.sentence == MISSING)
        assert await door.take(EVENT, ticket(1), 0) == UNKNOWN


async def test_a_removed_door_says_that_it_was(engine: Engine) -> None:
    await open_stream(engine)
    async with joining(membership(engine)) as door:
        await joined(door)
        await engine.reload(hashes("door1"))
        await until(lambda: door.status.state is HubState.REFUSED)
        assert "join it again" in door.status.sentence
