"""The queue as a person sees it: what waits, what needs a look, and a copy of it as a file."""

import asyncio
import csv
import io
import os
from datetime import tzinfo
from pathlib import Path

from boxoffice.domain.models import Event
from boxoffice.domain.queue import QueueRow, State
from boxoffice.domain.sale import CLOSED, SaleState
from boxoffice.domain.text import guarded
from boxoffice.lane.status import QueueView
from boxoffice.store import Journal, RosterStore

COLUMNS = ("state", "kind", "ticket", "name", "reason", "at", "lane", "operator", "tries")


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
        sales=tuple(await journal.till.sales(event.uuid, frozenset(SaleState) - CLOSED)),
    )


async def export(view: QueueView, zone: tzinfo, path: Path) -> None:
    """Write the queue to `path` as CSV, times in `zone`, for its owner alone. Raises OSError."""
    await asyncio.to_thread(_write, path, _as_csv(view, zone))


def _write(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8-sig", newline="", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    """Windows knows no such modes: there a file is as private as its folder."""
    return os.open(path, flags, 0o600)


def _as_csv(view: QueueView, zone: tzinfo) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in (*view.conflicts, *view.failed, *view.waiting):
        writer.writerow(guarded(cell) for cell in _cells(row, view.names[row.ticket], zone))
    return file.getvalue()


def _cells(row: QueueRow, name: str, zone: tzinfo) -> tuple[str, ...]:
    at = row.at.astimezone(zone).isoformat(timespec="seconds")
    reason, tries = row.reason, str(row.tries)
    return (row.state, row.kind, row.ticket, name, reason, at, row.lane, row.operator, tries)
