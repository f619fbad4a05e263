"""Earlier scans, as the journal has them: of this lane, and of all lanes of this computer."""

import asyncio
from collections import deque

from boxoffice.domain.history import PastScan, Since
from boxoffice.domain.models import Ticket
from boxoffice.domain.verdicts import Scan, Verdict
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.store import history, tickets
from boxoffice.store.history import ScanRow
from boxoffice.store.updates import StoreUpdate

RECENT = 50
MOST = 3_000
"""How many scans, the newest ones, can be searched."""
LOOKED_THROUGH = 20_000
"""How many rows of the journal, the newest ones, are searched for a lane's last scans."""


class History(LanePart):
    """`lane.history`: the last scans of one lane in memory, and all of its event in the journal."""

    def __init__(self, deps: LaneDeps, lane: str) -> None:
        super().__init__(deps)
        self.recent: deque[Scan] = deque(maxlen=RECENT)
        """Of this lane, newest first."""
        self.undone: set[int] = set()
        """Ids of those among them whose check-in was undone since."""
        self._lane = lane

    # The last scans

    async def restore(self) -> None:
        """Read the recent scans of this lane from the journal."""
        for past in await self._past(RECENT, lane=self._lane, among=LOOKED_THROUGH):
            self.recent.append(past.scan)
            if past.since is Since.UNDONE:
                self.undone.add(past.scan.id)

    def complete(self, scan: int, verdict: Verdict) -> Scan | None:
        """Give a recent scan a more complete verdict; None: it is no longer among the recent."""
        for place, recent in enumerate(self.recent):
            if recent.id == scan:
                self.recent[place] = recent._replace(verdict=verdict)
                return self.recent[place]
        return None

    def take_back(self, ticket: str) -> None:
        """Note that the last check-in of `ticket` was undone."""
        for scan in self.recent:
            whose = scan.verdict.ticket
            if whose is None or whose.uuid != ticket:
                continue
            if scan.verdict.code.is_green:
                self.undone.add(scan.id)
                return

    async def on_update(self, _: StoreUpdate) -> None:
        """Give the times of the recent scans in the event's zone, as it is known now."""
        for number, scan in enumerate(self.recent):
            self.recent[number] = scan._replace(at=scan.at.astimezone(self._event_cache.event.zone))

    # The journal

    async def before(self, scan: int | None) -> PastScan | None:
        """The scan of this lane that came before the one with this id; None: there is none.

        `scan` is None: the newest of all.
        """
        return next(iter(await self._past(1, lane=self._lane, before=scan)), None)

    async def scans(self) -> list[PastScan]:
        """The scans of all lanes of this computer at this event, newest first, at most MOST."""
        return await self._past(MOST)

    async def _past(
        self,
        most: int,
        *,
        lane: str | None = None,
        before: int | None = None,
        among: int | None = None,
    ) -> list[PastScan]:
        rows = await self._journal.read_all(
            history.scans, self._event, most, lane=lane, before=before, among=among
        )
        named = {row.ticket for row in rows if row.ticket is not None}
        known = {one.uuid: one for one in await self._store.read_all(tickets.several, named)}
        return await asyncio.to_thread(
            lambda: [self._past_scan(row, known.get(row.ticket or "")) for row in rows]
        )

    def _past_scan(self, row: ScanRow, ticket: Ticket | None) -> PastScan:
        verdict = Verdict(row.verdict, row.reason, confirmed=row.confirmed, ticket=ticket)
        at = row.at.astimezone(self._event_cache.event.zone)
        code = row.code or (row.ticket or "")[:8]
        scan = Scan(row.id, code, verdict, at)
        return PastScan(scan, row.ticket, row.lane, row.operator, row.since)
