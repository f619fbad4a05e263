"""`events` and `queue`: for people as aligned lines, for programs as JSON."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import PLAIN, Context, Json, whole_number
from boxoffice.cli.output import aligned, fields, print_json
from boxoffice.cli.select_event import known_events, queued
from boxoffice.domain.events import When, arrange
from boxoffice.domain.humanize import format_moment
from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.models import Event
from boxoffice.domain.money import local_amount
from boxoffice.domain.pin import Act
from boxoffice.domain.sale import RULES, Sale, SaleState, SaleUpdate, describe_give_back
from boxoffice.language import ENGLISH, N_, _, current, ngettext

Old = Annotated[bool, Parameter(help=N_("Also those that are over."))]
Row = Annotated[int, Parameter(help=N_("Its number."), converter=whole_number)]
Rows = Annotated[int, Parameter(help=N_("Their numbers; none: all."), converter=whole_number)]
Source = Annotated[Path, Parameter(name="--from", help=N_("A journal.db, whole or damaged."))]
Reason = Annotated[str, Parameter(help=N_("Why; it is kept in the journal."))]


WHEN = {
    When.TODAY: N_("today"),
    When.BEGUN: N_("begun"),
    When.UPCOMING: N_("upcoming"),
    When.PAST: N_("past"),
}
IN_JSON = {
    When.TODAY: "today",
    When.BEGUN: "upcoming",
    When.UPCOMING: "upcoming",
    When.PAST: "past",
}


async def events(*, json: Json = False, old: Old = False, context: Context) -> None:
    """Show the events, today's first."""
    rows = arrange(await known_events(context, old=old), context.clock.now(), expired=old)
    if json:
        print_json([_event_json(event, when) for when, event in rows])
    elif rows:
        print(aligned([_event_row(event, when) for when, event in rows]))
    else:
        print(_("No events today or to come; --old shows those that are over."), file=sys.stderr)


def _event_json(event: Event, when: When) -> dict[str, object]:
    return {
        **fields(event, "uuid title"),
        "start": event.start.astimezone(event.zone) if event.start else None,
        "end": event.end.astimezone(event.zone) if event.end else None,
        **fields(event, "timezone venue"),
        "when": IN_JSON[when],
    }


def _event_row(event: Event, when: When) -> tuple[str, ...]:
    start = _("no date")
    if event.start:
        local = event.start.astimezone(event.zone)
        in_english = current() == ENGLISH
        start = f"{local:%a %Y-%m-%d %H:%M}" if in_english else format_moment(local)
    return _(WHEN[when]), start, event.uuid, event.title, event.venue


queue = App(
    name="queue",
    help=N_("What waits to be sent, what failed, and the conflicts."),
    default_parameter=PLAIN,
)


@queue.default
async def show(*, json: Json = False, context: Context) -> None:
    """Show what waits to be sent, what failed, and the conflicts."""
    from boxoffice.store import json_docs, tickets

    files = await context.files()
    known = {event.uuid: event for event in await files.store.read(json_docs.get_events)}
    rows, sales, beside = await queued(context)
    if beside:  # sync sends, and counts, what is of all events
        print(_describe_beside(beside), file=sys.stderr)
    if json:
        listed = {state: [row for row in rows if row.state is state] for state in QueueState}
        stuck = [sale for sale in sales if sale.needs_person]
        answer = {
            "waiting": len(listed[QueueState.WAITING]) + len(sales) - len(stuck),
            "sending": len(listed[QueueState.SENDING]),
            "failed": [_row_json(row, known) for row in listed[QueueState.FAILED]]
            + [_sale_json(sale, known) for sale in stuck],
            "conflicts": [_row_json(row, known) for row in listed[QueueState.CONFLICT]],
        }
        print_json(answer)
        return
    if not rows and not sales:
        nothing = _("Nothing of this event waits, and nothing needs a person.")
        print(nothing if beside else _("Nothing waits, and nothing needs a person."))
        return
    lines = [_sale_row(sale, known) for sale in sales]
    for row in rows:
        ticket = await files.store.read(tickets.get, row.ticket)
        name = ticket.full_name if ticket and ticket.full_name else row.ticket
        at = _at(row.at, row.event, known)
        state, kind = _(row.state), _(row.kind).replace("_", " ")
        lines.append((str(row.id), state, f"{at:%Y-%m-%d %H:%M}", kind, name, row.reason))
    print(aligned(lines))


def _describe_beside(count: int) -> str:
    return ngettext(
        '{n} row of the queue is of another event: --event "" shows it.',
        '{n} rows of the queue are of other events: --event "" shows them.',
        count,
    ).format(n=count)


@queue.command
async def retry(*rows: Rows, context: Context) -> None:
    """Let rows that failed, or are in conflict, be sent again at the next sync.

    The order of a sale that needs a person is looked for once more then, and placed again only
    where it is not there for sure.
    """
    from boxoffice.store import by_hand
    from boxoffice.store import sales as sale_table

    shown, sales, _beside = await queued(context)
    journal, wanted = (await context.files()).journal, set(rows)
    chosen = {row.id for row in shown if not rows or row.id in wanted}
    count = await journal.write(by_hand.retry, chosen)
    for sale in sales:
        to = RULES[sale.state].retried
        if to is not None and (not rows or sale.id in wanted):
            update = SaleUpdate(unattended=True)
            moved = await journal.write(sale_table.advance, sale.id, to, update)
            count += moved is not None
    if rows and count < len(set(rows)):
        some = ngettext(
            "This row cannot be sent again; see the queue.",
            "{count} of these {rows} rows can be sent again; see the queue.",
            len(set(rows)),
        )
        raise ProblemError(some.format(count=count, rows=len(set(rows))))
    sent = ngettext(
        "{count} row will be sent again at the next sync.",
        "{count} rows will be sent again at the next sync.",
        count,
    )
    print(sent.format(count=count))


@queue.command
async def dismiss(row: Row, *, reason: Reason, context: Context) -> None:
    """Take a row that failed, or is in conflict, off the queue. The admission stays.

    A sale that needs a person is given up, and its money counts as given back: where a PIN is set,
    that asks for it.
    """
    if not reason.strip():
        raise ProblemError(_("A row is not dismissed without a reason."), status=2)
    from boxoffice.store import by_hand
    from boxoffice.store import sales as sale_table

    shown, sales, _beside = await queued(context)
    journal, gone = (await context.files()).journal, False
    sale = next((sale for sale in sales if sale.id == row and sale.needs_person), None)
    if sale is not None:
        await context.pin.permit(Act.GIVE_UP)
        update = SaleUpdate(reason=reason)
        moved = await journal.write(sale_table.advance, row, SaleState.DROPPED, update)
        gone = moved is not None
    elif row in {entry.id for entry in shown}:
        gone = await journal.write(by_hand.dismiss, row, reason)
    if not gone:
        raise ProblemError(
            _("No row {row} has failed or is in conflict; see boxoffice queue.").format(row=row)
        )
    if sale is not None and sale.to_give_back:
        back = local_amount(sale.to_give_back, sale.cart.currency)
        print(describe_give_back(sale, f"{back} {sale.cart.currency}"), file=sys.stderr)
    print(_("Row {row} is off the queue.").format(row=row))


@queue.command
def export(*, source: Source) -> None:
    """Print as CSV what a journal.db that is damaged, or was moved away, has still to be sent.

    As far as it can be read; the file itself stays as it is.
    """
    from boxoffice.lane.queue import COLUMNS, view_of
    from boxoffice.printing.spreadsheet import as_csv
    from boxoffice.store import StoreError
    from boxoffice.store.salvage import salvage

    try:
        found = salvage(source)
    except StoreError as error:
        raise ProblemError(error.sentence) from error
    rows = view_of(found.rows, found.sales, found.names).cells(UTC)
    print(as_csv(COLUMNS, rows, end="\n"), end="")
    if not found.is_whole:
        print(
            _("{source} is damaged: there may have been more than this.").format(source=source),
            file=sys.stderr,
        )


def _at(at: datetime, uuid: str, known: dict[str, Event]) -> datetime:
    event = known.get(uuid)
    return at.astimezone(event.zone) if event else at


def _sale_row(sale: Sale, known: dict[str, Event]) -> tuple[str, ...]:
    buyer, at = sale.cart.buyer, _at(sale.at, sale.cart.event, known)
    who = f"{sale.external_order_id} {buyer.full_name}"
    return str(sale.id), _(sale.state), f"{at:%Y-%m-%d %H:%M}", _("sale"), who, sale.reason


def _sale_json(sale: Sale, known: dict[str, Event]) -> dict[str, object]:
    return {
        **fields(sale, "id reason lane operator tries state external_order_id"),
        **fields(sale.cart, "event total currency"),
        "at": _at(sale.at, sale.cart.event, known),
        "ticket": "",
        "kind": "sale",
    }


def _row_json(row: QueueRow, known: dict[str, Event]) -> dict[str, object]:
    own = fields(row, "id ticket kind reason event lane operator tries")
    return {**own, "at": _at(row.at, row.event, known)}
