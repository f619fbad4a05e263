"""Rows of a model in the columns that fit."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from boxoffice.language import use
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.screens.desk.table_model import Layout, cell, cells, layout, naturals
from boxoffice.ticketbutler.record import FieldInfo, field_info
from boxoffice.ticketbutler.resources.exports import NewsletterSignup
from boxoffice.ticketbutler.resources.order_models import OrderDetails
from boxoffice.ticketbutler.resources.ticket_types import TicketTypeDetails
from tests.screens.stage import HOSTILE
from tests.support import EVENING

COLUMNS = tuple(each for each in field_info(TicketTypeDetails) if each.name not in ("uuid", "pk"))
DANISH = FormatOptions(ZoneInfo("Europe/Copenhagen"), "da_DK")
ORDER = ("order_id", "buyer", "tickets", "total", "state", "email", "created", "currency")


def drawn(
    rows: Sequence[Any], columns: Sequence[FieldInfo], width: int
) -> tuple[Layout, list[str]]:
    """The columns at this width, and the lines."""
    written = partial(cell, options=DANISH)
    chosen = layout(columns, naturals(rows, columns, written), width)
    texts = [cells(row, columns, DANISH) for row in rows]
    return chosen, ["".join(chosen.line(each)) for each in texts]


@pytest.mark.parametrize("width", [10, 30, 56, 76, 116, 200])
@pytest.mark.parametrize("title", ["", "Standard", "x" * 300, HOSTILE, "漢字" * 40, "a\n\tb"])
def test_every_line_fits(width: int, title: str) -> None:
    row = TicketTypeDetails(title=title, price=Decimal("1250.5"), amount=3, start=EVENING)
    chosen, (line,) = drawn([row], COLUMNS, width)
    assert cell_len(chosen.header) <= width
    assert cell_len(line) <= width
    assert "\n" not in line
    assert chosen.header.startswith("Title"[:width])


def test_values_are_written_as_people_write_them() -> None:
    row = TicketTypeDetails(title="A", price=Decimal("1250.5"), active=True, start=EVENING)
    told = dict(zip([each.name for each in COLUMNS], cells(row, COLUMNS, DANISH), strict=True))
    assert told["price"] == "1.250,50"
    assert told["active"] == "yes"
    assert told["start"] == "Fri 08 May 2026 18:30"
    assert told["amount"] == ""


def test_days_with_longer_names_need_no_cut() -> None:
    """What is measured of moments is not the first of them."""
    columns = [each for each in COLUMNS if each.name in ("title", "start")]
    rows = [TicketTypeDetails(title="A", start=EVENING + timedelta(days=day)) for day in range(7)]
    use("da")
    assert "…" not in "".join(drawn(rows, columns, 76)[1])


def test_a_moment_is_never_cut() -> None:
    columns = field_info(NewsletterSignup)
    row = NewsletterSignup(
        date_joined=EVENING,
        newsletter_event="E" * 40,
        first_name="F" * 40,
        last_name="L" * 40,
        email="M" * 40,
    )
    for width in range(24, 120, 7):
        _, (line,) = drawn([row], columns, width)
        assert "Fri 08 May 2026 18:30" in line


def order(number: int) -> OrderDetails:
    return OrderDetails(
        uuid="a" * 32,
        order_id=f"dZy{number}",
        state="CANCELLED",
        buyer="Regitze Refunderet",
        email=f"regitze.refunderet{number}@example.com",
        tickets=number,
        total=Decimal(1295),
        currency="DKK",
        created=EVENING,
    )


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (76, ["order_id", "buyer", "tickets", "total", "state", "currency"]),
        (96, ["order_id", "buyer", "tickets", "total", "state", "email", "currency"]),
        (116, [*ORDER]),
    ],
)
def test_what_shows_of_orders_is_not_cut(width: int, shown: list[str]) -> None:
    known = {each.name: each for each in field_info(OrderDetails)}
    chosen, lines = drawn([order(1), order(222)], [known[name] for name in ORDER], width)
    assert [each.name for each in chosen.columns] == shown
    for line in lines:
        assert "Regitze Refunderet" in line
        assert "1.295,00" in line
        assert "CANCELLED" in line
        assert ("regitze.refunderet" in line) == ("email" in shown)


def test_a_column_that_is_empty_in_every_row_takes_no_room() -> None:
    names = ("title", "day", "start", "price")
    columns = [each for name in names for each in COLUMNS if each.name == name]
    rows = [TicketTypeDetails(title="A", price=Decimal(1)), TicketTypeDetails(title="B")]
    chosen, _ = drawn(rows, columns, 200)
    assert [each.name for each in chosen.columns] == ["title", "price"]


def test_the_widest_of_many_is_found() -> None:
    prices = (Decimal(5), Decimal("1234.5"), None, Decimal(70))
    rows = [
        TicketTypeDetails(title="x" * at, price=price, active=bool(at))
        for at, price in enumerate(prices)
    ]
    written = partial(cell, options=DANISH)
    texts = [cells(row, COLUMNS, DANISH) for row in rows]
    wanted = tuple(max(map(cell_len, column)) for column in zip(*texts, strict=True))
    assert naturals(rows, COLUMNS, written) == wanted
