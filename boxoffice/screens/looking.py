"""What the list at the door shows: the line's text, the filter, or the tickets a code left open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from boxoffice.domain.models import Ticket
from boxoffice.domain.roster import Filter, Mark, Roster, Row

MOST_EDITS = 100
"""Edits of the line that can be taken back."""
NOT_OPEN = "The door of no event is open. F10 chooses one."
LOADING = "The list is being loaded. Scans are answered already."
NO_LIST = "There is no list yet. F5 asks the server for it; scans are answered meanwhile."
NOBODY = "Nobody by this name, e-mail, order or number. Esc clears the line."
NOBODY_HERE = "Nobody is under this filter. Tab shows the next one."


@dataclass(frozen=True, slots=True)
class Shown:
    """What the list shows, and the words beside and in place of it."""

    uuids: Sequence[str]
    count: str
    near: bool = False
    """Not what was typed, only like it."""
    empty: str = ""


@dataclass(slots=True)
class Looking:
    """What the person at the door looks for."""

    text: str = ""
    filter: Filter = Filter.ALL
    candidates: dict[str, Ticket] = field(default_factory=dict)
    """The tickets to choose from, after WHICH ONE?. Typing puts them away."""
    note: str = ""
    """What is said in place of the number found, until something else is looked for."""
    before: list[str] = field(default_factory=list)
    """What stood on the line before each edit."""

    def type(self, text: str) -> None:
        if text and text != self.text:
            self.before = [*self.before[-MOST_EDITS:], self.text]
        elif not text:
            self.before = []
        self.text = text
        self.candidates = {}
        self.note = ""

    def take_back(self) -> None:
        """Have on the line what stood there before the last edit."""
        *earlier, text = self.before or [""]
        self.type(text)
        self.before = earlier

    def turn(self, to: int | str) -> None:
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
        return row or (Row(candidate, Mark()) if candidate else None)

    def list(self, roster: Roster | None, *, loading: bool) -> Shown:
        """What is found."""
        if self.candidates:
            return Shown(tuple(self.candidates), f"{len(self.candidates)} to choose from")
        if roster is None:
            return Shown((), "", empty=NOT_OPEN)
        if loading and not len(roster):
            return Shown((), "", empty=LOADING)
        if not len(roster):
            return Shown((), "no tickets", empty=NO_LIST)
        if not self.text.strip():
            rows = roster.rows(self.filter)
            return Shown(rows, _tickets(len(rows)), empty=NOBODY_HERE)
        found = roster.find(self.text, self.filter)
        count = f"{len(found.uuids)} found"
        if found.near:
            count = "nearest names"
        if found.hidden:
            count += f", {found.hidden} more under all"
        hidden = f"Nobody under “{self.filter}”: Tab shows the {found.hidden} under all."
        empty = hidden if found.hidden else NOBODY
        return Shown(found.uuids, count, near=found.near, empty=empty)


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"
