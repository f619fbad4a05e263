"""The queue as a person sees it: what waits, what needs a look, and a copy of it as a file."""

import asyncio
import os
from datetime import tzinfo
from pathlib import Path

from boxoffice.domain.models import Event
from boxoffice.domain.queue import QueueRow, State
from boxoffice.domain.sale import OPEN, Sale
from boxoffice.lane.status import QueueView
from boxoffice.printing.spreadsheet import as_csv
from boxoffice.store import Journal, RosterStore, queue, sales, tickets

COLUMNS = ("state", "kind", "ticket", "name", "reason", "at", "lane", "operator", "tries")


async def view(event: Event, journal: Journal, store: RosterStore) -> QueueView:
    """The rows of one event, with the names of their holders."""
    rows = [
        row
        for row in await journal.run_in_turns(queue.in_states, tuple(State))
        if row.event == event.uuid
    ]
    names = {}
    for row in rows:
        known = await store.read(tickets.get, row.ticket)
        names[row.ticket] = known.full_name if known else ""
    return QueueView(
        waiting=tuple(row for row in rows if row.state in (State.WAITING, State.SENDING)),
        failed=tuple(row for row in rows if row.state is State.FAILED),
        conflicts=tuple(row for row in rows if row.state is State.CONFLICT),
        names=names,
        sales=tuple(await journal.run_in_turns(sales.in_states, event.uuid, OPEN)),
    )


async def export(view: QueueView, zone: tzinfo, path: Path) -> bool:
    """Write the queue to `path` as CSV, times in `zone`, for its owner alone. Raises OSError.

    False: it is empty, and nothing is written.
    """
    rows = _rows(view, zone)
    if rows:
        await asyncio.to_thread(_write, path, as_csv(COLUMNS, rows))
    return bool(rows)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8-sig", newline="", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    """Windows knows no such modes: there a file is as private as its folder."""
    return os.open(path, flags, 0o600)


def _rows(view: QueueView, zone: tzinfo) -> list[tuple[str, ...]]:
    """The cells of all that is in the queue, those first that need a person."""
    sales = sorted(view.sales, key=lambda sale: not sale.needs_person)
    return [
        *(
            _cells(row, row.kind, row.ticket, view.names[row.ticket], zone)
            for row in (*view.conflicts, *view.failed)
        ),
        *(
            _cells(sale, "sale", "", f"{sale.external_order_id} {sale.cart.buyer.full_name}", zone)
            for sale in sales
        ),
        *(_cells(row, row.kind, row.ticket, view.names[row.ticket], zone) for row in view.waiting),
    ]


def _cells(
    row: QueueRow | Sale, kind: str, ticket: str, name: str, zone: tzinfo
) -> tuple[str, ...]:
    at = row.at.astimezone(zone).isoformat(timespec="seconds")
    return (row.state, kind, ticket, name, row.reason, at, row.lane, row.operator, str(row.tries))
