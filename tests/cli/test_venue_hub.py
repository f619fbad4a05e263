"""A hub of a venue: its files, its spares, and what it tells of itself."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from nats.js.errors import NotFoundError

from boxoffice.cli import venue
from boxoffice.domain.invitation import Address
from boxoffice.sandbox import SandboxThread
from boxoffice.venue import discovery, membership, protocol
from boxoffice.venue.discovery import FoundHub
from boxoffice.venue.hub import Hub
from boxoffice.venue.spares import read_copy
from tests.cli.conftest import Computer
from tests.cli.hubs import RunningHub, laptop, running
from tests.cli.test_scan import some
from tests.cli.test_venue import claimed_by, hub, north
from tests.support import settle, until
from tests.venue.engines import EVENT, claim, free_port, member

__all__ = ["hub", "north"]

ends_in_order = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows ends a process without a word"
)


@pytest.mark.skipif(os.name != "posix", reason="the system has no modes")
def test_its_files_are_its_owners_alone(hub: RunningHub) -> None:
    data = hub.computer.data
    for path in (data, *data.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_there_is_one_hub_in_a_folder_and_it_keeps_its_port(hub: RunningHub) -> None:
    ran = hub.computer.run("hub")
    assert ran.status == 1
    assert "is the hub already" in ran.sentence
    before = hub.ready
    hub.process.terminate()
    hub.process.wait()
    process = hub.computer.start("hub", "--json")
    try:
        assert process.stdout is not None
        again = json.loads(process.stdout.readline())
        assert again["address"] == before["address"]
        assert again["code"] != before["code"]
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize(
    ("others", "status", "said"),
    [
        ("10.0.0.5:x,10.0.0.6", 2, "10.0.0.5:x: write HOST:PORT"),
        ("10.0.0.5", 2, "name the other two"),
        ("10.0.0.5,10.0.0.6", 1, "has no files of the hub"),
    ],
)
def test_a_hub_of_three_is_made_of_computers_that_have_its_files(
    north: Computer, others: str, status: int, said: str
) -> None:
    ran = north.run("hub", "--with", others)
    assert ran.status == status
    assert said in ran.sentence


@ends_in_order
def test_it_is_told_that_it_stops(hub: RunningHub) -> None:
    hub.process.send_signal(signal.SIGTERM)
    assert hub.wait_for("stopped")["door"] == "Hall"
    assert hub.process.wait() == 128 + signal.SIGTERM


@ends_in_order
def test_people_read_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    owner = laptop(tmp_path / "hall", "Hall")
    process = owner.start("hub", "--name", "Big Hall", "--port", str(free_port()))
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Big Hall is at ")
    assert "boxoffice join" in line
    process.terminate()
    out, _ = process.communicate()
    assert "Big Hall has stopped" in out


def test_taking_over_is_a_higher_epoch_at_a_computer_that_has_the_files(
    hub: RunningHub, north: Computer
) -> None:
    ran = north.run("hub", "take-over")
    assert ran.status == 1
    assert "cannot take over" in ran.sentence
    north.run("join", hub.address, hub.code)
    before = membership.load(hub.computer.data)
    hub.process.terminate()
    hub.process.wait()
    process = hub.computer.start("hub", "take-over", "--json")
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["address"] == hub.address
        after = membership.load(hub.computer.data)
        assert before is not None
        assert after is not None
        assert after.hub == before.hub
        assert after.epoch > before.epoch
    finally:
        process.terminate()
        process.communicate()


async def test_a_spare_takes_over_for_a_hub_that_died_and_the_doors_come_by_themselves(
    hub: RunningHub, computer: Computer, site: SandboxThread, tmp_path: Path
) -> None:
    there = {"BOXOFFICE_LANE": "South", "BOXOFFICE_DATA_DIR": str(tmp_path / "south")}
    south = Computer(tmp_path / "south", computer.environment | there)
    for door in (computer, south):
        assert door.run("join", hub.address, hub.code).status == 0
        hub.wait_paired()
    codes = some(site, 12)
    first = claimed_by(south, codes[:6])
    lane = computer.start("scan", "--json")  # a door that is open is sent what a spare needs
    await until(lambda: read_copy(computer.data) is not None, "the hub's copy is here")
    lane.communicate()
    hub.process.kill()
    hub.process.wait()
    process = computer.start("hub", "take-over", "--json")
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["state"] == "ready"
        second = claimed_by(south, codes[6:])
        again = computer.scan(first, second).lines
        assert [line["verdict"] for line in again] == ["already_in"] * 2
    finally:
        process.terminate()
        process.communicate()


async def test_forgetting_an_event_drops_what_was_claimed_at_it_and_nothing_else(
    computer: Computer,
) -> None:
    other, last = "0e" * 16, "1e" * 16
    with running(computer) as hub:
        own = membership.load(computer.data)
        assert own is not None
        async with member(own) as door:
            js = door.jetstream()
            for event in (EVENT, other, last):
                await door.request(f"{protocol.OPEN}.{event}", b"", 5)
                body = claim("north", "f0" * 16)[1]
                await js.publish(protocol.claim_subject(event, "f0" * 16, 0), body)
            ran = await asyncio.to_thread(computer.run, "forget", EVENT)
            assert (ran.status, ran.err) == (0, "")

            async def is_gone() -> bool:
                try:
                    await js.stream_info(protocol.stream(EVENT))
                except NotFoundError:
                    return True
                return False

            await until(is_gone, "the hub has dropped it")
            await js.stream_info(protocol.stream(other))
            await door.request(f"{protocol.OPEN}.{EVENT}", b"", 5)  # and it may begin anew
            assert (await js.stream_info(protocol.stream(EVENT))).state.messages == 0
        hub.process.terminate()
        hub.process.wait()
    assert computer.run("forget", other).status == 0
    kept = {path.name for path in (computer.data / "hub").rglob("BO_*")}
    assert protocol.stream(other) not in kept
    assert protocol.stream(last) in kept


async def test_a_hub_says_that_there_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [FoundHub("Hall", "a1", 1, (Address("10.0.0.5"),))]
    said: list[str] = []

    async def find_hubs() -> list[FoundHub]:
        return found

    async def look() -> None:
        """For as long as it takes to have looked."""
        shows = SimpleNamespace(warn=said.append)
        hub = SimpleNamespace(id="a1", epoch=1)
        work = venue._warn_of_others(cast(Hub, hub), cast(venue.Display, shows))
        task = asyncio.create_task(work)
        await settle()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    monkeypatch.setattr(discovery, "find_hubs", find_hubs)
    await look()
    assert said == []  # it has found itself
    found.append(FoundHub("Field", "b2", 1, (Address("10.0.0.6"),)))
    await look()
    assert said == [
        "Also a hub here: Field at 10.0.0.6:4715. Its doors know nothing of this one's."
    ]
    found[:] = [FoundHub("Hall", "a1", 2, (Address("10.0.0.7"),))]  # has taken over from it
    await look()
    assert "Hall at 10.0.0.7:4715" in said[1]
