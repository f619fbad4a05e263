"""The guest list on A4, to be ticked with a pen."""

from datetime import datetime

from boxoffice.domain.guest_list import Guest, GuestList
from boxoffice.domain.highlights import VIP
from boxoffice.domain.humanize import format_moment, format_number
from boxoffice.domain.models import NO_NAME
from boxoffice.language import N_, _, ngettext
from boxoffice.printing.a4 import HEIGHT, WIDTH
from boxoffice.printing.pages import GREY, Pages
from boxoffice.printing.papers import when

EDGE, INNER = 12.0, WIDTH - 24.0
"""Millimetres, as are all lengths here."""
HEAD, FOOT = 21.0, 9.0
ROW, BOX = 6.0, 3.6
ROWS = int((HEIGHT - 2 * EDGE - HEAD - FOOT) / ROW)
"""On a page."""
COLUMNS = (
    ("", 8.0),
    (N_("Name"), 58.0),
    (N_("Notes"), 33.5),
    (N_("Ticket type"), 36.0),
    (N_("No. · code"), 25.0),
    (N_("In"), 25.5),
)
"""Headings, and how wide they are."""
CODE_END = 4
"""Characters of the code, of which a ticket shows fours."""
TICK, STAR = "✓", "★"
HOW = N_("Tick whom you let in, write the time, and check them in once a computer works again.")


def guest_list_pdf(guests: GuestList, at: datetime) -> bytes:
    """All guests as PDF, a line for each. `at`: when it is made."""
    title = _("Guest list: {event}").format(event=guests.event.title)
    pages = Pages(25.4, title, at)
    count = max(1, -(-len(guests.guests) // ROWS))
    for number in range(count):
        shown = guests.guests[number * ROWS : (number + 1) * ROWS]
        pages.page(WIDTH, HEIGHT)
        _draw_head(pages, guests, shown, at)
        y = EDGE + HEAD
        for guest in shown:
            _draw_guest(pages, guests, guest, y)
            y += ROW
        pages.rule(EDGE, y, INNER, 0.2, GREY)
        y = HEIGHT - EDGE - FOOT / 2
        pages.text(_(HOW), EDGE, y, INNER - 40, 8, shade=GREY)
        page = _("Page {page} of {pages}").format(page=number + 1, pages=count)
        pages.text(page, WIDTH - EDGE - 40, y, 40, 8, align="R")
    return pages.pdf()


def _draw_head(pages: Pages, guests: GuestList, shown: tuple[Guest, ...], at: datetime) -> None:
    event = guests.event
    names = [guest.name.partition(",")[0] for guest in shown if guest.name]
    if names:
        pages.text(f"{names[0]} – {names[-1]}", WIDTH - EDGE - 66, EDGE - 2, 66, 12, align="R")
    y = pages.text(event.title, EDGE, EDGE - 3, INNER - 70, 15, style="B")
    place = " · ".join(filter(None, (when(event), event.venue)))
    y = pages.text(place, EDGE, y, INNER, 9)
    people = ngettext("{n} guest", "{n} guests", guests.expected)
    facts = (
        people.format(n=format_number(guests.expected)),
        _("{n} in").format(n=format_number(guests.arrived)),
        _("as of {time}").format(time=format_moment(at.astimezone(event.zone))),
        _("list of {date}").format(date=format_moment(guests.read_at)) if guests.read_at else "",
    )
    pages.text(" · ".join(filter(None, facts)), EDGE, y, INNER, 9, style="B")
    x = EDGE
    for heading, width in COLUMNS:
        if heading:
            pages.text(_(heading), x, EDGE + HEAD - 5, width, 7.5, shade=GREY)
        x += width


def _draw_guest(pages: Pages, guests: GuestList, guest: Guest, y: float) -> None:
    pages.rule(EDGE, y, INNER, 0.2, GREY)
    ticket = guest.ticket
    if guest.refused is None or guest.is_in:
        pages.box(EDGE, y + (ROW - BOX) / 2, BOX, 0.3)
    if guest.is_in:
        pages.text(TICK, EDGE, y + 0.6, BOX, 11, style="B", align="C")
    notes = (
        f"{STAR} {_(VIP)}" if guest.is_vip else "",
        guest.company,
        when(guests.event, ticket.date) if ticket.date else "",
    )
    number = "" if ticket.number is None else str(ticket.number)
    code = " · ".join(filter(None, (number, ticket.uuid[-CODE_END:])))
    texts = (
        (guest.name or _(NO_NAME), 10, "B"),
        (" · ".join(filter(None, notes)), 8, "B" if guest.is_vip else ""),
        (ticket.ticket_type, 8.5, ""),
        (code, 8.5, ""),
        (_state(guest), 8.5, "B"),
    )
    x = EDGE + COLUMNS[0][1]
    for (text, size, style), (_heading, width) in zip(texts, COLUMNS[1:], strict=True):
        top = y + (ROW - pages.leading(size)) / 2
        if text:
            pages.text(text, x, top, width - 1.5, size, style=style)
        x += width


def _state(guest: Guest) -> str:
    """Since when a guest is in, or why this one is not to be let in."""
    if guest.refused is not None:
        return guest.refused.word
    if guest.in_at is not None:
        return f"{guest.in_at:%H:%M}"
    return _("in") if guest.is_in else ""
