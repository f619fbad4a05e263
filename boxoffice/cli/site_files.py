"""What is kept on this computer for one site, while it is open."""

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from boxoffice import ProblemError, paths
from boxoffice.clock import ClockMemory, SiteClock, steady_time
from boxoffice.config import Settings
from boxoffice.domain.events import When, days_before, when
from boxoffice.domain.journal import LOST_IS_NEWS, describe_lost
from boxoffice.domain.models import Event
from boxoffice.lane.pin_lock import PinLock
from boxoffice.language import _
from boxoffice.store import Journal, RosterStore, StoreError, journal_db

if TYPE_CHECKING:
    from boxoffice.store import erasure

log = logging.getLogger(__name__)

A_DAY = 86_400.0
"""Seconds until a long run looks again for what is over."""


class SiteFiles:
    """Both databases of a site, beside other processes that have them open too.

    Once in a run, and again each day that it lasts, what is about people at events that ended long
    ago is erased from them, and from those of other sites of the data folder.
    """

    journal: Journal
    """From `open` on, as `store` is."""
    store: RosterStore

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        clock: SiteClock,
        pin: PinLock,
        open_event: Callable[[], Event | None],
        drawn: asyncio.Event,
    ) -> None:
        """`folder`: of the site, as `paths.site_folder` gives it.

        `open_event`: whose door this process has open, which is not forgotten meanwhile. `drawn`:
        other processes see this one once that is set.
        """
        self.folder = folder
        self._settings = settings
        self._clock = clock
        self._pin = pin
        self._open_event = open_event
        self._drawn = drawn
        self._number: int | None = None
        """Of this process among those that have the files open; None: others do not see it."""
        self._appearing: asyncio.Task[None] | None = None
        self._has_journal = self._is_open = False
        self._opening = asyncio.Lock()
        self._opened = AsyncExitStack()
        """To be closed in order."""
        self._released = ExitStack()
        """When all else is closed."""
        self._forgetting: asyncio.Task[None] | None = None
        self._forget_again = 0.0
        """On the steady clock."""

    async def open(self) -> None:
        """Open what is not open yet. Raises ProblemError or StoreError.

        The journal comes first, and stays open without the other: the PIN is written down there.
        """
        async with self._opening:
            if not self._has_journal:
                if self._appearing is None:
                    self._appearing = asyncio.create_task(self._appear())
                    self._opened.push_async_callback(self._vanish)
                if self._drawn.is_set():
                    await self.appear()
                memory = ClockMemory(self._clock, self.folder / paths.CLOCK)
                memory.recall()
                self._opened.push_async_callback(memory.close)
                self.journal = await Journal.open(
                    self.folder / "journal.db",
                    lane=self._settings.lane,
                    operator=self._settings.operator,
                    clock=self._clock,
                )
                self._opened.push_async_callback(self.journal.close)
                self._has_journal = True
                await self._warn_of_lost_journal()
                await self._pin.attach(self.journal)
            if not self._is_open:
                self.store = await RosterStore.open(self.folder / journal_db.ROSTER)
                self._opened.push_async_callback(self.store.close)
                self._is_open = True
                self._opened.callback(self._clock.watch(self._start_forgetting))

    async def _warn_of_lost_journal(self) -> None:
        """On stderr; on a screen the door says it."""
        lost = await self.journal.read(journal_db.lost_at)
        if lost is not None and self._clock.now() - lost < LOST_IS_NEWS:
            print(describe_lost(lost.astimezone()), file=sys.stderr)

    async def close(self) -> None:
        """Close all of it, once what is being erased is."""
        await self.forgotten()
        await self._pin.attach(None)
        await self._opened.aclose()

    async def appear(self) -> None:
        """Return once other processes see that this one has the files open: there is a screen."""
        if self._appearing is not None:
            await asyncio.shield(self._appearing)

    async def _appear(self) -> None:
        await self._drawn.wait()
        try:
            taken = await asyncio.to_thread(paths.take_number, self.folder, paths.RUN)
        except ProblemError as error:  # a full disk, or one without locks
            log.warning("others do not see this process: %s", error)
            return
        if taken is not None:
            self._number, lock = taken
            self._released.callback(lock.release)

    async def _vanish(self) -> None:
        self._drawn.set()  # there is nothing to wait for any more
        await self.appear()
        self._released.close()
        self._number = None

    def is_alone(self) -> bool:
        """Whether it is known that no other process has them open."""
        try:
            return paths.is_alone(self.folder, paths.RUN, self._number)
        except ProblemError as error:  # a full disk, or one without locks
            log.warning("it is not known who else is at work here: %s", error)
            return False

    # What is about people, once it is no longer needed

    async def ended(self, before: datetime) -> list[str]:
        """Uuids of the events that were over by then, and of which something of people is here."""
        from boxoffice.store import erasure

        return await erasure.ended(self.journal, self.store, self.folder, before)

    async def forget(self, event: str) -> "erasure.Erased | erasure.Unsent":
        """Erase what is about people at an event; Unsent: something waits, and nothing is erased.

        Raises ProblemError, also where another process has the files open: it would write from
        memory what is erased here. Raises StoreError.
        """
        logs = self._settings.data_dir
        return await _forget(self.journal, self.store, self.folder, event, self._number, logs)

    def _start_forgetting(self) -> None:
        """Called when the site has told the time: by a wrong clock nothing must be erased.

        Later in a run not beside a door that people may stand at: a file that is written anew would
        hold them up.
        """
        now, at_door = steady_time(self._clock), self._open_event()
        if self._forgetting is not None:
            is_on = at_door is not None and when(at_door, self._clock.now()) is When.TODAY
            if now < self._forget_again or is_on or not self._forgetting.done():
                return
        self._forget_again = now + A_DAY
        self._forgetting = asyncio.create_task(self._forget_ended())
        self._forgetting.add_done_callback(_log_fault)

    async def _forget_ended(self) -> None:
        """Beside what else is done. What cannot be erased now is tried at the next start."""
        before = days_before(self._clock.now(), self._settings.keep_days)
        try:
            for event in await self.ended(before):
                at_door = self._open_event()
                if at_door is None or at_door.uuid != event:
                    await self.forget(event)
        except (ProblemError, StoreError) as error:
            log.warning("what is over is not forgotten: %s", error)
        for file in sorted(self._settings.data_dir.glob("*/journal.db")):
            if file.parent != self.folder:
                try:
                    await self._forget_at(file.parent, before)
                except (ProblemError, StoreError) as error:
                    log.warning("what is over in %s is not forgotten: %s", file.parent, error)

    async def _forget_at(self, folder: Path, before: datetime) -> None:
        """At another site, which nobody may ever open again."""
        from boxoffice.store import erasure

        settings, logs = self._settings, self._settings.data_dir
        async with AsyncExitStack() as opened:
            taken = paths.take_number(folder, paths.RUN)
            if taken is None:
                return
            number, lock = taken
            opened.callback(lock.release)
            journal = await Journal.open(
                folder / "journal.db", lane=settings.lane, operator="", clock=self._clock
            )
            opened.push_async_callback(journal.close)
            store = await RosterStore.open(folder / journal_db.ROSTER)
            opened.push_async_callback(store.close)
            for event in await erasure.ended(journal, store, folder, before):
                await _forget(journal, store, folder, event, number, logs)

    @property
    def is_forgetting(self) -> bool:
        """What is over is being erased just now."""
        return self._forgetting is not None and not self._forgetting.done()

    async def forgotten(self) -> None:
        """Wait until what has to be forgotten is, where that has begun."""
        if self._forgetting is not None:
            await asyncio.wait((self._forgetting,))


async def _forget(
    journal: Journal, store: RosterStore, folder: Path, event: str, number: int | None, logs: Path
) -> "erasure.Erased | erasure.Unsent":
    """As `SiteFiles.forget`; `number`: that of this process among those at work in `folder`."""
    from boxoffice.store import erasure

    if not paths.is_alone(folder, paths.RUN, number):
        raise ProblemError(
            _(
                "Another boxoffice is at work in {folder}: close it, then forget again. "
                "Nothing was erased."
            ).format(folder=folder)
        )
    try:
        erased = await erasure.forget(journal, store, folder, event, logs=logs)
    except OSError as error:
        raise ProblemError(
            _(
                "{filename} cannot be erased: {error}. Close what has it open, then forget again."
            ).format(filename=error.filename, error=paths.reason_of(error))
        ) from error
    log.info("event %s: %s", event, erased)
    if isinstance(erased, erasure.Erased) and (logs / paths.HUB).exists():
        await asyncio.to_thread(_forget_at_hub, logs / paths.HUB, event)
    return erased


def _forget_at_hub(folder: Path, event: str) -> None:
    """Drop what the doors of this venue have claimed at an event. Raises ProblemError."""
    from boxoffice.venue import extra_needed

    with extra_needed():
        from boxoffice.venue.hub_folder import HubFolder

    HubFolder(folder).forget(event)


def _log_fault(task: asyncio.Task[None]) -> None:
    """A fault of the program in what nobody waits for holds up no door."""
    if not task.cancelled() and (fault := task.exception()) is not None:
        log.error("what is over is not forgotten", exc_info=fault)
