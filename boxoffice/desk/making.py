"""What lists and changes of the desk are made with."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from math import inf
from typing import TypeVar

from boxoffice.collector import collector_paused
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, refuse
from boxoffice.ticketbutler.errors import Unreadable

A = TypeVar("A")
B = TypeVar("B")


async def rows_of(
    told: list[A], read: Callable[[A], B], at: Callable[[B], datetime | None] | None = None
) -> list[B]:
    """A row of each, made in a thread. `told` is empty then: so many are not let go at once.

    `at`: of when a row is; the newest come first then, and those of no known time last.
    """

    def make() -> list[B]:
        told.reverse()
        with collector_paused:
            rows = [read(told.pop()) for _ in range(len(told))]
            if at is not None:
                rows.sort(key=lambda row: -when.timestamp() if (when := at(row)) else inf)
            return rows

    return await asyncio.to_thread(make)


def mapped(change: PendingChange[A], read: Callable[[A], B]) -> PendingChange[B]:
    """The same change, giving something else."""

    async def prepare() -> PreparedChange[B]:
        inner = await change.prepare()

        async def send() -> B:
            return read(await inner.send())

        return PreparedChange(inner.call, send, inner.differences, inner.notes)

    return PendingChange(prepare)


def shown_as_made(found: Sequence[A]) -> A:
    """What was made, as the site's answer shows it. Raises Unreadable where it does not."""
    if not found:
        raise Unreadable(
            "what was made is not in the answer",
            "The site took it, but does not show it: look at the list.",
        )
    return found[0]


def later(make: Callable[[], Awaitable[PendingChange[A]]]) -> PendingChange[A]:
    """A change for which something must be read before it can be made."""

    async def prepare() -> PreparedChange[A]:
        return await (await make()).prepare()

    return PendingChange(prepare)


def needed(event: str | None) -> str:
    """The event of what is of one."""
    if event is None:
        raise refuse("no event", "Say which event it is of.")
    return event
