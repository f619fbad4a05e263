"""A sheet of codes to try a door with, on A4: each with the verdict that it should get.

Eight to a page, apart from each other and large enough for a phone or a scanner across a table.
"""

from datetime import datetime

from boxoffice.printing.codes import QR_SIDE, qr
from boxoffice.printing.pages import GREY, Pages
from boxoffice.printing.papers import Sheet, SheetEntry
from boxoffice.printing.ticket import HEIGHT, WIDTH

MARGIN = 12.0
"""Millimetres, as are all lengths here."""
COLUMNS, ROWS = 2, 4
HEAD = 20.0
GAP = 6.0
"""Between the columns."""
MODULE = 1.2
SIDE = QR_SIDE * MODULE
COLUMN = (WIDTH - 2 * MARGIN - GAP) / COLUMNS
ROW = (HEIGHT - 2 * MARGIN - HEAD) / ROWS
TITLE = "Codes to try"
NOBODY = "Nobody's"
OFFLINE = "Network off first: Ctrl+P, “Network”."


def sheet_pdf(sheet: Sheet, at: datetime | None = None) -> bytes:
    """The sheet as PDF. `at`: when it is made."""
    entries, where = sheet.entries, sheet.where
    pages = Pages(25.4, f"{TITLE}: {where}", at)
    a_page = COLUMNS * ROWS
    for start in range(0, len(entries), a_page):
        pages.page(WIDTH, HEIGHT)
        _head(pages, where)
        for place, entry in enumerate(entries[start : start + a_page]):
            row, column = divmod(place, COLUMNS)
            _entry(pages, entry, MARGIN + column * (COLUMN + GAP), MARGIN + HEAD + row * ROW)
    return pages.pdf()


def _head(pages: Pages, where: str) -> None:
    inner = WIDTH - 2 * MARGIN
    y = pages.write([TITLE], MARGIN, MARGIN - 3, inner, 18, style="B")
    pages.write(pages.fitted(where, 10, inner, 1), MARGIN, y, inner, 10, shade=GREY)


def _entry(pages: Pages, entry: SheetEntry, x: float, y: float) -> None:
    pages.rule(x, y, COLUMN, 0.2, GREY)
    y += 2
    pages.modules(qr(entry.code), x, y, MODULE, MODULE)
    written = pages.fitted(entry.code, 6.5, SIDE, 1)
    pages.write(written, x, y + SIDE, SIDE, 6.5, align="C", shade=GREY)
    left, width = x + SIDE + 2, COLUMN - SIDE - 2
    y += 3
    word = f"{entry.verdict.symbol} {entry.word}"
    y = pages.write(pages.fitted(word, 12, width, 3, "B"), left, y, width, 12, style="B") + 1.5
    y = pages.write(pages.fitted(entry.name or NOBODY, 11, width, 2), left, y, width, 11) + 1.5
    if entry.offline:
        lines = pages.fitted(OFFLINE, 8.5, width, 2, "B")
        y = pages.write(lines, left, y, width, 8.5, style="B") + 1
    pages.write(pages.fitted(entry.hint, 8.5, width, 5), left, y, width, 8.5)
