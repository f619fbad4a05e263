"""The last scans with their answers: one line of them, or a column."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from boxoffice.domain import signs
from boxoffice.domain.verdicts import Scan
from boxoffice.language import _
from boxoffice.widgets.line_widget import LineWidget, Piece, fit, wrapped
from boxoffice.widgets.verdict import name_of

NARROWEST, WIDEST = 16, 20
"""Cells of one scan in the strip."""
MOST = 3
"""Lines of the column that say why."""


class LastScans(LineWidget):
    COMPONENT_CLASSES = {
        "scans--label",
        "scans--green",
        "scans--yellow",
        "scans--blue",
        "scans--red",
    }

    scans: Sequence[Scan] = ()
    undone: Collection[int] = ()
    _drawn: Sequence[Sequence[Piece]] = ()
    """The lines of the column."""

    def show(self, scans: Sequence[Scan], undone: Collection[int] = ()) -> None:
        """`undone`: ids of those that are good no more."""
        self.scans, self.undone = scans, undone
        self.refresh()

    def line(self, y: int, width: int) -> Iterable[Piece]:
        return self._strip(width) if self.size.height == 1 else self._column(y, width)

    def _strip(self, width: int) -> Iterable[Piece]:
        most = max(width // NARROWEST, 1)
        shown = [self.scans[i] for i in range(min(len(self.scans), most))]
        if not shown:
            yield Piece(f" {_('No scans yet')}", "scans--label")
            return
        room = min(width // len(shown), WIDEST)
        for scan in shown:
            opened = f"open_scan({scan.id})"
            yield Piece(f" {self._symbol(scan)} ", self._style(scan), opened)
            yield Piece(fit(f" {short_name(scan)}", room - 4) + " ", "", opened)

    def _column(self, y: int, width: int) -> Iterable[Piece]:
        if not self._strips:  # nothing of it is drawn any more
            self._drawn = list(self._lines(width))
        return self._drawn[y] if y < len(self._drawn) else ()

    def _lines(self, width: int) -> Iterator[list[Piece]]:
        """As many as there is room for: each scan on one, and why on as many as it takes."""
        left = self.size.height - 1
        yield [Piece(f" {_('Last scans')}", "scans--label", "history")]
        for scan in self.scans:
            if left <= 0:
                return
            opened = f"open_scan({scan.id})"
            yield [
                Piece(" "),
                Piece(f" {self._symbol(scan)} ", self._style(scan), opened),
                Piece(fit(f" {name_of(scan)}", width - 11), "", opened),
                Piece(f" {scan.at:%H:%M} ", "scans--label", opened),
            ]
            why = wrapped(self._why(scan), width - 6, MOST)
            yield from ([Piece(f"     {line}", "scans--label", opened)] for line in why)
            left -= 1 + len(why)

    def _why(self, scan: Scan) -> str:
        if scan.id in self.undone:
            return _("UNDONE")
        verdict = scan.verdict
        why, seen = _(verdict.reason), verdict.highlights.lines
        # Of who is not let in, the reason is what is asked for.
        parts = (*seen, why) if verdict.code.is_green else (why, *seen)
        return " · ".join(filter(None, (verdict.word, *parts)))

    def _symbol(self, scan: Scan) -> str:
        return signs.UNDONE if scan.id in self.undone else scan.verdict.code.symbol

    def _style(self, scan: Scan) -> str:
        return f"scans--{'label' if scan.id in self.undone else scan.verdict.code.tone}"


def short_name(scan: Scan) -> str:
    """First name and initial of the last, as far as there are such."""
    ticket = scan.verdict.ticket
    words = ticket.full_name.split() if ticket else []
    if len(words) < 2:
        return name_of(scan)
    return f"{words[0]} {words[-1][0]}"
