"""What lists of the desk share: a title, a heading over columns, the rows, and a note."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from boxoffice.commands import Place, bindings
from boxoffice.organiser import About
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.rows import table
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.styles import stylesheet

Result = TypeVar("Result")

SHOWN = 300
"""Rows that are listed; who has more, searches."""
MOVES: list[BindingType] = [
    Binding("down", "move(1)", show=False, priority=True),
    Binding("up", "move(-1)", show=False, priority=True),
    Binding("pagedown", "page(1)", show=False, priority=True),
    Binding("pageup", "page(-1)", show=False, priority=True),
]


class ListBase(BaseScreen[Result]):
    """Rows of a model in columns. A subclass says what is done with them."""

    place = Place.DESK
    BINDINGS = [*bindings(place), *MOVES]
    CSS_PATH = [stylesheet("form"), stylesheet("desk")]
    CAN: frozenset[str] = frozenset()
    """The commands of the desk's lists that this one takes."""

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
        rows = OptionList(markup=False, compact=True)
        rows.can_focus = False
        yield rows
        yield Label("", id="desk-note", markup=False)

    @property
    def rows(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def width(self) -> int:
        """Cells for a row."""
        padding = self.rows.get_component_styles("option-list--option").padding
        bar = self.rows.scrollbar_size_vertical  # there will be one, or there will be room to spare
        return max(self.rows.size.width - padding.width - bar, 10)

    def put(self, columns: Sequence[About], texts: Sequence[tuple[str, ...]]) -> None:
        """Show these rows; the highlight stays at its place."""
        at = self.rows.highlighted
        drawn = table(columns, texts[:SHOWN], self.width)
        left = self.rows.get_component_styles("option-list--option").padding.left
        self.query_one("#desk-columns", Label).update(Content(" " * left + drawn.header))
        self.rows.set_options([Option(line) for line in drawn.lines])
        if texts:
            self.rows.highlighted = min(at or 0, len(drawn.lines) - 1)
        self.query_one(CommandFooter).refresh()

    def action_move(self, by: int) -> None:
        if by > 0:
            self.rows.action_cursor_down()
        else:
            self.rows.action_cursor_up()

    async def action_page(self, by: int) -> None:
        await self.rows.run_action("page_down" if by > 0 else "page_up")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not action.startswith("desk_") or action in self.CAN

    def say(self, sentence: str, *, calm: bool = False) -> None:
        """Say something under the list."""
        note = self.query_one("#desk-note", Label)
        note.update(Content(sentence))
        note.set_class(calm, "-calm")
