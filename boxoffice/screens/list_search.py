"""A list of tickets that is searched: what is typed, what that finds, and whom a person chose."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster, Row, SearchResult
from boxoffice.domain.selection import Chosen, Selection, select
from boxoffice.language import N_, _, ngettext
from boxoffice.widgets.ticket_list import TicketList

if TYPE_CHECKING:  # the door is drawn before the lane's parts are loaded
    from boxoffice.lane import Change, Lane

MOST_EDITS = 100
"""Edits of the line that can be taken back."""
NOT_OPEN = N_("The door of no event is open. F10 chooses one.")
LOADING = N_("The list is being loaded. Scans are answered already.")
NO_LIST = N_("There is no list yet. F5 asks the site for it; scans are answered meanwhile.")
NO_TICKETS = N_("Nobody has a ticket for this event so far. Sales and new tickets show up here.")
NOBODY = N_("Nobody by this name, e-mail, order or number. Esc clears the line.")
NOBODY_HERE = N_("Nobody is under this filter. Tab shows the next one.")


class QueryResult(NamedTuple):
    """What the list shows, and the words beside and in place of it."""

    uuids: Sequence[str]
    words: str = ""
    """How many were found."""
    near: bool = False
    """Not what was typed, only like it."""
    empty: str = ""
    alone: bool = False
    """It is the one ticket that has what was typed."""


@dataclass(slots=True)
class ListQuery:
    text: str = ""
    filter: Filter = Filter.ALL
    candidates: dict[str, Ticket] = field(default_factory=dict)
    """The tickets to choose from, after WHICH ONE?. Typing puts them away."""
    note: str = ""
    """Shown in place of the number found, until something else is looked for."""
    before: list[str] = field(default_factory=list)
    """What stood on the line before each edit."""

    @property
    def is_whole(self) -> bool:
        return self.filter is Filter.ALL and not self.text and not self.candidates

    def type(self, text: str) -> None:
        if text and text != self.text:
            self.before = [*self.before[-MOST_EDITS:], self.text]
        elif not text:
            self.before = []
        self.text = text
        self.candidates = {}
        self.note = ""

    def undo_edit(self) -> None:
        """Have on the line what stood there before the last edit."""
        *earlier, text = self.before or [""]
        self.type(text)
        self.before = earlier

    def set_filter(self, to: int | str) -> None:
        """Take the filter so many places on, or the one of a name."""
        filters = list(Filter)
        place = filters.index(self.filter)
        self.note = ""
        self.filter = Filter[to] if isinstance(to, str) else filters[(place + to) % len(filters)]
        self.candidates = {}

    def row(self, roster: Roster | None, uuid: str) -> Row | None:
        """What is shown of a ticket; candidates may be unknown to the list."""
        row = roster.get(uuid) if roster is not None else None
        candidate = self.candidates.get(uuid)
        return row or (Row(candidate, LocalStatus()) if candidate else None)

    def find(self, roster: Roster | None, *, loading: bool, was_read: bool) -> QueryResult:
        """List what is found.

        `loading`: the list is on its way from the disk. `was_read`: the site has given one.
        """
        if self.candidates:
            words = _("{n} to choose from").format(n=len(self.candidates))
            return QueryResult(tuple(self.candidates), words)
        if roster is None:
            return QueryResult((), empty=_(NOT_OPEN))
        if not len(roster):
            if loading:
                return QueryResult((), empty=_(LOADING))
            return QueryResult((), _("no tickets"), empty=_(NO_TICKETS) if was_read else _(NO_LIST))
        if not self.text.strip():
            rows = roster.rows(self.filter)
            return QueryResult(rows, _tickets(len(rows)), empty=_(NOBODY_HERE))
        found = roster.find(self.text, self.filter)
        empty = _(NOBODY)
        if found.hidden:
            empty = _("Nobody under “{filter}”: Tab shows the {n} under all.").format(
                filter=self.filter.label, n=found.hidden
            )
        alone = len(found.uuids) == 1 and not (found.near or found.by_kind)
        return QueryResult(found.uuids, _found(found), near=found.near, empty=empty, alone=alone)


def _tickets(number: int) -> str:
    return ngettext("{n} ticket", "{n} tickets", number).format(n=number)


def _found(found: SearchResult) -> str:
    """How many are found, and how many more the filter hides."""
    shown, hidden = len(found.uuids), found.hidden
    if not (shown and hidden):
        return _("nearest names") if found.near else _("{n} found").format(n=shown)
    if found.near:
        return ngettext(
            "nearest names, {hidden} more under all",
            "nearest names, {hidden} more under all",
            hidden,
        ).format(hidden=hidden)
    return ngettext(
        "{n} found, {hidden} more under all", "{n} found, {hidden} more under all", hidden
    ).format(n=shown, hidden=hidden)


SCROLLED = N_("The list was scrolled: choose a row with ↑ ↓ or a click, then Enter.")
AT_ONCE = 0.1
"""Seconds in which most scans are answered, by a site or hub that is near or by the list here."""


class ListSearch:
    """Searches the lane's list by what a person types, and notes the row that was chosen.

    It drives the list itself, and draws many changes at once: the screen that owns it has `draw`
    called before the next frame whenever it is asked to.
    """

    def __init__(
        self,
        draw_soon: Callable[[], object],
        show_result: Callable[[QueryResult], None] = lambda _result: None,
    ) -> None:
        """`show_result` shows the words beside the list whenever it was listed."""
        self.lane: Lane | None = None
        self.query = ListQuery()
        self.tickets = TicketList(self.row, self._why)
        self.alone = False
        """As of the `QueryResult` that is listed."""
        self._draw_soon = draw_soon
        self._show_result = show_result
        self._chosen = False
        """A person put the highlight where it is."""
        self._fresh = True
        """Something else is looked for than what is listed."""
        self._list_changed = False
        self._rows_changed: set[str] = set()
        self._waiting: asyncio.TimerHandle | None = None
        """An answer may come before that, with which all is drawn."""

    @property
    def text(self) -> str:
        return self.query.text

    @property
    def _roster(self) -> Roster | None:
        return self.lane.roster if self.lane else None

    def row(self, uuid: str) -> Row | None:
        return self.query.row(self._roster, uuid)

    def _why(self, uuid: str) -> str:
        """What a row is found by, where what is listed of it does not tell."""
        roster, text = self._roster, self.text
        return roster.why(uuid, text) if roster is not None and text.strip() else ""

    def name(self, ticket: str) -> str:
        row = self.row(ticket)
        return row.ticket.full_name if row else ""

    # Drawing

    def apply(self, change: "Change") -> None:
        from boxoffice.lane import RosterChanged  # noqa: PLC0415  # loaded by now

        if isinstance(change, RosterChanged):
            if change.uuids is None:
                self._list_changed = True
            else:
                self._rows_changed |= change.uuids
        self._draw_soon()

    def draw(self) -> None:
        """Draw what has changed. A changed row alone where the list is surely the same."""
        if self._waiting is not None or not (
            self._fresh or self._list_changed or self._rows_changed
        ):
            return
        roster = self._roster
        same = roster is not None and len(roster) == len(self.tickets.uuids)
        if self._fresh or self._list_changed or not (same and self.query.is_whole):
            self._list()
        else:
            self.tickets.touch(self._rows_changed)
            self._rows_changed.clear()

    def _list(self) -> None:
        """List what is looked for, from its beginning where that is something else than before."""
        self._stop_waiting()
        query, status = self.query, self.lane.status if self.lane is not None else None
        result = query.find(
            self._roster,
            loading=status is None or status.loading,
            was_read=status is not None and status.list_at is not None,
        )
        if not self._fresh and result.uuids and not self.tickets.uuids:
            query.note = ""  # it was about a list that held nobody yet
        if self._fresh:
            self._chosen = False
            self.tickets.show(result.uuids, 0 if result.alone else None, empty=result.empty)
        else:
            self.tickets.replace(result.uuids, empty=result.empty)
        self.alone = result.alone
        self._fresh = self._list_changed = False
        self._rows_changed.clear()
        self._show_result(result)

    def listed(self) -> TicketList:
        """The list, by what was typed last."""
        if self._fresh:
            self._list()
        return self.tickets

    # What a person types

    def press(self, key: str) -> bool:
        """Do what a person's key asks of line or list. False: it is none of these."""
        match key:
            case "tab" | "shift+tab":
                self.set_filter(-1 if key == "shift+tab" else 1)
            case "backspace" | "ctrl+h":
                self.put(self.text[:-1])
            case "ctrl+u" | "ctrl+w":
                self.put("")
            case "ctrl+z" if self.text:
                self.query.undo_edit()
                self._look()
            case "down" | "up" | "pagedown" | "pageup" | "home" | "end":
                self.listed().go(key)
                self.choose()
            case _:
                return False
        return True

    def put(self, text: str) -> None:
        """Have `text` on the line. The list follows before the next frame."""
        self.query.type(text)
        self._look()

    def put_with_answer(self, text: str) -> None:
        """Have `text` on the line, and draw it with the answer where that comes at once.

        A frame of its own would hold the answer's up: Textual keeps frames apart.
        """
        self._stop_waiting()
        self.put_scanned(text)

    def put_scanned(self, text: str) -> None:
        """Have what a scanner is writing on the line, and draw that a few times a second."""
        self.query.type(text)
        self._fresh = True
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(AT_ONCE, self._draw_waiting)

    def _draw_waiting(self) -> None:
        self._stop_waiting()
        self._draw_soon()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def set_filter(self, to: int | str) -> None:
        self.query.set_filter(to)
        self._look()

    def _look(self) -> None:
        self._fresh = True
        self._draw_waiting()

    # Whom a person means

    @property
    def highlighted(self) -> str | None:
        return self.listed().ticket

    def choose(self) -> None:
        """A person put the highlight where it is."""
        self._chosen = self.tickets.ticket is not None

    @property
    def chosen(self) -> str | None:
        """The ticket of the row that a person chose."""
        return self.highlighted if self._chosen else None

    @property
    def is_scrolled(self) -> bool:
        """The row that a person chose was scrolled out of sight: the highlight is on another."""
        return self._chosen and self.listed().carried

    def select(self, *, doubtful: bool, to_confirm: str | None) -> Selection:
        """Whom Enter means.

        `doubtful`: a scanner may have written what stands on the line. `to_confirm`: the ticket
        that is meant where nothing is typed nor chosen.
        """
        query, chosen = self.query, self.chosen
        if chosen is None and not query.text and to_confirm is not None:
            return Chosen(to_confirm)
        return select(
            query.text,
            roster=self._roster,
            only=query.filter,
            highlighted=chosen,
            doubtful=doubtful,
        )

    def note(self, sentence: str) -> None:
        """Have the line say something in place of the number found."""
        self.query.note = sentence
        self._list()

    # What the answers ask of the list

    def offer(self, tickets: Iterable[Ticket]) -> None:
        """Have one of these chosen, unless something is typed that must not be taken away."""
        if not self.text:
            self.query.candidates = {ticket.uuid: ticket for ticket in tickets}
            self._look()

    def choose_nobody(self) -> None:
        """Have Enter mean no row, also before the highlight is seen to go."""
        if not self.text and not self.query.candidates:
            self._chosen = False

    def mark(self, ticket: str | None) -> None:
        """Mark the row of the ticket that was answered for; None: mark none. Nobody is chosen."""
        if not self.text and not self.query.candidates:
            tickets = self.listed()
            self.choose_nobody()
            tickets.choose_none()
            tickets.reveal(ticket)
