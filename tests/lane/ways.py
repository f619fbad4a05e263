"""Doors with ways of their own to the site and to the hub, which is a model or an engine."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import HubState, Message
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.venue import door as door_module
from boxoffice.venue.door import Door
from boxoffice.venue.engine import Engine
from tests.lane.conftest import OpenDoor, OpenLane, join, listed, passes
from tests.support import UNDERWAY, FakeClock, until
from tests.venue.doors import Cable, membership, open_stream
from tests.venue.engines import free_port, hashes, prepare
from tests.venue.model import ModelHub


class Way(NamedTuple):
    """A lane, its own way to the site, and how the hub is taken from it and given back."""

    lane: Lane
    cable: Cable
    cut: Callable[[], Awaitable[None]]
    join: Callable[[], Awaitable[None]]


class Hub(Protocol):
    """What the tests look at, and where doors are opened."""

    async def open(self, name: str, cable: Cable) -> Way: ...

    def stored(self, kind: type[Message]) -> Sequence[Message]: ...


class InProcess:
    """The rules of the engine, without a network."""

    def __init__(self, model: ModelHub, open_door: OpenDoor) -> None:
        self.model = model
        self._open_door = open_door

    async def open(self, name: str, cable: Cable) -> Way:
        lane, door = await self._open_door(name, site=f"http://{cable.address}")

        async def cut() -> None:
            door.cut()

        return Way(lane, cable, cut, lambda: join(door))

    def stored(self, kind: type[Message]) -> Sequence[Message]:
        return self.model.stored(kind)


class AtEngine:
    """A real engine, each door with a cable of its own, and one more that only looks on."""

    def __init__(
        self,
        engine: Engine,
        event: str,
        open_lane: OpenLane,
        clock: FakeClock,
        stack: AsyncExitStack,
    ) -> None:
        self._engine = engine
        self._event = event
        self._open_lane = open_lane
        self._clock = clock
        self._stack = stack
        self._doors = 0
        self._messages: list[Message] = []

    async def look_on(self) -> None:
        await open_stream(self._engine, self._event)
        door = await self._door("Onlooker")
        door.follow(self._event, self._after, self._apply)

    async def open(self, name: str, cable: Cable) -> Way:
        to_hub = await self._stack.enter_async_context(Cable(self._engine.port))
        door = await self._door(name, to_hub)
        lane = await self._open_lane(
            folder=name, name=name, venue=door, site=f"http://{cable.address}"
        )
        self._stack.push_async_callback(lane.stop)

        async def joined() -> None:
            await until(lambda: door.status.state is HubState.JOINED, f"{name} joined")

        async def cut() -> None:
            await to_hub.unplug()
            await until(lambda: door.status.state is HubState.ALONE, f"{name} alone")

        async def join_again() -> None:
            await to_hub.plug()
            await joined()

        await listed(lane)
        await joined()
        return Way(lane, cable, cut, join_again)

    def stored(self, kind: type[Message]) -> Sequence[Message]:
        return [message for message in self._messages if isinstance(message, kind)]

    async def _door(self, name: str, *cables: Cable) -> Door:
        number, self._doors = self._doors, self._doors + 1
        member = membership(self._engine, number, *(cable.address for cable in cables))
        door = Door(member, device=f"{number:016x}", lane=name, clock=self._clock)
        return await self._stack.enter_async_context(door)

    async def _after(self, _record: str, _epoch: int) -> int:
        return max((message.number for message in self._messages), default=0)

    async def _apply(self, _record: str, _epoch: int, messages: Sequence[Message]) -> None:
        self._messages += messages


@pytest.fixture(params=["model", "engine"])
async def the_hub(
    request: pytest.FixtureRequest,
    sandbox: Sandbox,
    open_lane: OpenLane,
    open_door: OpenDoor,
    hub: ModelHub,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Hub]:
    if request.param == "model":
        yield InProcess(hub, open_door)
        return
    for name in ("DEADLINE", "UNHURRIED"):
        monkeypatch.setattr(door_module, name, 60.0)
    # The clock of the doors stands still while the hub is asked.
    monkeypatch.setattr(Door, "_ask", UNDERWAY.counted(Door._ask))
    engine = Engine(prepare(tmp_path / "hub"), free_port())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.stop)
        await engine.start(hashes())
        event = sandbox.state.tonight.uuid
        at_engine = AtEngine(engine, event, open_lane, clock, stack)
        await at_engine.look_on()
        yield at_engine


OpenWay = Callable[[str], Awaitable[Way]]


@pytest.fixture
async def open_way(sandbox: Sandbox, the_hub: Hub) -> AsyncIterator[OpenWay]:
    async with AsyncExitStack() as stack:
        port = int(sandbox.url.rpartition(":")[2])

        async def open_one(name: str) -> Way:
            return await the_hub.open(name, await stack.enter_async_context(Cable(port)))

        yield open_one


async def unplug(way: Way, clock: FakeClock) -> None:
    """Take its site away, and wait until it knows."""
    await passes(clock, lambda: way.lane.status.link is LinkState.ONLINE, "online")
    await way.cable.unplug()
    await passes(clock, lambda: way.lane.status.link is LinkState.OFFLINE, "offline")


async def plug(way: Way, clock: FakeClock) -> None:
    await way.cable.plug()
    await passes(clock, lambda: way.lane.status.link is LinkState.ONLINE, "online again")
