"""Papers on A4: tickets, one a page, and sheets of codes to try a door with."""

from collections.abc import Sequence
from datetime import datetime

from boxoffice.domain.humanize import format_moment
from boxoffice.domain.readiness import SYMBOLS, headline
from boxoffice.language import N_, _
from boxoffice.printing.pages import GREY, Pages
from boxoffice.printing.papers import QR_SIDE, Card, Paper, Sheet, SheetEntry, code128, qr

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres, as are all lengths here."""

# A ticket. All that matters is on the upper half, to be folded to A5.
MARGIN = 15.0
INNER = WIDTH - 2 * MARGIN
QR_MODULE = 1.8
BAR, BAR_HEIGHT = 0.42, 18.0
"""Of the Code 128: a bar of one module, and how high they all are."""
FOLD = HEIGHT / 2
NOTE = N_("Show one of the two codes at the door. It lets one person in, once.")

# A card: of each check its sign and its name before its sentence.
MARK, LABEL = 8.0, 26.0

# A sheet. Its codes are apart from each other and large enough for a scanner across a table.
EDGE = 12.0
COLUMNS, ROWS = 2, 4
HEAD = 20.0
GAP = 6.0
"""Between the columns."""
MODULE = 1.2
SIDE = QR_SIDE * MODULE
COLUMN = (WIDTH - 2 * EDGE - GAP) / COLUMNS
ROW = (HEIGHT - 2 * EDGE - HEAD) / ROWS
TITLE = N_("Codes to try")
NOBODY = N_("Nobody's")
OFFLINE = N_("Network off first: Ctrl+P, “Network”.")


def ticket_pdf(papers: Sequence[Paper], at: datetime | None = None) -> bytes:
    """The tickets, at least one, as PDF, a page each. `at`: when it is made."""
    pages = Pages(25.4, _("Tickets: {event}").format(event=papers[0].event), at)
    for paper in papers:
        pages.page(WIDTH, HEIGHT)
        _draw_ticket(pages, paper)
    return pages.pdf()


def _draw_ticket(pages: Pages, paper: Paper) -> None:
    y = pages.text(paper.event, MARGIN, MARGIN - 3, INNER, 20, 2, style="B")
    for line in (paper.when, paper.venue):
        y = pages.text(line, MARGIN, y, INNER, 11)
    pages.rule(MARGIN, y + 2, INNER, 0.5)
    top = y + 5
    side = QR_SIDE * QR_MODULE
    pages.modules(qr(paper.uuid), WIDTH - MARGIN - side, top, QR_MODULE, QR_MODULE)
    _draw_person(pages, paper, top + 4, INNER - side - 2)
    bars = code128(paper.uuid)
    below = FOLD - BAR_HEIGHT - 16
    pages.modules([bars], (WIDTH - len(bars) * BAR) / 2, below, BAR, BAR_HEIGHT)
    below += BAR_HEIGHT + 1
    below = pages.text(grouped(paper.uuid), MARGIN, below, INNER, 9, align="C")
    pages.text(_(NOTE), MARGIN, below, INNER, 8, align="C", shade=GREY)


def _draw_person(pages: Pages, paper: Paper, y: float, width: float) -> None:
    y = pages.text(paper.name, MARGIN, y, width, 20, 3, style="B")
    y = pages.text(paper.ticket_type, MARGIN, y, width, 13, 2) + 3
    number = "" if paper.number is None else str(paper.number)
    for label, text in (
        (_("Seat"), paper.seat),
        (_("Order"), paper.order_id),
        (_("Number"), number),
    ):
        if text:
            pages.text(label, MARGIN, y, 20, 9, shade=GREY)
            y = pages.text(text, MARGIN + 20, y, width - 20, 11)


def grouped(uuid: str) -> str:
    """32 hex digits in fours, as a person reads them out."""
    return " ".join(uuid[start : start + 4] for start in range(0, len(uuid), 4))


def sheet_pdf(sheet: Sheet, at: datetime | None = None) -> bytes:
    """The codes with the verdicts that they should get as PDF. `at`: when it is made."""
    pages = Pages(25.4, f"{_(TITLE)}: {sheet.where}", at)
    a_page, inner = COLUMNS * ROWS, WIDTH - 2 * EDGE
    for start in range(0, len(sheet.entries), a_page):
        pages.page(WIDTH, HEIGHT)
        y = pages.text(_(TITLE), EDGE, EDGE - 3, inner, 18, style="B")
        pages.text(sheet.where, EDGE, y, inner, 10, shade=GREY)
        for place, entry in enumerate(sheet.entries[start : start + a_page]):
            row, column = divmod(place, COLUMNS)
            _draw_entry(pages, entry, EDGE + column * (COLUMN + GAP), EDGE + HEAD + row * ROW)
    return pages.pdf()


def _draw_entry(pages: Pages, entry: SheetEntry, x: float, y: float) -> None:
    pages.rule(x, y, COLUMN, 0.2, GREY)
    y += 2
    pages.modules(qr(entry.code), x, y, MODULE, MODULE)
    pages.text(entry.code, x, y + SIDE, SIDE, 6.5, align="C", shade=GREY)
    left, width = x + SIDE + 2, COLUMN - SIDE - 2
    word = f"{entry.verdict.symbol} {entry.word}"
    y = pages.text(word, left, y + 3, width, 12, 3, style="B") + 1.5
    y = pages.text(entry.name or _(NOBODY), left, y, width, 11, 2) + 1.5
    if entry.offline:
        y = pages.text(_(OFFLINE), left, y, width, 8.5, 2, style="B") + 1
    pages.text(_(entry.hint), left, y, width, 8.5, 5)


def card_pdf(card: Card, at: datetime) -> bytes:
    """Go or no-go, and why, to be kept beside the laptop. `at`: when it was made."""
    pages = Pages(25.4, _("Ready for the doors: {lane}").format(lane=card.lane), at)
    pages.page(WIDTH, HEIGHT)
    y = pages.text(headline(card.checks), MARGIN, MARGIN, INNER, 17, 2, style="B")
    made = _("Lane {lane} · {time} UTC").format(lane=card.lane, time=format_moment(at))
    y = pages.text(made, MARGIN, y, INNER, 10, shade=GREY) + 4
    for check in card.checks:
        pages.rule(MARGIN, y, INNER, 0.2, GREY)
        pages.text(SYMBOLS[check.state], MARGIN, y + 1.5, MARK, 12, style="B")
        pages.text(check.title, MARGIN + MARK, y + 1.5, LABEL, 10, style="B")
        beside = MARGIN + MARK + LABEL
        y = pages.text(check.sentence, beside, y + 1.5, INNER - MARK - LABEL, 10, 3) + 1.5
    return pages.pdf()
