"""Where boxoffice keeps its files on each system, and who may read them.

<data folder>/                 made with mode 0700
├── boxoffice.log
├── site                       the site of the last log-in
├── keys.json                  keys, only where the system has no keyring; mode 0600
├── lane                       what the lane was called at the first start
├── pin.db                     a hash of the PIN, where there is one
├── venue.json                 of a door of a venue: its hub, and a password there; mode 0600
├── hub/                       of the computer that is the hub: mode 0700
└── <host of the site>/        mode 0700: attendees' data
    ├── journal.db  journal.whole  roster.db  sender.lock  sales.lock  run.0.lock
    ├── hooks.path  hooks.0.lock  clock  port (of the first site on this computer)
    └── exports/<event>/       papers and copies of the queue that people asked for
"""

import errno
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from boxoffice import ProblemError
from boxoffice.language import N_, _

if TYPE_CHECKING:
    from filelock import FileLock

log = logging.getLogger(__name__)

APP = "boxoffice"
MOST_PROCESSES = 64
"""At work in one data folder at the same time."""
RUN = "run"
"""What the locks are called of the processes that have its databases open."""
REPLACE_WAITS = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds to wait, each time that a file is held open by others."""
EXPORTS = "exports"
SHORT_NAME = 8
"""Digits of an event's uuid that its folder is called by: people have to read the path."""
LANE = "lane"
"""What the lane is called where nothing says otherwise: the computer's name at its first start."""
MEMBERSHIP = "venue.json"
"""What makes a computer a door of its venue; without it nothing of that is loaded."""
HUB = "hub"
PORT = "port"
"""Whose the folder `localhost` is, of the sites on this computer."""
NOT_READ = N_("{file} cannot be read: {reason}.")
NOT_REMOVED = N_("{file} cannot be removed: {reason}.")
NOT_WRITTEN = N_("{file} cannot be written: {reason}.")
_REASONS = {
    errno.EACCES: N_("Permission denied"),
    errno.EADDRINUSE: N_("Address already in use"),
    errno.EADDRNOTAVAIL: N_("Cannot assign requested address"),
    errno.EDQUOT: N_("Disk quota exceeded"),
    errno.EEXIST: N_("File exists"),
    errno.EIO: N_("Input/output error"),
    errno.EISDIR: N_("Is a directory"),
    errno.ENAMETOOLONG: N_("File name too long"),
    errno.ENOENT: N_("No such file or directory"),
    errno.ENOSPC: N_("No space left on device"),
    errno.ENOTDIR: N_("Not a directory"),
    errno.EPERM: N_("Operation not permitted"),
    errno.EROFS: N_("Read-only file system"),
}
"""In the words of the C library, which speaks English only."""
CLOCK = "clock"
"""What time it was at a site when it was last heard, and what this computer's clock showed."""
_MADE_HERE = re.compile(
    r"(?:journal|roster|pin)\.db(?:-wal|-shm|-journal)?|boxoffice\.log.*|.+\.(?:lock|pid)"
    r"|\.?(?:clock|hooks\.path|hub-copy\.json|journal\.whole|keys\.json|lane|port|site"
    r"|venue\.json)(?:\..+)?"
)
"""What files of boxoffice's own are called, beside `exports`, with drafts that a kill left."""


def environment_for_programs() -> dict[str, str]:
    """Of a program that is started: without what is boxoffice's own, so neither key nor PIN."""
    return {name: text for name, text in os.environ.items() if not name.startswith("BOXOFFICE_")}


def reason_of(error: OSError) -> str:
    """What the system says of `error`, in the language that is in use where it is a usual one."""
    return _(_REASONS.get(error.errno or 0, "")) or error.strerror or str(error)


@contextmanager
def explained(sentence: str, file: Path, *, status: int = 1) -> Iterator[None]:
    """Raises ProblemError with `sentence` where the system raises OSError over `file`."""
    try:
        yield
    except OSError as error:
        problem = _(sentence).format(file=file, reason=reason_of(error))
        raise ProblemError(problem, status=status) from error


def default_data() -> Path:
    # Imported here since it costs a twentieth of a start, and few starts need it.
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def default_config() -> Path:
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "config.toml"


def prepare(folder: Path) -> Path:
    """Make `folder` if need be, for this user alone, and see that it can be written.

    A folder that stood there keeps its mode: others may look into it too. Raises ProblemError, also
    where it is another user's, or others could change what is in it, or reading would have no end.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        pipe = next(filter(Path.is_fifo, folder.iterdir()), None)
    except OSError as error:
        raise ProblemError(
            _(
                "The data folder {folder} cannot be written: {reason}. Choose another with "
                "--data-dir."
            ).format(folder=folder, reason=reason_of(error))
        ) from error
    if pipe is not None:
        raise ProblemError(_("{pipe} is no file, but a named pipe: remove it.").format(pipe=pipe))
    if sys.platform != "win32":
        status = folder.stat()
        if status.st_uid != os.getuid():
            raise ProblemError(
                _(
                    "The data folder {folder} belongs to another user: choose another with "
                    "--data-dir."
                ).format(folder=folder)
            )
        if status.st_mode & 0o022:
            raise ProblemError(
                _(
                    "Others may write to the data folder {folder}: run chmod 700 on it, or choose "
                    "another with --data-dir."
                ).format(folder=folder)
            )
    return folder


def site_folder(data: Path, site: str) -> Path:
    """The folder of one site's data; `site` is an origin. Raises ProblemError.

    Named by host and port, so that what is queued for one site is never sent to another.
    """
    parts = urlsplit(site)
    host = (parts.hostname or "").replace(":", "_")
    port = "" if parts.port is None else f"_{parts.port}"
    local = parts.scheme == "http"
    folder = _local_folder(data, parts.port or 80) if local else data / (host + port)
    prepare(folder)
    with suppress(NotImplementedError):  # where the system has no modes
        folder.chmod(0o700)
    return folder


def _local_folder(data: Path, port: int) -> Path:
    """Of a site on this computer, the only kind without https.

    The first one has the folder that all of them once shared, and goes on with what is there.
    """
    shared = prepare(data / "localhost")
    owner = shared / PORT
    if not owner.exists():
        write_whole(owner, str(port).encode())
    try:
        is_ours = owner.read_text(encoding="ascii") == str(port)
    except (OSError, ValueError) as error:
        raise ProblemError(
            _("{file} cannot be read: {reason}.").format(file=owner, reason=error)
        ) from error
    return shared if is_ours else data / f"localhost_{port}"


def lane_name(data: Path, now: str) -> str:
    """What the lane was first called here; `now`: what it would be called today.

    A computer may get another name in another network, and its lane and till must not.
    """
    file = data / LANE
    try:
        if not file.exists():
            write_whole(file, now.encode())
        return file.read_text(encoding="utf-8").strip() or now
    except (OSError, ValueError, ProblemError) as error:  # a full disk keeps no door shut
        log.warning("the lane's name is not kept: %s", error)
        return now


def try_lock(file: Path) -> "FileLock | None":
    """The lock of that file, which ends with this process; None: another one has it.

    Raises OSError.
    """
    # Imported here since it costs a thirtieth of a start, and the door is drawn without it.
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def take_lock(file: Path) -> "FileLock | None":
    """The same. Raises ProblemError."""
    with explained(N_("{file} cannot be used: {reason}."), file):
        return try_lock(file)


def take_number(folder: Path, name: str) -> "tuple[int, FileLock] | None":
    """The first number that no other process has in `folder` for that, and its lock.

    None: there are too many. Raises ProblemError.
    """
    for number in range(MOST_PROCESSES):
        if (lock := take_lock(folder / f"{name}.{number}.lock")) is not None:
            return number, lock
    return None


def is_alone(folder: Path, name: str, number: int | None) -> bool:
    """Whether no other process has a number there, beside one's own. Raises ProblemError."""
    for file in folder.glob(f"{name}.*.lock"):
        if file.name != f"{name}.{number}.lock":
            lock = take_lock(file)
            if lock is None:
                return False
            lock.release()
    return True


def exports_folder(site: Path, event: str) -> Path:
    """Where the papers and exports of an event are; `site`: the folder of its site."""
    return site / EXPORTS / event[:SHORT_NAME]


def shown(file: Path) -> str:
    """The path of `file` as people write it: short where it is in their home."""
    home = Path.home()
    if sys.platform == "win32" or not file.is_relative_to(home):
        return str(file)
    return str(Path("~") / file.relative_to(home))


def unknown_files(data: Path, site: Path) -> list[Path]:
    """Those in the data folder that boxoffice did not make, such as a journal.db that was moved.

    `site`: the folder of the site; those of others are not looked at.
    """
    exports = site / EXPORTS
    inside = (path for path in site.rglob("*") if not path.is_relative_to(exports))
    return [
        path
        for path in sorted((*data.iterdir(), *inside))
        if path.is_file() and not (path.parent in (data, site) and _MADE_HERE.fullmatch(path.name))
    ]


def write_whole(file: Path, content: bytes) -> None:
    """Put `content` in the place of what stood in `file`, readable by this user alone.

    Its folder is made if need be. Raises ProblemError, and the file is as it was then, with nothing
    left beside it.
    """
    with explained(NOT_WRITTEN, file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as draft:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())  # or a power cut may leave an empty file in its place
            _replace(Path(name), file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def write_beside(folder: Path, content: bytes, suggested: str) -> Path:
    """Write a file for this user alone into `folder`, made if need be; never over another.

    Raises ProblemError.
    """
    name, number = Path(Path(suggested).name or "export"), 1
    path = folder / name
    while True:
        with explained(NOT_WRITTEN, path), suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(path, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(content)
            return path
        number += 1
        path = path.with_name(f"{name.stem}-{number}{name.suffix}")


def _replace(draft: Path, file: Path) -> None:
    """Raises OSError. On Windows one who has `file` open, as a virus scanner, stands in the way."""
    for wait in REPLACE_WAITS if sys.platform == "win32" else ():
        try:
            draft.replace(file)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    draft.replace(file)
