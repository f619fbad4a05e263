"""`hooks`: prints the webhooks that arrive, for trying them out."""

import asyncio
import json as encoding
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from boxoffice.cli.listing import Json
from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from datetime import datetime

    from boxoffice.cli.house import House
    from boxoffice.config import Settings
    from boxoffice.organiser import Hook

AHEAD = 1000
"""Hooks that wait to be printed; further ones are dropped."""
SHOWN = 4
"""uuids in a line for people."""


@Parameter(name="*")
@dataclass(frozen=True)
class HookOptions:
    """Where webhooks are received; each also as `BOXOFFICE_<NAME>` or in the config file."""

    hooks: str | None = None
    """HOST:PORT where webhooks are received. A port alone: from this computer only."""
    hooks_public: str | None = None
    """The address that leads there from the site, such as a tunnel's."""
    hooks_register: Annotated[
        bool | None, Parameter(name=("--hooks-register", "--register"), negative=())
    ] = None
    """Have the site send them, until the end."""

    def settings(self, options: Options, more: Mapping[str, object] | None = None) -> "Settings":
        """The settings in force; `more`: a command's own options. Raises ProblemError."""
        return options.settings(asdict(self) | dict(more or {}))


HERE = HookOptions()
Action = Annotated[str, Parameter(help="What to register for, such as ticket.checkin.")]


def hooks(
    *,
    action: Action = "all",
    json: Json = False,
    where: HookOptions = HERE,
    options: Options = NONE,
) -> None:
    """Print the webhooks that arrive, a line each, until Ctrl-C.

    For trying them out: a door receives them by itself with boxoffice --hooks or boxoffice scan
    --hooks. Example: boxoffice hooks --hooks 8801 --register --json
    """
    from boxoffice.cli.house import House, run

    run(House(where.settings(options)), lambda house: _hooks(house, action=action, json=json))


async def _hooks(house: "House", *, action: str, json: bool) -> None:
    from boxoffice.hooks.listener import SENT

    arrived: asyncio.Queue[Hook] = asyncio.Queue()
    refused: set[str] = set()

    def take(hook: "Hook") -> None:
        if arrived.qsize() < AHEAD:
            arrived.put_nowait(hook)

    def say(why: str) -> None:
        if why not in refused:
            refused.add(why)
            print(f"Turned away: {why}. More of the kind are not shown.", file=sys.stderr)

    live = house.listen(take, say)
    live.start(register=house.settings.hooks_register, action=action)
    await live.ready()
    if live.trouble:
        raise ProblemError(live.trouble)
    print(f"Webhooks are received at {live.url}", file=sys.stderr)
    if live.registered:
        print(SENT, file=sys.stderr)
    print("Ctrl-C ends it.", file=sys.stderr, flush=True)
    while True:
        hook = await arrived.get()
        zones = {event.uuid: event.zone for event in await house.stored()}
        at = house.clock.now().astimezone(zones.get(hook.event))  # not known: the computer's
        print(_as_json(hook, at) if json else _line(hook, at), flush=True)


def _as_json(hook: "Hook", at: "datetime") -> str:
    told = {each.name: getattr(hook, each.name) for each in fields(hook)}
    line = {"at": at.isoformat(timespec="seconds")} | told
    try:
        return encoding.dumps(line)
    except RecursionError:  # nested deeper than can be written, whoever sent that
        return encoding.dumps(line | {"data": None})


def _line(hook: "Hook", at: "datetime") -> str:
    named = [*hook.tickets, *(f"#{number}" for number in hook.numbers)]
    more = len(named) - SHOWN
    parts = {
        "event": hook.event,
        "order": hook.order,
        "tickets": " ".join(named[:SHOWN]) + (f" and {more} more" if more > 0 else ""),
    }
    told = "  ".join(f"{name} {value}" for name, value in parts.items() if value)
    return f"{at:%H:%M:%S}  {hook.action:<18}  {told}".rstrip()
