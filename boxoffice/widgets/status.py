"""The header: event, lane, operator, link, venue, age of the list, queue, and how many are in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.cells import cell_len

from boxoffice.clock import Clock
from boxoffice.domain import signs
from boxoffice.domain.humanize import format_duration
from boxoffice.domain.models import LinkState
from boxoffice.domain.venue import NEVER_JOINED, HubState
from boxoffice.language import N_, _
from boxoffice.widgets.line_widget import LineWidget, Piece, shorten, spread, width_of

if TYPE_CHECKING:
    from boxoffice.lane import Status

OLD = timedelta(minutes=2)
"""A list older than this is marked as old."""
LANE = 10
"""Cells of the lane's name that all words give way to."""
BETWEEN = " · "
NARROWEST = 14
"""Cells that event and lane need together; with less, the event has all of them."""
FULL = 80
"""Columns from which nothing is left out where there is no venue."""


class Words(NamedTuple):
    """How much is said of each number."""

    event: int
    """Cells of the event's name that must be left beside it; else less is said."""
    list: bool
    """That it is a list's age."""
    waiting: str
    attention: str
    inside: str
    codes: Literal["exact", "share", "none"]
    venue: Literal["words", "short"] = "words"


WORDS = (
    Words(16, True, N_("waiting {n}"), N_("needs a person {n}"), N_("in"), "exact"),
    Words(16, True, N_("waiting {n}"), "! {n}", N_("in"), "exact"),
    Words(16, False, N_("waiting {n}"), "! {n}", N_("in"), "exact"),
    Words(16, False, N_("waiting {n}"), "! {n}", N_("in"), "exact", "short"),
    Words(11, False, N_("waiting {n}"), "! {n}", "", "exact", "short"),
    Words(11, False, N_("waiting {n}"), "! {n}", "", "share", "short"),
    Words(11, False, f"{signs.WAITING} {{n}}", "! {n}", "", "share", "short"),
    Words(11, False, f"{signs.WAITING} {{n}}", "! {n}", "", "none", "short"),
)
"""What gives way, step by step, until event and lane can be read. No number does, nor the link:
only how far the codes are read, in a terminal of less than 80 columns or beside the venue."""

_LINKS = {
    LinkState.ASKING: (signs.ASKING, "status--label"),
    LinkState.ONLINE: (signs.ONLINE, "status--good"),
    LinkState.SLOW: (signs.SLOW, "status--warn"),
    LinkState.OFFLINE: (signs.OFFLINE, "status--bad"),
    LinkState.REFUSED: (signs.NO, "status--bad"),
    LinkState.CAPTIVE: (signs.CAPTIVE, "status--bad"),
}


class StatusLine(LineWidget):
    """Draws the lane's status, and keeps the age of the list running."""

    COMPONENT_CLASSES = {
        "status--title",
        "status--label",
        "status--good",
        "status--warn",
        "status--bad",
    }

    status: "Status | None" = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._drawn: list[Piece] = []

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def show(self, status: "Status") -> None:
        if status is not self.status:
            self.status = status
            self.refresh()

    def _tick(self) -> None:
        if self._drawn != self.line(0, self.size.width):
            self.refresh()

    def line(self, y: int, width: int) -> list[Piece]:
        status = self.status
        if status is None:
            self._drawn = [Piece(" boxoffice", "status--title")]
            return self._drawn
        right, room = self._right(status, width)
        title, lane = _names(status, room)
        left = [Piece(" "), Piece(title, "status--title", "app.events"), Piece(lane)]
        self._drawn = spread(left, [*right, Piece(" ")], width)
        return self._drawn

    def _right(self, status: "Status", width: int) -> tuple[list[Piece], int]:
        """All but event and lane, and how many cells it leaves those."""
        event, lane = cell_len(status.event_title), min(cell_len(status.lane), LANE)
        right, room = list[Piece](), 0
        for words in WORDS if width < FULL or status.venue is not NEVER_JOINED else WORDS[:-1]:
            right = [
                *self._link(status),
                *self._venue(status, words),
                *self._list(status, words),
                *self._codes(status, words),
                *self._counts(status, words),
            ]
            room = width - width_of(right) - 2
            if room >= min(event, words.event) + len(BETWEEN) + lane:
                break
        return right, room

    def _link(self, status: "Status") -> Iterable[Piece]:
        symbol, style = _LINKS[status.link]
        yield Piece(f" {symbol} {status.link.label}", style)

    def _venue(self, status: "Status", words: Words) -> Iterable[Piece]:
        """How this computer stands to its venue's hub; nothing where it never joined one."""
        venue = status.venue
        text = venue.words(self._clock.now()) if words.venue == "words" else venue.short
        if text:
            alone = venue.state in (HubState.ALONE, HubState.REFUSED)
            yield Piece(f"  {text}", "status--bad" if alone else "status--good", "app.venue")

    def _list(self, status: "Status", words: Words) -> Iterable[Piece]:
        if status.list_at is None:
            text = _("loading") if status.loading else _("no list yet")
            yield Piece(f"  {text}", "status--warn", "refresh")
            return
        age = self._clock.now() - status.list_at
        is_known = age > -OLD  # else the computer's clock went back, and the site was not reached
        shown = format_duration(age) if is_known else "?"
        old = age > OLD or not is_known
        style = "status--warn" if old else "status--label"
        text = _("list {age}") if words.list else "{age}"
        if old:
            text = _("list {age} old") if words.list else _("{age} old")
        yield Piece(f"  {text.format(age=shown)}", style, "refresh")

    def _codes(self, status: "Status", words: Words) -> Iterable[Piece]:
        """How far the tickets are read one by one; nothing once they are."""
        known = status.codes
        by_code = known.read < known.total
        read = known.read if by_code else known.whole
        if read >= known.total or words.codes == "none":
            return
        far = f"{read}/{known.total}" if words.codes == "exact" else f"{100 * read // known.total}%"
        text = _("codes {far}") if by_code else _("orders {far}")
        yield Piece(f"  {text.format(far=far)}", "status--label")

    def _counts(self, status: "Status", words: Words) -> Iterable[Piece]:
        waiting, attention = status.counts.unsent, status.counts.attention
        style = "status--warn" if waiting else "status--label"
        yield Piece(f"  {_(words.waiting).format(n=waiting)}", style, "queue")
        style = "status--bad" if attention else "status--label"
        yield Piece(f"  {_(words.attention).format(n=attention)}", style, "queue")
        yield Piece(f"  {_(words.inside)} " if words.inside else "  ", "status--label")
        yield Piece(f"{status.checked_in}/{status.total}", "status--title")


def _names(status: "Status", room: int) -> tuple[str, str]:
    """Event and lane in `room` cells: of what is missing, the lane bears its share.

    Who is at the door stands behind them where there is room for all three.
    """
    if room < NARROWEST:
        return shorten(status.event_title, room), ""
    room -= len(BETWEEN)
    spare = room - cell_len(status.event_title)
    lane = shorten(status.lane, max(spare, min(LANE, room * 2 // 5)))
    title = shorten(status.event_title, room - cell_len(lane))
    operator = f"{BETWEEN}{status.operator}" if status.operator else ""
    if cell_len(title + lane + operator) <= room:
        lane += operator
    return title, f"{BETWEEN}{lane}"
