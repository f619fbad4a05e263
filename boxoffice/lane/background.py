"""What runs beside a lane: lists come in, the queue and sales go out, the list stays in step."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from boxoffice.clock import Clock, SiteClock
from boxoffice.lane.deps import LaneDeps, LanePart
from boxoffice.lane.list_state import ListState
from boxoffice.lane.webhook_refresh import WebhookRefresh
from boxoffice.store import json_docs
from boxoffice.store.updates import EventsStored, JournalWritten
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

LOOK_AT_JOURNAL = 1.0
"""Seconds between looks at what another process wrote to the journal."""
RESTART_AFTER = 5.0
"""Seconds until a task that failed is started again."""


class Supervisor:
    """Keeps tasks running. One that fails is logged, reported, and started again."""

    def __init__(self, clock: Clock, failed: Callable[[str, BaseException], None]) -> None:
        """`failed` is called with the name of the task and its error."""
        self._clock = clock
        self._failed = failed
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until it returns, or until `stop`."""
        self._tasks.append(asyncio.create_task(self._restart(name, work), name=name))

    async def stop(self) -> None:
        """End all tasks, and return when they have ended."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _restart(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            (ended,) = await asyncio.gather(work(), return_exceptions=True)
            if not isinstance(ended, BaseException):
                return
            log.error("%s failed", name, exc_info=ended)
            self._failed(name, ended)
            await self._clock.sleep(RESTART_AFTER)


class Background(LanePart):
    """Runs what belongs to one lane, from its start to its end."""

    def __init__(
        self,
        deps: LaneDeps,
        list_state: ListState,
        webhooks: WebhookRefresh,
    ) -> None:
        super().__init__(deps)
        self._seller = deps.seller
        self._list_state = list_state
        self._parts = {
            "events": self._read_events,
            "puller": deps.puller.run,
            "sender": deps.sender.run,
            "seller": deps.seller.run,
            "webhooks": webhooks.run,
        }
        if deps.code_reader is not None:
            self._parts["codes"] = deps.code_reader.run
        self._list_parts = {"list": list_state.run, "journal": self._follow_journal}
        self._supervisor = Supervisor(self._clock, self._failed)
        self._unwatch: Callable[[], object] = lambda: None

    async def start(self, *, follow_list: bool) -> None:
        """`follow_list`: the list on disk is also brought into memory, and kept in step."""
        await self._event_cache.load()
        if isinstance(self._clock, SiteClock):
            self._unwatch = self._clock.watch(self._list_state.look_at_clock)
        self._link.watch(self._show_link)
        self._show_link()
        parts = self._parts | (self._list_parts if follow_list else {})
        for name, work in parts.items():
            self._supervisor.run(name, work)

    async def stop(self) -> None:
        """What is queued stays queued."""
        self._unwatch()
        await self._supervisor.stop()
        await self._seller.close()

    def _show_link(self) -> None:
        self._list_state.link(self._link.state, self._link.sentence)

    def _failed(self, part: str, error: BaseException) -> None:
        sentence = getattr(error, "sentence", "") or (
            f"A part of boxoffice failed ({part}), and is started again: see the log."
        )
        self._list_state.link(self._link.state, sentence)

    async def _read_events(self) -> None:
        """Learn the titles of the other events, for WRONG EVENT."""
        try:
            events = await self._client.events(old=True)
        except TicketbutlerError as error:
            log.info("the events could not be read: %s", error)
            return
        await self._store.write(json_docs.save_events, events)
        await self._updates.publish(EventsStored())

    async def _follow_journal(self) -> None:
        while True:
            await self._clock.sleep(LOOK_AT_JOURNAL)
            self._list_state.look_at_clock()
            if await self._journal.changed():
                await self._updates.publish(JournalWritten())
