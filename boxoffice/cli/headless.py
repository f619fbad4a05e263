"""`scan` and `sync`: the lane and the queue without a screen."""

import asyncio
import json as encoding
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from boxoffice.cli.hooks import HERE, HookOptions
from boxoffice.cli.listing import Json
from boxoffice.cli.options import NONE, Options
from boxoffice.problem import ProblemError

if TYPE_CHECKING:
    from boxoffice.cli.house import House
    from boxoffice.domain.models import CodesKnown, Event
    from boxoffice.domain.verdict import Scan
    from boxoffice.hooks.listener import HookListener
    from boxoffice.sync import Drained, Puller

SETTLE = 10.0
"""Seconds that `scan` waits at the end of its input for the server to take what is due."""
LOOK_EVERY = 0.05
SAY_EVERY = 1.0
"""Seconds between two lines of progress, at least."""
Details = Annotated[
    bool,
    Parameter(
        help="Also read every ticket and order: short links, external ids and order ids are known "
        "offline then.",
        negative="",
    ),
]
WAITS, NEEDS_A_PERSON = 3, 4
"""Exit statuses of `sync`."""


Numbers = Annotated[
    Literal["ask", "admit"] | None,
    Parameter(help="What a ticket's bare number does: CHECK THE NAME, or admit at once."),
]


def scan(
    *,
    json: Json = False,
    numbers: Numbers = None,
    hooks: HookOptions = HERE,
    options: Options = NONE,
) -> None:
    """Admit without a screen: a code a line comes in, a verdict a line goes out.

    Empty lines are passed over. Each verdict is written down before it is printed, and check-ins
    that cannot be sent stay queued; boxoffice sync sends them.
    """
    from boxoffice.cli.house import House, run

    settings = hooks.settings(options, {"numbers": numbers})
    run(House(settings), lambda house: _scan(house, json=json))


async def _scan(house: "House", *, json: bool) -> None:
    from boxoffice.cli.choosing import choose_event
    from boxoffice.cli.lines import lines

    event = await choose_event(house, house.settings.event)
    lane = await house.lane(event.uuid, board=False)
    async with _said_beside(house.live), _clock_said(house):
        async for code in lines(sys.stdin):
            answered = await lane.scan(code)
            print(encoding.dumps(answered.as_json()) if json else _line(answered), flush=True)
    waiting = await settle(house)
    if waiting:
        noun = "check-in or answer waits" if waiting == 1 else "check-ins and answers wait"
        print(f"{waiting} {noun} to be sent: run boxoffice sync.", file=sys.stderr)


@asynccontextmanager
async def _said_beside(live: "HookListener | None") -> AsyncIterator[None]:
    """Say how it stands with webhooks as soon as that is known; at the end in any case."""
    if live is None:
        yield
        return
    ready = asyncio.create_task(live.ready())
    ready.add_done_callback(lambda _: print(live.sentence, file=sys.stderr, flush=True))
    try:
        yield
    finally:
        ready.cancel()
        await asyncio.gather(ready, return_exceptions=True)


@asynccontextmanager
async def _clock_said(house: "House") -> AsyncIterator[None]:
    """Say it once where the computer's clock is wrong, as soon as that is known."""
    from boxoffice.domain.saying import say_clock_off
    from boxoffice.site_clock import off

    said = False

    def look() -> None:
        nonlocal said
        if not said and (sentence := say_clock_off(off(house.clock))):
            said = True
            print(sentence, file=sys.stderr, flush=True)

    look()
    stop = house.site_clock.watch(look)
    try:
        yield
    finally:
        stop()


def _line(scan: "Scan") -> str:
    verdict, ticket = scan.verdict, scan.verdict.ticket
    who = f"{ticket.full_name} · {ticket.ticket_type}" if ticket else scan.code
    return f"{scan.at:%H:%M:%S}  {verdict.word:<24}  {who}  {verdict.reason}".rstrip()


async def settle(house: "House") -> int:
    """Wait while the server takes what is due; answers how many rows are still to be sent."""
    journal, link = (await house.parts.files()).journal, (await house.parts.server()).link
    give_up = house.clock.monotonic() + SETTLE
    while True:
        counts = await journal.counts()
        due = await journal.next_due()
        # What waited a moment ago, and is not due at any time, is being sent by now.
        waits = due is not None and due > house.clock.now()
        at_work = counts.sending or (counts.waiting and not waits)
        if not at_work or not link.sends or house.clock.monotonic() >= give_up:
            return counts.unsent
        await house.clock.sleep(LOOK_EVERY)


def sync(*, json: Json = False, details: Details = False, options: Options = NONE) -> int:
    """Send what is queued, settle sales whose outcome is not known, and read the list again.

    Exit status 0: nothing is left; 3: something still waits; 4: something needs a person, see
    boxoffice queue. An event that is not known is said after everything was sent; the status is 2
    where nothing is left.
    """
    from boxoffice.cli.house import House, run

    return run(House(options.settings()), lambda house: _sync(house, json=json, details=details))


async def _sync(house: "House", *, json: bool, details: bool) -> int:
    async with _clock_said(house):
        return await _sent_and_read(house, json=json, details=details)


async def _sent_and_read(house: "House", *, json: bool, details: bool) -> int:
    from boxoffice.ticketbutler import TicketbutlerError

    trouble, status, event = "", 0, None
    try:
        event = await _event(house)
    except (ProblemError, TicketbutlerError) as error:
        # What is queued goes out first, whatever is the matter with the event.
        trouble, status = error.sentence, error.status if isinstance(error, ProblemError) else 1
    drained = await _drain(house)
    known = None
    if event is not None:
        puller = await house.parts.puller(event)
        if not await _pull(puller):
            link = (await house.parts.server()).link
            trouble, status = link.sentence or "The list could not be read again.", 1
        elif details:
            trouble, known = await _read_codes(house, await house.find(event), puller)
            status = 1 if trouble else 0
    elif details and not trouble:
        trouble, status = "Say whose details to read with --event.", 2
    said: dict[str, object] = drained._asdict()
    if known is not None:
        said["codes"] = {"read": known.read, "orders": known.ordered, "total": known.total}
    print(encoding.dumps(said) if json else _summary(drained), flush=True)
    if trouble:
        print(trouble, file=sys.stderr)
    if drained.attention:
        return NEEDS_A_PERSON
    return WAITS if drained.waiting else status


async def _read_codes(house: "House", event: "Event", puller: "Puller") -> tuple[str, "CodesKnown"]:
    """Read every ticket and order of an event; answers why not all, and how far it came."""
    reader = await house.parts.code_reader(event, puller)
    said = -math.inf

    def tell(known: "CodesKnown") -> None:
        nonlocal said
        if (now := house.clock.monotonic()) - said >= SAY_EVERY or known.complete:
            said = now
            print(_progress(known), file=sys.stderr, flush=True)

    reader.on_progress = tell
    trouble = await reader.read_all()
    known = await reader.reads.known()
    if trouble and not known.complete:
        return f"{known.total - known.whole:,} of {known.total:,} not read: {trouble}", known
    return "", known


def _progress(known: "CodesKnown") -> str:
    return f"codes {known.read}/{known.total}, orders {known.ordered}/{known.total}"


async def _drain(house: "House") -> "Drained":
    """Send what is queued, settle the sales, and send what they let in."""
    from boxoffice.domain.sale import OPEN

    sender, till = await house.parts.sender(), (await house.parts.files()).journal.till
    drained = await sender.drain()
    if not any(state in OPEN for state in await till.counts()):
        return drained
    waiting, attention = await (await house.parts.seller()).drain()
    again = await sender.drain()
    return again._replace(
        sent=drained.sent + again.sent,
        waiting=again.waiting + waiting,
        attention=again.attention + attention,
    )


async def _event(house: "House") -> str | None:
    """The event whose list is read again: the one asked for, else the only one today."""
    from boxoffice.cli.choosing import choose_event
    from boxoffice.domain.events import opens_straight

    events = await house.fetch(old=False)
    if house.settings.event:
        return (await choose_event(house, house.settings.event)).uuid
    only = opens_straight(events, house.clock.now())
    return only.uuid if only else None


async def _pull(puller: "Puller") -> bool:
    """Read all that a door needs of an event; False where its list cannot be had."""
    await puller.pull_questions()
    return await puller.pull()


def _summary(drained: "Drained") -> str:
    need = "needs" if drained.attention == 1 else "need"
    return (
        f"{drained.sent} sent, {drained.waiting} still to be sent, "
        f"{drained.attention} {need} a person."
    )
