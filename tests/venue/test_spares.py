"""Spares have what the hub has, and take over when a person says so; the old hub gives way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from nats.aio.msg import Msg

from boxoffice import ProblemError
from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.venue import membership, protocol
from boxoffice.venue.hub import Hub
from boxoffice.venue.hub_copy import save_copy
from boxoffice.venue.hub_folder import HubFolder
from boxoffice.venue.local_network import own_hosts
from boxoffice.venue.membership import COPY
from boxoffice.venue.record import Record
from boxoffice.venue.spares import read_copy, take_over
from tests.support import FakeClock, until
from tests.venue.computers import Computer
from tests.venue.doors import AT, EVENT, author, ticket
from tests.venue.engines import member


@pytest.fixture
def north(tmp_path: Path) -> Computer:
    return Computer(tmp_path / "North")


@pytest.fixture
def south(tmp_path: Path) -> Computer:
    return Computer(tmp_path / "South")


@pytest.fixture
def east(tmp_path: Path) -> Computer:
    return Computer(tmp_path / "East")


@pytest.fixture
def first(tmp_path: Path) -> Computer:
    """The hub's own."""
    return Computer(tmp_path / "First")


@pytest.fixture
async def hub(first: Computer, clock: FakeClock) -> AsyncIterator[Hub]:
    async with Hub(first.data, clock, name="Hall", port=first.port) as hub:
        await first.join(hub, own=True)
        yield hub


async def test_the_first_two_that_are_paired_are_spares(
    hub: Hub, first: Computer, north: Computer, south: Computer, east: Computer
) -> None:
    for computer in (north, south, east):
        await computer.join(hub)
    async with (
        first.connected(first.port),
        east.connected(first.port),
        north.connected(first.port),
        south.connected(first.port),
    ):
        everybody = ["First", "North", "South", "East"]
        await until(lambda: north.copied == south.copied == everybody)
    assert (first.copied, east.copied) == ([], [])
    assert (north.data / COPY).stat().st_mode & 0o077 == 0


async def test_who_joins_again_is_the_same_spare_and_takes_no_others_place(
    hub: Hub, first: Computer, north: Computer, south: Computer
) -> None:
    await north.join(hub)
    for _ in range(3):
        before = membership.load(north.data)
        membership.save(await hub.admit("North", before), north.data)
    await south.join(hub)
    folder = HubFolder(first.data / "hub")
    own, other = membership.load(north.data), membership.load(south.data)
    assert own is not None
    assert other is not None
    assert set(folder.spares) == {own.user, other.user}
    stranger = replace(other, password=SecretStr("of nobody"))
    await hub.admit("East", stranger)  # who does not know its password gets nothing by it
    folder.read()
    assert set(folder.spares) == {own.user, other.user}


async def test_a_spare_knows_who_is_paired_and_removed_later(
    hub: Hub, clock: FakeClock, first: Computer, north: Computer, south: Computer, east: Computer
) -> None:
    """Also who was paired while it was away, as soon as it is back."""
    await north.join(hub)
    async with north.connected(first.port):
        await until(lambda: north.copied == ["First", "North"])
        await south.join(hub)
        await until(lambda: north.copied == ["First", "North", "South"])
    await east.join(hub)
    async with north.connected(first.port):
        await until(lambda: north.copied == ["First", "North", "South", "East"])
        HubFolder(first.data / "hub").remove_doors(name="East")
        await clock.advance(1)
        await until(lambda: north.copied == ["First", "North", "South"])


async def test_a_spare_that_was_removed_does_not_bring_itself_back(
    hub: Hub, clock: FakeClock, first: Computer, north: Computer
) -> None:
    """By asking before the hub has noticed that another process has removed it."""
    await north.join(hub)
    folder, user = HubFolder(first.data / "hub"), north.membership.user
    folder.remove_doors(name="North")
    async with member(north.membership) as removed:
        for port in range(5001, 5004):
            asked = protocol.copy_request([Address("10.0.0.66", port)])
            await removed.publish(protocol.copy_request_subject(user), asked)
        await removed.flush()
        await until(lambda: user in folder.read().doors or not hub.knows(user))
        await clock.advance(1)
        await until(lambda: user in folder.read().doors or "North" not in hub.paired)
    assert (hub.paired, user in folder.read().doors) == (["First"], False)


async def test_a_hub_that_cannot_write_down_where_a_spare_is_holds_it_up_for_nothing(
    hub: Hub, first: Computer, north: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await north.join(hub)

    def full(*_about: object) -> None:
        raise ProblemError("The disk is full.")

    async with north.connected(first.port) as connection:
        monkeypatch.setattr(HubFolder, "set_addresses", full)
        subject = protocol.copy_request_subject(north.membership.user)
        asking = asyncio.create_task(connection.ask(subject, protocol.copy_request([])))
        await until(asking.done)
        assert await asking == {}


async def test_no_other_door_reads_what_a_spare_is_sent(
    hub: Hub, first: Computer, north: Computer, south: Computer, east: Computer
) -> None:
    for computer in (north, south, east):
        await computer.join(hub)
    heard: list[bytes] = []

    async def listen(message: Msg) -> None:
        heard.append(message.data)

    async with member(east.membership) as spy, north.connected(first.port):
        for subject in ("bo.copy.>", protocol.copy_subject(north.membership.user), ">"):
            await spy.subscribe(subject, cb=listen)
        elsewhere = protocol.copy_request([Address("10.0.0.66")])
        for user in (east.membership.user, north.membership.user):
            await spy.publish(protocol.copy_request_subject(user), elsewhere)
        await spy.publish(protocol.copy_request_subject(east.membership.user), b"no request")
        await spy.flush()
        await until(lambda: north.copied)
        await spy.flush()
    assert heard == []
    assert "10.0.0.66" not in (first.data / "hub" / "hub.json").read_text()


async def claim_at(computer: Computer, port: int) -> Record:
    async with computer.connected(port) as connection:
        record = await Record.open(connection, EVENT)
        await record.take(ticket(1), 0, author(1), AT)
        return record


async def test_a_spare_takes_over_and_the_doors_are_known_there(
    first: Computer, north: Computer, south: Computer, east: Computer, clock: FakeClock
) -> None:
    async with Hub(first.data, clock, name="Hall", port=first.port) as hub:
        await first.join(hub, own=True)
        for computer in (north, south, east):
            await computer.join(hub)
        async with north.connected(first.port):
            await until(lambda: north.copied == ["First", "North", "South", "East"])
        before = await claim_at(east, first.port)
    assert take_over(north.data).settings.epoch == 2
    async with Hub(north.data, clock, name="", port=north.port) as hub:
        assert (hub.name, hub.id, hub.epoch) == ("Hall", before.hub, 2)
        async with east.connected(north.port) as connection:
            record = await Record.open(connection, EVENT)
            assert (record.hub, record.epoch) == (before.hub, 2)
            assert record.id != before.id
            assert await record.last(protocol.claim_subject(EVENT, ticket(1), 0)) is None
        async with first.connected(north.port):
            await until(lambda: first.copied)
    with pytest.raises(ProblemError, match="no files of the hub"):
        take_over(east.data)


async def test_two_that_take_over_are_of_two_epochs(
    hub: Hub, first: Computer, north: Computer, south: Computer
) -> None:
    await north.join(hub)
    await south.join(hub)
    async with north.connected(first.port), south.connected(first.port):
        await until(lambda: north.copied and south.copied)
    epochs = [take_over(computer.data).settings.epoch for computer in (north, south, first)]
    assert epochs == [2, 3, 4]
    assert take_over(north.data).settings.epoch == 5


async def lose(hub: Hub, first: Computer, north: Computer) -> None:
    """Have a spare take over as if the hub were gone."""
    await north.join(hub)
    async with north.connected(first.port):
        here = str(Address(own_hosts()[0], north.port))
        settings = HubFolder(first.data / "hub")
        await until(lambda: north.copied)
        await until(
            lambda: here in settings.read().doors[north.membership.user].addresses,
            "the hub knows where the spare would be",
        )
    take_over(north.data)


async def test_an_old_hub_gives_way_when_it_meets_the_new_one(
    hub: Hub, first: Computer, north: Computer, clock: FakeClock
) -> None:
    await lose(hub, first, north)
    async with Hub(north.data, clock, name="", port=north.port):
        await clock.advance(15)
        with pytest.raises(ProblemError, match="has taken over as the hub of Hall"):
            async for _ in hub.events():
                pass
    assert first.membership.epoch == 2
    assert first.membership.addresses[0] == Address(own_hosts()[0], north.port)


async def test_an_old_hub_does_not_start_beside_the_new_one(
    first: Computer, north: Computer, clock: FakeClock
) -> None:
    async with Hub(first.data, clock, name="Hall", port=first.port) as hub:
        await first.join(hub, own=True)
        await lose(hub, first, north)
    async with Hub(north.data, clock, name="", port=north.port):
        with pytest.raises(ProblemError, match="has taken over as the hub of Hall"):
            async with Hub(first.data, clock, name="Hall"):
                raise AssertionError("two hubs")


async def test_another_venues_hub_at_a_spares_address_is_nothing(
    first: Computer, north: Computer, east: Computer, clock: FakeClock
) -> None:
    async with Hub(first.data, clock, name="Hall", port=first.port) as hub:
        await first.join(hub, own=True)
        await lose(hub, first, north)
    async with (
        Hub(east.data, clock, name="Yard", port=north.port),
        Hub(first.data, clock, name="Hall") as hub,
    ):
        assert hub.epoch == 1


async def test_a_copy_of_another_venue_is_passed_over(
    hub: Hub, first: Computer, north: Computer, east: Computer, clock: FakeClock
) -> None:
    await north.join(hub)
    async with north.connected(first.port):
        await until(lambda: north.copied)
    content = (north.data / COPY).read_bytes()
    async with Hub(east.data, clock, name="Yard", port=east.port) as other:
        await east.join(other, own=True)
    save_copy(east.data, content)
    assert read_copy(east.data) is None
    with pytest.raises(ProblemError, match="cannot be read"):
        save_copy(east.data, b"{}")
