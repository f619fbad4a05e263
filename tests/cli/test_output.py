"""Tables for people, in columns that stand under each other."""

import sys
from decimal import Decimal

import pytest
from rich.cells import cell_len

from boxoffice.cli.output import aligned, as_text, folded, terminal
from boxoffice.printing.spreadsheet import Table
from boxoffice.sandbox.names import WHOLE

NAMES = ("Anna", "李 小明", "e\u0301milie", "김 민준", "Zoë Ågård", "نور", "", *WHOLE)


def test_columns_stand_under_each_other_whatever_is_in_them() -> None:
    width = max(map(cell_len, NAMES)) + 2
    lines = aligned([(name, "here") for name in NAMES]).splitlines()
    assert {cell_len(line[: line.index("here")]) for line in lines} == {width}


@pytest.mark.parametrize(
    ("room", "columns"), [(None, 4), (31, 4), (30, 3), (22, 2), (10, 2), (1, 2)]
)
def test_columns_that_do_not_fit_are_left_out(room: int | None, columns: int) -> None:
    row = ("a" * 7, "b" * 6, "漢字漢", "d" * 6)
    assert aligned([row, row], room).splitlines() == ["  ".join(row[:columns])] * 2


@pytest.mark.parametrize("at_terminal", [True, False])
def test_only_a_terminal_has_a_width(monkeypatch: pytest.MonkeyPatch, *, at_terminal: bool) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: at_terminal, raising=False)
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal() == (72 if at_terminal else None)


def test_a_terminal_has_sentences_broken_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "The till of lane North held 40.00 too little: find out why."
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "30")
    assert folded(f"!  {sentence}\n\nb", sys.stderr, indent=3).splitlines() == [
        "!  The till of lane North held",
        "   40.00 too little: find out",
        "   why.",
        "",
        "b",
    ]
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert folded(sentence, sys.stderr) == sentence


def test_a_table_that_is_too_wide_stands_row_by_row() -> None:
    rows = [("North", Decimal("300.00")), ("South", Decimal("40.50"))]
    table = Table("tills", "Tills", ("lane", "expected"), rows)
    wide, narrow = (as_text([table], room) for room in (17, 16))
    assert wide == as_text([table]) == ["Tills\n  lane   expected\n  North  300.00\n  South  40.50"]
    assert narrow == [
        "Tills\n  lane      North\n  expected  300.00\n\n  lane      South\n  expected  40.50"
    ]
