"""roster.db: a copy of the server's lists, and of what single reads brought.

All of it can be read from the server again. So a file that is damaged, or of a newer boxoffice, is
replaced by a new one; as there may be no network, whatever can still be read of it is copied.

This module has the file itself. Its tables are read and written by the modules `tickets`,
`ticket_lists`, `orders`, `json_docs` and `claim_feed`.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import ParamSpec, TypeVar

from boxoffice.language import _
from boxoffice.store.database import Database, Work
from boxoffice.store.db_file import (
    SQLITE_ERRORS,
    DamagedError,
    NewerError,
    StoreError,
    connect_reader,
    from_os,
    from_sqlite,
    migrations,
    open_file,
    transaction,
    unusable,
)

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

APPLICATION = 0x626F7872
"""`boxr`"""

EXTERNAL_HEX = "lower(replace(external_uuid, '-', ''))"
"""SQL for the hex digits of an external uuid, which need not be a uuid."""

INDICES = {
    "ticket_event": "ticket (event)",
    "ticket_number": "ticket (number)",
    "ticket_order": 'ticket ("order") WHERE "order" IS NOT NULL',
    "ticket_external": "ticket (external_uuid) WHERE external_uuid IS NOT NULL",
    "ticket_external_hex": f"ticket ({EXTERNAL_HEX}) WHERE external_uuid IS NOT NULL",
    "ticket_url": "ticket (url) WHERE url IS NOT NULL",
}
"""They are not made by a migration: a first load drops them, and makes them again at its end."""


class RosterStore:
    """The file. There are two connections, so that a scan never waits for a long list.

    All methods raise StoreError if the file cannot be read or written, and whatever the given
    function raises. After a DamagedError the file is a new and empty one.
    """

    def __init__(self, path: Path) -> None:
        self.renewals = 0
        """How often the file was replaced by a new one; what was in it before may be gone."""
        self._watchers: list[Callable[[], None]] = []
        self._path = path
        self._renewing = asyncio.Lock()
        self._make()

    @classmethod
    async def open(cls, path: Path) -> "RosterStore":
        """Open the file at `path`; make it, if none there can be used. Raises StoreError."""
        store = cls(path)
        await store._open()
        return store

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._reader.close()
        await self._writer.close()

    def watch_renewals(self, renewed: Callable[[], None]) -> None:
        """Call `renewed`, on the event loop, each time that the file was replaced."""
        self._watchers.append(renewed)

    async def read(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `query(connection, *args, **kwargs)`, which has to be quick: scans wait."""
        await self._no_renewal()
        reader = self._reader
        return await self._renewing_damaged(reader, reader.run(query, *args, **kwargs))

    async def read_all(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a query over all tickets, on the other connection: no scan waits for it."""
        await self._no_renewal()
        writer = self._writer
        return await self._renewing_damaged(writer, writer.run(query, *args, **kwargs))

    async def write(self, change: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `change(connection, *args, **kwargs)` in one transaction."""
        await self._no_renewal()
        writer = self._writer
        return await self._renewing_damaged(writer, writer.write(change, *args, **kwargs))

    async def _no_renewal(self) -> None:
        """Return once the file is not being replaced."""
        if self._renewing.locked():
            async with self._renewing:
                return

    async def _renewing_damaged(self, database: Database, work: Awaitable[T]) -> T:
        try:
            return await work
        except DamagedError as error:
            await self._renew(database)
            raise self.renewed(str(error)) from error

    def renewed(self, detail: str) -> DamagedError:
        """The error for work that began in a file which was damaged."""
        return DamagedError(
            _("{path} was damaged and is made anew: the list is read again.").format(
                path=self._path
            ),
            detail,
        )

    async def _renew(self, damaged: Database) -> None:
        async with self._renewing:
            if damaged not in (self._writer, self._reader):
                return  # somebody else has met the damage, and replaced the file already
            await self.close()
            await asyncio.to_thread(_set_aside, self._path)
            self.renewals += 1
            self._make()
            await self._open()
            for renewed in self._watchers:
                renewed()

    def _make(self) -> None:
        path = self._path
        self._writer = Database(path, lambda: connect(path))
        self._reader = Database(path, lambda: connect_reader(path))

    async def _open(self) -> None:
        await self._writer.open()
        try:
            await self._reader.open()
        except BaseException:
            await self._writer.close()
            raise


async def keep_copy(storing: Awaitable[T]) -> T | None:
    """Store something that the site or the hub said, and go on if that fails: it counts anyway."""
    try:
        return await storing
    except StoreError as error:
        log.warning("a copy is not stored: %s", error)
        return None


# The file


def connect(path: Path) -> sqlite3.Connection:
    """The connection that writes. A file that cannot be used is replaced. Raises StoreError."""
    try:
        connection = _open(path)
    except (DamagedError, NewerError) as error:
        log.warning("made anew, with what can be read of it: %s", error)
        _set_aside(path)
        connection = _open(path)
    if (old := _aside(path)).exists():
        try:
            log.warning("%d rows of %s could be read", _copy_readable(old, connection), old)
        except SQLITE_ERRORS as error:  # or another process has copied and deleted it just now
            log.warning("nothing of %s was read: %s", old, error)
        _delete(old)
    return connection


def _aside(path: Path) -> Path:
    return path.with_suffix(".damaged")


def _files(path: Path) -> tuple[Path, ...]:
    return tuple(Path(f"{path}{end}") for end in ("", "-wal", "-shm"))


def _set_aside(path: Path) -> None:
    """Make room for a new file. Raises StoreError if another program holds it (Windows)."""
    old = _aside(path)
    try:
        _delete(old)
        for file, aside in zip(_files(path), _files(old), strict=True):
            if file.exists():
                file.replace(aside)
    except OSError as error:
        raise from_os(error, path) from error


def _delete(path: Path) -> None:
    for file in _files(path):
        file.unlink(missing_ok=True)


def _copy_readable(old: Path, connection: sqlite3.Connection) -> int:
    """Copy whatever can be read of each table of a damaged file. Returns the number of rows.

    Each table is read from its beginning and from its end, up to the damage, so that a broken page
    hides only its own rows. The next list fills the holes, and the feed is read again from its
    beginning.
    """
    tables = [row["name"] for row in connection.execute(_TABLES)]
    before = connection.total_changes
    with (
        closing(sqlite3.connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as damaged,
        transaction(connection),
    ):
        damaged.execute("PRAGMA writable_schema = 1")  # or nothing of one cut short could be read
        try:
            (owner,) = damaged.execute("PRAGMA application_id").fetchone()
        except SQLITE_ERRORS as error:
            log.warning("nothing of %s can be read: %s", old, error)
            return 0
        for table in tables if owner == APPLICATION else ():
            for descending in (False, True):
                try:
                    _copy_table(damaged, connection, table, descending=descending)
                except SQLITE_ERRORS as error:
                    log.warning("%s of %s is damaged: %s", table, old, error)
                else:
                    break
        copied = connection.total_changes - before
        connection.execute("DELETE FROM feed")
    return copied


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _copy_table(
    damaged: sqlite3.Connection, connection: sqlite3.Connection, table: str, *, descending: bool
) -> None:
    """Copy rows up to the first that cannot be read, which raises one of SQLITE_ERRORS."""
    columns, keys = _columns(connection, table)
    there, _ = _columns(damaged, table)
    names = ", ".join(f'"{name}"' for name in columns if name in there)
    order = ", ".join(f'"{key}" {"DESC" if descending else "ASC"}' for key in keys)
    rows = damaged.execute(f"SELECT {names} FROM {table} NOT INDEXED ORDER BY {order}")  # noqa: S608
    for row in rows:
        values = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """All columns of a table, and those by which its rows are stored."""
    found = [tuple(row) for row in connection.execute(f"PRAGMA table_info({table})")]
    keys = [name for _, name, *_, key in sorted(found, key=lambda row: row[-1]) if key]
    statement = "SELECT sql LIKE '%WITHOUT ROWID' FROM sqlite_master WHERE name = ?"
    stored = connection.execute(statement, (table,)).fetchone()
    return [row[1] for row in found], keys if stored and stored[0] else ["rowid"]


def drop_indices(connection: sqlite3.Connection) -> None:
    for name in INDICES:
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def make_indices(connection: sqlite3.Connection) -> None:
    for name, definition in INDICES.items():
        connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {definition}")


def _open(path: Path) -> sqlite3.Connection:
    connection = open_file(
        path,
        steps=migrations("roster"),
        application=APPLICATION,
        synchronous="NORMAL",
        check_pages=False,
    )
    try:
        make_indices(connection)  # a load that was broken off has left none
    except SQLITE_ERRORS as error:
        connection.close()
        raise from_sqlite(error, path) or unusable(path, str(error)) from error
    return connection
