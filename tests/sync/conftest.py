"""A laptop's data folder, joined to the sandbox over a real socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from boxoffice.domain.journal import Entry, JournalKind, QueueRow, QueueState
from boxoffice.domain.models import AnswerInput
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket as SiteTicket
from boxoffice.store import Journal, RosterStore, admissions, queue
from boxoffice.store.updates import StoreUpdates
from boxoffice.sync import Link, Puller, Sender, SyncContext
from boxoffice.ticketbutler import Ticketbutler
from tests.support import FakeClock, until

if TYPE_CHECKING:
    from tests.sync.sales_support import Till

LIST = "events/*/tickets/"


@dataclass
class Laptop:
    """One process: its link, client and stores. `site` is the server it talks to."""

    site: Sandbox
    clock: FakeClock
    folder: Path
    link: Link
    client: Ticketbutler
    journal: Journal
    store: RosterStore
    updates: StoreUpdates = field(default_factory=StoreUpdates)

    @property
    def event(self) -> str:
        return self.site.state.tonight.uuid

    @property
    def context(self) -> SyncContext:
        return SyncContext(
            self.journal,
            self.store,
            self.client,
            self.link,
            self.folder,
            self.clock,
            self.updates,
            lambda: 0.5,
        )

    def sender(self) -> Sender:
        return Sender(self.context)

    def puller(self) -> Puller:
        return Puller(self.event, self.context)

    def guests(self, count: int) -> list[SiteTicket]:
        event = self.site.state.events[self.event]
        waiting = (t for t in event.tickets if not t.checked_in and not t.refunded)
        return [next(waiting) for _ in range(count)]

    async def admit(
        self, *tickets: SiteTicket, read_first: bool = False, given: tuple[AnswerInput, ...] = ()
    ) -> None:
        for ticket in tickets:
            entry = Entry(
                JournalKind.SCAN, event=self.event, ticket=ticket.uuid, verdict="admitted"
            )
            await self.journal.write(admissions.admit, entry, given=given, read_first=read_first)

    async def queue(self) -> list[QueueRow]:
        return await self.journal.read_all(queue.in_states, tuple(QueueState))

    async def row(self) -> QueueRow:
        """The only row of the queue."""
        (row,) = await self.queue()
        return row

    async def confirmed(self, ticket: SiteTicket) -> bool:
        admission = await self.journal.read(admissions.get, ticket.uuid)
        return admission is not None and admission.confirmed

    async def unsent(self) -> int:
        return (await self.journal.read(queue.counts)).unsent

    async def held(self) -> bool:
        """Whether something was tried in vain, and nothing is under way any more."""
        rows = await self.queue()
        return any(row.tries for row in rows) and not any(
            s.state is QueueState.SENDING for s in rows
        )

    def writes(self, *, applied: bool | None = None) -> int:
        """Check-ins that arrived at the server."""
        return self.site.log.count("PATCH", applied=applied)


@asynccontextmanager
async def laptop_at(site: Sandbox, clock: FakeClock, folder: Path) -> AsyncIterator[Laptop]:
    link = Link()
    async with Ticketbutler(
        site.url, SecretStr(site.token), clock=clock, observe=link.observe
    ) as client:
        await client.ping()  # else time runs on while the client gets ready, which takes a while
        site.log.clear()
        journal = await Journal.open(folder / "journal.db", lane="1", operator="Kim", clock=clock)
        store = await RosterStore.open(folder / "roster.db")
        try:
            yield Laptop(site, clock, folder, link, client, journal, store)
        finally:
            await journal.close()
            await store.close()


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[asyncio.Future[None]]:
    """Run a part beside the test, and stop it after; what it raised is raised then."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


STEP = 0.25
"""Seconds; small enough that what hangs on the network alone is done in between."""


async def pass_by(clock: FakeClock, seconds: float) -> None:
    """Let time go by, in steps."""
    for _ in range(round(seconds / STEP)):
        await clock.advance(STEP)


async def pass_until(clock: FakeClock, condition: Callable[[], object]) -> None:
    """Let time go by until `condition` is true."""

    async def met() -> bool:
        await clock.advance(STEP)
        return bool(condition())

    await until(met)


def moments(site: Sandbox, method: str, path: str = "**") -> list[float]:
    """When such requests came, in seconds after the first of them."""
    came = [entry.at for entry in site.log.find(method, path)]
    return [(at - came[0]).total_seconds() for at in came]


@pytest.fixture
async def laptop(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Laptop]:
    async with laptop_at(sandbox, clock, tmp_path) as made:
        yield made


@pytest.fixture
async def till(sandbox: Sandbox, clock: FakeClock, tmp_path: Path) -> AsyncIterator["Till"]:
    """A seller that knows what its event sells."""
    from tests.sync.sales_support import till_at  # which is made of what is here

    async with till_at(sandbox, clock, tmp_path / "data") as made:
        await made.puller.metadata.pull()
        yield made
