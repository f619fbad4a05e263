"""`report`: the night's account, weighed against the server."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.options import Context, Json
from boxoffice.cli.output import TILL, as_text, fields, print_json
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Account, Attendance, AuditNote, Night, account
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.humanize import format_day
from boxoffice.domain.queue import QueueRow
from boxoffice.domain.sale import Sale, Shift
from boxoffice.printing.spreadsheet import Cell, Table, parts_as_csv, parts_as_xlsx
from boxoffice.ticketbutler import TicketbutlerError

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
NOTED = ("at", "lane", "operator", "ticket", "name", "what", "reason")
ROWS = ("row", "state", "at", "lane", "operator", "ticket", "name", "reason")
SALES = (
    *("sale", "state", "at", "lane", "operator", "order", "tickets", "total", "paid by"),
    *("booked", "reason"),
)
TILLS = (
    *("lane", "operator", "opened", "float", "cash taken", "expected", "closed", "counted"),
    *("difference", "currency"),
)


async def report(*, json: Json = False, csv: Csv = "", xlsx: Xlsx = None, context: Context) -> int:
    """Show the night's account: who came in, what was sold, and whether it all balances.

    The server is asked anew. Exit status 0: it balances; 1: it does not, and standard error says
    why, a sentence a line.
    """
    if json and csv == STDOUT:
        raise ProblemError("Print either JSON or CSV: give --csv a file.", status=2)
    from boxoffice.sync.reconcile import read_night, read_site

    event, files = await select_event(context), await context.files()
    night = await read_night(
        files.journal, files.store, event, context.clock.now(), context.settings.door_policy.extras
    )
    site, trouble = None, ""
    try:
        site = await read_site((await context.sync()).client, night)
    except (ProblemError, TicketbutlerError) as error:
        trouble = error.sentence
    figures = account(night, site)
    weighed = balance(figures, site, trouble)
    parts = tables(figures, weighed)
    if xlsx is not None:
        _write(xlsx, parts_as_xlsx(parts))
    if csv and csv != STDOUT:
        _write(Path(csv), parts_as_csv(parts).encode("utf-8-sig"))
    if json:
        print_json(as_json(figures, weighed))
    elif csv == STDOUT:
        print(parts_as_csv(parts, end="\n"), end="")  # stdout has line ends of its own
    else:
        print(_text(figures.night, parts, weighed))
    for cause in weighed.causes:
        print(cause, file=sys.stderr)
    return 1 if weighed.causes else 0


def _write(path: Path, content: bytes) -> None:
    """For its owner alone, as all that is written: see `boxoffice.cli.main`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ProblemError(f"{path} cannot be written: {error.strerror or error}.") from error


def _text(night: Night, parts: list[Table], weighed: Balance) -> str:
    event = night.event
    day = f" · {format_day(event.today(event.start), event.today(night.at))}" if event.start else ""
    said = "It does not balance." if weighed.causes else "It balances."
    return "\n\n".join([f"{event.title}{day}", *as_text(parts), said])


def tables(account: Account, balance: Balance) -> list[Table]:
    """Its parts; those without rows are left out."""
    return [each for each in (*_door(account, balance), *_till(account)) if each.rows]


def _door(account: Account, balance: Balance) -> Iterable[Table]:
    night = account.night
    yield Table("summary", "Summary", ("figure", "value"), list(_summary(account, balance)))
    yield Table(
        "not_balanced",
        "Why it does not balance",
        ("cause",),
        [(cause,) for cause in balance.causes],
    )
    yield Table(
        "by_type",
        "Attendance by ticket type",
        ("ticket type", "tickets", "in", "admitted here", "refunded"),
        [(each.ticket_type or "(not in the list)", *each[1:]) for each in account.by_type],
    )
    yield Table(
        "handed_out",
        "Handed out",
        ("ticket type", "tickets", "handed out", "here", "refunded"),
        list(account.handed_out),
    )
    yield Table("by_lane", "Admissions by lane", ("lane", "in"), list(account.by_lane.items()))
    yield Table(
        "by_operator",
        "Admissions by operator",
        ("operator", "in"),
        [(name or "(nobody named)", count) for name, count in account.by_operator.items()],
    )
    yield Table("by_quarter", "Admissions by quarter hour", ("from", "in"), account.by_quarter)
    for key, title, noted in (
        ("overrides", "Overrides", night.overrides),
        ("let_in_again", "Taken back at the site, and let in again", night.let_in_again),
        ("undos", "Undos", night.undos),
        ("dismissed", "Dismissed from the queue", night.dismissed),
    ):
        yield Table(key, title, NOTED, [_noted(night, each) for each in noted])
    troubles = (*account.conflicts, *account.failed)
    yield Table(
        "troubles", "Conflicts and refusals", ROWS, [_row(night, each) for each in troubles]
    )


def _till(account: Account) -> Iterable[Table]:
    night, money = account.night, f" {account.currency}".rstrip()
    yield Table(
        "takings",
        f"Takings{money}",
        ("paid by", "amount"),
        [(way.value, amount) for way, amount in account.takings.items() if night.takings],
    )
    yield Table(
        "sold", f"Sold at the door{money}", ("ticket type", "tickets", "amount"), account.sold
    )
    yield Table("sales", "Sales", SALES, [_sale(night, each) for each in night.sales])
    yield Table(
        "refunds", "Refunds of orders", NOTED, [_noted(night, each) for each in night.refunds]
    )
    yield Table("shifts", "Tills", TILLS, [_shift(night, each) for each in account.shifts])


def _summary(account: Account, balance: Balance) -> Iterable[tuple[str, Cell]]:
    night, checked = account.night, balance.reconciliation
    yield "event", night.event.title
    yield "at", night.at
    yield "balances", "no" if balance.causes else "yes"
    yield "tickets", account.tickets
    yield "in", account.inside
    yield "admitted here", account.admissions
    if checked is not None:
        yield "checked at the server", checked.checked
        yield "missing at the server", len(checked.missing)
        yield "in, but not by this computer", checked.unknown_to_us
    yield "open conflicts", len(account.conflicts)
    yield "failed", account.needs_person
    yield "waiting to be sent", account.goes_by_itself
    if night.sales or night.takings or account.shifts:
        yield "sales", len(account.booked)
        yield "sales not settled", len(account.unsettled)
        yield "refunded", account.refunded
        yield "cash expected in the tills", account.expected_cash
        yield "cash taken out between two tills", account.cash_taken_out
        yield "currency", account.currency


def _noted(night: Night, each: AuditNote) -> tuple[Cell, ...]:
    name, what = night.name_of(each.ticket), each.what.replace("_", " ")
    at = night.local(each.at)
    return at, each.lane, each.operator, each.ticket, name, what, each.reason


def _row(night: Night, row: QueueRow) -> tuple[Cell, ...]:
    at, name = night.local(row.at), night.name_of(row.ticket)
    return row.id, row.state.value, at, row.lane, row.operator, row.ticket, name, row.reason


def _sale(night: Night, sale: Sale) -> tuple[Cell, ...]:
    return (
        *(sale.external_order_id, sale.state.value, night.local(sale.at)),
        *(sale.lane, sale.operator, sale.order_id or sale.order or ""),
        *(sale.cart.amount, sale.cart.total, sale.cart.paid.value),
        *("yes" if sale.booked else "no", sale.reason),
    )


def _shift(night: Night, shift: Shift) -> tuple[Cell, ...]:
    at = _local(night, shift)
    return (
        *(at.lane, at.operator, at.opened_at, at.opening, at.taken, at.expected),
        *(at.closed_at, at.counted, at.difference, at.currency),
    )


def _attendance_json(each: Attendance) -> dict[str, object]:
    return {**fields(each, "ticket_type tickets here refunded"), "in": each.inside}


def as_json(account: Account, balance: Balance) -> dict[str, object]:
    """`report --json`."""
    night, checked = account.night, balance.reconciliation
    return {
        "event": fields(night.event, "uuid title"),
        "at": night.local(night.at),
        "balanced": not balance.causes,
        "causes": balance.causes,
        **fields(account, "admissions tickets currency takings expected_cash cash_taken_out"),
        "in": account.inside,
        "conflicts": len(account.conflicts),
        "failed": account.needs_person,
        "waiting": account.goes_by_itself,
        "by_type": [_attendance_json(each) for each in account.by_type],
        "handed_out": [_attendance_json(each) for each in account.handed_out],
        **fields(account, "by_lane by_operator"),
        "by_quarter": [
            {"from": night.local(each.start), "admissions": each.admissions}
            for each in account.by_quarter
        ],
        "overrides": [_noted_json(night, each, "verdict") for each in night.overrides],
        "let_in_again": [_noted_json(night, each) for each in night.let_in_again],
        "undos": [_noted_json(night, each) for each in night.undos],
        "dismissed": [_noted_json(night, each, "kind") for each in night.dismissed],
        "sales": {
            "count": len(account.booked),
            "tickets": account.tickets_sold,
            "total": account.turnover,
            "list": [_sale_json(night, sale) for sale in night.sales],
        },
        "unsettled": [sale.external_order_id for sale in account.unsettled],
        "refunds": {
            "count": len(night.refunds),
            "total": account.refunded,
            "list": [_refund_json(night, each) for each in night.refunds],
        },
        "shifts": [fields(_local(night, shift), TILL) for shift in account.shifts],
        "reconciliation": {
            "checked": checked.checked if checked else 0,
            "orders": checked.orders if checked else 0,
            "missing": [each._asdict() for each in checked.missing] if checked else [],
            "unknown_to_us": checked.unknown_to_us if checked else None,
        },
    }


def _noted_json(night: Night, noted: AuditNote, what: str = "") -> dict[str, object]:
    """`what`: what `AuditNote.what` is called; empty: it is left out."""
    return {
        "at": night.local(noted.at),
        **fields(noted, "lane operator ticket reason"),
        "name": night.name_of(noted.ticket),
        **({what: noted.what} if what else {}),
    }


def _refund_json(night: Night, noted: AuditNote) -> dict[str, object]:
    own = fields(noted, "lane operator reason")
    return {"at": night.local(noted.at), **own, "order": noted.ticket, "given_back": noted.what}


def _sale_json(night: Night, sale: Sale) -> dict[str, object]:
    return {
        **fields(sale, "external_order_id state order order_id lane operator booked reason"),
        **fields(sale.cart, "total paid"),
        "at": night.local(sale.at),
        "tickets": sale.cart.amount,
    }


def _local(night: Night, shift: Shift) -> Shift:
    closed = night.local(shift.closed_at) if shift.closed_at else None
    return shift._replace(opened_at=night.local(shift.opened_at), closed_at=closed)
