"""A hub is found by what it announces; what else is on the network does no harm."""

import asyncio
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from zeroconf import IPVersion
from zeroconf._dns import DNSPointer
from zeroconf._protocol.outgoing import DNSOutgoing
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
from zeroconf.const import _CLASS_IN, _FLAGS_AA, _FLAGS_QR_RESPONSE, _TYPE_PTR

from boxoffice.clock import SystemClock
from boxoffice.domain.invitation import Address
from boxoffice.venue import discovery
from boxoffice.venue.client import end
from boxoffice.venue.discovery import FoundHub, _open, announce, find_hubs
from boxoffice.venue.protocol import SERVICE
from tests.support import FakeClock, until

HERE = ["127.0.0.1"]
"""Nothing of these tests is sent to a real network."""
PATIENT = 120.0
THERE = [Address("192.168.1.20", 4715), Address("10.0.0.3", 4715)]


def carries_multicast() -> bool:
    """Whether this machine sends itself what it sends to a group."""
    group = socket.inet_aton("224.0.0.251")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", 0))
            here = socket.inet_aton(HERE[0])
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
            member = struct.pack("4s4s", group, here)
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            probe.settimeout(2)
            probe.sendto(b"?", ("224.0.0.251", probe.getsockname()[1]))
            return probe.recv(1) == b"?"
        except OSError:
            return False


needs_multicast = pytest.mark.skipif(
    not carries_multicast(), reason="this machine has no multicast on its loopback"
)


@asynccontextmanager
async def announced(hub: str, name: str = "Hall", epoch: int = 1) -> AsyncIterator[None]:
    clock = SystemClock()
    task = asyncio.create_task(announce(name, hub, epoch, lambda: THERE, clock, interfaces=HERE))
    try:
        yield
    finally:
        await end([task])


@asynccontextmanager
async def strangers(*names: str) -> AsyncIterator[None]:
    """Who says that there are hubs of these names, before anybody can ask."""
    stranger = AsyncZeroconf(interfaces=HERE, ip_version=IPVersion.V4Only)

    async def announce_all() -> None:
        while True:
            answer = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA)
            for name in names:
                pointer = DNSPointer(SERVICE, _TYPE_PTR, _CLASS_IN, 120, name)
                answer.add_answer_at_time(pointer, 0)
            stranger.zeroconf.async_send(answer)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(announce_all())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stranger.async_close()


@needs_multicast
async def test_a_hub_is_found_as_soon_as_it_is_there_and_not_when_it_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[AsyncZeroconf] = []

    def note(*about: Any) -> AsyncZeroconf:
        opened.append(_open(*about))
        return opened[-1]

    monkeypatch.setattr(discovery, "_open", note)
    hub = secrets.token_hex(8)
    looking = asyncio.create_task(find_hubs(PATIENT, hub, interfaces=HERE))
    async with announced(hub, "Hall ☃", 3):
        for found in (await looking, await find_hubs(PATIENT, hub, interfaces=HERE)):  # also later
            assert [one._replace(addresses=()) for one in found] == [FoundHub("Hall ☃", hub, 3, ())]
            assert set(found[0].addresses) == set(THERE)  # they come in any order
    async with announced(secrets.token_hex(8)):  # whose doors have no business with it
        assert await find_hubs(0.5, hub, interfaces=HERE) == []
    assert all(one.zeroconf.done for one in opened)  # all was said that takes it back


@needs_multicast
async def test_several_hubs_are_found_each_once() -> None:
    first, second = secrets.token_hex(8), secrets.token_hex(8)
    async with announced(first), announced(second):

        async def both() -> bool:
            found = [hub.hub for hub in await find_hubs(0.5, interfaces=HERE)]
            return found.count(first) == found.count(second) == 1

        await until(both, "both found in one look")


@needs_multicast
async def test_a_name_that_is_none_keeps_no_hub_from_being_found() -> None:
    hub = secrets.token_hex(8)
    async with announced(hub), strangers(f"a\x07b.{SERVICE}", f"x.{SERVICE.upper()}", "x.local."):
        (found,) = await find_hubs(PATIENT, hub, interfaces=HERE)
    assert found.hub == hub


@needs_multicast
async def test_names_that_nobody_answers_for_keep_no_hub_from_being_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discovery, "ONE_ANSWERS_WITHIN", 1000 * PATIENT)
    hub = secrets.token_hex(8)
    async with strangers(*(f"silent{number}.{SERVICE}" for number in range(4))):
        looking = asyncio.create_task(find_hubs(PATIENT, hub, interfaces=HERE))
        async with announced(hub):
            (found,) = await looking
    assert found.hub == hub


@needs_multicast
async def test_where_the_computer_gets_another_address_that_is_announced() -> None:
    hub, clock = secrets.token_hex(8), FakeClock()
    own = [Address("10.9.9.1")]
    task = asyncio.create_task(announce("Hall", hub, 1, lambda: tuple(own), clock, interfaces=HERE))
    try:
        (found,) = await find_hubs(PATIENT, hub, interfaces=HERE)
        assert found.addresses == (Address("10.9.9.1"),)
        await until(lambda: clock.sleeping)
        own[:] = [Address("10.9.9.2")]
        await clock.advance(discovery.LOOK_EVERY)

        async def moved() -> bool:
            hubs = await find_hubs(1.0, hub, interfaces=HERE)
            return [one.addresses for one in hubs] == [(Address("10.9.9.2"),)]

        await until(moved, "found at the new address alone")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("error", [OSError(19, "No such device"), RuntimeError("No interfaces")])
async def test_without_a_network_nothing_is_found_and_it_is_tried_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    def fail(**_: object) -> None:
        nonlocal tried
        tried += 1
        raise error

    monkeypatch.setattr(discovery, "AsyncZeroconf", fail)
    assert await find_hubs(0.1) == []
    clock = FakeClock()
    task = asyncio.create_task(announce("Hall", "ab", 1, lambda: THERE, clock))
    await until(lambda: clock.sleeping)
    await clock.advance(discovery.LOOK_EVERY)
    await until(lambda: tried == 3)
    task.cancel()
    assert await asyncio.gather(task, return_exceptions=True)


def info(properties: Mapping[str, str | bytes | None], port: int | None = 4715) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        SERVICE,
        f"x.{SERVICE}",
        port=port,
        properties=dict(properties),
        parsed_addresses=["192.168.1.20"],
    )


HUB = {"id": "ab", "name": "Hall", "epoch": "1"}


@pytest.mark.parametrize(
    ("change", "port"),
    [
        ({"id": ""}, 4715),
        ({"id": "a.b"}, 4715),
        ({"id": b"\xff"}, 4715),
        ({"id": None}, 4715),
        ({"epoch": ""}, 4715),
        ({"epoch": "-1"}, 4715),
        ({"epoch": "٣"}, 4715),
        ({}, None),
    ],
)
def test_what_is_no_hub_is_passed_over(
    change: dict[str, str | bytes | None], port: int | None
) -> None:
    found: dict[str, FoundHub] = {}
    discovery._take_up(info(HUB | change, port), found)
    assert found == {}


def test_of_an_old_hub_and_the_one_that_took_over_the_later_one_is_found() -> None:
    found: dict[str, FoundHub] = {}
    discovery._take_up(info(HUB | {"epoch": "2"}, 1), found)
    discovery._take_up(info(HUB | {"epoch": "4"}, 2), found)
    discovery._take_up(info(HUB | {"epoch": "3"}, 3), found)
    assert [address.port for address in found["ab"].addresses] == [2]
    discovery._take_up(info(HUB | {"epoch": "4"}, 4), found)  # one of three that are the hub
    assert [address.port for address in found["ab"].addresses] == [2, 4]


def test_a_name_from_the_network_is_cleaned() -> None:
    found: dict[str, FoundHub] = {}
    discovery._take_up(info(HUB | {"name": "Hall\x1b[2J\u202e" + "x" * 99}), found)
    assert "\x1b" not in found["ab"].name
    assert "\u202e" not in found["ab"].name
    discovery._take_up(info(HUB | {"name": ""}), found)
    assert found["ab"].name == "?"
