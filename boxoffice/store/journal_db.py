"""journal.db: what happened at the door, who was admitted, what the server has still to be told.

Precious: it is never deleted or overwritten, and what it answers is on disk before it answers
(CONTRIBUTING.md, promises 1 and 9).
Two processes may use one file at the same time.

Here is the file itself, the log of all that happened (append-only: triggers refuse all else), and
small settings. What of the log is about people, operators among them, is a table of its own, which
`erasure` empties. The modules `admissions`, `queue`, `sales`, `takings` and `code_ties` hold what
else is read from it and written to it.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from boxoffice.clock import Clock, own_time
from boxoffice.domain.journal import REASON_LIMIT, Entry, LogRow
from boxoffice.domain.text import clean
from boxoffice.store.database import Database, Work, from_row, moment_or_none, utc_text
from boxoffice.store.db_file import connect_reader, migrations, note_whole, open_file

P = ParamSpec("P")
T = TypeVar("T")

APPLICATION = 0x626F786A
"""`boxj`"""
ROSTER = "roster.db"
"""What is made beside a journal, and after it: there is none where none was ever opened."""
LOST = "lost_at"
HOUSE_EMAIL = "house_email"
"""What is remembered of it, for buyers who give none."""
SETTING_LIMIT = 2_000
"""Characters."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection to journal.db at `path`. Raises StoreError."""
    steps = migrations("journal")
    return open_file(path, steps=steps, application=APPLICATION, synchronous="FULL")


class Transaction(NamedTuple):
    """One in journal.db, with what stands on every row that it writes: when, where and by whom."""

    connection: sqlite3.Connection
    at: str
    """By the site's clock, as far as it is known."""
    lane: str
    operator: str
    own: str | None = None
    """What the computer's clock showed; None: it is that clock that tells `at`."""

    @property
    def signed(self) -> tuple[str, str, str]:
        """When, where and by whom, as a row of any table holds it."""
        return self.at, self.lane, self.operator

    def execute(
        self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> sqlite3.Cursor:
        return self.connection.execute(statement, values)


class Journal:
    """The file, opened for one lane and operator, whose names go on every row.

    On two connections: an admission waits for no report. All methods raise StoreError where the
    file cannot be read or written, and what the function that they are given raises.
    """

    def __init__(self, path: Path, *, lane: str, operator: str, clock: Clock) -> None:
        self.lane = clean(lane)
        self.operator = clean(operator)
        self._database = Database(path, lambda: connect(path))
        self._reader = Database(path, lambda: connect_reader(path))
        self._clock = clock
        self._looked = _Look()

    @classmethod
    async def open(cls, path: Path, *, lane: str, operator: str, clock: Clock) -> "Journal":
        """Open the file at `path`, made where there is none. `lost_at` says where there was one.

        Raises StoreError, with the file untouched, where it is damaged, from a newer boxoffice, or
        cannot be written to.
        """
        journal = cls(path, lane=lane, operator=operator, clock=clock)
        is_lost = not _size(path) and _size(path.with_name(ROSTER)) > 0
        await journal._database.open()
        try:
            await journal._reader.open()
            if is_lost:
                await journal.write(remember, LOST, utc_text(clock.now()))
            journal._looked = await journal.read(_look)
        except BaseException:
            await journal.close()
            raise
        return journal

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._reader.close()
        await self._database.close()
        await asyncio.to_thread(note_whole, self._database.path)

    async def read(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `query(connection, *args, **kwargs)` answers, which has to be quick."""
        return await self._database.run(query, *args, **kwargs)

    async def read_all(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for one that answers many rows: no admission waits for it."""
        return await self._reader.run(query, *args, **kwargs)

    async def write(
        self, change: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `change(transaction, *args, **kwargs)`.

        All that it writes is on disk when this returns, or nothing where it raises.
        """
        own = own_time(self._clock)
        shown = None if own is None else utc_text(own)
        signed = (utc_text(self._clock.now()), self.lane, self.operator, shown)
        return await self._database.write(
            lambda connection: change(Transaction(connection, *signed), *args, **kwargs)
        )

    async def changed_tickets(self, event: str) -> list[str] | None:
        """The tickets at `event` that were written about since this was last asked, by whomever.

        None: no other process wrote to the file meanwhile.
        """
        before, self._looked = self._looked, await self.read(_look)
        if before.version == self._looked.version:
            return None
        return await self.read(_tickets_after, event, before.row)


class GroupCommit:
    """Writes what several tasks change at once in one transaction.

    What is handed over while one is being committed goes together into the next.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[tuple[Callable[[Transaction], Any], asyncio.Future[Any]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def write(
        self, change: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `Journal.write`. Where one of a group raises, nothing of it is written, and all do."""
        written: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((lambda tx: change(tx, *args, **kwargs), written))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        return await written

    async def _commit(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                answers = await self._journal.write(_apply_all, [change for change, _ in group])
            except Exception as error:  # noqa: BLE001 - it travels to those who wait
                for _, written in group:
                    if not written.done():
                        written.set_exception(error)
            else:
                for (_, written), answer in zip(group, answers, strict=True):
                    if not written.done():
                        written.set_result(answer)
        self._committing = None


def _apply_all(tx: Transaction, changes: Sequence[Callable[[Transaction], T]]) -> list[T]:
    return [change(tx) for change in changes]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class _Look(NamedTuple):
    """How far the file was written when it was looked at."""

    version: int = 0
    """Changes when another connection has written to it."""
    row: int = 0
    """The newest of the log."""


def _look(connection: sqlite3.Connection) -> _Look:
    # In this order: what is written in between is seen as a change the next time.
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    (row,) = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return _Look(version, row)


def _tickets_after(connection: sqlite3.Connection, event: str, row: int) -> list[str]:
    """Whatever changes how a ticket stands has a row of the log that names it."""
    rows = connection.execute(
        "SELECT DISTINCT ticket FROM journal WHERE id > ? AND event = ? AND ticket IS NOT NULL",
        (row, event),
    )
    return [ticket for (ticket,) in rows]


# The log


def record(tx: Transaction, entry: Entry) -> int:
    """Append to the log; answers the row's id."""
    cursor = tx.execute(
        "INSERT INTO journal (at, lane, kind, event, ticket, verdict, confirmed, data, own)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(tx.at, tx.lane, entry.kind, entry.event, entry.ticket),
            *(entry.verdict, entry.confirmed),
            None if entry.data is None else json.dumps(dict(entry.data)),
            tx.own,
        ),
    )
    row = cursor.lastrowid or 0
    code = None if entry.code is None else clean(entry.code)
    reason = clean(entry.reason, REASON_LIMIT)
    if tx.operator or code is not None or reason:
        tx.execute(
            "INSERT INTO personal (journal, operator, code, reason) VALUES (?, ?, ?, ?)",
            (row, tx.operator, code, reason),
        )
    return row


def log(connection: sqlite3.Connection, event: str | None = None) -> list[LogRow]:
    """The rows of `event`, or all, oldest first."""
    rows = connection.execute(
        "SELECT * FROM journal_log WHERE ?1 IS NULL OR event = ?1 ORDER BY id", (event,)
    )
    return [
        from_row(LogRow, row, entry=from_row(Entry, row, data=json.loads(row["data"] or "null")))
        for row in rows
    ]


def own_time_of(connection: sqlite3.Connection, row: int) -> datetime | None:
    """What the computer's own clock showed when `row` was written; None: not known, or as `at`."""
    found = connection.execute("SELECT own FROM journal WHERE id = ?", (row,)).fetchone()
    return moment_or_none(found["own"]) if found else None


# Settings


def remember(tx: Transaction, key: str, value: str) -> None:
    """Keep `value` for all lanes of this computer, cleaned, in the place of the one before."""
    tx.execute(
        "INSERT OR REPLACE INTO memo (key, value) VALUES (?, ?)", (key, clean(value, SETTING_LIMIT))
    )


def recall(connection: sqlite3.Connection, key: str) -> str:
    """What was remembered last; empty: nothing."""
    row = connection.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else ""


def lost_at(connection: sqlite3.Connection) -> datetime | None:
    """When this file was begun in the place of one that was gone or empty; None: it was not."""
    return moment_or_none(recall(connection, LOST))
