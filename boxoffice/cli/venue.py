"""`hub`, `join` and `leave`: several doors with one truth, on one computer's hub."""

import asyncio
import json as encoding
import logging
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from cyclopts import App, Parameter
from cyclopts.validators import Number

from boxoffice import ProblemError
from boxoffice.cli.commands import PLAIN, Context, Json
from boxoffice.domain.invitation import (
    Address,
    format_code,
    read_address,
    read_code,
    read_invitation,
)
from boxoffice.language import N_, _
from boxoffice.paths import HUB
from boxoffice.venue import extra_needed

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.venue.hub import Hub
    from boxoffice.venue.hub_events import HubEvent

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks whether the hub can store what it is told."""
ANOTHER = N_("Also a hub here: {hubs}. Its doors know nothing of this one's.")
NO_CODE = N_("A code is eight digits, such as 4711-0815: the hub shows it.")
HOW = N_("Write boxoffice join CODE, or boxoffice join HOST:PORT CODE.")
WHICH = N_("Write boxoffice join HOST:PORT CODE, with the address of yours.")

Name = Annotated[
    str | None,
    Parameter(help=N_("What the venue is called, at the first start; default: the lane.")),
]
Port = Annotated[
    int | None,
    Parameter(
        help=N_("Where doors reach it; it is kept. Default: 4715, or one that is free."),
        validator=Number(gte=1, lte=65_535),
    ),
]

With = Annotated[
    str,
    Parameter(
        name="--with",
        help=N_(
            "Addresses of two other computers that joined, parted by a comma: all three "
            "are the hub then, and any two go on. It is run on each of them, naming the "
            "other two."
        ),
    ),
]

hub = App(
    name="hub",
    help=N_("Be the hub that several doors agree by, and say who may join."),
    default_parameter=PLAIN,
)


# The hub


@hub.default
async def serve(
    *,
    name: Name = None,
    port: Port = None,
    others: With = "",
    json: Json = False,
    context: Context,
) -> None:
    """Be the hub of this venue until Ctrl-C; other computers join with the code that it shows.

    A code is good for one computer and ten minutes. This computer is a door as any other meanwhile.
    """
    addresses = [_address(text) for text in filter(None, others.split(","))]
    await _serve(context, name=name, port=port, others=addresses, json=json)


@hub.command(name="take-over")
async def take_over(*, port: Port = None, json: Json = False, context: Context) -> None:
    """Be the hub in the place of one that is lost: at a spare, one of the first two that joined.

    The doors come by themselves, and ignore the old one should it come back.
    """
    with extra_needed():
        from boxoffice.venue import spares

    spares.take_over(context.data)
    await _serve(context, port=port, json=json)


@hub.command
async def remove(
    name: Annotated[str, Parameter(help=_("The door's, as the hub shows it."))], *, context: Context
) -> None:
    """Let a door take no part any more: one that is stolen or lost. The others go on.

    Run it on the hub's computer; the hub may be running.
    """
    with extra_needed():
        from boxoffice.venue.hub_folder import FILE, HubFolder

    if not (context.data / HUB / FILE).exists():
        raise ProblemError(_("This computer was never a hub: run this on the one that is."))
    HubFolder(context.data / HUB).remove_doors(name=name)
    print(_("{name} was removed: it cannot claim any more.").format(name=name))


async def _serve(
    context: "AppContext",
    *,
    name: str | None = None,
    port: int | None,
    others: Sequence[Address] = (),
    json: bool,
) -> None:
    with extra_needed():
        from boxoffice.venue.discovery import announce
        from boxoffice.venue.hub import Hub
        from boxoffice.venue.hub_events import HubChange, HubEvent
        from boxoffice.venue.pairing import PairingServer

    hub = Hub(
        context.data,
        context.clock,
        name=name or context.settings.lane,
        port=port,
        others=others,
    )
    show: Display = HubLines(hub, json=json)
    if sys.stdout.isatty() and not json:
        from boxoffice.cli.hub_screen import HubScreen

        show = HubScreen(hub, context.clock)
    async with hub:
        await _join_itself(context, hub)
        pairing = PairingServer(
            hub.admit, context.clock, hub=hub.id, new_code=lambda: show.ready(pairing.code)
        )
        hub.answer_pairing = pairing.answer

        async def follow() -> None:
            async for event in hub.events():
                show.event(event)

        try:
            with show:
                show.ready(pairing.code)
                await _until_one_ends(
                    follow(),
                    pairing.serve(),
                    announce(hub.name, hub.id, hub.epoch, lambda: hub.addresses, context.clock),
                    show.refresh(),
                    _warn_of_others(hub, show),
                )
        finally:
            show.event(HubEvent(HubChange.STOPPED, hub.name, context.clock.now()))


async def _join_itself(context: "AppContext", hub: "Hub") -> None:
    """Make the hub's own computer a door of it. Raises ProblemError where it is another venue's."""
    from boxoffice.venue import membership

    own = membership.load(context.data)
    here = Address("127.0.0.1", hub.address.port)
    if own is not None and own.hub != hub.id:
        raise ProblemError(
            _("This computer is a door of {venue}: to be a hub, run boxoffice leave first.").format(
                venue=own.venue
            )
        )
    if own is None or not hub.knows(own.user):
        own = await hub.admit(context.settings.lane, own=True)
    membership.save(replace(own, epoch=hub.epoch).reached_at(here), context.data)


async def _warn_of_others(hub: "Hub", show: "Display") -> None:
    """Say that another hub is here: the doors of two do not know of each other."""
    from boxoffice.venue.discovery import find_hubs

    found = await find_hubs()
    others = [other for other in found if other.hub != hub.id or other.epoch > hub.epoch]
    if others:
        show.warn(_(ANOTHER).format(hubs=", ".join(map(str, others))))
    await asyncio.Event().wait()


async def _until_one_ends(*work: Coroutine[Any, Any, None]) -> None:
    """Do it all at the same time until one has ended. Raises what that one raises."""
    from boxoffice.venue.client import end

    tasks = [asyncio.create_task(part) for part in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end(tasks)


class Display(AbstractContextManager[None], Protocol):
    def ready(self, code: str) -> None:
        """Show another code."""

    def event(self, event: "HubEvent") -> None: ...

    def warn(self, sentence: str) -> None: ...

    async def refresh(self) -> None:
        """Show what changes with time, until cancelled."""


class HubLines(AbstractContextManager[None]):
    """A line for each thing that happens."""

    def __init__(self, hub: "Hub", *, json: bool) -> None:
        self._hub = hub
        self._json = json

    def __exit__(self, *_: object) -> None:
        """Nothing has to be taken back."""

    def ready(self, code: str) -> None:
        address, shown = str(self._hub.address), format_code(code)
        line = {"state": "ready", "name": self._hub.name, "address": address, "code": shown}
        text = _(
            "{hub} is at {address}. On another computer: boxoffice join {address} {code}"
        ).format(hub=self._hub.name, address=address, code=shown)
        print(encoding.dumps(line) if self._json else text, flush=True)

    def event(self, event: "HubEvent") -> None:
        line = {"state": event.state, "door": event.door, "at": event.at.isoformat()}
        print(encoding.dumps(line) if self._json else event.sentence, flush=True)

    def warn(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    async def refresh(self) -> None:
        said = None
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if (trouble := self._hub.trouble) is not said and trouble is not None:
                self.warn(trouble.describe(self._hub.name))
            said = trouble


# A door


async def join(
    *where: Annotated[
        str, Parameter(help=_("The hub's code; its address before that; or its QR."))
    ],
    context: Context,
) -> None:
    """Make this computer a door of the venue whose hub shows the code.

    Without an address the hub is looked for on the network; without a code it is asked for. From
    then on this computer joins by itself, whatever address the hub gets.
    """
    with extra_needed():
        from boxoffice.venue import HubAwayError, discovery, hub_copy, membership, pairing

    address, code = _read_where(where or (await _typed(),))
    if address is None:
        address = await discovery.find_only_hub(context.settings.hub, _(WHICH))
        print(_("The hub is at {address}.").format(address=address), file=sys.stderr)
    before = membership.load(context.data)
    joined = await pairing.join(address, code, context.settings.lane, before)
    membership.save(joined, context.data)
    try:  # one of the first two can be the hub from now on
        await hub_copy.fetch_copy(joined, context.data)
    except HubAwayError as error:
        log.warning("what a spare needs comes with the next start: %s", error)
    print(
        _("Joined {venue}: this computer is a door of it from its next start on.").format(
            venue=joined.venue
        )
    )


async def leave(*, context: Context) -> None:
    """Have this computer be a door by itself again."""
    from boxoffice.venue import membership

    if not membership.leave(context.data):
        raise ProblemError(_("This computer has joined no venue."))
    print(_("Left the venue: from its next start on this computer goes by its own list alone."))


def _read_where(words: Sequence[str]) -> tuple[Address | None, str]:
    """What the words name. Raises ProblemError."""
    match words:
        case [text] if (invitation := read_invitation(text)) is not None:
            return invitation
        case [text]:
            return None, _code(text)
        case [where, code]:
            return _address(where), _code(code)
    raise ProblemError(_(HOW), status=2)


def _address(text: str) -> Address:
    try:
        return read_address(text)
    except ValueError as error:
        raise ProblemError(
            _("{text}: {error}.").format(text=text, error=error), status=2
        ) from error


def _code(text: str) -> str:
    code = read_code(text)
    if code is None:
        raise ProblemError(_(NO_CODE), status=2)
    return code


async def _typed() -> str:
    """What is typed, scanned, or piped in. Raises ProblemError."""
    from boxoffice.cli.headless import lines
    from boxoffice.cli.run_app import on_terminal

    if on_terminal():
        prompt = _("Type the code that the hub shows, or scan its QR: ")
        print(prompt, end="", file=sys.stderr, flush=True)
    async for line in lines(sys.stdin):
        return line
    if on_terminal():
        print(file=sys.stderr)  # what comes now is no answer to the prompt
    raise ProblemError(_(NO_CODE), status=2)
