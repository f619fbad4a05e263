"""A field of one colour with a few words in large letters, to be read from afar."""

from textual.content import Content
from textual.widgets import Static

from boxoffice.widgets.block_font import HIGH, large

WIDTH = 37
"""Cells, as its stylesheet has it."""


class Sign(Static):
    """Words one below the other; the class `-bad` makes it red. Hidden while it has none."""

    def show(self, words: tuple[str, ...], *, bad: bool = False) -> None:
        """Show `words`, each large where it can be."""
        lines = [[*(large(word, WIDTH - 2, HIGH) or (word,)), ""] for word in words]
        self.update(Content("\n".join(line for part in lines for line in part)))
        self.set_class(bad, "-bad")
        self.display = bool(words)
