"""The changes that a lane notifies its watchers of: in its status, list, scans and sales."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from boxoffice.collector import collector_paused
from boxoffice.domain.journal import Counts
from boxoffice.domain.models import CodesKnown, LinkState
from boxoffice.domain.venue import NEVER_JOINED, VenueStatus
from boxoffice.domain.verdicts import Scan
from boxoffice.store.updates import SaleUpdated

NOTHING_READ = CodesKnown()


class Status(NamedTuple):
    """What the head of the screen always shows."""

    event_title: str
    lane: str
    link: LinkState = LinkState.OFFLINE
    sentence: str = ""
    """What is wrong with the link, and what to do about it; empty: nothing."""
    faults: tuple[str, ...] = ()
    """A sentence for each part that does not work, or was lost."""
    clock_off: timedelta = timedelta()
    """How far this computer's clock is ahead of the site's; zero: too little to matter."""
    free: int | None = None
    """Bytes that are free on this computer's disk; None: not known."""
    list_at: datetime | None = None
    """When the list was last read from the server; None: never."""
    doubted: int | None = None
    """How many tickets the site's newest list has, where it has lost so many that it is not
    believed; None: the list is believed."""
    loading: bool = True
    """The list is still being loaded from disk into memory. Scans are answered all the same."""
    counts: Counts = Counts()
    checked_in: int = 0
    total: int = 0
    codes: CodesKnown = NOTHING_READ
    """How many tickets were read one by one, for the codes that the list does not hold."""
    venue: VenueStatus = NEVER_JOINED
    """Whether this computer reaches the hub of its venue."""
    operator: str = ""
    """Who is at the door."""


class StatusChanged(NamedTuple):
    status: Status


class RosterChanged(NamedTuple):
    uuids: frozenset[str] | None = None
    """The tickets that changed; None: any of them, and `Lane.roster` may be another object."""


class ScanCompleted(NamedTuple):
    """More is known of the guest of an earlier scan. The verdict stays what it was."""

    scan: Scan


Change = StatusChanged | RosterChanged | SaleUpdated | ScanCompleted
Watcher = Callable[[Change], None]
Wait = Callable[[], Awaitable[object]] | None
"""Awaited before something else begins; None: nothing is."""


def freeze_once_loaded(watch: Callable[[Watcher], Callable[[], None]]) -> None:
    """Once the list is in memory, keep the garbage collector from going over it.

    A collection over 100,000 tickets stalls the screen. `watch`: that of a lane which was not
    started yet.
    """

    def look(change: Change) -> None:
        if isinstance(change, StatusChanged) and not change.status.loading:
            stop()
            collector_paused.freeze()

    stop = watch(look)
