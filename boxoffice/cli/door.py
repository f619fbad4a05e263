"""The app itself, and its demonstration."""

from dataclasses import replace

from boxoffice.cli.opening import needs_terminal, open_door
from boxoffice.cli.options import NONE, Options
from boxoffice.cli.serving import Dialect, Seed, Tickets
from boxoffice.problem import ProblemError

ANOTHER_DOOR = 6.0
"""Seconds between the arrivals at the demonstration's other door, about."""


def door(*, options: Options = NONE) -> int:
    """Open the door: pick the event, scan or type, press Enter."""
    needs_terminal()
    return open_door(options.settings())


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
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from pydantic import SecretStr

    from boxoffice.sandbox import SandboxThread

    server = SandboxThread(
        tickets=tickets, dialect=dialect, seed=seed, another_door_every=ANOTHER_DOOR
    )
    with server, TemporaryDirectory(prefix="boxoffice-demo-", ignore_cleanup_errors=True) as folder:
        own = replace(
            options,
            url=server.url,
            event=options.event or next(iter(server.state.events)),
            lane=options.lane or "Demo",
            data_dir=options.data_dir or Path(folder),
        )
        settings = own.settings().model_copy(update={"doors": ()})
        return open_door(settings, key=SecretStr(server.token))
