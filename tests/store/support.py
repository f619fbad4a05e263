"""What the tests of the store share."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from boxoffice.domain.journal import Entry, JournalKind, QueueRow, QueueState
from boxoffice.domain.models import AnswerInput, Ticket
from boxoffice.store import Journal, RosterStore, admissions, queue, ticket_lists
from boxoffice.store.journal_db import connect
from tests.support import EVENING, FakeClock

T = TypeVar("T")

EVENT = "e" * 32
OTHER_EVENT = "f" * 32


def uuid(number: int) -> str:
    """A ticket's uuid, or a question's."""
    return f"{number:032x}"


def scan(ticket: str, *, event: str = EVENT) -> Entry:
    """What the lane journals of a green scan."""
    return Entry(JournalKind.SCAN, event, ticket, code=ticket, verdict="admitted", confirmed=True)


def said(kind: str, ticket: str, reason: str = "") -> Entry:
    return Entry(JournalKind(kind), EVENT, ticket, reason=reason)


def ticket(number: int, *, checked_in: bool = False, event: str = EVENT) -> Ticket:
    return Ticket(uuid(number), event, checked_in, full_name=f"Person {number}", number=number)


ORDER = uuid(700)
FULL = Ticket(
    uuid=uuid(1),
    event=EVENT,
    checked_in=False,
    refunded=True,
    full_name="Åse Ø",
    email="aase@example.com",
    number=17,
    ticket_type="Student",
    ticket_type_pk=3,
    date="2026-05-08T19:00:00+02:00",
    order=ORDER,
    external_uuid="EXT-1",
    url="nz9lb",
    seat="B 12",
)

GIVEN = (AnswerInput(uuid(901), "vegetarian"), AnswerInput(uuid(902), (uuid(1), uuid(2))))


async def admit(journal: Journal, *tickets: str) -> list[int]:
    """Answers the ids of the rows that it queued."""
    return [
        (await journal.write(admissions.admit, scan(ticket), read_first=False))[0].journal
        for ticket in tickets
    ]


async def one(journal: Journal) -> QueueRow:
    """The only row of the queue."""
    (row,) = await journal.read_all(queue.in_states, QueueState)
    return row


def execute(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run statements on a connection of one's own; answers the rows of the last."""
    rows: list[tuple[object, ...]] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows


async def pull(
    store: RosterStore,
    *rows: Ticket,
    removed: Sequence[str] = (),
    at: datetime = EVENING,
    event: str = EVENT,
    clock: FakeClock | None = None,
) -> bool:
    return await ticket_lists.apply(
        store,
        event,
        rows,
        removed,
        at=at,
        clock=clock or FakeClock(),
    )


def position(connection: sqlite3.Connection) -> int:
    """The newest row's id; 0: none. Tells what began before what, whatever the clock does."""
    (newest,) = connection.execute("SELECT max(id) FROM journal").fetchone()
    return int(newest or 0)


class JournalMachine(RuleBasedStateMachine):
    """Random moves on one journal, which only grows."""

    def open_journal(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.connection = connect(Path(self.folder.name) / "journal.db")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.journalled = 0

    def teardown(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
            self.folder.cleanup()

    @invariant()
    def the_journal_only_grows(self) -> None:
        newest = position(self.connection)
        assert newest >= self.journalled
        self.journalled = newest
