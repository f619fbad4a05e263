"""Tables as files for spreadsheets: CSV, guarded against formulas, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from boxoffice.domain.money import plain_amount
from boxoffice.domain.text import guarded

Cell: TypeAlias = str | int | Decimal | datetime | None


class Table(NamedTuple):
    """A part of an account."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def as_csv(
    columns: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    *,
    end: str = "\r\n",
    separator: str = ",",
) -> str:
    """A line for each row, guarded against formulas. `end`: of a line."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=end, delimiter=separator)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(guarded(cell) if isinstance(cell, str) else plain(cell) for cell in row)
    return file.getvalue()


def parts_as_csv(parts: Iterable[Table], *, end: str = "\r\n") -> str:
    """A value a row, each under the name of its part, its row, what that is called, its column."""
    rows: list[tuple[Cell, ...]] = []
    for part in parts:
        first = min(1, len(part.columns) - 1)  # a part of one column names nothing
        for number, row in enumerate(part.rows, start=1):
            name = row[0] if first else ""
            for column, cell in zip(part.columns[first:], row[first:], strict=True):
                rows.append((part.key, number, name, column, cell))
    return as_csv(("part", "row", "name", "column", "value"), rows, end=end)


def plain(cell: Cell) -> str:
    """As text; times are ISO 8601 with their offset."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(timespec="seconds")
        case Decimal():
            return plain_amount(cell)
    return str(cell)


def parts_as_xlsx(parts: Iterable[Table]) -> bytes:
    """A sheet for each part. Texts are written as such, so that none is taken for a formula."""
    import xlsxwriter  # noqa: PLC0415 - costs a tenth of a start, and few ask for it

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
