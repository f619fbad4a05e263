"""A door that is killed in the midst of a scan: `python -m tests.cli.dying_door POINT TICKET`.

Points: `asked`, as the hub is about to be asked; `claimed`, when it has answered and nothing is on
disk; `written`, when all is on disk and nobody has seen a green.
"""

import asyncio
import os
import signal
import sys

from boxoffice.cli.app_context import AppContext
from boxoffice.config import read_settings
from boxoffice.domain.venue import HubState, Taken
from boxoffice.store.database import Database
from boxoffice.venue.door import Door
from tests.support import until

POINTS = ("asked", "claimed", "written")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingDoor:
    """Watches what the door is about to do, once it is armed."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.armed = False

    def watch(self) -> None:
        opening, taking = Database._open, Door.take

        def opened(database: Database) -> None:
            opening(database)
            assert database._connection is not None
            if database.path.name == "journal.db":
                database._connection.set_trace_callback(self._look)

        async def take(door: Door, *about: object) -> Taken:
            if self.armed and self.point == "asked":
                die()
            return await taking(door, *about)  # type: ignore[arg-type]

        Database._open = opened  # type: ignore[method-assign, assignment]
        Door.take = take  # type: ignore[method-assign, assignment]

    def _look(self, statement: str) -> None:
        if self.armed and self.point == "claimed" and statement == "COMMIT":
            die()


async def scan(point: str, ticket: str) -> None:
    dying = DyingDoor(point)
    dying.watch()
    async with AppContext(read_settings({})) as context:
        lane = await context.lane(context.event or "", follow_list=False)
        await until(lambda: lane.status.venue.state is HubState.JOINED, "joined")
        dying.armed = True
        await lane.scan(ticket)
        die()


if __name__ == "__main__":
    asyncio.run(scan(*sys.argv[1:]))
