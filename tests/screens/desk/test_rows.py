"""Rows of a model as a table that fits."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from boxoffice.organiser import NewsletterSignup, TicketTypeDetails, about
from boxoffice.screens.desk.rows import cells, table
from tests.screens.stage import HOSTILE
from tests.support import EVENING

COLUMNS = tuple(each for each in about(TicketTypeDetails) if each.name not in ("uuid", "pk"))
ZONE = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize("width", [10, 30, 56, 76, 116, 200])
@pytest.mark.parametrize("title", ["", "Standard", "x" * 300, HOSTILE, "漢字" * 40, "a\n\tb"])
def test_every_line_fits(width: int, title: str) -> None:
    row = TicketTypeDetails(title=title, price=Decimal("1250.5"), amount=3, start=EVENING)
    drawn = table(COLUMNS, [cells(row, COLUMNS, ZONE, "da_DK")], width)
    assert cell_len(drawn.header) <= width
    (line,) = drawn.lines
    assert cell_len(line.plain) <= width
    assert "\n" not in line.plain
    assert len(drawn.header) == 0 or drawn.header.startswith("Title"[:width])


def test_values_are_written_as_people_write_them() -> None:
    row = TicketTypeDetails(title="A", price=Decimal("1250.5"), active=True, start=EVENING)
    told = dict(
        zip([each.name for each in COLUMNS], cells(row, COLUMNS, ZONE, "da_DK"), strict=True)
    )
    assert told["price"] == "1.250,50"
    assert told["active"] == "yes"
    assert told["start"] == "Fri 08 May 2026 18:30"
    assert told["amount"] == ""


def test_a_moment_is_never_cut() -> None:
    columns = about(NewsletterSignup)
    row = NewsletterSignup(EVENING, "E" * 40, "F" * 40, "L" * 40, "M" * 40)
    for width in range(24, 120, 7):
        drawn = table(columns, [cells(row, columns, ZONE)], width)
        assert "Fri 08 May 2026 18:30" in drawn.lines[0].plain
