"""The list of tickets, at any length. A changed ticket's line is repainted alone."""

from collections.abc import Callable, Collection, Iterable, Sequence

from textual.geometry import Region

from boxoffice.domain.roster import Row
from boxoffice.widgets.line_widget import Piece, fit
from boxoffice.widgets.long_list import LongList

WIDE = 100
"""Cells from which there is room for the ticket's number."""


class TicketList(LongList[str]):
    """Shows rows of the roster by uuid, one of them highlighted or none.

    Marked is the ticket that was answered for last.
    """

    COMPONENT_CLASSES = {
        "list--in",
        "list--waiting",
        "list--attention",
        "list--refunded",
        "list--detail",
    }

    def __init__(self, row: Callable[[str], Row | None]) -> None:
        """`row` gives a ticket's row by its uuid."""
        super().__init__()
        self._row = row

    @property
    def uuids(self) -> Sequence[str]:
        return self.keys

    @property
    def ticket(self) -> str | None:
        """Uuid of the highlighted row."""
        return self.key

    def touch(self, tickets: Collection[str]) -> None:
        """Repaint the lines of these tickets, where they are seen."""
        for y, uuid in enumerate(self.keys[self.top : self.top + self.size.height]):
            if uuid in tickets:
                self.refresh(Region(0, y, self.size.width, 1))

    def pieces(self, key: str, width: int, *, chosen: bool) -> Iterable[Piece]:
        shown = self._row(key)
        if shown is None:
            return
        ticket, status = shown
        sign, style = sign_of(shown)
        look = style if style in ("list--in", "list--refunded") else ""
        detail = "list--detail"
        if chosen:
            look = style = detail = ""
        right = self._right(shown)
        room = width - len(right) - 3
        number = 9 if width >= WIDE else 0
        name = room * 2 // 5
        kind = room // 4
        mail = room - name - kind - number
        yield Piece(f"{'▸' if chosen else ' '}{sign} ", style)
        yield Piece(fit(ticket.display_name, name - 1) + " ", look)
        yield Piece(fit(ticket.ticket_type, kind - 1) + " ", detail)
        if number:
            numbered = "" if ticket.number is None else str(ticket.number)
            yield Piece(fit(numbered, number - 1) + " ", detail)
        note = "list--attention" if status.attention and not chosen else detail
        yield Piece(fit(status.attention or ticket.email, mail), note)
        yield Piece(right, style)

    def _right(self, row: Row) -> str:
        at = row.status.admitted_at
        return f" {at:%H:%M} " if at else "   in  " if row.is_in else " " * 7


def sign_of(row: Row) -> tuple[str, str]:
    """The sign in front of a row, and its style."""
    if row.status.attention:
        return "!", "list--attention"
    if row.ticket.refunded:
        return "✗", "list--refunded"
    if row.status.waiting:
        return "⟳", "list--waiting"
    if row.is_in:
        return "✓", "list--in"
    return " ", ""
