"""Looks for a code among the tickets and orders that were not read yet, while a scan waits."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence

from boxoffice.clock import Clock
from boxoffice.domain.codes import Code
from boxoffice.domain.models import Order
from boxoffice.lane.webhook_refresh import RateLimit
from boxoffice.sync import CodeReader
from boxoffice.ticketbutler import (
    CaptivePortal,
    KeyRefused,
    TicketbutlerError,
    TooMany,
    Unreachable,
)

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 6
"""Reads under way: of the eight requests, two are left for the list and the queue."""
MOST = 1000
"""Tickets, and orders, that are looked through at most; the deadline comes long before."""
SEARCHES = 6.0
"""Searches in one go; one more may follow each `SEARCH_EVERY` seconds."""
SEARCH_EVERY = 10.0
NOT_AGAIN = 60.0
"""Seconds until the same code is looked for again: it is unlikely to be found then."""
_ENDS = (CaptivePortal, KeyRefused, TooMany, Unreachable)
"""After these the site is asked for nothing more."""


class CodeSearch:
    """Looks for codes that name nothing here. Rationed: anybody can print codes that do not exist.

    What it reads is kept, also where it was in vain.
    """

    def __init__(self, code_reader: CodeReader, clock: Clock) -> None:
        self._code_reader = code_reader
        self._clock = clock
        self._rate_limit = RateLimit(SEARCHES, SEARCH_EVERY, clock)
        self._sought: dict[str, float] = {}
        """When each code was last looked for."""
        self.answered = 0
        """Reads of the last search that the site answered."""

    def may(self, code: Code) -> bool:
        """Whether to look for `code` now: then it counts as looked for."""
        now = self._clock.monotonic()
        self._sought = {text: at for text, at in self._sought.items() if now - at < NOT_AGAIN}
        if code.text in self._sought or not self._rate_limit.take():
            return False
        self._sought[code.text] = now
        return True

    async def find(self, codes: Sequence[Code]) -> bool:
        """Read what may carry one of `codes`, until one does or all was read.

        To be cancelled when late.

        Raises StoreError.
        """
        self.answered = 0
        by_order = any(code.order_id for code in codes)
        tickets, orders = map(deque, await self._code_reader.unread(MOST))
        if not by_order:
            orders.clear()
        seen, found, over = set(orders), False, False

        async def ask(uuid: str, *, order: bool) -> bool:
            """Whether this ticket or order carries one of them."""
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
                # By turns, as what they carry looks alike.
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
