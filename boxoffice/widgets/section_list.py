"""Rows under headings, of which one is highlighted: what lists of a few hundred rows share."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Section(NamedTuple):
    """Rows that belong together. Without rows its heading is not shown either."""

    heading: str
    rows: Sequence[tuple[str, Content]]
    """Of each row the key, which no other row of the list has, and its line."""


class SectionList(OptionList):
    """The highlight stays with its row when the rows change, or in its place once that is gone."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)

    @property
    def key(self) -> str | None:
        """Of the highlighted row."""
        option = self.highlighted_option
        return None if option is None else option.id

    def show(
        self, sections: Iterable[Section], *, empty: str = "", from_first: bool = False
    ) -> None:
        """Show other rows. `empty`: said where there are none.

        `from_first`: the first row is highlighted, whichever was before.
        """
        before, place = (None, 0) if from_first else (self.key, self.highlighted or 0)
        options: list[Option] = []
        for heading, rows in sections:
            if rows:
                options.append(Option(Content.styled(heading, "bold"), disabled=True))
                options += [Option(line, id=key) for key, line in rows]
        self.set_options(options or [Option(empty, disabled=True)] * bool(empty))
        places = {option.id: at for at, option in enumerate(options) if option.id is not None}
        if places:
            # A heading is never highlighted: the row below it is, or the last one.
            below = (at for at in places.values() if at >= place)
            self.highlighted = places.get(before or "", next(below, len(options) - 1))
