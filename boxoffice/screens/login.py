"""The first run: which site, and the key to it."""

from collections.abc import Awaitable, Callable, Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.commands import Place
from boxoffice.screens.base import BaseScreen

ABOUT = (
    "Ticketbutler gives each organiser a key, also called a token: whoever runs the event has it."
    " It is kept in this computer's keyring and sent to this site alone."
)
NO_SITE = "Write the address of the site, such as https://yourname.ticketbutler.io."
NO_KEY = "Paste or type the key."
ASKING = "Asking the site…"


class LoginScreen(BaseScreen[str | None]):
    """Site and key, tried before they are kept. Answers the site."""

    place = Place.LOGIN
    sheets = "form dialog"

    def __init__(self, check: Callable[[str, str], Awaitable[object]], *, site: str = "") -> None:
        """`check` tries a site and a key and keeps them, or raises an error with a `sentence`."""
        super().__init__()
        self._check = check
        self._site = site

    def body(self) -> Iterable[Widget]:
        with Vertical(classes="dialog"):
            yield Label("Log in to Ticketbutler", classes="dialog-title")
            yield Label(ABOUT, classes="dialog-text")
            yield Label("Site", classes="dialog-heading")
            yield Input(
                self._site, id="site", placeholder="https://yourname.ticketbutler.io", compact=True
            )
            yield Label("Key", classes="dialog-heading")
            yield Input(id="key", password=True, placeholder="it is not shown", compact=True)
            yield Label("", id="login-state", classes="dialog-problem")
            with Horizontal(classes="buttons"):
                yield Button("Log in", id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        self.query_one("#key" if self._site else "#site").focus()

    @on(Input.Submitted, "#site")
    def _to_key(self) -> None:
        self.query_one("#key").focus()

    @on(Input.Submitted, "#key")
    def action_save(self) -> None:
        site, key = self.query_one("#site", Input), self.query_one("#key", Input)
        for asked, sentence in ((site, NO_SITE), (key, NO_KEY)):
            if not asked.value.strip():
                self._show_state(sentence, problem=True)
                asked.focus()
                return
        if not self.is_working("login"):
            self._show_state(ASKING)
            work = self._try(site.value.strip(), key.value.strip())
            self.work(work, "try site and key", group="login")

    async def _try(self, site: str, key: str) -> None:
        await self._check(site, key)
        self.dismiss(site)

    def failed(self, group: str, sentence: str) -> None:
        self._show_state(sentence, problem=True)

    def _show_state(self, sentence: str, *, problem: bool = False) -> None:
        self.write("#login-state", sentence).set_class(not problem, "-calm")
