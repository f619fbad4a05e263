"""`scan` and `sync`: the lane and the queue without a screen."""

import asyncio
import json as encoding
import logging
import math
import os
import select
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from boxoffice import ProblemError
from boxoffice.cli.commands import Context, HookOptions, Json
from boxoffice.cli.select_event import select_event
from boxoffice.clock import in_detached_thread, off
from boxoffice.domain.events import opens_straight
from boxoffice.domain.humanize import describe_clock_offset, format_number
from boxoffice.domain.models import CodesKnown, Event, LinkState
from boxoffice.domain.notices import describe_doubt
from boxoffice.domain.sale import OPEN
from boxoffice.domain.text import clean
from boxoffice.domain.verdicts import Scan, error_line
from boxoffice.language import N_, _, ngettext
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext
    from boxoffice.hooks.listener import HookListener
    from boxoffice.lane import Lane
    from boxoffice.sync import Drained, Link, Puller, SyncContext
    from boxoffice.venue.door import Door

log = logging.getLogger(__name__)

LONGEST = 20_000
"""Bytes of a line; a longer one is no code, whatever it begins with. No code is a tenth as long."""
LOOK_AGAIN = 1.0
"""Seconds until a list that lacks too much is read once more."""
PRINT_EVERY = 1.0
"""Seconds between two lines of progress, at least."""
Details = Annotated[
    bool,
    Parameter(
        help=N_(
            "Also read every ticket and order: short links, external ids and order ids "
            "are known offline then."
        ),
        negative="",
    ),
]
WAITS, NEEDS_A_PERSON = 3, 4
"""Exit statuses of `sync`."""


@Parameter(name="*")
@dataclass(frozen=True)
class LaneOptions(HookOptions):
    """What only a lane has."""

    numbers: Literal["ask", "admit"] | None = None
    """What a ticket's bare number does: CHECK THE NAME, or admit at once."""


AS_SET = LaneOptions()


async def scan(*, json: Json = False, own: LaneOptions = AS_SET, context: Context) -> None:
    """Admit without a screen: a code a line comes in, a verdict a line goes out.

    Empty lines are passed over. Each verdict is written down before it is printed, and check-ins
    that cannot be sent stay queued; boxoffice sync sends them. While nothing can be written down,
    as on a full disk, codes are answered with the verdict error: nobody is admitted.
    """
    from boxoffice.store import StoreError

    event = await select_event(context)
    lane = await context.lane(event.uuid, follow_list=False)
    _warn_of_clock(context)
    _warn_of_refusals((await context.sync()).link)
    if (door := context.venue) is not None:
        _print_changes(door.watch, lambda: door.status.sentence)
    _warn_of_doubt(lane)
    async with _hooks_shown(context.listener):
        async for code in lines(sys.stdin):
            try:
                scan = await lane.scan(code)
                line = encoding.dumps(scan.as_json()) if json else _line(scan)
            except StoreError as error:
                log.error("a scan was not answered: %s", error)
                at = context.clock.now().astimezone(lane.event.zone)
                line = (
                    encoding.dumps(error_line(code, error.sentence, at))
                    if json
                    else f"{at:%H:%M:%S}  {_('ERROR'):<24}  {clean(code)}  {error.sentence}"
                )
            print(line, flush=True)
    waiting = await (await context.sync()).settle()
    await update_hub(context, event.uuid)
    await _warn_of_unpublished(context)
    if waiting:
        unsent = ngettext(
            "{n} check-in or answer waits to be sent: run boxoffice sync.",
            "{n} check-ins and answers wait to be sent: run boxoffice sync.",
            waiting,
        )
        print(unsent.format(n=waiting), file=sys.stderr)


async def update_hub(context: "AppContext", *opened: str) -> None:
    """Have the venue's hub know what was done here, as far as it can be reached.

    `opened`: events whose other doors are to be heard too.
    """
    from boxoffice.cli.app_context import JOINS_WITHIN
    from boxoffice.store import venue
    from boxoffice.sync import ClaimSync
    from boxoffice.sync.courier import Courier

    sync, door = await context.sync(), context.venue
    if door is not None and await door.wait_joined(JOINS_WITHIN):
        for event in {*await sync.journal.read_all(venue.events), *opened}:
            await ClaimSync(sync, door, event).catch_up()
            await Courier(sync, door, event).settle()
        await _give_back_seats(sync, door)


async def _give_back_seats(sync: "SyncContext", door: "Door") -> None:
    """Let other tills have what is held here for tills that are closed."""
    from boxoffice.store import seats, takings
    from boxoffice.sync.seats import Seats

    async def none() -> int:
        return 0

    shifts = await sync.journal.read_all(takings.shifts)
    open_at = {shift.event for shift in shifts if shift.closed is None}
    closed_at = {shift.event for shift in shifts} - open_at
    for event in await sync.journal.read(seats.events):
        if event in closed_at:
            await Seats(sync, door, event, none).give_back_all()


async def _warn_of_unpublished(context: "AppContext") -> None:
    """On stderr, where the other doors of the venue do not know all that was done here."""
    from boxoffice.store import venue

    sync = await context.sync()
    if sync.venue and (left := await sync.journal.read_all(venue.open_count)):
        notice = ngettext(
            "{n} check-in or undo is not known to the other doors: run boxoffice sync where the "
            "hub is.",
            "{n} check-ins and undos are not known to the other doors: run boxoffice sync where "
            "the hub is.",
            left,
        )
        print(notice.format(n=left), file=sys.stderr)


@asynccontextmanager
async def _hooks_shown(listener: "HookListener | None") -> AsyncIterator[None]:
    """Say how it stands with webhooks as soon as that is known; at the end in any case."""
    if listener is None:
        yield
        return
    ready = asyncio.create_task(listener.ready())
    ready.add_done_callback(lambda _: print(listener.sentence, file=sys.stderr, flush=True))
    try:
        yield
    finally:
        ready.cancel()
        await asyncio.gather(ready, return_exceptions=True)


def _warn_of_clock(context: "AppContext") -> None:
    """Say it once where the computer's clock is wrong, as soon as that is known."""

    def look() -> None:
        if sentence := describe_clock_offset(off(context.clock)):
            stop()
            print(sentence, file=sys.stderr, flush=True)

    stop = context.site_clock.watch(look)
    look()


def _warn_of_refusals(link: "Link") -> None:
    """On stderr, whenever the site begins to refuse the key: codes are answered all the same."""
    _print_changes(link.watch, lambda: link.sentence if link.state is LinkState.REFUSED else "")


def _warn_of_doubt(lane: "Lane") -> None:
    """On stderr, where the site lists so few tickets that its list is not taken over."""

    def sentence() -> str:
        if (listed := lane.status.doubted) is None:
            return ""
        return f"{describe_doubt(listed)} {_('boxoffice sync takes over the one of the site.')}"

    _print_changes(lambda look: lane.watch(lambda _: look()), sentence)


def _print_changes(
    watch: Callable[[Callable[[], None]], object], sentence: Callable[[], str]
) -> None:
    """On stderr, what `sentence` gives, whenever that becomes another one."""
    shown = ""

    def look() -> None:
        nonlocal shown
        now = sentence()
        if now and now != shown:
            print(now, file=sys.stderr, flush=True)
        shown = now

    watch(look)
    look()


def _line(scan: Scan) -> str:
    verdict, ticket = scan.verdict, scan.verdict.ticket
    who = scan.code
    if ticket is not None:
        who = " · ".join((ticket.full_name, ticket.ticket_type, *verdict.highlights.lines))
    return f"{scan.at:%H:%M:%S}  {verdict.word:<24}  {who}  {verdict.reason}".rstrip()


async def lines(stream: IO[str] | None) -> AsyncIterator[str]:
    """The lines of `stream` that are not empty, without their ends, as they come in.

    Reads the descriptor itself, on threads that may be left behind: one that waits for a terminal
    cannot be called back, and one that waits inside `sys.stdin` would keep Python from ending.
    """
    if stream is None:  # it was closed before the start
        return
    descriptor, rest = stream.fileno(), b""
    while data := await in_detached_thread(lambda: _chunk(descriptor)):
        *whole, rest = (rest + data).replace(b"\r", b"\n").split(b"\n")
        rest = rest[: LONGEST + 1]
        for line in filter(None, map(_text, whole)):
            yield line
    if line := _text(rest):
        yield line


def _chunk(descriptor: int) -> bytes:
    while True:
        try:
            return os.read(descriptor, 65_536)
        except BlockingIOError:  # a program that shares it has set it to answer at once
            select.select([descriptor], [], [])
        except OSError as error:  # the terminal has gone: that is the end of the input
            log.info("input ended: %s", error)
            return b""


def _text(line: bytes) -> str:
    text = line[:LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    return text if len(line) > LONGEST else text.strip()


async def sync(*, json: Json = False, details: Details = False, context: Context) -> int:
    """Send what is queued, settle sales whose outcome is not known, and read the list again.

    Exit status 0: nothing is left; 3: something still waits; 4: something needs a person, see
    boxoffice queue. An event that is not known is said after everything was sent; the status is 2
    where nothing is left.
    """
    _warn_of_clock(context)
    trouble, status, event = "", 0, None
    try:
        event = await _event(context)
    except (ProblemError, TicketbutlerError) as error:
        # What is queued goes out first, whatever is the matter with the event.
        trouble, status = error.sentence, error.status if isinstance(error, ProblemError) else 1
    about = [event] if event is not None else []
    await update_hub(context, *about)  # a second person's check-in is not sent
    drained = await _drain(context)
    await update_hub(context, *about)
    await _warn_of_unpublished(context)
    known = None
    if event is not None:
        from boxoffice.sync import Puller
        from boxoffice.sync.list_pace import is_suspicious

        sync = await context.sync()
        await (await context.files()).forgotten()
        puller = Puller(event, sync)
        await puller.metadata.pull()
        before, is_read = len(await puller.load()), await puller.pull()
        if puller.doubt.listed is not None:  # who gives this command means the site's list
            await context.clock.sleep(LOOK_AGAIN)
            is_read = await puller.refresh()
            if is_read and is_suspicious(listed := len(await puller.load()), before):
                print(describe_doubt(listed, believed=True), file=sys.stderr)
        if not is_read:
            trouble, status = sync.link.cause or _("The list could not be read again."), 1
        elif details:
            trouble, known = await _read_codes(context, await context.find(event), puller)
            status = 1 if trouble else 0
    elif details and not trouble:
        trouble, status = _("Say whose details to read with --event."), 2
    trouble = drained.trouble or trouble
    result: dict[str, object] = drained._asdict()
    del result["trouble"]  # said on stderr
    if known is not None:
        result["codes"] = {"read": known.read, "orders": known.ordered, "total": known.total}
    print(encoding.dumps(result) if json else _summary(drained), flush=True)
    if trouble:
        print(trouble, file=sys.stderr)
    if drained.attention:
        return NEEDS_A_PERSON
    return WAITS if drained.waiting else status


async def _read_codes(
    context: "AppContext", event: Event, puller: "Puller"
) -> tuple[str, CodesKnown]:
    """Read every ticket and order of an event; answers why not all, and how far it came."""
    from boxoffice.store.updates import CodesCounted, StoreUpdate
    from boxoffice.sync import CodeReader

    sync = await context.sync()
    reader = CodeReader(event, puller, sync, context.settings.door_policy.highlights)
    printed_at = -math.inf

    async def print_progress(update: StoreUpdate) -> None:
        nonlocal printed_at
        if not isinstance(update, CodesCounted):
            return
        known, now = update.known, context.clock.monotonic()
        if now - printed_at >= PRINT_EVERY or known.complete:
            printed_at = now
            codes = _("codes {read}/{total}, orders {ordered}/{total}").format(
                read=known.read, total=known.total, ordered=known.ordered
            )
            print(codes, file=sys.stderr, flush=True)

    sync.updates.subscribe(print_progress, CodesCounted)
    trouble = await reader.read_all()
    known = await reader.count()
    if trouble and not known.complete:
        unread = _("{n} of {total} not read: {reason}")
        left = format_number(known.total - known.whole)
        return unread.format(n=left, total=format_number(known.total), reason=trouble), known
    return "", known


async def _drain(context: "AppContext") -> "Drained":
    """Send what is queued, settle the sales, and send what they let in."""
    from boxoffice.store import sales
    from boxoffice.sync import Sender

    sync = await context.sync()
    sender = Sender(sync)
    drained = await sender.drain()
    if not any(state in OPEN for state in await sync.journal.read(sales.counts)):
        return drained
    waiting, attention = await context.seller(await context.sync()).drain()
    again = await sender.drain()
    return again._replace(
        sent=drained.sent + again.sent,
        waiting=again.waiting + waiting,
        attention=again.attention + attention,
    )


async def _event(context: "AppContext") -> str | None:
    """The event whose list is read again: the one asked for, else the only one today."""
    events = await context.fetch(old=False)
    if context.settings.event:
        return (await select_event(context)).uuid
    only = opens_straight(events, context.clock.now())
    return only.uuid if only else None


def _summary(drained: "Drained") -> str:
    return ngettext(
        "{sent} sent, {waiting} still to be sent, {n} needs a person.",
        "{sent} sent, {waiting} still to be sent, {n} need a person.",
        drained.attention,
    ).format(sent=drained.sent, waiting=drained.waiting, n=drained.attention)
