"""The log file: what happened, for the one who looks for a fault. uuids, no names, no key.

What was decided about whom is in the journal, not here.
"""

import logging
import os
import shutil
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from pydantic import SecretStr

from boxoffice import ProblemError
from boxoffice.domain.text import without

NAME = "boxoffice.log"
SIZE = 1_000_000
BACKUPS = 3


class _SharedFile(RotatingFileHandler):
    """A log that several processes write to: one of them renames it, the others follow."""

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - the library's name
        if not super().shouldRollover(record):
            return False
        if self.stream is None or not self._was_renamed(self.stream.fileno()):
            return True
        self.stream.close()
        self.stream = self._open()
        return bool(super().shouldRollover(record))

    def _was_renamed(self, descriptor: int) -> bool:
        try:
            there = Path(self.baseFilename).stat()
        except FileNotFoundError:
            return True
        return not os.path.samestat(there, os.fstat(descriptor))


class _Formatter(logging.Formatter):
    """Writes lines and tracebacks, with the key blotted out wherever an error quotes it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
        self.secrets: list[SecretStr] = []

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self.secrets:
            text = without(text, secret.get_secret_value(), "…key…")
        return text


_formatter = _Formatter()


def open_log(folder: Path) -> Path:
    """Log to a file in `folder` from here on; answers which. Raises ProblemError."""
    file = folder / NAME
    try:
        handler = _SharedFile(file, maxBytes=SIZE, backupCount=BACKUPS, encoding="utf-8")
    except OSError as error:
        raise ProblemError(f"{file} cannot be written: {error.strerror or error}.") from error
    handler.rotator = _rotate
    handler.setFormatter(_formatter)
    logging.raiseExceptions = False  # a full disk is not reported over the app's screen
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("boxoffice").setLevel(logging.INFO)
    return file


def empty_log(folder: Path) -> None:
    """Drop what was logged so far: an error of the site may have been quoted. Raises OSError."""
    for file in folder.glob(f"{NAME}*"):
        if file.name == NAME:
            os.truncate(file, 0)  # this process, or another, goes on writing to it
        else:
            file.unlink()


def hide(secret: SecretStr) -> None:
    """Never write this text to the log; see `boxoffice.domain.text.without` for a short one."""
    if secret not in _formatter.secrets:
        _formatter.secrets.append(secret)


def stop_with_a_sentence(file: Path) -> None:
    """For a fault of the program itself: the traceback to the log, a sentence to the person.

    No values of variables anywhere: they may hold names and the key.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.getLogger("boxoffice").critical("stopped", exc_info=(kind, error, trace))
        print(
            f"boxoffice stopped on a fault of its own ({kind.__name__}); see {file}. "
            "No admission that was shown is lost.",
            file=sys.stderr,
        )

    sys.excepthook = hook


def _rotate(source: str, target: str) -> None:
    try:
        Path(source).replace(target)
    except PermissionError:  # Windows renames no file that another boxoffice has open
        shutil.copyfile(source, target)
        os.truncate(source, 0)
