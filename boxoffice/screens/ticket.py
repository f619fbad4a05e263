"""One ticket: all that is known of it, its name, and the answers to its questions."""

from collections.abc import Callable, Iterable, MutableMapping
from typing import TypeAlias

from textual import on
from textual.content import Content
from textual.widgets import Button

from boxoffice.commands import Command, Place
from boxoffice.domain import signs
from boxoffice.domain.models import AnswerInput, LinkState
from boxoffice.domain.questions import Draft, fields
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Change, Lane, RosterChanged
from boxoffice.lane.ticket_details import Details
from boxoffice.lane.undo import Undone
from boxoffice.language import N_, _, pgettext
from boxoffice.screens.record import (
    ASKING,
    FRESH,
    HINT,
    NOTHING_NEW,
    SAVING,
    RecordScreen,
    facts,
)
from boxoffice.widgets.form import NAME, Item, QuestionField, name_field

Unsaved: TypeAlias = dict[str, Draft]
"""What was typed and not saved, by the question's uuid."""

ANSWERS_NEEDED = VerdictCode.ANSWERS_NEEDED
SAVE, ADMIT = N_("Save"), N_("Save and admit")
ADMIT_HINT = N_("Enter or Tab: next · Space: pick · Ctrl+S: save and admit")
ASK_FIRST = N_("Ask, fill in what is marked {sign}, then save: that admits.")
UNKNOWN_HERE = N_("This computer does not know the ticket · asking the site…")
LEFT = N_("What you typed before is still here, not saved yet.")
SAVED = N_("Saved here, and on its way to the site.")
KEPT = N_("Saved here; it is sent as soon as the site can be reached.")


class TicketScreen(RecordScreen[Scan | None]):
    """Shows and edits a ticket. Answers the scan that saving made, where it admits.

    What is typed and not saved is there again when the same ticket is opened again.
    """

    place = Place.TICKET
    item = Item.ANSWER

    def __init__(
        self,
        lane: Lane,
        ticket: str,
        scan: Scan | None = None,
        *,
        unsaved: MutableMapping[str, Unsaved] | None = None,
        answered: Callable[[Scan], None] | None = None,
        undone: Callable[[Undone], None] = lambda _: None,
    ) -> None:
        """`scan`: whose questions are asked, to check the ticket in with their answers.

        `unsaved`: what was typed between two openings, by ticket. `answered`: called with
        each check-in made from a screen in front of this one; else its band shows them.
        `undone`: called with each undo made there.
        """
        self._unsaved = {} if unsaved is None else unsaved
        self._left = self._unsaved.pop(ticket, {})
        super().__init__(lane, self._left)
        self._ticket = ticket
        self._asked = scan.verdict.questions if scan else ()
        self._admit = scan is not None
        self._save_label = ADMIT if self._admit else SAVE
        self.hint = ADMIT_HINT if self._admit else HINT
        self._answered = answered or self.show_scan
        self._undone = undone

    def buttons(self) -> Iterable[Button]:
        yield Button(_(self._save_label), id="save", variant="primary", compact=True)
        yield Button(pgettext("beside Admit", "Close"), id="back", compact=True)
        yield Button(_("Undo what I typed"), id="reset", compact=True)

    def label_of(self, command: Command) -> str:
        """Of the footer: what its button says."""
        return _(self._save_label) if command.id == "save" else super().label_of(command)

    def on_mount(self) -> None:
        self.set_class(self._admit, "-admit")
        self.show_note(_(LEFT) if self._left else "")
        self._mark_unsaved()

    async def load(self) -> None:
        details = await self.lane.details.known(self._ticket)
        if details is None:
            self.show_state(_(UNKNOWN_HERE))
        else:
            await self._show(details, ASKING)

    async def refresh_record(self) -> None:
        details = await self.lane.details.refresh(self._ticket)
        if details is not None:
            await self._show(details, FRESH)

    def changed(self, change: Change) -> None:
        """The ticket changed while it is shown, perhaps at another door."""
        if isinstance(change, RosterChanged) and self._ticket in (change.uuids or {self._ticket}):
            self.work(self._show_again(), "load the ticket again", group="again")

    async def _show_again(self) -> None:
        details = await self.lane.details.known(self._ticket)
        if details is not None:
            await self._show(details)

    async def _show(self, details: Details, state: str = "") -> None:
        ticket = details.ticket
        needed = f"{ANSWERS_NEEDED.symbol} {ANSWERS_NEEDED.word}   " if self._admit else ""
        kind = Content.styled(f"   {ticket.ticket_type}", "not bold")
        self.write("#record-name", Content.assemble(needed, ticket.display_name, kind))
        if state:
            self.show_state(state)
        self.show_facts(facts(details, self.lane.event.zone))
        asked = self._asked or details.unanswered or ()
        questions = fields(details.questions, details.answers, asked)
        name = name_field(ticket)
        await self.form.show([*questions, name] if self._admit else [name, *questions])
        self._mark_unsaved()

    def action_save(self) -> None:
        if self.is_working("save") or (checked := self.checked(admit=self._admit)) is None:
            return
        if not checked.given and not self._admit:
            self.show_note(_(NOTHING_NEW))
            return
        self.show_note(_(SAVING))
        names = [given.value for given in checked.given if given.question == NAME]
        answers = [given for given in checked.given if given.question != NAME]
        self.work(self._save(names, answers), "save the ticket", group="save")

    async def _save(self, names: list[str | tuple[str, ...]], answers: list[AnswerInput]) -> None:
        scan = None
        for name in names:
            await self.lane.details.rename(self._ticket, str(name))
        if answers or self._admit:
            scan = await self.lane.answer(self._ticket, answers, admit=self._admit)
        if scan is None:
            sent = self.lane.status.link in (LinkState.ONLINE, LinkState.SLOW)
            self.notify(_(SAVED if sent else KEPT), markup=False)
        self.dismiss(scan)

    def action_back(self) -> None:
        if self.is_working("save"):
            return  # what is being written must not be cut off
        if drafts := self.form.drafts:
            self._unsaved[self._ticket] = drafts
        self.dismiss(None)

    def action_reset(self) -> None:
        self.form.reset()
        self.form.focus_first()
        self.show_note("")

    @on(QuestionField.Changed)
    def _mark_unsaved(self) -> None:
        self.query_one("#reset").display = bool(self.form.drafts)

    def action_party(self) -> None:
        from boxoffice.screens.party import PartyScreen  # noqa: PLC0415  # seldom needed

        def admitted(scans: list[Scan] | None) -> None:
            for scan in scans or ():
                self._answered(scan)

        self.app.push_screen(PartyScreen(self.lane, self._ticket, undone=self._undone), admitted)

    def action_order(self) -> None:
        from boxoffice.screens.order import OrderScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(OrderScreen(self.lane, self._ticket))

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(PaperScreen(self.lane, (self._ticket,)))

    def show_state(self, sentence: str) -> None:
        if self._admit:
            first = _(ASK_FIRST).format(sign=signs.REQUIRED)
            sentence = first if sentence in (ASKING, FRESH) else f"{first} {_(sentence)}"
        super().show_state(sentence)
