"""Which event a command is for."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from boxoffice import ProblemError
from boxoffice.domain.events import arrange, opens_straight
from boxoffice.domain.journal import QueueRow, QueueState
from boxoffice.domain.models import Event
from boxoffice.domain.sale import OPEN, Sale
from boxoffice.domain.text import hex_uuid, titled
from boxoffice.language import N_, _
from boxoffice.ticketbutler import KeyRefused, TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

HOW = N_(
    "Say which event with --event: its uuid, or a part of its title that no other has. There are:"
)
SEVERAL = N_("Several events have “{wanted}” in their title. There are:")


async def known_events(context: "AppContext", *, old: bool = False) -> list[Event]:
    """The events from the server; where it cannot be asked, those on disk, and that is said.

    Raises TicketbutlerError where the key is refused, or where nothing is on disk.
    """
    try:
        return await context.fetch(old=old)
    except KeyRefused:
        raise
    except TicketbutlerError as error:
        stored = await context.stored()
        if not stored:
            raise
        print(
            _("{sentence} These are the events as last seen.").format(sentence=error.sentence),
            file=sys.stderr,
        )
        return stored


async def select_event(context: "AppContext") -> Event:
    """The event that --event names, by uuid or a part of its title; without it the only one today.

    The server is asked only where the events on disk do not tell.
    Raises ProblemError with the choices, or TicketbutlerError.
    """
    wanted = context.settings.event
    uuid = hex_uuid(wanted)
    if uuid is not None:
        return await context.find(uuid)
    stored = await context.stored()
    if (known := _only(wanted, stored, context.clock.now())) is not None:
        return known
    events = await known_events(context)
    now = context.clock.now()  # after the site has answered, which sets the clock
    if (known := _only(wanted, events, now)) is not None:
        return known
    if not wanted.strip():
        raise choices(_(HOW), events, now)
    found = titled(wanted, events) or titled(wanted, await known_events(context, old=True))
    if len(found) == 1:
        return found[0]
    if found:
        raise choices(_(SEVERAL).format(wanted=wanted), found, now)
    none = _("No event has “{wanted}” in its title. There are:").format(wanted=wanted)
    raise choices(none, events, now)


def _only(wanted: str, events: list[Event], now: datetime) -> Event | None:
    """The one event that can be meant."""
    if not wanted.strip():
        return opens_straight(events, now)
    found = titled(wanted, events)
    return found[0] if len(found) == 1 else None


async def queued(context: "AppContext") -> tuple[list[QueueRow], list[Sale], int]:
    """The queue, and the sales that are not settled: of all events, or of those --event names.

    And how many there are beside, of other events. Nothing is asked of the server.

    Raises ProblemError with the choices where it names none.
    """
    from boxoffice.store import queue, sales

    files, wanted = await context.files(), context.settings.event
    waiting = await files.journal.read_all(queue.in_states, tuple(QueueState))
    unsettled = await files.journal.read_all(sales.in_states, None, OPEN)
    if not wanted.strip():
        return waiting, unsettled, 0
    queued_for = {row.event for row in waiting} | {sale.cart.event for sale in unsettled}
    known = await context.stored()
    known += [Event(uuid, "") for uuid in queued_for - {event.uuid for event in known}]
    if context.event is not None:
        named = {event.uuid for event in known if event.uuid == context.event}
    else:
        named = {event.uuid for event in titled(wanted, known)}
    if known and not named:
        none = _("No event here is “{wanted}”. There are:").format(wanted=wanted)
        raise choices(none, known, context.clock.now())
    rows = [row for row in waiting if row.event in named]
    open_sales = [sale for sale in unsettled if sale.cart.event in named]
    beside = len(waiting) + len(unsettled) - len(rows) - len(open_sales)
    return rows, open_sales, beside


def choices(sentence: str, events: list[Event], now: datetime) -> ProblemError:
    rows = [f"  {event.uuid}  {event.title}" for _when, event in arrange(events, now, expired=True)]
    if not rows:
        return ProblemError(_("The site shows no events to this key."))
    return ProblemError("\n".join([sentence, *rows]), status=2)
