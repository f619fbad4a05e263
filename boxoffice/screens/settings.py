"""What a person sets in the app: the table of settings, and the screen."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from textual import events, on
from textual.app import App
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from boxoffice import ProblemError
from boxoffice.commands import Place
from boxoffice.language import N_, _, available
from boxoffice.paths import shown
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.dialogs import HOW_PIN, ChoiceDialog, Dialog, NewPinDialog, ReasonDialog
from boxoffice.widgets.line_widget import fit
from boxoffice.widgets.option_lists import KeyedList
from boxoffice.widgets.themes import choices_of_themes, theme_name

KEPT = N_("Kept in {file}; its comments stay.")
NOT_KEPT = N_("The demo keeps none of these.")
NOTHING_CHANGED = N_("The PIN is as it was.")
PIN_IS_SET = N_("The PIN is set: those who may do such things have to know it.")
PIN_IS_GONE = N_("There is no PIN any more: everybody here may do everything.")
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
        return _("It needs a name.") if self.needs_text and not text else ""


OPERATOR = Setting(
    "operator",
    N_("Who is at the door"),
    N_("Who is at it now: on every row of the journal from then on, and in the till."),
    N_("At the door from now on: {value}."),
    at_first=True,
)
SETTINGS = (
    Setting(
        "lane",
        N_("This door"),
        N_("What this door is called: in the journal, in the till, and at the other doors."),
        N_("This door is called {value} from now on."),
        needs_text=True,
        at_first=True,
    ),
    OPERATOR,
    Setting(
        "language",
        N_("Language"),
        N_("What the screens and sentences are written in."),
        choices=lambda app: tuple(available().items()),
        at_first=True,
    ),
    Setting(
        "sound",
        N_("Sound"),
        N_("A sound for each kind of answer: in, refused, look here, two in on one ticket."),
        choices=lambda app: (("on", _("on")), ("quiet", _("quiet")), ("off", _("off"))),
    ),
    Setting("theme", N_("Colours"), N_("Colours of the screen."), choices=choices_of_themes),
    Setting(PIN, N_("PIN"), HOW_PIN),
)

BY_KEY = {setting.key: setting for setting in SETTINGS}


class SettingQuestions:
    """Asks for one setting in front of a screen, and has it changed."""

    def __init__(self, control: SettingsControl, reopen: Callable[[], None]) -> None:
        """`reopen` opens the door anew, by another name."""
        self._control = control
        self._reopen = reopen

    async def ask(self, setting: Setting, screen: BaseScreen[Any]) -> None:
        """To be run as a worker of the app."""
        if setting.key == PIN:
            await self._control.change_pin(lambda: _chosen_pin(screen.app))
            screen.announce(_(PIN_IS_SET if self._control.has_pin else PIN_IS_GONE))
            return
        value = self._control.value(setting.key)
        text = await screen.app.push_screen_wait(_dialog(setting, value, screen.app))
        if text in (None, value):  # None: the person went back
            return
        note = await self._control.change(setting.key, text)
        value = self._control.value(setting.key)
        await apply(screen.app, setting.key, value)
        if setting.key == "lane":
            self._reopen()
        done = _(setting.done).format(value=value or _("nobody is named"))
        screen.announce(f"{done} {note}".strip())


async def apply(app: App[Any], setting: str, value: str) -> None:
    """Have the screens follow at once."""
    if setting == "theme":
        app.theme = theme_name(value, app)
    elif setting == "language":
        await app.run_action(f"app.language({value!r})")


def _dialog(setting: Setting, value: str, app: App[Any]) -> Dialog[str]:
    if setting.choices is not None:
        return ChoiceDialog(_(setting.title), _(setting.help), setting.choices(app), value)
    return ReasonDialog(
        _(setting.title),
        _(setting.help),
        _("Take it"),
        field=_(setting.title),
        check=setting.problem,
        value=value,
    )


async def _chosen_pin(app: App[Any]) -> str | None:
    """Raises ProblemError where the person went back."""
    pin = await app.push_screen_wait(NewPinDialog())
    if pin is None:
        raise ProblemError(_(NOTHING_CHANGED))
    return pin or None


class SettingsScreen(BaseScreen[None]):
    """Every setting with its value, and what set it; Enter changes it at once."""

    place = Place.SETTINGS
    sheets = "form settings"
    AUTO_FOCUS = "KeyedList"

    def __init__(self, control: SettingsControl, reopen: Callable[[], None]) -> None:
        """`reopen`: as `SettingQuestions` has it."""
        super().__init__()
        self._control = control
        self._questions = SettingQuestions(control, reopen)

    def body(self) -> Iterable[Widget]:
        yield Label("", id="settings-title", classes="screen-title", markup=False)
        with Vertical(id="settings"):
            yield KeyedList()
            yield Label("", id="setting-help", markup=False)
            yield Label("", id="settings-file", markup=False)

    def on_mount(self) -> None:
        self._show()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self._show()

    async def translate(self) -> None:
        await super().translate()
        self._show()

    def _show(self) -> None:
        file = self._control.file
        self.write("#settings-title", _("Settings"))
        self.write("#settings-file", _(KEPT).format(file=shown(file)) if file else _(NOT_KEPT))
        rows = [Option(self._row(setting), id=setting.key) for setting in SETTINGS]
        self.query_one(KeyedList).put(rows)

    def _row(self, setting: Setting) -> Content:
        if setting.key == PIN:
            value, origin = _("set") if self._control.has_pin else _("none"), ""
        else:
            value, origin = self._control.value(setting.key), self._control.given_by(setting.key)
            if setting.choices is not None:
                value = dict(setting.choices(self.app)).get(value, value)
        return Content.assemble(
            fit(_(setting.title), TITLE),
            Content.styled(fit(value or "–", VALUE), "bold"),
            "  ",
            Content.styled(_("set by {origin}").format(origin=origin) if origin else "", "$label"),
        )

    @on(OptionList.OptionHighlighted)
    def _explain(self, event: OptionList.OptionHighlighted) -> None:
        self.write("#setting-help", _(_(SETTINGS[event.option_index].help)))

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
