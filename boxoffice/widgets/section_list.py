"""Rows by their keys, and rows under headings: what lists of a few hundred rows share."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class KeyedList(OptionList):
    """The highlight stays with its row when the rows change, or in its place once that is gone."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)

    @property
    def key(self) -> str | None:
        """Of the highlighted row."""
        option = self.highlighted_option
        return None if option is None else option.id

    def put(self, options: Sequence[Option], *, first: str | None = None, empty: str = "") -> None:
        """Show other rows; those without an id are never highlighted.

        `first`: the key of the row that is highlighted where none is, or it is gone; an empty one:
        none is. `empty`: said where there are none.
        """
        before, place = self.key, self.highlighted or 0
        self.set_options(options or [Option(empty, disabled=True)] * bool(empty))
        places: dict[str | None, int]
        places = {option.id: at for at, option in enumerate(options) if option.id is not None}
        if places:
            # A heading is never highlighted: the row below it is, or the last one.
            below = next((at for at in places.values() if at >= place), len(options) - 1)
            other = None if first == "" else places.get(first, below)
            self.highlighted = places.get(before, other)


class Section(NamedTuple):
    """Rows that belong together. Without rows its heading is not shown either."""

    heading: str
    rows: Sequence[tuple[str, Content]]
    """Of each row the key, which no other row of the list has, and its line."""


class SectionList(KeyedList):
    """Sections, one below the other."""

    def show(
        self, sections: Iterable[Section], *, empty: str = "", from_first: bool = False
    ) -> None:
        """Show other rows. `empty`: said where there are none.

        `from_first`: the first row is highlighted, whichever was before.
        """
        options: list[Option] = []
        for heading, rows in sections:
            if rows:
                options.append(Option(Content.styled(heading, "bold"), disabled=True))
                options += [Option(line, id=key) for key, line in rows]
        if from_first:
            self.highlighted = None
        self.put(options, empty=empty)
