"""What `doctor` looks at on this computer alone: no site and no network."""

import os
import platform
import shutil
import sys
import tempfile
import time
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from boxoffice import __version__, secret
from boxoffice.domain import readiness
from boxoffice.domain.models import Event
from boxoffice.domain.money import format_money
from boxoffice.domain.readiness import FAIL, OK, WARN, Check
from boxoffice.language import _, ngettext
from boxoffice.store.db_file import open_file

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

WRITES = 5
BLOCK = b"\0" * 4096


def disk(folder: Path) -> Check:
    """A write as a green is one, and a database as the journal is one."""
    taken = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".doctor-") as own:
        with (Path(own) / "write").open("wb") as file:
            for _write in range(WRITES):
                began = time.monotonic()
                file.write(BLOCK)
                file.flush()
                os.fsync(file.fileno())
                taken.append(time.monotonic() - began)
        open_file(Path(own) / "try.db", steps=(), application=1, synchronous="FULL").close()
    return readiness.of_disk(shutil.disk_usage(folder).free, median(taken))


def data_folder(folder: Path) -> Check:
    path = folder.resolve()
    posix = sys.platform != "win32"
    status = path.stat()
    return readiness.of_folder(
        str(path),
        owned=not posix or status.st_uid == os.getuid(),
        mode=status.st_mode & 0o777 if posix else None,
        system=_file_system(path),
    )


def _file_system(path: Path) -> str:
    """Of what kind it is that `path` lies on; empty: not known."""
    if sys.platform == "win32":
        import ctypes

        remote = 4  # DRIVE_REMOTE
        return "cifs" if ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == remote else ""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    fields = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    places = [(where.replace("\\040", " "), kind) for _, where, kind, *_ in fields]
    here = [place for place in places if path.is_relative_to(place[0])]
    return max(here, key=lambda place: len(place[0]), default=("", ""))[1]


# This computer


def key(context: "AppContext") -> Check:
    where = secret.place_of_key(context.site, context.data) if context.site else ""
    if not where and context.ready:
        return Check("key", OK, _("It was given at the start, and is stored nowhere."))
    if not where:
        return Check("key", FAIL, _("None is stored for this site: run boxoffice login."))
    return Check("key", OK, _("It is in {where}.").format(where=where))


def printer() -> Check:
    from boxoffice.printing.printer import printers

    if sys.platform == "win32":
        return Check(
            "printer", OK, _("Papers are saved, and opened in the program that prints PDFs.")
        )
    found = printers()
    if not found:
        return Check("printer", WARN, _("None is set up: papers are saved as files."))
    others = len(found) - 1
    several = ngettext("{printer} and {n} more.", "{printer} and {n} more.", others)
    return Check(
        "printer", OK, several.format(printer=found[0], n=others) if others else f"{found[0]}."
    )


def terminal(kitty: bool | None) -> Check:
    ends = [end for end in (sys.__stdout__, sys.__stderr__, sys.__stdin__) if end and end.isatty()]
    if not ends:
        return Check("terminal", WARN, _("Not looked at: this runs without one."))
    size = os.get_terminal_size(ends[0].fileno())
    term, colours = (os.environ.get(name, "") for name in ("TERM", "COLORTERM"))
    if sys.platform == "win32":
        term, colours = "Windows", "truecolor"
    room = size.columns, size.lines
    return readiness.of_terminal(room, ends[0].encoding, term, colours, kitty=kitty)


def time_zone(event: Event | None) -> Check:
    now = datetime.now().astimezone()
    here = now.utcoffset() or timedelta()
    there = now.astimezone(event.zone).utcoffset() if event else None
    return readiness.of_zone(here, there, str(event.zone) if event else "")


def locale_of(locale: str) -> Check:
    money = format_money(Decimal("1234.5"), "DKK", locale)
    return Check("locale", OK, _("Money is written as {money}.").format(money=money))


def versions() -> Check:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    parts = (f"boxoffice {__version__}", f"Python {platform.python_version()}")
    return Check(
        "versions",
        OK,
        _("{parts}, Textual {textual}, {system}.").format(
            parts=", ".join(parts), textual=version("textual"), system=system
        ),
    )
