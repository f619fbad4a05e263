"""A dialog to pick one of a few things that can be done."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from boxoffice.commands import Place, bindings
from boxoffice.screens.base import Dialog
from boxoffice.widgets.themes import stylesheet

HINT = "Enter does what is highlighted. Esc goes back."


class Choice(NamedTuple):
    name: str
    title: str


class MenuDialog(Dialog[str | None]):
    """Answers the name of what was picked, or None."""

    place = Place.DIALOG
    BINDINGS = bindings(place)
    CSS_PATH = [stylesheet("form"), stylesheet("dialog"), stylesheet("desk")]

    def __init__(self, heading: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._heading = heading
        self._choices = tuple(choices)

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(self._heading, classes="dialog-title", markup=False)
            yield Label(HINT, classes="dialog-text")
            yield OptionList(
                *(Option(Content(each.title)) for each in self._choices),
                markup=False,
                compact=True,
            )

    def on_mount(self) -> None:
        listed = self.query_one(OptionList)
        listed.focus()
        listed.highlighted = 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].name)
