"""The queue as a person sees it: what waits, what needs a look, and a copy of it as a file."""

import asyncio
import csv
import io
from datetime import tzinfo
from pathlib import Path

from boxoffice.door.models import Event, QueueRow, State
from boxoffice.lane.status import QueueView
from boxoffice.store import Journal, RosterStore

COLUMNS = ("state", "kind", "ticket", "name", "reason", "at", "lane", "operator", "tries")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""


async def view(event: Event, journal: Journal, store: RosterStore) -> QueueView:
    """The rows of one event, with the names of their holders."""
    rows = [row for row in await journal.entries(tuple(State)) if row.event == event.uuid]
    names = {}
    for row in rows:
        known = await store.ticket(row.ticket)
        names[row.ticket] = known.full_name if known else ""
    return QueueView(
        waiting=tuple(row for row in rows if row.state in (State.WAITING, State.SENDING)),
        failed=tuple(row for row in rows if row.state is State.FAILED),
        conflicts=tuple(row for row in rows if row.state is State.CONFLICT),
        names=names,
    )


async def export(view: QueueView, zone: tzinfo, path: Path) -> None:
    """Write the queue to `path` as CSV, times in `zone`. Raises OSError."""
    text = _as_csv(view, zone)
    await asyncio.to_thread(path.write_text, text, encoding="utf-8-sig", newline="")


def _as_csv(view: QueueView, zone: tzinfo) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in (*view.conflicts, *view.failed, *view.waiting):
        writer.writerow(_guarded(cell) for cell in _cells(row, view.names[row.ticket], zone))
    return file.getvalue()


def _cells(row: QueueRow, name: str, zone: tzinfo) -> tuple[str, ...]:
    at = row.at.astimezone(zone).isoformat(timespec="seconds")
    reason, tries = row.reason, str(row.tries)
    return (row.state, row.kind, row.ticket, name, reason, at, row.lane, row.operator, tries)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
