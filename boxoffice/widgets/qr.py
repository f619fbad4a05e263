"""A QR code on the terminal, to be held to a phone or an imager, or a sign in its place."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from boxoffice.language import N_, _
from boxoffice.printing.papers import QR_SIDE, Matrix, qr
from boxoffice.widgets.big_text import HIGH, large
from boxoffice.widgets.line_widget import wrapped
from boxoffice.widgets.terminal import draws_halves

BESIDE = 36
"""Columns that stay free beside a code that is drawn larger than it must be."""
TOO_SMALL = N_("Make the window larger: the code needs {columns} columns and {rows} rows.")

_INK, _PAPER = "#000000", "#ffffff"
_CELLS = {
    # Both colours are always named: a scanner needs black on white, whatever the theme. Cells of
    # one colour are blanks on it, so that no font can leave a gap between them.
    (True, True): (" ", Style(color=_INK, bgcolor=_INK)),
    (False, False): (" ", Style(color=_PAPER, bgcolor=_PAPER)),
    (True, False): ("▀", Style(color=_INK, bgcolor=_PAPER)),
    (False, True): ("▀", Style(color=_PAPER, bgcolor=_INK)),
}


class QrCode(Widget):
    """Draws a text as QR code, as large as its container lets it.

    In half blocks two modules are one cell: 37x19 cells for a uuid. On a terminal that draws none,
    a module is two cells: 74x37. Where that is no room for, it says so.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "QrCode { width: auto; height: auto; }"

    _code: Matrix = ()

    def show(self, data: str) -> None:
        """Show another text; an empty one: nothing."""
        self._code = qr(data) if data else ()
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        scale = self._scale(container)  # what stands beside it must not suffer from its absence
        return min(self._cells(scale).width if scale else QR_SIDE, container.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(self._cells(max(self._scale(container), 1)).height, container.height)

    def _cells(self, scale: int) -> Size:
        """The cells that the code takes, where a module's side is so many dots."""
        dots = scale * len(self._code)
        return Size(dots, (dots + 1) // 2) if draws_halves(self) else Size(2 * dots, dots)

    def _scale(self, room: Size, *, beside: int = BESIDE) -> int:
        """Dots of a module's side; 0: there is no room for the code."""
        scale = 0
        while self._code:
            larger = self._cells(scale + 1)
            if larger.width > room.width - (beside if scale else 0) or larger.height > room.height:
                break
            scale += 1
        return scale

    def render_line(self, y: int) -> Strip:
        size, scale = self.size, self._scale(self.size, beside=0)
        if not scale:
            least = self._cells(1)
            needed = _(TOO_SMALL).format(columns=least.width, rows=least.height)
            lines = wrapped(needed, size.width, size.height) if self._code else []
            text = lines[y] if y < len(lines) else ""
            return Strip([Segment(text, self.rich_style)]).extend_cell_length(
                size.width, self.rich_style
            )
        if draws_halves(self):
            upper, lower = (self._dots(2 * y + half, scale) for half in (0, 1))
        else:
            upper = lower = [dot for dot in self._dots(y, scale) for _ in range(2)]
        return Strip(half_blocks(upper, lower)).adjust_cell_length(size.width)

    def _dots(self, y: int, scale: int) -> list[bool]:
        """A row of dots; what is below the code is as white as its margin."""
        side = len(self._code)
        row = self._code[y // scale] if y // scale < side else (False,) * side
        return [black for black in row for _ in range(scale)]


def half_blocks(upper: Sequence[bool], lower: Sequence[bool]) -> list[Segment]:
    """Two rows of dots as one of cells."""
    segments = []
    for dots, cells in groupby(zip(upper, lower, strict=True)):
        char, style = _CELLS[dots]
        segments.append(Segment(char * len(list(cells)), style))
    return segments


def _below_each_other(words: Iterable[str], written: Callable[[str], Sequence[str]]) -> list[str]:
    """The lines of some words, a blank one below each."""
    return [line for word in words for line in (*(written(word) or (word,)), "")]


class BigSign(Static):
    """A field of one colour, as wide as a code, with a few words to be read from afar.

    The class `-bad` makes it red. Hidden while it has no words.
    """

    def show(self, words: tuple[str, ...], *, bad: bool = False) -> None:
        """Show `words` one below the other, each large where it can be.

        The first two stand side by side where all would be higher than the sign.
        """
        halves = draws_halves(self)
        written = partial(
            large, width=QR_SIDE - 1, rows=HIGH if halves else 2 * HIGH, halves=halves
        )
        lines = _below_each_other(words, written)
        if len(lines) > QR_SIDE // 2 + 1:
            both = "\u2009".join(words[:2])
            lines = _below_each_other((both, *words[2:]), written)
        self.update(Content("\n".join(lines)))
        self.set_class(bad, "-bad")
        self.display = bool(words)
