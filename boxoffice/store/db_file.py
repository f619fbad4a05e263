"""A database file: opened, private to its owner, whole, and of a version that is known.

What can go wrong with the files is one sentence for a steward each:

StoreError          the files cannot be used as they are
├── DamagedError    what is in a file is not what was written there
├── NewerError      a later boxoffice wrote it
├── ClaimedError    an order belongs to another sale already
└── ShiftError      a till is open already, or none is
"""

import errno
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from boxoffice import ProblemError
from boxoffice.language import _
from boxoffice.paths import write_whole

log = logging.getLogger(__name__)

T = TypeVar("T")

MIGRATIONS = Path(__file__).with_name("migrations")

PATIENCE = 30.0
"""Seconds to wait for another process, whose transactions take milliseconds."""

SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the module raises; the second for SQLite's own words where they quote what is damaged."""

_opening = threading.Lock()
"""Closing a descriptor of a file drops every POSIX lock that this process has on it: no file is
made while another thread may be opening the same one."""


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


class PaidError(StoreError):
    """An order was paid here already, or what was paid was handed back already."""


class ShiftError(StoreError):
    """A till cannot be opened or closed as things are."""


class SeatsError(StoreError):
    """More is to be sold without the site than this computer holds in escrow."""


# Opening


def migrations(name: str) -> list[str]:
    """What brings a file of `name` from each version to the next, the oldest first.

    A version that was given out stays as it is: a change is a file more.
    """
    files = MIGRATIONS.glob(f"{name}_*.sql")
    numbered = sorted((int(file.stem.rpartition("_")[2]), file) for file in files)
    return [file.read_text(encoding="utf-8") for _, file in numbered]


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner alone. One that holds files already keeps the mode it has."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077 and not any(folder.iterdir()):
        folder.chmod(0o700)


def open_file(
    path: Path,
    *,
    steps: Sequence[str],
    application: int,
    synchronous: str,
    check_pages: bool = True,
) -> sqlite3.Connection:
    """A connection to the file at `path`, made or brought up to date by `steps`.

    `application`: the number in the file's header that says whose it is. `synchronous`: FULL, where
    a commit must outlive a power cut, or NORMAL. `check_pages`: look for broken pages, unless it is
    as `note_whole` left it. Raises StoreError; the file is untouched then.
    """
    try:
        with _opening:
            private_folder(path.parent)
            _private_file(path)
            _check(path, len(steps), application, check_pages and not _is_whole(path))
            return _connect(path, steps, application, synchronous)
    except OSError as error:
        raise from_os(error, path) from error
    except SQLITE_ERRORS as error:
        raise from_sqlite(error, path) or unusable(path, str(error)) from error


def _private_file(path: Path) -> None:
    """SQLite gives its -wal and -shm files the mode of the file itself."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.exists() and not path.is_file():  # SQLite would wait for ever at a named pipe
            raise StoreError(
                _("{path} is no file: move it away, then try again.").format(path=path)
            ) from None
        if not os.access(path, os.W_OK):  # SQLite would open it for reading and say nothing
            raise PermissionError(errno.EACCES, "read-only", str(path)) from None
        if os.name == "posix":
            for file in (path, _wal(path), Path(f"{path}-shm")):
                if file.exists() and file.stat().st_mode & 0o077:
                    file.chmod(0o600)


def note_whole(path: Path) -> None:
    """Note how a file is left, which was whole when it was opened, and is closed in good order.

    All of a season's journal takes a while to be looked through. Nothing is noted while another
    process has it open: the last one does.
    """
    if _wal(path).exists():
        return
    try:
        found = path.stat()
        # A second back, so that also a write within the same tick of the file system's clock shows.
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns - 10**9))
        write_whole(_mark(path), _state(path))
    except (OSError, ProblemError) as error:
        log.warning("%s is looked through when it is opened next: %s", path, error)


def _is_whole(path: Path) -> bool:
    """Whether nothing was written to it since `note_whole`, nor is to be by what was cut off."""
    mark = _mark(path)
    return not _wal(path).exists() and mark.exists() and mark.read_bytes() == _state(path)


def _wal(path: Path) -> Path:
    return Path(f"{path}-wal")


def _mark(path: Path) -> Path:
    return path.with_suffix(".whole")


def _state(path: Path) -> bytes:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}".encode()


def _check(path: Path, newest: int, application: int, check_pages: bool) -> None:
    """Look before anything is written. Raises StoreError, or what is in SQLITE_ERRORS."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables == 0:
            return
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        if owner != application:
            raise damaged(path, f"application {owner:#x}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > newest:
            raise newer(path, version)
        if check_pages:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise damaged(path, verdict)


def _connect(
    path: Path, steps: Sequence[str], application: int, synchronous: str
) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    try:
        # The change to WAL does not wait for another process that is just opening the file.
        (mode,) = _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone())
        if mode != "wal":
            raise unusable(path, f"the journal mode stays {mode}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        # macOS: without it a commit reaches the drive's cache only.
        connection.execute(f"PRAGMA fullfsync = {int(synchronous == 'FULL')}")
        migrate(connection, steps, application)
        connection.row_factory = sqlite3.Row
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A second connection to a file: it sees what was committed, and no write waits for it."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only = 1")
    return connection


def migrate(connection: sqlite3.Connection, steps: Sequence[str], application: int) -> None:
    """Bring the file to the version `len(steps)`. A step is its statements.

    All in one transaction, since another process may be about to do the same.
    """
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == len(steps):
            return
        for step in steps[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {application}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement  # nothing, or one that lacks its end


def _patiently(work: Callable[[], T]) -> T:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > give_up:
                raise
        time.sleep(0.01)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, with the file's write lock from the start: what it reads stays true."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


# What went wrong

_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS}
_NO_ROOM = sqlite3.SQLITE_IOERR_SHMSIZE
"""What SQLite answers where the file beside a database, in which processes meet, has no room."""


def is_busy(error: sqlite3.Error) -> bool:
    return _primary(error) in _BUSY


def from_sqlite(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> StoreError | None:
    """The sentence for what befell the file at `path`; None where the fault is in a statement."""
    code = _primary(error)
    if isinstance(error, UnicodeDecodeError | sqlite3.OperationalError) and code is None:
        return damaged(path, "a text in it is not UTF-8")  # and may be somebody's name
    detail = str(error)
    if code == sqlite3.SQLITE_FULL or getattr(error, "sqlite_errorcode", None) == _NO_ROOM:
        return full(path, detail)
    if code in _UNWRITABLE:
        return unwritable(path, detail)
    if code in _BUSY:
        return StoreError(
            _("{path} is held by another program: close that one, then try again.").format(
                path=path
            ),
            detail,
        )
    if code in _DAMAGED:
        return damaged(path, detail)
    if code in _DISK:
        return StoreError(
            _("{path} cannot be read or written: check the disk.").format(path=path), detail
        )
    return None


def from_os(error: OSError, path: Path) -> StoreError:
    """The sentence for a file or folder that could not be made or opened."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path, str(error))
    return unwritable(path, str(error))


def full(path: Path, detail: str) -> StoreError:
    return StoreError(
        _("The disk is full: free some space for {parent}, then go on.").format(parent=path.parent),
        detail,
    )


def unwritable(path: Path, detail: str) -> StoreError:
    return StoreError(
        _(
            "{path} cannot be written to: allow it, or choose another folder with --data-dir."
        ).format(path=path),
        detail,
    )


def unusable(path: Path, detail: str) -> StoreError:
    return StoreError(
        _(
            "{path} cannot be used there: choose a folder on this computer's own disk with "
            "--data-dir."
        ).format(path=path),
        detail,
    )


def damaged(path: Path, detail: str) -> DamagedError:
    return DamagedError(
        _(
            "{path} is damaged and was left as it is: move it away to start a new one, and "
            "keep it for the night's report: boxoffice queue export --from it shows what was "
            "not sent."
        ).format(path=path),
        detail,
    )


def newer(path: Path, version: int) -> NewerError:
    return NewerError(
        _("{path} was written by a newer boxoffice: start that one.").format(path=path),
        f"version {version}",
    )


def _primary(error: Exception) -> int | None:
    """SQLite's primary result code; None for an error of the Python module's own."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
