"""`export`: who came in, when and where."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json
from boxoffice.cli.output import aligned, print_json, terminal, write_file
from boxoffice.cli.report import STDOUT, Csv, Xlsx
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Night
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.printing.spreadsheet import DANISH, Table, as_csv, parts_as_xlsx

COLUMNS = (
    *("ticket", "name", "email", "ticket_type", "order"),
    *("verdict", "at", "lane", "operator", "confirmed"),
)
SHOWN = ("lane", "name", "ticket_type", "email")
"""Columns for people behind the time; the first where a terminal is narrow."""


async def export(*, json: Json = False, csv: Csv = "", xlsx: Xlsx = None, context: Context) -> None:
    """Show who came in: a row for each person who was admitted on this computer.

    An admission that was undone is none. Who was let in elsewhere is not listed, since it is not
    known when and where; how many they are is said on standard error. The list is the one on this
    disk, and so works offline.
    """
    if json and csv == STDOUT:
        raise ProblemError("Print either JSON or CSV: give --csv a file.", status=2)
    from boxoffice.store import orders
    from boxoffice.sync.reconcile import read_night

    event, files = await select_event(context), await context.files()
    extras = context.settings.door_policy.extras
    night = await read_night(files.journal, files.store, event, context.clock.now(), extras)
    people = list(rows(night))
    order_ids = await files.store.read_all(orders.ids, event.uuid)
    shown = [_shown(row, order_ids) for row in people]
    part = Table("came_in", "Who came in", COLUMNS, [tuple(row.values()) for row in shown])
    if xlsx is not None:
        write_file(xlsx, parts_as_xlsx([part]))
    if csv and csv != STDOUT:
        content = as_csv(part.columns, part.rows, separator=DANISH)
        write_file(Path(csv), content.encode("utf-8-sig"))
    if json:
        print_json(people)
    elif csv == STDOUT:  # which has line ends of its own
        print(as_csv(part.columns, part.rows, end="\n", separator=DANISH), end="")
    elif shown and xlsx is None and not csv:
        lines = [(f"{row['at']:%Y-%m-%d %H:%M}", *(row[name] for name in SHOWN)) for row in shown]
        print(aligned([("at", *SHOWN), *lines], terminal()))
    print(_summary(night, len(people)), file=sys.stderr)


def rows(night: Night) -> Iterator[dict[str, Any]]:
    """A row for each person who was admitted here, in the order in which they came."""
    for admission in night.people:
        ticket = night.tickets.get(admission.ticket)
        yield {
            "ticket": admission.ticket,
            "name": ticket.full_name if ticket else "",
            "email": ticket.email if ticket else "",
            "ticket_type": night.type_of(admission),
            "order": ticket.order if ticket else None,
            "verdict": VerdictCode.ADMITTED,
            "at": night.local(admission.at),
            "lane": admission.lane,
            "operator": admission.operator,
            "confirmed": admission.confirmed,
        }


def _shown(row: dict[str, Any], order_ids: dict[str, str]) -> dict[str, Any]:
    """As people read it: the order by what they call it."""
    order, confirmed = row["order"], "yes" if row["confirmed"] else "no"
    return row | {"order": order_ids.get(order, order), "confirmed": confirmed}


def _summary(night: Night, came_in: int) -> str:
    here = {admission.ticket for admission in night.admissions}
    elsewhere = sum(
        ticket.checked_in and ticket.uuid not in here and not night.is_extra(ticket.ticket_type)
        for ticket in night.tickets.values()
    )
    noun = "person" if came_in == 1 else "people"
    others = f"; {elsewhere} more are in by the list, let in elsewhere" if elsewhere else ""
    return f"{came_in} {noun} came in here{others}."
