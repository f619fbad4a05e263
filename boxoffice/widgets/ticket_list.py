"""The list of tickets, at any length, and the one input line above it."""

from collections.abc import Callable, Collection, Iterable, Sequence

from rich.cells import cell_len
from textual.geometry import Region

from boxoffice.domain import signs
from boxoffice.domain.roster import Filter, Row
from boxoffice.language import N_, _
from boxoffice.widgets.line_widget import LineWidget, Piece, fit, spread
from boxoffice.widgets.long_list import LongList

HINT = N_("Scan a ticket, or type a name")
SHOWN_FROM = 2
"""Scans that wait, from which on that is shown."""
PROMPT = f" {signs.PROMPT} "


class EntryLine(LineWidget):
    """Shows what is typed and what it finds, with the filter at the right.

    It takes no keys itself: the door gets them before any widget, and gives it what to show.
    """

    COMPONENT_CLASSES = {
        "entry--prompt",
        "entry--cursor",
        "entry--hint",
        "entry--filter",
        "entry--chosen",
        "entry--near",
    }

    text: str = ""
    filter: Filter = Filter.ALL
    found: str = ""
    """What the list shows: `12 found`, `nearest names`."""
    near: bool = False
    waiting: int = 0
    """Scans that are not answered yet."""

    def show(self, text: str, filter_: Filter, found: str, *, near: bool = False) -> None:
        self.text, self.filter, self.found, self.near = text, filter_, found, near
        self.refresh()

    def wait(self, scans: int) -> None:
        """Show how many scans are not answered yet."""
        before, self.waiting = self.waiting, scans
        if max(before, scans) >= SHOWN_FROM:
            self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        right = [*self._found(), *self._filters(width)]
        room = width - sum(cell_len(piece.text) for piece in right) - cell_len(PROMPT) - 2
        return spread([Piece(PROMPT, "entry--prompt"), *self._typed(room)], right, width)

    def _typed(self, room: int) -> Iterable[Piece]:
        if not self.text:
            hint = _(HINT)
            if len(hint) - 1 > room:
                hint = hint.partition(",")[0]
            yield Piece(hint[0], "entry--cursor")
            yield Piece(fit(hint[1:], min(len(hint) - 1, room)), "entry--hint")
            return
        shown = self.text
        if cell_len(shown) > room:
            shown = "…" + shown[-(room - 1) :]
            while cell_len(shown) > room:
                shown = "…" + shown[2:]
        yield Piece(shown)
        yield Piece(" ", "entry--cursor")

    def _found(self) -> Iterable[Piece]:
        if self.waiting >= SHOWN_FROM:
            waiting = _("{n} scans to answer").format(n=self.waiting)
            yield Piece(f" {waiting} ", "entry--near")
        if self.found:
            yield Piece(f"{self.found} ", "entry--near" if self.near else "entry--hint")

    def _filters(self, width: int) -> Iterable[Piece]:
        for at, one in enumerate(Filter if width >= 70 else (self.filter,)):
            if at:
                yield Piece(signs.TRACK, "entry--filter")
            style = "entry--chosen" if one is self.filter else "entry--filter"
            yield Piece(f" {one.label} ", style, f"filter('{one.name}')")


WIDE = 100
"""Cells from which there is room for the ticket's number."""
SEE_IT = N_("needs you: see its ticket")
"""For why it does, where there is no room."""


class TicketList(LongList[str]):
    """Shows rows of the roster by uuid, one of them highlighted or none.

    Marked is the ticket that was answered for last. A changed ticket's line is repainted alone.
    """

    COMPONENT_CLASSES = {
        "list--in",
        "list--waiting",
        "list--attention",
        "list--refunded",
        "list--detail",
        "list--vip",
        "list--found",
    }

    def __init__(
        self, row: Callable[[str], Row | None], why: Callable[[str], str] = lambda _uuid: ""
    ) -> None:
        """`row` gives a ticket's row by its uuid, `why` what it was found by; empty: it is seen."""
        super().__init__()
        self._row = row
        self._why = why

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
        ticket, status, is_vip = shown
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
        yield Piece(f"{signs.CHOSEN if chosen else ' '}{sign} ", style)
        yield Piece(fit(ticket.display_name, name - 1) + " ", look)
        of_kind = "list--vip" if is_vip and not chosen else detail
        yield Piece(fit(ticket.ticket_type, kind - 1) + " ", of_kind)
        if number:
            numbered = "" if ticket.number is None else str(ticket.number)
            yield Piece(fit(numbered, number - 1) + " ", detail)
        why = self._why(key)
        note = "list--found" if why else "list--attention" if status.attention else detail
        said = status.attention if cell_len(status.attention) <= mail else _(SEE_IT)
        yield Piece(fit(why or said or ticket.email, mail), "" if chosen else note)
        yield Piece(right, style)

    def _right(self, row: Row) -> str:
        at = row.status.in_since
        return f" {at:%H:%M} " if at else f"{_('in'):>5}  " if row.is_in else " " * 7


def sign_of(row: Row) -> tuple[str, str]:
    if row.status.attention:
        return "!", "list--attention"
    if row.ticket.refunded:
        return signs.NO, "list--refunded"
    if row.status.waiting:
        return signs.WAITING, "list--waiting"
    if row.is_in:
        return signs.YES, "list--in"
    return " ", ""
