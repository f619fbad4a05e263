"""What commands print and write: lines for people, JSON for programs, CSV and XLSX for tables."""

import csv
import io
import json as encoding
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from shutil import get_terminal_size
from typing import NamedTuple, TypeAlias
from unicodedata import category, east_asian_width

from boxoffice.domain.text import guarded

Cell: TypeAlias = str | int | Decimal | datetime | None

MARKS = ("Mn", "Me", "Cf")
"""Categories of what is drawn over the character before it, or not at all."""
KEPT = 2
"""Columns that are shown however narrow a terminal is."""


TILL = "lane operator opened_at opening taken expected closed_at counted difference currency"
"""What programs are shown of a till."""


class Table(NamedTuple):
    """A part of an account."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def print_json(value: object, *, indent: int | None = 1) -> None:
    """Print it for a program: money as text, moments as ISO 8601 in the zone that they are in."""
    print(encoding.dumps(value, indent=indent, default=_encoded), flush=True)


def _encoded(value: object) -> str:
    match value:
        case Decimal():
            return amount(value)
        case datetime():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of what is printed")


def fields(of: object, names: str) -> dict[str, object]:
    """What `of` has under these names, with a space between."""
    return {name: getattr(of, name) for name in names.split()}


def aligned(rows: Sequence[Sequence[str]], room: int | None = None) -> str:
    """Rows as lines, each column as wide as its widest cell.

    `room`: cells of a line. Columns that do not fit are left out from the right; two always stay.
    """
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    while room is not None and len(widths) > KEPT and sum(widths) + 2 * len(widths) - 2 > room:
        widths.pop()
    lines = (
        "  ".join(
            cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def terminal() -> int | None:
    """Cells of a line of the terminal that is written to; None: it is a file or a pipe."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def _cells(text: str) -> int:
    """What a terminal needs to show it: two for an ideograph, none for a mark over a letter."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(each) in MARKS else 2 if east_asian_width(each) in "WF" else 1
        for each in text
    )


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
        lines = [f"  {line}" for line in aligned(rows).splitlines()]
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


def as_csv(parts: Iterable[Table], *, end: str = "\r\n") -> str:
    """A value a row, each under the name of its part, its row, what that is called, its column.

    Times are ISO 8601 with their offset. `end`: of a line.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=end)
    writer.writerow(("part", "row", "name", "column", "value"))
    for part in parts:
        first = min(1, len(part.columns) - 1)  # a part of one column names nothing
        for number, row in enumerate(part.rows, start=1):
            name = celled(row[0]) if first else ""
            for column, cell in zip(part.columns[first:], row[first:], strict=True):
                writer.writerow((part.key, number, name, column, celled(cell)))
    return file.getvalue()


def celled(cell: Cell) -> str:
    """As text for a file."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(timespec="seconds")
        case Decimal():
            return amount(cell)
        case int():
            return str(cell)
    return guarded(cell)


def as_xlsx(parts: Iterable[Table]) -> bytes:
    """A sheet for each part. Texts are written as such, so that none is taken for a formula."""
    import xlsxwriter  # costs a tenth of a start, and few ask for it

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        head = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for part in parts:
            sheet = book.add_worksheet(part.key)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(part.columns):
                sheet.write_string(0, column, name, head)
            for number, row in enumerate(part.rows, start=1):
                for column, cell in enumerate(row):
                    match cell:
                        case None:
                            continue
                        case datetime():
                            sheet.write_datetime(number, column, cell.replace(tzinfo=None), time)
                        case Decimal():
                            sheet.write_number(number, column, cell + 0, money)
                        case int():
                            sheet.write_number(number, column, cell)
                        case _:
                            sheet.write_string(number, column, cell)
            sheet.autofit()
    return file.getvalue()
