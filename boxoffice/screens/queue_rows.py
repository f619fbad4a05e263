"""The rows of the queue as they are listed: what is to be sent, and sales that are not settled."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import NamedTuple, TypeAlias

from textual.content import Content
from textual.widgets.option_list import Option

from boxoffice.domain.money import format_money
from boxoffice.domain.queue import Kind, QueueRow, State
from boxoffice.domain.sale import Sale
from boxoffice.lane import QueueView
from boxoffice.screens.sale_texts import advice, paid_line, short, trouble, what
from boxoffice.widgets.line_widget import shorten

Queued: TypeAlias = QueueRow | Sale

SHOWN = 200
"""Rows of each part that are listed; a long queue is counted, not read."""
KINDS = {Kind.CHECK_IN: "check-in", Kind.ANSWERS: "answers", Kind.NAME: "name"}
NAME = 40
"""Cells of a buyer's name."""
SIGNS = {State.CONFLICT: "!!", State.FAILED: "! ", State.WAITING: "… ", State.SENDING: "→ "}
GOES_BY_ITSELF = "This goes by itself as soon as the server can be reached."


class Part(NamedTuple):
    """Rows of one kind, with what is said above them."""

    heading: str
    rows: Sequence[Queued]

    def options(self, names: Mapping[str, str], zone: tzinfo, locale: str) -> list[Option]:
        """A heading and its rows; nothing where there are none. `names`: by ticket."""
        if not self.rows:
            return []
        heading = f"{self.heading} · {len(self.rows):,}"
        if len(self.rows) > SHOWN:
            heading += f", the first {SHOWN} listed"
        return [
            Option(Content.styled(heading, "bold"), disabled=True),
            *(Option(_line(row, names, zone, locale), id=key(row)) for row in self.rows[:SHOWN]),
        ]


def parts(view: QueueView) -> list[Part]:
    """The queue, those first who need a person."""
    stuck = [sale for sale in view.sales if sale.needs_person]
    under_way = [sale for sale in view.sales if not sale.needs_person]
    return [
        Part("Possibly two people in on one ticket", view.conflicts),
        Part("Sales that need a person", stuck),
        Part("Refused by the site", view.failed),
        Part("Sales on their way", under_way),
        Part("Waiting to be sent", view.waiting),
    ]


def title(view: QueueView) -> Content:
    """How many need a person, and how many wait."""
    stuck = sum(sale.needs_person for sale in view.sales)
    person = len(view.conflicts) + len(view.failed) + stuck
    waiting = len(view.waiting) + len(view.sales) - stuck
    return Content.assemble(
        "Queue",
        Content.styled(f"   {person:,} for a person", "$warn" if person else "$label"),
        Content.styled(f" · {waiting:,} waiting to be sent", "$label"),
    )


def key(row: Queued) -> str:
    """By which a row is known in the list."""
    return f"sale-{row.id}" if isinstance(row, Sale) else str(row.id)


def called(row: Queued, names: Mapping[str, str]) -> str:
    """Whose row it is."""
    if isinstance(row, Sale):
        buyer = row.cart.buyer
        return shorten(buyer.full_name, NAME)
    return names.get(row.ticket) or f"ticket {row.ticket[:8]}"


def _line(row: Queued, names: Mapping[str, str], zone: tzinfo, locale: str) -> Content:
    at = f"{row.at.astimezone(zone):%H:%M}"
    if isinstance(row, Sale):
        total = format_money(row.cart.total, row.cart.currency, locale)
        return Content.assemble(
            Content.styled(f" {'! ' if row.needs_person else '… '} {at}  ", "dim"),
            f"{'sale':<9} ",
            Content.styled(f"{total} · {called(row, names)}", "bold"),
            Content.styled(f"  {short(row)} · {what(row.cart)}", "dim"),
        )
    return Content.assemble(
        Content.styled(f" {SIGNS[row.state]} {at}  ", "dim"),
        f"{KINDS[row.kind]:<9} ",
        Content.styled(called(row, names), "bold"),
        Content.styled(f"  {row.reason}", "dim") if row.reason else "",
    )


def detail(row: Queued, names: Mapping[str, str], zone: tzinfo, locale: str) -> Content:
    """All that is to be said of the highlighted row."""
    at = f"{row.at.astimezone(zone):%H:%M:%S}"
    by = " · ".join(part for part in (row.lane, row.operator) if part)
    head = Content.styled(called(row, names), "bold")
    if isinstance(row, Sale):
        return Content.assemble(
            head,
            f" · {short(row).upper()} · {row.external_order_id} at {at}\n",
            advice(row) or GOES_BY_ITSELF,
            f"\n{said}" if (said := trouble(row)) else "",
            f"\n{what(row.cart)} · {paid_line(row.cart, locale)}",
        )
    tried = f", tried {row.tries} times" if row.tries > 1 else ""
    return Content.assemble(
        head,
        f"\n{KINDS[row.kind].capitalize()} at {at}{tried}",
        f" · {by}" if by else "",
        "\n\n",
        row.reason or GOES_BY_ITSELF,
    )
