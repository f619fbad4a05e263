"""The night's account as tables, for people, CSV and XLSX."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from boxoffice.cli.listing import table
from boxoffice.domain.account import Account, Night, Noted
from boxoffice.domain.balance import Balance
from boxoffice.domain.queue import QueueRow
from boxoffice.domain.sale import Sale, Shift

Cell: TypeAlias = str | int | Decimal | datetime | None

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


class Table(NamedTuple):
    """A part of the account."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


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
    yield "tickets", sum(each.tickets for each in account.by_type)
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
    name, what = name_of(night, each.ticket), each.what.replace("_", " ")
    at = local(night, each.at)
    return at, each.lane, each.operator, each.ticket, name, what, each.reason


def _row(night: Night, row: QueueRow) -> tuple[Cell, ...]:
    at, name = local(night, row.at), name_of(night, row.ticket)
    return row.id, row.state.value, at, row.lane, row.operator, row.ticket, name, row.reason


def _sale(night: Night, sale: Sale) -> tuple[Cell, ...]:
    return (
        *(sale.external_order_id, sale.state.value, local(night, sale.at)),
        *(sale.lane, sale.operator, sale.order_id or sale.order or ""),
        *(sale.cart.amount, sale.cart.total, sale.cart.paid.value),
        *("yes" if sale.booked else "no", sale.reason),
    )


def _shift(night: Night, shift: Shift) -> tuple[Cell, ...]:
    return (
        *(shift.lane, shift.operator, local(night, shift.opened_at), shift.opening),
        *(shift.taken, shift.expected),
        None if shift.closed_at is None else local(night, shift.closed_at),
        *(shift.counted, shift.difference, shift.currency),
    )


def local(night: Night, at: datetime) -> datetime:
    """In the event's time zone."""
    return at.astimezone(night.event.zone)


def name_of(night: Night, uuid: str) -> str:
    """Whose ticket it is; empty: not known here."""
    ticket = night.tickets.get(uuid)
    return ticket.full_name if ticket else ""


def amount(money: Decimal) -> str:
    """`300.00`; never `-0.00`."""
    return f"{money + 0:.2f}"


def as_text(parts: Iterable[Table]) -> list[str]:
    """A block of lines for each part but the causes, which are said on standard error."""
    blocks = []
    for part in parts:
        if part.key == "not_balanced":
            continue
        rows = [tuple(map(_written, row)) for row in part.rows]
        if part.key != "summary":
            rows.insert(0, part.columns)
        lines = [f"  {line}" for line in table(rows).splitlines()]
        blocks.append("\n".join([part.title, *lines]))
    return blocks


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case Decimal():
            return amount(cell)
    return str(cell)
