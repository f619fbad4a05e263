"""What runs beside a lane: lists come in, the queue and sales go out, the board keeps in step."""

import logging
from collections.abc import Awaitable, Callable

from boxoffice.lane.backing import Backing
from boxoffice.lane.board import Board
from boxoffice.lane.hints import Hints
from boxoffice.lane.info import EventInfo
from boxoffice.lane.learning import Learner
from boxoffice.lane.parts import Parts
from boxoffice.site_clock import SiteClock
from boxoffice.ticketbutler import TicketbutlerError

log = logging.getLogger(__name__)

LOOK_AT_JOURNAL = 1.0
"""Seconds between looks at what another process wrote to the journal."""


class Life:
    """Runs the parts of one lane, from its start to its end."""

    def __init__(
        self,
        backing: Backing,
        info: EventInfo,
        learner: Learner,
        board: Board,
        *,
        events_read: Callable[[], Awaitable[None]],
    ) -> None:
        """`events_read` is told when the events in the store are new."""
        self._info = info
        self._journal = backing.journal
        self._store = backing.store
        self._client = backing.client
        self._link = backing.link
        self._puller = backing.puller
        self._sender = backing.sender
        self._seller = backing.seller
        self._codes = backing.codes
        self._clock = backing.clock
        self._board = board
        self.hints = Hints(backing, learner)
        self._parts = Parts(backing.clock, self._failed)
        self._events_read = events_read
        self._unwatch: Callable[[], object] = lambda: None

    async def begin(self, *, board: bool) -> None:
        """`board`: the list on disk is also brought into memory, and kept in step."""
        await self._info.load()
        if isinstance(self._clock, SiteClock):
            self._unwatch = self._clock.watch(self._board.look_at_clock)
        self._board.link(self._link.state, self._link.sentence)
        self._parts.run("events", self._read_events)
        self._parts.run("puller", self._puller.run)
        self._parts.run("sender", self._sender.run)
        self._parts.run("seller", self._seller.run)
        self._parts.run("hints", self.hints.run)
        if self._codes is not None:
            self._parts.run("codes", self._codes.run)
        if board:
            self._parts.run("board", self._show)
            self._parts.run("journal", self._follow_journal)

    async def end(self) -> None:
        """What is queued stays queued."""
        self._unwatch()
        await self._parts.stop()
        await self._seller.close()

    def _failed(self, part: str, error: BaseException) -> None:
        told = getattr(error, "sentence", "")
        sentence = (
            told or f"A part of boxoffice failed ({part}), and is started again: see the log."
        )
        self._board.link(self._link.state, sentence)

    async def _show(self) -> None:
        await self._board.load()
        await self._board.run()

    async def _read_events(self) -> None:
        """Learn the titles of the other events, for WRONG EVENT."""
        try:
            events = await self._client.events(old=True)
        except TicketbutlerError as error:
            log.info("the events could not be read: %s", error)
            return
        await self._store.save_events(events)
        await self._events_read()

    async def _follow_journal(self) -> None:
        while True:
            await self._clock.sleep(LOOK_AT_JOURNAL)
            self._board.look_at_clock()
            if await self._journal.changed():
                await self._board.remark()
                self._sender.poke()
