"""Excel files of the exports."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A file of one sheet: `columns` on the first line; texts are never taken for formulas."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - seldom asked for, and slow to import

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(line, column, float(value))
                else:
                    sheet.write_string(line, column, str(value))
    return out.getvalue()
