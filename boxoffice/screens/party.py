"""Everyone on one order, to be checked in together."""

from collections.abc import Callable, Iterable

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label

from boxoffice.commands import Place
from boxoffice.domain.party import Party, PartyTicks
from boxoffice.domain.verdicts import Scan
from boxoffice.lane import Change, Lane, RosterChanged, ScanCompleted
from boxoffice.lane.undo import Undone
from boxoffice.language import N_, _, pgettext
from boxoffice.screens.base import LaneScreen
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.party_list import PartyList, heading, outcome, row_of
from boxoffice.widgets.verdict import VerdictBand

PATIENCE = 1.5
"""Seconds that Enter waits for the server to say who is on the order."""

ASKING = N_("Asking the site who is on the order…")
ASKING_FIRST = N_("Asking the site who is on the order; then all who are ticked are checked in…")
GUESS = N_("? A GUESS: only the e-mail address is the same. Ask before you admit them.")
KNOWN = N_("Everyone on the order.")
WHO = N_("Who is here? Space ticks one, Ctrl+A all; Enter checks them in.")
ADMITTING = N_("Checking in…")
NOT_YET = N_("Nobody was checked in on this screen yet. F9 at the door undoes the last check-in.")
DONE = N_("This party is done: Enter closes it, F9 undoes it.")
NOBODY = N_("Nobody is ticked. Space ticks the highlighted one, Ctrl+A ticks all.")
ALL_IN = N_("Nobody here can be checked in: they are in, or refunded.")
NOT_ABLE = N_("This one cannot be ticked: in already, or refunded.")
LOADING = N_("Looking…")
SINCE = N_("Somebody else was scanned since: F9 at the door undoes that one first.")


class PartyScreen(LaneScreen[list[Scan] | None]):
    """Ticks and admits. Answers the scans it made; None: none.

    Enter that comes before the server has told who is on the order waits for that a moment, so
    that nobody of a family is left out by a quick hand.
    """

    place = Place.PARTY
    BINDINGS = [Binding("enter", "go", show=False), Binding("space", "tick", show=False)]
    sheets = "form party"
    AUTO_FOCUS = "PartyList"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (32, "-tall")]

    def __init__(
        self,
        lane: Lane,
        ticket: str,
        *,
        ticked: bool = True,
        undone: Callable[[Undone], None] = lambda _: None,
    ) -> None:
        """`ticket`: uuid of one of them. `undone` is called with what became of an undo made here.

        `ticked`: those who are surely with it are ticked from the start. Not where a code named the
        whole order, which is no proof of anybody: a person ticks who is here.
        """
        super().__init__(lane)
        self._undone = undone
        self._ticket = ticket
        self._known_sentence = _(KNOWN) if ticked else _(WHO)
        self._ticks = PartyTicks(from_start=ticked)
        self._eager = False
        """Enter was given before it was known who is on the order."""
        self._scans: list[Scan] = []

    def body(self) -> Iterable[Widget]:
        with Vertical(id="party-head"):
            yield Label(_(LOADING), id="party-name", markup=False)
            yield Label("", id="party-state", markup=False)
        yield VerdictBand(classes="-party")
        yield PartyList()
        yield VerticalScroll(id="party-done")
        yield Label("", id="party-note", markup=False)
        with Horizontal(classes="buttons"):
            yield Button(_("Admit"), id="admit_party", variant="primary", compact=True)
            yield Button(pgettext("beside Admit", "Close"), id="back", compact=True)

    def on_mount(self) -> None:
        self.action_refresh()

    # Who they are

    def action_refresh(self) -> None:
        """Find out who is on the order; what was ticked by hand stays."""
        if not self.is_working("party"):
            self.work(self._ask(), "find the party", group="party")

    async def _ask(self) -> None:
        party = await self.lane.parties.of(self._ticket)
        self._show(party, _(ASKING_FIRST) if self._eager else _(ASKING))
        self._show(await self.lane.parties.refresh(self._ticket))
        if self._eager:
            self._admit()

    def changed(self, change: Change) -> None:
        """Some of them came in, perhaps at another door, or more is known of one."""
        match change:
            case RosterChanged(uuids) if self._ticks.update(self.lane.roster.get, uuids):
                self._draw()
            case ScanCompleted(scan):
                for place, known in enumerate(self._scans):
                    if known.id == scan.id and self.has_class("-done"):
                        self._scans[place] = scan
                        rows = self.query_one("#party-done").query(Label)
                        rows[place].update(row_of(scan))

    def _show(self, party: Party, state: str = "") -> None:
        self._ticks.party = party
        known = "" if party.guess else self._known_sentence
        self.write("#party-state", state or party.sentence or known)
        self._draw()

    def _draw(self) -> None:
        party, ticked = self._ticks.party, self._ticks.ticked
        if party is None:
            return
        self.write("#party-name", heading(party))
        self.query_one(PartyList).show(party, ticked, self.lane.event.zone)
        admit = self.query_one("#admit_party", Button)
        admit.label = Content(_("Admit {n}").format(n=len(ticked)))
        admit.disabled = not ticked
        self.write("#party-note", _(GUESS)).display = party.guess

    # Ticking

    @on(PartyList.Ticked)
    def _tick(self, event: PartyList.Ticked) -> None:
        if self._ticks.toggle(event.ticket):
            self.announce("")
            self._draw()
        else:
            self.announce(_(NOT_ABLE))

    def action_tick(self) -> None:
        self.query_one(PartyList).action_take()

    def action_tick_all(self) -> None:
        if self._ticks.toggle_all():
            self._draw()
        else:
            self.announce(_(ALL_IN) if self._ticks.party else _(LOADING))

    # Admitting

    def action_go(self) -> None:
        """Admit; once that is done, close."""
        if not self._scans:
            self.action_admit_party()
        elif self.debounce.settled:
            self.action_back()

    def action_admit_party(self) -> None:
        if not self.is_working("party"):
            self._admit()
        elif not self._eager:
            self._eager = True
            self.write("#party-state", _(ASKING_FIRST))
            self.set_timer(PATIENCE, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        if self._eager:
            self._admit()

    @property
    def _is_busy(self) -> bool:
        """Somebody is being admitted, or an admission taken back."""
        return self.is_working("admit", "undo")

    def _admit(self) -> None:
        self._eager = False
        tickets = self._ticks.ticked
        if self._is_busy or self._scans:
            return
        if not tickets:
            self.announce(_(NOBODY) if self._ticks.able else _(ALL_IN))
            return
        self.announce("")
        self.write("#party-state", _(ADMITTING))
        self.work(self._check_in(tickets), "check in a party", group="admit")

    async def _check_in(self, tickets: list[str]) -> None:
        """Check them in, and show a row for each until the screen is closed."""
        scans = self._scans = await self.lane.admit_party(tickets)
        done = self.query_one("#party-done")
        await done.remove_children()
        await done.mount_all(
            Label(row_of(scan), classes=f"-{scan.verdict.code.tone}", markup=False)
            for scan in scans
        )
        self.debounce.show(scans)
        self.query_one(".-party", VerdictBand).put(outcome(scans))
        self.set_class(True, "-done")
        done.focus()
        self.query_one(CommandFooter).refresh()

    def failed(self, group: str, sentence: str) -> None:
        self._eager = False
        if group == "admit":
            sentence = _("Not all may be checked in: look at the list. {sentence}").format(
                sentence=sentence
            )
        if self._scans:
            self.announce(sentence)
        else:
            self.write("#party-state", sentence)

    # The rest

    def action_undo(self) -> None:
        if self.lane.history.recent and self.lane.history.recent[0] not in self._scans:
            self.announce(_(SINCE))
        elif not self._is_busy:
            self.work(self._undo(), "undo a party", group="undo")

    async def _undo(self) -> None:
        undone = await self.lane.undo.last()
        self.announce(f"{undone.word}: {undone.sentence}")
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

        self.app.push_screen(OrderScreen(self.lane, self._ticket))

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # seldom needed

        party = self._ticks.party
        rows = party.tickets if party else ()
        tickets = tuple(row.ticket.uuid for row in rows if not row.ticket.refunded)
        self.app.push_screen(PaperScreen(self.lane, tickets or (self._ticket,)))

    def refusal(self, command: str) -> str | None:
        """What was done can be undone; before, it can be ticked."""
        if command == "undo":
            return None if self._scans else _(NOT_YET)
        ticks = command in ("admit_party", "tick", "tick_all", "refresh")
        return _(DONE) if ticks and self._scans else None

    def action_back(self) -> None:
        if self._is_busy:
            self.announce(_(ADMITTING))
        else:
            self.dismiss(self._scans or None)
