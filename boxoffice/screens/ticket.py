"""One ticket: all that is known of it, its name, and the answers to its questions."""

from collections.abc import Callable, Iterable, MutableMapping
from typing import TypeAlias

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label
from textual.worker import Worker

from boxoffice.commands import Place, bindings
from boxoffice.domain.models import AnswerInput, Question
from boxoffice.domain.questions import Draft, fields
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Change, Details, Lane, RosterChanged, Undone
from boxoffice.screens.base import BaseScreen
from boxoffice.widgets.facts import Facts
from boxoffice.widgets.questions import QuestionField
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.ticket_form import NAME, TicketForm, name_field

Unsaved: TypeAlias = dict[str, Draft]
"""What was typed and not saved, by the question's uuid."""

ANSWERS_NEEDED = VerdictCode.ANSWERS_NEEDED
ASK_FIRST = "Ask, fill in what is marked ●, then save: that admits."
ASKING = "As this computer knows it · asking the server…"
FRESH = "As the server has it now"
UNKNOWN_HERE = "This computer does not know the ticket · asking the server…"
HINT = "Enter or Tab: next · Space: pick · Ctrl+S: save"
LEFT = "What you typed before is still here, not saved yet."
SAVING = "Saving…"
NOTHING_NEW = "Nothing was changed."
SAVED = "Saved; the server is told as soon as it can be reached."


class TicketScreen(BaseScreen[Scan | None]):
    """Shows and edits a ticket. Answers the scan that saving made, where it admits.

    What is typed and not saved is kept for when the same ticket is opened again.
    """

    place = Place.TICKET
    BINDINGS = [
        *bindings(place),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("ticket")]
    AUTO_FOCUS = ""  # not a button, before there are fields
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(
        self,
        lane: Lane,
        ticket: str,
        *,
        asked: tuple[Question, ...] = (),
        admit: bool = False,
        kept: MutableMapping[str, Unsaved] | None = None,
        answered: Callable[[Scan], None] | None = None,
        undone: Callable[[Undone], None] | None = None,
    ) -> None:
        """`asked`: required questions still open. `admit`: check the ticket in with its answers.

        `kept`: where unsaved text is kept between two openings, by ticket. `answered`: called with
        each check-in made from a screen in front of this one; else its band shows them.
        `undone`: called with each undo made there.
        """
        super().__init__()
        self._lane = lane
        self._ticket = ticket
        self._asked = asked
        self._admit = admit
        self._kept = {} if kept is None else kept
        self._left = self._kept.pop(ticket, {})
        self._answered = answered or self.show_scan
        self._undone = undone
        self._saving = False
        self._refreshing: Worker[None] | None = None

    def body(self) -> Iterable[Widget]:
        with Vertical(id="ticket-head"):
            yield Label("", id="ticket-name", markup=False)
            yield Label("", id="ticket-state", markup=False)
        with Vertical(id="ticket-body"):
            yield Facts(id="ticket-facts", markup=False)
            yield TicketForm(self._left)
        yield Label("", id="ticket-note", markup=False)
        with Horizontal(classes="buttons"):
            save = "Save and admit" if self._admit else "Save"
            yield Button(save, id="save", variant="primary", compact=True)
            yield Button("Close", id="close", compact=True)
            yield Button("Undo what I typed", id="reset", compact=True)

    def on_mount(self) -> None:
        self.set_class(self._admit, "-admit")
        self._show_note(LEFT if self._left else "")
        self._mark_unsaved()
        self.follow(self._lane, self._changed)
        self.work(self._load(), "load the ticket", group="ticket")

    async def _load(self) -> None:
        details = await self._lane.details.known(self._ticket)
        if details is None:
            self._show_state(UNKNOWN_HERE)
        else:
            await self._show(details, ASKING)
            self.query_one(TicketForm).focus_first()
        self.action_refresh()

    def action_refresh(self) -> None:
        """Ask the server; what is typed stays as it is."""
        if self._refreshing is None or self._refreshing.is_finished:
            self._refreshing = self.work(self._refresh(), "read the ticket", group="refresh")

    async def _refresh(self) -> None:
        details = await self._lane.details.refresh(self._ticket)
        if details is not None:
            await self._show(details, FRESH)

    def failed(self, group: str, sentence: str) -> None:
        if group == "refresh":
            self._show_state(f"As this computer knows it · {sentence}")
        else:
            self._busy(False)
            self._show_note(sentence)

    def _changed(self, change: Change) -> None:
        """The ticket changed while it is shown, perhaps at another door."""
        if isinstance(change, RosterChanged) and self._ticket in (change.uuids or {self._ticket}):
            self.work(self._show_again(), "load the ticket again", group="again")

    async def _show_again(self) -> None:
        details = await self._lane.details.known(self._ticket)
        if details is not None:
            await self._show(details)

    async def _show(self, details: Details, state: str = "") -> None:
        ticket = details.ticket
        self.query_one("#ticket-name", Label).update(
            Content.assemble(
                f"{ANSWERS_NEEDED.symbol} {ANSWERS_NEEDED.word}   " if self._admit else "",
                ticket.display_name,
                Content.styled(f"   {ticket.ticket_type}", "not bold"),
            )
        )
        if state:
            self._show_state(state)
        self.query_one(Facts).show(details, self._lane.event.zone)
        asked = self._asked or details.unanswered or ()
        questions = fields(details.questions, details.answers, asked)
        name = name_field(ticket)
        form = self.query_one(TicketForm)
        await form.show([*questions, name] if self._admit else [name, *questions])
        self._mark_unsaved()

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        checked = self.query_one(TicketForm).look_through(admit=self._admit)
        if checked.problems:
            count = len(checked.problems)
            self._show_note(
                "One answer needs a look." if count == 1 else f"{count} answers need a look."
            )
            return
        if not checked.given and not self._admit:
            self._show_note(NOTHING_NEW)
            return
        self._busy(True)
        names = [given.value for given in checked.given if given.question == NAME]
        answers = [given for given in checked.given if given.question != NAME]
        self.work(self._save(names, answers), "save the ticket", group="save")

    async def _save(self, names: list[str | tuple[str, ...]], answers: list[AnswerInput]) -> None:
        scan = None
        for name in names:
            await self._lane.details.rename(self._ticket, str(name))
        if answers or self._admit:
            scan = await self._lane.answer(self._ticket, answers, admit=self._admit)
        if scan is None:
            self.notify(SAVED, markup=False)
        self.dismiss(scan)

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        if self._saving:
            return  # what is being written must not be cut off
        if drafts := self.query_one(TicketForm).drafts:
            self._kept[self._ticket] = drafts
        self.dismiss(None)

    @on(Button.Pressed, "#reset")
    def _reset(self) -> None:
        form = self.query_one(TicketForm)
        form.reset()
        form.focus_first()
        self._show_note("")

    @on(QuestionField.Changed)
    def _mark_unsaved(self) -> None:
        self.query_one("#reset").display = bool(self.query_one(TicketForm).drafts)

    def action_party(self) -> None:
        """Show everyone on the same order."""
        from boxoffice.screens.party import PartyScreen  # noqa: PLC0415  # seldom needed

        def admitted(scans: list[Scan] | None) -> None:
            for scan in scans or ():
                self._answered(scan)

        self.app.push_screen(PartyScreen(self._lane, self._ticket, undone=self._undone), admitted)

    def action_order(self) -> None:
        from boxoffice.screens.order import OrderScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(OrderScreen(self._lane, self._ticket))

    def action_paper(self) -> None:
        """Show the ticket's code."""
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(PaperScreen(self._lane, (self._ticket,)))

    def action_page(self, by: int) -> None:
        """Scroll without leaving the field."""
        for part in (self.query_one("#ticket-body"), self.query_one(TicketForm)):
            part.scroll_relative(y=by * part.size.height, animate=False)

    def _busy(self, saving: bool) -> None:
        self._saving = saving
        self.query_one("#save", Button).disabled = saving
        if saving:
            self._show_note(SAVING)

    def _show_note(self, sentence: str) -> None:
        """Show a sentence above the buttons; without one, how to go about it."""
        note = self.query_one("#ticket-note", Label)
        note.update(Content(sentence or HINT))
        note.set_class(not sentence, "-calm")

    def _show_state(self, sentence: str) -> None:
        if self._admit:
            sentence = ASK_FIRST if sentence in (ASKING, FRESH) else f"{ASK_FIRST} {sentence}"
        self.query_one("#ticket-state", Label).update(Content(sentence))
