"""The door: one input line, always ready, and the list that it searches."""

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from boxoffice.clock import Clock
from boxoffice.commands import Place, bindings
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, Row
from boxoffice.domain.selection import Chosen, Nobody, TypedCode, select
from boxoffice.domain.verdict import VerdictCode
from boxoffice.screens.looking import Looking
from boxoffice.screens.office import OfficeScreen
from boxoffice.widgets.banner import Banner
from boxoffice.widgets.entry import EntryLine
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.scans import LastScans
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.ticket_list import TicketList
from boxoffice.widgets.verdict import IDLE, VerdictBand

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Change, Lane

AT_ONCE = 0.03
"""Seconds in which most scans are answered from this computer's list."""
NOT_CHOSEN = "The list was scrolled: choose a row with ↑ ↓ or a click, then Enter."


class DoorScreen(OfficeScreen):
    """One input, no modes: `InputRouter` has every key before any widget, and brings it here."""

    place = Place.DOOR
    BINDINGS = bindings(place)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-low"), (32, "-tall")]
    AUTO_FOCUS = ""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.looking = Looking()
        self._chosen = False
        """A person put the highlight where it is."""
        self._drawing = False
        self._fresh = True
        """Something else is looked for than what is listed."""
        self._list_changed = False
        self._rows_changed: set[str] = set()

    def compose(self) -> ComposeResult:
        yield StatusLine(self._clock)
        yield VerdictBand()
        yield LastScans(classes="strip")
        yield EntryLine()
        with Horizontal(id="hall"):
            yield TicketList(self._row)
            yield LastScans(classes="column")
        yield Banner()
        yield CommandFooter(self.place)

    def on_mount(self) -> None:
        self.work(self.answering.run(), "answer scans", group="answering")
        self._draw()

    @property
    def tickets(self) -> TicketList:
        return self.query_one(TicketList)

    def _row(self, uuid: str) -> Row | None:
        return self.looking.row(self.lane.roster if self.lane else None, uuid)

    # The lane

    def open(self, lane: "Lane") -> None:
        """Admit at this lane from now on."""
        self.lane = lane
        self.last = None
        self._owed.clear()
        self.query_one(VerdictBand).put(IDLE)
        self.query_one(CommandFooter).refresh()
        lane.watch(lambda change: self._told(lane, change))
        self.show_scans()
        self.put(self.looking.text)
        self._opened.set()

    def _told(self, lane: "Lane", change: "Change") -> None:
        from boxoffice.lane import RosterChanged  # noqa: PLC0415  # loaded by now

        if lane is not self.lane:
            return
        if isinstance(change, RosterChanged):
            if change.uuids is None:
                self._list_changed = True
            else:
                self._rows_changed |= change.uuids
        self._draw_soon()

    # Drawing: many changes at once are drawn once, before the next frame.

    def _draw_soon(self) -> None:
        if not self._drawing:
            self._drawing = True
            self.call_later(self._draw)

    def _draw(self) -> None:
        self._drawing = False
        if self.lane is not None:
            status = self.lane.status
            self.query_one(StatusLine).show(status)
            self.query_one(Banner).last(status.sentence)
        if self._fresh or self._list_changed:
            self._list()
        elif self._rows_changed:
            self._touch()

    def _list(self) -> None:
        """List what is looked for, from its beginning where that is something else than before."""
        lane, looking, tickets = self.lane, self.looking, self.tickets
        loading = lane is None or lane.status.loading
        listed = looking.list(lane.roster if lane else None, loading=loading)
        if self._fresh:
            self._chosen = False
            only = bool(looking.text.strip()) and len(listed.uuids) == 1 and not listed.near
            tickets.show(listed.uuids, 0 if only else None, empty=listed.empty)
        else:
            tickets.replace(listed.uuids, empty=listed.empty)
        self.query_one(EntryLine).show(
            looking.text,
            looking.filter,
            looking.note or listed.count,
            near=listed.near or bool(looking.note),
        )
        self._fresh = self._list_changed = False
        self._rows_changed.clear()

    def _touch(self) -> None:
        """Draw changed rows; list anew where that may be another list now."""
        lane, looking = self.lane, self.looking
        whole = looking.filter is Filter.ALL and not looking.text and not looking.candidates
        if whole and lane is not None and len(lane.roster) == len(self.tickets.uuids):
            self.tickets.touch(self._rows_changed)
            self._rows_changed.clear()
        else:
            self._list()

    def count_waiting(self, requests: int) -> None:
        self.query_one(EntryLine).wait(requests)

    # The line

    def command(self, key: str, *, doubtful: bool = False) -> bool:
        """Do what a person's key asks of line or list. False: it is none of these.

        `doubtful`: a scanner may have written what stands on the line.
        """
        match key:
            case "enter" | "ctrl+j":
                self.enter(doubtful=doubtful)
            case "tab" | "shift+tab":
                self.action_filter(-1 if key == "shift+tab" else 1)
            case "backspace" | "ctrl+h":
                self.put(self.looking.text[:-1])
            case "ctrl+u" | "ctrl+w":
                self.put("")
            case "ctrl+z" if self.looking.text:
                self.looking.take_back()
                self._look()
            case "escape":
                self.action_clear()
            case "down" | "up" | "pagedown" | "pageup" | "home" | "end":
                self._move(key)
            case _:
                return False
        return True

    def take_off(self, characters: int) -> None:
        """Take so many characters off the end of the line: they were a scan's."""
        if characters:
            self.looking.type(self.looking.text[:-characters])
            self._draw_with_answer()

    def put(self, text: str) -> None:
        """Have `text` on the line. The list follows before the next frame."""
        self.looking.type(text)
        self._look()
        if not text:
            self.pay()

    def _look(self) -> None:
        """Something else is looked for."""
        self._fresh = True
        self._draw_soon()

    def enter(self, *, doubtful: bool) -> None:
        """Check in whom the line means; what follows goes to an empty line.

        Scrolling chooses nobody: a row that it highlighted is not checked in.
        """
        looking, last = self.looking, self.last
        chosen = self.highlighted if self._chosen else None
        if chosen is not None and self.tickets.carried:
            self.tell(NOT_CHOSEN)
            return
        if chosen is None and not looking.text and last is not None:
            shown = last.verdict.ticket
            if last.verdict.code is VerdictCode.CHECK_NAME and shown is not None:
                self.admit(shown.uuid)
                return
        match select(
            looking.text,
            roster=self.lane.roster if self.lane else None,
            only=looking.filter,
            highlighted=chosen,
            doubtful=doubtful,
        ):
            case TypedCode(text):
                self.typed(text)
                self._clear_with_answer()
            case Chosen(ticket, note):
                self._pick(ticket)
                looking.note = note
            case Nobody(note):
                looking.note = note
                self._list()

    def _pick(self, ticket: str) -> None:
        self.admit(ticket)
        if not self.looking.candidates:  # of an order, the next one may follow
            self._clear_with_answer()

    def _clear_with_answer(self) -> None:
        self.looking.type("")
        self._draw_with_answer()
        self.pay()

    def _draw_with_answer(self) -> None:
        """Draw the line with the answer, where it comes at once.

        A frame of its own would hold the answer's up: Textual keeps frames apart.
        """
        self._fresh = True
        asyncio.get_running_loop().call_later(AT_ONCE, self._draw_soon)

    def _move(self, key: str) -> None:
        if self._fresh:
            self._list()
        tickets = self.tickets
        match key:
            case "home":
                tickets.highlight(0)
            case "end":
                tickets.highlight(len(tickets.uuids) - 1)
            case _:
                by = {"pagedown": tickets.page, "pageup": -tickets.page, "up": -1}
                tickets.move(by.get(key, 1))
        self._chosen = tickets.ticket is not None

    def action_clear(self) -> None:
        self.tell("")
        self.put("")

    def action_filter(self, to: int | str = 1) -> None:
        """Take the next filter, the one before (-1), or the one of a name."""
        self.looking.turn(to)
        self._look()

    # What the answers ask of the line and the list

    @property
    def busy(self) -> bool:
        return bool(self.looking.text)

    @property
    def highlighted(self) -> str | None:
        if self._fresh:
            self._list()  # what is typed may not be listed yet
        return self.tickets.ticket

    def whose(self, ticket: str) -> str:
        row = self._row(ticket)
        return row.ticket.full_name if row else ""

    def choose(self, tickets: tuple[Ticket, ...]) -> None:
        if not self.busy:
            self.looking.candidates = {ticket.uuid: ticket for ticket in tickets}
            self._look()

    def reveal(self, ticket: str | None) -> None:
        if not self.busy and not self.looking.candidates:
            if self._fresh:
                self._list()
            self._chosen = False
            self.tickets.choose_none()
            self.tickets.reveal(ticket)

    # The mouse

    @on(TicketList.Picked)
    def _clicked(self) -> None:
        self._chosen = True

    @on(TicketList.Chosen)
    def _clicked_twice(self, event: TicketList.Chosen) -> None:
        self._pick(event.ticket)
