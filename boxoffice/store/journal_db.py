"""journal.db: what happened at the door, who was admitted, what must still be sent to the server.

It is precious: it is never deleted or overwritten, and a write returns only once it is on disk
(CONTRIBUTING.md, promises 1 and 9). Two processes may use the file at the same time.

This module has the file itself, the log of everything that happened, and small settings. The log is
only ever added to: triggers refuse anything else. Whatever of it is about people, operators among
them, is in a table of its own, which `erasure` empties. The file's other tables are read and
written by the modules `admissions`, `queue`, `sales`, `takings`, `code_ties` and more.
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
"""The file that is made right after the journal: if it is there, there was a journal once."""
LOST = "lost_at"
HOUSE_EMAIL = "house_email"
"""Setting: the house's own e-mail address, for buyers who give none."""
SETTING_LIMIT = 2_000
"""Characters."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection to journal.db at `path`. Raises StoreError."""
    steps = migrations("journal")
    return open_file(path, steps=steps, application=APPLICATION, synchronous="FULL")


class Transaction(NamedTuple):
    """A transaction in journal.db, with what every row it writes holds: when, where, by whom."""

    connection: sqlite3.Connection
    at: str
    """By the site's clock, as far as that is known."""
    lane: str
    operator: str
    own: str | None = None
    """The time by the computer's own clock; None: `at` is by that clock too."""

    @property
    def signed(self) -> tuple[str, str, str]:
        """When, where and by whom, as the columns of a row."""
        return self.at, self.lane, self.operator

    def execute(
        self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> sqlite3.Cursor:
        return self.connection.execute(statement, values)


class Journal:
    """The file, opened for one lane and operator, whose names go on every row.

    There are two connections, so that an admission never waits for a report. All methods raise
    StoreError where the file cannot be read or written, and whatever the given function raises.
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
        """Open the file at `path`; make it, if there is none.

        If there was one before, which is lost, `lost_at` tells that from then on. Raises StoreError
        where the file is damaged, from a newer boxoffice, or not writable; it is left untouched.
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
        """The result of `query(connection, *args, **kwargs)`, which has to be quick."""
        return await self._database.run(query, *args, **kwargs)

    async def read_all(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a query of many rows, on the other connection: no admission waits for it."""
        return await self._reader.run(query, *args, **kwargs)

    async def write(
        self, change: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `change(transaction, *args, **kwargs)`.

        When this returns, all that it wrote is on disk. If it raises, nothing is.
        """
        own = own_time(self._clock)
        shown = None if own is None else utc_text(own)
        signed = (utc_text(self._clock.now()), self.lane, self.operator, shown)
        return await self._database.write(
            lambda connection: change(Transaction(connection, *signed), *args, **kwargs)
        )

    async def changed_tickets(self, event: str) -> list[str] | None:
        """The tickets at `event` that rows were written about since this was last called.

        Those of all processes; but None, if no other process wrote anything.
        """
        before, self._looked = self._looked, await self.read(_look)
        if before.version == self._looked.version:
            return None
        return await self.read(_tickets_after, event, before.row)


class GroupCommit:
    """Writes the changes of several tasks in one transaction, as each commit waits for the disk.

    Changes that come while a transaction is being committed go together into the next one.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: list[tuple[Callable[[Transaction], Any], asyncio.Future[Any]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def write(
        self, change: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `Journal.write`. If one change of a group raises, none is written, and all raise."""
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
    """How far the file was written at a certain moment."""

    version: int = 0
    """SQLite's number, which changes when another connection writes to the file."""
    row: int = 0
    """The id of the newest row of the log."""


def _look(connection: sqlite3.Connection) -> _Look:
    # In this order, a row that is written in between is seen the next time.
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    (row,) = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return _Look(version, row)


def _tickets_after(connection: sqlite3.Connection, event: str, row: int) -> list[str]:
    """The tickets that newer rows of the log name: every change to a ticket has such a row."""
    rows = connection.execute(
        "SELECT DISTINCT ticket FROM journal WHERE id > ? AND event = ? AND ticket IS NOT NULL",
        (row, event),
    )
    return [ticket for (ticket,) in rows]


# The log


def record(tx: Transaction, entry: Entry) -> int:
    """Append to the log; returns the id of the row."""
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
    """The time of `row` by the computer's own clock; None: not known, or the same as its `at`."""
    found = connection.execute("SELECT own FROM journal WHERE id = ?", (row,)).fetchone()
    return moment_or_none(found["own"]) if found else None


# Settings


def remember(tx: Transaction, key: str, value: str) -> None:
    """Store a setting for all lanes of this computer: `value`, cleaned, replaces the one before."""
    tx.execute(
        "INSERT OR REPLACE INTO memo (key, value) VALUES (?, ?)", (key, clean(value, SETTING_LIMIT))
    )


def recall(connection: sqlite3.Connection, key: str) -> str:
    """The value of a setting; empty: it was never set."""
    row = connection.execute("SELECT value FROM memo WHERE key = ?", (key,)).fetchone()
    return str(row["value"]) if row else ""


def lost_at(connection: sqlite3.Connection) -> datetime | None:
    """When this file replaced one that was gone or empty; None: it never did."""
    return moment_or_none(recall(connection, LOST))
