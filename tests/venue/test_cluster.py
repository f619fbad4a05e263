"""Three computers are the hub: it goes on while two do, and they agree on whom they have paired."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from boxoffice import ProblemError
from boxoffice.clock import SystemClock
from boxoffice.domain.invitation import Address
from boxoffice.domain.venue import HubState, Outcome, StoreTrouble
from boxoffice.venue import HubAwayError, connection, engine, protocol
from boxoffice.venue import hub as hub_module
from boxoffice.venue.client import close, connect_stranger
from boxoffice.venue.connection import Connection
from boxoffice.venue.hub import Hub
from boxoffice.venue.hub_folder import HubFolder
from boxoffice.venue.membership import Membership
from boxoffice.venue.record import Record
from tests.support import until
from tests.venue.computers import Computer
from tests.venue.doors import AT, EVENT, author, ticket
from tests.venue.small_disk import fill, small_disk
from tests.venue.test_door import follow, joined, joining, known

NAMES = ("First", "North", "South")


class Three:
    def __init__(self, computers: Sequence[Computer]) -> None:
        self.computers = computers
        self.hubs: dict[str, Hub] = {}
        self._running: dict[str, AsyncExitStack] = {}

    async def prepare(self) -> None:
        """Have the first one pair the others, which are its spares then."""
        first, *others = self.computers
        async with Hub(first.data, SystemClock(), name="Hall", port=first.port) as hub:
            await first.join(hub, own=True)
            for computer in others:
                await computer.join(hub)
                async with computer.connected(first.port):
                    await until(lambda computer=computer: computer.copied)

    async def start(self, *names: str) -> None:
        """At the same time: none is ready before another one is there."""
        await asyncio.gather(*(self._start(c) for c in self.computers if c.data.name in names))

    async def _start(self, computer: Computer) -> None:
        others = [Address("127.0.0.1", c.port) for c in self.computers if c is not computer]
        stack, name = AsyncExitStack(), computer.data.name
        hub = Hub(computer.data, SystemClock(), name="", port=computer.port, others=others)
        self._running[name] = stack
        self.hubs[name] = await stack.enter_async_context(hub)

    async def stop(self, *names: str) -> None:
        for name in names:
            await self._running.pop(name).aclose()

    async def stop_all(self) -> None:
        await self.stop(*self._running)


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    three = Three([Computer(tmp_path / name) for name in NAMES])
    try:
        await three.prepare()
        yield three
    finally:
        await three.stop_all()


@pytest.fixture(autouse=True)
def asked_again(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the three agree on who leads nobody answers: it is asked again here."""
    monkeypatch.setattr(connection, "ANSWERS_WITHIN", 2.0)
    monkeypatch.setattr(engine, "ANSWERS_WITHIN", 5.0)


async def answer_of(connection: Connection, subject: str) -> dict[str, Any]:
    """Asked for until it comes."""
    answers: list[dict[str, Any]] = []

    async def answered() -> bool:
        try:
            answers.append(await connection.ask(subject))
        except HubAwayError:
            return False
        return True

    await until(answered)
    return answers[0]


async def record_at(connection: Connection) -> Record:
    """Asked for until the three agree."""
    found: list[Record] = []

    async def opened() -> bool:
        try:
            found.append(await Record.open(connection, EVENT))
        except HubAwayError:
            return False
        return True

    await until(opened)
    return found[0]


async def claim(computer: Computer, door: Membership, number: int, device: int) -> Outcome:
    """At one computer of the three, asked again until it is known."""
    async with computer.connected(computer.port, door) as member:
        record = await record_at(member)
        outcomes: list[Outcome] = []

        async def known() -> bool:
            try:
                taken = await record.take(ticket(number), 0, author(device), AT)
            except HubAwayError:
                return False
            outcomes.append(taken.outcome)
            return True

        await until(known)
        return outcomes[0]


async def test_a_hub_of_three_goes_on_with_two(three: Three) -> None:
    await three.start(*NAMES)
    assert {hub.epoch for hub in three.hubs.values()} == {4}
    first, north, south = three.computers
    east = await three.hubs["First"].admit("East")
    assert await claim(first, east, 1, 1) is Outcome.WON
    await until(lambda: "East" in three.hubs["North"].paired)
    assert await claim(north, east, 1, 2) is Outcome.LOST
    async with first.connected(first.port, east) as member:
        answer = await answer_of(member, f"$JS.API.STREAM.INFO.{protocol.stream(EVENT)}")
        assert answer["config"]["num_replicas"] == 3
        answer = await answer_of(member, f"{protocol.OPEN}.{EVENT}")
        others = {f"127.0.0.1:{computer.port}" for computer in three.computers}
        assert len(others & set(answer["addresses"])) == 2
    await three.stop("First")
    assert await claim(north, east, 1, 3) is Outcome.LOST
    assert await claim(south, east, 2, 4) is Outcome.WON
    assert await claim(north, east, 2, 5) is Outcome.LOST
    await three.start("First")
    assert await claim(first, east, 2, 6) is Outcome.LOST
    at_south = replace(east, addresses=(Address("127.0.0.1", south.port),))
    async with joining(at_south, 7) as door:
        follow(door)
        await joined(door)
        await three.stop("First", "North")

        async def is_alone() -> bool:
            """By a scan that waits in vain, though the one that is left gives signs of life."""
            await door.take(EVENT, ticket(3), 0)
            return door.status.state is HubState.ALONE

        await until(is_alone)
        await three.start("First", "North")
        assert (await known(lambda: door.take(EVENT, ticket(3), 0))).outcome is Outcome.WON


async def test_one_whose_disk_is_full_is_not_of_the_three_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "LOOK_EVERY", 0.5)
    with small_disk(tmp_path / "disk", 8 << 20) as disk:
        three = Three([Computer(disk / NAMES[0]), *(Computer(tmp_path / n) for n in NAMES[1:])])
        try:
            await three.prepare()
            await three.start(*NAMES)
            east = await three.hubs["First"].admit("East")
            addresses = (Address("127.0.0.1", computer.port) for computer in three.computers)
            own = replace(east, addresses=tuple(addresses))
            async with joining(own, 1) as door:
                follow(door)
                await joined(door)
                numbers = count()

                async def is_noticed() -> bool:
                    await door.take(EVENT, ticket(next(numbers)), 0)
                    return three.hubs["First"].trouble is StoreTrouble.DISK

                ballast = fill(disk)
                await until(is_noticed)
                number = next(numbers)
                taken = await known(lambda: door.take(EVENT, ticket(number), 0))
                assert taken.outcome is Outcome.WON
            ballast.unlink()
            at_first = replace(east, addresses=(Address("127.0.0.1", three.computers[0].port),))
            async with joining(at_first, 2) as door:
                follow(door)
                await joined(door)
                taken = await known(lambda: door.take(EVENT, ticket(number), 0))
                assert taken.outcome is Outcome.LOST
            assert three.hubs["First"].trouble is None
        finally:
            await three.stop_all()


async def test_whoever_is_paired_at_one_is_known_to_all(three: Three) -> None:
    await three.start("First", "North")
    east = await three.hubs["North"].admit("East")
    await three.start("South")
    await until(lambda: all("East" in hub.paired for hub in three.hubs.values()))
    first, north, south = three.computers
    assert await claim(south, east, 1, 1) is Outcome.WON
    west = await three.hubs["South"].admit("West")
    await until(lambda: all("West" in hub.paired for hub in three.hubs.values()))
    assert await claim(first, west, 1, 2) is Outcome.LOST
    assert await claim(north, west, 2, 3) is Outcome.WON
    HubFolder(first.data / "hub").remove_doors(name="West")
    await until(lambda: all("West" not in hub.paired for hub in three.hubs.values()))
    await three.stop("South")
    HubFolder(first.data / "hub").remove_doors(name="East")
    await until(lambda: "East" not in three.hubs["North"].paired)
    await three.start("South")
    await until(lambda: three.hubs["South"].paired == sorted(NAMES))


async def test_a_code_counts_where_it_is_shown(three: Three) -> None:
    await three.start(*NAMES)

    def answers(name: str) -> None:
        async def answer(_: bytes) -> bytes:
            return name.encode()

        three.hubs[name].answer_pairing = answer

    for name in NAMES:
        answers(name)
    for computer in three.computers:
        stranger = await connect_stranger(f"127.0.0.1:{computer.port}")
        for _ in range(5):
            answer = await stranger.request(protocol.PAIR, b"", 5)
            assert answer.data.decode() == computer.data.name
        await close(stranger)


async def test_two_addresses_are_needed(three: Three) -> None:
    with pytest.raises(ProblemError, match="name the other two"):
        Hub(three.computers[0].data, SystemClock(), name="", others=[Address("127.0.0.1", 1)])


async def test_one_that_has_no_files_of_the_hub(tmp_path: Path) -> None:
    others = [Address("127.0.0.1", 1), Address("127.0.0.1", 2)]
    with pytest.raises(ProblemError, match="has no files of the hub"):
        Hub(tmp_path, SystemClock(), name="", others=others)
