"""The queue as a person sees it: what waits, what needs a look, and a copy of it as a file."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.sale import OPEN, Sale
from boxoffice.domain.text import clean
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.list_state import ListState
from boxoffice.paths import write_whole
from boxoffice.printing.spreadsheet import as_csv
from boxoffice.store import by_hand, queue, sales, tickets
from boxoffice.store.updates import JournalWritten

COLUMNS = ("state", "kind", "ticket", "name", "reason", "at", "lane", "operator", "tries")


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue, sorted by who has to act."""

    waiting: tuple[QueueRow, ...]
    failed: tuple[QueueRow, ...]
    conflicts: tuple[QueueRow, ...]
    names: Mapping[str, str]
    """Attendees' names by ticket uuid."""
    sales: tuple[Sale, ...] = ()
    """Sales that are not settled, oldest first; `Sale.needs_person` says which need one."""

    def cells(self, zone: tzinfo) -> list[tuple[str, ...]]:
        """Of all that is in the queue, under COLUMNS, those first that need a person."""
        sales = sorted(self.sales, key=lambda sale: not sale.needs_person)
        name = self.names.__getitem__
        return [
            *(
                _cells(row, row.kind, row.ticket, name(row.ticket), zone)
                for row in (*self.conflicts, *self.failed)
            ),
            *(
                _cells(one, "sale", "", f"{one.external_order_id} {one.cart.buyer.full_name}", zone)
                for one in sales
            ),
            *(_cells(row, row.kind, row.ticket, name(row.ticket), zone) for row in self.waiting),
        ]


def view_of(
    rows: Collection[QueueRow], unsettled: Iterable[Sale], names: Mapping[str, str]
) -> QueueView:
    """`names`: those that are known."""
    return QueueView(
        waiting=tuple(row for row in rows if row.state in (QueueState.WAITING, QueueState.SENDING)),
        failed=tuple(row for row in rows if row.state is QueueState.FAILED),
        conflicts=tuple(row for row in rows if row.state is QueueState.CONFLICT),
        names={row.ticket: names.get(row.ticket, "") for row in rows},
        sales=tuple(unsettled),
    )


class Queue(LanePart):
    """`lane.queue`: the rows of one event that the site has still to be told of."""

    def __init__(self, deps: LaneDeps, list_state: ListState) -> None:
        super().__init__(deps)
        self._list_state = list_state

    async def view(self) -> QueueView:
        """What waits, what failed, and the conflicts, with the names of their holders."""
        event = self._event
        found = await self._journal.read_all(queue.in_states, tuple(QueueState))
        rows = [row for row in found if row.event == event]
        known = await self._store.read(tickets.several, {row.ticket for row in rows})
        names = {ticket.uuid: ticket.full_name for ticket in known}
        unsettled = await self._journal.read_all(sales.in_states, event, OPEN)
        return view_of(rows, unsettled, names)

    async def export(self, path: Path) -> bool:
        """Write it to `path` as CSV, for its owner alone. Raises ProblemError.

        False: it is empty, and nothing is written.
        """
        view = await self.view()
        rows = view.cells(self._event_cache.event.zone)
        if rows:
            content = as_csv(COLUMNS, rows).encode("utf-8-sig")
            await asyncio.to_thread(write_whole, path, content)
        return bool(rows)

    async def retry(self, rows: Collection[int] | None = None) -> int:
        """Send failed rows again; None: all. Answers how many."""
        tickets = await self._tickets_aside()
        count = await self._journal.write(by_hand.retry, rows)
        await self._show(tickets)
        return count

    async def dismiss(self, row: int, reason: str) -> bool:
        """Take a row off the queue by a person's word. False: there was none such."""
        tickets = await self._tickets_aside()
        gone = await self._journal.write(by_hand.dismiss, row, clean(reason))
        await self._show(tickets)
        return gone

    async def _tickets_aside(self) -> set[str]:
        """The tickets of the rows that need a person."""
        aside = (QueueState.FAILED, QueueState.CONFLICT)
        rows = await self._journal.read_all(queue.in_states, aside)
        return {row.ticket for row in rows}

    async def _show(self, tickets: Collection[str]) -> None:
        await self._updates.publish(JournalWritten(tickets))
        await self._list_state.flush()


def _cells(
    row: QueueRow | Sale, kind: str, ticket: str, name: str, zone: tzinfo
) -> tuple[str, ...]:
    at = row.at.astimezone(zone).isoformat(timespec="seconds")
    return (row.state, kind, ticket, name, row.reason, at, row.lane, row.operator, str(row.tries))
