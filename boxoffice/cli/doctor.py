"""`doctor`: go or no-go before doors, and what is the matter."""

import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.cells import cell_len

from boxoffice.cli.commands import Context, Json
from boxoffice.cli.output import aligned, folded, print_json, write_file
from boxoffice.cli.run_app import on_terminal, restored_terminal
from boxoffice.clock import in_detached_thread
from boxoffice.domain.key_pace import SILENCE
from boxoffice.domain.readiness import SYMBOLS, WARN, Check, by_urgency, headline, is_go, of_scanner
from boxoffice.language import N_, _

ASK = N_("Scan any code, or press Enter to go on without…")
NOT_ASKED = N_("Not tried: this runs without a terminal.")
WAIT = 20.0
"""Seconds for a scan."""
KITTY, ANSWERS = b"\x1b[?u\x1b[c", 0.5
"""Asks which keys it tells apart, then what it is, which each answers; seconds for that."""
CTRL_C = "\x03"
LAST_LINES = 200
"""Of the log, which names nobody."""
Report = Annotated[
    Path | None,
    Parameter(help=N_("Write it to this file, with the end of the log, for who is to help you.")),
]


async def doctor(*, json: Json = False, report: Report = None, context: Context) -> int:
    """See whether this computer is ready for the doors: site, key, list, disk, scanner and more.

    Nothing is changed. On a terminal it asks for a scan. Exit status 0: go; 1: something failed.
    """
    from boxoffice.cli.checks import examine
    from boxoffice.log import NAME

    scanner, kitty = Check("scanner", WARN, _(NOT_ASKED)), None
    if not json and on_terminal() and sys.platform != "win32":
        scanner, kitty = await _asked(context)
    checks = [*await examine(context, kitty=kitty), scanner]
    if json:
        print_json([check._asdict() for check in checks])
    else:
        indent = BEFORE_TITLE + max(cell_len(check.title) for check in checks) + 2
        print(folded(as_lines(checks), sys.stdout, indent=indent))
    if report is not None:
        write_file(report, _report(checks, context.data / NAME).encode())
        print(
            _("{report} is written: it holds no names and no key.").format(report=report),
            file=sys.stderr,
        )
    return 0 if is_go(checks) else 1


BEFORE_TITLE = 3
"""Cells of a sign, and of the gap behind it."""


def as_lines(checks: list[Check]) -> str:
    shown = by_urgency(checks)
    rows = [(SYMBOLS[check.state], check.title, check.sentence) for check in shown]
    return f"{headline(checks)}\n{aligned(rows)}"


def _report(checks: list[Check], log: Path) -> str:
    """Without the name of the user, which stands in the paths of a home."""
    lines: deque[str] = deque(maxlen=LAST_LINES)
    if log.exists():
        with log.open(encoding="utf-8", errors="replace") as file:
            lines.extend(file)
    text = f"{as_lines(checks)}\n\n{''.join(lines)}"
    return text.replace(str(Path.home()), "~")


async def _asked(context: Context) -> tuple[Check, bool]:
    """What a scanner sends, and whether the terminal tells keys apart by kitty's protocol."""
    terminal = sys.stdin.fileno()

    def ask() -> tuple[tuple[str, float], bool]:
        import tty

        tty.setraw(terminal)
        os.write(terminal, KITTY)
        kitty = "u" in _burst(terminal, ANSWERS)[0]
        print(f"{_(ASK)}\r", file=sys.stderr, flush=True)
        return _burst(terminal, WAIT), kitty

    with restored_terminal():
        (text, seconds), kitty = await in_detached_thread(ask)
    if CTRL_C in text:  # a raw terminal passes it on
        raise KeyboardInterrupt
    return of_scanner(text, seconds, context.settings.door_policy.framing), kitty


def _burst(terminal: int, wait: float) -> tuple[str, float]:
    """What comes within `wait` until a silence, and seconds from its first byte to its last."""
    import select

    text, began, last = b"", 0.0, 0.0
    while select.select([terminal], [], [], wait)[0]:
        data = os.read(terminal, 1024)
        last = time.monotonic()
        began = began or last
        text, wait = text + data, SILENCE
        if not data or CTRL_C.encode() in data:
            break
    return text.decode("utf-8", "replace"), last - began
