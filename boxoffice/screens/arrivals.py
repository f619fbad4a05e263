"""Who is in and who is expected, how fast they come, and when all will be in."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from time import perf_counter

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, Sparkline

from boxoffice.commands import Place
from boxoffice.domain import signs
from boxoffice.domain.arrivals import Arrivals, Bar, bars
from boxoffice.domain.humanize import format_decimal, format_number, format_time
from boxoffice.domain.models import Event
from boxoffice.lane import Change, Lane
from boxoffice.language import N_, _
from boxoffice.screens.base import LaneScreen
from boxoffice.widgets.line_widget import fit

AXIS = 6
"""Cells of the labels at the left."""
NARROWEST, WIDEST = 2, 6
"""Cells of one bar."""
LABEL = 8
"""Cells for a time under the bars, with the space behind it."""
"""Under bars that hold other doors' check-ins, whose times are between two looks at the list."""
NO_TIMES = N_("No curve yet: it is not known here when anybody came in.")
MARKED = N_("also other doors, times not exact")


class ArrivalsPlot(Vertical):
    """People a minute, as bars with the rate at their left, and times and marks under them."""

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
        size, drawn = bars(self._arrivals, room // NARROWEST)
        cells = min(WIDEST, room // len(drawn)) if drawn else 1
        rates = [bar.per_minute for bar in drawn]
        line = self.query_one(Sparkline)
        line.styles.width = 1 + len(drawn) * cells
        line.data = [0.0, *chain.from_iterable(repeat(rate, cells) for rate in rates)]
        marked = any(bar.elsewhere for bar in drawn)
        caption = _("People a minute · a bar: {n} min").format(n=size)
        if marked:
            caption = f"{caption}   {signs.ELSEWHERE} {_(MARKED)}"
        line.display = any(rates)  # without a height to compare with, a bar would fill the plot
        self.query_one("#plot-caption", Label).update(caption if line.display else _(NO_TIMES))
        under = "".join((signs.ELSEWHERE if bar.elsewhere else " ") * cells for bar in drawn)
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
    return f"{rate:.0f}" if rate >= 10 or rate == int(rate) else format_decimal(rate)


def times(drawn: Sequence[Bar], cells: int) -> str:
    """The times at which bars begin, as many as there is room for."""
    step = -(-LABEL // cells)
    line = ""
    for spot in range(0, len(drawn), step):
        line = f"{line:<{spot * cells}}{drawn[spot].start:%H:%M}"
    return line


SOON = 0.25
"""Seconds in which changes are gathered, so that a full queue is not drawn row by row."""
REST = 5
"""Times as long as the last count took, the disk is left to the door."""
EVERY = 10.0
"""Seconds after which time itself has changed what is shown."""
TITLE = 24
"""Cells of a ticket type's title, at most."""
GAUGE = 24, 60
"""Cells of its gauge, at least and at most."""
NOBODY = N_("Nobody is in yet.")
HANDED_OUT = N_("Handed out")
NO_EXTRAS = N_(
    "Merchandise is sold too, and counted as people: name its ticket types in the setting extras."
)
NO_LIST = N_("The list is not here yet: F5 at the door asks the site for it.")


class TypeTable(Widget):
    """How many of each ticket type are in, as wide as there is room: a cell off the scrollbar."""

    def __init__(self) -> None:
        super().__init__()
        self._arrivals: Arrivals | None = None

    def show(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self.refresh(layout=True)

    def render(self) -> Content:
        return table(self._arrivals, self.size.width - 1) if self._arrivals else Content()


class ArrivalsScreen(LaneScreen[None]):
    """Counts and curve, drawn anew whenever somebody comes in."""

    place = Place.ARRIVALS
    sheets = "arrivals"

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane)
        self._soon: Timer | None = None
        self._rest = SOON

    def body(self) -> Iterable[Widget]:
        yield Label(_("Arrivals"), classes="screen-title", markup=False)
        yield Label("", id="arrivals-head", markup=False)
        with VerticalScroll(id="arrivals-types"):
            yield TypeTable()
        yield ArrivalsPlot()
        yield Label("", id="arrivals-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one("#arrivals-types").focus()
        self.set_interval(EVERY, self._load)
        self._load()

    def changed(self, change: Change) -> None:
        if self._soon is None:
            self.call_later(self._load_soon)  # a timer belongs to the task that begins it

    def _load_soon(self) -> None:
        if self._soon is None:
            self._soon = self.set_timer(self._rest, self._load)

    def _load(self) -> None:
        self._soon = None
        self.reread(self._read, "count the arrivals", group="arrivals")

    async def _read(self) -> None:
        began = perf_counter()
        self._show(await self.lane.arrivals())
        self._rest = max(SOON, REST * (perf_counter() - began))

    def _show(self, arrivals: Arrivals) -> None:
        self.write("#arrivals-head", head(arrivals, self.lane.event))
        self.query_one(TypeTable).show(arrivals)
        self.query_one(ArrivalsPlot).show(arrivals)
        self.write("#arrivals-foot", self._foot(arrivals))

    def _foot(self, arrivals: Arrivals) -> str:
        sentence = (
            _("In here {ours} · by other doors {others}, {unplaced} at unknown times")
            if arrivals.others_unplaced
            else _("In here {ours} · by other doors {others}")
        )
        foot = sentence.format(
            ours=format_number(arrivals.ours),
            others=format_number(arrivals.others),
            unplaced=format_number(arrivals.others_unplaced),
        )
        if list_at := self.lane.status.list_at:
            of_list = _("list of {time}").format(time=f"{list_at:%H:%M}")
            foot = f"{foot} · {of_list}"
        if self.lane.event.has_extras and not arrivals.handed_out:
            foot += f"\n{_(NO_EXTRAS)}"
        return foot


def head(arrivals: Arrivals, event: Event) -> Content:
    """The figures that are asked for most."""
    if not arrivals.expected:
        return Content.styled(_(NO_LIST), "$warn")
    if not arrivals.inside:
        expected = _("{n} are expected.").format(n=format_number(arrivals.expected))
        return Content.assemble(Content.styled(_(NOBODY), "bold"), f"\n{expected}")
    rate = _("{n} people a minute over the last five minutes").format(
        n=format_decimal(arrivals.rate)
    )
    inside = _("{n} of {total} in").format(
        n=format_number(arrivals.inside), total=format_number(arrivals.expected)
    )
    missing = _("{n} to come").format(n=format_number(arrivals.missing))
    return Content.assemble(
        Content.styled(inside, "bold $good"),
        Content.styled(f" · {missing}" if arrivals.missing else "", "bold"),
        f"\n{rate}\n",
        Content.styled(_end(arrivals, event), "bold"),
    )


def _end(arrivals: Arrivals, event: Event) -> str:
    if not arrivals.missing:
        return _("All are in.")
    if arrivals.all_in_at is not None:
        at = format_time(arrivals.all_in_at, event, arrivals.at)
        return _("All in at about {time}, at this rate.").format(time=at)
    return _("Too few come just now to say when all will be in.")


def table(arrivals: Arrivals, room: int = 0) -> Content:
    """A line for each ticket type: its title, a gauge, and how many of how many.

    Below them what is handed out, which is nobody. `room`: cells that a line may take.
    """
    counts = (*arrivals.by_type, *arrivals.handed_out)
    titles = [one.title or _("(no type)") for one in counts]
    width = min(max(map(cell_len, titles), default=0), TITLE)
    figures = [
        _("{n} of {total}").format(n=format_number(one.inside), total=format_number(one.expected))
        for one in counts
    ]
    least, most = GAUGE
    gauge = min(most, max(least, room - width - max(map(cell_len, figures), default=0) - 4))
    lines = []
    for place, (title, of_type, figure) in enumerate(zip(titles, counts, figures, strict=True)):
        if place == len(arrivals.by_type):
            lines.append(Content.styled(_(HANDED_OUT), "$label"))
        filled = gauge * of_type.inside // of_type.expected if of_type.expected else 0
        lines.append(
            Content.assemble(
                fit(title, width),
                "  ",
                Content.styled(signs.GAUGE * filled, "$good"),
                Content.styled(signs.REST * (gauge - filled), "$label"),
                "  ",
                figure,
            )
        )
    return Content("\n").join(lines)
