"""The app itself, and its demonstration."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice.cli.hooks import HERE, HookOptions
from boxoffice.cli.opening import needs_terminal, open_door
from boxoffice.cli.options import NONE, Options
from boxoffice.cli.serving import Dialect, Seed, Tickets
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from boxoffice.config import Settings

ANOTHER_DOOR = 6.0
"""Seconds between the arrivals at the demonstration's other door, about."""
TICKETS, SEED = 400, 1
OF_VERDICTS = ("numbers", "code_prefix", "code_suffix", "paid_states", "override")
"""Settings on which the verdicts of the sheet rest: the demonstration has the usual ones."""
HOUSE_EMAIL = "door@example.com"
"""For buyers who give no e-mail, where none is set."""
SheetFile = Annotated[
    Path | None,
    Parameter(name="--sheet", help="First write a sheet of codes to try to this file, as PDF."),
]


def door(*, hooks: HookOptions = HERE, options: Options = NONE) -> int:
    """Open the door: pick the event, scan or type, press Enter."""
    needs_terminal()
    return open_door(hooks.settings(options))


def demo(
    *,
    tickets: Tickets = TICKETS,
    dialect: Dialect = "docs",
    seed: Seed = SEED,
    sheet: SheetFile = None,
    options: Options = NONE,
) -> int:
    """Try the app on a made-up event. Needs no account and touches no real data.

    With --sheet FILE.pdf there is something to scan: a code for each verdict, on A4. It holds for
    every demo of the same --seed and --tickets. Without a terminal only the sheet is written.
    """
    if sheet is None:
        needs_terminal()
    if options.url:
        raise ProblemError("The demo brings its own site: leave --url out.", status=2)
    import shutil
    import tempfile

    from pydantic import SecretStr

    from boxoffice.cli.trying import Demonstration
    from boxoffice.sandbox import SandboxThread

    server = SandboxThread(
        tickets=tickets,
        dialect=dialect,
        seed=seed,
        another_door_every=ANOTHER_DOOR,
        trials=True,
    )
    trying = Demonstration(server, started_as=_as_asked(tickets, seed))
    if sheet is not None:
        trying.write(sheet)
        print(f"{sheet} holds the codes to try.", flush=True)
        try:
            needs_terminal()
        except ProblemError:
            print("Without a terminal the demo itself is not opened.", file=sys.stderr)
            return 0
    with server:
        folder = Path(tempfile.mkdtemp(prefix="boxoffice-demo-"))
        own = replace(
            options,
            url=server.url,
            event=options.event or next(iter(server.state.events)),
            lane=options.lane or "Demo",
            data_dir=options.data_dir or str(folder),
        )
        settings = _for_demo(own.settings(), trying.doors)
        fault = True  # of the program itself: then the person is sent to the log in the folder
        try:
            status = open_door(settings, key=SecretStr(server.token), demo=trying)
            fault = status != 0
        except (ProblemError, KeyboardInterrupt):
            fault = False
            raise
        finally:
            if not fault:
                shutil.rmtree(folder, ignore_errors=True)
        return status


def _for_demo(given: "Settings", doors: tuple[str, ...]) -> "Settings":
    """`given`, with a house e-mail to sell by, and what the verdicts of the sheet rest on."""
    usual = {name: type(given).model_fields[name].default for name in OF_VERDICTS}
    sales = given.sales.model_copy(update={"email": given.sales.email or HOUSE_EMAIL})
    other = {"doors": doors, "hooks": "", "read_codes": True, "sales": sales}
    return given.model_copy(update={**usual, **other})


def _as_asked(tickets: int, seed: int) -> str:
    """The command that makes up the same people again."""
    given = [f"--tickets {tickets}"] if tickets != TICKETS else []
    given += [f"--seed {seed}"] if seed != SEED else []
    return " ".join(["boxoffice demo", *given])
