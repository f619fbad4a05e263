"""Links come and go, answers are lost, check-ins are undone: the site has who is in, in the end."""

import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import HubState
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions
from tests.lane.conftest import OpenDoor, join, passes
from tests.lane.venue_support import conflicts, others, waiting
from tests.lane.ways import InProcess, Way
from tests.support import FakeClock
from tests.venue.doors import Cable
from tests.venue.model import ModelDoor, ModelHub

MOVES = 30
TICKETS = 6

Move = Callable[[], Awaitable[object]]


class Door:
    """One that has its links taken and given back, whatever they are."""

    def __init__(self, way: Way, door: ModelDoor) -> None:
        self.way = way
        self.door = door
        self.has_site = True

    async def turn_site(self) -> None:
        self.has_site = not self.has_site
        await (self.way.cable.plug() if self.has_site else self.way.cable.unplug())

    async def turn_hub(self) -> None:
        if self.door.status.state is HubState.JOINED:
            self.door.cut()
        else:
            await join(self.door)

    async def restore(self) -> None:
        self.door.loses_answers = False
        if not self.has_site:
            await self.turn_site()
        if self.door.status.state is not HubState.JOINED:
            await join(self.door)


async def is_in(lane: Lane, ticket: str) -> bool:
    return await lane._journal.read(admissions.get, ticket) is not None


@pytest.mark.parametrize("seed", range(2))
async def test_the_site_has_who_is_in_and_nobody_else(
    sandbox: Sandbox, hub: ModelHub, open_door: OpenDoor, clock: FakeClock, seed: int
) -> None:
    chance, in_process = random.Random(seed), InProcess(hub, open_door)
    port = int(sandbox.url.rpartition(":")[2])
    async with AsyncExitStack() as stack:
        doors = []
        for name in ("North", "South", "West"):
            cable = await stack.enter_async_context(Cable(port))
            doors.append(Door(await in_process.open(name, cable), hub.doors[-1]))
        north = doors[0]
        lane, tickets = north.way.lane, others(sandbox, TICKETS)

        async def lose_answers() -> None:
            chance.choice(doors).door.loses_answers ^= True

        async def lose_an_answer_of_the_site() -> None:
            fault = chance.choice(["drop", "drop-after", "503", "524-after"])
            sandbox.faults.set(fault, method="PATCH", times=1)

        async def pause() -> None:
            await clock.advance(chance.choice([1, 1, 2, 3, 70]))

        async def scan() -> None:
            await lane.scan(chance.choice(tickets))

        async def turn_a_site() -> None:
            await chance.choice(doors).turn_site()

        async def turn_a_hub() -> None:
            await chance.choice(doors).turn_hub()

        moves: dict[Move, int] = {
            scan: 6,
            pause: 8,
            lane.undo.last: 3,
            turn_a_site: 1,
            turn_a_hub: 1,
            lose_answers: 1,
            lose_an_answer_of_the_site: 3,
        }
        await north.turn_site()
        await passes(clock, lambda: lane.status.link is LinkState.OFFLINE, "offline")
        for move in chance.choices([*moves], [*moves.values()], k=MOVES):
            await move()
        sandbox.faults.clear()
        for door in doors:
            await door.restore()

        async def all_sent() -> bool:
            return sum([await waiting(door.way.lane) for door in doors]) == 0

        await passes(clock, all_sent, "all sent")
        await clock.advance(70)  # whatever is still under way arrives
        for door in doors:
            assert await conflicts(door.way.lane) == []
            assert (await door.way.lane.queue.view()).failed == ()
        for ticket in tickets:
            assert sandbox.state.tickets[ticket].checked_in is await is_in(lane, ticket), ticket
