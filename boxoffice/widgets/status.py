"""The header: event, lane, link, age of the list, queue, and how many are in."""

from collections.abc import Iterable
from datetime import timedelta

from rich.cells import cell_len

from boxoffice.clock import Clock
from boxoffice.door.models import LinkState
from boxoffice.lane.status import Status
from boxoffice.widgets.line import LineWidget, Piece, shorten, spread

OLD = timedelta(minutes=2)
"""A list older than this is marked as old."""
ROOMY = 100

_LINKS = {
    LinkState.ONLINE: ("●", "status--good"),
    LinkState.SLOW: ("◐", "status--warn"),
    LinkState.OFFLINE: ("○", "status--bad"),
    LinkState.REFUSED: ("✗", "status--bad"),
    LinkState.CAPTIVE: ("▲", "status--bad"),
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

    status: Status | None = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._said: list[Piece] = []

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def show(self, status: Status) -> None:
        if status is not self.status:
            self.status = status
            self.refresh()

    def _tick(self) -> None:
        if self._said != self.line(0, self.size.width):
            self.refresh()

    def line(self, y: int, width: int) -> list[Piece]:
        status = self.status
        if status is None:
            self._said = [Piece(" boxoffice", "status--title")]
            return self._said
        right = [*self._link(status), *self._list(status), *self._counts(status, width)]
        room = width - sum(cell_len(piece.text) for piece in right) - 3
        lane = f" · {status.lane}"
        title = shorten(status.event_title, max(room - cell_len(lane), 8))
        left = [Piece(" "), Piece(title, "status--title", "app.events"), Piece(lane)]
        self._said = spread(left, [*right, Piece(" ")], width)
        return self._said

    def _link(self, status: Status) -> Iterable[Piece]:
        symbol, style = _LINKS[status.link]
        yield Piece(f" {symbol} {status.link}", style)

    def _list(self, status: Status) -> Iterable[Piece]:
        if status.list_at is None:
            text = "  list loading" if status.loading else "  no list yet"
            yield Piece(text, "status--warn", "refresh")
            return
        age = self._clock.now() - status.list_at
        old = age > OLD
        style = "status--warn" if old else "status--label"
        yield Piece(f"  list {age_of(age)}{' old' if old else ''}", style, "refresh")

    def _counts(self, status: Status, width: int) -> Iterable[Piece]:
        waiting, attention = status.counts.unsent, status.counts.attention
        style = "status--warn" if waiting else "status--label"
        yield Piece(f"  waiting {waiting}", style, "queue")
        word = "needs a person" if width >= ROOMY else "person"
        style = "status--bad" if attention else "status--label"
        yield Piece(f"  {'! ' if attention else ''}{word} {attention}", style, "queue")
        yield Piece("  in ", "status--label")
        yield Piece(f"{status.checked_in}/{status.total}", "status--title")


def age_of(age: timedelta) -> str:
    """An age in its largest unit: `12 s`, `4 min`, `3 h`, `2 days`."""
    seconds = max(int(age.total_seconds()), 0)
    if seconds < 100:
        return f"{seconds} s"
    if seconds < 100 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"
