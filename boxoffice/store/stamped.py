"""What writes to the journal in the name of a lane: each row says when, where and by whom."""

import sqlite3
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from boxoffice.clock import Clock
from boxoffice.domain.text import clean
from boxoffice.site_clock import own_time
from boxoffice.store.entries import Stamp, written
from boxoffice.store.writer import Database

P = ParamSpec("P")
T = TypeVar("T")


class Stamped:
    """Runs work on `database`, with the time, the lane and the operator at hand."""

    def __init__(self, database: Database, *, lane: str, operator: str, clock: Clock) -> None:
        self._database = database
        self._lane = clean(lane)
        self._operator = clean(operator)
        self._clock = clock

    async def _write(
        self,
        work: Callable[Concatenate[sqlite3.Connection, Stamp, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `work(connection, stamp, *args)`."""
        own = own_time(self._clock)
        shown = None if own is None else written(own)
        stamp = Stamp(written(self._clock.now()), self._lane, self._operator, shown)
        return await self._database.run(work, stamp, *args, **kwargs)
