"""A list of any length, a line a row, of which one may be highlighted.

It draws only the lines that are seen, and the highlighted row is always one of them: nobody acts
on a row out of sight. It keeps its own scroll position, since Textual's would lay the screen out
anew with every change of its length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input

from boxoffice.domain import signs
from boxoffice.widgets.line_widget import LineWidget, Piece

Key = TypeVar("Key")

WHEEL = 3
"""Lines a turn of the wheel moves."""


class SearchInput(Input):
    """A field of fixed size: a key in it draws its line, and does not lay the screen out anew."""

    virtual_size = Reactive(Size(0, 0))


class LongList(LineWidget, Generic[Key]):
    """Shows rows by their keys. A subclass says in `pieces` what a row looks like."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--cursor",
        "list--marked",
        "list--bar",
        "list--empty",
    }

    class Highlighted(Message):
        """Another row is highlighted, by a key, a click or the wheel."""

    class Picked(Message):
        """A row was clicked: it is highlighted now."""

    @dataclass
    class Chosen(Message):
        key: Any

    keys: Sequence[Key] = ()
    cursor: int | None = None
    """Index of the highlighted row."""
    carried: bool = False
    """The highlight is where scrolling took it along to: nobody chose that row."""
    top: int = 0
    """Index of the first row that is seen."""
    marked: Key | None = None
    """The row that stands out besides the highlighted one."""
    empty: str = ""
    """What to say where there is nothing to show."""

    def pieces(self, key: Key, width: int, *, chosen: bool) -> Iterable[Piece]:
        """The line of one row, at most `width` cells; `chosen`: it is highlighted."""
        raise NotImplementedError

    def index(self, key: Key | None, near: int) -> int | None:
        """Where a row is; the place where it was is tried first."""
        if key is None:
            return None
        if near < len(self.keys) and self.keys[near] == key:
            return near
        try:
            return self.keys.index(key)
        except ValueError:
            return None

    @property
    def key(self) -> Key | None:
        """Of the highlighted row."""
        return None if self.cursor is None else self.keys[self.cursor]

    def show(self, keys: Sequence[Key], cursor: int | None = None, *, empty: str = "") -> None:
        """Show another list, from its beginning or around `cursor`."""
        self.keys = keys
        self.cursor = cursor if cursor is not None and cursor < len(keys) else None
        self.carried = False
        self.empty = empty
        self.top = 0
        self._look_at(self.cursor)
        self.refresh()

    def replace(self, keys: Sequence[Key], *, empty: str = "") -> None:
        """Show the list after a change, with the highlight and, as far as may be, the place."""
        self.empty = empty
        key = self.key
        first = self.keys[self.top] if self.top < len(self.keys) else None
        self.keys = keys
        self.cursor = self.index(key, self.cursor or 0)
        at = self.index(first, self.top)
        self.top = self._bounded(self.top if at is None else at)
        self._look_at(self.cursor)
        self.refresh()

    def reveal(self, key: Key | None) -> None:
        """Mark a row, without highlighting it, and bring it into view; None: mark none.

        It comes no nearer than the highlight, which stays in view, lets it.
        """
        self.marked = key
        index = self.index(key, self.top)
        if index is not None and not self.top <= index < self.top + self.size.height:
            self.top = self._bounded(index - self.size.height // 3)
            self._look_at(self.cursor)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the highlight by so many rows, or from the marked row where there is none.

        Where neither is listed, to the first row that is seen.
        """
        start = self.index(self.marked, self.top) if self.cursor is None else self.cursor
        self.highlight(self.top if start is None else start + by)

    def go(self, key: str) -> None:
        """Move the highlight as a key asks: an arrow, by a page, to the first or the last row."""
        match key:
            case "home":
                self.highlight(0)
            case "end":
                self.highlight(len(self.keys) - 1)
            case _:
                self.move({"pagedown": self.page, "pageup": -self.page, "up": -1}.get(key, 1))

    def choose_none(self) -> None:
        self.cursor = None
        self.carried = False
        self.refresh()

    def highlight(self, index: int) -> None:
        """Highlight a row, the nearest there is, and bring it into view."""
        if not self.keys:
            return
        before, self.cursor = self.cursor, max(0, min(index, len(self.keys) - 1))
        self.carried = False
        self.post_message(self.Highlighted())
        if self._look_at(self.cursor):
            self.refresh()
            return
        for row in (before, self.cursor):
            if row is not None and 0 <= row - self.top < self.size.height:
                self.refresh(Region(0, row - self.top, self.size.width, 1))

    @property
    def page(self) -> int:
        """Rows that are seen at once, less one to keep one's bearings."""
        return max(self.size.height - 1, 1)

    def _look_at(self, index: int | None) -> bool:
        """Scroll so far that a row is seen; True when that moved the list."""
        if index is None:
            return False
        lowest = index - max(self.size.height, 1) + 1
        top = self._bounded(min(max(self.top, lowest), index))
        moved, self.top = top != self.top, top
        return moved

    def _bounded(self, top: int) -> int:
        return max(0, min(top, len(self.keys) - max(self.size.height, 1)))

    def on_resize(self) -> None:
        self.top = self._bounded(self.top)
        self._look_at(self.cursor)

    # Drawing

    def render_line(self, y: int) -> Strip:
        index, on = self.top + y, ""
        if index == self.cursor:
            on = "list--cursor"
        elif self.marked is not None and index < len(self.keys) and self.keys[index] == self.marked:
            on = "list--marked"
        return self.strip(self.line(y, self.size.width), on)

    def line(self, y: int, width: int) -> Iterable[Piece]:
        index = self.top + y
        if index >= len(self.keys):
            if y == 0 and not self.keys:
                yield Piece(f"   {self.empty}", "list--empty")
            return
        yield from self.pieces(self.keys[index], width - 1, chosen=index == self.cursor)
        if len(self.keys) > self.size.height:
            begin, end = self._bar(self.size.height)
            yield Piece(signs.THUMB if begin <= y < end else signs.TRACK, "list--bar")

    def _bar(self, height: int) -> tuple[int, int]:
        length = max(height * height // len(self.keys), 1)
        begin = self.top * (height - length) // max(len(self.keys) - height, 1)
        return begin, begin + length

    # The mouse

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.x == self.size.width - 1 and len(self.keys) > self.size.height:
            share = event.y / max(self.size.height - 1, 1)
            self._begin_at(round(share * (len(self.keys) - self.size.height)))
            return
        index = self.top + event.y
        if index < len(self.keys):
            self.highlight(index)
            self.post_message(self.Picked())
            if event.chain == 2:
                self.post_message(self.Chosen(self.keys[index]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._begin_at(self.top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._begin_at(self.top - WHEEL)

    def _begin_at(self, top: int) -> None:
        """Have the row `top` first, and the highlight taken along where it would leave the view."""
        self.top = self._bounded(top)
        if self.cursor is not None:
            last = self.top + max(self.size.height, 1) - 1
            seen = max(self.top, min(self.cursor, last))
            self.carried = self.carried or seen != self.cursor
            self.cursor = seen
            self.post_message(self.Highlighted())
        self.refresh()
