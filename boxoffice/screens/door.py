"""The door: one input line, always ready, the list that it searches, and the band that answers.

`InputRouter` has every key before any widget and brings it here. What is decided and asked of the
lane is `DoorController`'s. The other screens are loaded when they are opened.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from boxoffice.clock import Clock
from boxoffice.commands import Place
from boxoffice.domain.models import Ticket
from boxoffice.domain.selection import Chosen, Nobody, TypedCode
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.door_controller import DoorController, DoorState, PartyOf
from boxoffice.screens.list_search import SCROLLED, ListSearch, QueryResult
from boxoffice.widgets.footer import Banner, CommandFooter, key_of
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.ticket_list import EntryLine, TicketList
from boxoffice.widgets.verdict import IDLE, Face, LastScans, name_of

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Change, Lane
    from boxoffice.screens.sale_form import SaleDraft
    from boxoffice.screens.ticket import Unsaved
    from boxoffice.screens.tie import TieQuestions

CHOOSE = "Highlight a row with ↓, or scan a ticket, first."
READING = "Asking the server for the list…"
HALF_DONE = "A sale is half-done: {} goes on with it, or discards it."
REASONS = ("The organiser said so", "Sold as the wrong type", "Exchanged at the door")
"""Reasons for an override, to pick from."""


class DoorScreen(BaseScreen[None]):
    """Shows list and band, and has the lane answer one request after another."""

    place = Place.DOOR
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-low"), (32, "-tall")]
    AUTO_FOCUS = ""
    can_translate = True

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.search = ListSearch(self._draw_soon, self._show_result)
        self.controller = DoorController(self, clock)
        self._clock = clock
        self._drawing = False
        self._unsaved: dict[str, Unsaved] = {}
        """What was typed into forms and not saved, by ticket."""
        self._sales: dict[str, SaleDraft] = {}
        """Half-filled sales, by event."""

    def compose(self) -> ComposeResult:
        yield StatusLine(self._clock)
        yield ScanBand()
        yield LastScans(classes="strip")
        yield EntryLine()
        with Horizontal(id="hall"):
            yield self.search.tickets
            yield LastScans(classes="column")
        yield Banner()
        yield CommandFooter(self.place)

    def on_mount(self) -> None:
        self.work(self.controller.run(), "answer requests", group="requests")
        self._draw()

    def on_screen_resume(self) -> None:
        self._draw_soon()
        self.open_next_form()

    # The lane

    @property
    def lane(self) -> "Lane | None":
        return self.controller.lane

    @property
    def state(self) -> DoorState:
        return self.controller.state

    def open(self, lane: "Lane") -> None:
        """Admit at this lane from now on."""
        self.query_one(ScanBand).put(IDLE)
        self.search.lane = lane
        lane.watch(lambda change: self._apply(change) if lane is self.lane else None)
        self.controller.open(lane)
        self.query_one(CommandFooter).refresh()
        self._show_scans()
        self.put(self.search.text)

    def _apply(self, change: "Change") -> None:
        from boxoffice.lane import ScanCompleted  # noqa: PLC0415  # loaded by now

        if isinstance(change, ScanCompleted):
            self.state.complete(change.scan)
            for screen in (self, self.app.screen):
                for band in screen.query(ScanBand):
                    band.complete(change.scan)
            self._show_scans()
        else:
            self.search.apply(change)

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
            sale = HALF_DONE.format(key_of(self, "sale")) if self.has_half_done_sale else ""
            self.query_one(Banner).last(" ".join(filter(None, (status.sentence, sale))))
        self.search.draw()

    def _show_result(self, result: QueryResult) -> None:
        query = self.search.query
        words, near = query.note or result.count, result.near or bool(query.note)
        self.query_one(EntryLine).show(query.text, query.filter, words, near=near)

    async def translate(self) -> None:
        await super().translate()
        if (last := self.state.last) is not None:
            self._show_band(last)
        self._draw()

    # The line and the list

    @property
    def is_idle(self) -> bool:
        """Nothing is typed, and nothing is open in front."""
        return not self.search.text and self.app.screen is self

    def press(self, key: str, *, doubtful: bool = False) -> bool:
        """Do what a person's key asks of line or list. False: it is none of these.

        `doubtful`: a scanner may have written what stands on the line.
        """
        if key in ("enter", "ctrl+j"):
            self._enter(doubtful=doubtful)
        elif key == "escape":
            self.action_clear()
        elif not self.search.press(key):
            return False
        self.open_next_form()
        return True

    def put(self, text: str) -> None:
        """Have `text` on the line."""
        self.search.put(text)
        self.open_next_form()

    def take_off(self, characters: int) -> None:
        """Take so many characters off the end of the line: they were a scan's."""
        if characters:
            self.search.put_with_answer(self.search.text[:-characters])

    def _enter(self, *, doubtful: bool) -> None:
        """Check in whom the line means; what follows goes to an empty line."""
        search = self.search
        if search.is_scrolled:
            self.announce(SCROLLED)
            return
        match search.select(doubtful=doubtful, to_confirm=self.state.to_confirm):
            case TypedCode(text):
                self.controller.typed(text)
                search.put_with_answer("")
            case Chosen(ticket, note):
                self._admit(ticket)
                search.query.note = note
            case Nobody(note):
                search.note(note)

    def _admit(self, ticket: str) -> None:
        self.controller.admit(ticket, self.search.name(ticket))
        if not self.search.query.candidates:  # of an order, the next one may follow
            self.search.put_with_answer("")

    @on(TicketList.Picked)
    def _click(self) -> None:
        self.search.choose()

    @on(TicketList.Chosen)
    def _click_twice(self, event: TicketList.Chosen) -> None:
        self._admit(event.key)
        self.open_next_form()

    def action_clear(self) -> None:
        self.announce("")
        self.put("")

    def action_filter(self, to: int | str = 1) -> None:
        """Take the next filter, the one before (-1), or the one of a name."""
        self.search.set_filter(to)

    # The band: this screen is the `DoorView` of its controller

    def show_answer(self, scan: Scan) -> None:
        """Show the answer to a scan, here and over whatever is open in front."""
        if self.state.answer(scan):
            self._show_band(scan)
            front = self.app.screen
            if front is not self and isinstance(front, BaseScreen):
                front.show_scan(scan)
        if scan.verdict.code is VerdictCode.ANSWERS_NEEDED:
            self.state.queue_form(scan)
            self.open_next_form()
        elif scan.verdict.code is VerdictCode.AMBIGUOUS:
            party = self.state.candidates_party
            if party is not None and self.is_idle:
                self._open_party(party)
            else:
                self.search.offer(scan.verdict.candidates)
        self.call_after_refresh(self._follow_band)  # the band has its frame first

    def _follow_band(self) -> None:
        """Let strip and list follow the band."""
        self._show_scans()
        last, shown = self.state.last, self.state.shown
        if last is not None and last.verdict.code is not VerdictCode.AMBIGUOUS:
            self.search.mark(shown.uuid if shown else None)

    def _show_scans(self) -> None:
        if self.lane is not None:
            for scans in self.query(LastScans):
                scans.show(self.lane.history.recent, self.lane.history.undone)

    def show_notice(self, face: Face, ticket: Ticket | None = None) -> None:
        self.state.notice(ticket)
        self._show_band(face)
        self._show_scans()

    def _show_band(self, shown: Scan | Face) -> None:
        band = self.query_one(ScanBand)
        band.show(shown) if isinstance(shown, Scan) else band.put(shown)
        if self.state.offers_changed:
            self.query_one(CommandFooter).refresh()

    def count_waiting(self, requests: int) -> None:
        self.query_one(EntryLine).wait(requests)

    def confirm(self, title: str, text: str, yes: str, go_on: Callable[[], None]) -> None:
        from boxoffice.screens.dialogs import ConfirmDialog  # noqa: PLC0415  # not needed to start

        if not isinstance(self.app.screen, ConfirmDialog):
            dialog = ConfirmDialog(title, text, yes)
            self.app.push_screen(dialog, lambda confirmed: go_on() if confirmed else None)

    # Forms, parties and tickets, opened in front

    def open_next_form(self) -> None:
        """Ask the next questions that are due, unless the person is busy with something else."""
        if self.is_idle and (due := self.state.next_form()) is not None:
            self._open_ticket(*due)

    def _open_ticket(self, ticket: str, scan: Scan | None) -> None:
        """`scan`: whose questions are asked, and who is admitted when they are answered."""
        from boxoffice.screens.ticket import TicketScreen  # noqa: PLC0415  # not needed to start

        def close(scan: Scan | None) -> None:
            self.state.form = None
            if scan is not None:
                self.show_answer(scan)

        self.state.form = ticket if scan else None
        screen = TicketScreen(
            self.controller.open_lane,
            ticket,
            scan,
            unsaved=self._unsaved,
            answered=self.show_answer,
            undone=self.controller.show_undo,
        )
        self.app.push_screen(screen, close)

    def action_ticket(self) -> None:
        ticket = self.state.ticket(self.search.highlighted)
        if ticket is None:
            self.announce(CHOOSE)
        else:
            self._open_ticket(ticket, self.state.scan_to_admit(ticket))

    def action_party(self) -> None:
        party = self.state.party(self.search.highlighted)
        if party is None:
            self.announce(CHOOSE)
        else:
            self._open_party(party)

    def _open_party(self, party: PartyOf) -> None:
        """Show everyone on the order of a ticket, to be admitted together."""
        from boxoffice.screens.party import PartyScreen  # noqa: PLC0415  # not needed to start

        def admitted(scans: list[Scan] | None) -> None:
            if scans:
                self.put("")
            for scan in scans or ():
                self.show_answer(scan)

        lane, undone = self.controller.open_lane, self.controller.show_undo
        screen = PartyScreen(lane, party.ticket, ticked=party.ticked, undone=undone)
        self.app.push_screen(screen, admitted)

    def action_paper(self) -> None:
        from boxoffice.screens.paper import PaperScreen  # noqa: PLC0415  # not needed to start

        ticket = self.state.subject(self.search.highlighted)
        if ticket is None:
            self.announce(CHOOSE)
        else:
            self.app.push_screen(PaperScreen(self.controller.open_lane, (ticket,)))

    def action_queue(self) -> None:
        from boxoffice.screens.queue import QueueScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(QueueScreen(self.controller.open_lane))

    def action_sale(self) -> None:
        from boxoffice.screens.sale import SaleScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(SaleScreen(self.controller.open_lane, self._sales))

    @property
    def has_half_done_sale(self) -> bool:
        """A sale of this event was begun, and left."""
        draft = self._sales.get(self.lane.event.uuid) if self.lane else None
        return draft is not None and draft.is_begun

    def action_arrivals(self) -> None:
        from boxoffice.screens.arrivals import ArrivalsScreen  # noqa: PLC0415  # not needed to start

        self.app.push_screen(ArrivalsScreen(self.controller.open_lane))

    def action_shift(self) -> None:
        from boxoffice.screens.till import TillDialog  # noqa: PLC0415  # not needed to start

        lane = self.controller.open_lane
        self.app.push_screen(TillDialog(lane, locale=lane.box_office.policy.locale))

    # Done at once

    def action_refresh(self) -> None:
        self.announce(READING)
        self.work(self._refresh(self.controller.open_lane), "refresh the list", group="refresh")

    async def _refresh(self, lane: "Lane") -> None:
        fresh = await lane.refresh()
        self.announce(f"The list is read anew: {len(lane.roster):,} tickets." if fresh else "")

    def action_numbers(self) -> None:
        self.controller.toggle_numbers()

    def action_undo(self) -> None:
        self.controller.undo()

    def action_override(self) -> None:
        from boxoffice.screens.dialogs import ReasonDialog  # noqa: PLC0415  # not needed to start

        if (scan := self.state.last) is None:
            return

        def go_on(reason: str | None) -> None:
            if reason is not None:
                self.controller.override(scan, name_of(scan), reason)

        title = f"Admit {name_of(scan)} all the same?"
        why = f"{scan.verdict.word}: {scan.verdict.reason}"
        self.app.push_screen(ReasonDialog(title, why, "Admit", REASONS), go_on)

    # Ties of codes to guests

    def _tie_questions(self) -> "TieQuestions":
        from boxoffice.screens.tie import TieQuestions  # noqa: PLC0415  # not needed to start

        return TieQuestions(self, self.controller)

    def action_tie(self) -> None:
        """Have a person pick the guest whose code was scanned, and answer for that guest."""
        if (scan := self.state.last) is not None:
            self.work(self._tie_questions().pick(scan, self.search.name), "tie a code", group="tie")

    def action_untie(self) -> None:
        self.work(self._tie_questions().untie(), "take back a tie", group="tie")

    def action_code_rule(self) -> None:
        self.work(self._tie_questions().change_rule(), "change the rule for codes", group="tie")

    def refusal(self, command: str) -> str | None:
        return self.state.refusal(command, is_open=self.lane is not None)
