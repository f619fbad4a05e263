"""What a person sets in the app: the table of settings, the screen, and the first start's form."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from textual import on
from textual.app import App
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, OptionList
from textual.widgets.option_list import Option

from boxoffice import ProblemError
from boxoffice.commands import Place
from boxoffice.domain.pin import LONGEST, problem_of
from boxoffice.screens.base import ARROWS, BaseScreen
from boxoffice.screens.dialogs import Dialog, PinInput, ReasonDialog
from boxoffice.widgets.line_widget import fit
from boxoffice.widgets.option_lists import Choices, KeyedList
from boxoffice.widgets.themes import choices_of_themes

KEPT = "Kept in {}; its comments stay."
NOT_KEPT = "The demo keeps none of these."
NOT_ALIKE = "The two are not alike."
NOTHING_CHANGED = "The PIN is as it was."
PIN_IS_SET = "The PIN is set: those who may do such things have to know it."
PIN_IS_GONE = "There is no PIN any more: everybody here may do everything."
HOW_PIN = "Refund, override, till, desk and log-in ask for it. Empty: nothing asks for it any more."
FIRST = "Asked once; Ctrl+P, “Settings” changes it later. Enter goes on."
PIN = "pin"
TITLE, VALUE = 22, 24
"""Cells of a row's columns."""


class SettingsControl(Protocol):
    """What a person may set at this computer. Errors have a `sentence`."""

    @property
    def file(self) -> Path | None:
        """The config file; None: nothing is kept."""

    is_new: bool
    """Nobody was asked yet, and nothing was set."""

    @property
    def has_pin(self) -> bool: ...

    def value(self, setting: str) -> str:
        """What holds now."""

    def given_by(self, setting: str) -> str:
        """What goes before the config file, such as `BOXOFFICE_LANE`; empty: nothing does."""

    async def change(self, setting: str, text: str) -> str:
        """Take it from now on, and keep it; answers why it is not kept, or nothing."""

    async def change_pin(self, choose: Callable[[], Awaitable[str | None]]) -> None:
        """Have what `choose` answers as the PIN, once the old one was given; None: none."""


@dataclass(frozen=True)
class Setting:
    """One row of the screen."""

    key: str
    """Its name in the config file."""
    title: str
    help: str
    done: str = ""
    """Said once it is changed, with the new value."""
    choices: Callable[[App[Any]], Sequence[tuple[str, str]]] | None = None
    """Values and what they are called; None: a line of text."""
    needs_text: bool = False
    """A line must not be empty."""
    at_first: bool = False
    """Asked at the first start."""

    def problem(self, text: str) -> str:
        """What is wrong with a line, in a sentence; empty: nothing."""
        return f"{self.title}: it needs a name." if self.needs_text and not text else ""


OPERATOR = Setting(
    "operator",
    "Who is at the door",
    "Who is at it now: on every row of the journal from then on, and in the till.",
    "At the door from now on: {}.",
    at_first=True,
)
SETTINGS = (
    Setting(
        "lane",
        "This door",
        "What this door is called: in the journal, in the till, and at the other doors.",
        "This door is called {} from now on.",
        needs_text=True,
        at_first=True,
    ),
    OPERATOR,
    Setting("theme", "Colours", "Colours of the screen.", choices=choices_of_themes),
    Setting(PIN, "PIN", HOW_PIN),
)


class SettingQuestions:
    """Asks for one setting in front of a screen, and has it changed."""

    def __init__(self, control: SettingsControl, applied: Callable[[str, str], None]) -> None:
        """`applied` is called with each setting that has another value now."""
        self._control = control
        self._applied = applied

    async def ask(self, setting: Setting, screen: BaseScreen[Any]) -> None:
        """To be run as a worker of the app."""
        if setting.key == PIN:
            await self._control.change_pin(lambda: _chosen_pin(screen.app))
            screen.announce(PIN_IS_SET if self._control.has_pin else PIN_IS_GONE)
            return
        value = self._control.value(setting.key)
        text = await screen.app.push_screen_wait(_dialog(setting, value, screen.app))
        if text not in (None, value):  # None: the person went back
            screen.announce(await self.change(setting, text))

    async def change(self, setting: Setting, text: str) -> str:
        """What is to be said of it."""
        note = await self._control.change(setting.key, text)
        value = self._control.value(setting.key)
        self._applied(setting.key, value)
        done = setting.done.format(value or "nobody is named") if setting.done else ""
        return f"{done} {note}".strip()


def _dialog(setting: Setting, value: str, app: App[Any]) -> Dialog[str]:
    if setting.choices is not None:
        return ChoiceDialog(setting.title, setting.help, setting.choices(app), value)
    return ReasonDialog(
        setting.title,
        setting.help,
        "Take it",
        field=setting.title,
        check=setting.problem,
        value=value,
    )


async def _chosen_pin(app: App[Any]) -> str | None:
    """Raises ProblemError where the person went back."""
    pin = await app.push_screen_wait(NewPinDialog())
    if pin is None:
        raise ProblemError(NOTHING_CHANGED)
    return pin or None


class ChoiceDialog(Dialog[str]):
    """Answers the value of what was picked; None: the person went back."""

    def __init__(
        self, title: str, text: str, choices: Sequence[tuple[str, str]], value: str
    ) -> None:
        super().__init__(title, text)
        self._choices = choices
        self._value = value

    def fields(self) -> Iterable[Widget]:
        options = (Option(Content(word), id=f"value-{value}") for value, word in self._choices)
        yield OptionList(*options, markup=False, compact=True)

    def on_mount(self) -> None:
        values = [value for value, _ in self._choices]
        listed = self.query_one(OptionList)
        listed.highlighted = values.index(self._value) if self._value in values else 0

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index][0])


class NewPinDialog(Dialog[str]):
    """Answers a PIN that was typed twice; empty: there is to be none."""

    def __init__(self) -> None:
        go = Button("Take it", id="go", variant="primary", compact=True)
        super().__init__("New PIN", HOW_PIN, go, Button("Back", id="back", compact=True))

    def fields(self) -> Iterable[Widget]:
        for name, words in (("new", "New PIN"), ("again", "Once more")):
            yield PinInput(
                id=name, password=True, placeholder=words, compact=True, max_length=LONGEST
            )
        yield Label("", classes="dialog-problem", markup=False)

    @on(Input.Submitted, "#new")
    def _go_on(self) -> None:
        self.query_one("#again").focus()

    @on(Input.Submitted, "#again")
    def action_go(self) -> None:
        new, again = (self.query_one(f"#{name}", Input).value for name in ("new", "again"))
        problem = problem_of(new) if new else ""
        if problem or new != again:
            self.show_problem(problem or NOT_ALIKE)
        else:
            self.dismiss(new)


class SettingsScreen(BaseScreen[None]):
    """Every setting with its value, and what set it; Enter changes it at once."""

    place = Place.SETTINGS
    sheets = "form settings"
    AUTO_FOCUS = "KeyedList"

    def __init__(self, control: SettingsControl, applied: Callable[[str, str], None]) -> None:
        """`applied`: as `SettingQuestions` has it."""
        super().__init__()
        self._control = control
        self._questions = SettingQuestions(control, applied)

    def body(self) -> Iterable[Widget]:
        kept = self._control.file
        with Vertical(id="settings"):
            yield Label("Settings", classes="screen-title")
            yield KeyedList()
            yield Label("", id="setting-help", markup=False)
            yield Label(KEPT.format(kept) if kept else NOT_KEPT, id="settings-file", markup=False)

    def on_mount(self) -> None:
        self._show()

    def on_screen_resume(self) -> None:
        self._show()

    def _show(self) -> None:
        rows = [Option(self._row(setting), id=setting.key) for setting in SETTINGS]
        self.query_one(KeyedList).put(rows)

    def _row(self, setting: Setting) -> Content:
        if setting.key == PIN:
            value, origin = "set" if self._control.has_pin else "none", ""
        else:
            value, origin = self._control.value(setting.key), self._control.given_by(setting.key)
            if setting.choices is not None:
                value = dict(setting.choices(self.app)).get(value, value)
        return Content.assemble(
            fit(setting.title, TITLE),
            Content.styled(fit(value or "–", VALUE), "bold"),
            "  ",
            Content.styled(f"set by {origin}" if origin else "", "$label"),
        )

    @on(OptionList.OptionHighlighted)
    def _explain(self, event: OptionList.OptionHighlighted) -> None:
        self.write("#setting-help", SETTINGS[event.option_index].help)

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        self._ask(SETTINGS[event.option_index])

    def action_change_setting(self) -> None:
        self.query_one(KeyedList).action_select()

    def _ask(self, setting: Setting) -> None:
        async def ask() -> None:
            await self._questions.ask(setting, self)
            self._show()

        if not self.is_working("setting"):
            self.work(ask(), "change a setting", group="setting")


class FirstStartScreen(BaseScreen[dict[str, str]]):
    """Asks once what this door is called, and who is at it. Answers the values by their keys."""

    place = Place.LOGIN
    sheets = "form dialog"
    BINDINGS = [*ARROWS, ("escape", "save", "")]

    def __init__(self, control: SettingsControl) -> None:
        super().__init__()
        self._control = control
        self._asked = [
            setting
            for setting in SETTINGS
            if setting.at_first and not control.given_by(setting.key)
        ]

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label("Before the first scan", classes="dialog-title")
            yield Label(FIRST, classes="dialog-text", markup=False)
            for setting in self._asked:
                value = self._control.value(setting.key)
                yield Label(setting.title, classes="dialog-heading", markup=False)
                if setting.choices is None:
                    yield Input(value, id=setting.key, compact=True, max_length=80)
                else:
                    choices = setting.choices(self.app)
                    yield Choices(choices, taken=[value], several=False, never_empty=True)
            with Horizontal(classes="buttons"):
                yield Button("Go on", id="save", variant="primary", compact=True)

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        if event.input is self.query(Input).last():
            self.action_save()
        else:
            self.focus_next()

    def action_save(self) -> None:
        """Answer what stands there; a name that is missing is as it was."""
        given = {field.id or "": field.value.strip() for field in self.query(Input)}
        lists = zip(
            [setting.key for setting in self._asked if setting.choices is not None],
            self.query(Choices),
            strict=True,
        )
        given |= {key: "".join(choices.taken) for key, choices in lists}
        needed = {setting.key for setting in self._asked if setting.needs_text}
        self.dismiss(
            {
                key: text or (self._control.value(key) if key in needed else "")
                for key, text in given.items()
            }
        )
