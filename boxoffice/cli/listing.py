"""`events` and `queue`: for people as aligned lines, for programs as JSON."""

import json as encoding
import sys
from collections.abc import Sequence
from datetime import datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated
from unicodedata import category, east_asian_width

from cyclopts import App, Parameter

from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from boxoffice.cli.house import House
    from boxoffice.domain.events import When
    from boxoffice.domain.models import Event
    from boxoffice.domain.queue import QueueRow
    from boxoffice.domain.sale import Sale

Json = Annotated[bool, Parameter(name="--json", help="For programs.")]
Old = Annotated[bool, Parameter(help="Also those that are over.")]
Row = Annotated[int, Parameter(help="Its number.")]
Rows = Annotated[int, Parameter(help="Their numbers; none: all.")]
Reason = Annotated[str, Parameter(help="Why; it is kept in the journal.")]
MARKS = ("Mn", "Me", "Cf")
"""Categories of what is drawn over the character before it, or not at all."""
KEPT = 2
"""Columns that are shown however narrow a terminal is."""


def table(rows: Sequence[Sequence[str]], room: int | None = None) -> str:
    """Rows as lines, each column as wide as its widest cell.

    `room`: cells of a line. Columns that do not fit are left out from the right; two always stay.
    """
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    while room is not None and len(widths) > KEPT and sum(widths) + 2 * len(widths) - 2 > room:
        widths.pop()
    lines = (
        "  ".join(
            cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def terminal() -> int | None:
    """Cells of a line of the terminal that is written to; None: it is a file or a pipe."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def _cells(text: str) -> int:
    """What a terminal needs to show it: two for an ideograph, none for a mark over a letter."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(each) in MARKS else 2 if east_asian_width(each) in "WF" else 1
        for each in text
    )


def events(*, json: Json = False, old: Old = False, options: Options = NONE) -> None:
    """Show the events, today's first."""
    from boxoffice.cli.house import House, run

    run(House(options.settings()), lambda house: _events(house, json=json, old=old))


async def _events(house: "House", *, json: bool, old: bool) -> None:
    from boxoffice.cli.choosing import known_events
    from boxoffice.domain.events import arrange

    rows = arrange(await known_events(house, old=old), house.clock.now(), expired=old)
    if json:
        print(encoding.dumps([_event_json(event, when) for when, event in rows], indent=1))
    elif rows:
        print(table([_event_row(event, when) for when, event in rows]))
    else:
        print("No events today or to come; --old shows those that are over.", file=sys.stderr)


def _event_json(event: "Event", when: "When") -> dict[str, object]:
    return {
        "uuid": event.uuid,
        "title": event.title,
        "start": event.start.astimezone(event.zone).isoformat() if event.start else None,
        "end": event.end.astimezone(event.zone).isoformat() if event.end else None,
        "timezone": event.timezone,
        "venue": event.venue,
        "when": when.name.lower(),
    }


def _event_row(event: "Event", when: "When") -> tuple[str, ...]:
    start = f"{event.start.astimezone(event.zone):%a %Y-%m-%d %H:%M}" if event.start else "no date"
    return when.name.lower(), start, event.uuid, event.title, event.venue


queue = App(name="queue", help="What waits to be sent, what failed, and the conflicts.")


@queue.default
def show(*, json: Json = False, options: Options = NONE) -> None:
    """Show what waits to be sent, what failed, and the conflicts."""
    from boxoffice.cli.house import House, run

    run(House(options.settings()), lambda house: _queue(house, json=json))


@queue.command
def retry(*rows: Rows, options: Options = NONE) -> None:
    """Let rows that failed, or are in conflict, be sent again at the next sync.

    The order of a sale that needs a person is looked for once more then, and placed again only
    where it is not there for sure.
    """
    from boxoffice.cli.choosing import queued
    from boxoffice.cli.house import House, run
    from boxoffice.domain.sale import RULES

    async def work(house: House) -> int:
        shown, sales = await queued(house)
        journal, wanted = (await house.parts.files()).journal, set(rows)
        count = await journal.retry({row.id for row in shown if not rows or row.id in wanted})
        for sale in sales:
            to = RULES[sale.state].retried
            if to is not None and (not rows or sale.id in wanted):
                moved = await journal.till.advance(sale.id, to, unattended=True)
                count += moved is not None
        return count

    count = run(House(options.settings()), work)
    if rows and count < len(set(rows)):
        raise ProblemError(
            f"{count} of these {len(set(rows))} rows can be sent again; see the queue."
        )
    print(f"{count} rows will be sent again at the next sync.")


@queue.command
def dismiss(row: Row, *, reason: Reason, options: Options = NONE) -> None:
    """Take a row that failed, or is in conflict, off the queue. The admission stays.

    A sale that needs a person is given up, and its money counts as given back.
    """
    from boxoffice.cli.choosing import queued
    from boxoffice.cli.house import House, run
    from boxoffice.domain.sale import SaleState

    if not reason.strip():
        raise ProblemError("A row is not dismissed without a reason.", status=2)

    async def work(house: House) -> bool:
        shown, sales = await queued(house)
        journal = (await house.parts.files()).journal
        if row in {sale.id for sale in sales if sale.needs_person}:
            return await journal.till.advance(row, SaleState.DROPPED, reason=reason) is not None
        if row not in {each.id for each in shown}:
            return False
        return await journal.dismiss(row, reason)

    if not run(House(options.settings()), work):
        raise ProblemError(f"No row {row} has failed or is in conflict; see boxoffice queue.")
    print(f"Row {row} is off the queue.")


async def _queue(house: "House", *, json: bool) -> None:
    from boxoffice.cli.choosing import queued
    from boxoffice.domain.queue import State

    files = await house.parts.files()
    known = {event.uuid: event for event in await files.store.events()}
    rows, sales = await queued(house)
    if json:
        listed = {state: [row for row in rows if row.state is state] for state in State}
        stuck = [sale for sale in sales if sale.needs_person]
        answer = {
            "waiting": len(listed[State.WAITING]) + len(sales) - len(stuck),
            "sending": len(listed[State.SENDING]),
            "failed": [_row_json(row, known) for row in listed[State.FAILED]]
            + [_sale_json(sale, known) for sale in stuck],
            "conflicts": [_row_json(row, known) for row in listed[State.CONFLICT]],
        }
        print(encoding.dumps(answer, indent=1))
        return
    if not rows and not sales:
        print("Nothing waits, and nothing needs a person.")
        return
    lines = [_sale_row(sale, known) for sale in sales]
    for row in rows:
        ticket = await files.store.ticket(row.ticket)
        name = ticket.full_name if ticket and ticket.full_name else row.ticket
        at = _at(row.at, row.event, known)
        lines.append((str(row.id), row.state, f"{at:%Y-%m-%d %H:%M}", row.kind, name, row.reason))
    print(table(lines))


def _at(at: datetime, uuid: str, known: dict[str, "Event"]) -> datetime:
    event = known.get(uuid)
    return at.astimezone(event.zone) if event else at


def _sale_row(sale: "Sale", known: dict[str, "Event"]) -> tuple[str, ...]:
    buyer, at = sale.cart.buyer, _at(sale.at, sale.cart.event, known)
    who = f"{sale.external_order_id} {buyer.full_name}"
    return str(sale.id), sale.state, f"{at:%Y-%m-%d %H:%M}", "sale", who, sale.reason


def _sale_json(sale: "Sale", known: dict[str, "Event"]) -> dict[str, object]:
    return {
        "id": sale.id,
        "ticket": "",
        "kind": "sale",
        "reason": sale.reason,
        "at": _at(sale.at, sale.cart.event, known).isoformat(),
        "event": sale.cart.event,
        "lane": sale.lane,
        "operator": sale.operator,
        "tries": sale.tries,
        "state": sale.state,
        "external_order_id": sale.external_order_id,
        "total": f"{sale.cart.total:.2f}",
        "currency": sale.cart.currency,
    }


def _row_json(row: "QueueRow", known: dict[str, "Event"]) -> dict[str, object]:
    return {
        "id": row.id,
        "ticket": row.ticket,
        "kind": row.kind,
        "reason": row.reason,
        "at": _at(row.at, row.event, known).isoformat(),
        "event": row.event,
        "lane": row.lane,
        "operator": row.operator,
        "tries": row.tries,
    }
