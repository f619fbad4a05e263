"""`login` and `logout`: the site and the key of this computer."""

import getpass
import os
import sys
from typing import TYPE_CHECKING

from boxoffice import ProblemError
from boxoffice.cli.commands import NONE, Common, Context
from boxoffice.cli.run_app import run

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext


def login(*, options: Common = NONE) -> None:
    """Ask for site and key, try them, and keep them.

    Where the input is not a terminal, they are read from it, one a line; with --url, the key alone.
    """
    from boxoffice.secret import VARIABLE

    settings = options.settings()
    site, key = _asked(settings.url) if sys.stdin and sys.stdin.isatty() else _read(settings.url)
    if not site or not key.strip():
        raise ProblemError("Nothing is stored: a site and a key are needed.", status=2)

    async def work(context: "AppContext") -> None:
        await context.login(site, key)
        print(f"Logged in at {context.site}. The key is kept in {context.kept_in}.")

    run(settings, work)
    if os.environ.get(VARIABLE):
        print("BOXOFFICE_TOKEN is set and goes before it.", file=sys.stderr)


async def logout(*, context: Context) -> None:
    """Forget the key. The lists, the journal and the queue stay."""
    if context.logout():
        print(f"The key of {context.site} is forgotten.")
    else:
        print(f"No key of {context.site} was stored.")


def _asked(known: str) -> tuple[str, str]:
    hint = f" [{known}]" if known else ", e.g. https://yourname.ticketbutler.io"
    try:
        return input(f"Site{hint}: ").strip() or known, getpass.getpass("Key (it is not shown): ")
    except EOFError:
        return "", ""


def _read(known: str) -> tuple[str, str]:
    lines = [line.strip() for line in sys.stdin or () if line.strip()]
    if len(lines) > 1:
        return lines[0], lines[1]
    return known, lines[0] if lines else ""
