"""A dialog that asks yes or no before something that cannot be taken back."""

from collections.abc import Iterable

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label

from boxoffice.commands import Place, bindings
from boxoffice.screens.base import Dialog
from boxoffice.widgets.themes import stylesheet


class ConfirmDialog(Dialog[bool]):
    """Asks; answers True only when the person chose to go on."""

    place = Place.DIALOG
    BINDINGS = [*bindings(place), Binding("left,right,up,down", "app.focus_next", show=False)]
    CSS_PATH = [stylesheet("form"), stylesheet("dialog")]

    def __init__(self, title: str, text: str, yes: str) -> None:
        super().__init__()
        self._heading = title
        self._text = text
        self._yes = yes

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(self._heading, classes="dialog-title", markup=False)
            yield Label(self._text, classes="dialog-text", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Back", id="no", compact=True)
                yield Button(Content(self._yes), id="yes", variant="warning", compact=True)

    @on(Button.Pressed, "#yes")
    def _go(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#no")
    def action_back(self) -> None:
        self.dismiss(False)
