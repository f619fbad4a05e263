"""The app itself, and its demonstration."""

from dataclasses import replace

from boxoffice.cli.hooks import HERE, HookOptions
from boxoffice.cli.opening import needs_terminal, open_door
from boxoffice.cli.options import NONE, Options
from boxoffice.cli.serving import Dialect, Seed, Tickets
from boxoffice.problem import ProblemError

ANOTHER_DOOR = 6.0
"""Seconds between the arrivals at the demonstration's other door, about."""


def door(*, hooks: HookOptions = HERE, options: Options = NONE) -> int:
    """Open the door: pick the event, scan or type, press Enter."""
    needs_terminal()
    return open_door(hooks.settings(options))


def demo(
    *,
    tickets: Tickets = 400,
    dialect: Dialect = "docs",
    seed: Seed = 1,
    options: Options = NONE,
) -> int:
    """Try the app on a made-up event. Needs no account and touches no real data."""
    needs_terminal()
    if options.url:
        raise ProblemError("The demo brings its own site: leave --url out.", status=2)
    import shutil
    import tempfile
    from pathlib import Path

    from pydantic import SecretStr

    from boxoffice.sandbox import SandboxThread

    server = SandboxThread(
        tickets=tickets, dialect=dialect, seed=seed, another_door_every=ANOTHER_DOOR
    )
    with server:
        folder = Path(tempfile.mkdtemp(prefix="boxoffice-demo-"))
        own = replace(
            options,
            url=server.url,
            event=options.event or next(iter(server.state.events)),
            lane=options.lane or "Demo",
            data_dir=options.data_dir or str(folder),
        )
        settings = own.settings().model_copy(update={"doors": (), "hooks": ""})
        fault = True  # of the program itself: then the person is sent to the log in the folder
        try:
            status = open_door(settings, key=SecretStr(server.token))
            fault = status != 0
        except (ProblemError, KeyboardInterrupt):
            fault = False
            raise
        finally:
            if not fault:
                shutil.rmtree(folder, ignore_errors=True)
        return status
