"""pin.db: the PIN of a data folder, as a scrypt hash, and the wrong tries since the last right one.

For all sites of the folder. It is opened for each look, since there are few. Tries are counted in
the transaction that judges them, so that neither a kill nor many processes win one more.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from boxoffice.domain.pin import wait_after, waited
from boxoffice.store.db_file import (
    SQLITE_ERRORS,
    from_sqlite,
    migrations,
    open_file,
    transaction,
    unusable,
)

T = TypeVar("T")

FILE = "pin.db"
APPLICATION = 0x626F7870
"""`boxp`"""
COST = (2**15, 8, 1)
"""scrypt's n, r and p: 32 MB, and a tenth of a second, for each guess."""
ROOM = 2**26
"""Bytes that a hash may take, with what OpenSSL needs beside."""


class Tried(NamedTuple):
    right: bool
    wait: float = 0.0
    """Seconds until the next one counts; where it was not `right`."""
    counted: bool = True
    """It was looked at; False: it came before the wait was over."""


class StoredPin(NamedTuple):
    """What a file says."""

    mark: str
    """Of this file, whatever the PIN: another file has another one."""
    is_set: bool


def with_file(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """What `work` answers, all of it in one transaction. Raises StoreError."""
    connection = open_file(
        path, steps=migrations("pin"), application=APPLICATION, synchronous="FULL"
    )
    try:
        with closing(connection), transaction(connection):
            return work(connection)
    except SQLITE_ERRORS as error:
        raise from_sqlite(error, path) or unusable(path, str(error)) from error


def read(connection: sqlite3.Connection) -> StoredPin | None:
    """None: nothing was ever written here."""
    row = connection.execute("SELECT salt, hash FROM pin").fetchone()
    return None if row is None else StoredPin(bytes(row["salt"]).hex(), row["hash"] is not None)


def put(connection: sqlite3.Connection, pin: str | None) -> str:
    """Have it be this one from now on; None: none. Answers the file's mark, which is its salt."""
    import secrets  # noqa: PLC0415  # loads OpenSSL, which no start needs

    stored, (n, r, p) = read(connection), COST
    salt = secrets.token_bytes(16) if stored is None else bytes.fromhex(stored.mark)
    made = None if pin is None else _hash(pin, salt, n, r, p)
    connection.execute(
        "INSERT OR REPLACE INTO pin (id, salt, hash, n, r, p) VALUES (1, ?, ?, ?, ?, ?)",
        (salt, made, n, r, p),
    )
    return salt.hex()


def try_pin(connection: sqlite3.Connection, pin: str, now: float) -> Tried:
    """Compare it with the one that is set. `now`: on a steady clock of the computer's."""
    import hmac  # noqa: PLC0415  # loads OpenSSL, which no start needs

    row = connection.execute("SELECT * FROM pin").fetchone()
    left = wait_after(row["wrong"]) - waited(row["tried_at"], now)
    if left > 0:
        return Tried(right=False, wait=left, counted=False)
    made = _hash(pin, *(row[name] for name in ("salt", "n", "r", "p")))
    right = hmac.compare_digest(made, row["hash"])
    wrong = 0 if right else row["wrong"] + 1
    connection.execute("UPDATE pin SET wrong = ?, tried_at = ?", (wrong, now))
    return Tried(right, wait_after(wrong))


def _hash(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    import hashlib  # noqa: PLC0415  # loads OpenSSL, which no start needs

    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=ROOM)
