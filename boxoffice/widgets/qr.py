"""A QR code on the terminal, to be held to a phone or an imager, or a sign in its place."""

from collections.abc import Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from boxoffice.printing.papers import QR_SIDE, Matrix, qr
from boxoffice.widgets.big_text import HIGH, large
from boxoffice.widgets.line_widget import wrapped

BESIDE = 36
"""Columns that stay free beside a code that is drawn larger than it must be."""
TOO_SMALL = (
    f"Make the window larger: the code needs {QR_SIDE} columns and {(QR_SIDE + 1) // 2} rows."
)

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
    """Draws a text as QR code in half blocks, as large as its container lets it.

    Two modules are one cell: 37x19 cells for a uuid. Where that is no room for, it says so.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "QrCode { width: auto; height: auto; }"

    _code: Matrix = ()

    def show(self, data: str) -> None:
        """Show another text; an empty one: nothing."""
        self._code = qr(data) if data else ()
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return min(max(self._scale(container), 1) * len(self._code), container.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(_rows(len(self._code) * max(self._scale(container), 1)), container.height)

    def _scale(self, room: Size) -> int:
        """Dots of a module's side; 0: there is no room for the code."""
        side, scale = len(self._code), 0
        while side and side * (scale + 1) <= room.width - (BESIDE if scale else 0):
            if _rows(side * (scale + 1)) > room.height:
                break
            scale += 1
        return scale

    def render_line(self, y: int) -> Strip:
        side, size = len(self._code), self.size
        scale = min(size.width, 2 * size.height) // side if side else 0
        if not scale:
            lines = wrapped(TOO_SMALL, size.width, size.height) if side else []
            text = lines[y] if y < len(lines) else ""
            return Strip([Segment(text, self.rich_style)]).extend_cell_length(
                size.width, self.rich_style
            )
        upper, lower = (self._dots(2 * y + half, scale) for half in (0, 1))
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


def _rows(dots: int) -> int:
    """Rows of cells for so many rows of dots."""
    return (dots + 1) // 2


class BigSign(Static):
    """A field of one colour, as wide as a code, with a few words to be read from afar.

    The class `-bad` makes it red. Hidden while it has no words.
    """

    def show(self, words: tuple[str, ...], *, bad: bool = False) -> None:
        """Show `words` one below the other, each large where it can be."""
        lines = [[*(large(word, QR_SIDE - 2, HIGH) or (word,)), ""] for word in words]
        self.update(Content("\n".join(line for part in lines for line in part)))
        self.set_class(bad, "-bad")
        self.display = bool(words)
