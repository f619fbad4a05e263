"""What is opened at one site with one key: its files, its client, and who works on them."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from boxoffice import ProblemError, paths
from boxoffice.clock import Clock
from boxoffice.config import Settings
from boxoffice.site_clock import ClockMemory, SiteClock
from boxoffice.store import Journal, RosterStore
from boxoffice.store.updates import StoreUpdates
from boxoffice.sync import Link, Puller, Seller, Sender, SyncContext
from boxoffice.ticketbutler import Exchange, Ticketbutler


@dataclass(frozen=True, slots=True)
class Files:
    """What is kept on this computer for one site."""

    folder: Path
    journal: Journal
    store: RosterStore
    updates: StoreUpdates
    """Of both, by who works in this process."""


@dataclass(frozen=True, slots=True)
class Server:
    """The site, and how it can be reached."""

    client: Ticketbutler
    link: Link


class Services:
    """Opens what is needed when it is first needed, and closes it in order."""

    def __init__(
        self, settings: Settings, data: Path, *, site: str, key: SecretStr | None, clock: Clock
    ) -> None:
        """`site`: an origin, or empty; `key`: of that site. What needs one that is missing says so.

        `data`: the data folder of all sites.
        """
        self._settings = settings
        self._data = data
        self._site = site
        self._key = key
        self._clock = clock
        self._files: Files | None = None
        self._server: Server | None = None
        self._open = AsyncExitStack()

    async def close(self) -> None:
        """Leave the server, then close the files."""
        self._server = self._files = None
        await self._open.aclose()

    @property
    def site(self) -> str:
        """The origin of the site. Raises ProblemError where none is known."""
        if not self._site:
            raise ProblemError(
                "No site is known: run boxoffice login, or give --url https://yourname.ticketbutler.io",
                status=2,
            )
        return self._site

    @property
    def folder(self) -> Path:
        """Where the files of the site are. Raises ProblemError."""
        return paths.site_folder(self._data, self.site)

    async def files(self) -> Files:
        """Journal and roster; they need no key and no server. Raises ProblemError or StoreError."""
        if self._files is None:
            folder = self.folder
            if isinstance(self._clock, SiteClock):
                memory = ClockMemory(self._clock, folder / paths.CLOCK)
                memory.recall()
                self._open.push_async_callback(memory.close)
            journal = await Journal.open(
                folder / "journal.db",
                lane=self._settings.lane,
                operator=self._settings.operator,
                clock=self._clock,
            )
            self._open.push_async_callback(journal.close)
            store = await RosterStore.open(folder / "roster.db")
            self._open.push_async_callback(store.close)
            self._files = Files(folder, journal, store, StoreUpdates())
        return self._files

    async def server(self) -> Server:
        """The client of the site. Raises ProblemError where no key is known."""
        if self._server is None:
            link = Link(clock=self._clock, deadline=self._settings.deadline)
            self._server = Server(await self.new_client(link.observe), link)
        return self._server

    async def new_client(self, observe: Callable[[Exchange], None] | None = None) -> Ticketbutler:
        """A client that shares nothing with others, closed with the rest. Raises ProblemError."""
        site = self.site
        if self._key is None:
            raise ProblemError(f"No key for {site} is stored here: run boxoffice login.")
        client = Ticketbutler(site, self._key, clock=self._clock, observe=observe)
        return await self._open.enter_async_context(client)

    async def sync(self) -> SyncContext:
        """What all share who work between the files and the site. Raises as the two do."""
        files, server = await self.files(), await self.server()
        return SyncContext(
            files.journal,
            files.store,
            server.client,
            server.link,
            files.folder,
            self._clock,
            files.updates,
        )

    async def sender(self, *, side_by_side: int = 8) -> Sender:
        """Who sends the queue, of all events: `side_by_side` tickets at once."""
        return Sender(await self.sync(), side_by_side=side_by_side)

    async def puller(self, event: str) -> Puller:
        """Who reads the list of an event."""
        return Puller(event, await self.sync())

    async def seller(self, *pullers: Puller, lane: str | None = None) -> Seller:
        """Who places sales, of all events. `pullers`: those there are already.

        `lane`: whose sales they are; None: of all lanes.
        """
        context = await self.sync()
        known = {puller.event: puller for puller in pullers}

        def puller_of(event: str) -> Puller:
            if event not in known:
                known[event] = Puller(event, context)
            return known[event]

        return Seller(context, puller_of, lane=lane, extras=self._settings.door_policy.extras)
