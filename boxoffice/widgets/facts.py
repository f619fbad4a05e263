"""All that is known of a ticket, as labels and texts."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rich.table import Table
from rich.text import Text

from boxoffice.domain.models import Order
from boxoffice.domain.questions import other_answers
from boxoffice.lane import Details

LABELS = 12
"""Columns for the labels."""


def grid(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels with texts beside them."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=LABELS)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(label, style="dim"), Text(text))
    return table


def facts(details: Details, zone: tzinfo) -> list[tuple[str, str]]:
    """What of a ticket cannot be edited, with times in `zone`; empty fields are left out."""
    ticket = details.ticket
    rows = [
        ("Check-in", check_in(details, zone)),
        ("Look at", details.status.attention),
        ("Order", _order(details.order)),
        ("Buyer", _buyer(details.order)),
        ("E-mail", ticket.email),
        ("Company", ticket.company_name or ""),
        ("Valid", _day(ticket.date, zone)),
        ("Seat", ticket.seat),
        ("Number", "" if ticket.number is None else str(ticket.number)),
        ("Code", ticket.uuid),
        ("Other code", ticket.external_uuid or ""),
        ("Short URL", f"…/t/{ticket.url}/" if ticket.url else ""),
    ]
    rows += other_answers(details.questions, details.answers)
    return [(label, text) for label, text in rows if text]


def check_in(details: Details, zone: tzinfo) -> str:
    """Whether the ticket is in, since when, and who says so."""
    ticket, status, seen = details.ticket, details.status, details.seen_in
    if ticket.refunded:
        return "refunded: not valid"
    if status.admitted_at is not None:
        at = status.admitted_at.astimezone(zone)
        waiting = ", not confirmed yet" if status.waiting else ""
        return f"in since {at:%H:%M}, by this computer{waiting}"
    if not ticket.checked_in:
        return "not in"
    if seen is None:
        return "in"
    before = seen.before.astimezone(zone)
    if seen.after is None:
        return f"in, elsewhere, before {before:%H:%M}"
    return f"in, elsewhere, {seen.after.astimezone(zone):%H:%M} to {before:%H:%M}"


def _order(order: Order | None) -> str:
    if order is None:
        return ""
    state = "refunded" if order.refunded else order.state.lower()
    return " · ".join(part for part in (order.order_id, state) if part)


def _buyer(order: Order | None) -> str:
    if order is None:
        return ""
    return ", ".join(part for part in (order.full_name, order.email) if part)


def _day(moment: str | None, zone: tzinfo) -> str:
    if not moment:
        return ""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    at = at.astimezone(zone) if at.tzinfo else at
    return f"{at:%A %d %B %Y, %H:%M}"
