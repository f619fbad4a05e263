"""Badges on labels: the name as large as it fits, what else is known below it."""

from datetime import datetime

from boxoffice.domain.badges import Badge
from boxoffice.domain.models import NO_NAME
from boxoffice.language import _
from boxoffice.printing.pages import Pages

MARGIN = 3.0
"""Millimetres, as are all lengths here."""
LARGEST, SMALLEST = 60, 7
"""Points."""
NAME, COMPANY, ANSWER = 0.5, 0.2, 0.12
"""Shares of the height, at most, that are for name, company and each answer."""
EVENT = 7.0
GAP = 1.5


def badge_pdf(badge: Badge, size: tuple[int, int], at: datetime) -> bytes:
    """The badge as PDF, of the label's `size`. `at`: when it is made."""
    width, height = size
    inner, most = width - 2 * MARGIN, height - 2 * MARGIN
    pages = Pages(25.4, _("Badge"), at)
    pages.page(width, height)
    name = badge.name or _(NO_NAME)
    # Style, text, the share of the height that it may take, and lines.
    parts = [("B", name, NAME, 3)]
    if badge.company:
        parts.append(("", badge.company, COMPANY, 2))
    parts += [("", answer, ANSWER, 1) for answer in badge.answers]
    foot = height - MARGIN - pages.leading(EVENT)
    drawn: list[tuple[list[str], float, str, float]] = []
    room = foot - MARGIN
    largest = float(LARGEST)
    for style, text, share, lines in parts:
        fitting = _largest(pages, text, inner, min(most * share, room), lines, style, largest)
        below = int(room / pages.leading(fitting))
        if not below and drawn:
            break  # the label is full: the most important stands on it
        texts = pages.fitted(text, fitting, inner, max(1, min(lines, below)), style)
        high = len(texts) * pages.leading(fitting) + GAP
        drawn.append((texts, fitting, style, high))
        room -= high
        largest = fitting * 0.7
    y = MARGIN + max(room, 0) / 2
    for texts, fitting, style, high in drawn:
        pages.write(texts, MARGIN, y, inner, fitting, style=style, align="C")
        y += high
    pages.text(badge.event, MARGIN, foot, inner, EVENT, align="C")
    return pages.pdf()


def _largest(
    pages: Pages, text: str, width: float, height: float, lines: int, style: str, largest: float
) -> float:
    """The largest size at which `text` fits, no word of it broken; else the smallest."""
    size = largest
    words = text.split()
    while size > SMALLEST:
        whole = all(pages.width(word, size, style) <= width for word in words)
        texts = pages.fitted(text, size, width, lines + 1, style) if whole else []
        if texts and len(texts) <= min(lines, height / pages.leading(size)):
            return size
        size -= 1
    return SMALLEST
