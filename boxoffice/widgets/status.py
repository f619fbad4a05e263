"""The header: event, lane, link, age of the list, queue, and how many are in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from boxoffice.clock import Clock
from boxoffice.domain.models import LinkState
from boxoffice.domain.saying import how_long
from boxoffice.widgets.line import LineWidget, Piece, shorten, spread, width_of

if TYPE_CHECKING:
    from boxoffice.lane import Status

OLD = timedelta(minutes=2)
"""A list older than this is marked as old."""
SHORTEST = 18
"""Cells that event and lane need together; with less, the event has all of them."""


class Words(NamedTuple):
    list: str
    waiting: str
    attention: str
    inside: str


WORDS = {
    100: Words("list ", "waiting", "needs a person", "in "),
    72: Words("list ", "waiting", "!", "in "),
    71: Words("", "waiting", "!", ""),
    0: Words("", "⟳", "!", ""),
}
"""By the cells there are at the least."""

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

    status: "Status | None" = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._said: list[Piece] = []

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    def show(self, status: "Status") -> None:
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
        right = self._right(status, width)
        room = width - width_of(right) - 2
        lane = f" · {status.lane}" if room > SHORTEST else ""
        title = shorten(status.event_title, room - cell_len(lane))
        left = [Piece(" "), Piece(title, "status--title", "app.events"), Piece(lane)]
        self._said = spread(left, [*right, Piece(" ")], width)
        return self._said

    def _right(self, status: "Status", width: int) -> list[Piece]:
        """All but event and lane, in shorter words where those would lose their room by it."""
        fitting = [words for least, words in WORDS.items() if least <= width]
        if codes := [*self._codes(status)]:
            for words in fitting:
                right = [*self._link(status), *self._list(status, words), *codes]
                right += self._counts(status, words)
                if width - width_of(right) - 2 > SHORTEST:
                    return right
        words = fitting[0]
        return [*self._link(status), *self._list(status, words), *self._counts(status, words)]

    def _link(self, status: "Status") -> Iterable[Piece]:
        symbol, style = _LINKS[status.link]
        yield Piece(f" {symbol} {status.link}", style)

    def _list(self, status: "Status", words: Words) -> Iterable[Piece]:
        if status.list_at is None:
            text = "loading" if status.loading else "no list yet"
            yield Piece(f"  {text}", "status--warn", "refresh")
            return
        age = self._clock.now() - status.list_at
        old = age > OLD
        style = "status--warn" if old else "status--label"
        yield Piece(f"  {words.list}{how_long(age)}{' old' if old else ''}", style, "refresh")

    def _codes(self, status: "Status") -> Iterable[Piece]:
        """How far the tickets are read one by one; nothing once they are."""
        known = status.codes
        if known.read < known.total:
            yield Piece(f"  codes {known.read}/{known.total}", "status--label")
        elif known.whole < known.total:
            yield Piece(f"  orders {known.whole}/{known.total}", "status--label")

    def _counts(self, status: "Status", words: Words) -> Iterable[Piece]:
        waiting, attention = status.counts.unsent, status.counts.attention
        style = "status--warn" if waiting else "status--label"
        yield Piece(f"  {words.waiting} {waiting}", style, "queue")
        style = "status--bad" if attention else "status--label"
        yield Piece(f"  {words.attention} {attention}", style, "queue")
        yield Piece(f"  {words.inside}", "status--label")
        yield Piece(f"{status.checked_in}/{status.total}", "status--title")
