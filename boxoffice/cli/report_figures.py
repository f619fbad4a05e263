"""The figures of the night's report: its tables, and its JSON."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from boxoffice.cli.output import SUMMARY, TILL, fields
from boxoffice.domain.account import Account, order_payments
from boxoffice.domain.balance import Balance
from boxoffice.domain.cart import Discount
from boxoffice.domain.journal import QueueRow
from boxoffice.domain.money import plain_amount
from boxoffice.domain.night import AuditNote, Night
from boxoffice.domain.sale import Sale, TakingKind
from boxoffice.language import N_, _
from boxoffice.printing.spreadsheet import Cell, Table

UNLISTED = N_("(not in the list)")
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
HEADINGS = (
    *(N_("what"), N_("reason"), N_("row"), N_("state"), N_("sale"), N_("total"), N_("booked")),
    *(N_("in cash"), N_("code"), N_("discounted tickets"), N_("kind"), N_("opened"), N_("closed")),
    *(N_("float"), N_("cash taken"), N_("expected"), N_("counted"), N_("difference")),
    *(N_("counted before"), N_("ticket type"), N_("handed out"), N_("here")),
)
"""What `_table` makes of those that no other table has."""
CODED = frozenset({"state", "paid_by", "paid", "kind", "what"})
"""Columns that hold codes: a file in English has them as they are, another language its words."""
CODES = (
    *(N_("waiting"), N_("sending"), N_("failed"), N_("conflict"), N_("queued"), N_("unknown")),
    *(N_("not_placed"), N_("unsure"), N_("sold"), N_("done"), N_("refused"), N_("dropped")),
    *(N_("cash"), N_("card"), N_("mobilepay"), N_("invoice"), N_("free")),
    *(N_("check_in"), N_("check in"), N_("answers"), N_("name"), N_("sale")),
    *(N_("reversal"), N_("refund"), N_("payment"), N_("payment back"), N_("payment_back")),
    *(N_("wrong day"), N_("wrong door"), N_("not paid"), N_("answers needed")),
    *(N_("already in"), N_("cannot tell")),
)
"""Of queue, sales, takings and verdicts, as tables and `boxoffice queue` name them."""


def tables(account: Account, balance: Balance) -> list[Table]:
    """Its parts, also those without rows: an older file must not stand for one."""
    parts = (*_door(account, balance), *_money(account))
    return [part._replace(currency=account.currency) for part in parts]


def _table(key: str, title: str, columns: str, rows: Iterable[object]) -> Table:
    """A part whose columns are taken from the fields of its rows."""
    cells: list[dict[str, Any]] = [fields(row, columns) for row in rows]
    names = (_(name.partition("=")[0].replace("_", " ")) for name in columns.split())
    values = ((_cell(name, value) for name, value in row.items()) for row in cells)
    return Table(key, title, tuple(names), [tuple(row) for row in values])


def _cell(column: str, value: Any) -> Cell:
    """Several amounts, as of earlier counts, are one text."""
    if column in CODED and isinstance(value, str):
        return _(value)
    if isinstance(value, tuple) and len(value) != 1:
        return "; ".join(map(plain_amount, value))
    cell: Cell = value[0] if isinstance(value, tuple) else value
    return cell


def _door(account: Account, balance: Balance) -> Iterable[Table]:
    night = account.night
    yield Table(SUMMARY, _("Summary"), (_("figure"), _("value")), list(_summary(account, balance)))
    causes = [(cause,) for cause in balance.causes]
    yield Table("not_balanced", _("Why it does not balance"), (_("cause"),), causes)
    yield _table(
        "attendance",
        _("Attendance by ticket type"),
        "ticket_type tickets in=inside admitted_here=here refunded",
        (row._replace(ticket_type=row.ticket_type or _(UNLISTED)) for row in account.by_type),
    )
    yield _table(
        "handed_out",
        _("Handed out"),
        "ticket_type tickets handed_out=inside here refunded",
        account.handed_out,
    )
    yield Table(
        "by_lane", _("Admissions by lane"), (_("lane"), _("in")), list(account.by_lane.items())
    )
    by_operator = [
        (name or _("(nobody named)"), count) for name, count in account.by_operator.items()
    ]
    yield Table("by_operator", _("Admissions by operator"), (_("operator"), _("in")), by_operator)
    yield Table(
        "by_quarter", _("Admissions by quarter hour"), (_("from"), _("in")), account.by_quarter
    )
    for key, title, noted in (
        ("overrides", _("Overrides"), night.overrides),
        ("let_in_again", _("Taken back at the site, and let in again"), night.let_in_again),
        ("undos", _("Undos"), night.undos),
        ("dismissed", _("Dismissed from the queue"), night.dismissed),
    ):
        yield _table(key, title, NOTED, _at_night(night, noted))
    yield _table("conflicts", _("Conflicts"), ROWS, _at_night(night, account.conflicts))
    yield _table("failed", _("Refused by the site"), ROWS, _at_night(night, account.failed))


def _money(account: Account) -> Iterable[Table]:
    night, money = account.night, f" {account.currency}".rstrip()
    columns = (
        *(_("paid by"), _("sold"), _("discount"), _("rounding")),
        *(_("orders paid"), _("given back"), _("amount")),
    )
    yield Table("takings", f"{_('Takings')}{money}", columns, list(_takings(account)))
    kinds = (_("ticket type"), _("tickets"), _("amount"))
    yield Table("sold", f"{_('Sold at the door')}{money}", kinds, account.sold)
    sales = [_sale(night, sale) for sale in night.sales]
    yield _table("sales", _("Sales"), SALES, sales)
    rounded = [sale for sale in sales if sale["booked"] and sale["rounding"]]
    less = [sale for sale in sales if sale["booked"] and sale["discount"]]
    yield _table("discounts", _("Discounts and complimentary tickets"), DISCOUNTS, less)
    yield _table("rounding", _("Cash rounded by its coins"), ROUNDED, rounded)
    title = _("Paid at the door: the site does not know of it, settle these orders there")
    yield _table("orders_paid", title, PAYMENTS, _payments(night))
    yield _table("refunds", _("Refunds of orders"), REFUNDS, _refunds(night))
    shifts = (shift.in_zone(night.event.zone) for shift in account.shifts)
    yield _table("tills", _("Tills"), TILLS, shifts)
    outside = (taking._replace(at=night.local(taking.at)) for taking in account.in_no_till)
    yield _table("not_in_a_till", _("Cash in no till"), OUTSIDE, outside)


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
        yield _(paid), total, less, rounding, orders, Decimal(0) - sum(back, Decimal(0)), amount


def _summary(account: Account, balance: Balance) -> Iterable[tuple[str, Cell]]:
    night, checked = account.night, balance.reconciliation
    yield _("event"), night.event.title
    yield _("at"), night.at
    yield _("balances"), _("no") if balance.causes else _("yes")
    yield _("tickets"), account.tickets
    yield _("in"), account.inside
    yield _("admitted here"), account.admissions
    if checked is not None:
        yield _("checked at the site"), checked.checked
        yield _("missing at the site"), len(checked.missing)
        yield _("in, but not by this computer"), checked.unknown_to_us
    yield _("open conflicts"), len(account.conflicts)
    yield _("failed"), account.needs_person
    yield _("waiting to be sent"), account.goes_by_itself
    if night.sales or night.takings or account.shifts:
        yield _("sales"), len(account.booked)
        yield _("sales not settled"), len(account.unsettled)
        yield _("sold for"), account.turnover
        yield _("discounts"), account.discounts
        yield _("complimentary tickets"), account.complimentary
        yield _("rounding of cash"), account.rounding
        yield _("paid at the door for orders of the site"), account.orders_paid
        yield _("refunded"), account.refunded
        yield _("cash expected in the tills"), account.expected_cash
        yield _("cash in no till"), account.not_in_a_till
        yield _("cash taken out between two tills"), account.cash_taken_out
        yield _("currency"), account.currency


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
        "code": given.code or _("complimentary"),
        "discounted_tickets": given.tickets,
        "why": given.reason,
        "at": night.local(sale.at),
        "number": sale.order_id or sale.order or "",
        "is_booked": _("yes") if sale.booked else _("no"),
    }


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
        "shifts": [fields(shift.in_zone(night.event.zone), TILL) for shift in account.shifts],
        "tills": [fields(shift.in_zone(night.event.zone), TILLS) for shift in account.shifts],
        "not_in_a_till": account.not_in_a_till,
        "reconciliation": {
            "checked": checked.checked if checked else 0,
            "orders": checked.orders if checked else 0,
            "missing": [missing._asdict() for missing in checked.missing] if checked else [],
            "unknown_to_us": checked.unknown_to_us if checked else None,
        },
    }
