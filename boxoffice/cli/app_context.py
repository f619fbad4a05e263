"""Where the parts are put together: one computer at one site."""

import asyncio
import gc
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from boxoffice import ProblemError, paths, secret
from boxoffice.cli.services import Services
from boxoffice.clock import Clock, SystemClock
from boxoffice.config import Settings
from boxoffice.domain.models import Event
from boxoffice.domain.text import hex_uuid
from boxoffice.lane import Change, EventCache, Lane, LaneDeps, SalesPolicy, StatusChanged
from boxoffice.log import hide
from boxoffice.site_clock import SiteClock
from boxoffice.store import json_docs, queue, queue_sending, sales
from boxoffice.sync import CodeReader
from boxoffice.ticketbutler import NotFound, Ticketbutler, read_site

if TYPE_CHECKING:  # few starts listen for webhooks, and none needs the desk
    from boxoffice.domain.sale import Sale
    from boxoffice.hooks.listener import HookListener
    from boxoffice.manage import Desk
    from boxoffice.ticketbutler.hooks import Hook

SETTLE = 10.0
"""Seconds that a command waits at its end for the server to take what is due."""
LOOK_EVERY = 0.05
BESIDE_A_LANE = 4
"""Tickets sent at once, so that of the eight requests some are left for the door's own reads."""


class AppContext:
    """One computer at one site: its key, its events, its lane, its desk and its webhooks.

    It is the `boxoffice.screens.base.Backend` that the app is given.
    """

    def __init__(
        self, settings: Settings, *, key: SecretStr | None = None, clock: Clock | None = None
    ) -> None:
        """`key`: instead of a stored one. Raises ProblemError."""
        self.settings = settings
        self.site_clock = _site_clock(clock)
        self.clock: Clock = self.site_clock
        self.data = paths.prepare(settings.data_dir)
        self.site = settings.url or secret.last_site(self.data)
        self.event = hex_uuid(settings.event)
        self._key = key
        if key is None and self.site:
            self._key = secret.read_key(self.site, self.data)
        self.ready = self._key is not None and bool(self.site)
        self.kept_in = ""
        """Where the last log-in put the key, for people."""
        self.services = self._new_services()
        self._lane: Lane | None = None
        self._desk: Desk | None = None
        self.live: HookListener | None = None
        """Webhooks that are received; None: none are asked for."""

    def _new_services(self) -> Services:
        return Services(self.settings, self.data, site=self.site, key=self._key, clock=self.clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Take back the webhook, stop the lane, leave the server, then close the files."""
        if self.live is not None and (left := await self.live.close()):
            print(left, file=sys.stderr)
        if self._lane is not None:
            await self._lane.stop()
        self.live = self._lane = self._desk = None
        await self.services.close()

    # The site and its key

    async def login(self, site: str, key: str) -> None:
        """Try site and key with the server, then keep them.

        Raises ProblemError or TicketbutlerError, and nothing is kept then.
        """
        origin, checked = read_site(site), secret.check_key(key)
        async with Ticketbutler(origin, checked, clock=self.clock) as client:
            await client.ping()
        self.kept_in = await asyncio.to_thread(secret.store_key, origin, checked, self.data)
        secret.store_site(origin, self.data)
        await self.close()
        if origin != self.site:
            self.site_clock.forget()
        self.site, self._key, self.ready = origin, checked, True
        self.services = self._new_services()

    def logout(self) -> bool:
        """Forget the site and its key. False: no key was stored."""
        return secret.remove_key(self.services.site, self.data)

    # The organiser's desk

    @property
    def has_desk(self) -> bool:
        return self.settings.desk

    @property
    def locale(self) -> str:
        return self.settings.locale

    async def desk(self) -> "Desk":
        """What an organiser lists and changes. Raises ProblemError where no key is known.

        It has a client of its own: what the site refuses an organiser, or is slow at, says nothing
        of how the door reaches it.
        """
        if self._desk is None:
            from boxoffice.manage import Desk

            self._desk = Desk(await self.services.new_client(), self._sale_of)
        return self._desk

    async def _sale_of(self, order: str) -> "Sale | None":
        return await (await self.services.files()).journal.read(sales.of_order, order)

    # Events and their lanes

    async def stored(self) -> list[Event]:
        """The organiser's events as they are on this disk."""
        return await (await self.services.files()).store.read(json_docs.get_events)

    async def fetch(self, *, old: bool) -> list[Event]:
        """The organiser's events from the server; with `old` also those that are over.

        With what is known of each beside, which the list does not tell.
        """
        files, server = await self.services.files(), await self.services.server()
        events = await server.client.events(old=old)
        await files.store.write(json_docs.save_events, events)
        known = {event.uuid: event for event in await files.store.read(json_docs.get_events)}
        return [known.get(event.uuid, event) for event in events]

    async def find(self, uuid: str) -> Event:
        """The event with this uuid, from this disk or from the server.

        Raises ProblemError where there is none, TicketbutlerError where that cannot be told.
        """
        for event in await self.stored():
            if event.uuid == uuid:
                return event
        files, server = await self.services.files(), await self.services.server()
        try:
            event = await server.client.event(uuid)
        except NotFound as error:
            raise ProblemError(f"There is no event {uuid} at {self.site}.", status=2) from error
        await files.store.write(json_docs.save_events, [event])
        return event

    async def lane(self, event: str, *, follow_list: bool = True, live: bool = True) -> Lane:
        """Open the lane at an event and start it; a lane that was open is stopped.

        `follow_list`: keep the list in memory, for a screen. `live`: receive webhooks too, where
        that is set: beside the lane, which waits for nothing of it.
        """
        services, chosen = self.services, await self.find(event)
        if self._lane is not None:
            await self._lane.stop()
        puller = await services.puller(event)
        context = await services.sync()
        deps = LaneDeps(
            context,
            EventCache(chosen, context.store),
            puller,
            sender=await services.sender(side_by_side=BESIDE_A_LANE),
            seller=await services.seller(puller, lane=self.settings.lane),
            policy=self.settings.door_policy,
            reader=CodeReader(chosen, puller, context) if self.settings.read_codes else None,
        )
        self._lane = Lane(
            deps,
            name=self.settings.lane,
            operator=self.settings.operator,
            deadline=self.settings.deadline,
            sales=SalesPolicy(**self.settings.sales.model_dump(), locale=self.settings.locale),
        )
        if follow_list:
            _freeze_once_loaded(self._lane)
        await self._lane.start(follow_list=follow_list)
        if live and self.settings.hooks and self.live is None:
            self.listen(self._webhook).start(register=self.settings.hooks_register)
        return self._lane

    async def settle(self) -> int:
        """Wait while the server takes what is due; answers how many rows are still to be sent."""
        files, server = await self.services.files(), await self.services.server()
        journal, give_up = files.journal, self.clock.monotonic() + SETTLE
        while True:
            counts = await journal.read(queue.counts)
            due = await journal.read(queue_sending.next_due, self.clock.now())
            # What waited a moment ago, and is not due at any time, is being sent by now.
            waits = due is not None and due > self.clock.now()
            at_work = counts.sending or (counts.waiting and not waits)
            if not at_work or not server.link.sends or self.clock.monotonic() >= give_up:
                return counts.unsent
            await self.clock.sleep(LOOK_EVERY)

    # Webhooks

    def listen(
        self, deliver: "Callable[[Hook], None]", refused: Callable[[str], None] = lambda _: None
    ) -> "HookListener":
        """What receives webhooks once it is opened, until all is closed."""
        from boxoffice.hooks.address import Address, read_address
        from boxoffice.hooks.listener import HookListener

        async def client() -> Ticketbutler:
            return (await self.services.server()).client

        self.live = HookListener(
            read_address(self.settings.hooks) if self.settings.hooks else Address(),
            self.settings.hooks_public,
            site=self.services.site,
            folder=self.services.folder,
            client=client,
            clock=self.clock,
            deliver=deliver,
            refused=refused,
            hide=lambda text: hide(SecretStr(text)),
        )
        return self.live

    def _webhook(self, hook: "Hook") -> None:
        if self._lane is not None:
            self._lane.webhooks.receive(hook)


def _site_clock(clock: Clock | None) -> SiteClock:
    if clock is not None:  # who hands a clock in, and sets it, means the time to be another
        return SiteClock(clock, steady=lambda: clock.now().timestamp())
    system = SystemClock()
    return SiteClock(system, steady=system.steady)


def _freeze_once_loaded(lane: Lane) -> None:
    """Leave the list out of collections: one over 100,000 tickets stalls the screen."""

    def look(change: Change) -> None:
        if isinstance(change, StatusChanged) and not change.status.loading:
            stop()
            gc.freeze()

    stop = lane.watch(look)
