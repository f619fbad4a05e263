"""What those who watch a lane are notified of: its status, its list, its scans and its sales."""

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
    """The truth that is always on the screen."""

    event_title: str
    lane: str
    link: LinkState = LinkState.OFFLINE
    sentence: str = ""
    """What is wrong with the link, and what to do; empty while all is well."""
    faults: tuple[str, ...] = ()
    """Of each part that does not work, or was lost, a sentence."""
    clock_off: timedelta = timedelta()
    """By so much this computer's clock is ahead of the site's; none: by too little to matter."""
    free: int | None = None
    """Bytes on this computer's disk; None: not known."""
    list_at: datetime | None = None
    """When the list was last read from the server; None: never."""
    doubted: int | None = None
    """So many tickets the site lists by now, which is not believed; None: that is not so."""
    loading: bool = True
    """The list on disk is not in memory yet. Scans are answered all the same."""
    counts: Counts = Counts()
    checked_in: int = 0
    total: int = 0
    codes: CodesKnown = NOTHING_READ
    """How far the tickets were read one by one, for the codes that the list does not hold."""
    venue: VenueStatus = NEVER_JOINED
    """How this computer stands to the hub of its venue."""
    operator: str = ""
    """Who is at the door."""


class StatusChanged(NamedTuple):
    status: Status


class RosterChanged(NamedTuple):
    uuids: frozenset[str] | None = None
    """Which; None: any of them, the list may be another one."""


class ScanCompleted(NamedTuple):
    """More is known of the guest of a scan that was answered before. Its verdict is the same."""

    scan: Scan


Change = StatusChanged | RosterChanged | SaleUpdated | ScanCompleted
Watcher = Callable[[Change], None]
Wait = Callable[[], Awaitable[object]] | None
"""Returns once something is done; None: it is not waited for."""


def freeze_once_loaded(watch: Callable[[Watcher], Callable[[], None]]) -> None:
    """Leave the list out of collections: one over 100,000 tickets stalls the screen.

    `watch`: of a lane that was not started yet.
    """

    def look(change: Change) -> None:
        if isinstance(change, StatusChanged) and not change.status.loading:
            stop()
            collector_paused.freeze()

    stop = watch(look)
