"""Starts the app. Knows nothing of command lines: most starts have none to read."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from boxoffice.domain.text import clean
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from boxoffice.config import Settings
    from boxoffice.screens.base import Demo


def needs_terminal() -> None:
    """Raises ProblemError where there is none."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise ProblemError("The app needs a terminal; boxoffice scan works without one.", status=2)


def open_door(
    settings: "Settings", *, key: "SecretStr | None" = None, demo: "Demo | None" = None
) -> int:
    """Run the app until the person quits; answers the exit status. `key`: not a stored one.

    `demo`: what there is to try it with.
    """
    from boxoffice.app import BoxofficeApp
    from boxoffice.cli.choosing import choose_event
    from boxoffice.cli.house import House, run

    _check_keys(settings.keys)

    async def work(house: House) -> int:
        if house.ready and settings.event and house.event is None:
            house.event = (await choose_event(house, settings.event)).uuid
        app = BoxofficeApp(house, theme=settings.theme, keys=settings.keys, demo=demo)
        await app.run_async()
        return app.return_code or 0

    return run(House(settings, key=key), work)


def _check_keys(keys: Mapping[str, str]) -> None:
    from boxoffice.commands import COMMANDS, free

    known = {command.id: command for command in COMMANDS if command.bound}
    for command, given in keys.items():
        if command not in known:
            raise ProblemError(
                f"The settings give a key to {clean(command, 40)}, which is no command; "
                f"commands are {', '.join(known)}."
            )
        for key in (each.strip() for each in given.split(",")):
            if not free(key) and key not in known[command].keys:
                raise ProblemError(
                    f"The settings give {command} the key {clean(key, 40)}, which the door hears "
                    "itself; give it another, such as ctrl+b."
                )
