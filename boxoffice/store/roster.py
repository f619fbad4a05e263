"""roster.db: a copy of the server's lists, and what single reads have told beside them.

All of it can be read from the server again: a damaged file is thrown away and made anew.

Here is the file itself. The modules `tickets`, `ticket_lists`, `orders` and `json_docs` hold what
is read from it and written to it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable
from pathlib import Path
from typing import ParamSpec, TypeVar

from boxoffice.store.database import Database, Work
from boxoffice.store.db_file import (
    DamagedError,
    NewerError,
    connect_reader,
    from_os,
    from_sqlite,
    migrations,
    open_file,
    unusable,
)

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

APPLICATION = 0x626F7872
"""`boxr`"""

EXTERNAL_HEX = "lower(replace(external_uuid, '-', ''))"
"""Its hex digits, where an external uuid is a uuid."""

INDICES = {
    "ticket_event": "ticket (event)",
    "ticket_number": "ticket (number)",
    "ticket_order": 'ticket ("order") WHERE "order" IS NOT NULL',
    "ticket_external": "ticket (external_uuid) WHERE external_uuid IS NOT NULL",
    "ticket_external_hex": f"ticket ({EXTERNAL_HEX}) WHERE external_uuid IS NOT NULL",
    "ticket_url": "ticket (url) WHERE url IS NOT NULL",
}
"""No part of a migration, since a first load goes without them and makes them at its end."""


class RosterStore:
    """The lists on disk, on two connections: what a scan looks up waits for no load.

    All methods raise StoreError where the file cannot be read or written, and what the function
    that they are given raises; after DamagedError it is a new and empty file.
    """

    def __init__(self, path: Path) -> None:
        self.renewals = 0
        """How often the file was made anew: what was written to it before is gone."""
        self._path = path
        self._renewing = asyncio.Lock()
        self._make()

    @classmethod
    async def open(cls, path: Path) -> "RosterStore":
        """Open the file at `path`, made where there is none that can be used. Raises StoreError."""
        store = cls(path)
        await store._open()
        return store

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._reader.close()
        await self._writer.close()

    async def read(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `query(connection, *args, **kwargs)` answers, which has to be quick: scans wait."""
        reader = self._reader
        return await self._renewing_damaged(reader, reader.run(query, *args, **kwargs))

    async def read_all(self, query: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for one that looks at every ticket of an event: no scan waits for it."""
        writer = self._writer
        return await self._renewing_damaged(writer, writer.run(query, *args, **kwargs))

    async def write(self, change: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `change(connection, *args, **kwargs)` as one transaction."""
        writer = self._writer
        return await self._renewing_damaged(writer, writer.write(change, *args, **kwargs))

    async def _renewing_damaged(self, database: Database, work: Awaitable[T]) -> T:
        try:
            return await work
        except DamagedError as error:
            await self._renew(database)
            raise self.renewed(str(error)) from error

    def renewed(self, detail: str) -> DamagedError:
        """The sentence for work that began in a file that was damaged."""
        return DamagedError(
            f"{self._path} was damaged and is made anew: the list is read again.", detail
        )

    async def _renew(self, damaged: Database) -> None:
        async with self._renewing:
            if damaged not in (self._writer, self._reader):
                return  # another who met the damage was quicker
            await self.close()
            await asyncio.to_thread(discard, self._path)
            self.renewals += 1
            self._make()
            await self._open()

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


# The file


def connect(path: Path) -> sqlite3.Connection:
    """The connection that writes. A file that cannot be used is made anew. Raises StoreError."""
    try:
        return _open(path)
    except (DamagedError, NewerError) as error:
        log.warning("thrown away, to be read from the server again: %s", error)
        discard(path)
        return _open(path)


def discard(path: Path) -> None:
    """Delete the file. Raises StoreError where another program holds it (Windows)."""
    try:
        for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise from_os(error, path) from error


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
    except sqlite3.Error as error:
        connection.close()
        raise from_sqlite(error, path) or unusable(path, str(error)) from error
    return connection
