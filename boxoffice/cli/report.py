"""`report`: the night's account, weighed against the server."""

import json as encoding
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice.cli.listing import Json
from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from boxoffice.cli.house import House
    from boxoffice.cli.report_tables import Table
    from boxoffice.domain.account import Night, Noted, Site
    from boxoffice.domain.balance import Balance
    from boxoffice.domain.models import Event
    from boxoffice.store import LogRow

STDOUT = "-"
Csv = Annotated[
    str,
    Parameter(
        name="--csv",
        help="Write it to this file as CSV; -: print that.",
        allow_leading_hyphen=True,
    ),
]
Xlsx = Annotated[
    Path | None, Parameter(name="--xlsx", help="Write it to this file as a spreadsheet.")
]


def report(*, json: Json = False, csv: Csv = "", xlsx: Xlsx = None, options: Options = NONE) -> int:
    """Show the night's account: who came in, what was sold, and whether it all balances.

    The server is asked anew. Exit status 0: it balances; 1: it does not, and standard error says
    why, a sentence a line.
    """
    from boxoffice.cli.house import House, run

    if json and csv == STDOUT:
        raise ProblemError("Print either JSON or CSV: give --csv a file.", status=2)
    return run(
        House(options.settings()), lambda house: _report(house, json=json, csv=csv, xlsx=xlsx)
    )


async def _report(house: "House", *, json: bool, csv: str, xlsx: Path | None) -> int:
    from boxoffice.cli import report_files
    from boxoffice.cli.choosing import choose_event
    from boxoffice.cli.report_json import as_json
    from boxoffice.cli.report_tables import tables
    from boxoffice.domain.account import account
    from boxoffice.domain.balance import balance

    event = await choose_event(house, house.settings.event)
    night = await _night(house, event)
    site, trouble = await _ask(house, night)
    figures = account(night, site)
    weighed = balance(figures, site, trouble)
    parts = tables(figures, weighed)
    if xlsx is not None:
        _write(xlsx, report_files.as_xlsx(parts))
    if csv and csv != STDOUT:
        _write(Path(csv), report_files.as_csv(parts).encode("utf-8-sig"))
    if json:
        print(encoding.dumps(as_json(figures, weighed), indent=1))
    elif csv == STDOUT:
        print(report_files.as_csv(parts, end="\n"), end="")  # stdout has line ends of its own
    else:
        print(_text(figures.night, parts, weighed))
    for cause in weighed.causes:
        print(cause, file=sys.stderr)
    return 1 if weighed.causes else 0


async def _night(house: "House", event: "Event") -> "Night":
    """All that this computer knows of the event."""
    from boxoffice.domain.account import Night
    from boxoffice.domain.queue import State
    from boxoffice.store.takings import still_asked

    journal, store = (await house.parts.files()).journal, (await house.parts.files()).store
    log = await journal.log(event.uuid)
    return Night(
        event=event,
        at=house.clock.now().astimezone(event.zone),
        tickets={ticket.uuid: ticket for ticket in await store.load(event.uuid)},
        admissions=sorted(await journal.admissions(event.uuid), key=lambda each: each.journal),
        queue=[row for row in await journal.entries(tuple(State)) if row.event == event.uuid],
        sales=await journal.till.sales(event.uuid),
        takings=await journal.till.takings(event.uuid),
        shifts=await journal.till.shifts(),
        overrides=[_noted(row) for row in log if row.entry.kind == "override"],
        undos=[_noted(row) for row in log if row.entry.kind == "undo"],
        dismissed=[_noted(row) for row in log if row.entry.kind == "dismissed"],
        refunds=[_noted(row) for row in log if row.entry.kind == "refund"],
        let_in_again=_let_in_again(log),
        asked=[_noted(row) for row in still_asked(log).values()],
    )


def _let_in_again(log: list["LogRow"]) -> list["Noted"]:
    """Admissions in whose place another was made."""
    replaced = {(row.entry.data or {}).get("instead_of") for row in log}
    return [_noted(row) for row in log if row.id in replaced]


def _noted(row: "LogRow") -> "Noted":
    from boxoffice.domain.account import Noted

    entry, data = row.entry, row.entry.data or {}
    about, what = entry.ticket or "", entry.verdict or str(data.get("kind") or "")
    if entry.kind.startswith("refund"):
        paid = data.get("paid")
        about, what = str(data.get("order")), f"{data.get('amount')} {paid}" if paid else ""
    return Noted(row.at, row.lane, row.operator, about, what, entry.reason)


async def _ask(house: "House", night: "Night") -> tuple["Site | None", str]:
    """What the server says; without it, None and why, in a sentence."""
    from boxoffice.sync.reconcile import reconcile
    from boxoffice.ticketbutler import TicketbutlerError

    try:
        client = (await house.parts.server()).client
        site = await reconcile(
            client,
            night.event.uuid,
            admitted=night.should_be_in,
            orders=_orders(night),
        )
    except (ProblemError, TicketbutlerError) as error:
        return None, error.sentence
    return site, ""


def _orders(night: "Night") -> list[str]:
    """Those placed by our sales, and those refunded or to be refunded here; each once."""
    placed = [sale.order for sale in night.sales if sale.order is not None]
    refunds = (each.ticket for each in (*night.refunds, *night.asked))
    return list(dict.fromkeys([*placed, *refunds]))


def _write(path: Path, content: bytes) -> None:
    """For its owner alone, as all that is written: see `boxoffice.cli.main`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ProblemError(f"{path} cannot be written: {error.strerror or error}.") from error


def _text(night: "Night", parts: list["Table"], weighed: "Balance") -> str:
    from boxoffice.cli.report_tables import as_text
    from boxoffice.domain.saying import say_day

    event = night.event
    day = f" · {say_day(event.today(event.start), event.today(night.at))}" if event.start else ""
    said = "It does not balance." if weighed.causes else "It balances."
    return "\n\n".join([f"{event.title}{day}", *as_text(parts), said])
