"""`report`: the night's account, weighed against the site."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json, no_option
from boxoffice.cli.output import SUMMARY, as_text, print_json, write_file
from boxoffice.cli.report_figures import as_json, tables
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Account, account
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.humanize import format_day, lane_name
from boxoffice.domain.models import Event
from boxoffice.language import N_, _
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
    if json and csv == STDOUT:
        raise ProblemError(_("Print either JSON or CSV: give --csv a file."), status=2)
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
        print("\n\n".join([heading, *as_text(filled), result]))
    for cause in causes:
        print(cause, file=sys.stderr)
    return 1 if causes else 0


async def _weighed(
    context: "AppContext", event: Event, files: "SiteFiles"
) -> tuple[Account, Balance]:
    from boxoffice.sync.reconcile import read_night, read_site

    night = await read_night(
        files.journal, files.store, event, context.clock.now(), context.settings.door_policy.extras
    )
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
