"""The last scans with their answers: one line of them, or a column."""

from collections.abc import Collection, Iterable, Sequence

from boxoffice.domain import signs
from boxoffice.domain.verdicts import Scan
from boxoffice.language import _
from boxoffice.widgets.line_widget import LineWidget, Piece, fit, shorten
from boxoffice.widgets.verdict import name_of

NARROWEST, WIDEST = 16, 20
"""Cells of one scan in the strip."""


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
        if y == 0:
            yield Piece(f" {_('Last scans')}", "scans--label", "history")
            return
        number, second = divmod(y - 1, 2)
        if number >= len(self.scans):
            return
        scan = self.scans[number]
        opened = f"open_scan({scan.id})"
        if second:
            verdict = scan.verdict
            text = " · ".join((verdict.word, *verdict.highlights.lines, _(verdict.reason)))
            if scan.id in self.undone:
                text = _("UNDONE")
            yield Piece(f"     {shorten(text, width - 6)}", "scans--label", opened)
            return
        yield Piece(" ")
        yield Piece(f" {self._symbol(scan)} ", self._style(scan), opened)
        yield Piece(fit(f" {name_of(scan)}", width - 11), "", opened)
        yield Piece(f" {scan.at:%H:%M} ", "scans--label", opened)

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
