"""A dialog that asks for a reason, which the journal keeps."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, OptionList

from boxoffice.commands import Place, bindings
from boxoffice.domain.text import clean
from boxoffice.screens.base import Dialog
from boxoffice.widgets.themes import stylesheet

REASON_LIMIT = 200
NOT_EMPTY = "Write a reason, or pick one: the journal keeps it."


class ReasonDialog(Dialog[str | None]):
    """Asks why; answers the reason, or None when the person went back."""

    place = Place.DIALOG
    BINDINGS = [*bindings(place), Binding("down", "suggestions", show=False)]
    CSS_PATH = [stylesheet("form"), stylesheet("dialog")]

    def __init__(
        self,
        title: str,
        question: str,
        button: str,
        suggestions: Sequence[str] = (),
        *,
        field: str = "Reason",
        empty: str = NOT_EMPTY,
        shortest: int = 1,
    ) -> None:
        """`button`: what the button that goes on says. `suggestions`: reasons to pick from.

        `field`: what is to be written. `empty`: said where it has fewer than `shortest` characters.
        """
        super().__init__()
        self._heading = title
        self._question = question
        self._button = button
        self._field = field
        self._empty = empty
        self._shortest = shortest
        self._suggestions = tuple(suggestions)

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(self._heading, classes="dialog-title", markup=False)
            yield Label(self._question, classes="dialog-text", markup=False)
            yield Input(placeholder=self._field, compact=True, max_length=REASON_LIMIT)
            if self._suggestions:
                yield OptionList(*self._suggestions, markup=False, compact=True)
            yield Label("", classes="dialog-problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(Content(self._button), id="go", variant="primary", compact=True)
                yield Button("Back", id="back", compact=True)

    def action_suggestions(self) -> None:
        """From the field into the reasons to pick from."""
        for listed in self.query(OptionList):
            listed.focus()
            listed.highlighted = 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.query_one(Input).value = self._suggestions[event.option_index]
        self.query_one("#go", Button).focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#go")
    def _go(self) -> None:
        reason = clean(self.query_one(Input).value, REASON_LIMIT)
        if len(reason) >= self._shortest:
            self.dismiss(reason)
        else:
            self.query_one(".dialog-problem", Label).update(Content(self._empty))
            self.query_one(Input).focus()

    @on(Button.Pressed, "#back")
    def _leave(self) -> None:
        self.dismiss(None)
