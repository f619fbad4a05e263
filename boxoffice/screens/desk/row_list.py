"""The rows of a list of the desk, under a heading, at any number."""

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from textual.message import Message

from boxoffice.screens.desk.rows import Layout
from boxoffice.widgets.line_widget import Piece, fit
from boxoffice.widgets.long_list import LongList

LEFT = 2
"""Cells in front of a row, for the sign of the highlighted one."""


class RowList(LongList[int]):
    """Shows rows by their places, in columns."""

    COMPONENT_CLASSES = {"list--name"}

    class Chosen(Message):
        """The highlighted row was clicked twice: it is to be opened."""

    class Highlighted(Message):
        """Another row is highlighted: what can be done may be different."""

    def __init__(self, cells: Callable[[int], Sequence[str]]) -> None:
        """`cells`: the texts of all columns of a row, by its place."""
        super().__init__()
        self._cells = cells
        self.columns = Layout()

    @property
    def room(self) -> int:
        """Cells for the columns."""
        return max(self.size.width - LEFT - 2, 10)  # the bar, and a cell before it

    @property
    def header(self) -> str:
        return " " * LEFT + self.columns.header

    def highlight(self, index: int) -> None:
        super().highlight(index)
        self.post_message(self.Highlighted())

    def chosen(self, key: int) -> Message:
        return self.Chosen()

    def pieces(self, key: int, width: int, *, chosen: bool) -> Iterable[Piece]:
        first, rest = self.columns.line(self._cells(key))
        yield Piece("▸ " if chosen else "  ", "list--name")
        yield Piece(first, "list--name")
        yield Piece(fit(rest, width - LEFT - cell_len(first)))
