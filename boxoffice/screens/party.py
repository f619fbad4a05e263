"""Everyone on one order, to be checked in together."""

from collections.abc import Callable, Iterable

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label
from textual.worker import Worker

from boxoffice.clock import Clock, SystemClock
from boxoffice.commands import Place, bindings
from boxoffice.domain.party import Party, PartyTicks
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Change, Lane, RosterChanged, Undone
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.debounce import Debounce
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.party_list import PartyList, heading, outcome, row_of
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.verdict import VerdictBand

PATIENCE = 1.5
"""Seconds that Enter waits for the server to say who is on the order."""

ASKING = "Asking the server who is on the order…"
ASKING_FIRST = "Asking the server who is on the order; then all who are ticked are checked in…"
GUESS = "? A GUESS: only the e-mail address is the same. Ask before you admit them."
KNOWN = "Everyone on the order."
WHO = "Who is here? Space ticks one, Ctrl+A all; Enter checks them in."
ADMITTING = "Checking in…"
NOT_YET = "Nobody was checked in on this screen yet. F9 at the door undoes the last check-in."
DONE = "This party is done: Enter closes it, F9 undoes it."
NOBODY = "Nobody is ticked. Space ticks the highlighted one, Ctrl+A ticks all."
ALL_IN = "Nobody here can be checked in: they are in, or refunded."
NOT_ABLE = "This one cannot be ticked: in already, or refunded."
LOADING = "Looking…"
SINCE = "Somebody else was scanned since: F9 at the door undoes that one first."


class PartyScreen(BaseScreen[list[Scan] | None]):
    """Ticks and admits. Answers the scans it made; None: none.

    Enter that comes before the server has told who is on the order waits for that a moment, so
    that nobody of a family is left out by a quick hand.
    """

    place = Place.PARTY
    BINDINGS = [*bindings(place), Binding("enter", "go", show=False)]
    CSS_PATH = [stylesheet("form"), stylesheet("party")]
    AUTO_FOCUS = "PartyList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (32, "-tall")]

    def __init__(
        self,
        lane: Lane,
        ticket: str,
        *,
        ticked: bool = True,
        undone: Callable[[Undone], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`ticket`: uuid of one of them. `undone` is called with what became of an undo made here.

        `ticked`: those who are surely with it are ticked from the start. Not where a code named the
        whole order, which is no proof of anybody: a person ticks who is here.
        """
        super().__init__()
        self._undone = undone
        self._debounce = Debounce(clock or SystemClock())
        self._lane = lane
        self._ticket = ticket
        self._known_sentence = KNOWN if ticked else WHO
        self._ticks = PartyTicks(from_start=ticked)
        self._eager = False
        """Enter was given before it was known who is on the order."""
        self._admitting = False
        self._scans: list[Scan] = []
        self._asking: Worker[None] | None = None

    def body(self) -> Iterable[Widget]:
        with Vertical(id="party-head"):
            yield Label(LOADING, id="party-name", markup=False)
            yield Label("", id="party-state", markup=False)
        yield VerdictBand(classes="-party")
        yield PartyList()
        yield VerticalScroll(id="party-done")
        yield Label("", id="party-note", markup=False)
        with Horizontal(classes="buttons"):
            yield Button("Admit", id="admit", variant="primary", compact=True)
            yield Button("Close", id="close", compact=True)

    def on_mount(self) -> None:
        self.follow(self._lane, self._changed)
        self.action_refresh()

    # Who they are

    def action_refresh(self) -> None:
        """Find out who is on the order; what was ticked by hand stays."""
        if self._asking is None or self._asking.is_finished:
            self._asking = self.work(self._ask(), "find the party", group="party")

    async def _ask(self) -> None:
        party = await self._lane.parties.of(self._ticket)
        self._show(party, ASKING_FIRST if self._eager else ASKING)
        self._show(await self._lane.parties.refresh(self._ticket))
        if self._eager:
            self._admit()

    @property
    def _known(self) -> bool:
        """Whether the server has been asked."""
        return self._asking is None or self._asking.is_finished

    def _changed(self, change: Change) -> None:
        """Some of them came in, perhaps at another door."""
        if isinstance(change, RosterChanged) and self._ticks.update(
            self._lane.roster.get, change.uuids
        ):
            self._draw()

    def _show(self, party: Party, state: str = "") -> None:
        self._ticks.party = party
        known = "" if party.guess else self._known_sentence
        self._show_state(state or party.sentence or known)
        self._draw()

    def _draw(self) -> None:
        party, ticked = self._ticks.party, self._ticks.ticked
        if party is None:
            return
        self.query_one("#party-name", Label).update(heading(party))
        self.query_one(PartyList).show(party, ticked, self._lane.event.zone)
        self.query_one("#admit", Button).label = Content(f"Admit {len(ticked)}")
        note = self.query_one("#party-note", Label)
        note.update(Content(GUESS))
        note.display = party.guess

    # Ticking

    @on(PartyList.Ticked)
    def _tick(self, event: PartyList.Ticked) -> None:
        if self._ticks.toggle(event.ticket):
            self._draw()
        else:
            self.announce(NOT_ABLE)

    def action_tick(self) -> None:
        self.query_one(PartyList).action_take()

    def action_tick_all(self) -> None:
        if self._ticks.toggle_all():
            self._draw()
        else:
            self.announce(ALL_IN if self._ticks.party else LOADING)

    # Admitting

    def action_go(self) -> None:
        """Admit; once that is done, close."""
        if not self._scans:
            self.action_admit_party()
        elif self._debounce.settled:
            self.action_back()

    @on(Button.Pressed, "#admit")
    def action_admit_party(self) -> None:
        if not self._known and not self._eager:
            self._eager = True
            self._show_state(ASKING_FIRST)
            self.set_timer(PATIENCE, self._wait_no_longer)
        elif self._known:
            self._admit()

    def _wait_no_longer(self) -> None:
        if self._eager:
            self._admit()

    def _admit(self) -> None:
        self._eager = False
        tickets = self._ticks.ticked
        if self._admitting or self._scans:
            return
        if not tickets:
            self.announce(NOBODY if self._ticks.able else ALL_IN)
            return
        self._admitting = True
        self._show_state(ADMITTING)
        self.work(self._check_in(tickets), "check in a party", group="admit")

    async def _check_in(self, tickets: list[str]) -> None:
        scans = await self._lane.parties.admit(tickets)
        self._admitting = False
        self._scans = scans
        await self._show_done()

    def failed(self, group: str, sentence: str) -> None:
        self._eager = False
        if group != "party":
            self._admitting = False
        if group == "admit":
            sentence = f"Not all may be checked in: look at the list. {sentence}"
        if self._scans:
            self.announce(sentence)
        else:
            self._show_state(sentence)

    async def _show_done(self) -> None:
        """One row for each, until it is closed."""
        self._debounce.show(self._scans)
        self.query_one(".-party", VerdictBand).put(outcome(self._scans))
        done = self.query_one("#party-done")
        await done.remove_children()
        await done.mount_all(
            Label(row_of(scan), classes=f"-{scan.verdict.code.tone}", markup=False)
            for scan in self._scans
        )
        self.set_class(True, "-done")
        done.focus()
        self.query_one(CommandFooter).refresh()

    # The rest

    def action_undo(self) -> None:
        if self._lane.recent and self._lane.recent[0] not in self._scans:
            self.announce(SINCE)
        elif not self._admitting:
            self._admitting = True
            self.work(self._undo(), "undo a party", group="undo")

    async def _undo(self) -> None:
        undone = await self._lane.undo.last()
        self._admitting = False
        self.announce(f"{undone.word}: {undone.sentence}")
        if self._undone is not None:
            self._undone(undone)
        if any(part.done for part in undone.by_ticket):
            scans, self._scans = self._scans, []
            self._ticks.untick(one.verdict.ticket.uuid for one in scans if one.verdict.ticket)
            self.set_class(False, "-done")
            self.query_one(CommandFooter).refresh()
            self.query_one(PartyList).focus()
            self.action_refresh()

    def action_order(self) -> None:
        from boxoffice.screens.order import OrderScreen  # noqa: PLC0415  # seldom needed

        self.app.push_screen(OrderScreen(self._lane, self._ticket))

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        party = self._ticks.party
        rows = party.tickets if party else ()
        tickets = tuple(row.ticket.uuid for row in rows if not row.ticket.refunded)
        self.app.push_screen(PaperScreen(self._lane, tickets or (self._ticket,)))

    def refusal(self, command: str) -> str | None:
        """What was done can be undone; before, it can be ticked."""
        if command == "undo":
            return None if self._scans else NOT_YET
        ticks = command in ("admit_party", "tick", "tick_all", "refresh")
        return DONE if ticks and self._scans else None

    @on(Button.Pressed, "#close")
    def action_back(self) -> None:
        if self._admitting:
            self.announce(ADMITTING)
        else:
            self.dismiss(self._scans or None)

    def _show_state(self, sentence: str) -> None:
        self.query_one("#party-state", Label).update(Content(sentence))
