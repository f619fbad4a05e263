"""Where papers go: a file of the person's own, and the printer where there is one.

Printers are those of CUPS (`lp`), on macOS and Linux. Elsewhere, and where there is none, the file
is kept and its path told. All of it takes its time: call it in a thread.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from boxoffice.domain.text import clean
from boxoffice.printing.errors import PaperError

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds that `lp` may take to accept a file."""
WHOLE_DOTS = ("-o", "print-scaling=none")
"""For a receipt: nothing of it is made larger or smaller."""
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")


def printers() -> list[str]:
    """The names of the printers there are, the usual one first; none where there is no CUPS."""
    if not _has_cups():
        return []
    names = [clean(line) for line in _asked("lpstat", "-e").splitlines()]
    _, _, usual = _asked("lpstat", "-d").rpartition(": ")
    return sorted(filter(None, names), key=lambda name: (name != clean(usual), name))


def print_pdf(
    pdf: bytes,
    name: str,
    *,
    folder: Path,
    printer: str = "",
    options: Sequence[str] = (),
) -> str:
    """Print `pdf`, or keep it as a file; answers what was done.

    `printer`: the usual one otherwise, which is `LPDEST` or the system's. `name`: of the file,
    without `.pdf`. Raises PaperError, where it can be neither printed nor kept.
    """
    found = printers()
    if not found:
        return f"No printer here: saved as {shown(save_pdf(pdf, name, folder=folder))}"
    with tempfile.TemporaryDirectory(prefix="boxoffice-") as spool:  # lp copies what it accepts
        file = Path(spool) / f"{_safe(name)}.pdf"
        _write(file, pdf)
        chosen = printer or os.environ.get("LPDEST") or found[0]
        problem = _lp(file, chosen, options)
    if problem:
        kept = shown(save_pdf(pdf, name, folder=folder))
        return f"The printer {chosen} did not take it ({problem}): saved as {kept}"
    return f"Sent to the printer {chosen}."


def save_pdf(pdf: bytes, name: str, *, folder: Path) -> Path:
    """Keep `pdf` as a file that only this user may read, in place of an older one of its name.

    Raises PaperError.
    """
    file = folder / f"{_safe(name)}.pdf"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(pdf)
            Path(draft).replace(file)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PaperError(f"{file} cannot be written: {error.strerror or error}.") from error
    return file


def shown(file: Path) -> str:
    """The path of `file` as people write it: short where it is in their home."""
    home = Path.home()
    if sys.platform == "win32" or not file.is_relative_to(home):
        return str(file)
    return str(Path("~") / file.relative_to(home))


def _safe(name: str) -> str:
    """`name` as every system takes it for a file."""
    return _UNSAFE.sub("-", name).strip("-")[:80] or "paper"


def _write(file: Path, pdf: bytes) -> None:
    try:
        file.write_bytes(pdf)
    except OSError as error:
        raise PaperError(f"{file} cannot be written: {error.strerror or error}.") from error


def _has_cups() -> bool:
    return sys.platform != "win32" and bool(shutil.which("lp") and shutil.which("lpstat"))


def _asked(*command: str) -> str:
    """What a command says; nothing where it fails, as `lpstat` does without a printer."""
    try:
        asked = _run(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("printers cannot be asked for: %s", error)
        return ""
    return asked.stdout if asked.returncode == 0 else ""


def _lp(file: Path, printer: str, options: Sequence[str]) -> str:
    """Hand `file` to `lp`; answers what went wrong, empty: nothing."""
    try:
        done = _run(("lp", "-s", "-d", printer, *options, str(file)))
    except OSError as error:
        return clean(error.strerror or str(error))
    except subprocess.TimeoutExpired:
        return f"no answer in {PATIENCE:.0f} seconds"
    if done.returncode == 0:
        return ""
    return clean(done.stderr) or f"lp ended with {done.returncode}"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own words and our own file's name, by no shell
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
