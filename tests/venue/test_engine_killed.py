"""The engine is killed twelve times while doors claim: who was told that a claim is won, has it."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxoffice.clock import SystemClock
from boxoffice.domain.venue import Outcome
from boxoffice.venue import HubAwayError, protocol
from boxoffice.venue.connection import Connection
from boxoffice.venue.hub import Hub
from boxoffice.venue.membership import Membership
from boxoffice.venue.record import Record
from tests.support import until
from tests.venue.doors import AT, EVENT, author, ticket
from tests.venue.engines import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it kills as POSIX does")

DOORS, KILLS = 6, 12
BETWEEN = 25
"""Tickets that are won between two kills."""


class Race:
    """Doors that claim the same tickets, each in an order of its own, until it is over."""

    def __init__(self) -> None:
        self.is_over = False
        self.won: defaultdict[str, set[str]] = defaultdict(set)
        """The devices that were told so, of each ticket."""
        self.answers: Counter[str] = Counter()

    async def run(self, number: int, member: Membership) -> None:
        """Claim ticket after ticket; where the outcome is unknown, the same one again."""
        tickets = shuffled(number)
        name = next(tickets)
        while not self.is_over:
            try:
                connection = await Connection.open(member.addresses[0], member)
            except HubAwayError:
                continue
            try:
                record = await Record.open(connection, EVENT)
                while not self.is_over:
                    taken = await record.take(name, 0, author(number), AT)
                    self.answers[taken.outcome] += 1
                    if taken.outcome is Outcome.WON:
                        self.won[name].add(author(number).device)
                    name = next(tickets)
            except HubAwayError:
                self.answers[Outcome.UNKNOWN] += 1
            finally:
                await connection.close()

    async def wins_more(self) -> None:
        """Return when some tickets more are won than now: an engine is at work again."""
        enough = len(self.won) + BETWEEN
        await until(lambda: len(self.won) >= enough)


def shuffled(seed: int) -> Iterator[str]:
    """Tickets without end, a hundred at a time."""
    chance = random.Random(seed)
    start = 0
    while True:
        hundred = list(range(start, start + 100))
        chance.shuffle(hundred)
        yield from map(ticket, hundred)
        start += 100


async def test_nobody_is_told_what_was_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "hub" / "engine.pid"
    race, killed = Race(), 0
    async with Hub(tmp_path, SystemClock(), name="Hall", port=free_port()) as hub:
        members = [await hub.admit(f"Door {number}", own=True) for number in range(DOORS)]
        doors = [asyncio.create_task(race.run(*each)) for each in enumerate(members)]
        for _ in range(KILLS):
            await race.wins_more()
            pid = int(file.read_text())
            assert pid != killed
            os.kill(pid, signal.SIGKILL)
            killed = pid
        await race.wins_more()
        race.is_over = True
        await asyncio.gather(*doors)
        connection = await Connection.open(members[0].addresses[0], members[0])
        record = await Record.open(connection, EVENT)
        for name, devices in race.won.items():
            assert len(devices) == 1, f"{name} was won by {devices}"
            stored = await record.last(protocol.claim_subject(EVENT, name, 0))
            assert stored is not None, f"{name} was won, and is not stored"
            assert {protocol.read_message(*stored).device} == devices
        await connection.close()
    assert race.answers[Outcome.LOST]
