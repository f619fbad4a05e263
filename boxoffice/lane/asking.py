"""The one bounded question to the server before an admission.

CONTRIBUTING.md, promise 4.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from boxoffice.domain.models import Order, Question, Ticket
from boxoffice.lane.deps import LaneDeps
from boxoffice.lane.learning import Learner
from boxoffice.store import json_docs
from boxoffice.ticketbutler import Forbidden, NotFound, TicketbutlerError

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class Told:
    """What the server has said of a ticket so far."""

    heard: bool = False
    """It has answered about the ticket; without one, it says there is none."""
    ticket: Ticket | None = None
    says_out: bool = False
    """By the site's own answer it is not in, whatever the list has seen."""
    order: Order | None = None
    unanswered: tuple[Question, ...] | None = None


class Asker:
    """Reads a ticket, what it has still to answer, and its order, within the door's deadline.

    What comes too late is not lost: it is learnt, and tells the link how it does.
    """

    def __init__(self, deps: LaneDeps, learner: Learner, *, deadline: float) -> None:
        """`deadline`: seconds."""
        self._client = deps.client
        self._store = deps.store
        self._link = deps.link
        self._clock = deps.clock
        self._learner = learner
        self.deadline = deadline
        self._under_way: set[asyncio.Task[Any]] = set()

    async def ask(self, ticket: str, order: str | None, *, questions: bool) -> Told:
        """What the server says of `ticket` in time, which may be nothing.

        `order`: its order, where known, so that both are read at once. `questions`: also read
        which are unanswered. While the link is slow the server is asked, but not waited for;
        while it is offline it is not asked.
        """
        told = Told()
        if not self._link.sends:
            return told
        began = self._clock.monotonic()
        waits = self._link.waits
        reading = self.start(self._read(told, ticket, order, questions=questions))
        if waits:
            self._measure(told, in_time=await self._wait(reading))
        else:
            reading.add_done_callback(
                lambda _: self._measure(
                    told, in_time=self._clock.monotonic() - began <= self.deadline
                )
            )
        return replace(told)

    async def order(self, uuid: str) -> Told:
        """What the server says in time of an order by this uuid."""
        told = Told()

        async def read() -> None:
            told.heard = await self._read_order(told, uuid)

        if self._link.waits:
            await self._wait(self.start(read()))
        return Told(told.heard, order=told.order)

    async def in_time(self, work: Coroutine[Any, Any, bool]) -> bool:
        """What `work` answers within the deadline, else False; it goes on all the same."""
        working = self.start(work)
        return await self._wait(working) and working.result()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin `work`, which goes on when nobody waits for it any more."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    async def _wait(self, task: asyncio.Task[Any]) -> bool:
        """Wait for `task`, but not past the deadline; whether it is done."""
        deadline = asyncio.create_task(self._clock.sleep(self.deadline))
        try:
            await asyncio.wait({task, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
        return task.done()

    def _measure(self, told: Told, *, in_time: bool) -> None:
        """Tell the link whether it can be waited for. A quick fault says nothing of that."""
        if not in_time:
            self._link.read_missed()
        elif told.heard:
            self._link.read_met()

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a read at the door failed", exc_info=error)

    async def _read(self, told: Told, ticket: str, order: str | None, *, questions: bool) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_ticket(told, ticket, order))
            if order is not None:
                group.create_task(self._read_order(told, order))
            if questions:
                group.create_task(self._read_unanswered(told, ticket))

    async def _read_ticket(self, told: Told, ticket: str, order: str | None) -> None:
        moment = self._learner.moment()
        read_it = partial(self._client.ticket, ticket, retry=False)
        try:
            read = await read_it()
        except NotFound:
            told.heard = True
            return
        except TicketbutlerError as error:
            log.info("ticket %s not read: %s", ticket, error)
            return
        told.says_out = not read.checked_in
        told.ticket = await self._learner.ticket(read, moment, again=read_it)
        told.heard = True
        if read.order is not None and read.order != order:
            await self._read_order(told, read.order)

    async def _read_order(self, told: Told, order: str) -> bool:
        """Whether the server has said what it says of it: there may be none, or none to be told."""
        try:
            told.order = await self._client.order(order, retry=False)
        except TicketbutlerError as error:
            log.info("order %s not read: %s", order, error)
            return isinstance(error, NotFound | Forbidden)
        await self._learner.order(told.order)
        return True

    async def _read_unanswered(self, told: Told, ticket: str) -> None:
        try:
            read = tuple(await self._client.unanswered(ticket, retry=False))
        except TicketbutlerError as error:
            log.info("questions of ticket %s not read: %s", ticket, error)
            return
        await self._store.write(json_docs.save, json_docs.UNANSWERED, ticket, read)
        told.unanswered = read
