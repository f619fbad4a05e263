"""Makes papers and brings them to a printer, or into a file of the person's own.

Printers are those of CUPS (`lp`), on macOS and Linux; where there is none, the file is kept and its
path named. On Windows it is kept, and opened in the program that prints it. All of it takes its
time, and so does the making: `Press` has it done in a thread, beside what else is going on.
"""

import asyncio
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from boxoffice import ProblemError
from boxoffice.clock import Clock
from boxoffice.domain.badges import Badge
from boxoffice.domain.guest_list import GuestList
from boxoffice.domain.text import clean
from boxoffice.language import N_, _
from boxoffice.paths import environment_for_programs, reason_of, shown, write_whole
from boxoffice.printing.papers import Card, Paper, Receipt, Sheet

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds that `lp` may take to accept a file."""
MOST_OPEN = 5
"""Papers of one name that other programs hold open, at which no further name is tried."""
SAVED = N_("Saved as {file}")
NO_PRINTER = N_("No printer here: saved as {file}")
WHOLE_DOTS = ("-o", "print-scaling=none")
"""For a receipt: nothing of it is made larger or smaller."""
OPEN_TO_PRINT = """
import os, sys
try:
    os.startfile(sys.argv[1], "print")
except OSError:  # not every program that shows PDFs, as Edge, prints them by itself
    os.startfile(sys.argv[1])
"""
"""For Windows, which has no `lp`; with the path of a file."""
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    """Of its file, without `.pdf`."""
    make: Callable[[datetime], bytes]
    """The PDF, with the time at which it is made. It takes a while: fpdf2 is loaded by it."""
    options: tuple[str, ...] = ()
    """Of `lp`."""


def tickets_document(papers: Sequence[Paper]) -> Document:
    """`papers`: at least one."""

    def make(at: datetime) -> bytes:
        from boxoffice.printing.a4 import ticket_pdf  # noqa: PLC0415

        return ticket_pdf(papers, at)

    return Document(f"{'ticket' if len(papers) == 1 else 'tickets'}-{_mark(papers[0])}", make)


def receipt_document(receipt: Receipt, *, locale: str = "") -> Document:
    """`locale` is for the money; empty: the system's."""

    def make(_at: datetime) -> bytes:
        from boxoffice.printing.receipt import receipt_pdf  # noqa: PLC0415

        return receipt_pdf(receipt, locale=locale)

    sale = receipt.sale
    name = f"receipt-{sale.external_order_id}" if sale else f"slip-{_mark(receipt.tickets[0])}"
    return Document(name, make, WHOLE_DOTS)


def sheet_document(sheet: Sheet) -> Document:
    def make(at: datetime) -> bytes:
        from boxoffice.printing.a4 import sheet_pdf  # noqa: PLC0415

        return sheet_pdf(sheet, at)

    return Document("codes-to-try", make)


def card_document(card: Card) -> Document:
    def make(at: datetime) -> bytes:
        from boxoffice.printing.a4 import card_pdf  # noqa: PLC0415

        return card_pdf(card, at)

    return Document("ready-for-the-doors", make)


def guest_list_document(guests: GuestList) -> Document:
    def make(at: datetime) -> bytes:
        from boxoffice.printing.guest_list import guest_list_pdf  # noqa: PLC0415

        return guest_list_pdf(guests, at)

    return Document("guest-list", make)


def badge_document(badge: Badge, size: tuple[int, int]) -> Document:
    """`size`: of the label, in millimetres."""

    def make(at: datetime) -> bytes:
        from boxoffice.printing.badge import badge_pdf  # noqa: PLC0415

        return badge_pdf(badge, size, at)

    media = ("-o", f"media=Custom.{size[0]}x{size[1]}mm")
    return Document(f"badge-{badge.ticket[:8]}", make, (*media, *WHOLE_DOTS))


def site_document(pdf: bytes, paper: Paper) -> Document:
    """What the site itself made of the order of `paper`."""
    return Document(f"site-{_mark(paper)}", lambda _: pdf)


def _mark(paper: Paper) -> str:
    """What tells the files of two papers apart, without anybody's name."""
    return "-".join(part for part in (paper.order_id, paper.uuid[:8]) if part)


class Printed(NamedTuple):
    """What became of a document."""

    sentence: str
    by_printer: bool
    """A printer took it, else it is a file."""


class Press:
    """Its methods answer with a sentence of what was done, and raise ProblemError."""

    def __init__(self, clock: Clock, folder: Path) -> None:
        """`folder`: where files go; made with the first of them."""
        self._clock = clock
        self._folder = folder

    async def print(self, document: Document, *, printer: str = "") -> str:
        """`printer`: the usual one otherwise."""
        return (await self.deliver(document, printer=printer)).sentence

    async def deliver(self, document: Document, *, printer: str = "") -> Printed:
        """The same, and whether a printer has it."""

        def done() -> Printed:
            pdf, options = document.make(self._clock.now()), document.options
            folder = self._folder
            return print_pdf(pdf, document.name, printer=printer, folder=folder, options=options)

        return await asyncio.to_thread(done)

    async def save(self, document: Document, how: str = "") -> str:
        """`how`: the sentence, with a place for `{file}`; empty: the usual one."""

        def done() -> str:
            pdf = document.make(self._clock.now())
            file = save_pdf(pdf, document.name, folder=self._folder)
            return (how or _(SAVED)).format(file=shown(file))

        return await asyncio.to_thread(done)


def printers() -> list[str]:
    """The names of the printers there are, the usual one first; none where there is no CUPS."""
    if not _has_cups():
        return []
    names = [clean(line) for line in _answer("lpstat", "-e").splitlines()]
    usual = _answer("lpstat", "-d").rpartition(": ")[-1]
    return sorted(filter(None, names), key=lambda name: (name != clean(usual), name))


def print_pdf(
    pdf: bytes,
    name: str,
    *,
    folder: Path,
    printer: str = "",
    options: Sequence[str] = (),
) -> Printed:
    """Print `pdf`, or keep it as a file; answers what was done.

    `printer`: the usual one otherwise, which is `LPDEST` or the system's. `name`: of the file,
    without `.pdf`. Raises ProblemError, where it can be neither printed nor kept.
    """
    if sys.platform == "win32":
        saved = save_pdf(pdf, name, folder=folder)
        if _open_to_print(saved):
            opened = _("Opened to be printed: saved as {file}").format(file=shown(saved))
            return Printed(opened, by_printer=True)
        return Printed(_(NO_PRINTER).format(file=shown(saved)), by_printer=False)
    found = printers()
    if not found:
        saved = save_pdf(pdf, name, folder=folder)
        return Printed(_(NO_PRINTER).format(file=shown(saved)), by_printer=False)
    chosen = printer or os.environ.get("LPDEST") or found[0]
    file = save_pdf(pdf, f"to-print-{os.getpid()}-{name}", folder=folder)
    try:
        problem = _lp(file, chosen, options)
    finally:
        file.unlink(missing_ok=True)  # lp has copied what it accepted
    if problem:
        saved = save_pdf(pdf, name, folder=folder)
        refused = _("The printer {chosen} did not take it ({problem}): saved as {kept}")
        sentence = refused.format(chosen=chosen, problem=problem, kept=shown(saved))
        return Printed(sentence, by_printer=False)
    return Printed(_("Sent to the printer {chosen}.").format(chosen=chosen), by_printer=True)


def save_pdf(pdf: bytes, name: str, *, folder: Path) -> Path:
    """Keep `pdf` as a file that only this user may read, in place of an older one of its name.

    Where that one is held open, as a reader of PDFs does on Windows, it gets a number in its name.
    Raises ProblemError.
    """
    for number in range(1, MOST_OPEN):
        file = folder / f"{_safe(name)}{f'-{number}' if number > 1 else ''}.pdf"
        try:
            write_whole(file, pdf)
        except ProblemError as problem:
            if not isinstance(problem.__cause__, PermissionError) or not file.exists():
                raise
        else:
            return file
    raise ProblemError(
        _("{file} is held open by another program: close it there.").format(file=file)
    )


def _safe(name: str) -> str:
    """`name` as every system takes it for a file."""
    return _UNSAFE.sub("-", name).strip("-")[:80] or "paper"


def _has_cups() -> bool:
    return sys.platform != "win32" and bool(shutil.which("lp") and shutil.which("lpstat"))


def _answer(*command: str) -> str:
    """What a command says; nothing where it fails, as `lpstat` does without a printer."""
    try:
        answer = _run(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("printers cannot be asked for: %s", error)
        return ""
    return answer.stdout if answer.returncode == 0 else ""


def _lp(file: Path, printer: str, options: Sequence[str]) -> str:
    """Hand `file` to `lp`; answers what went wrong, empty: nothing."""
    try:
        done = _run(("lp", "-s", "-d", printer, *options, str(file)))
    except OSError as error:
        return clean(reason_of(error))
    except subprocess.TimeoutExpired:
        return _("no answer in {n} seconds").format(n=f"{PATIENCE:.0f}")
    if done.returncode == 0:
        return ""
    return clean(done.stderr) or _("lp ended with {code}").format(code=done.returncode)


def _open_to_print(file: Path) -> bool:
    """Have the program that shows `file` print it, else show it; False: there is none.

    By a process of its own: what is opened there has our environment, with the key in it.
    """
    try:
        done = _run((sys.executable, "-c", OPEN_TO_PRINT, str(file)))
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s is not opened: %s", file.name, error)
        return False
    if done.returncode:
        log.warning("%s is not opened: %s", file.name, clean(done.stderr))
    return done.returncode == 0


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own words and our own file's name, by no shell
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=PATIENCE,
        check=False,
        env={**environment_for_programs(), "LC_ALL": "C"},
    )
