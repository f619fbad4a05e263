"""Tickets on A4, one a page: all that matters is on the upper half, to be folded to A5."""

from collections.abc import Sequence
from datetime import datetime

from boxoffice.printing.codes import QR_SIDE, code128, qr
from boxoffice.printing.pages import GREY, Pages
from boxoffice.printing.papers import Paper

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres, as are all lengths here."""
MARGIN = 15.0
INNER = WIDTH - 2 * MARGIN
QR_MODULE = 1.8
BAR, BAR_HEIGHT = 0.42, 18.0
"""Of the Code 128: a bar of one module, and how high they all are."""
FOLD = HEIGHT / 2
NOTE = "Show one of the two codes at the door. It lets one person in, once."


def ticket_pdf(papers: Sequence[Paper], at: datetime | None = None) -> bytes:
    """The tickets, at least one, as PDF, a page each. `at`: when it is made."""
    pages = Pages(25.4, f"Tickets: {papers[0].event}", at)
    for paper in papers:
        pages.page(WIDTH, HEIGHT)
        _draw(pages, paper)
    return pages.pdf()


def _draw(pages: Pages, paper: Paper) -> None:
    y = pages.write(
        pages.fitted(paper.event, 20, INNER, 2, "B"), MARGIN, MARGIN - 3, INNER, 20, style="B"
    )
    for line in (paper.when, paper.venue):
        y = pages.write(pages.fitted(line, 11, INNER, 1), MARGIN, y, INNER, 11)
    pages.rule(MARGIN, y + 2, INNER, 0.5)
    top = y + 5
    side = QR_SIDE * QR_MODULE
    pages.modules(qr(paper.uuid), WIDTH - MARGIN - side, top, QR_MODULE, QR_MODULE)
    _person(pages, paper, top + 4, INNER - side - 2)
    bars = code128(paper.uuid)
    below = FOLD - BAR_HEIGHT - 16
    pages.modules([bars], (WIDTH - len(bars) * BAR) / 2, below, BAR, BAR_HEIGHT)
    below += BAR_HEIGHT + 1
    below = pages.write([grouped(paper.uuid)], MARGIN, below, INNER, 9, align="C")
    pages.write([NOTE], MARGIN, below, INNER, 8, align="C", shade=GREY)


def _person(pages: Pages, paper: Paper, y: float, width: float) -> None:
    y = pages.write(pages.fitted(paper.name, 20, width, 3, "B"), MARGIN, y, width, 20, style="B")
    y = pages.write(pages.fitted(paper.ticket_type, 13, width, 2), MARGIN, y, width, 13) + 3
    number = "" if paper.number is None else str(paper.number)
    for label, text in (("Seat", paper.seat), ("Order", paper.order_id), ("Number", number)):
        if text:
            pages.write([label], MARGIN, y, 20, 9, shade=GREY)
            y = pages.write(pages.fitted(text, 11, width - 20, 1), MARGIN + 20, y, width - 20, 11)


def grouped(uuid: str) -> str:
    """32 hex digits in fours, as a person reads them out."""
    return " ".join(uuid[start : start + 4] for start in range(0, len(uuid), 4))
