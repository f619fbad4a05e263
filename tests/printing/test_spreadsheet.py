"""Tables for spreadsheets: what the Danish Excel takes for numbers and times, and no formula."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from boxoffice.printing.spreadsheet import DANISH, Table, as_csv, parts_as_xlsx

AT = datetime(2026, 5, 8, 18, 30, 5, tzinfo=UTC)


def test_numbers_and_times_are_such_to_a_danish_excel() -> None:
    row = ("a;b", 12, Decimal("-1234.5"), AT, None, "=1+1", "-5", Decimal("1.255"))
    (head, line) = as_csv(["x"] * len(row), [row], separator=DANISH).splitlines()
    assert head == "x;x;x;x;x;x;x;x"
    assert line == "\"a;b\";12;-1234,50;2026-05-08 18:30:05;;'=1+1;'-5;1,255"


def test_for_programs_they_are_plain() -> None:
    row = (Decimal("-1234.5"), AT, "=1+1")
    assert as_csv("xyz", [row], end="\n") == "x,y,z\n-1234.50,2026-05-08T18:30:05+00:00,'=1+1\n"


@pytest.mark.parametrize("separator", [",", DANISH])
@pytest.mark.parametrize("country", [",", ";", "\t"])
def test_no_formula_begins_where_a_spreadsheet_of_another_country_parts_cells(
    separator: str, country: str
) -> None:
    """It takes a quote in the middle of a cell for a letter."""
    names = [f"Ada{country}{sign}cmd|' /C calc'!A0{country}" for sign in "=+-@"]
    text = as_csv("xyzw", [("Bo", name, "Berg, 2", "a-b") for name in names], separator=separator)
    cells = [cell for line in text.splitlines() for cell in line.split(country)]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert text.count("Berg, 2") == text.count("a-b") == len(names)


@pytest.mark.parametrize(
    ("currency", "written"), [("DKK", "#,##0.00"), ("KWD", "#,##0.000"), ("ISK", "#,##0")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, written: str) -> None:
    table = Table("takings", "Takings", ("amount",), [(Decimal("-0.5"),)], currency)
    with zipfile.ZipFile(io.BytesIO(parts_as_xlsx([table]))) as book:
        assert f'formatCode="{written}"' in book.read("xl/styles.xml").decode()
        assert "<v>-0.5</v>" in book.read("xl/worksheets/sheet1.xml").decode()
