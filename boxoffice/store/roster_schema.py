"""The tables of roster.db."""

import logging
import sqlite3
from pathlib import Path

from boxoffice.store.errors import DamagedError, NewerError, from_os, from_sqlite, unusable
from boxoffice.store.open_db import PATIENCE, open_file

log = logging.getLogger(__name__)

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
"""No part of a step, since a first load goes without them and makes them at its end."""

STEPS = (
    (
        # The columns of a ticket stand in the order of the fields of `Ticket`.
        """
        CREATE TABLE ticket (
            uuid TEXT PRIMARY KEY,
            event TEXT NOT NULL,
            checked_in INTEGER NOT NULL,
            refunded INTEGER NOT NULL,
            full_name TEXT NOT NULL,
            email TEXT NOT NULL,
            number INTEGER,
            ticket_type TEXT NOT NULL,
            ticket_type_pk INTEGER,
            date TEXT,
            "order" TEXT,
            external_uuid TEXT,
            url TEXT,
            seat TEXT NOT NULL,
            raw_name TEXT
        )
        """,
        # after: NULL where the ticket was in at the first look.
        """
        CREATE TABLE seen_in (
            ticket TEXT PRIMARY KEY,
            after TEXT,
            before TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE pulled (
            event TEXT PRIMARY KEY,
            first_at TEXT NOT NULL,
            at TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            tickets INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE orders (
            uuid TEXT PRIMARY KEY,
            event TEXT,
            order_id TEXT NOT NULL,
            state TEXT NOT NULL,
            refunded INTEGER NOT NULL,
            full_name TEXT NOT NULL,
            email TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX orders_order_id ON orders (order_id)",
        # subject: the uuid of an event or a ticket. data: JSON.
        """
        CREATE TABLE document (
            topic TEXT,
            subject TEXT,
            data TEXT NOT NULL,
            PRIMARY KEY (topic, subject)
        ) WITHOUT ROWID
        """,
    ),
    (
        # The columns of an order stand in the order of the fields of `Order`. address: JSON.
        # total: digits, never a number of SQLite's.
        "ALTER TABLE orders ADD COLUMN external_order_id TEXT",
        "ALTER TABLE orders ADD COLUMN address TEXT",
        "ALTER TABLE orders ADD COLUMN created TEXT",
        "ALTER TABLE orders ADD COLUMN pdf_url TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE orders ADD COLUMN total TEXT",
        # Read anew within minutes, with prices.
        "DELETE FROM document WHERE topic = 'ticket_types'",
    ),
    (
        # subject: the uuid of a ticket that was read by itself since its row last changed; or of an
        # order, where the site has none such, so that it is not asked for again.
        "CREATE TABLE codes_read (subject TEXT PRIMARY KEY) WITHOUT ROWID",
        "INSERT INTO codes_read SELECT uuid FROM ticket WHERE url IS NOT NULL",
        # A JSON list of everyone on it; NULL: its answer did not name them.
        "ALTER TABLE orders ADD COLUMN party TEXT",
        # When the heavy list of an event's orders was last asked for.
        "CREATE TABLE orders_asked (event TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    ),
    ("ALTER TABLE orders ADD COLUMN partly INTEGER NOT NULL DEFAULT 0",),
)


def connect(path: Path) -> sqlite3.Connection:
    """The connection that writes. A file that cannot be used is made anew. Raises StoreError."""
    try:
        return _open(path)
    except (DamagedError, NewerError) as error:
        log.warning("thrown away, to be read from the server again: %s", error)
        discard(path)
        return _open(path)


def connect_reader(path: Path) -> sqlite3.Connection:
    """A second connection, whose reads see what was committed and wait for no load."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only = 1")
    return connection


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
        path, steps=STEPS, application=APPLICATION, synchronous="NORMAL", check_pages=False
    )
    try:
        make_indices(connection)  # a load that was broken off has left none
    except sqlite3.Error as error:
        connection.close()
        raise from_sqlite(error, path) or unusable(path, str(error)) from error
    return connection
