"""What the log holds of a fault: where it was and of what kind, and nothing of a guest."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from boxoffice import ProblemError, log
from boxoffice.cli.run_app import EventLoop
from boxoffice.store import StoreError
from boxoffice.ticketbutler import Refused

GUEST = "Åse Quistgård"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield log.open_log(tmp_path)
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


def fail(error: Exception, because: Exception | None = None) -> Exception:
    """`error`, as it comes out of a call."""
    try:
        raise error from because
    except type(error) as raised:
        return raised


@pytest.mark.parametrize(
    "error",
    [
        KeyError(GUEST),
        ValueError(f"invalid literal for int(): {GUEST!r}"),
        ProblemError(f"The site refused this: {GUEST}."),
        Refused("PATCH tickets/1/: 400", f"The site refused this: {GUEST}."),
        ExceptionGroup(GUEST, [ValueError(GUEST)]),
    ],
)
def test_a_fault_is_logged_without_what_it_quotes(file: Path, error: Exception) -> None:
    full = fail(OSError(28, "No space left on device", "journal.db"))
    because = fail(KeyError(GUEST), full)
    logging.getLogger("boxoffice").error("not done", exc_info=fail(error, because))
    text = file.read_text(encoding="utf-8")
    assert GUEST not in text
    assert "\nKeyError\n" in text
    assert type(error).__name__ in text
    assert text.count("in fail\n") >= 3, "the calls, of what it came from too"
    assert ("PATCH tickets/1/: 400" in text) is isinstance(error, Refused)


def test_what_is_about_the_program_or_its_files_is_logged(file: Path) -> None:
    logger = logging.getLogger("boxoffice")
    for error in (
        OSError(28, "No space left on device", "journal.db"),
        AttributeError("'NoneType' object has no attribute 'uuid'"),
        StoreError("The disk is full.", "database or disk is full"),
    ):
        logger.error("not done", exc_info=fail(error))
        assert f"{type(error).__name__}: {error}" in file.read_text(encoding="utf-8")


def test_what_nobody_waited_for_is_logged_alike(file: Path) -> None:
    loop = EventLoop()
    try:
        error = fail(ValueError(GUEST))
        loop.call_exception_handler({"message": "Task exception was never retrieved"})
        loop.call_exception_handler({"message": "It was not awaited", "exception": error})
    finally:
        loop.close()
    text = file.read_text(encoding="utf-8")
    assert "Task exception was never retrieved" in text
    assert "It was not awaited" in text
    assert text.rstrip().endswith("ValueError")
