"""The one input line, with the filter and the number of hits at its right.

It takes no keys itself: the door screen hears them before any widget, and tells it what to show.
"""

from collections.abc import Iterable

from rich.cells import cell_len

from boxoffice.domain.roster import Filter
from boxoffice.widgets.line_widget import LineWidget, Piece, fit, spread

HINT = "Scan a ticket, or type a name"
SHOWN_FROM = 2
"""Scans that wait, from which on that is shown."""
PROMPT = " ❯ "


class EntryLine(LineWidget):
    """Shows what is typed, and what it finds."""

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
            yield Piece(HINT[0], "entry--cursor")
            yield Piece(fit(HINT[1:], min(len(HINT) - 1, room)), "entry--hint")
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
            yield Piece(f" {self.waiting} scans to answer ", "entry--near")
        if self.found:
            yield Piece(f" {self.found}  ", "entry--near" if self.near else "entry--hint")

    def _filters(self, width: int) -> Iterable[Piece]:
        for one in Filter if width >= 70 else (self.filter,):
            style = "entry--chosen" if one is self.filter else "entry--filter"
            yield Piece(f" {one} ", style, f"filter('{one.name}')")
