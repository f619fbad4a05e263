"""What can go wrong with the files, each as one sentence for a steward.

StoreError          the files cannot be used as they are
├── DamagedError    what is in a file is not what was written there
├── NewerError      a later boxoffice wrote it
├── ClaimedError    an order belongs to another sale already
└── ShiftError      a till is open already, or none is
"""

import errno
import sqlite3
from pathlib import Path


class StoreError(Exception):
    """`sentence` is for a steward and says what to do; `str()` is for the log."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(f"{sentence} [{detail}]" if detail else sentence)
        self.sentence = sentence


class DamagedError(StoreError):
    """A file does not hold a database, or one with broken pages."""


class NewerError(StoreError):
    """A file of a version that this program does not know."""


class ClaimedError(StoreError):
    """An order is to be taken for that of a sale, and belongs to another sale of this computer."""


class ShiftError(StoreError):
    """A till cannot be opened or closed as things are."""


_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS}


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way."""
    return _primary(error) in _BUSY


def from_sqlite(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The sentence for what befell the file at `path`; None where the fault is in a statement."""
    code, detail = _primary(error), str(error)
    if code == sqlite3.SQLITE_FULL:
        return full(path, detail)
    if code in _UNWRITABLE:
        return unwritable(path, detail)
    if code in _BUSY:
        return StoreError(
            f"{path} is held by another program: close that one, then try again.", detail
        )
    if code in _DAMAGED:
        return damaged(path, detail)
    if code in _DISK:
        return StoreError(f"{path} cannot be read or written: check the disk.", detail)
    return None


def from_os(error: OSError, path: Path) -> StoreError:
    """The sentence for a file or folder that could not be made or opened."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path, str(error))
    return unwritable(path, str(error))


def full(path: Path, detail: str) -> StoreError:
    return StoreError(f"The disk is full: free some space for {path.parent}, then go on.", detail)


def unwritable(path: Path, detail: str) -> StoreError:
    return StoreError(
        f"{path} cannot be written to: allow it, or choose another folder with --data-dir.", detail
    )


def unusable(path: Path, detail: str) -> StoreError:
    return StoreError(
        f"{path} cannot be used there: choose a folder on this computer's own disk"
        " with --data-dir.",
        detail,
    )


def damaged(path: Path, detail: str) -> DamagedError:
    return DamagedError(
        f"{path} is damaged and was left as it is: move it away to start a new one,"
        " and keep it for the night's report.",
        detail,
    )


def newer(path: Path, version: int) -> NewerError:
    return NewerError(
        f"{path} was written by a newer boxoffice: start that one.", f"version {version}"
    )


def _primary(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code; None for an error of the Python module's own."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
