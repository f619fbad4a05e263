"""A screen of one thing at the site: what is known of it as facts, and a form that corrects it."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from boxoffice.domain.questions import Checked, Draft
from boxoffice.lane import Lane
from boxoffice.screens.base import ARROWS, PAGES, LaneScreen, Result
from boxoffice.screens.record_texts import grid
from boxoffice.widgets.form import TicketForm, need_a_look

KNOWN = "As this computer knows it"
ASKING = f"{KNOWN} · asking the server…"
FRESH = "As the server has it now"
HINT = "Enter or Tab: next · Space: pick · Ctrl+S: save"
SAVING = "Saving…"
NOTHING_NEW = "Nothing was changed."


class RecordScreen(LaneScreen[Result]):
    """Shows what this computer knows, then what the server has; what is typed stays as it is."""

    BINDINGS = [*ARROWS, *PAGES]
    sheets = "form ticket"
    AUTO_FOCUS = ""  # not a button, before there are fields
    scrolled = "#record-body, TicketForm"
    unnamed: ClassVar[str] = ""
    """Stands in place of the name until that is known."""
    item: ClassVar[str]
    """What one field of the form is called."""

    def __init__(self, lane: Lane, drafts: Mapping[str, Draft] | None = None) -> None:
        """`drafts`: what was typed before and not saved, by the question's uuid."""
        super().__init__(lane)
        self.form = TicketForm(drafts or {})

    def buttons(self) -> Iterable[Button]:
        """Those below the form, with `Save` first."""
        raise NotImplementedError

    async def load(self) -> None:
        """Show what this computer knows."""
        raise NotImplementedError

    async def refresh_record(self) -> None:
        """Show what the server has."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        with Vertical(id="record-head"):
            yield Label(self.unnamed, id="record-name", markup=False)
            yield Label("", id="record-state", markup=False)
        with Vertical(id="record-body"):
            yield Static(id="record-facts", markup=False)
            yield self.form
        yield Label(HINT, id="record-note", classes="-calm", markup=False)
        yield Horizontal(*self.buttons(), classes="buttons")

    def on_mount(self) -> None:
        self.work(self._load(), "load what is shown", group="load")

    async def _load(self) -> None:
        await self.load()
        self.form.focus_first()
        self.action_refresh()

    def action_refresh(self) -> None:
        """Ask the server; what is typed stays as it is."""
        if not self.is_working("refresh", "save", "refund"):
            self.work(self._refresh(), "read it from the server", group="refresh")

    async def _refresh(self) -> None:
        first = not self.form.children
        await self.refresh_record()
        if first and self.app.screen is self:
            self.form.focus_first()

    def failed(self, group: str, sentence: str) -> None:
        if group == "refresh":
            self.show_state(f"{KNOWN} · {sentence}" if self.form.children else sentence)
        else:
            self.show_note(sentence)

    def checked(self, *, admit: bool = False) -> Checked | None:
        """What was filled in; None: some of it needs a look, which is shown."""
        checked = self.form.look_through(admit=admit)
        if checked.problems:
            self.show_note(need_a_look(checked.problems, self.item))
            return None
        return checked

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Show labels with texts beside them."""
        self.query_one("#record-facts", Static).update(grid(facts))

    def show_note(self, sentence: str) -> None:
        """Show a sentence above the buttons; without one, how to go about it."""
        self.write("#record-note", sentence or HINT).set_class(not sentence, "-calm")

    def show_state(self, sentence: str) -> None:
        """Show how fresh it is."""
        self.write("#record-state", sentence)
