"""Tables as files for spreadsheets: CSV, guarded against formulas, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from boxoffice.domain.money import fraction_digits, plain_amount
from boxoffice.domain.text import guarded

Cell: TypeAlias = str | int | Decimal | datetime | None

DANISH = ";"
"""What parts columns in an Excel that writes decimals with a comma, as the Danish one."""


class Table(NamedTuple):
    key: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    currency: str = ""
    """Of its amounts of money."""


def as_csv(
    columns: Iterable[str],
    rows: Iterable[Iterable[Cell]],
    *,
    end: str = "\r\n",
    separator: str = ",",
) -> str:
    """A line for each row, guarded against formulas. `end`: of a line.

    With DANISH between them, amounts and times are such as that Excel takes for numbers and times.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=end, delimiter=separator)
    writer.writerow(columns)
    as_text = _danish if separator == DANISH else plain
    for row in rows:
        writer.writerow(guarded(cell) if isinstance(cell, str) else as_text(cell) for cell in row)
    return file.getvalue()


def plain(cell: Cell, currency: str = "") -> str:
    """As text; times are ISO 8601 with their offset."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(timespec="seconds")
        case Decimal():
            return plain_amount(cell, currency)
    return str(cell)


def _danish(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return plain(cell).replace(".", ",") if isinstance(cell, Decimal) else plain(cell)


def parts_as_xlsx(parts: Iterable[Table]) -> bytes:
    """A sheet for each part. Texts are written as such, so that none is taken for a formula."""
    import xlsxwriter  # noqa: PLC0415 - costs a tenth of a start, and few ask for it

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        head = book.add_format({"bold": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for part in parts:
            sheet = book.add_worksheet(part.key)
            decimals = "0" * fraction_digits(part.currency)
            money = book.add_format({"num_format": f"#,##0.{decimals}".rstrip(".")})
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
