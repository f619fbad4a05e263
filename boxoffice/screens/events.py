"""Picks the event: today's on top. Opens without asking when there is one today."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len
from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from boxoffice.clock import Clock
from boxoffice.commands import Command, Place
from boxoffice.domain.events import When, arrange, opens_straight
from boxoffice.domain.humanize import format_moment
from boxoffice.domain.models import Event
from boxoffice.language import N_, _
from boxoffice.screens.base import MOVES, BaseScreen, EventSource
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.option_lists import Section, SectionList

HEADINGS = {
    When.TODAY: N_("Today"),
    When.BEGUN: N_("Begun before today, perhaps still on"),
    When.UPCOMING: N_("Other days"),
    When.PAST: N_("Over"),
}
ASKING = N_("Asking the site for its events…")
DATE = 21
"""Cells of a day with its time."""
ASK_AGAIN = N_("F5 asks again.")
NONE_AT_ALL = N_("This key sees no events at the site. F5 asks again.")
CHOOSE = N_("Choose an event first: ↓ and Enter. Ctrl+Q quits.")
NO_DESK = N_(
    "The organiser’s desk is switched off on this computer: desk = true in its settings opens it."
)
NONE_FOUND = N_("No event has all of these words. Esc clears them.")
NONE_TO_COME = N_("No event today or to come. Ctrl+O also shows those that are over.")


class EventsScreen(BaseScreen[Event | None]):
    """Search, arrows, Enter. Answers the event, or None when the person went back."""

    place = Place.EVENTS
    BINDINGS = [*MOVES]
    sheets = "form events"
    can_translate = True

    expired: var[bool] = var(False, init=False)
    """Also show events that are over."""

    def __init__(
        self,
        source: EventSource,
        clock: Clock,
        *,
        automatic: bool = True,
        desk: Callable[[Event | None], None] | None = None,
    ) -> None:
        """`automatic`: open today's event without asking; else there is a door to go back to.

        `desk` opens the organiser's desk at an event; None: there is none here.
        """
        super().__init__()
        self._desk = desk
        self._source = source
        self._clock = clock
        self._automatic = automatic
        self._may_leave = not automatic
        self._events: list[Event] = []

    def body(self) -> Iterable[Widget]:
        yield Label(_("Which event?"), classes="screen-title")
        with Horizontal(id="events-search"):
            yield Input(placeholder=_("Type to search: title, place or date"), compact=True)
            yield Button(self._of_past, id="old_events", compact=True)
        events = SectionList()
        events.can_focus = False
        yield events
        yield Label("", id="events-state", markup=False)

    def on_mount(self) -> None:
        self._begin()
        self.work(self._load(), "load the events", group="stored")

    def _begin(self) -> None:
        self.query_one("#old_events").can_focus = False
        self.query_one(Input).focus()

    async def translate(self) -> None:
        self._automatic = False
        await self.recompose()
        self._begin()
        self._list()

    async def _load(self) -> None:
        """Show the events of this computer, then those of the site."""
        self._show(await self._source.stored())
        self.action_refresh()

    def action_refresh(self) -> None:
        self._show_state(_(ASKING))
        self.reread(self._fetch, "ask for the events", group="site")

    async def _fetch(self) -> None:
        old = self.expired
        events = await self._source.fetch(old=old)
        if self.expired and not old:
            return  # past ones were asked for meanwhile: what is shown of them stays
        self._show_state("" if events else _(NONE_AT_ALL))
        self._show(events)

    def failed(self, group: str, sentence: str) -> None:
        self._show_state(f"{sentence} {_(ASK_AGAIN)}")

    def _show(self, events: Sequence[Event]) -> None:
        self._events = list(events)
        only = opens_straight(self._events, self._clock.now())
        if self._automatic and only is not None and not self.query_one(Input).value:
            self.dismiss(only)
        else:
            self._list()

    def _list(self) -> None:
        """Fill the list with what is searched for; the highlight stays on its event."""
        query = self.query_one(Input).value
        rows = arrange(self._events, self._clock.now(), query=query, expired=self.expired)
        width = max([DATE, *(cell_len(_moment(event)) for _when, event in rows)])
        sections = [
            Section(
                _(HEADINGS[when]),
                [(event.uuid, event_line(event, width)) for _when, event in found],
            )
            for when, found in groupby(rows, key=itemgetter(0))
        ]
        self.query_one(SectionList).show(sections, from_first=bool(query))
        if self._events and not rows:
            self._show_state(_(NONE_FOUND) if query else _(NONE_TO_COME))

    def _show_state(self, sentence: str) -> None:
        self.write("#events-state", sentence)

    @on(Input.Changed)
    def _search(self) -> None:
        self._automatic = False
        self._show_state("")
        self._list()

    @on(Input.Submitted)
    @on(SectionList.OptionSelected)
    def _open(self) -> None:
        if (event := self._highlighted()) is not None:
            self.dismiss(event)

    def _highlighted(self) -> Event | None:
        key = self.query_one(SectionList).key
        return next((event for event in self._events if event.uuid == key), None)

    def refusal(self, command: str) -> str | None:
        return _(NO_DESK) if command == "desk" and self._desk is None else None

    def action_desk(self) -> None:
        if self._desk is not None:
            self._automatic = False
            self._desk(self._highlighted())

    async def action_move(self, key: str) -> None:
        self._automatic = False
        await self.query_one(SectionList).go(key)

    def action_old_events(self) -> None:
        self.expired = not self.expired

    @property
    def _of_past(self) -> str:
        return _("Hide past") if self.expired else _("Past events")

    def label_of(self, command: Command) -> str:
        return self._of_past if command.id == "old_events" else super().label_of(command)

    def watch_expired(self, expired: bool) -> None:
        self.query_one("#old_events", Button).label = self._of_past
        self.query_one(CommandFooter).refresh()
        self._list()
        if expired:
            self.action_refresh()

    def action_back(self) -> None:
        search = self.query_one(Input)
        if search.value:
            search.value = ""
        elif self._may_leave:
            self.dismiss(None)
        else:
            self.announce(_(CHOOSE))


def event_line(event: Event, width: int = DATE) -> Content:
    """An event in one line: when, in so many cells, what, where."""
    return Content.assemble(
        Content.styled(f"  {_moment(event):<{width}}  ", "dim"),
        Content.styled(event.title or _("Without a title"), "bold"),
        Content.styled(f"  {event.venue}", "dim") if event.venue else "",
    )


def _moment(event: Event) -> str:
    if event.start is None:
        return _("no date")
    return format_moment(event.start.astimezone(event.zone))
