"""A lane on a real data folder, talking to the sandbox over a socket."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from boxoffice.clock import Clock
from boxoffice.config import Settings
from boxoffice.domain.models import LinkState
from boxoffice.domain.roster import LocalStatus
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.venue import HubState
from boxoffice.lane import EventCache, Lane, LaneDeps, SalesPolicy
from boxoffice.lane.pin_lock import PinLock
from boxoffice.sandbox import Sandbox
from boxoffice.store import Journal, RosterStore, json_docs
from boxoffice.sync import CodeReader, Link, Puller, Sender, SyncContext
from boxoffice.sync.sales.seller import Seller
from boxoffice.sync.sender import BESIDE_A_LANE, IN_QUIET
from boxoffice.ticketbutler import Ticketbutler
from boxoffice.venue import Venue
from tests.support import FakeClock, until
from tests.venue.model import ModelDoor, ModelHub

OpenLane: TypeAlias = Callable[..., Awaitable[Lane]]
OpenDoor: TypeAlias = Callable[..., Awaitable[tuple[Lane, ModelDoor]]]
Doors: TypeAlias = tuple[Lane, ModelDoor, Lane, ModelDoor]


class Wrong(FakeClock):
    """A laptop's clock: off from the one that the test moves."""

    def __init__(self, clock: FakeClock, by: timedelta = timedelta()) -> None:
        super().__init__()
        self._right = clock
        self.by = by

    def now(self) -> datetime:
        return self._right.now() + self.by

    def monotonic(self) -> float:
        return self._right.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._right.sleep(seconds)


class Network(httpx.AsyncBaseTransport):
    """One lane's own, which leads to the site unless it is cut."""

    def __init__(self) -> None:
        self.is_cut = False
        self._way = httpx.AsyncHTTPTransport(verify=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        return await self._way.handle_async_request(request)

    async def aclose(self) -> None:
        await self._way.aclose()


async def lane_in(
    stack: AsyncExitStack,
    sandbox: Sandbox,
    folder: Path,
    clock: Clock,
    *,
    name: str = "North",
    event: int = 0,
    codes: bool = False,
    sales: SalesPolicy | None = None,
    venue: Venue | None = None,
    alone_asks: bool = False,
    site: str = "",
    network: Network | None = None,
    is_alone: bool = True,
    **settings: Any,
) -> Lane:
    """Open a lane at the sandbox's first event, with connections and files of its own.

    `stack` closes them. With `codes` it reads in the background what the list does not hold.
    `venue`: the doors that it shares one truth with. `site`: where it reaches the sandbox, if not
    straight, or `network`, which can be taken away. `is_alone`: no other process is at work in
    `folder`. `settings`: what a door goes by.
    """
    journal = await Journal.open(folder / "journal.db", lane=name, operator="Anna", clock=clock)
    stack.push_async_callback(journal.close)
    store = await RosterStore.open(folder / "roster.db")
    stack.push_async_callback(store.close)
    link = Link()
    client = await stack.enter_async_context(
        Ticketbutler(
            *(site or sandbox.url, SecretStr(sandbox.token)),
            clock=clock,
            observe=link.observe,
            transport=network,
        )
    )
    uuid = list(sandbox.state.events)[event]
    known = {each.uuid: each for each in await store.read(json_docs.get_events)}
    if uuid not in known:
        await store.write(json_docs.save_events, await client.events.list(old=True))
        known = {each.uuid: each for each in await store.read(json_docs.get_events)}
    context = SyncContext(
        *(journal, store, client, link, folder, clock),
        jitter=lambda: 0.5,
        venue=venue,
        is_alone=lambda: is_alone,
    )
    puller = Puller(uuid, context)
    policy = Settings(**settings).door_policy._replace(alone_asks=alone_asks)
    pin = PinLock(folder, clock)
    await pin.attach(journal)
    deps = LaneDeps(
        context,
        EventCache(known[uuid], store, clock),
        puller,
        sender=Sender(context, side_by_side=BESIDE_A_LANE, in_quiet=IN_QUIET),
        make_seller=lambda: Seller(context, lambda _: puller, lane=name, extras=policy.extras),
        policy=policy,
        pin=pin,
        code_reader=CodeReader(known[uuid], puller, context, policy.highlights) if codes else None,
    )
    lane = Lane(deps, name=name, sales=sales)
    stack.push_async_callback(lane.stop)
    await lane.start()
    return lane


@pytest.fixture
async def open_lane(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[OpenLane]:
    """Opens lanes as `lane_in` does.

    Lanes with the same `folder` share the data folder, as two processes do. `laptop`: another clock
    than the sandbox has.
    """
    async with AsyncExitStack() as stack:

        async def open_one(
            *, folder: str = "data", laptop: Clock | None = None, **options: Any
        ) -> Lane:
            return await lane_in(stack, sandbox, tmp_path / folder, laptop or clock, **options)

        yield open_one


@pytest.fixture
async def lane(open_lane: OpenLane) -> Lane:
    lane = await open_lane()
    await listed(lane)
    return lane


@pytest.fixture
def hub() -> ModelHub:
    return ModelHub()


@pytest.fixture
async def open_door(
    hub: ModelHub, open_lane: OpenLane, clock: FakeClock
) -> AsyncIterator[OpenDoor]:
    """Opens a lane with a data folder of its own, and joins it to the venue."""
    doors: list[ModelDoor] = []

    async def open_one(
        name: str, *, joined: bool = True, **options: object
    ) -> tuple[Lane, ModelDoor]:
        door = ModelDoor(hub, f"{len(doors):016x}", name, clock)
        doors.append(door)
        lane = await open_lane(folder=name, name=name, venue=door, **options)
        await listed(lane)
        if joined:
            await join(door)
        return lane, door

    yield open_one
    for door in doors:
        await door.close()


@pytest.fixture
async def doors(open_door: OpenDoor) -> Doors:
    """North and South, joined."""
    return *(await open_door("North")), *(await open_door("South"))


async def join(door: ModelDoor) -> None:
    door.connect()
    await until(lambda: door.status.state is HubState.JOINED, "joined")


async def listed(lane: Lane) -> None:
    """Wait until the lane shows a list from the server, and knows what is asked."""
    await until(lambda: lane.status.list_at is not None and len(lane.roster) > 0, "a list")


def shown(lane: Lane, ticket: str) -> LocalStatus:
    """What the list shows of a ticket, beside what the site says."""
    row = lane.roster.get(ticket)
    assert row is not None
    return row.status


async def goes_offline(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    """Take the server away, and wait until the lane knows.

    It might be thought away before, since an answer may be late by a clock that runs by itself.
    """
    await passes(clock, lambda: lane.status.link is LinkState.ONLINE, "online")
    await sandbox.stop()
    await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")


async def sent(lane: Lane, clock: FakeClock) -> None:
    """Wait until nothing waits to be sent."""

    async def empty() -> bool:
        return not (await lane.queue.view()).waiting and lane.status.counts.unsent == 0

    await passes(clock, empty, "an empty queue")


async def passes(
    clock: FakeClock, condition: Callable[[], object] | Callable[[], Awaitable[object]], what: str
) -> None:
    """Let time pass, a second at a time, until `condition`."""

    async def met() -> object:
        await clock.advance(1)
        met = condition()
        return await met if inspect.isawaitable(met) else met

    await until(met, what)
