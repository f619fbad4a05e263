"""The hub: streams on request, doors that come and go, strangers, and what it is restarted with."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.venue import protocol
from boxoffice.venue.client import close, connect_stranger
from boxoffice.venue.engine import Engine
from boxoffice.venue.engine_config import STRANGERS, stream_config
from boxoffice.venue.hub import STARTS, TICK, Hub
from boxoffice.venue.hub_events import GONE_AFTER, HubChange, HubEvent
from boxoffice.venue.hub_folder import HubFolder
from boxoffice.venue.membership import Membership
from boxoffice.venue.pairing import NO_PAIRING, PairingServer, join
from boxoffice.venue.presence import Attendance
from boxoffice.venue.strangers import PAIRS_WITHIN
from tests.support import UNDERWAY, FakeClock, until
from tests.venue.doors import author
from tests.venue.engines import EVENT, claim, free_port, member, presence


@pytest.fixture
async def hub(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Hub]:
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        yield hub


@pytest.fixture(autouse=True)
def waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still while the engine is asked."""
    monkeypatch.setattr(Engine, "_ask", UNDERWAY.counted(Engine._ask))


async def next_event(hub: Hub, state: HubChange) -> HubEvent:
    async for event in hub.events():
        if event.state is state:
            return event
    raise AssertionError(f"no {state}")


async def opened(client: Client, event: str = EVENT) -> dict[str, object]:
    answer: dict[str, object] = json.loads((await client.request(f"bo.open.{event}", b"", 5)).data)
    return answer


async def test_an_event_has_its_stream_once_a_door_asks_for_it(hub: Hub) -> None:
    one, two = await hub.admit("North"), await hub.admit("South")
    async with member(one) as north, member(two) as south:
        with pytest.raises(nats.errors.Error):
            await north.jetstream().publish(*claim("north", "t1"))
        answer = await opened(north)
        assert answer["hub"] == one.hub
        assert answer["epoch"] == 1
        assert answer["version"] == protocol.VERSION
        await north.jetstream().publish(*claim("north", "t1"))
        assert await opened(south) == answer
        with pytest.raises(APIError):
            await south.jetstream().publish(*claim("south", "t1"))
        info = await south.jetstream().stream_info(protocol.stream(EVENT))
        metadata = info.config.metadata or {}
        assert metadata[protocol.HUB] == one.hub
        assert metadata[protocol.EPOCH] == "1"


async def test_no_stream_is_made_of_what_is_no_event(hub: Hub) -> None:
    async with member(await hub.admit("North")) as north:
        assert "error" in await opened(north, "EVENT")


async def test_a_removed_door_is_cut_off(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    one, two = await hub.admit("North"), await hub.admit("South")
    async with member(one) as north, member(two) as south:
        HubFolder(tmp_path / "hub").remove_doors(name="North")
        await clock.advance(1)
        assert (await next_event(hub, HubChange.REMOVED)).door == "North"
        with pytest.raises(nats.errors.Error):
            await north.flush()
        await south.flush()
    assert hub.paired == ["South"]
    with pytest.raises(ProblemError, match="North"):
        HubFolder(tmp_path / "hub").remove_doors(name="North")


async def test_what_is_forgotten_is_dropped_while_others_claim(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    folder = HubFolder(tmp_path / "hub")
    async with member(await hub.admit("North")) as north:
        await opened(north)
        before = await created(north)
        folder.forget("0e" * 16)  # of which nothing is here
        folder.forget(EVENT)
        await clock.advance(1)
        await until(lambda: not folder.read().forgotten)
        with pytest.raises(KeyError):  # there is none
            await created(north)
        await opened(north)
        assert await created(north) != before


async def test_who_is_there_and_who_is_gone(hub: Hub, clock: FakeClock) -> None:
    async with member(await hub.admit("North")) as north:
        await north.publish(*presence("aa"))
        assert (await next_event(hub, HubChange.PRESENT)).door == "Lane aa"
        assert [door.device for door in hub.doors] == ["aa"]
        await clock.advance(GONE_AFTER + 2)
        assert (await next_event(hub, HubChange.GONE)).door == "Lane aa"
        assert hub.doors == []


async def test_doors_that_a_door_makes_up_have_an_end(hub: Hub, clock: FakeClock) -> None:
    own = await hub.admit("North")
    seen = Attendance(EVENT, author(1), own.user, clock, lambda: None)
    async with member(own) as north:
        for number in range(10, protocol.MOST_DOORS + 60):
            subject, body = presence(f"{number:x}")
            await north.publish(subject, body)
            seen._take_presence(Msg(north, subject, "", body))
        await north.flush()
        await until(lambda: len(hub.doors) == protocol.MOST_DOORS, "as many as there may be")
        assert len(seen.doors) == protocol.MOST_DOORS + 1
        await opened(north)
        assert {door.device for door in hub.doors} == {door.device for door in seen.doors} - {
            author(1).device
        }


async def test_a_conflict_counts_once(hub: Hub) -> None:
    async with member(await hub.admit("North")) as north:
        await opened(north)
        subject, body = claim("aa", "a1")
        clash = subject.replace("bo.claim", "bo.clash")
        for device in ("aa", "aa", "bb"):
            await north.publish(f"{clash}.{device}", body.replace(b"aa", device.encode()))
        assert (await next_event(hub, HubChange.CONFLICT)).door == "aa"
        assert (await next_event(hub, HubChange.CONFLICT)).door == "bb"


async def test_a_stranger_may_ask_to_be_paired_and_nothing_else(hub: Hub) -> None:
    async def answer(message: bytes) -> bytes:
        return message[::-1]

    hub.answer_pairing = answer
    heard: list[bytes] = []

    async def listen(message: Msg) -> None:
        heard.append(message.data)

    async with member(await hub.admit("North")) as north:
        stranger = await connect_stranger(str(hub.addresses[0]))
        for subject in ("bo.>", "bo.say.>", "_INBOX.>", ">"):
            await stranger.subscribe(subject, cb=listen)
        await stranger.publish(f"bo.open.{EVENT}", b"")
        await stranger.publish(*presence("bb"))
        assert (await stranger.request("bo.pair", b"abc", 5)).data == b"cba"
        await opened(north)
        await north.publish(*presence("aa"))
        assert (await next_event(hub, HubChange.PRESENT)).door == "Lane aa"
        await stranger.flush()
        assert [door.device for door in hub.doors] == ["aa"]
        assert set(heard) <= {b"cba"}
        await close(stranger)


async def created(client: Client) -> object:
    """When the event's stream was made: which of them it is."""
    answer = await client.request(f"$JS.API.STREAM.INFO.{protocol.stream(EVENT)}", b"", 5)
    return json.loads(answer.data)["created"]


async def test_too_many_strangers_hold_up_who_joins_for_a_moment_and_no_door(
    hub: Hub, clock: FakeClock
) -> None:
    own = await hub.admit("North")
    address = Address("127.0.0.1", hub.address.port)
    async with AsyncExitStack() as strangers:
        idle = []
        for _ in range(STRANGERS):
            stranger = await connect_stranger(str(address), 60)
            strangers.push_async_callback(close, stranger)
            idle.append(stranger)
        with pytest.raises(ProblemError) as refused:
            await join(address, "47110815", "South", within=60)
        assert refused.value.sentence == NO_PAIRING.format(address=address)
        async with member(own) as north:
            assert (await opened(north))["hub"] == hub.id
            pairing = PairingServer(hub.admit, clock, hub=hub.id, new_code=lambda: None)
            hub.answer_pairing = pairing.answer
            await seconds_until_dropped(clock, *idle)
            joined = await join(address, pairing.code, "South", within=60)
            assert joined.hub == hub.id
            await north.flush()


async def test_a_slow_hub_still_pairs_who_waits_for_it(
    hub: Hub, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is used up by then: who does not wait needs another one, and is paired twice."""
    within, loop = 60.0, asyncio.get_running_loop()
    now, later = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: now() + later)

    async def admit(door: str, before: Membership | None) -> Membership:
        nonlocal later
        later = 2.5 * within  # what was to be answered earlier is given up in the next turns
        for _ in range(20):
            await asyncio.sleep(0)
        return await hub.admit(door, before)

    pairing = PairingServer(admit, clock, hub=hub.id, new_code=lambda: None)
    hub.answer_pairing = pairing.answer
    code = pairing.code
    joined = await join(Address("127.0.0.1", hub.address.port), code, "South", within=within)
    assert hub.paired == ["South"]
    assert pairing.code != code
    async with member(joined) as south:
        assert (await opened(south))["hub"] == hub.id


async def test_a_stranger_has_a_while_to_pair(hub: Hub, clock: FakeClock) -> None:
    stranger = await connect_stranger(f"127.0.0.1:{hub.address.port}", 60)
    assert await seconds_until_dropped(clock, stranger) >= PAIRS_WITHIN
    await close(stranger)


async def seconds_until_dropped(clock: FakeClock, *strangers: Client) -> float:
    began = clock.monotonic()

    async def are_dropped() -> bool:
        await clock.advance(TICK)
        await UNDERWAY.over()
        return all(stranger.is_closed for stranger in strangers)

    await until(are_dropped)
    return clock.monotonic() - began


async def test_a_hub_that_comes_back_has_what_it_had(tmp_path: Path, clock: FakeClock) -> None:
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        membership = await hub.admit("North")
        async with member(membership) as north:
            answer = await opened(north)
            await north.jetstream().publish(*claim("north", "t1"))
            stream = await created(north)
    async with Hub(tmp_path, clock, name="Other") as hub, member(membership) as north:
        assert hub.name == "Hall"
        assert await opened(north) == answer
        assert await created(north) == stream
        with pytest.raises(APIError):
            await north.jetstream().publish(*claim("south", "t1"))


async def test_a_stream_of_an_older_boxoffice_takes_what_doors_say_now(hub: Hub) -> None:
    older = stream_config(protocol.stream(EVENT), [f"bo.claim.{EVENT}.*.*"])
    await hub._engine.client.jetstream().add_stream(older)
    async with member(await hub.admit("North")) as north:
        await north.jetstream().publish(*claim("north", "t1"))
        stream = await created(north)
        assert (await opened(north))["hub"] == hub.id
        assert await created(north) == stream
        subject, body = claim("north", "t1")
        await north.jetstream().publish(subject.replace("claim", "post"), body)
        with pytest.raises(APIError):
            await north.jetstream().publish(subject, body)


async def test_an_emptied_store_is_another_record(tmp_path: Path, clock: FakeClock) -> None:
    async with Hub(tmp_path, clock, name="Hall", port=free_port()) as hub:
        membership = await hub.admit("North")
        async with member(membership) as north:
            answer = await opened(north)
            stream = await created(north)
    shutil.rmtree(tmp_path / "hub" / "store")
    async with Hub(tmp_path, clock, name="Hall"), member(membership) as north:
        assert await opened(north) == answer
        assert await created(north) != stream


def engine_pid(data: Path) -> int:
    return int((data / "hub" / "engine.pid").read_text())


def kill_engine(data: Path) -> int:
    """Which it was."""
    pid = engine_pid(data)
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_the_engine_is_started_again_where_it_ends_by_itself(
    hub: Hub, tmp_path: Path
) -> None:
    membership = await hub.admit("North")
    async with member(membership) as north:
        first = await opened(north)
        await north.jetstream().publish(*claim("north", "t1"))
    killed = kill_engine(tmp_path)

    async def is_back() -> bool:
        try:
            async with asyncio.timeout(5), member(membership) as north:
                return await opened(north) == first
        except (OSError, nats.errors.Error):
            return False

    await until(is_back)
    assert engine_pid(tmp_path) != killed
    async with member(membership) as north:
        stored = await north.jetstream().get_last_msg(
            protocol.stream(EVENT), claim("north", "t1")[0], direct=True
        )
        assert stored.data == claim("north", "t1")[1]


@pytest.mark.parametrize("ends", [1, STARTS])
async def test_an_engine_that_ends_as_it_starts_is_started_again(
    hub: Hub, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, ends: int
) -> None:
    start, starts = Engine.start, 0

    async def start_and_end(self: Engine, doors: Mapping[str, str]) -> None:
        """It passes its own test, and ends before the hub has asked it for anything."""
        nonlocal starts
        await start(self, doors)
        starts += 1
        if starts <= ends:
            kill_engine(tmp_path)
            await until(lambda: self.client.is_closed)

    async def read_events() -> None:
        async for _ in hub.events():
            pass

    async def is_decided() -> bool:
        if clock.sleeping > 1:  # not only who looks after the doors: the next attempt waits
            await clock.advance(TICK)
        return starts > ends or reading.done()

    membership, reading = await hub.admit("North"), asyncio.create_task(read_events())
    monkeypatch.setattr(Engine, "start", start_and_end)
    kill_engine(tmp_path)
    await until(is_decided)
    if ends == STARTS:
        with pytest.raises(ProblemError, match="ended as it started"):
            await reading
        assert starts == STARTS
    else:
        reading.cancel()
        async with member(membership) as north:
            assert (await opened(north))["hub"] == hub.id


async def test_two_hubs_of_one_folder(hub: Hub, tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ProblemError, match="already"):
        async with Hub(tmp_path, clock, name="Hall"):
            raise AssertionError("two hubs")


async def test_a_port_that_another_program_has(hub: Hub, tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ProblemError, match="in use by another program"):
        async with Hub(tmp_path / "other", clock, name="Yard", port=hub.address.port):
            raise AssertionError("two hubs")
