"""The band that answers scans: the latest, an earlier one, or that none of them comes here."""

from boxoffice.domain.history import PastScan
from boxoffice.language import N_, _
from boxoffice.widgets.verdict import Face, VerdictBand, kind_of, name_of

CLICK_HERE = N_("CLICK HERE")
ELSEWHERE = N_("Another window has the keyboard: scans go there, not here.")
"""Covers a verdict to which no scan can give way: the next guest must not be let in by it."""
LAST_WAS = N_("The last answer here was {word}: {name}.")
GO_BACK = N_("Esc goes back to the last")


class ScanBand(VerdictBand):
    """Shows the last verdict, unless a person looks back at an earlier one.

    Where the terminal says that its window lost the keyboard, it shows that instead.
    """

    _past: Face | None = None
    """Of an earlier answer."""
    _covering: Face | None = None
    """While another window has the keyboard."""

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._follow_focus)

    def _follow_focus(self) -> None:
        self._covering = None if self.app.app_focus else cover_of(self.face)
        self.set_class(self._covering is not None, "-away")
        self.refresh()

    def put(self, face: Face) -> None:
        super().put(face)
        if self._covering is not None:
            self._follow_focus()

    @property
    def drawn(self) -> Face:
        return self._covering or self._past or self.face

    def look_back(self, past: PastScan | None, steps: int = 0) -> None:
        """Show an answer of so many steps before in place of the latest; None: the latest."""
        self._past = None if past is None else past_face(past, steps)
        self.refresh()


def cover_of(face: Face) -> Face:
    """What is shown in place of `face` while scans go elsewhere."""
    last = _(LAST_WAS).format(word=_(face.word), name=face.name) if face.name else ""
    reason = " ".join(filter(None, (_(ELSEWHERE), last)))
    return Face(_(CLICK_HERE), symbol="!", reason=reason)


def past_face(past: PastScan, steps: int) -> Face:
    """What is shown of an earlier answer: in no colour, and not large, as it lets nobody in."""
    scan, verdict = past.scan, past.scan.verdict
    before = _("{number} before, at {time}: {word}")
    return Face(
        "← " + before.format(number=steps, time=f"{scan.at:%H:%M:%S}", word=verdict.code.word),
        name=name_of(scan),
        kind=kind_of(scan),
        reason=" · ".join(filter(None, (past.since.word if past.since else "", _(verdict.reason)))),
        hint=_(GO_BACK),
    )
