"""A door that sends without end: it is counted, dropped, and keeps nobody from the hub."""

import asyncio
from pathlib import Path

import pytest

from boxoffice.domain.venue import Outcome
from boxoffice.venue import intake, presence
from boxoffice.venue.connection import Connection
from boxoffice.venue.engine import Engine
from boxoffice.venue.hub import TICK, Hub
from boxoffice.venue.intake import ALL, MESSAGE, PAUSE, SHARE, Intake
from boxoffice.venue.presence import Attendance
from boxoffice.venue.record import Record
from tests.support import FakeClock, until
from tests.venue.doors import AT, author, membership, open_stream, ticket
from tests.venue.engines import EVENT, free_port, joined, member
from tests.venue.engines import presence as said


class Steady:
    """The steady clock of an intake, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    steady = Steady()
    monkeypatch.setattr(intake, "monotonic", steady)
    return steady


@pytest.fixture
def little(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> Steady:
    """Few messages are too many."""
    monkeypatch.setattr(intake, "ALL", 50 * MESSAGE)
    return steady


def test_one_door_has_its_share_and_no_more(steady: Steady) -> None:
    counted, size = Intake(), SHARE // 8 - MESSAGE
    assert [counted.takes("aa", size) for _ in range(10)] == [True] * 8 + [False] * 2
    assert counted.takes("bb", size)
    steady.now += 1
    assert counted.takes("aa", size)
    assert not counted.is_flooded


def test_too_much_of_all_is_listened_to_again_after_a_while(steady: Steady) -> None:
    counted, number = Intake(), ALL // MESSAGE
    assert all(counted.takes(f"{door:x}", 0) for door in range(number))
    assert not counted.takes("aa", 0)
    assert counted.is_flooded
    steady.now += PAUSE
    assert not counted.is_flooded
    assert counted.takes("aa", 0)


async def test_who_waits_is_woken_by_too_much(little: Steady) -> None:
    counted = Intake()
    waiting = asyncio.create_task(counted.wait(3600))
    for _ in range(60):
        counted.takes("aa", 0)
    await waiting
    assert counted.is_flooded


async def test_a_flood_keeps_no_door_from_its_claims_nor_hides_who_was_there(
    engine: Engine, clock: FakeClock, little: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "EVERY", 0.01)
    await open_stream(engine, EVENT)
    own = membership(engine, 0)
    connection = await Connection.open(own.addresses[0], own)
    seen = Attendance(EVENT, author(0), own.user, clock, lambda: None)
    attending = asyncio.create_task(seen.run(connection))
    there = connection._client._subs

    def devices() -> set[str]:
        return {door.device for door in seen.doors} - {author(0).device}

    async with joined(engine, "door1") as other:

        async def comes(device: str) -> bool:
            little.now += 1
            await other.publish(*said(device))
            return device in devices()

        await until(lambda: comes("aa"))
        listening = len(there)
        for _ in range(500):
            await other.publish(*said("ee"))
        await other.flush()
        await until(lambda: len(there) == listening - 2, "that it does not listen")
        assert {"aa", "ee"} >= devices() >= {"aa"}
        record = await Record.open(connection, EVENT)
        assert (await record.take(ticket(1), 0, author(0), AT)).outcome is Outcome.WON
        little.now += PAUSE
        await until(lambda: comes("bb"))
        assert "aa" in devices()
    attending.cancel()
    await connection.close()


async def test_a_hub_does_not_listen_to_a_flood(
    tmp_path: Path, clock: FakeClock, little: Steady
) -> None:
    async with (
        Hub(tmp_path, clock, name="Hall", port=free_port()) as hub,
        member(await hub.admit("North")) as north,
    ):
        await north.publish(*said("aa"))
        await until(lambda: hub.doors)
        for _ in range(500):
            await north.publish(*said("ee"))

        async def ticks() -> bool:
            await clock.advance(TICK)
            return hub._presences is None

        await until(ticks, "that it does not listen")
        await clock.advance(60)
        assert "aa" in {door.device for door in hub.doors}
        little.now += PAUSE
        await clock.advance(TICK)

        async def is_there() -> bool:
            little.now += 1
            await north.publish(*said("bb"))
            return "bb" in {door.device for door in hub.doors}

        await until(is_there)
