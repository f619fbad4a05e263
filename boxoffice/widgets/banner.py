"""A line or two for what is wrong with server, key or computer, and for what was just done.

Never a verdict on a person.
"""

from collections.abc import Iterable

from textual.timer import Timer

from boxoffice.widgets.line_widget import LineWidget, Piece, wrapped

PASSING = 10.0
"""Seconds that a passing sentence stays."""
MOST = 3
"""Lines of a sentence."""


class Banner(LineWidget):
    """Hidden while there is nothing to say. A passing sentence covers a lasting one for a while."""

    COMPONENT_CLASSES = {"banner--lasting", "banner--passing"}

    lasting: str = ""
    passing: str = ""
    _timer: Timer | None = None

    def last(self, sentence: str) -> None:
        """Show `sentence` for as long as it holds; empty: it no longer does."""
        if sentence != self.lasting:
            self.lasting = sentence
            self._draw()

    def announce(self, sentence: str) -> None:
        """Show `sentence` for a while; empty: no longer."""
        self.passing = sentence
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PASSING, self._pass) if sentence else None
        self._draw()

    def _pass(self) -> None:
        self.announce("")

    def _draw(self) -> None:
        self.set_class(bool(self.lasting or self.passing), "-shown")
        self.styles.height = max(len(self._lines(self.app.size.width)), 1)
        self.refresh()

    def on_resize(self) -> None:
        self._draw()

    def _lines(self, width: int) -> list[str]:
        return wrapped(self.passing or self.lasting, width - 4, MOST)

    def line(self, y: int, width: int) -> Iterable[Piece]:
        lines = self._lines(width)
        style = "banner--passing" if self.passing else "banner--lasting"
        yield Piece(f" ▌ {lines[y]}" if y < len(lines) else "", style)
