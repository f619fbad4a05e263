"""Exchanges scans and figures with the other doors of the venue, for the overview of all doors.

What is exchanged is stored nowhere, and names nobody.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from boxoffice.domain.text import clean
from boxoffice.domain.venue import ASK, LANE_LIMIT, LetInTwice, read_moment
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.list_state import ListState
from boxoffice.store import admissions, claim_feed, venue
from boxoffice.sync.context import Wakeup

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two updates of this door's figures."""
RATE_OVER = timedelta(minutes=1)
RECENT = 50
SCAN = "scan"
"""The kind of message that carries a `DoorScan`."""
UUID_LENGTH = 32


class DoorScan(NamedTuple):
    ticket: str
    """Its uuid; empty: the code named none."""
    verdict: VerdictCode
    lane: str
    at: datetime
    """By that door's clock, with its time zone."""


class Overview(LanePart):
    """What each door of the venue tells of itself. Make it with `of`."""

    def __init__(self, deps: LaneDeps, list_state: ListState, lane: str, venue: "Venue") -> None:
        super().__init__(deps)
        self._context = deps.context
        self._list_state = list_state
        self._lane = lane
        self._hub = venue
        self._scans: deque[DoorScan] = deque(maxlen=RECENT)
        self._wakeup = Wakeup(self._clock)
        self._is_asked = False
        """Another door has asked for this door's account."""

    @classmethod
    def of(cls, deps: LaneDeps, list_state: ListState, lane: str) -> Self | None:
        """An overview; None: this computer never joined a venue."""
        venue = deps.context.venue
        return None if venue is None else cls(deps, list_state, lane, venue)

    @property
    def scans(self) -> list[tuple[DoorScan, str]]:
        """The last scans of all doors, newest first, each with the guest's name by our own list.

        Times are in the event's zone.
        """
        zone = self._event_cache.event.zone
        newest = sorted(self._scans, key=lambda scan: scan.at, reverse=True)
        return [
            (scan._replace(at=scan.at.astimezone(zone)), self._name_of(scan.ticket))
            for scan in newest
        ]

    async def let_in_twice(self) -> list[tuple[LetInTwice, str]]:
        """Tickets that two doors let in, newest first, each with the guest's name by our own list.

        Those that a person here has dismissed are left out. Times are in the event's zone.
        """
        zone = self._event_cache.event.zone
        settled = await self._journal.read_all(venue.dismissed, self._event)
        return [
            (pair.in_zone(zone), self._name_of(pair.ticket))
            for pair in reversed(await self._store.read_all(claim_feed.let_in_twice, self._event))
            if pair.ticket not in settled or settled[pair.ticket] < pair.second_at
        ]

    def _name_of(self, ticket: str) -> str:
        row = self._list_state.row(ticket)
        return row.ticket.display_name if row is not None else ""

    def publish(self, scan: Scan) -> None:
        """Show all doors a scan of ours. It is sent after whoever waits for the scan has it."""
        verdict = scan.verdict
        ticket = verdict.ticket.uuid if verdict.ticket is not None else ""
        made = DoorScan(ticket, verdict.code, self._lane, scan.at)
        self._scans.appendleft(made)
        fields = made._asdict() | {"at": made.at.isoformat()}
        asyncio.get_running_loop().call_soon(self._hub.broadcast, self._event, SCAN, fields)

    async def run(self) -> None:
        """Receive what the other doors tell, and keep telling them our figures. Never returns."""
        unwatch = self._hub.watch_broadcasts(self._event, SCAN, self._take_scan)
        unwatch_asked = self._hub.watch_broadcasts(self._event, ASK, self._take_ask)
        try:
            while True:
                if self._is_asked:
                    self._is_asked = False
                    await self._publish_account()
                await self._show_numbers()
                await self._wakeup.wait(EVERY)
        finally:
            unwatch_asked()
            unwatch()

    def _take_ask(self, device: str, fields: Mapping[str, Any]) -> None:
        self._is_asked = True
        self._wakeup.set()

    async def _publish_account(self) -> None:
        """Send this door's account, of admissions and money, to whoever asked for it."""
        from boxoffice.domain.venue_account import ANSWER, as_message
        from boxoffice.sync.venue_account import read_own_account

        event, extras = self._event_cache.event, self._policy.extras
        listed = dict(await self._puller.load())  # it changes while another thread looks at it
        own = await read_own_account(self._context, event, extras, listed)
        self._hub.broadcast(self._event, ANSWER, as_message(own))

    async def _show_numbers(self) -> None:
        counts = await self._list_state.count_queue()
        since = self._clock.now() - RATE_OVER
        rate = await self._journal.read(admissions.number_since, self._event, since)
        self._hub.show(self._event, waiting=counts.unsent, conflicts=counts.conflicts, rate=rate)

    def _take_scan(self, device: str, fields: Mapping[str, Any]) -> None:
        try:
            self._scans.appendleft(_read_scan(fields))
        except (KeyError, TypeError, ValueError) as error:
            log.info("passed over: what %s told is no scan: %s", device, type(error).__name__)


def _read_scan(fields: Mapping[str, Any]) -> DoorScan:
    """Raises KeyError, TypeError or ValueError."""
    at = read_moment(fields["at"])
    lane, ticket = str(fields["lane"]), str(fields["ticket"])
    return DoorScan(
        clean(ticket, UUID_LENGTH), VerdictCode(fields["verdict"]), clean(lane, LANE_LIMIT), at
    )
