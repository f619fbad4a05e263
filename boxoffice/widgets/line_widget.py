"""Widgets that draw themselves line by line out of pieces: no children and no layout.

And no markup: a text from outside is nothing but its characters.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple, Self

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may end: not between an amount and its currency."""
SHORTEST_PART = 12
"""Cells of one of several parts that share a line, at least."""


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    style: str = ""
    """Component class; empty: the widget's own style."""
    action: str = ""
    """The action of the command that a click on it gives."""


@dataclass
class CommandClicked(Message):
    action: str


class LineWidget(Widget):
    """A widget whose lines are made by `line`. A click on a piece with a command gives it.

    It has no border, no padding and no children, so that its lines go to the screen as they are,
    past the pipeline that draws those.
    """

    ALLOW_SELECT = False

    def __init__(self, *, classes: str | None = None) -> None:
        self._looks: dict[tuple[str, str], Style] = {}
        self._strips: dict[int, Strip] = {}
        self._strips_size = Size()
        super().__init__(classes=classes)

    @property
    def size(self) -> Size:
        """All of it, as there are no edges: Textual would look up where it is, each time."""
        return self._size

    def line(self, y: int, width: int) -> Iterable[Piece]:
        """The pieces of line `y`. What goes beyond `width` cells is cut."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return self.strip(self.line(y, self.size.width))

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual asks for the lines of all widgets whenever one of them changed.
        if self._strips_size != self.size:
            self._strips_size = self.size
            self._strips.clear()
        strips = self._strips
        if missing := [y for y in crop.line_range if y not in strips]:
            filters, background = self.app.get_line_filters(), self.background_colors[1]
            for y in missing:
                strip = self.render_line(y)
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, background)
                strips[y] = strip
        left, right = crop.column_span
        return [strips[y].crop(left, right) for y in crop.line_range]

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        for y in chain.from_iterable(region.line_range for region in regions):
            self._strips.pop(y, None)
        if not regions:
            self._strips.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def strip(self, pieces: Iterable[Piece], on: str = "") -> Strip:
        """`pieces` as a strip as wide as the widget, on the ground of the component class `on`."""
        left, segments = self.size.width, list[Segment]()
        for style, run in groupby(pieces, key=itemgetter(1)):
            text = "".join([piece.text for piece in run])
            left -= cells(text)
            segments.append(Segment(text, self.look(style, on)))
        if left < 0:
            return Strip(segments).adjust_cell_length(self.size.width)
        if left:
            segments.append(Segment(" " * left, self.look("", on)))
        return Strip(segments, self.size.width)

    def look(self, style: str, on: str = "") -> Style:
        """What a component class looks like on the ground of another."""
        look = self._looks.get((style, on))
        if look is None:
            look = self.rich_style
            for name in filter(None, (on, style)):
                look += self.get_component_rich_style(name, partial=True)
            self._looks[style, on] = look
        return look

    def notify_style_update(self) -> None:
        self._looks.clear()
        self._strips.clear()
        super().notify_style_update()

    def on_click(self, event: events.Click) -> None:
        end = 0
        for piece in self.line(event.y, self.size.width):
            start, end = end, end + cell_len(piece.text)
            if piece.action and start <= event.x < end:
                event.stop()
                self.post_message(CommandClicked(piece.action))


def is_plain(text: str) -> bool:
    """Whether each of its characters surely is one cell, as most names' are."""
    return text.isprintable() and (text.isascii() or max(text) < "\u0300")


def cells(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if is_plain(text) else cell_len(text)


def width_of(pieces: Iterable[Piece]) -> int:
    return sum(cells(piece.text) for piece in pieces)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells; what does not fit ends in `…`."""
    if width <= 0:
        return ""
    if is_plain(text):
        cut = text if len(text) <= width else text[: width - 1].rstrip() + "…"
        return cut.ljust(width)
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` cells."""
    return text if cells(text) <= width else fit(text, width).rstrip()


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int) -> list[Piece]:
    """`left` and `right` at the ends of a line; where room is short, `left` is cut."""
    room = width - width_of(right)
    used = width_of(left)
    if used > room:
        left = cut(left, room)
        used = width_of(left)
    return [*left, Piece(" " * max(room - used, 0)), *right]


def cut(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """As many of `pieces` as fit into `width` cells; the last one shortened."""
    fitting: list[Piece] = []
    for piece in pieces:
        length = cells(piece.text)
        if length > width:
            if width > 0:
                fitting.append(piece._replace(text=fit(piece.text, width)))
            break
        fitting.append(piece)
        width -= length
    return fitting


def wrapped(text: str, width: int, most: int) -> list[str]:
    """`text` in at most so many lines of `width` cells, broken between words.

    A word that is longer than a line, such as a path, goes on in the next.
    """
    lines: list[str] = []
    rest = [
        part
        for word in filter(None, _BREAKS.split(text))
        for part in (chop_cells(word, width) if cell_len(word) > width else (word,))
    ]
    while rest and len(lines) < most:
        line = rest.pop(0)
        while rest and cell_len(line) + 1 + cell_len(rest[0]) <= width:
            line += f" {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines[-1] = " ".join([lines[-1], *rest])
    return [shorten(line, width) for line in lines]


def wrapped_parts(parts: Sequence[str], width: int, most: int, spare: int = 0) -> list[str]:
    """`parts` in at most so many lines of `width` cells, the longest of them shortened.

    So far that all are seen, at least their beginnings. `spare`: cells left at the end of the last
    of those lines.
    """

    def lines(cells: int) -> list[str]:
        return wrapped(" · ".join(shorten(part, cells) for part in parts), width, most + 1)

    def is_too_long(cells: int) -> bool:
        made = lines(cells)
        return len(made) > most or (len(made) == most and cell_len(made[-1]) > width - spare)

    sizes = range(SHORTEST_PART, max(map(cell_len, parts)) + 1)
    at = bisect_left(sizes, True, key=is_too_long)
    return lines(SHORTEST_PART + max(at - 1, 0))[:most]
