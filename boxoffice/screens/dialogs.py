"""Boxes that ask something in front of a screen: yes or no, or why."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Label, OptionList

from boxoffice.commands import Place
from boxoffice.domain.text import clean
from boxoffice.screens.base import BaseScreen, Result

REASON_LIMIT = 200
NOT_EMPTY = "Write a reason, or pick one: the journal keeps it."


class Dialog(ModalScreen[Result], BaseScreen[Result]):
    """A question in a box: its title, a text, what is filled in, and buttons."""

    place = Place.DIALOG
    sheets = "form dialog"

    def __init__(self, title: str, text: str | Content, *buttons: Button) -> None:
        """What a button does is the action of its id: `back` closes it, as Esc does."""
        super().__init__()
        self.heading = title
        self.text = text
        self._buttons = buttons

    def fields(self) -> Iterable[Widget]:
        """What is filled in."""
        return ()

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(self.heading, classes="dialog-title", markup=False)
            yield Label(self.text, classes="dialog-text", markup=False)
            yield from self.fields()
            if self._buttons:
                yield Horizontal(*self._buttons, classes="buttons")

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong with what was filled in, and put the cursor there."""
        self.write(".dialog-problem", sentence)
        self.query_one(Input).focus()


class ConfirmDialog(Dialog[bool]):
    """Asks before what cannot be taken back; answers True only where the person goes on."""

    BINDINGS = [Binding("left,right,up,down", "app.focus_next", show=False)]

    def __init__(self, title: str, text: str | Content, yes: str) -> None:
        go = Button(Content(yes), id="yes", variant="warning", compact=True)
        super().__init__(title, text, Button("Back", id="back", compact=True), go)

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)


class ReasonDialog(Dialog[str]):
    """Asks for a reason, which the journal keeps, or for another line of text."""

    BINDINGS = [Binding("down", "suggestions", show=False)]

    def __init__(
        self,
        title: str,
        text: str,
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
        go = Button(Content(button), id="go", variant="primary", compact=True)
        super().__init__(title, text, go, Button("Back", id="back", compact=True))
        self.suggestions = tuple(suggestions)
        self._field = field
        self._empty = empty
        self._shortest = shortest

    def fields(self) -> Iterable[Widget]:
        yield Input(placeholder=self._field, compact=True, max_length=REASON_LIMIT)
        if self.suggestions:
            yield OptionList(*self.suggestions, markup=False, compact=True)
        yield Label("", classes="dialog-problem", markup=False)

    def action_suggestions(self) -> None:
        """From the field into the reasons to pick from."""
        for listed in self.query(OptionList):
            listed.focus()
            listed.highlighted = 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.query_one(Input).value = self.suggestions[event.option_index]
        self.query_one("#go", Button).focus()

    @on(Input.Submitted)
    def action_go(self) -> None:
        reason = clean(self.query_one(Input).value, REASON_LIMIT)
        if len(reason) >= self._shortest:
            self.dismiss(reason)
        else:
            self.show_problem(self._empty)
