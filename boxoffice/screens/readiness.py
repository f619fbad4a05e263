"""Whether this computer is ready for the doors: go or no-go, and why, line by line."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Label, Static

from boxoffice.clock import Clock
from boxoffice.commands import Place
from boxoffice.domain import signs
from boxoffice.domain.readiness import SYMBOLS, Check, CheckState, by_urgency, headline, is_go
from boxoffice.domain.verdicts import Tone
from boxoffice.language import N_, _
from boxoffice.printing.papers import Card
from boxoffice.printing.printer import Press, card_document
from boxoffice.screens.base import PAGES, BaseScreen
from boxoffice.widgets.verdict import Face, VerdictBand

LOOKING = N_("Looking…")
NOT_YET = N_("One moment: it is still being looked at.")
VARIABLES = {CheckState.OK: "good", CheckState.WARN: "warn", CheckState.FAIL: "bad"}
"""Of the theme, by what became of a check."""
SCANNER = Check("scanner", CheckState.OK, N_("Scan any ticket here: its verdict is shown above."))


class ReadinessScreen(BaseScreen[None]):
    """Looks when it is opened, and again on F5. A scan is answered above it, and so tried too."""

    place = Place.READINESS
    BINDINGS = [*PAGES]
    sheets = "readiness"
    scrolled = "#checks"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (24, "-low"), (32, "-tall")]

    def __init__(
        self,
        examine: Callable[[], Awaitable[list[Check]]],
        *,
        lane: str,
        clock: Clock,
        folder: Path,
    ) -> None:
        """`lane`: what it is called; `folder`: where files go."""
        super().__init__()
        self._examine = examine
        self._lane = lane
        self._press = Press(clock, folder)
        self._checks: Sequence[Check] = ()

    def body(self) -> Iterable[Widget]:
        yield VerdictBand(classes="-card")
        with VerticalScroll(id="checks", can_focus=False):
            yield Static("", markup=False)
        yield Label("", id="readiness-note", markup=False)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, self._draw)
        self.action_refresh()

    def action_refresh(self) -> None:
        if not self.is_working("checks"):
            self.query_one(".-card", VerdictBand).put(Face(_(LOOKING)))
            self.work(self._look(), "look whether all is ready", group="checks")

    async def _look(self) -> None:
        self._checks = by_urgency([*await self._examine(), SCANNER])
        self.query_one(".-card", VerdictBand).put(face_of(self._checks))
        self._draw()

    def _draw(self, _theme: object = None) -> None:
        """Show what was found, in colours of the theme."""
        if self._checks:
            self.query_one("#checks Static", Static).update(self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=1)
        table.add_column(width=max(len(check.title) for check in self._checks))
        table.add_column(ratio=1, overflow="fold")
        variables = self.app.get_css_variables()
        for check in self._checks:
            colour = variables[VARIABLES[check.state]]
            symbol = Text(SYMBOLS[check.state], style=f"bold {colour}")
            name = Text(check.title, style="bold")
            table.add_row(symbol, name, Text(check.sentence))
        return table

    def failed(self, group: str, sentence: str) -> None:
        self._note(sentence)

    def action_print_card(self) -> None:
        self._do(lambda: self._press.print(card_document(self._card())), "print the card")

    def action_save_card(self) -> None:
        self._do(lambda: self._press.save(card_document(self._card())), "save the card")

    def _card(self) -> Card:
        return Card(tuple(self._checks), self._lane)

    def _do(self, make: Callable[[], Coroutine[Any, Any, str]], description: str) -> None:
        async def done() -> None:
            self._note(await make())

        if self._checks:
            self._note("…")
            self.work(done(), description, group="card")
        else:
            self._note(_(NOT_YET))

    def _note(self, text: str) -> None:
        self.write("#readiness-note", text)


def face_of(checks: Sequence[Check]) -> Face:
    """Go or no-go, to be read from afar."""
    why = "" if all(check.state is CheckState.OK for check in checks) else headline(checks)
    if is_go(checks):
        return Face(N_("GO"), reason=why, tone=Tone.GREEN, symbol=signs.YES)
    return Face(N_("NO-GO"), reason=why, tone=Tone.RED, symbol=signs.NO)
