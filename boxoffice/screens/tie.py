"""Picks the guest whose code was scanned, where the code itself names nobody."""

from collections.abc import Iterable

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from boxoffice.commands import Place, bindings
from boxoffice.domain.party import standing
from boxoffice.domain.roster import Row
from boxoffice.domain.verdict import Scan
from boxoffice.lane import Change, Lane, RosterChanged
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.following import Following
from boxoffice.screens.looking import Looking, Shown
from boxoffice.widgets.themes import stylesheet
from boxoffice.widgets.ticket_list import TicketList

HOW = "Search the guest by name, ↑ ↓ choose; Enter ties the code to this guest."
CHOOSE = "↓ chooses the guest whose code this is; then Enter."
NOT_CHOSEN = "The list was scrolled: choose a row with ↑ ↓ or a click, then Enter."
GONE = "This ticket is no longer in the list: choose again."


class TieScreen(Following, BaseScreen[str | None]):
    """Searches, and answers the uuid of the ticket that a person chose; None: the person went back.

    Nobody is chosen by being the first of several, nor by being near to what was typed.
    """

    place = Place.TIE
    BINDINGS = [
        *bindings(place),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
    ]
    CSS_PATH = [stylesheet("form"), stylesheet("tie")]
    AUTO_FOCUS = "Input"

    def __init__(self, lane: Lane, scan: Scan) -> None:
        """`scan`: whose code is to be tied."""
        super().__init__()
        self._lane = lane
        self._scan = scan
        self._looking = Looking()
        self._chosen = False
        """A person put the highlight where it is."""
        self._only = False
        """What is typed finds one guest, by more than a nearest name."""

    def body(self) -> Iterable[Widget]:
        verdict = self._scan.verdict
        yield Label("Whose code is this?", id="tie-title")
        yield Label(self._scan.code, id="tie-code", markup=False)
        yield Label(f"{verdict.word}: {verdict.reason}", id="tie-why", markup=False)
        yield Input(placeholder="Name, e-mail, order or number", compact=True)
        yield TicketList(self._row)
        yield Label(HOW, id="tie-guest", markup=False)

    def on_mount(self) -> None:
        self.follow(self._lane, self._changed)
        self._list()

    def _row(self, uuid: str) -> Row | None:
        return self._looking.row(self._lane.roster, uuid)

    @property
    def _tickets(self) -> TicketList:
        return self.query_one(TicketList)

    # Searching

    @on(Input.Changed)
    def _search(self) -> None:
        if self.query_one(Input).value != self._looking.text:
            self._list()

    def _list(self) -> None:
        """List what is typed by now, with nobody chosen; one who is left alone is highlighted."""
        self._looking.type(self.query_one(Input).value)
        self._chosen = False
        found = self._find()
        self._tickets.show(found.uuids, 0 if self._only else None, empty=found.empty)
        self._say_guest()

    def _find(self) -> Shown:
        found = self._looking.list(self._lane.roster, loading=self._lane.status.loading)
        typed = bool(self._looking.text.strip())
        self._only = typed and len(found.uuids) == 1 and not found.near
        return found

    def _changed(self, change: Change) -> None:
        """The list changed, or where somebody stands."""
        if isinstance(change, RosterChanged) and self.is_mounted:
            found = self._find()
            self._tickets.replace(found.uuids, empty=found.empty)
            self._say_guest()

    def _say_guest(self) -> None:
        """Say all that tells the highlighted guest from others."""
        uuid = self._tickets.ticket
        row = self._row(uuid) if uuid else None
        label = self.query_one("#tie-guest", Label)
        label.update(HOW if row is None else self._guest(row))
        label.set_class(row is not None, "-guest")

    def _guest(self, row: Row) -> Content:
        ticket = row.ticket
        facts = (
            ticket.ticket_type,
            "" if ticket.number is None else f"no. {ticket.number}",
            ticket.email,
            standing(row, self._lane.event.zone),
        )
        name = Content.styled(ticket.full_name or "(no name)", "bold")
        return Content.assemble(name, *(f" · {fact}" for fact in facts if fact))

    # Choosing

    def action_move(self, by: int) -> None:
        self._tickets.move(by)
        self._choose()

    def action_page(self, by: int) -> None:
        self._tickets.move(by * self._tickets.page)
        self._choose()

    @on(TicketList.Picked)
    def _choose(self) -> None:
        self._chosen = self._tickets.ticket is not None
        self._say_guest()

    @on(Input.Submitted)
    def action_tie_to(self) -> None:
        """Answer the guest who was chosen, or who alone is left."""
        if self.query_one(Input).value != self._looking.text:
            self._list()  # what was typed last is not listed yet
        ticket = self._tickets.ticket
        if self._tickets.carried:
            self.tell(NOT_CHOSEN)
        elif ticket is None or not (self._chosen or self._only):
            self.tell(CHOOSE)
        elif self._row(ticket) is None:
            self.tell(GONE)
        else:
            self.dismiss(ticket)

    @on(TicketList.Chosen)
    def _clicked_twice(self, event: TicketList.Chosen) -> None:
        self._chosen = True
        self.action_tie_to()
