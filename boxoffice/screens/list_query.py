"""What a list of tickets shows: those of a text, of a filter, or those that a code left open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from boxoffice.domain.humanize import count
from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, LocalStatus, Roster, Row

MOST_EDITS = 100
"""Edits of the line that can be taken back."""
NOT_OPEN = "The door of no event is open. F10 chooses one."
LOADING = "The list is being loaded. Scans are answered already."
NO_LIST = "There is no list yet. F5 asks the server for it; scans are answered meanwhile."
NOBODY = "Nobody by this name, e-mail, order or number. Esc clears the line."
NOBODY_HERE = "Nobody is under this filter. Tab shows the next one."


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What the list shows, and the words beside and in place of it."""

    uuids: Sequence[str]
    count: str = ""
    near: bool = False
    """Not what was typed, only like it."""
    empty: str = ""
    alone: int | None = None
    """0, the row of the one ticket that was found by what was typed; None: there is no such."""


@dataclass(slots=True)
class ListQuery:
    """What a person looks for in a list of tickets."""

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
        """The whole list is shown."""
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

    def find(self, roster: Roster | None, *, loading: bool) -> QueryResult:
        """List what is found; `loading`: the list is on its way from the disk."""
        if self.candidates:
            return QueryResult(tuple(self.candidates), f"{len(self.candidates)} to choose from")
        if roster is None:
            return QueryResult((), empty=NOT_OPEN)
        if not len(roster):
            if loading:
                return QueryResult((), empty=LOADING)
            return QueryResult((), "no tickets", empty=NO_LIST)
        if not self.text.strip():
            rows = roster.rows(self.filter)
            return QueryResult(rows, count(len(rows), "ticket"), empty=NOBODY_HERE)
        found = roster.find(self.text, self.filter)
        words = "nearest names" if found.near else f"{len(found.uuids)} found"
        empty = NOBODY
        if found.hidden:
            words += f", {found.hidden} more under all"
            empty = f"Nobody under “{self.filter}”: Tab shows the {found.hidden} under all."
        alone = 0 if len(found.uuids) == 1 and not found.near else None
        return QueryResult(found.uuids, words, near=found.near, empty=empty, alone=alone)
