"""What is asked before the door opens first: site and key, and what this door is called."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual import on
from textual.app import App
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.commands import Place
from boxoffice.domain.codes import read_code
from boxoffice.language import N_, _
from boxoffice.screens.base import ARROWS, BaseScreen
from boxoffice.screens.settings import SETTINGS, SettingsControl, apply
from boxoffice.widgets.option_lists import Choices

ABOUT = N_(
    "Ticketbutler gives each organiser a key, also called a token: whoever runs "
    "the event has it. It is kept on this computer alone, in its keyring where there "
    "is one, and sent to this site alone."
)
NO_SITE = N_("Write the address of the site, such as https://yourname.ticketbutler.io.")
NO_KEY = N_("Paste or type the key.")
ASKING = N_("Asking the site…")
NEITHER = N_("What was scanned is neither a ticket nor a key: paste or type the key.")
NO_WAY_BACK = N_("Without site and key there is no door. Ctrl+Q quits.")
FIRST = N_("Asked once; Ctrl+P, “Settings” changes it later. Enter goes on.")
_LIKE_A_KEY = re.compile(r"[0-9a-f]{40}").fullmatch
"""As sites make them: one in fifty holds digits that would read as a ticket's uuid."""
SHORTEST_KEY = 20
"""Characters of a key that comes as fast as a scan."""


class LoginScreen(BaseScreen[str | None]):
    """Site and key, tried before they are kept. Answers the site."""

    place = Place.LOGIN
    BINDINGS = [*ARROWS]
    sheets = "form dialog"

    def __init__(
        self,
        check: Callable[[str, str], Awaitable[object]],
        *,
        site: str = "",
        may_leave: bool = False,
    ) -> None:
        """`check` tries a site and a key and keeps them, or raises an error with a `sentence`.

        `may_leave`: there is something to go back to.
        """
        super().__init__()
        self._may_leave = may_leave
        self._check = check
        self._site = site

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(_("Log in to Ticketbutler"), classes="dialog-title")
            yield Label(_(ABOUT), classes="dialog-text")
            yield Label(_("Site"), classes="dialog-heading")
            yield Input(
                self._site,
                id="site",
                placeholder=_("https://yourname.ticketbutler.io"),
                compact=True,
            )
            yield Label(_("Key"), classes="dialog-heading")
            yield Input(id="key", password=True, placeholder=_("it is not shown"), compact=True)
            yield Label("", id="login-state", classes="dialog-problem")
            with Horizontal(classes="buttons"):
                yield Button(_("Log in"), id="log_in", variant="primary", compact=True)
                if self._may_leave:
                    yield Button(_("Back"), id="back", compact=True)

    def on_mount(self) -> None:
        self.query_one("#key" if self._site else "#site").focus()

    @on(Input.Submitted, "#site")
    def _to_key(self) -> None:
        self.query_one("#key").focus()

    def refusal(self, command: str) -> str | None:
        if command != "back":
            return None
        if not self._may_leave:
            return _(NO_WAY_BACK)
        return _(ASKING) if self.is_working("login") else None

    @on(Input.Submitted, "#key")
    def action_log_in(self) -> None:
        site, key = self.query_one("#site", Input), self.query_one("#key", Input)
        for asked, sentence in ((site, _(NO_SITE)), (key, _(NO_KEY))):
            if not asked.value.strip():
                self._show_state(sentence, problem=True)
                asked.focus()
                return
        if not self.is_working("login"):
            self._show_state(_(ASKING))
            work = self._try(site.value.strip(), key.value.strip())
            self.work(work, "try site and key", group="login")

    def lets_pass(self, scanned: str) -> bool:
        """Only what surely is a ticket's: else a key that was pasted would stand in the journal."""
        code, key = read_code(scanned), self.query_one("#key", Input)
        if code.is_certain and not _LIKE_A_KEY(scanned.strip()):
            return True
        if not self.is_working("login"):
            key.focus()
            if code.is_url or len(scanned.strip()) < SHORTEST_KEY:
                self._show_state(_(NEITHER), problem=True)
            else:
                key.value = scanned.strip()
        return False

    async def _try(self, site: str, key: str) -> None:
        await self._check(site, key)
        self.dismiss(site)

    def failed(self, group: str, sentence: str) -> None:
        self._show_state(sentence, problem=True)
        # Nobody sees what stands there: the next one goes in its place.
        self.query_one("#key", Input).select_all()

    @on(Input.Changed)
    def _clear_state(self) -> None:
        if not self.is_working("login"):
            self._show_state("")

    def _show_state(self, sentence: str, *, problem: bool = False) -> None:
        self.write("#login-state", sentence).set_class(not problem, "-calm")


class FirstStartScreen(BaseScreen[dict[str, str]]):
    """Asks once what this door is called, and who is at it. Answers the values by their keys."""

    place = Place.FIRST_START
    sheets = "form dialog"
    BINDINGS = [*ARROWS, ("escape", "begin", "")]
    AUTO_FOCUS = ""

    def __init__(self, control: SettingsControl) -> None:
        super().__init__()
        self._control = control
        asked = (one for one in SETTINGS if one.at_first and not control.given_by(one.key))
        self._asked = sorted(asked, key=lambda setting: setting.choices is None)

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label(_("Before the first scan"), classes="dialog-title")
            yield Label(_(FIRST), classes="dialog-text", markup=False)
            for setting in self._asked:
                value = self._control.value(setting.key)
                yield Label(_(setting.title), classes="dialog-heading", markup=False)
                if setting.choices is None:
                    yield Input(value, id=setting.key, compact=True, max_length=80)
                else:
                    choices = setting.choices(self.app)
                    yield Choices(choices, taken=[value], several=False, follows=True)
            with Horizontal(classes="buttons"):
                yield Button(_("Go on"), id="begin", variant="primary", compact=True)

    def on_mount(self) -> None:
        """What is typed has to go somewhere: a field for text comes before the choices."""
        [*self.query(Input), *self.query(Choices), *self.query(Button)][0].focus()

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        if event.input is self.query(Input).last():
            self.action_begin()
        else:
            self.focus_next()

    def action_begin(self) -> None:
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


async def ask_at_first(app: App[Any], control: SettingsControl) -> None:
    """Ask what has to be known before the first scan, and take it up."""
    for key, text in (await app.push_screen_wait(FirstStartScreen(control))).items():
        before = control.value(key)
        await control.change(key, text)
        if (now := control.value(key)) != before:
            await apply(app, key, now)
