"""Codes to try in the demonstration, one by one, large enough to be scanned off the screen."""

from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Label

from boxoffice.clock import Clock
from boxoffice.commands import Place
from boxoffice.language import N_, _
from boxoffice.printing.papers import Sheet, SheetEntry
from boxoffice.printing.printer import Press, sheet_document
from boxoffice.screens.base import BaseScreen
from boxoffice.widgets.qr import QrCode

NOBODY = N_("Nobody's code")
OFFLINE = N_("First Esc, then Ctrl+P, “Network”: off.")
TEMPORARY = N_(
    "It goes with the demo’s data; boxoffice demo --sheet FILE.pdf makes one that stays."
)
NO_SCANNER = N_("No scanner? Enter scans it.")


class SheetScreen(BaseScreen[None]):
    """Pages through a sheet: of each code its QR, whose it is, and the verdict to be expected."""

    place = Place.SHEET
    BINDINGS = [
        Binding("enter", "scan_shown", show=False),
        Binding("right,pagedown,down", "turn_sheet(1)", show=False),
        Binding("left,pageup,up", "turn_sheet(-1)", show=False),
    ]
    sheets = "sheet"
    AUTO_FOCUS = ""

    def __init__(
        self,
        sheet: Sheet,
        scan: Callable[[str], None],
        *,
        clock: Clock,
        folder: Path,
    ) -> None:
        """`scan`: has a code answered as a scanner's. `folder`: where files go."""
        super().__init__()
        self._sheet = sheet
        self._scan = scan
        self._press = Press(clock, folder)
        self._shown = 0

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="sheet"):
            yield QrCode(id="sheet-code")
            with Vertical(id="sheet-side"):
                yield Label(_("Should say"), classes="sheet-label", markup=False)
                for part in ("word", "name", "first", "hint", "text", "turn", "help", "note"):
                    yield Label("", id=f"sheet-{part}", markup=False)

    def on_mount(self) -> None:
        self._put("help", _(NO_SCANNER))
        self._put("note", "")
        self._show()

    @property
    def entry(self) -> SheetEntry:
        return self._sheet.entries[self._shown]

    def _show(self) -> None:
        entry = self.entry
        self.query_one(QrCode).show(entry.code)
        self._put("word", f"{entry.verdict.symbol} {entry.word}")
        word = self.query_one("#sheet-word")
        word.set_classes(f"-{entry.verdict.tone}")
        self._put("name", entry.name or _(NOBODY))
        self._put("first", _(OFFLINE) if entry.offline else "")
        self._put("hint", _(entry.hint))
        self._put("text", entry.code)
        self._put(
            "turn",
            _("← code {n} of {total} →").format(n=self._shown + 1, total=len(self._sheet.entries)),
        )

    def _put(self, part: str, text: str) -> None:
        self.write(f"#sheet-{part}", text).display = bool(text)

    def failed(self, group: str, sentence: str) -> None:
        self._put("note", sentence)

    def action_turn_sheet(self, by: int = 1) -> None:
        """Show the code before or after; from the last to the first again."""
        self._shown = (self._shown + by) % len(self._sheet.entries)
        self._show()

    def action_scan_shown(self) -> None:
        self._scan(self.entry.code)

    def action_print_sheet(self) -> None:
        self._do(self._press.print(sheet_document(self._sheet)), "print the sheet")

    def action_save_sheet(self) -> None:
        self._do(self._press.save(sheet_document(self._sheet)), "save the sheet")

    def _do(self, work: Coroutine[Any, Any, str], description: str) -> None:
        async def done() -> None:
            self._put("note", f"{(await work).rstrip('.')}. {_(TEMPORARY)}")

        self._put("note", "…")
        self.work(done(), description, group="sheet")
