"""`report`: the night's account, weighed against the server."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, Json, no_option
from boxoffice.cli.output import SUMMARY, TILL, as_text, fields, print_json, write_file
from boxoffice.cli.select_event import select_event
from boxoffice.domain.account import Account, AuditNote, Night, account, order_payments
from boxoffice.domain.balance import Balance, balance
from boxoffice.domain.cart import Discount
from boxoffice.domain.humanize import format_day, lane_name
from boxoffice.domain.journal import QueueRow
from boxoffice.domain.money import plain_amount
from boxoffice.domain.sale import Sale, Shift, TakingKind
from boxoffice.printing.spreadsheet import DANISH, Cell, Table, as_csv, parts_as_xlsx
from boxoffice.ticketbutler import TicketbutlerError

STDOUT = "-"
UNLISTED = "(not in the list)"
Csv = Annotated[
    str,
    Parameter(
        name="--csv",
        help="Write its figures to this file as CSV, and each table to one beside it; "
        "-: print them all.",
        allow_leading_hyphen=True,
        validator=no_option,
    ),
]
Xlsx = Annotated[
    Path | None, Parameter(name="--xlsx", help="Write it to this file as a spreadsheet.")
]
Venue = Annotated[
    bool, Parameter(help="The account of all doors of the venue, as each of them tells its own.")
]
NOTED = "at lane operator ticket name what=did reason"
ROWS = "row=id state at lane operator ticket name reason"
SALES = (
    "sale=external_order_id state at lane operator order=number tickets total discount rounding"
    " paid_by=paid booked=is_booked reason"
)
ROUNDED = "sale=external_order_id at lane operator order=number total rounding in_cash=payable"
DISCOUNTS = (
    "sale=external_order_id at lane operator order=number code discounted_tickets total discount"
    " paid=payable reason=why"
)
PAYMENTS = "at lane operator order=number amount paid kind=what"
REFUNDS = "at lane operator order=number given_back paid_by=paid reason"
OUTSIDE = "at lane operator what=kind amount currency"
TILLS = (
    "lane operator opened=opened_at closed=closed_at float=opening cash_taken=taken expected"
    " counted difference currency counted_before=earlier_counts"
)
"""Columns of tables, each with what `output.fields` takes it from."""


async def report(
    *,
    venue: Venue = False,
    json: Json = False,
    csv: Csv = "",
    xlsx: Xlsx = None,
    context: Context,
) -> int:
    """Show the night's account: who came in, what was sold, and whether it all balances.

    The server is asked anew. Exit status 0: it balances; 1: it does not, and standard error says
    why, a sentence a line.
    """
    if json and csv == STDOUT:
        raise ProblemError("Print either JSON or CSV: give --csv a file.", status=2)
    event, files = await select_event(context), await context.files()
    if venue:
        from boxoffice.cli import venue_report

        of_all = await venue_report.read(context, event)
        parts = venue_report.tables(of_all)
        _write(parts, csv, xlsx)
        if json:
            print_json(venue_report.as_json(of_all))
        elif csv == STDOUT:
            _print_csv(parts)
        else:
            print(venue_report.as_text(of_all, as_text(part for part in parts if part.rows)))
        return _say(of_all.causes)
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
    weighed = balance(figures, site, trouble)
    parts = tables(figures, weighed)
    _write(parts, csv, xlsx)
    if json:
        print_json(as_json(figures, weighed))
    elif csv == STDOUT:
        _print_csv(parts)
    else:
        print(_text(figures, parts, weighed))
    return _say(weighed.causes)


def _write(parts: list[Table], csv: str, xlsx: Path | None) -> None:
    """Into the files that were named. Raises ProblemError."""
    if xlsx is not None:
        write_file(xlsx, parts_as_xlsx(parts))
    if csv and csv != STDOUT:
        for part in parts:
            write_file(file_of(part, Path(csv)), _csv(part).encode("utf-8-sig"))


def _print_csv(parts: list[Table]) -> None:
    filled = (part for part in parts if part.rows)  # stdout has line ends of its own
    print("\n".join(f"{part.title}\n{_csv(part, end=chr(10))}" for part in filled), end="")


def _say(causes: Sequence[str]) -> int:
    """The exit status."""
    for cause in causes:
        print(cause, file=sys.stderr)
    return 1 if causes else 0


def _text(account: Account, parts: list[Table], weighed: Balance) -> str:
    night, event = account.night, account.night.event
    day = f" · {format_day(event.today(event.start), event.today(night.at))}" if event.start else ""
    result = "It does not balance." if weighed.causes else "It balances."
    if account.open_tills:
        result += f" Not counted yet: the till of {', '.join(map(lane_name, account.open_tills))}."
    return "\n\n".join(
        [f"{event.title}{day}", *as_text(part for part in parts if part.rows), result]
    )


def tables(account: Account, balance: Balance) -> list[Table]:
    """Its parts, also those without rows: an older file must not stand for one."""
    parts = (*_door(account, balance), *_money(account))
    return [part._replace(currency=account.currency) for part in parts]


def file_of(part: Table, path: Path) -> Path:
    """Where a part goes: the summary to `path`, the others beside it, or all into that folder."""
    if path.is_dir():
        return path / f"{part.key}.csv"
    return path if part.key == SUMMARY else path.with_stem(f"{path.stem}-{part.key}")


def _csv(part: Table, *, end: str = "\r\n") -> str:
    return as_csv(part.columns, part.rows, end=end, separator=DANISH)


def _table(key: str, title: str, columns: str, rows: Iterable[object]) -> Table:
    """A part whose columns are taken from the fields of its rows."""
    cells: list[dict[str, Any]] = [fields(row, columns) for row in rows]
    names = (name.partition("=")[0].replace("_", " ") for name in columns.split())
    values = ((_cell(value) for value in row.values()) for row in cells)
    return Table(key, title, tuple(names), [tuple(row) for row in values])


def _cell(value: Any) -> Cell:
    """Several amounts, as of earlier counts, are one text."""
    if isinstance(value, tuple) and len(value) != 1:
        return "; ".join(map(plain_amount, value))
    cell: Cell = value[0] if isinstance(value, tuple) else value
    return cell


def _door(account: Account, balance: Balance) -> Iterable[Table]:
    night = account.night
    yield Table(SUMMARY, "Summary", ("figure", "value"), list(_summary(account, balance)))
    causes = [(cause,) for cause in balance.causes]
    yield Table("not_balanced", "Why it does not balance", ("cause",), causes)
    yield _table(
        "attendance",
        "Attendance by ticket type",
        "ticket_type tickets in=inside admitted_here=here refunded",
        (row._replace(ticket_type=row.ticket_type or UNLISTED) for row in account.by_type),
    )
    yield _table(
        "handed_out",
        "Handed out",
        "ticket_type tickets handed_out=inside here refunded",
        account.handed_out,
    )
    yield Table("by_lane", "Admissions by lane", ("lane", "in"), list(account.by_lane.items()))
    by_operator = [(name or "(nobody named)", count) for name, count in account.by_operator.items()]
    yield Table("by_operator", "Admissions by operator", ("operator", "in"), by_operator)
    yield Table("by_quarter", "Admissions by quarter hour", ("from", "in"), account.by_quarter)
    for key, title, noted in (
        ("overrides", "Overrides", night.overrides),
        ("let_in_again", "Taken back at the site, and let in again", night.let_in_again),
        ("undos", "Undos", night.undos),
        ("dismissed", "Dismissed from the queue", night.dismissed),
    ):
        yield _table(key, title, NOTED, _at_night(night, noted))
    yield _table("conflicts", "Conflicts", ROWS, _at_night(night, account.conflicts))
    yield _table("failed", "Refused by the site", ROWS, _at_night(night, account.failed))


def _money(account: Account) -> Iterable[Table]:
    night, money = account.night, f" {account.currency}".rstrip()
    columns = ("paid by", "sold", "discount", "rounding", "orders paid", "given back", "amount")
    yield Table("takings", f"Takings{money}", columns, list(_takings(account)))
    kinds = ("ticket type", "tickets", "amount")
    yield Table("sold", f"Sold at the door{money}", kinds, account.sold)
    sales = [_sale(night, sale) for sale in night.sales]
    yield _table("sales", "Sales", SALES, sales)
    rounded = [sale for sale in sales if sale["booked"] and sale["rounding"]]
    less = [sale for sale in sales if sale["booked"] and sale["discount"]]
    yield _table("discounts", "Discounts and complimentary tickets", DISCOUNTS, less)
    yield _table("rounding", "Cash rounded by its coins", ROUNDED, rounded)
    title = "Paid at the door: the site does not know of it, settle these orders there"
    yield _table("orders_paid", title, PAYMENTS, _payments(night))
    yield _table("refunds", "Refunds of orders", REFUNDS, _refunds(night))
    shifts = (_shift(night, shift) for shift in account.shifts)
    yield _table("tills", "Tills", TILLS, shifts)
    outside = (taking._replace(at=night.local(taking.at)) for taking in account.in_no_till)
    yield _table("not_in_a_till", "Cash in no till", OUTSIDE, outside)


def _takings(account: Account) -> Iterator[tuple[Cell, ...]]:
    """What came in and went out by each way of payment."""
    if not account.night.takings:
        return
    for paid, amount in account.takings.items():
        carts = [sale.cart for sale in account.booked if sale.cart.paid is paid]
        back = [
            taking.amount
            for taking in account.night.takings
            if taking.kind is TakingKind.REFUND and taking.paid is paid
        ]
        total = sum((cart.total for cart in carts), Decimal(0))
        less = sum((cart.discounted for cart in carts), Decimal(0))
        rounding = sum((cart.rounding for cart in carts), Decimal(0))
        of_orders = (taking for taking in order_payments(account.night.takings))
        orders = sum((one.amount for one in of_orders if one.paid is paid), Decimal(0))
        yield paid, total, less, rounding, orders, Decimal(0) - sum(back, Decimal(0)), amount


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
        yield "sold for", account.turnover
        yield "discounts", account.discounts
        yield "complimentary tickets", account.complimentary
        yield "rounding of cash", account.rounding
        yield "paid at the door for orders of the site", account.orders_paid
        yield "refunded", account.refunded
        yield "cash expected in the tills", account.expected_cash
        yield "cash in no till", account.not_in_a_till
        yield "cash taken out between two tills", account.cash_taken_out
        yield "currency", account.currency


def _at_night(night: Night, rows: Iterable[AuditNote | QueueRow]) -> Iterator[dict[str, Any]]:
    """Their fields, with the name that goes with the ticket, and the event's own time."""
    for row in rows:
        own = row._asdict() | {"at": night.local(row.at), "name": night.name_of(row.ticket)}
        yield own | {"did": own.get("what", "").replace("_", " ")}


def _refunds(night: Night) -> Iterator[dict[str, Any]]:
    """With the order's number, where it was sold here, else its uuid."""
    numbers = {sale.order: sale.order_id for sale in night.sales}
    for row in _at_night(night, night.refunds):
        yield row | {"number": numbers.get(row["ticket"]) or row["ticket"]}


def _payments(night: Night) -> Iterator[dict[str, Any]]:
    """With the order's number, where it is known."""
    numbers = {note.ticket: note.what for note in night.payments}
    for taking in order_payments(night.takings):
        uuid = taking.order or ""
        number, what = numbers.get(uuid) or uuid, taking.kind.replace("_", " ")
        row = taking._replace(at=night.local(taking.at))._asdict()
        yield row | {"number": number, "what": what}


def _sale(night: Night, sale: Sale) -> dict[str, Any]:
    given = sale.cart.discount or Discount("", 0, Decimal(0))
    return {
        **fields(sale, "external_order_id state order order_id lane operator booked reason"),
        **fields(sale.cart, "total discount=discounted rounding payable paid tickets=amount"),
        "code": given.code or "complimentary",
        "discounted_tickets": given.tickets,
        "why": given.reason,
        "at": night.local(sale.at),
        "number": sale.order_id or sale.order or "",
        "is_booked": "yes" if sale.booked else "no",
    }


def _shift(night: Night, shift: Shift) -> Shift:
    closed = night.local(shift.closed_at) if shift.closed_at else None
    return shift._replace(opened_at=night.local(shift.opened_at), closed_at=closed)


def _given_back(note: dict[str, Any]) -> dict[str, str]:
    amount = note["given_back"]
    return {"given_back": "" if amount is None else f"{plain_amount(amount)} {note['paid']}"}


def as_json(account: Account, balance: Balance) -> dict[str, object]:
    """`report --json`."""
    night, checked = account.night, balance.reconciliation
    attendance = "ticket_type tickets in=inside here refunded"
    noted = "at lane operator ticket reason name"
    sale = "external_order_id state order order_id lane operator booked reason paid at"
    amounts = "tickets total discount rounding"
    return {
        "event": fields(night.event, "uuid title"),
        "at": night.local(night.at),
        "balanced": not balance.causes,
        "causes": balance.causes,
        **fields(account, "admissions tickets currency takings expected_cash cash_taken_out"),
        **fields(account, "in=inside failed=needs_person waiting=goes_by_itself"),
        "conflicts": len(account.conflicts),
        "by_type": [fields(row, attendance) for row in account.by_type],
        "handed_out": [fields(row, attendance) for row in account.handed_out],
        **fields(account, "by_lane by_operator"),
        "by_quarter": [
            {"from": night.local(quarter.start), "admissions": quarter.admissions}
            for quarter in account.by_quarter
        ],
        **{
            key: [fields(note, f"{noted} {more}") for note in _at_night(night, notes)]
            for key, notes, more in (
                ("overrides", night.overrides, "verdict=what"),
                ("let_in_again", night.let_in_again, ""),
                ("undos", night.undos, ""),
                ("dismissed", night.dismissed, "kind=what"),
            )
        },
        "sales": {
            **fields(
                account, "tickets=tickets_sold total=turnover discounts complimentary rounding"
            ),
            "count": len(account.booked),
            "list": [fields(_sale(night, one), f"{sale} {amounts}") for one in night.sales],
        },
        "orders_paid": {
            "total": account.orders_paid,
            "list": [
                fields(row, "at lane operator order number amount paid kind=what")
                for row in _payments(night)
            ],
        },
        "unsettled": [one.external_order_id for one in account.unsettled],
        "refunds": {
            "count": len(night.refunds),
            "total": account.refunded,
            "list": [
                fields(note, "at lane operator reason order=ticket") | _given_back(note)
                for note in _at_night(night, night.refunds)
            ],
        },
        "shifts": [fields(_shift(night, shift), TILL) for shift in account.shifts],
        "tills": [fields(_shift(night, shift), TILLS) for shift in account.shifts],
        "not_in_a_till": account.not_in_a_till,
        "reconciliation": {
            "checked": checked.checked if checked else 0,
            "orders": checked.orders if checked else 0,
            "missing": [missing._asdict() for missing in checked.missing] if checked else [],
            "unknown_to_us": checked.unknown_to_us if checked else None,
        },
    }
