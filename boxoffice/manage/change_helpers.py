"""What the kinds of things make their lists and changes with, and how they match names.

The document names the site's rules, but not its words for a refusal: what one comes from is found
by looking at what the site has.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from math import inf
from typing import TypeVar

from boxoffice.collector import collector_paused
from boxoffice.domain.text import clean, hex_uuid
from boxoffice.domain.text_folding import fold
from boxoffice.ticketbutler.changes import PendingChange, PreparedChange, refuse
from boxoffice.ticketbutler.errors import Refused, TicketbutlerError, Unreadable

log = logging.getLogger(__name__)

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")


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


def plain(text: str) -> str:
    """A name as it is compared: cleaned, folded, its words with one space between."""
    return " ".join(fold(clean(text)).split())


def only(
    among: Sequence[T], wanted: str, name: Callable[[T], str], *, none: str, several: str
) -> T:
    """The one that `named` finds. Raises Refused with one of the two sentences."""
    found = named(among, wanted, name)
    if len(found) != 1:
        raise refuse("not one by that name", several if found else none)
    return found[0]


def named(among: Sequence[T], wanted: str, name: Callable[[T], str]) -> list[T]:
    """Those whose `uuid` is `wanted`, else those with that name."""
    uuid, text = hex_uuid(wanted), plain(wanted)
    found = [each for each in among if uuid is not None and getattr(each, "uuid", "") == uuid]
    return found or [each for each in among if text and plain(name(each)) == text]


REFUSED = "The site refused this: "
"""What the client says before a site's own words."""


def explained(
    change: PendingChange[A],
    why: Callable[[], Awaitable[str]],
    of: tuple[type[TicketbutlerError], ...] = (Refused,),
) -> PendingChange[A]:
    """The same change, with what a refusal seems to come from before the site's own words.

    `why` looks for that; empty: nothing is known.
    """

    async def prepare() -> PreparedChange[A]:
        inner = await change.prepare()

        async def send() -> A:
            try:
                return await inner.send()
            except of as error:
                try:
                    sentence = await why()
                except TicketbutlerError:
                    log.info("not known why: %s", error)
                    sentence = ""
                if not sentence:
                    raise
                if isinstance(error, Refused) and error.sentence != error.default:
                    words = error.sentence.removeprefix(REFUSED)
                    sentence += f" In the site's words: {words}"
                raise Refused(str(error), sentence) from error

        return replace(inner, send=send)

    return PendingChange(prepare)
