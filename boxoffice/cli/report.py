"""`report`: the night's account, weighed against the server."""

import json as encoding
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice.cli.options import NONE, Json, Options
from boxoffice.cli.output import Cell, Table, amount, as_csv, as_text, as_xlsx
from boxoffice.cli.run_app import run
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Account, Night, Noted, account
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.queue import QueueRow
from boxoffice.domain.sale import Sale, Shift
from boxoffice.domain.saying import say_day
from boxoffice.problem import ProblemError
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

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


def report(*, json: Json = False, csv: Csv = "", xlsx: Xlsx = None, options: Options = NONE) -> int:
    """Show the night's account: who came in, what was sold, and whether it all balances.

    The server is asked anew. Exit status 0: it balances; 1: it does not, and standard error says
    why, a sentence a line.
    """
    if json and csv == STDOUT:
        raise ProblemError("Print either JSON or CSV: give --csv a file.", status=2)
    return run(options.settings(), lambda context: _report(context, json=json, csv=csv, xlsx=xlsx))


async def _report(context: "AppContext", *, json: bool, csv: str, xlsx: Path | None) -> int:
    from boxoffice.sync.reconcile import read_night, read_site

    event, files = await select_event(context), await context.services.files()
    night = await read_night(files.journal, files.store, event, context.clock.now())
    site, trouble = None, ""
    try:
        site = await read_site((await context.services.server()).client, night)
    except (ProblemError, TicketbutlerError) as error:
        trouble = error.sentence
    figures = account(night, site)
    weighed = balance(figures, site, trouble)
    parts = tables(figures, weighed)
    if xlsx is not None:
        _write(xlsx, as_xlsx(parts))
    if csv and csv != STDOUT:
        _write(Path(csv), as_csv(parts).encode("utf-8-sig"))
    if json:
        print(encoding.dumps(as_json(figures, weighed), indent=1))
    elif csv == STDOUT:
        print(as_csv(parts, end="\n"), end="")  # stdout has line ends of its own
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
    day = f" · {say_day(event.today(event.start), event.today(night.at))}" if event.start else ""
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


def _noted(night: Night, each: Noted) -> tuple[Cell, ...]:
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
    return (
        *(shift.lane, shift.operator, night.local(shift.opened_at), shift.opening),
        *(shift.taken, shift.expected),
        None if shift.closed_at is None else night.local(shift.closed_at),
        *(shift.counted, shift.difference, shift.currency),
    )


def as_json(account: Account, balance: Balance) -> dict[str, object]:
    """`report --json`: money as text, times in ISO 8601 with the event's offset."""
    night, checked = account.night, balance.reconciliation
    return {
        "event": {"uuid": night.event.uuid, "title": night.event.title},
        "at": iso(night.local(night.at)),
        "balanced": not balance.causes,
        "causes": list(balance.causes),
        "admissions": account.admissions,
        "in": account.inside,
        "tickets": account.tickets,
        "conflicts": len(account.conflicts),
        "failed": account.needs_person,
        "waiting": account.goes_by_itself,
        "currency": account.currency,
        "takings": {way.value: amount(taken) for way, taken in account.takings.items()},
        "expected_cash": amount(account.expected_cash),
        "cash_taken_out": amount(account.cash_taken_out),
        "by_type": [
            {
                "ticket_type": each.ticket_type,
                "tickets": each.tickets,
                "in": each.inside,
                "here": each.here,
                "refunded": each.refunded,
            }
            for each in account.by_type
        ],
        "by_lane": account.by_lane,
        "by_operator": account.by_operator,
        "by_quarter": [
            {"from": iso(night.local(each.start)), "admissions": each.admissions}
            for each in account.by_quarter
        ],
        "overrides": [_noted_json(night, each, "verdict") for each in night.overrides],
        "let_in_again": [_noted_json(night, each) for each in night.let_in_again],
        "undos": [_noted_json(night, each) for each in night.undos],
        "dismissed": [_noted_json(night, each, "kind") for each in night.dismissed],
        "sales": {
            "count": len(account.booked),
            "tickets": account.tickets_sold,
            "total": amount(account.turnover),
            "list": [_sale_json(night, sale) for sale in night.sales],
        },
        "unsettled": [sale.external_order_id for sale in account.unsettled],
        "refunds": {
            "count": len(night.refunds),
            "total": amount(account.refunded),
            "list": [
                _noted_json(night, each, "given_back", about="order") for each in night.refunds
            ],
        },
        "shifts": [_shift_json(night, shift) for shift in account.shifts],
        "reconciliation": {
            "checked": checked.checked if checked else 0,
            "orders": checked.orders if checked else 0,
            "missing": [each._asdict() for each in checked.missing] if checked else [],
            "unknown_to_us": checked.unknown_to_us if checked else None,
        },
    }


def _noted_json(
    night: Night, noted: Noted, what: str = "", *, about: str = "ticket"
) -> dict[str, object]:
    """`what`: what `Noted.what` is called; empty: it is left out."""
    return {
        "at": iso(night.local(noted.at)),
        "lane": noted.lane,
        "operator": noted.operator,
        about: noted.ticket,
        **({"name": night.name_of(noted.ticket)} if about == "ticket" else {}),
        **({what: noted.what} if what else {}),
        "reason": noted.reason,
    }


def _sale_json(night: Night, sale: Sale) -> dict[str, object]:
    return {
        "external_order_id": sale.external_order_id,
        "state": sale.state.value,
        "order": sale.order,
        "order_id": sale.order_id,
        "at": iso(night.local(sale.at)),
        "lane": sale.lane,
        "operator": sale.operator,
        "tickets": sale.cart.amount,
        "total": amount(sale.cart.total),
        "paid": sale.cart.paid.value,
        "booked": sale.booked,
        "reason": sale.reason,
    }


def _shift_json(night: Night, shift: Shift) -> dict[str, object]:
    return shift_json(
        shift._replace(
            opened_at=night.local(shift.opened_at),
            closed_at=night.local(shift.closed_at) if shift.closed_at else None,
        )
    )


def shift_json(shift: Shift) -> dict[str, object]:
    """A till. Times are written in the time zone they are in."""
    return {
        "lane": shift.lane,
        "operator": shift.operator,
        "opened_at": iso(shift.opened_at),
        "opening": amount(shift.opening),
        "taken": amount(shift.taken),
        "expected": amount(shift.expected),
        "closed_at": iso(shift.closed_at) if shift.closed_at else None,
        "counted": None if shift.counted is None else amount(shift.counted),
        "difference": None if shift.difference is None else amount(shift.difference),
        "currency": shift.currency,
    }


def iso(at: datetime) -> str:
    """ISO 8601, in the time zone that it is in."""
    return at.isoformat(timespec="seconds")
