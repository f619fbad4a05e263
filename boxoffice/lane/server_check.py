"""Asks the server about a ticket while a scan waits, within the door's deadline.

CONTRIBUTING.md, promise 4. Where a code names no ticket here, `CodeSearch` looks for it among the
tickets and orders that were not read one by one yet.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from boxoffice.clock import Clock
from boxoffice.domain.codes import Code
from boxoffice.domain.models import Answer, Order, Question, Ticket
from boxoffice.lane.deps import LaneDeps, LanePart, TicketReader
from boxoffice.store import json_docs
from boxoffice.store.admissions import LocalContext
from boxoffice.store.roster import keep_copy
from boxoffice.store.tickets import TicketContext
from boxoffice.sync import CodeReader, RateLimit
from boxoffice.ticketbutler import (
    CaptivePortal,
    Forbidden,
    KeyRefused,
    NotFound,
    TicketbutlerError,
    TooMany,
    Unreachable,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

SIDE_BY_SIDE = 6
"""Reads of a search that run at once. The client makes eight requests at once: the other two are
left for the list and the queue."""
MOST = 1000
"""How many tickets, and orders, a search goes through; the deadline comes long before that."""
SEARCHES = 6.0
"""So many searches may follow each other at once, and one more every `SEARCH_EVERY` seconds."""
SEARCH_EVERY = 10.0
NOT_AGAIN = 60.0
"""Seconds in which the same code is not searched for again."""
_ENDS = (CaptivePortal, KeyRefused, TooMany, Unreachable)
"""Errors that end a search: the next request would meet them too."""

NOTHING_KNOWN = TicketContext(None, None, None, None)


@dataclass(slots=True)
class ServerAnswer:
    """What the server has answered about a ticket or an order so far."""

    answered: bool = False
    """The server answered; if there is neither ticket nor order here, it has no such one."""
    ticket: Ticket | None = None
    reports_out: bool = False
    """The site's own answer was “not checked in”, whatever `ticket` says by the list."""
    order: Order | None = None
    unanswered: tuple[Question, ...] | None = None
    answers: tuple[Answer, ...] | None = None
    """The holder's answers to the questions; None: not read, or not yet."""
    answers_late: bool = False
    """The answers are still being read."""
    local: LocalContext | None = None
    """What was done on this computer with the ticket that was read."""


class ServerCheck(LanePart):
    """Reads a ticket, its unanswered questions and its order, within the door's deadline.

    An answer that comes too late is still stored, and the link learns that it was slow.
    """

    def __init__(self, deps: LaneDeps, *, deadline: float) -> None:
        """`deadline`: seconds."""
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self.deadline = deadline
        self._under_way: set[asyncio.Task[Any]] = set()
        self._reading_answers: dict[str, asyncio.Task[None]] = {}
        """By ticket."""

    async def ticket(
        self,
        uuid: str,
        order: str | None = None,
        *,
        questions: bool,
        answers: bool = False,
        known: TicketContext = NOTHING_KNOWN,
    ) -> ServerAnswer:
        """Ask the server about a ticket. What it has not answered in time is left empty.

        `order`: the ticket's order, where it is known, so that both are read at once. `questions`:
        also read which required questions are unanswered. `answers`: also read the answers; the
        verdict does not depend on these, and nobody waits for them. `known`: what the store has,
        so that the same is not stored again. While the link is slow the server is asked, but not
        waited for. While it is offline, the server is not asked.
        """
        if not self._link.sends:
            return ServerAnswer()
        answer = ServerAnswer(answers_late=answers)
        if answers:
            reading_answers = self.start(self._read_answers(answer, uuid, known.answers))
            self._reading_answers[uuid] = reading_answers
        give_up, waits = self._clock.monotonic() + self.deadline, self._link.waits
        reading = self.start(self._read(answer, uuid, order, known, questions=questions))
        if waits:
            self._measure(answer, in_time=await self._wait(reading))
        else:
            reading.add_done_callback(
                lambda _: self._measure(answer, in_time=self._clock.monotonic() <= give_up)
            )
        return replace(answer)

    async def wait_for_answers(self, uuid: str) -> None:
        """Wait until the answers of a ticket are read, if that is under way."""
        if (reading := self._reading_answers.get(uuid)) is not None:
            await asyncio.wait({reading})

    async def order(self, uuid: str) -> ServerAnswer:
        """Ask the server about an order. What it has not answered in time is left empty."""
        answer = ServerAnswer()

        async def read() -> None:
            await self._client.load()
            answer.answered = await self._read_order(answer, uuid, None)

        if self._link.waits:
            await self._wait(self.start(read()))
        return replace(answer)

    async def in_time(self, work: Coroutine[Any, Any, bool]) -> bool:
        """The result of `work`, or False once the deadline is past; `work` goes on in any case."""
        working = self.start(work)
        return await self._wait(working) and working.result()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start `work` as a task that goes on when nobody waits for it any more."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel whatever is still under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _wait(self, task: asyncio.Task[Any]) -> bool:
        """Wait for `task`, but not past the deadline. Returns whether it is done."""
        deadline = asyncio.create_task(self._clock.sleep(self.deadline))
        try:
            await asyncio.wait({task, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
        return task.done()

    def _measure(self, answer: ServerAnswer, *, in_time: bool) -> None:
        """Tell the link whether the answer came in time. A quick error says nothing about that."""
        if answer.answered or not in_time:
            self._link.record_read(in_time=in_time)

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
        await self._client.load()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_ticket(answer, ticket, order))
            if order is not None:
                group.create_task(self._read_order(answer, order, known.order))
            if questions:
                group.create_task(self._read_unanswered(answer, ticket, known.unanswered))

    async def _read_ticket(self, answer: ServerAnswer, ticket: str, order: str | None) -> None:
        try:
            read = await self._ticket_reader.ask(ticket, twice=True)
        except NotFound:
            answer.answered = True
            return
        except TicketbutlerError as error:
            log.info("ticket %s not read: %s", ticket, error)
            return
        answer.ticket, answer.local, answer.reports_out = read
        answer.answered = True
        if read.ticket.event:
            answer.ticket = await keep_copy(self._puller.save(read.ticket)) or read.ticket
        if read.ticket.order is not None and read.ticket.order != order:
            await self._read_order(answer, read.ticket.order, None)

    async def _read_order(self, answer: ServerAnswer, order: str, known: Order | None) -> bool:
        """Returns whether the server answered, if only that there is no such order for us."""
        try:
            answer.order = await self._client.orders.get(order, retry=False)
        except TicketbutlerError as error:
            log.info("order %s not read: %s", order, error)
            return isinstance(error, NotFound | Forbidden)
        if answer.order != known:
            await keep_copy(self._puller.save_order(answer.order))
        return True

    async def _read_unanswered(
        self, answer: ServerAnswer, ticket: str, known: tuple[Question, ...] | None
    ) -> None:
        try:
            read = tuple(await self._client.tickets.unanswered(ticket, retry=False))
        except TicketbutlerError as error:
            log.info("questions of ticket %s not read: %s", ticket, error)
            return
        answer.unanswered = read
        if read != known:
            topic = json_docs.UNANSWERED
            await keep_copy(self._store.write(json_docs.save, topic, ticket, read))

    async def _read_answers(
        self, answer: ServerAnswer, ticket: str, known: tuple[Answer, ...] | None
    ) -> None:
        try:
            await self._client.load()
            read = tuple(await self._client.tickets.answers(ticket, retry=False))
            answer.answers = read
            if read != known:
                await keep_copy(self._save_answers(ticket, read))
        except TicketbutlerError as error:
            log.info("answers of ticket %s not read: %s", ticket, error)
        finally:
            answer.answers_late = False
            if self._reading_answers.get(ticket) is asyncio.current_task():
                del self._reading_answers[ticket]


class CodeSearch:
    """Searches the site for codes that name no ticket here, at a limited rate.

    The limit is there because anybody can print codes that do not exist. Whatever it reads is
    stored, also where the code was not found.
    """

    def __init__(self, code_reader: CodeReader, clock: Clock) -> None:
        self._code_reader = code_reader
        self._clock = clock
        self._rate_limit = RateLimit(SEARCHES, SEARCH_EVERY, clock)
        self._sought: dict[str, float] = {}
        """When each code was last searched for."""
        self.answered = 0
        """How many reads of the last search the site has answered."""

    def may(self, code: Code) -> bool:
        """Whether `code` may be searched for now. If so, this counts as the search."""
        now = self._clock.monotonic()
        self._sought = {text: at for text, at in self._sought.items() if now - at < NOT_AGAIN}
        if code.text in self._sought or not self._rate_limit.take():
            return False
        self._sought[code.text] = now
        return True

    async def find(self, codes: Sequence[Code]) -> bool:
        """Read tickets and orders until one carries one of `codes`; False: none does.

        The caller cancels it once the deadline is past. Raises StoreError.
        """
        self.answered = 0
        by_order = any(code.order_id for code in codes)
        tickets, orders = map(deque, await self._code_reader.unread(MOST))
        if not by_order:
            orders.clear()
        seen, found, over = set(orders), False, False

        async def ask(uuid: str, *, order: bool) -> bool:
            """Whether this ticket or order carries one of the codes."""
            if order:
                read = await self._code_reader.order(uuid)
                return read is not None and any(_names(code, read) for code in codes)
            ticket = await self._code_reader.ticket(uuid)
            if ticket is None:
                return False
            if by_order and ticket.order is not None and ticket.order not in seen:
                seen.add(ticket.order)
                if not await self._code_reader.knows_order(ticket.order):
                    orders.appendleft(ticket.order)
            return any(_carries(code, ticket.url, ticket.external_uuid) for code in codes)

        async def work(turn: int) -> None:
            nonlocal found, over
            while not over and (tickets or orders):
                # Tickets and orders by turns: nothing tells which of them the code is.
                turn, order = turn + 1, bool(orders) and (turn % 2 == 0 or not tickets)
                uuid = (orders if order else tickets).popleft()
                try:
                    if await ask(uuid, order=order):
                        found = over = True
                except TicketbutlerError as error:
                    log.info("the search for a code met: %s", error)
                    if isinstance(error, _ENDS):
                        over = True
                else:
                    self.answered += 1

        async with asyncio.TaskGroup() as group:
            for turn in range(SIDE_BY_SIDE):
                group.create_task(work(turn))
        return found


def _carries(code: Code, url: str | None, external_uuid: str | None) -> bool:
    return (url is not None and url == code.slug) or (
        external_uuid is not None and external_uuid == code.exact
    )


def _names(code: Code, order: Order) -> bool:
    return order.order_id == code.order_id or any(
        _carries(code, named.url, named.external_uuid) for named in order.party or ()
    )
