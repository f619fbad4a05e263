"""The log file: what happened, for the one who looks for a fault. uuids, no names, no key.

What was decided about whom is in the journal, not here.
"""

import logging
import os
import shutil
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from boxoffice.domain.secret_text import SecretStr, without
from boxoffice.language import _
from boxoffice.paths import NOT_WRITTEN, explained

NAME = "boxoffice.log"
SIZE = 1_000_000
BACKUPS = 3
NAMES_NOBODY = (AttributeError, ImportError, NameError, OSError, TypeError)
"""Errors whose text is about the program and its files; that of others may quote a guest."""

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


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
    """Writes lines and tracebacks, with the key blotted out wherever an error quotes it.

    Of an error in a traceback it writes the text only where that is known to be for the log.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
        self.secrets: list[SecretStr] = []

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler wrote of the error holds more
        text = super().format(record)
        record.exc_text = None  # nor is this for another
        for secret in self.secrets:
            text = without(text, secret.get_secret_value(), "…key…")
        return text

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        error, parts = ei[1], list[str]()
        while error is not None:
            calls = "".join(traceback.format_tb(error.__traceback__))
            parts.insert(0, f"{calls}{_described(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(parts)


def _described(error: BaseException) -> str:
    """What kind it is, and its text where that is for the log.

    Of our own errors it is where it is another one than the sentence, which may hold what the site
    said.
    """
    kind, text = type(error).__qualname__, str(error)
    is_for_log = isinstance(error, NAMES_NOBODY) or getattr(error, "sentence", text) != text
    return f"{kind}: {text}" if is_for_log else kind


_formatter = _Formatter()


def open_log(folder: Path) -> Path:
    """Log to a file in `folder` from here on; answers which. Raises ProblemError."""
    file = folder / NAME
    with explained(NOT_WRITTEN, file):
        handler = _SharedFile(file, maxBytes=SIZE, backupCount=BACKUPS, encoding="utf-8")
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
    """Never write this text to the log; of a short one see `domain.secret_text.without`."""
    if secret not in _formatter.secrets:
        _formatter.secrets.append(secret)


def stop_with_a_sentence(file: Path) -> None:
    """For a fault of the program itself: the traceback to the log, a sentence to the person.

    No values of variables anywhere: they may hold names and the key.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logging.getLogger("boxoffice").critical("stopped", exc_info=(kind, error, trace))
        print(
            _(
                "boxoffice stopped on a fault of its own ({name}); see {file}. No admission "
                "that was shown is lost."
            ).format(name=kind.__name__, file=file),
            file=sys.stderr,
        )

    sys.excepthook = hook


def _rotate(source: str, target: str) -> None:
    try:
        Path(source).replace(target)
    except PermissionError:  # Windows renames no file that another boxoffice has open
        shutil.copyfile(source, target)
        os.truncate(source, 0)
