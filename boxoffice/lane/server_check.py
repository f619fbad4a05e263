"""The one bounded question to the server before an admission.

CONTRIBUTING.md, promise 4.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from boxoffice.domain.models import Order, Question, Ticket
from boxoffice.lane.deps import LaneDeps, LanePart, TicketReader
from boxoffice.store import json_docs
from boxoffice.store.admissions import LocalContext
from boxoffice.store.tickets import TicketContext
from boxoffice.ticketbutler import Forbidden, NotFound, TicketbutlerError

log = logging.getLogger(__name__)

T = TypeVar("T")

NOTHING_KNOWN = TicketContext(None, None, None, None)


@dataclass(slots=True)
class ServerAnswer:
    """What the server has answered about a ticket or an order so far."""

    answered: bool = False
    """It has; with neither ticket nor order, it says that there is none."""
    ticket: Ticket | None = None
    says_out: bool = False
    """By the site's own answer it is not in, whatever the list has seen."""
    order: Order | None = None
    unanswered: tuple[Question, ...] | None = None
    local: LocalContext | None = None
    """What was done here with the ticket that was read."""


class ServerCheck(LanePart):
    """Reads a ticket, what it has still to answer, and its order, within the door's deadline.

    What comes too late is stored all the same, and counts for how the link does.
    """

    def __init__(self, deps: LaneDeps, *, deadline: float) -> None:
        """`deadline`: seconds."""
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self.deadline = deadline
        self._under_way: set[asyncio.Task[Any]] = set()

    async def ticket(
        self,
        uuid: str,
        order: str | None = None,
        *,
        questions: bool,
        known: TicketContext = NOTHING_KNOWN,
    ) -> ServerAnswer:
        """What the server says of a ticket in time, which may be nothing.

        `order`: its order, where known, so that both are read at once. `questions`: also read
        which are unanswered. `known`: what need not be stored again. While the link is slow the
        server is asked, but not waited for; while it is offline it is not asked.
        """
        answer = ServerAnswer()
        if not self._link.sends:
            return answer
        give_up, waits = self._clock.monotonic() + self.deadline, self._link.waits
        reading = self.start(self._read(answer, uuid, order, known, questions=questions))
        if waits:
            self._measure(answer, in_time=await self._wait(reading))
        else:
            reading.add_done_callback(
                lambda _: self._measure(answer, in_time=self._clock.monotonic() <= give_up)
            )
        return replace(answer)

    async def order(self, uuid: str) -> ServerAnswer:
        """What the server says in time of an order by this uuid."""
        answer = ServerAnswer()

        async def read() -> None:
            answer.answered = await self._read_order(answer, uuid, None)

        if self._link.waits:
            await self._wait(self.start(read()))
        return replace(answer)

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

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _wait(self, task: asyncio.Task[Any]) -> bool:
        """Wait for `task`, but not past the deadline; whether it is done."""
        deadline = asyncio.create_task(self._clock.sleep(self.deadline))
        try:
            await asyncio.wait({task, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
        return task.done()

    def _measure(self, answer: ServerAnswer, *, in_time: bool) -> None:
        """Tell the link whether it can be waited for. A quick fault says nothing of that."""
        if not in_time:
            self._link.read_missed()
        elif answer.answered:
            self._link.read_met()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a read at the door failed", exc_info=error)

    async def _read(
        self,
        answer: ServerAnswer,
        ticket: str,
        order: str | None,
        known: TicketContext,
        *,
        questions: bool,
    ) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_ticket(answer, ticket, order))
            if order is not None:
                group.create_task(self._read_order(answer, order, known.order))
            if questions:
                group.create_task(self._read_unanswered(answer, ticket, known.unanswered))

    async def _read_ticket(self, answer: ServerAnswer, ticket: str, order: str | None) -> None:
        try:
            read = await self._ticket_reader.read(ticket, twice=True)
        except NotFound:
            answer.answered = True
            return
        except TicketbutlerError as error:
            log.info("ticket %s not read: %s", ticket, error)
            return
        answer.ticket, answer.local, answer.says_out = read
        answer.answered = True
        if read.ticket.order is not None and read.ticket.order != order:
            await self._read_order(answer, read.ticket.order, None)

    async def _read_order(self, answer: ServerAnswer, order: str, known: Order | None) -> bool:
        """Whether the server has said what it says of it: there may be none, or none to be told."""
        try:
            answer.order = await self._client.orders.get(order, retry=False)
        except TicketbutlerError as error:
            log.info("order %s not read: %s", order, error)
            return isinstance(error, NotFound | Forbidden)
        if answer.order != known:
            await self._puller.save_order(answer.order)
        return True

    async def _read_unanswered(
        self, answer: ServerAnswer, ticket: str, known: tuple[Question, ...] | None
    ) -> None:
        try:
            read = tuple(await self._client.tickets.unanswered(ticket, retry=False))
        except TicketbutlerError as error:
            log.info("questions of ticket %s not read: %s", ticket, error)
            return
        if read != known:
            await self._store.write(json_docs.save, json_docs.UNANSWERED, ticket, read)
        answer.unanswered = read
