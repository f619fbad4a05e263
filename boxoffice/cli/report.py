"""`report` and `export`: the night's account, weighed against the site, and who came in."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json, no_option
from boxoffice.cli.output import SUMMARY, aligned, as_text, folded, print_json, terminal, write_file
from boxoffice.cli.report_figures import as_json, tables
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Account, account
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.humanize import format_day, lane_name
from boxoffice.domain.models import Event
from boxoffice.domain.night import Night
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import N_, _, ngettext
from boxoffice.printing.spreadsheet import DANISH, Table, as_csv, parts_as_xlsx
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.cli.site_files import SiteFiles

STDOUT = "-"
Csv = Annotated[
    str,
    Parameter(
        name="--csv",
        help=N_(
            "Write its figures to this file as CSV, and each table to one beside it; -: "
            "print them all."
        ),
        allow_leading_hyphen=True,
        validator=no_option,
    ),
]
Xlsx = Annotated[
    Path | None, Parameter(name="--xlsx", help=N_("Write it to this file as a spreadsheet."))
]
Venue = Annotated[
    bool,
    Parameter(help=N_("The account of all doors of the venue, as each of them tells its own.")),
]


COLUMNS = (
    *("ticket", "name", "email", "ticket_type", "order"),
    *("verdict", "at", "lane", "operator", "confirmed"),
)
SHOWN = (N_("lane"), N_("name"), N_("ticket_type"), N_("email"))
"""Columns for people behind the time; the first where a terminal is narrow."""

Pdf = Annotated[
    bool,
    Parameter(help=N_("The guest list on A4 instead, to be ticked with a pen, as PDF.")),
]
PdfFile = Annotated[
    Path | None,
    Parameter(help=N_("Where --pdf writes it; else among the papers in the data folder.")),
]


async def report(
    *,
    venue: Venue = False,
    json: Json = False,
    csv: Csv = "",
    xlsx: Xlsx = None,
    context: Context,
) -> int:
    """Show the night's account: who came in, what was sold, and whether it all balances.

    The site is asked anew. Exit status 0: it balances; 1: it does not, and standard error says
    why, a sentence a line.
    """
    _refuse_both(json=json, csv=csv)
    event, files = await select_event(context), await context.files()
    if venue:
        from boxoffice.cli import venue_report

        of_all = await venue_report.read(context, event)
        parts, causes = venue_report.tables(of_all), tuple(of_all.causes)
        answer, result = venue_report.as_json(of_all), venue_report.result(of_all)
        heading = f"{event.title} · {of_all.venue}"
    else:
        figures, weighed = await _weighed(context, event, files)
        parts, causes = tables(figures, weighed), weighed.causes
        answer, result = as_json(figures, weighed), _result(figures, weighed)
        event = figures.night.event
        heading = event.title
        if event.start:
            day = format_day(event.today(event.start), event.today(figures.night.at))
            heading += f" · {day}"
    filled = [part for part in parts if part.rows]
    _write(parts, csv, xlsx)
    if json:
        print_json(answer)
    elif csv == STDOUT:  # which has line ends of its own
        print("\n".join(f"{part.title}\n{_csv(part, end=chr(10))}" for part in filled), end="")
    else:
        text = "\n\n".join([heading, *as_text(filled, terminal()), result])
        print(folded(text, sys.stdout, indent=4))
    for cause in causes:
        print(folded(cause, sys.stderr), file=sys.stderr)
    return 1 if causes else 0


def _refuse_both(*, json: bool, csv: str) -> None:
    if json and csv == STDOUT:
        raise ProblemError(_("Print either JSON or CSV: give --csv a file."), status=2)


async def _night(context: "AppContext", event: Event, files: "SiteFiles") -> Night:
    """What this computer knows of the event."""
    from boxoffice.sync.reconcile import read_night

    extras = context.settings.door_policy.extras
    return await read_night(files.journal, files.store, event, context.clock.now(), extras)


async def _weighed(
    context: "AppContext", event: Event, files: "SiteFiles"
) -> tuple[Account, Balance]:
    from boxoffice.sync.reconcile import read_site

    night = await _night(context, event, files)
    site, trouble = None, ""
    try:
        site = await read_site((await context.sync()).client, night)
    except (ProblemError, TicketbutlerError) as error:
        trouble = error.sentence
    figures = account(night, site)
    return figures, balance(figures, site, trouble)


def _write(parts: list[Table], csv: str, xlsx: Path | None) -> None:
    """Into the files that were named. Raises ProblemError."""
    if xlsx is not None:
        write_file(xlsx, parts_as_xlsx(parts))
    if csv and csv != STDOUT:
        for part in parts:
            write_file(file_of(part, Path(csv)), _csv(part).encode("utf-8-sig"))


def _result(account: Account, weighed: Balance) -> str:
    result = _("It does not balance.") if weighed.causes else _("It balances.")
    if account.open_tills:
        lanes = ", ".join(map(lane_name, account.open_tills))
        result += " " + _("Not counted yet: the till of {lanes}.").format(lanes=lanes)
    return result


def file_of(part: Table, path: Path) -> Path:
    """Where a part goes: the summary to `path`, the others beside it, or all into that folder."""
    if path.is_dir():
        return path / f"{part.key}.csv"
    return path if part.key == SUMMARY else path.with_stem(f"{path.stem}-{part.key}")


def _csv(part: Table, *, end: str = "\r\n") -> str:
    return as_csv(part.columns, part.rows, end=end, separator=DANISH)


# Who came in


async def export(
    file: PdfFile = None,
    /,
    *,
    json: Json = False,
    csv: Csv = "",
    xlsx: Xlsx = None,
    pdf: Pdf = False,
    context: Context,
) -> None:
    """Show who came in: a row for each person who was admitted on this computer.

    An admission that was undone is none. Who was let in elsewhere is not listed, since it is not
    known when and where; how many they are is said on standard error. The list is the one on this
    disk, and so works offline.
    """
    _refuse_both(json=json, csv=csv)
    if pdf:
        if json or csv or xlsx is not None:
            several = _("The guest list is a paper of its own: give --pdf without the others.")
            raise ProblemError(several, status=2)
        print(await _write_guest_list(context, file))
        return
    if file is not None:
        raise ProblemError(_("A file alone says nothing: put --pdf before it."), status=2)
    from boxoffice.store import orders

    event, files = await select_event(context), await context.files()
    night = await _night(context, event, files)
    people = list(rows(night))
    order_ids = await files.store.read_all(orders.ids, event.uuid)
    shown = [_shown(row, order_ids) for row in people]
    part = Table("came_in", _("Who came in"), COLUMNS, [tuple(row.values()) for row in shown])
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
        print(aligned([tuple(map(_, ("at", *SHOWN))), *lines], terminal()))
    print(_summary(night, len(people)), file=sys.stderr)


async def _write_guest_list(context: "AppContext", file: Path | None) -> str:
    """Write the guest list, and answer where it is. Raises ProblemError."""
    from boxoffice.paths import exports_folder, shown
    from boxoffice.printing.printer import SAVED, guest_list_document, save_pdf
    from boxoffice.sync.reconcile import read_guest_list

    event, files = await select_event(context), await context.files()
    now, policy = context.clock.now(), context.settings.door_policy
    guests = await read_guest_list(files.journal, files.store, event, now, policy)
    document = guest_list_document(guests)
    pdf = document.make(now)
    if file is None:
        folder = exports_folder(context.folder, event.uuid)
        file = save_pdf(pdf, document.name, folder=folder)
    else:
        write_file(file, pdf)
    return _(SAVED).format(file=shown(file))


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
    order, confirmed = row["order"], _("yes") if row["confirmed"] else _("no")
    return row | {"order": order_ids.get(order, order), "confirmed": confirmed}


def _summary(night: Night, came_in: int) -> str:
    here = {admission.ticket for admission in night.admissions}
    elsewhere = sum(
        ticket.checked_in and ticket.uuid not in here and not night.is_extra(ticket.ticket_type)
        for ticket in night.tickets.values()
    )
    here_only = ngettext("{n} person came in here.", "{n} people came in here.", came_in)
    beside = ngettext(
        "{n} person came in here; {elsewhere} more are in by the list, let in elsewhere.",
        "{n} people came in here; {elsewhere} more are in by the list, let in elsewhere.",
        came_in,
    )
    return (beside if elsewhere else here_only).format(n=came_in, elsewhere=elsewhere)
