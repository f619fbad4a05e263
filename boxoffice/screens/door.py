"""The door: one input line, always ready, the list that it searches, and the band that answers.

`InputRouter` has every key before any widget and brings it here. What is decided and asked of the
lane is `DoorController`'s; what a person asks for by name is of `DoorCommands`.
"""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from boxoffice.clock import Clock
from boxoffice.commands import Place
from boxoffice.domain.models import Ticket
from boxoffice.domain.notices import Notice, notices
from boxoffice.domain.selection import Chosen, Nobody, TypedCode
from boxoffice.domain.sounds import Sound, sound_of
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.language import _, ngettext
from boxoffice.screens.base import BaseScreen, Debounce
from boxoffice.screens.door_commands import DoorCommands
from boxoffice.screens.door_controller import DoorController
from boxoffice.screens.list_search import SCROLLED, ListSearch, QueryResult
from boxoffice.widgets.footer import Banner, CommandFooter
from boxoffice.widgets.last_scans import LastScans
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.speaker import Speaker
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.ticket_list import EntryLine, TicketList
from boxoffice.widgets.verdict import IDLE, Face

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Change, Lane, Status

OPEN_SPEAKER, PRELOAD = 0.5, 3.0
"""Seconds after the door is drawn: until then there is more to do."""


class DoorScreen(DoorCommands):
    """Shows list and band, and has the lane answer one request after another."""

    place = Place.DOOR
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-low"), (32, "-tall")]
    AUTO_FOCUS = ""
    can_translate = True
    speaker: Speaker | None = None
    """Has answers heard."""
    preloads = False
    """Has what comes later loaded while nobody does anything."""
    flashes = False
    """The band flashes once where nobody is let in, and at a conflict."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.search = ListSearch(self._draw_soon, self._show_result)
        self.controller = DoorController(self, clock)
        self._clock = clock
        self._drawing = False
        self._conflicts: int | None = None
        """As they were counted last at this lane."""
        self._resumed = asyncio.Event()

    def compose(self) -> ComposeResult:
        self.fit(self.app.size)
        yield StatusLine(self._clock)
        yield ScanBand(classes="-shown")
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
        if self.speaker is not None:
            self.set_timer(OPEN_SPEAKER, self.speaker.open)
        if self.preloads:
            self.set_timer(PRELOAD, self._preload)

    def on_resize(self, event: events.Resize) -> None:
        if event.size == self.outer_size:  # as at a start, three times: it is laid out so already
            event.prevent_default()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self._resumed.set()
        self._draw_soon()
        self.open_next_form()

    async def in_front(self) -> None:
        """Return once there is nothing in front of it that a person has opened."""
        while self.app.screen is not self:
            self._resumed.clear()
            await self._resumed.wait()

    def _preload(self) -> None:
        from boxoffice.screens.preload import preload  # noqa: PLC0415  # not needed to start

        answer = Debounce(self._clock)

        def is_left_alone() -> bool:
            answer.show(self.state.last)
            is_open = self.lane is not None and not self.lane.status.loading
            return is_open and self.is_idle and answer.settled

        later = preload(self.app, self._clock, is_left_alone)
        self.work(later, "load what comes later", group="preload")

    # The lane

    def open(self, lane: "Lane") -> None:
        """Admit at this lane from now on."""
        self.search.lane = lane
        self._conflicts = None
        lane.watch(lambda change: self._apply(change) if lane is self.lane else None)
        self.controller.open(lane)
        self._show_band(IDLE)
        self.query_one(CommandFooter).refresh()
        self._show_scans()
        self.put(self.search.text)

    def _apply(self, change: "Change") -> None:
        from boxoffice.lane import ScanCompleted, StatusChanged  # noqa: PLC0415  # loaded by now

        if isinstance(change, StatusChanged):
            self._look_for_conflicts(change.status)
        if isinstance(change, ScanCompleted):
            self.state.complete(change.scan)
            for screen in (self, self.app.screen):
                for band in screen.query(ScanBand):
                    band.complete(change.scan)
            self._show_scans()
        else:
            self.search.apply(change)

    def _look_for_conflicts(self, status: "Status") -> None:
        """Raise the alarm where one was found since."""
        before, self._conflicts = self._conflicts, status.counts.conflicts
        if status.loading:
            self._conflicts = None  # those of before are not counted yet
        elif before is not None and self._conflicts > before:
            self._signal(Sound.CONFLICT)

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
            self.show_notices()
        self.search.draw()

    def show_notices(self) -> None:
        """Name what a person has to know or do, until it is settled."""
        if (lane := self.lane) is None:
            return
        status = lane.status
        shown = notices(
            counts=status.counts,
            link=status.link,
            sentence=status.sentence,
            faults=status.faults,
            venue=status.venue,
            webhooks=lane.listener.trouble if lane.listener else "",
            clock_off=status.clock_off,
            free=status.free,
            half_done_sale=self.has_half_done_sale,
            listed=status.doubted,
        )
        self.query_one(Banner).show(shown)

    def _show_result(self, result: QueryResult) -> None:
        query = self.search.query
        words, near = query.note or result.words, result.near or bool(query.note)
        self.query_one(EntryLine).show(query.text, query.filter, words, near=near)

    async def translate(self) -> None:
        await super().translate()
        if (last := self.state.last) is not None:
            self._show_band(last)
        self.put(self.search.text)  # what it finds is counted in the new language
        self._draw()
        if self.lane is not None:
            self.work(self.lane.sort(), "sort the list", group="sort")

    # The line and the list

    def press(self, key: str, *, doubtful: bool = False) -> bool:
        """Do what a person's key asks of line or list. False: it is none of these.

        `doubtful`: a scanner may have written what stands on the line.
        """
        if key in ("enter", "ctrl+j"):
            self._enter(doubtful=doubtful)
        elif key == "escape":
            self.action_clear()
        elif key == "left" and not self.search.text:
            self.action_before()
        elif key == "right" and not self.search.text:
            self.controller.look_ahead()
        elif not self.search.press(key):
            return False
        self.open_next_form()
        return True

    def put(self, text: str, *, scanned: bool = False) -> None:
        """Have `text` on the line; `scanned`: a scanner is writing it."""
        put = self.search.put_scanned if scanned else self.search.put
        put(text)
        self.open_next_form()

    def take_off(self, characters: int) -> None:
        """Take so many characters off the end of the line: they were a scan's."""
        if characters:
            self.search.put_with_answer(self.search.text[:-characters])

    def _enter(self, *, doubtful: bool) -> None:
        """Check in whom the line means; what follows goes to an empty line."""
        search = self.search
        if search.is_scrolled:
            self.announce(_(SCROLLED))
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
        """Go back to the latest answer, from an earlier one; else clear the line."""
        if self.state.trail:
            self.controller.look_ahead(len(self.state.trail))
            return
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
                front.once_there(partial(front.show_scan, scan))
            if (sound := sound_of(scan)) is not None:
                self._signal(sound)
            if scan.verdict.code is VerdictCode.ADMITTED and scan.verdict.ticket is not None:
                self.print_badge_of(scan.verdict.ticket.uuid)
        if scan.verdict.code is VerdictCode.ANSWERS_NEEDED:
            self.state.queue_form(scan)
            self.open_next_form()
        elif scan.verdict.code is VerdictCode.AMBIGUOUS:
            party = self.state.candidates_party
            if party is not None and self.is_idle:
                self._open_party(party)
            else:
                self.search.offer(scan.verdict.candidates)
        else:
            self.search.choose_nobody()
        # The band has its frame first: a callback of now may run before Textual knows of one.
        self.call_later(self.call_after_refresh, self._follow_band)

    def _follow_band(self) -> None:
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
        if face.symbol == "!":  # something could not be done
            self._signal(Sound.NEEDS_YOU)

    def _signal(self, sound: Sound) -> None:
        """Have what happened heard, and seen out of the corner of an eye."""
        if self.speaker is not None:
            self.speaker.play(sound)
        if self.flashes and sound in (Sound.REFUSED, Sound.CONFLICT):
            for band in (*self.query(ScanBand), *self.app.screen.query(ScanBand)):
                band.flash()

    def _show_band(self, shown: Scan | Face) -> None:
        band = self.query_one(ScanBand)
        band.show(shown) if isinstance(shown, Scan) else band.put(shown)
        self.show_past()

    def show_past(self) -> None:
        trail = self.state.trail
        self.query_one(ScanBand).look_back(trail[-1] if trail else None, len(trail))
        if self.state.offers_changed:
            self.query_one(CommandFooter).refresh()

    def count_waiting(self, requests: int) -> None:
        self.query_one(EntryLine).wait(requests)
        front = self.app.screen
        if self.lane is None and front is not self and isinstance(front, BaseScreen):
            sentence = ngettext(
                "{n} scan waits: choose an event, then it is answered.",
                "{n} scans wait: choose an event, then they are answered.",
                requests,
            )
            waiting = [Notice(sentence.format(n=requests))] * bool(requests)
            front.once_there(lambda: front.query_one(Banner).show(waiting))
