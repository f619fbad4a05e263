"""All that is known of an order beside its buyer, as labels and texts."""

from datetime import tzinfo
from decimal import Decimal

from rich.table import Table

from boxoffice.domain.models import Standing
from boxoffice.domain.money import format_money
from boxoffice.domain.party import standing
from boxoffice.domain.saying import count
from boxoffice.lane import OrderView
from boxoffice.widgets.facts import grid
from boxoffice.widgets.paid_by import NAMES

SHOWN = 30
"""Tickets that are listed; more are counted."""
MORE = "perhaps more: not all could be asked"


def order_table(view: OrderView, zone: tzinfo, locale: str) -> Table:
    """The facts, with times in `zone` and money as `locale` writes it."""
    return grid(order_facts(view, zone, locale))


def order_facts(view: OrderView, zone: tzinfo, locale: str) -> list[tuple[str, str]]:
    """The rows: a label and what stands beside it. Empty ones are left out."""
    order = view.order
    rows = [
        ("State", state_of(view)),
        ("Total", total_of(view, locale)),
        ("Bought", f"{order.created.astimezone(zone):%d.%m.%Y %H:%M}" if order.created else ""),
        ("Sold here", _sold(view, zone)),
        ("External id", order.external_order_id or ""),
        ("", ""),
    ]
    for place, row in enumerate(view.tickets[:SHOWN]):
        label = count(len(view.tickets), "ticket") if place == 0 else " "
        name = row.ticket.full_name or "Without a name"
        guess = " · same e-mail?" if view.party.is_guess(row) else ""
        rows.append((label, f"{name} · {row.ticket.ticket_type} · {standing(row, zone)}{guess}"))
    if len(view.tickets) > SHOWN:
        rows.append((" ", f"and {len(view.tickets) - SHOWN} more"))
    if not view.party.complete:
        rows.append((" ", MORE))
    return [(label, text) for label, text in rows if text]


def state_of(view: OrderView) -> str:
    """`paid`, `REFUNDED`, `CANCELLED`, `NOT PAID (NEW)`; empty: not known."""
    order = view.order
    match order.standing:
        case Standing.UNTOLD:
            return ""
        case Standing.PAID:
            return "paid"
        case Standing.UNPAID:
            return f"NOT PAID ({order.state})"
        case _:
            return order.standing.upper()


def total_of(view: OrderView, locale: str) -> str:
    """What it cost, and whether that is certain; empty: not known."""
    if view.amount is None:
        return ""
    note = " by today's prices" if view.estimated else ""
    return f"{format_money(view.amount, view.currency, locale)}{note}"


def written(amount: Decimal | None, locale: str) -> str:
    """An amount without its currency, as `read_money` reads it back."""
    return "" if amount is None else format_money(amount, "", locale)


def _sold(view: OrderView, zone: tzinfo) -> str:
    sale = view.sale
    if sale is None:
        return ""
    by = f" by {sale.operator}" if sale.operator else ""
    at = f"{sale.at.astimezone(zone):%d.%m. %H:%M}"
    return f"{at}{by}, {NAMES[sale.cart.paid].lower()}, no. {sale.number} of {sale.lane}"
