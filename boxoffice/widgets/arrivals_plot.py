"""People a minute, as bars over the time of day."""

from collections.abc import Sequence
from itertools import chain, repeat

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Label, Sparkline

from boxoffice.domain.arrivals import Arrivals, Bar, bars

AXIS = 6
"""Cells of the labels at the left."""
WIDEST = 6
"""Cells of one bar, at most."""
LABEL = 8
"""Cells for a time under the bars, with the space behind it."""
ELSEWHERE = "░"
"""Under bars that hold other doors' check-ins, whose times are between two looks at the list."""
NO_TIMES = "No curve yet: it is not known here when anybody came in."
MARKED = f"   {ELSEWHERE} also other doors, times not exact"


class ArrivalsPlot(Vertical):
    """Bars with the rate at their left, and times and marks under them."""

    _arrivals: Arrivals | None = None

    def compose(self) -> ComposeResult:
        yield Label("", id="plot-caption", markup=False)
        with Horizontal(id="plot-body"):
            yield Label("", id="plot-axis", markup=False)
            yield Sparkline(id="plot-bars")
        yield Label("", id="plot-marks", markup=False)
        yield Label("", id="plot-times", markup=False)

    def show(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._arrivals is None:
            return
        # The first column is nobody's: bars stand on zero whatever the least of them is.
        room = self.size.width - AXIS - 1
        size, drawn = bars(self._arrivals, room)
        cells = max(1, min(WIDEST, room // len(drawn))) if drawn else 1
        rates = [bar.per_minute for bar in drawn]
        line = self.query_one(Sparkline)
        line.styles.width = 1 + len(drawn) * cells
        line.data = [0.0, *chain.from_iterable(repeat(rate, cells) for rate in rates)]
        marked = any(bar.elsewhere for bar in drawn)
        caption = f"People a minute · a bar: {size} min{MARKED if marked else ''}"
        line.display = any(rates)  # without a height to compare with, a bar would fill the plot
        self.query_one("#plot-caption", Label).update(caption if line.display else NO_TIMES)
        under = "".join((ELSEWHERE if bar.elsewhere else " ") * cells for bar in drawn)
        self.query_one("#plot-marks", Label).update(" " * (AXIS + 1) + under)
        self.query_one("#plot-times", Label).update(" " * (AXIS + 1) + times(drawn, cells))
        # What stands above and below may have taken another height.
        self.call_after_refresh(self._draw_axis, max(rates, default=0.0))

    def _draw_axis(self, most: float) -> None:
        height = self.query_one("#plot-body").size.height
        self.query_one("#plot-axis", Label).update(axis(most, height) if most else "")


def axis(most: float, height: int) -> str:
    """The labels at the left, from `most` down to 0."""
    lines = [" " * AXIS] * max(height, 1)
    lines[-1] = f"{0:>{AXIS - 1}} "
    if height > 4 and most:
        lines[height // 2] = f"{_rate(most * (height - height // 2 - 0.5) / height):>{AXIS - 1}} "
    if height > 1 and most:
        lines[0] = f"{_rate(most):>{AXIS - 1}} "
    return "\n".join(lines)


def _rate(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 or rate == int(rate) else f"{rate:.1f}"


def times(drawn: Sequence[Bar], cells: int) -> str:
    """The times at which bars begin, as many as there is room for."""
    step = -(-LABEL // cells)
    line = ""
    for spot in range(0, len(drawn), step):
        line = f"{line:<{spot * cells}}{drawn[spot].start:%H:%M}"
    return line
