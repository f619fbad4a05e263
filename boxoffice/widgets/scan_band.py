"""The band that answers scans, and what covers its verdict while that may mislead."""

from dataclasses import replace

from boxoffice.language import N_, _
from boxoffice.widgets.verdict import Face, VerdictBand

AWAY = Face(
    N_("CLICK HERE"),
    symbol="!",
    reason=N_("Another window has the keyboard: scans go there, not here."),
)
"""Covers a verdict to which no scan can give way: the next guest's must not be let in by it."""
LAST_WAS = N_("The last answer here was {word}: {name}.")


class ScanBand(VerdictBand):
    """Shows the last verdict; where the terminal says that its window lost the keyboard, that."""

    _covering: Face | None = None

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
        return self._covering or self.face


def cover_of(face: Face) -> Face:
    """What is shown in place of `face` while scans go elsewhere."""
    if not face.name:
        return AWAY
    last = _(LAST_WAS).format(word=face.word, name=face.name)
    return replace(AWAY, reason=f"{_(AWAY.reason)} {last}")
