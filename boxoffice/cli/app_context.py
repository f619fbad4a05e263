"""Where the parts are put together: one computer at one site."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from boxoffice import ProblemError, paths, secret
from boxoffice.cli.site_files import SiteFiles
from boxoffice.clock import Clock, SiteClock
from boxoffice.config import Settings, host_name
from boxoffice.domain.models import Event
from boxoffice.domain.pin import Act, Permit
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.text import hex_uuid
from boxoffice.lane import EventCache, Lane, LaneDeps, SalesPolicy
from boxoffice.lane.changes import freeze_once_loaded
from boxoffice.lane.pin_lock import PinLock
from boxoffice.language import N_, _
from boxoffice.store import StoreError, json_docs, venue
from boxoffice.sync import CodeReader, Link, Puller, Sender, SyncContext
from boxoffice.sync.sender import BESIDE_A_LANE, IN_QUIET
from boxoffice.ticketbutler import Exchange, NotFound, Ticketbutler, read_site

if TYPE_CHECKING:  # few starts listen for webhooks, and none needs the desk
    from boxoffice.domain.sale import Sale
    from boxoffice.hooks.listener import HookListener
    from boxoffice.lane.overview import Overview
    from boxoffice.manage import Desk
    from boxoffice.sync.sales.seller import Seller
    from boxoffice.ticketbutler.resources.webhooks import Hook
    from boxoffice.venue.door import Door

log = logging.getLogger(__name__)

DEMO_STAYS = N_("The demo has a site of its own: leave it, then run boxoffice login.")
NO_SITE = N_(
    "No site is known: run boxoffice login, or give --url https://yourname.ticketbutler.io"
)
TILL_IS_OPEN = N_("The till of lane {lane} is open: close it first, its cash goes by that name.")
JOINS_WITHIN = 3.0
"""Seconds that a lane without a screen waits for the venue's hub, before its first scan."""


class AppContext:
    """One computer at one site: its key, its events, its lane, its desk and its webhooks.

    It is the `boxoffice.screens.base.Backend` that the app is given.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        key: SecretStr | None = None,
        clock: Clock | None = None,
        draws_first: bool = False,
    ) -> None:
        """`key`: instead of a stored one. Raises ProblemError.

        `draws_first`: a stored key is looked for at the first request; who draws sets `drawn`.
        """
        self.site_clock = SiteClock.over(clock)
        self.clock: Clock = self.site_clock
        self.data = paths.prepare(settings.data_dir)
        lane = settings.lane or paths.lane_name(self.data, host_name())
        self.settings = replace(settings, lane=lane)
        self.site = settings.url or secret.last_site(self.data)
        self.event = hex_uuid(settings.event)
        self._key = secret.StoredKey(self.site, self.data, key, late=draws_first)
        self.drawn = asyncio.Event()
        """What can wait does until it is set."""
        if not draws_first:
            self.drawn.set()
        self.is_demo = False
        """It stays at the site that it was made for."""
        self.pin = PinLock(self.data, self.clock)
        self.key_place = ""
        """Where the last log-in put the key, for people."""
        self._files: SiteFiles | None = None
        self._sync: SyncContext | None = None
        self.venue: Door | None = None
        """The doors that this one shares one truth with; None: it never joined any."""
        self._is_stale = False
        """The next lane is opened with files, site and venue of its own."""
        self._open = AsyncExitStack()
        """What was opened, to be closed in order."""
        self._lane: Lane | None = None
        self._desk: Desk | None = None
        self.listener: HookListener | None = None
        """Where webhooks come in; None: none are asked for."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Take back the webhook, stop the lane, leave the server, then close the files."""
        if self.listener is not None and (left := await self.listener.close()):
            print(left, file=sys.stderr)
        if self._lane is not None:
            self._lane.listener = None  # a screen that is still open offers it no more
            await self._lane.close()
        self.listener = self._lane = self._desk = self._sync = self._files = self.venue = None
        await self._open.aclose()

    @property
    def ready(self) -> bool:
        """A site is known, and nobody has looked for its key in vain."""
        return bool(self.site) and self._key.problem is None

    # What is opened when it is first needed

    @property
    def origin(self) -> str:
        """The site. Raises ProblemError where none is known."""
        if not self.site:
            raise ProblemError(_(NO_SITE), status=2)
        return self.site

    @property
    def folder(self) -> Path:
        """Where the files of the site are. Raises ProblemError."""
        return paths.site_folder(self.data, self.origin)

    async def files(self) -> SiteFiles:
        """Journal and roster, open; they need no key and no server.

        Raises ProblemError or StoreError.
        """
        if self._files is None:
            self._files = SiteFiles(
                *(self.folder, self.settings, self.site_clock, self.pin, lambda: self.open_event),
                drawn=self.drawn,
            )
            self._open.push_async_callback(self._files.close)
        await self._files.open()
        return self._files

    async def sync(self) -> SyncContext:
        """The site beside the files. Raises ProblemError where no key is known."""
        files = await self.files()
        if self._sync is None:
            link = Link(deadline=self.settings.deadline)
            client = await self._new_client(link.observe)
            venue_problem = ""
            if self.settings.hub != "off" and (self.data / paths.MEMBERSHIP).exists():
                from boxoffice.venue.door import open_door

                device, lane = await files.journal.write(venue.device), self.settings.lane
                try:
                    door = open_door(
                        self.data, self.settings.hub, device=device, lane=lane, clock=self.clock
                    )
                except ProblemError as problem:  # people wait: it goes by its own list
                    venue_problem = problem.sentence
                    print(venue_problem, file=sys.stderr)
                else:
                    self.venue = await self._open.enter_async_context(door)
            self._sync = SyncContext(
                *(files.journal, files.store, client, link, files.folder, self.clock),
                venue=self.venue,
                venue_problem=venue_problem,
                is_alone=files.is_alone,
            )
        return self._sync

    def open_anew(self) -> None:
        """Have the next lane be opened by what this computer is called and has joined by now."""
        self._is_stale = True

    async def change_setting(self, name: str, value: Any) -> None:
        """Have a setting of a lane be `value` from now on, or from when a lane is opened anew.

        Raises ProblemError where the till stands in the way.
        """
        if name == "lane":
            if self._lane is not None and await self._lane.box_office.till() is not None:
                raise ProblemError(_(TILL_IS_OPEN).format(lane=self._lane.name))
            self.open_anew()
        if name == "operator" and self._lane is not None:
            await self._lane.hand_over(str(value))
        self.settings = replace(self.settings, **{name: value})

    def seller(self, sync: SyncContext, *pullers: Puller, lane: str | None = None) -> "Seller":
        """Who places sales: a lane's, or (None) all. `pullers`: those there are already."""
        from boxoffice.sync.sales.seller import Seller

        known = {puller.event: puller for puller in pullers}

        def puller_of(event: str) -> Puller:
            return known.get(event) or known.setdefault(event, Puller(event, sync))

        return Seller(sync, puller_of, lane=lane, extras=self.settings.door_policy.extras)

    async def _new_client(self, observe: Callable[[Exchange], None] | None = None) -> Ticketbutler:
        """A client that shares nothing with others, closed with the rest. Raises ProblemError."""
        if (problem := self._key.problem) is not None and not self._key.is_late:
            raise problem
        client = Ticketbutler(self.origin, self._key, clock=self.clock, observe=observe)
        return await self._open.enter_async_context(client)

    # The site and its key

    async def login(self, site: str, key: str) -> None:
        """Try site and key with the server, then keep them.

        Raises ProblemError or TicketbutlerError, and nothing is kept then.
        """
        if self.is_demo:
            raise ProblemError(_(DEMO_STAYS))
        await self._permit(Act.LOGIN)
        origin, checked = read_site(site), secret.check_key(key)
        async with Ticketbutler(origin, checked, clock=self.clock) as client:
            await client.ping()
        self.key_place = await asyncio.to_thread(
            secret.store_key, origin, checked, self.data, guarded=self.pin.is_on
        )
        secret.store_site(origin, self.data)
        await self.close()
        if origin != self.site:
            self.site_clock.forget()
        self.site, self._key = origin, secret.StoredKey(origin, self.data, checked)

    async def logout(self) -> bool:
        """Forget the site and its key. False: no key was stored. Raises ProblemError."""
        await self._permit(Act.LOGOUT)
        return await asyncio.to_thread(secret.remove_key, self.origin, self.data)

    async def _permit(self, act: Act) -> Permit:
        """What may be done without files, and is journalled where there are any."""
        self.drawn.set()  # a person has asked for it
        if self.site:
            try:
                await self.files()
            except StoreError as error:
                log.warning("%s is not written down: %s", act, error)
        return await self.pin.permit(act)

    async def change_pin(self, choose: Callable[[], Awaitable[str | None]]) -> None:
        """Have what `choose` answers as the data folder's PIN; None: none. Raises ProblemError.

        It is asked once the old one was given.
        """
        permit = await self._permit(Act.PIN)
        await self.pin.change(await choose(), permit)
        if self.site:
            await asyncio.to_thread(secret.guard_key, self.site, self.data, guarded=self.pin.is_on)

    # The organiser's desk

    @property
    def has_desk(self) -> bool:
        """A PIN takes it away, unless it is set to be there: then it asks for the PIN."""
        wanted = self.settings.desk
        return not self.pin.is_on if wanted is None else wanted

    @property
    def locale(self) -> str:
        return self.settings.locale

    async def desk(self) -> "Desk":
        """What an organiser lists and changes, from here on until it is asked for again.

        Raises ProblemError where no key is known, or the PIN is needed and not given.

        It has a client of its own: what the site refuses an organiser, or is slow at, says nothing
        of how the door reaches it.
        """
        await self._permit(Act.DESK)
        if self._desk is None:
            from boxoffice.manage import Desk
            from boxoffice.store import sales

            async def sale_of(order: str) -> "Sale | None":
                return await (await self.files()).journal.read(sales.of_order, order)

            self._desk = Desk(await self._new_client(), sale_of, self.folder)
        return self._desk

    @property
    def open_event(self) -> Event | None:
        """Whose door is open."""
        return self._lane.event if self._lane is not None else None

    @property
    def overview(self) -> "Overview | None":
        """All doors of the venue, as the open lane sees them; None: there is none, or no lane."""
        return self._lane.overview if self._lane is not None else None

    # Events and their lanes

    async def stored(self) -> list[Event]:
        return await (await self.files()).store.read(json_docs.get_events)

    async def fetch(self, *, old: bool) -> list[Event]:
        """The organiser's events from the server, and what is known beside; `old`: past ones."""
        sync = await self.sync()
        await sync.client.load()
        events, store = await sync.client.events.list(old=old), sync.store
        await store.write(json_docs.save_events, events)
        known = {event.uuid: event for event in await store.read(json_docs.get_events)}
        return [known.get(event.uuid, event) for event in events]

    async def find(self, uuid: str) -> Event:
        """The event with this uuid, from this disk or from the server.

        Raises ProblemError where there is none, TicketbutlerError where that cannot be told.
        """
        for event in await self.stored():
            if event.uuid == uuid:
                return event
        sync = await self.sync()
        try:
            event = await sync.client.events.get(uuid)
        except NotFound as error:
            raise ProblemError(
                _("There is no event {uuid} at {site}.").format(uuid=uuid, site=self.site), status=2
            ) from error
        await sync.store.write(json_docs.save_events, [event])
        return event

    async def lane(self, event: str, *, follow_list: bool = True, webhooks: bool = True) -> Lane:
        """Open the lane at an event and start it; a lane that was open is stopped.

        `follow_list`: see `Lane.start`. `webhooks`: receive them too, where that is set.
        """
        if self._is_stale:
            self._is_stale = False
            await self.close()
        chosen, sync, settings = await self.find(event), await self.sync(), self.settings
        if self._lane is not None:
            await self._lane.close()
        files = await self.files()
        await files.forgotten()
        if webhooks and settings.hooks and self.listener is None:
            self.listen(self._webhook)
        puller = Puller(event, sync)
        reader = CodeReader(chosen, puller, sync, settings.door_policy.answers_used)
        deps = LaneDeps(
            sync,
            EventCache(chosen, sync.store, self.clock),
            puller,
            sender=Sender(sync, side_by_side=BESIDE_A_LANE, in_quiet=IN_QUIET),
            make_seller=partial(self.seller, sync, puller, lane=settings.lane),
            policy=settings.door_policy,
            pin=self.pin,
            code_reader=reader if settings.read_codes else None,
        )
        self._lane = Lane(
            deps,
            name=settings.lane,
            deadline=settings.deadline,
            sales=SalesPolicy(**asdict(settings.sales), locale=settings.locale),
            listener=self.listener,
        )
        if follow_list:
            freeze_once_loaded(self._lane.watch)
        if self.venue is not None and not follow_list:
            await self.venue.wait_joined(JOINS_WITHIN)
        await self._lane.start(follow_list=follow_list, after=files.appear)
        if self.listener is not None:
            self.listener.start(register=settings.hooks_register)
        return self._lane

    # Webhooks

    def listen(
        self, deliver: "Callable[[Hook], None]", refused: Callable[[str], None] = lambda _: None
    ) -> "HookListener":
        """What receives webhooks once it is opened, until all is closed."""
        from boxoffice.hooks import NOWHERE_ELSE, read_address
        from boxoffice.hooks.listener import HookListener

        async def client() -> Ticketbutler:
            return (await self.sync()).client

        self.listener = HookListener(
            read_address(self.settings.hooks) if self.settings.hooks else NOWHERE_ELSE,
            self.settings.hooks_public,
            site=self.origin,
            folder=self.folder,
            client=client,
            clock=self.clock,
            deliver=deliver,
            refused=refused,
        )
        return self.listener

    def _webhook(self, hook: "Hook") -> None:
        if self._lane is not None:
            self._lane.webhooks.receive(hook)
