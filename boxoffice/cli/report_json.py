"""The night's account for programs: `report --json` and `shift --json`."""

from datetime import datetime
from decimal import Decimal

from boxoffice.cli.report_tables import amount, local, name_of
from boxoffice.domain.account import Account, Night, Noted
from boxoffice.domain.balance import Balance
from boxoffice.domain.sale import Sale, Shift


def as_json(account: Account, balance: Balance) -> dict[str, object]:
    """`report --json`: money as text, times in ISO 8601 with the event's offset."""
    night, checked = account.night, balance.reconciliation
    return {
        "event": {"uuid": night.event.uuid, "title": night.event.title},
        "at": iso(night, night.at),
        "balanced": not balance.causes,
        "causes": list(balance.causes),
        "admissions": account.admissions,
        "in": account.inside,
        "tickets": sum(each.tickets for each in account.by_type),
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
            {"from": iso(night, each.start), "admissions": each.admissions}
            for each in account.by_quarter
        ],
        "overrides": [_noted_json(night, each, "verdict") for each in night.overrides],
        "let_in_again": [_noted_json(night, each) for each in night.let_in_again],
        "undos": [_noted_json(night, each) for each in night.undos],
        "dismissed": [_noted_json(night, each, "kind") for each in night.dismissed],
        "sales": {
            "count": len(account.booked),
            "tickets": sum(sale.cart.amount for sale in account.booked),
            "total": amount(sum((sale.cart.total for sale in account.booked), Decimal(0))),
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
        "at": iso(night, noted.at),
        "lane": noted.lane,
        "operator": noted.operator,
        about: noted.ticket,
        **({"name": name_of(night, noted.ticket)} if about == "ticket" else {}),
        **({what: noted.what} if what else {}),
        "reason": noted.reason,
    }


def _sale_json(night: Night, sale: Sale) -> dict[str, object]:
    return {
        "external_order_id": sale.external_order_id,
        "state": sale.state.value,
        "order": sale.order,
        "order_id": sale.order_id,
        "at": iso(night, sale.at),
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
            opened_at=local(night, shift.opened_at),
            closed_at=local(night, shift.closed_at) if shift.closed_at else None,
        )
    )


def shift_json(shift: Shift) -> dict[str, object]:
    """A till. Times are written in the time zone they are in."""
    return {
        "lane": shift.lane,
        "operator": shift.operator,
        "opened_at": shift.opened_at.isoformat(timespec="seconds"),
        "opening": amount(shift.opening),
        "taken": amount(shift.taken),
        "expected": amount(shift.expected),
        "closed_at": shift.closed_at.isoformat(timespec="seconds") if shift.closed_at else None,
        "counted": None if shift.counted is None else amount(shift.counted),
        "difference": None if shift.difference is None else amount(shift.difference),
        "currency": shift.currency,
    }


def iso(night: Night, at: datetime) -> str:
    """ISO 8601, in the event's time zone."""
    return local(night, at).isoformat(timespec="seconds")
