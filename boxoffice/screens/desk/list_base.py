"""What lists of the desk share: a title, a heading over columns, the rows, and a note."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.commands import Place, bindings
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.row_list import RowList
from boxoffice.screens.desk.rows import layout
from boxoffice.screens.desk.sheet import Sheet
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.themes import stylesheet

Result = TypeVar("Result")

MOVES: list[BindingType] = [
    Binding("down", "move(1)", show=False, priority=True),
    Binding("up", "move(-1)", show=False, priority=True),
    Binding("pagedown", "page(1)", show=False, priority=True),
    Binding("pageup", "page(-1)", show=False, priority=True),
    Binding("ctrl+home", "end(-1)", show=False, priority=True),
    Binding("ctrl+end", "end(1)", show=False, priority=True),
]

OF_A_ROW = ("desk_open", "desk_delete")
"""What is done to the highlighted row."""


class ListBase(BaseScreen[Result]):
    """Rows of a model in columns. A subclass says what is done with them."""

    place = Place.DESK
    BINDINGS = [*bindings(place), *MOVES]
    CSS_PATH = [stylesheet("form"), stylesheet("desk")]
    can: frozenset[str] = frozenset()
    """The commands of the desk's lists that this one takes."""
    sheet: Sheet | None = None
    """The rows; None: they are not there yet."""

    def heading(self) -> Content:
        """The title over the list."""
        raise NotImplementedError

    def before_rows(self) -> Iterable[Widget]:
        """Widgets over the rows."""
        return ()

    def body(self) -> Iterable[Widget]:
        yield Label(self.heading(), id="desk-title")
        yield from self.before_rows()
        yield Label("", id="desk-columns", markup=False)
        yield RowList(self._cells)
        yield Label("", id="desk-note", markup=False)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    def _cells(self, at: int) -> Sequence[str]:
        return self.sheet.cells(at) if self.sheet is not None else ()

    def put(self, sheet: Sheet, places: Sequence[int] | None = None, at: int = 0) -> None:
        """Show rows of a sheet, by their places in it, or all; `at`: the one to highlight."""
        self.sheet = sheet
        shown = range(len(sheet.rows)) if places is None else places
        self.rows.show(shown, min(at, len(shown) - 1) if shown else None)
        self.lay_out()
        self.query_one(CommandFooter).refresh()

    @on(RowList.Highlighted)
    def _offer(self) -> None:
        self.query_one(CommandFooter).refresh()

    def lay_out(self) -> None:
        """Choose the columns for the room that there is."""
        if self.sheet is None:
            return
        rows = self.rows
        rows.columns = layout(self.sheet.columns, self.sheet.natural, rows.room)
        rows.refresh()
        self.query_one("#desk-columns", Label).update(Content(rows.header))

    def on_resize(self) -> None:
        self.lay_out()

    def action_move(self, by: int) -> None:
        self.rows.move(by)

    def action_page(self, by: int) -> None:
        self.rows.move(by * self.rows.page)

    def action_end(self, by: int) -> None:
        self.rows.highlight(len(self.rows.keys) - 1 if by > 0 else 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in OF_A_ROW and (self.sheet is None or not self.rows.keys):
            return False
        return action in self.can or not (action == "refresh" or action.startswith("desk_"))

    def say(self, sentence: str, *, calm: bool = False) -> None:
        """Say something under the list."""
        note = self.query_one("#desk-note", Label)
        note.update(Content(sentence))
        note.set_class(calm, "-calm")
