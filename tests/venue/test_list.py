"""The list from door to door on a real engine: it passes by, and nothing of it stays at the hub."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from boxoffice.clock import SystemClock
from boxoffice.domain.models import LinkState
from boxoffice.domain.shared_list import elect, site_mark
from boxoffice.domain.venue import HubState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.venue import presence
from boxoffice.venue.door import Door
from boxoffice.venue.engine import Engine
from tests.lane.conftest import Network, lane_in, listed, passes
from tests.lane.test_venue_list import know_event
from tests.support import FakeClock, until
from tests.venue.doors import author, membership, open_stream


async def test_a_newcomer_without_the_site_gets_the_list_and_the_hub_stores_none_of_it(
    engine: Engine,
    sandbox: Sandbox,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(presence, "EVERY", 0.05)
    uuid = sandbox.state.tonight.uuid
    await open_stream(engine, uuid)
    async with AsyncExitStack() as stack:

        async def open_door(number: int, network: Network | None = None) -> tuple[Lane, Door]:
            device, name = author(number)
            door = await stack.enter_async_context(
                Door(membership(engine, number), device=device, lane=name, clock=SystemClock())
            )
            lane = await lane_in(
                stack,
                sandbox,
                tmp_path / name,
                clock,
                name=name,
                venue=door,
                network=network,
            )
            await until(lambda: door.status.state is HubState.JOINED, f"{name} joined")
            return lane, door

        north, at_north = await open_door(1)
        await listed(north)
        away = Network()
        away.is_cut = True
        await know_event(sandbox, tmp_path / author(0).lane)
        late, at_late = await open_door(0, away)
        await passes(clock, lambda: len(late.roster) == len(north.roster), "the whole list")
        assert late.status.link is not LinkState.ONLINE

        async def all_know() -> bool:
            there = [await door.doors(uuid) for door in (at_north, at_late)]
            mark = site_mark(sandbox.url)
            return [elect(doors, mark) for doors in there] == [at_north.device] * 2

        await until(all_know, "North reads the list for all")
        listed_now = [late.roster.get(ticket) for ticket in late.roster.rows()]
    told = {
        text.encode()
        for row in listed_now
        if row is not None
        for text in (row.ticket.full_name, row.ticket.email)
        if len(text) > 3
    }
    assert len(told) > 50
    await engine.stop()
    files = await asyncio.to_thread(lambda: [*engine.folder.rglob("*")])
    contents = [file.read_bytes() for file in files if file.is_file()]
    assert any(uuid.encode() in content for content in contents)
    contents.append(caplog.text.encode())
    assert not any(text in content for content in contents for text in told)
