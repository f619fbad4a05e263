"""A hub whose engine reads and does not write: a door says why it is alone, and comes back."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from nats.aio.msg import Msg

from boxoffice.clock import SystemClock
from boxoffice.domain.invitation import Address
from boxoffice.domain.venue import UNKNOWN, HubState, Outcome, Sent, StoreTrouble
from boxoffice.venue import engine_config, probe, protocol
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import stream_config
from boxoffice.venue.hub import Hub
from boxoffice.venue.supervisor import GO_ON
from tests.support import FakeClock, until
from tests.venue.doors import AT, EVENT, HUB, Cable, membership, open_stream, ticket
from tests.venue.engines import free_port, hashes, prepare
from tests.venue.test_door import follow, joined, joining, known


async def answer_open(engine: Engine, answer: bytes) -> None:
    """As the hub's own program does."""

    async def respond(message: Msg) -> None:
        await message.respond(answer)

    await engine.client.subscribe(f"{protocol.OPEN}.*", cb=respond)
    await engine.client.flush()


async def test_one_that_has_all_it_may_store_says_so_until_an_event_is_forgotten(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_config, "STORE_SIZE", 4096)
    monkeypatch.setattr(probe, "LISTENS", 0.0)
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        member, number = await hub.admit("North"), 0
        async with joining(member) as door:
            follow(door)
            await joined(door)
            assert (await known(lambda: door.take(EVENT, ticket(0), 0))).outcome is Outcome.WON

            async def is_alone() -> bool:
                nonlocal number
                number += 1
                await door.take(EVENT, ticket(number), 0)
                return door.status.state is HubState.ALONE

            await until(is_alone)
            full = StoreTrouble.FULL.describe("Hall")
            assert door.status.sentence == f"{full} {GO_ON}"
            assert hub.trouble is StoreTrouble.FULL
            assert await door.take(EVENT, ticket(number), 0) == UNKNOWN
            seen = await probe.probe(member, EVENT, SystemClock())
            assert isinstance(seen, probe.Probe)
            assert seen.trouble is StoreTrouble.FULL

            hub._folder.forget(EVENT)

            async def is_back() -> bool:
                await clock.advance(1)
                return door.status.state is HubState.JOINED

            await until(is_back)
            assert hub.trouble is None
            taken = await known(lambda: door.take(EVENT, ticket(number), 0))
            assert taken.outcome is Outcome.WON


async def test_another_of_its_computers_is_tried(engine: Engine, tmp_path: Path) -> None:
    await open_stream(engine)
    folder = prepare(tmp_path / "spare")
    for name in ("cert.pem", "key.pem"):
        shutil.copy(engine.folder / name, folder / name)
    spare = Engine(folder, free_port())
    full, other = (Address("127.0.0.1", port) for port in (engine.port, spare.port))
    await answer_open(engine, json.dumps({protocol.TROUBLE: "a word of a newer hub"}).encode())
    async with joining(membership(engine, 0, full, other)) as door:
        follow(door)
        await until(lambda: door.status.state is HubState.ALONE)
        assert door.status.sentence == f"{StoreTrouble.DISK.describe('Hall')} {GO_ON}"
        try:
            await spare.start(hashes())
            await open_stream(spare)
            await joined(door)
            assert (await known(lambda: door.take(EVENT, ticket(1), 0))).outcome is Outcome.WON
        finally:
            await spare.stop()


async def test_claims_go_on_while_the_hubs_program_does_not_say_whether_it_stores(
    engine: Engine,
) -> None:
    await open_stream(engine)
    async with Cable(engine.port) as cable, joining(membership(engine, 0, cable.address)) as door:
        follow(door)
        await joined(door)
        asked = await engine.client.subscribe(f"{protocol.OPEN}.*")
        await engine.client.flush()
        cable.hold()
        assert await door.take(EVENT, ticket(1), 0) == UNKNOWN
        cable.restore()
        await asked.next_msg(60)  # and it is not answered
        for number in range(1, 4):
            taken = await known(partial(door.take, EVENT, ticket(number), 0))
            assert taken.outcome is Outcome.WON
        assert door.status.state is HubState.JOINED


async def test_what_a_full_record_refuses_is_not_taken_for_there(engine: Engine) -> None:
    metadata = {protocol.HUB: HUB, protocol.EPOCH: "1"}
    name, subjects = protocol.stream(EVENT), protocol.stored_subjects(EVENT)
    small = stream_config(name, subjects, metadata=metadata, max_bytes=1)
    await engine.client.jetstream().add_stream(small)
    async with joining(membership(engine)) as door:
        await joined(door)
        assert not await door.put(Sent(EVENT, ticket(1), 0, door.device, AT))
