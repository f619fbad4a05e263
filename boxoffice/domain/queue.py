"""The queue: what the server has still to be told, or a person has to look at."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from boxoffice.domain.models import AnswerInput


class Kind(StrEnum):
    """What a row of the queue asks of the server."""

    CHECK_IN = "check_in"
    ANSWERS = "answers"
    NAME = "name"


class State(StrEnum):
    """Where a row of the queue stands."""

    WAITING = "waiting"
    SENDING = "sending"
    FAILED = "failed"
    CONFLICT = "conflict"


class QueueRow(NamedTuple):
    """Something the server has still to be told, or that a person has to look at."""

    id: int
    kind: Kind
    state: State
    ticket: str
    event: str
    at: datetime
    lane: str
    operator: str
    given: tuple[AnswerInput, ...] = ()
    """What to answer, for `Kind.ANSWERS`."""
    full_name: str = ""
    """What to write, for `Kind.NAME`."""
    read_first: bool = False
    """Decided without the server: it must be read before it is written."""
    attempted: bool = False
    """A write has left before, and what became of it is not known."""
    tries: int = 0
    due: datetime | None = None
    reason: str = ""


class Counts(NamedTuple):
    """How many rows of the queue, and sales, stand where."""

    waiting: int = 0
    sending: int = 0
    failed: int = 0
    conflicts: int = 0
    sales_open: int = 0
    """Sales that are not settled, and need nobody so far."""
    sales_stuck: int = 0
    """Sales that need a person."""

    @property
    def unsent(self) -> int:
        """What the server has not been told yet, or has not answered."""
        return self.waiting + self.sending + self.sales_open

    @property
    def attention(self) -> int:
        """Rows and sales that need a person."""
        return self.failed + self.conflicts + self.sales_stuck
