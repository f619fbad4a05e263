"""The list of tickets, at any length.

It draws only the lines that are seen, and repaints a changed ticket's line alone. It keeps its own
scroll position, since Textual's would lay the screen out anew with every change of its length.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from boxoffice.door.roster import Row
from boxoffice.widgets.line import LineWidget, Piece, fit

WHEEL = 3
"""Lines a turn of the wheel moves."""
WIDE = 100
"""Cells from which there is room for the ticket's number."""


class TicketList(LineWidget):
    """Shows rows of the roster by uuid, one of them highlighted or none."""

    COMPONENT_CLASSES = {
        "list--cursor",
        "list--marked",
        "list--in",
        "list--waiting",
        "list--attention",
        "list--refunded",
        "list--detail",
        "list--bar",
        "list--empty",
    }

    @dataclass
    class Chosen(Message):
        """A row was clicked twice: it is to be checked in."""

        ticket: str

    class Picked(Message):
        """A row was clicked: it is highlighted now."""

    uuids: Sequence[str] = ()
    cursor: int | None = None
    """Index of the highlighted row."""
    top: int = 0
    """Index of the first row that is seen."""
    marked: str | None = None
    """The ticket that was answered for last."""
    empty: str = ""
    """What to say where there is nothing to show."""

    def __init__(self, row: Callable[[str], Row | None]) -> None:
        """`row` gives a ticket's row by its uuid."""
        super().__init__()
        self._row = row

    @property
    def ticket(self) -> str | None:
        """Uuid of the highlighted row."""
        return None if self.cursor is None else self.uuids[self.cursor]

    def show(self, uuids: Sequence[str], cursor: int | None = None, *, empty: str = "") -> None:
        """Show another list, from its beginning or around `cursor`."""
        self.uuids = uuids
        self.cursor = cursor if cursor is not None and cursor < len(uuids) else None
        self.empty = empty
        self.top = 0
        self._look_at(self.cursor)
        self.refresh()

    def replace(self, uuids: Sequence[str], *, empty: str = "") -> None:
        """Show the list after a change, with the highlight and the place where they were."""
        self.empty = empty
        ticket = self.ticket
        first = self.uuids[self.top] if self.top < len(self.uuids) else None
        self.uuids = uuids
        self.cursor = _index(uuids, ticket, self.cursor or 0)
        at = _index(uuids, first, self.top)
        self.top = self._bounded(self.top if at is None else at)
        self.refresh()

    def touch(self, tickets: Collection[str]) -> None:
        """Repaint the lines of these tickets, where they are seen."""
        for y, uuid in enumerate(self.uuids[self.top : self.top + self.size.height]):
            if uuid in tickets:
                self.refresh(Region(0, y, self.size.width, 1))

    def reveal(self, ticket: str | None) -> None:
        """Mark a ticket's row and bring it into view, without highlighting it; None: mark none."""
        self.marked = ticket
        index = _index(self.uuids, ticket, self.top)
        if index is not None and not self.top <= index < self.top + self.size.height:
            self.top = self._bounded(index - self.size.height // 3)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the highlight by so many rows; from nowhere, to the first row that is seen."""
        self.highlight(self.top if self.cursor is None else self.cursor + by)

    def highlight(self, index: int) -> None:
        """Highlight a row, the nearest there is, and bring it into view."""
        if not self.uuids:
            return
        before, self.cursor = self.cursor, max(0, min(index, len(self.uuids) - 1))
        if self._look_at(self.cursor):
            self.refresh()
            return
        for row in (before, self.cursor):
            if row is not None and 0 <= row - self.top < self.size.height:
                self.refresh(Region(0, row - self.top, self.size.width, 1))

    @property
    def page(self) -> int:
        """Rows that are seen at once, less one to keep one's bearings."""
        return max(self.size.height - 1, 1)

    def _look_at(self, index: int | None) -> bool:
        """Scroll so far that a row is seen; True when that moved the list."""
        if index is None:
            return False
        lowest = index - max(self.size.height, 1) + 1
        top = self._bounded(min(max(self.top, lowest), index))
        moved, self.top = top != self.top, top
        return moved

    def _bounded(self, top: int) -> int:
        return max(0, min(top, len(self.uuids) - max(self.size.height, 1)))

    def on_resize(self) -> None:
        self.top = self._bounded(self.top)
        self._look_at(self.cursor)

    # Drawing

    def render_line(self, y: int) -> Strip:
        index, on = self.top + y, ""
        if index == self.cursor:
            on = "list--cursor"
        elif index < len(self.uuids) and self.uuids[index] == self.marked:
            on = "list--marked"
        return self.strip(self.line(y, self.size.width), on)

    def line(self, y: int, width: int) -> Iterable[Piece]:
        index = self.top + y
        if index >= len(self.uuids):
            if y == 0 and not self.uuids:
                yield Piece(f"   {self.empty}", "list--empty")
            return
        row = self._row(self.uuids[index])
        if row is not None:
            yield from self._pieces(row, width - 1, chosen=index == self.cursor)
        if len(self.uuids) > self.size.height:
            begin, end = self._bar(self.size.height)
            yield Piece("┃" if begin <= y < end else "│", "list--bar")

    def _pieces(self, row: Row, width: int, *, chosen: bool) -> Iterable[Piece]:
        ticket, mark = row
        sign, style = sign_of(row)
        look = style if style in ("list--in", "list--refunded") else ""
        detail = "list--detail"
        if chosen:
            look = style = detail = ""
        right = self._right(row)
        room = width - len(right) - 3
        number = 9 if width >= WIDE else 0
        name = room * 2 // 5
        kind = room // 4
        mail = room - name - kind - number
        yield Piece(f"{'▸' if chosen else ' '}{sign} ", style)
        yield Piece(fit(ticket.full_name or "(no name)", name - 1) + " ", look)
        yield Piece(fit(ticket.ticket_type, kind - 1) + " ", detail)
        if number:
            shown = "" if ticket.number is None else str(ticket.number)
            yield Piece(fit(shown, number - 1) + " ", detail)
        note = "list--attention" if mark.attention and not chosen else detail
        yield Piece(fit(mark.attention or ticket.email, mail), note)
        yield Piece(right, style)

    def _right(self, row: Row) -> str:
        at = row.mark.admitted_at
        return f" {at:%H:%M} " if at else "   in  " if row.is_in else " " * 7

    def _bar(self, height: int) -> tuple[int, int]:
        length = max(height * height // len(self.uuids), 1)
        begin = self.top * (height - length) // max(len(self.uuids) - height, 1)
        return begin, begin + length

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.x == self.size.width - 1 and len(self.uuids) > self.size.height:
            share = event.y / max(self.size.height - 1, 1)
            self.top = self._bounded(round(share * (len(self.uuids) - self.size.height)))
            self.refresh()
            return
        index = self.top + event.y
        if index < len(self.uuids):
            self.highlight(index)
            self.post_message(self.Picked())
            if event.chain == 2:
                self.post_message(self.Chosen(self.uuids[index]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(WHEEL, event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(-WHEEL, event)

    def _scroll(self, by: int, event: events.Event) -> None:
        event.stop()
        self.top = self._bounded(self.top + by)
        self.refresh()


def sign_of(row: Row) -> tuple[str, str]:
    """The sign in front of a row, and its style."""
    if row.mark.attention:
        return "!", "list--attention"
    if row.ticket.refunded:
        return "✗", "list--refunded"
    if row.mark.waiting:
        return "⟳", "list--waiting"
    if row.is_in:
        return "✓", "list--in"
    return " ", ""


def _index(uuids: Sequence[str], uuid: str | None, near: int) -> int | None:
    """Where a ticket is; the place where it was is tried first."""
    if uuid is None:
        return None
    if near < len(uuids) and uuids[near] == uuid:
        return near
    try:
        return uuids.index(uuid)
    except ValueError:
        return None
