"""What `doctor` measures, each thing within a deadline; what it means is said in the domain.

Nothing is changed, here or at the site, and neither needs to be there.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from boxoffice import ProblemError, paths
from boxoffice.cli import computer_checks
from boxoffice.clock import Clock, LateError, SiteClock, in_detached_thread, off, within
from boxoffice.domain import hub_readiness, readiness
from boxoffice.domain.events import days_before
from boxoffice.domain.invitation import read_address
from boxoffice.domain.models import Event
from boxoffice.domain.readiness import FAIL, OK, WARN, Check
from boxoffice.domain.text import clean, title_key
from boxoffice.language import _
from boxoffice.store import StoreError, json_docs, orders, sales, takings, ticket_lists
from boxoffice.sync.context import ProcessLock
from boxoffice.sync.sender import LOCK_FILE
from boxoffice.ticketbutler import Forbidden, KeyRefused, TicketbutlerError

if TYPE_CHECKING:
    from boxoffice.cli.app_context import AppContext

log = logging.getLogger(__name__)

FINDS_WITHIN = 1.5
"""Seconds in which a hub is found that has another address by now."""
PATIENCE = 4
"""Times what a scan waits for the site: so long a check may take."""
PINGS = 3
NO_EVENT = "0" * 32
"""In place of a uuid, to ask the hub of."""


async def examine(context: "AppContext", *, kitty: bool | None = None) -> list[Check]:
    """Look at all of it: the site first, since its answers set the clock.

    `kitty`: as of `readiness.of_terminal`.
    """
    checks = await _site(context)
    event, broken = None, None
    try:
        event = await _event(context) if context.site else None
    except Exception as error:  # noqa: BLE001 - as in a check of its own
        broken = _broken("event", error)
    parts: list[tuple[str, Coroutine[Any, Any, Check]]] = []
    if context.site:
        parts = [
            ("event", _now(lambda: broken or _event_check(event, context.settings.event))),
            ("clock", _now(lambda: _clock(context.clock))),
            ("list", _list(context, event)),
            ("codes", _codes(context, event)),
            ("settings", _names(context, event)),
            ("queue", _queue(context)),
            ("till", _till(context)),
            ("lane", _lane(context)),
            ("guests", _guests(context)),
        ]
    parts += [
        ("PIN", _pin(context)),
        ("disk", in_detached_thread(lambda: computer_checks.disk(context.data))),
        ("folder", in_detached_thread(lambda: computer_checks.data_folder(context.data))),
        ("key", in_detached_thread(lambda: computer_checks.key(context))),
        ("printer", in_detached_thread(computer_checks.printer)),
        ("terminal", _now(lambda: computer_checks.terminal(kitty))),
        ("time zone", _now(lambda: computer_checks.time_zone(event))),
        ("locale", _now(lambda: computer_checks.locale_of(context.locale))),
        ("versions", _now(computer_checks.versions)),
    ]
    hub = asyncio.create_task(_hub(context, event))
    rest = await asyncio.gather(*(_bounded(name, work, context) for name, work in parts))
    return [*checks, *rest, *await hub]


async def _bounded(
    name: str, work: Coroutine[Any, Any, Check], context: "AppContext", *, late: str = ""
) -> Check:
    """What a check comes to, whatever becomes of it."""
    try:
        return await within(deadline(context), work, context.clock)
    except LateError:
        return Check(
            name,
            FAIL,
            late
            or _("It could not be looked at within {context:g} s.").format(
                context=deadline(context)
            ),
        )
    except (ProblemError, StoreError, TicketbutlerError) as error:
        return Check(name, FAIL, error.sentence.partition("\n")[0])
    except OSError as error:
        log.warning("%s: %s", name, error)
        return Check(
            name, FAIL, _("It cannot be looked at: {error}.").format(error=paths.reason_of(error))
        )
    except Exception as error:  # noqa: BLE001 - what is wrong on this computer is what is asked
        return _broken(name, error)


def _broken(name: str, error: Exception) -> Check:
    log.error("%s cannot be looked at", name, exc_info=error)
    return Check(
        name,
        FAIL,
        _("It cannot be looked at ({name}): see the log.").format(name=type(error).__name__),
    )


def deadline(context: "AppContext") -> float:
    """Seconds that one check may take."""
    return PATIENCE * context.settings.deadline


async def _now(check: Callable[[], Check]) -> Check:
    return check()


# The site


async def _site(context: "AppContext") -> list[Check]:
    """Whether it answers, takes the key, and how fast."""
    taken: list[float] = []
    silent = _("{site} does not answer within {context:g} s.").format(
        site=context.site, context=deadline(context)
    )
    site = await _bounded("site", _pings(context, taken), context, late=silent)
    if site.check != "site" or site.state is not OK:
        return [site]
    return [
        site,
        await _bounded("rights", _rights(context), context),
        readiness.of_latency(taken, context.settings.deadline),
    ]


async def _pings(context: "AppContext", taken: list[float]) -> Check:
    client = (await context.sync()).client
    for _turn in range(PINGS):
        began = context.clock.monotonic()
        try:
            await client.ping()
        except (KeyRefused, Forbidden) as error:
            return Check("rights", FAIL, error.sentence)
        taken.append(context.clock.monotonic() - began)
    return Check("site", OK, _("{site} answers, and takes the key.").format(site=context.site))


async def _rights(context: "AppContext") -> Check:
    event = await _event(context)
    if event is None:
        return Check("rights", WARN, _("It is not known for which event to ask."))
    details = await (await context.sync()).client.events.get_settings(event.uuid)
    if details.team_organiser is False:
        return Check("rights", WARN, _("The key may look at the event, and not change it."))
    return Check("rights", OK, _("The key is for this event; the first check-in proves the rest."))


async def _event(context: "AppContext") -> Event | None:
    """The event that the door would open at, by what is on this disk or at the site."""
    from boxoffice.cli.select_event import select_event

    if context.open_event is not None:
        return context.open_event
    try:
        return await within(deadline(context), select_event(context), context.clock)
    except (LateError, ProblemError, StoreError, TicketbutlerError) as error:
        log.info("no event for the checks: %s", error)
        return None


def _event_check(event: Event | None, named: str) -> Check:
    if event is None and named.strip():
        why = _("“{name}” names no single event that is known here: see boxoffice events.")
        return Check("event", FAIL, why.format(name=clean(named, 80)))
    if event is None:
        why = _("None is today's alone, or it cannot be told: name it with --event.")
        return Check("event", WARN, why)
    return Check("event", OK, f"{event.title}.")


def _clock(clock: Clock) -> Check:
    known = isinstance(clock, SiteClock) and clock.site_time is not None
    return readiness.of_clock(off(clock) if known else None)


# The venue's hub


async def _hub(context: "AppContext", event: Event | None) -> list[Check]:
    """How it is reached; nothing where this computer never joined a venue."""
    if context.settings.hub == "off" or not (context.data / paths.MEMBERSHIP).exists():
        return []
    more: list[Check] = []
    late = _("The venue's hub does not answer: {why}").format(why=_(hub_readiness.WHY_SILENT))
    return [await _bounded("hub", _probe(context, event, more), context, late=late), *more]


async def _probe(context: "AppContext", event: Event | None, more: list[Check]) -> Check:
    """`more`: what is found beside. Raises ProblemError."""
    from boxoffice.venue import extra_needed

    with extra_needed():
        from boxoffice.venue import HubAwayError, discovery, membership
        from boxoffice.venue.probe import Unreachable, probe

    own = membership.load(context.data)
    if own is None:
        return Check("hub", OK, _("This computer has just left its venue."))
    if context.settings.hub != "auto":
        own = own.reached_at(read_address(context.settings.hub))
    uuid, announced = event.uuid if event else NO_EVENT, False
    try:
        found = await probe(own, uuid, context.clock)
        if isinstance(found, Unreachable) and context.settings.hub == "auto":
            hubs = await discovery.find_hubs(FINDS_WITHIN, own.hub)  # as a door would
            announced = bool(hubs)
            new = {at for hub in hubs for at in hub.addresses} - set(own.addresses)
            if new:
                found = await probe(replace(own, addresses=tuple(new)), uuid, context.clock)
    except HubAwayError as error:
        return Check(
            "hub",
            FAIL,
            _("{venue} was lost while it was asked: {error}.").format(venue=own.venue, error=error),
        )
    if isinstance(found, Unreachable):
        if found.sentence:
            return Check("hub", FAIL, found.sentence)
        return hub_readiness.of_hub_away(
            own.venue, str(found.address), found.port, announced=announced
        )
    if found.epoch is not None and found.epoch < own.epoch:
        return Check(
            "hub",
            FAIL,
            _("{venue} answers, but as an older hub: ignored.").format(venue=own.venue),
        )
    if found.ahead is not None:
        more.append(hub_readiness.of_hub_clock(found.ahead))
    more.append(hub_readiness.of_doors(context.settings.lane, found.lanes))
    if found.trouble is not None:
        return Check("hub", FAIL, found.trouble.describe(own.venue))
    return hub_readiness.of_hub(own.venue, found.seconds, found.engine)


# What is on this disk


async def _list(context: "AppContext", event: Event | None) -> Check:
    files, now = await context.files(), context.clock.now()
    if event is None:
        return Check("list", WARN, _("It is not known of which event to look for one."))
    pulled = await files.store.read(ticket_lists.pulled, event.uuid)
    return readiness.of_list(pulled.tickets, now - pulled.at) if pulled else readiness.of_list(None)


async def _names(context: "AppContext", event: Event | None) -> Check:
    """Whether the event has what the settings name, as far as it is known here."""
    store, settings = (await context.files()).store, context.settings
    uuid = event.uuid if event else NO_EVENT
    questions = await store.read(json_docs.get, json_docs.QUESTIONS, uuid)
    types = await store.read(json_docs.get, json_docs.TICKET_TYPES, uuid)
    missing: dict[str, list[str]] = {}
    if questions is not None:
        missing["show"] = settings.door_policy.highlights.not_asked(questions)
    if types is not None:
        keys, titles = ({key(one.title) for one in types} for key in (title_key, str.casefold))
        missing["attention"] = [name for name in settings.attention if title_key(name) not in keys]
        missing["doors"] = [name for name in settings.doors if name.casefold() not in titles]
        missing["extras"] = [name for name in settings.extras if name.casefold() not in titles]
    return readiness.of_names(missing)


async def _codes(context: "AppContext", event: Event | None) -> Check:
    if event is None:
        return Check("codes", WARN, _("It is not known of which event to look for them."))
    files = await context.files()
    return readiness.of_codes(await files.store.read_all(orders.codes_known, event.uuid))


async def _queue(context: "AppContext") -> Check:
    return readiness.of_queue(await (await context.files()).journal.read_all(sales.queue_counts))


async def _till(context: "AppContext") -> Check:
    journal = (await context.files()).journal
    shift = await journal.read(takings.current_shift, journal.lane)
    if shift is None:
        return Check("till", OK, _("It is closed: open it before cash is taken."))
    if context.clock.now() - shift.opened_at > timedelta(hours=18):
        return Check("till", WARN, _("It is open since another day: close it with a count."))
    return Check("till", OK, _("It is open."))


async def _pin(context: "AppContext") -> Check:
    if await context.pin.is_set():
        return Check(
            _("PIN"), OK, _("Refunds, overrides, the till's close and the desk ask for it.")
        )
    return Check(
        _("PIN"), OK, _("None is set: who is at the keyboard may refund. See boxoffice pin.")
    )


async def _lane(context: "AppContext") -> Check:
    lock = ProcessLock(context.folder / LOCK_FILE, context.clock)
    is_free = context.open_event is None and lock.acquire()
    if is_free:
        lock.release()
    busy = not is_free and context.open_event is None
    files, mark = await context.files(), sales.mark(context.settings.lane)
    own = await files.journal.read_all(sales.sold_as, mark)
    others = await files.store.read_all(orders.sold_as, mark) - own
    return readiness.of_lane(context.settings.lane, busy=busy, others=len(others))


async def _guests(context: "AppContext") -> Check:
    """Whether something of them is here that should be gone by itself."""
    files, days = await context.files(), context.settings.keep_days
    if files.is_forgetting:
        return Check("guests", OK, _("What is about guests of events long over is being erased."))
    ended = await files.ended(days_before(context.clock.now(), days))
    return readiness.of_guests(len(ended), days)
