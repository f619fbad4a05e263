"""Boxes that ask: yes or no, why, which, or for the PIN."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Label, OptionList

from boxoffice.commands import Place
from boxoffice.domain.codes import read_code
from boxoffice.domain.pin import ASKS, LONGEST, Act, problem_of
from boxoffice.domain.questions import NOT_AN_EMAIL, is_email
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.screens.base import ARROWS, BaseScreen, Result
from boxoffice.widgets.option_lists import Choices, MarkedList, PickList, mark

if TYPE_CHECKING:  # dialogs are drawn before the lane's parts are loaded
    from boxoffice.lane.pin_lock import Attempt

LONGEST_REASON = 200
"""Characters that are typed; the journal has room for more."""
NOT_EMPTY = N_("Write a reason, or pick one: the journal keeps it.")
TYPE_IT = N_("Type the PIN.")
TRYING = N_("One moment: the PIN is being tried.")
TOO_FAST = N_("That came as fast as from a scanner: type the PIN, one key after another.")


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
        self._wrong: list[object] = []
        """What was filled in when a problem was shown."""

    def on_screen_suspend(self) -> None:
        self.query_one(".dialog").styles.opacity = 0  # or its frame looks out behind another's

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self.query_one(".dialog").styles.opacity = 1

    def fields(self) -> Iterable[Widget]:
        """What is filled in."""
        return ()

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(self.heading, classes="dialog-title", markup=False)
            yield Label(self.text, classes="dialog-text", markup=False)
            fields = tuple(self.fields())
            yield from fields
            if fields and self._buttons:
                yield Label("", classes="dialog-problem", markup=False)
            if self._buttons:
                yield Horizontal(*self._buttons, classes="buttons")

    def show_problem(self, sentence: str, at: str = "Input") -> None:
        """Show what is wrong with what is filled in, until that changes; the cursor goes there."""
        self.write(".dialog-problem", sentence)
        self._wrong = self._filled_in
        self.query_one(at, Input).focus()

    @property
    def _filled_in(self) -> list[object]:
        lines, choices = self.query(Input), self.query(Choices)
        return [*(line.value for line in lines), *(one.taken for one in choices)]

    @on(Input.Changed)
    @on(Choices.Changed)
    def _clear_problem(self) -> None:
        if self._filled_in != self._wrong:  # what is put in by the screen itself comes late
            for label in self.query(".dialog-problem").results(Label):
                label.update("")


class ConfirmDialog(Dialog[bool]):
    """Asks before what cannot be taken back; answers True only where the person goes on."""

    BINDINGS = [Binding("left,right,up,down", "app.focus_next", show=False)]

    def __init__(self, title: str, text: str | Content, yes: str) -> None:
        go = Button(Content(yes), id="yes", variant="warning", compact=True)
        super().__init__(title, text, Button(_("Back"), id="back", compact=True), go)

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)


def reason_problem(reason: str) -> str:
    return "" if reason else _(NOT_EMPTY)


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
        field: str = "",
        check: Callable[[str], str] = reason_problem,
        value: str = "",
    ) -> None:
        """`button`: what the button that goes on says. `suggestions`: reasons to pick from.

        `field`: what is to be written. `check`: what is wrong with it, in a sentence; empty:
        nothing. `value`: what stands there, to be written over.
        """
        go = Button(Content(button), id="go", variant="primary", compact=True)
        super().__init__(title, text, go, Button(_("Back"), id="back", compact=True))
        self.suggestions = tuple(suggestions)
        self._field = field or _("Reason")
        self._check = check
        self._value = value

    def fields(self) -> Iterable[Widget]:
        yield Input(self._value, placeholder=self._field, compact=True, max_length=LONGEST_REASON)
        if self.suggestions:
            yield PickList(*self.suggestions, markup=False, compact=True)

    def action_suggestions(self) -> None:
        """From the field into the reasons to pick from."""
        for listed in self.query(OptionList):
            listed.focus()
            listed.highlighted = 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.query_one(Input).value = self.suggestions[event.option_index]
        self.query_one(Input).focus()  # Enter goes on, and what is typed takes its place

    @on(Input.Submitted)
    def action_go(self) -> None:
        reason = clean(self.query_one(Input).value, LONGEST_REASON)
        if problem := self._check(reason):
            self.show_problem(problem)
        else:
            self.dismiss(reason)


class EmailDialog(ReasonDialog):
    """Asks for an e-mail address that is to be kept."""

    def __init__(self, title: str, text: str, value: str) -> None:
        """`value`: the one of now."""
        field = _("name@example.com")
        super().__init__(title, text, _("Keep it"), field=field, check=email_problem, value=value)


def email_problem(text: str) -> str:
    """What is wrong with it as an e-mail address, in a sentence; empty: nothing."""
    return "" if is_email(text) else _(NOT_AN_EMAIL)


class PinInput(Input):
    """A field that only a person's keys fill."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()


class PinDialog(Dialog[bool]):
    """Stays in front until the PIN is right, which it answers True; None: the person went back.

    It stays while one is tried, too: what is typed then would stand in the form behind.
    """

    def __init__(self, act: Act, attempt: "Attempt") -> None:
        go = Button(_("Go on"), id="go", variant="primary", compact=True)
        super().__init__(
            _("PIN"), f"{_(ASKS[act])}.", go, Button(_("Back"), id="back", compact=True)
        )
        self._attempt = attempt

    def fields(self) -> Iterable[Widget]:
        yield PinInput(password=True, placeholder=_("PIN"), compact=True, max_length=LONGEST)

    @on(Input.Submitted)
    def action_go(self) -> None:
        typed = self.query_one(PinInput).value.strip()
        if not typed:
            self.show_problem(_(TYPE_IT))
        elif not self.is_working("pin"):
            self.write(".dialog-problem", _(TRYING))
            self.work(self._try(typed), "try a PIN", group="pin")

    async def _try(self, typed: str) -> None:
        if problem := await self._attempt(typed):
            self._begin_anew(problem)
        else:
            self.dismiss(True)

    def failed(self, group: str, sentence: str) -> None:
        self._begin_anew(sentence)

    def _begin_anew(self, problem: str) -> None:
        self.query_one(PinInput).value = ""
        self.show_problem(problem)

    def lets_pass(self, scanned: str) -> bool:
        """Only what surely is a code: else a quick hand's PIN would stand in the journal."""
        code = read_code(scanned)
        if code.is_certain:
            return True
        self._begin_anew(_(TOO_FAST))
        return False


NOT_ALIKE = N_("The two are not alike.")
HOW_PIN = N_(
    "Refund, override, till, desk and log-in ask for it. Empty: nothing asks for it any more."
)


async def ask_pin(app: App[Any], act: Act, attempt: "Attempt") -> bool:
    """Ask in front of what needs the PIN, which may be called off meanwhile."""
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def answer(given: bool | None) -> None:
        if not answered.done():
            answered.set_result(bool(given))

    app.push_screen(PinDialog(act, attempt), answer)
    return await answered


class ChoiceDialog(Dialog[str]):
    """Answers the value of what was picked; None: the person went back."""

    def __init__(
        self, title: str, text: str, choices: Sequence[tuple[str, str]], value: str = ""
    ) -> None:
        """`choices`: values, and what they are called; `value`: the one of now."""
        super().__init__(title, text)
        self._choices = choices
        self._value = value

    def fields(self) -> Iterable[Widget]:
        if any(value == self._value for value, _word in self._choices):
            words = [mark(on=value == self._value) + word for value, word in self._choices]
            yield MarkedList(*map(Content, words), markup=False, compact=True)
        else:  # things to do, none of which is so now
            words = [word for _value, word in self._choices]
            yield PickList(*map(Content, words), markup=False, compact=True)

    def on_mount(self) -> None:
        values = [value for value, _ in self._choices]
        listed = self.query_one(OptionList)
        listed.highlighted = values.index(self._value) if self._value in values else 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index][0])


class NewPinDialog(Dialog[str]):
    """Answers a PIN that was typed twice; empty: there is to be none."""

    BINDINGS = [*ARROWS]

    def __init__(self) -> None:
        go = Button(_("Take it"), id="go", variant="primary", compact=True)
        back = Button(_("Back"), id="back", compact=True)
        super().__init__(_("New PIN"), _(HOW_PIN), go, back)

    def fields(self) -> Iterable[Widget]:
        for name, words in (("new", _("New PIN")), ("again", _("Once more"))):
            yield PinInput(
                id=name, password=True, placeholder=words, compact=True, max_length=LONGEST
            )

    @on(Input.Submitted, "#new")
    def _go_on(self) -> None:
        self.query_one("#again").focus()

    @on(Input.Submitted, "#again")
    def action_go(self) -> None:
        new, again = (self.query_one(f"#{name}", Input).value for name in ("new", "again"))
        problem = problem_of(new) if new else ""
        if problem or new != again:
            for line in self.query(Input):
                line.value = ""  # nobody sees which of them is wrong
            self.show_problem(problem or _(NOT_ALIKE))
        else:
            self.dismiss(new)
