"""Lists of the desk: rows of any model in columns, under a heading."""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import Any, TypeVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.commands import Place
from boxoffice.domain import signs
from boxoffice.domain.humanize import format_number
from boxoffice.language import N_, _
from boxoffice.manage import FieldInfo, Kind, field_info
from boxoffice.screens.base import MOVES, BaseScreen
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.screens.desk.table_model import Layout, TableModel, layout
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.line_widget import Piece, fit
from boxoffice.widgets.long_list import LongList

LEFT = 2
"""Cells in front of a row, for the sign of the highlighted one."""


class RowList(LongList[int]):
    """Shows rows by their places, in columns."""

    COMPONENT_CLASSES = {"list--name"}

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

    def pieces(self, key: int, width: int, *, chosen: bool) -> Iterable[Piece]:
        first, rest = self.columns.line(self._cells(key))
        yield Piece(f"{signs.CHOSEN} " if chosen else "  ", "list--name")
        yield Piece(first, "list--name")
        yield Piece(fit(rest, width - LEFT - cell_len(first)))


Result = TypeVar("Result")

OF_A_ROW = ("desk_open", "desk_delete")
"""What is done to the highlighted row."""


class ListBase(BaseScreen[Result]):
    """Rows of a model in columns. A subclass says what is done with them."""

    place = Place.DESK
    BINDINGS = [
        *MOVES,
        Binding("ctrl+home", "move('home')", show=False, priority=True),
        Binding("ctrl+end", "move('end')", show=False, priority=True),
    ]
    sheets = "form desk"
    can: frozenset[str] = frozenset()
    """The commands of the desk's lists that this one takes."""
    table: TableModel | None = None
    """The rows; None: they are not there yet."""

    def heading(self) -> Content:
        raise NotImplementedError

    def before_rows(self) -> Iterable[Widget]:
        return ()

    def body(self) -> Iterable[Widget]:
        yield Label(self.heading(), id="desk-title", classes="screen-title")
        yield from self.before_rows()
        yield Label("", id="desk-columns", markup=False)
        yield RowList(self._cells)
        yield Label("", id="desk-note", markup=False)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    def _cells(self, at: int) -> Sequence[str]:
        return self.table.cells(at) if self.table is not None else ()

    def put(self, table: TableModel, places: Sequence[int] | None = None, at: int = 0) -> None:
        """Show rows of a table, by their places in it, or all; `at`: the one to highlight."""
        self.table = table
        shown = range(len(table.rows)) if places is None else places
        self.rows.show(shown, min(at, len(shown) - 1) if shown else None)
        self.lay_out()
        self.query_one(CommandFooter).refresh()

    @on(RowList.Highlighted)
    def _offer(self) -> None:
        """What can be done may be different."""
        self.query_one(CommandFooter).refresh()

    def lay_out(self) -> None:
        """Choose the columns for the room that there is."""
        if self.table is None:
            return
        rows = self.rows
        rows.columns = layout(self.table.columns, self.table.natural, rows.room)
        rows.refresh()
        self.write("#desk-columns", rows.header)

    def on_resize(self) -> None:
        self.lay_out()

    def on_unmount(self) -> None:
        self.table = None  # its rows go now, whoever has the screen still

    def action_move(self, key: str) -> None:
        self.rows.go(key)

    def refusal(self, command: str) -> str | None:
        """Empty: there is no more to say."""
        if command in OF_A_ROW and (self.table is None or not self.rows.keys):
            return ""
        is_other = command != "refresh" and not command.startswith("desk_")
        return None if is_other or command in self.can else ""

    def show_note(self, sentence: str, *, calm: bool = False) -> None:
        """Say something under the list."""
        self.write("#desk-note", sentence).set_class(calm, "-calm")


EMPTY = N_("The site has none of these. Esc goes back.")


class RowsScreen(ListBase[None]):
    def __init__(self, title: str, found: Sequence[Any], zone: tzinfo | None, locale: str) -> None:
        super().__init__()
        self._heading = title
        self._found = found
        self._columns: tuple[FieldInfo, ...] = ()
        if found:
            infos = field_info(type(found[0]))
            self._columns = tuple(info for info in infos if info.kind is not Kind.UUID)
        self._format_options = FormatOptions(zone, locale)

    def heading(self) -> Content:
        if not self._found:
            return Content(self._heading)
        return Content(f"{self._heading} · {format_number(len(self._found))}")

    def on_mount(self) -> None:
        self.work(self._list(), "list what the site gave")

    async def _list(self) -> None:
        self.put(
            await TableModel.build(self._found, self._columns, lambda _row: self._format_options)
        )
        if not self._found:
            self.show_note(_(EMPTY), calm=True)
