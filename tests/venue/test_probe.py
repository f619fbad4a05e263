"""How a door would reach its hub, seen without taking part: over a real engine."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from nats.aio.msg import Msg

from boxoffice.clock import SystemClock
from boxoffice.domain.hub_readiness import PortState
from boxoffice.domain.invitation import Address
from boxoffice.venue import connection, probe, protocol
from boxoffice.venue.door import Door
from boxoffice.venue.engine import Engine
from boxoffice.venue.probe import Probe, Unreachable
from tests.support import until
from tests.venue.doors import EVENT, author, membership, open_stream
from tests.venue.engines import hashes


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for in no hurry is waited for on any machine."""
    monkeypatch.setattr(connection, "ANSWERS_WITHIN", 60.0)
    monkeypatch.setattr(connection, "CONNECTS_WITHIN", 60.0)


@asynccontextmanager
async def present(engine: Engine, number: int) -> AsyncIterator[None]:
    """A door that is at the event, and says so."""
    device, lane = author(number)
    async with Door(
        membership(engine, number), device=device, lane=lane, clock=SystemClock()
    ) as door:
        door.show(EVENT)

        async def is_there() -> bool:
            return lane in [there.lane for there in await door.doors(EVENT)]

        await until(is_there, "the door at the event")
        yield


async def probed(engine: Engine, number: int = 0) -> Probe:
    found = await probe.probe(membership(engine, number), EVENT, SystemClock())
    assert isinstance(found, Probe)
    return found


async def test_it_times_the_hub_and_sees_the_other_computers(engine: Engine) -> None:
    await open_stream(engine, epoch=3)
    async with present(engine, 1):
        found: list[Probe] = []

        async def is_seen() -> bool:
            found.append(await probed(engine))
            return "Lane 1" in found[-1].lanes

        await until(is_seen, "the other door")
    last = found[-1]
    assert last.lanes == ["Lane 1"]
    assert last.epoch == 3
    assert last.engine >= (2, 12)
    assert len(last.seconds) == probe.ASKED
    assert last.ahead is not None
    assert abs(last.ahead) < timedelta(minutes=2)


async def test_it_is_no_door_and_makes_no_stream(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "LISTENS", 0.0)
    heard: list[str] = []

    async def hear(message: Msg) -> None:
        heard.append(message.subject)
        if message.reply:  # as the hub's own program would, which is waited for
            await message.respond(b"{}")

    await engine.client.subscribe("bo.>", cb=hear)
    found = await probed(engine)
    assert (found.epoch, found.ahead, found.lanes) == (None, None, [])
    await engine.client.publish("bo.say.end")
    await until(lambda: "bo.say.end" in heard, "all that was said")
    assert heard == [f"{protocol.OPEN}.{protocol.NO_EVENT}", "bo.say.end"]
    info = await engine.client.request(f"$JS.API.STREAM.INFO.{protocol.stream(EVENT)}", b"")
    assert b"stream not found" in info.data


async def test_its_own_computer_is_no_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_stream(engine)
    async with present(engine, 0):
        assert (await probed(engine)).lanes == []


async def test_nothing_listens_there(engine: Engine) -> None:
    with socket.socket() as unheard:  # the port is taken, and nobody listens
        unheard.bind(("127.0.0.1", 0))
        nowhere = Address("127.0.0.1", unheard.getsockname()[1])
        found = await probe.probe(membership(engine, 0, nowhere), EVENT, SystemClock())
    assert found == Unreachable(nowhere, PortState.REFUSES)


async def test_somebody_accepts_and_says_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECTS_WITHIN", 0.1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        there = Address("127.0.0.1", server.getsockname()[1])
        found = await probe.probe(membership(engine, 0, there), EVENT, SystemClock())
    assert found == Unreachable(there, PortState.ACCEPTS)


async def test_a_hub_that_does_not_know_this_computer_says_so(engine: Engine) -> None:
    await engine.reload(hashes("door1"))
    found = await probe.probe(membership(engine), EVENT, SystemClock())
    assert isinstance(found, Unreachable)
    assert "does not know this computer any more" in found.sentence
