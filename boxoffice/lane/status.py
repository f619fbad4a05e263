"""What a lane shows of itself, and what it tells those who watch it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from boxoffice.domain.models import (
    Answer,
    CodesKnown,
    LinkState,
    Order,
    Question,
    SeenIn,
    Ticket,
)
from boxoffice.domain.queue import Counts, QueueRow
from boxoffice.domain.roster import Mark
from boxoffice.domain.sale import Sale

NOTHING_READ = CodesKnown()


@dataclass(frozen=True, slots=True)
class Status:
    """The truth that is always on the screen."""

    event_title: str
    lane: str
    link: LinkState = LinkState.OFFLINE
    sentence: str = ""
    """What is wrong and what to do; empty while all is well."""
    list_at: datetime | None = None
    """When the list was last read from the server; None: never."""
    loading: bool = True
    """The list on disk is not in memory yet. Scans are answered all the same."""
    counts: Counts = field(default_factory=Counts)
    checked_in: int = 0
    total: int = 0
    codes: CodesKnown = NOTHING_READ
    """How far the tickets were read one by one, for the codes that the list does not hold."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    status: Status


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Rows of the list changed."""

    uuids: frozenset[str] | None = None
    """Which; None: any of them, the list may be another one."""


@dataclass(frozen=True, slots=True)
class SaleChanged:
    """A sale of this lane's till went on, or needs a person."""

    sale: Sale


Change = StatusChanged | RosterChanged | SaleChanged
Watcher = Callable[[Change], None]


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an undo, with the sentence that says so."""

    done: bool
    """All that was to be undone is."""
    sentence: str
    ticket: Ticket | None = None
    """The one it is about, or the last of several."""
    parts: "tuple[Undone, ...]" = ()
    """One for each ticket, where several were admitted together."""

    @property
    def each(self) -> "tuple[Undone, ...]":
        return self.parts or (self,)

    @property
    def word(self) -> str:
        """What the band says."""
        if self.done:
            return "UNDONE"
        return "PARTLY UNDONE" if any(part.done for part in self.parts) else "NOT UNDONE"

    @property
    def who(self) -> str:
        """Whose check-in it is about."""
        if len(self.parts) > 1:
            return f"{len(self.parts)} people"
        return self.ticket.full_name if self.ticket else ""


class NextUndo(NamedTuple):
    """What an undo would take back."""

    who: str = ""
    """Whose check-in; empty: nobody's, or somebody without a name."""
    tickets: frozenset[str] = frozenset()
    """Their uuids; none: there is nothing to undo."""


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known of one ticket."""

    ticket: Ticket
    mark: Mark
    order: Order | None
    seen_in: SeenIn | None
    questions: tuple[Question, ...]
    answers: Mapping[str, Answer]
    """What was answered before, by the question's uuid."""
    unanswered: tuple[Question, ...] | None
    """Required questions without an answer; None: not known here."""
    confirmed: bool
    """Read from the server just now; else this computer's copy."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue, sorted by who has to act."""

    waiting: tuple[QueueRow, ...]
    failed: tuple[QueueRow, ...]
    conflicts: tuple[QueueRow, ...]
    names: Mapping[str, str]
    """Attendees' names by ticket uuid."""
    sales: tuple[Sale, ...] = ()
    """Sales that are not settled, oldest first; `Sale.needs_person` says which need one."""
