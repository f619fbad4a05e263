"""Reads at once what webhooks name. They are only hints: nothing that they say is believed.

Anybody who knows the secret path may send them, so the reads are limited. Single tickets are read
up to a rate; beyond that the list is read, no more often than a lane does so by itself.
"""

import asyncio
import logging
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from boxoffice.domain.models import Ticket
from boxoffice.lane.deps import LaneDeps, LanePart, TicketReader
from boxoffice.store import admissions, orders
from boxoffice.sync import RateLimit
from boxoffice.ticketbutler import NotFound, TicketbutlerError

if TYPE_CHECKING:  # only who listens for webhooks pays for loading it
    from boxoffice.ticketbutler.resources.webhooks import Hook

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Reads that run at once; few, so that scans find requests free."""
READS = 20.0
"""So many single reads may follow each other at once, and one more every `READ_EVERY` seconds."""
READ_EVERY = 0.5
MOST_NAMED = 100
"""Tickets and orders that may wait to be read. If there are more, the list is read instead."""

CHECKED_IN = "ticket.checkin"
NEWS = frozenset({"ticket.paid", "purchase.paid"})
"""Webhooks that may name tickets which no list has yet."""
OF_EVENTS = "event."


class _Named(NamedTuple):
    """Why a ticket is to be read."""

    action: str
    expected: bool
    """It may be one of this event, though the list does not have it."""


class WebhookRefresh(LanePart):
    """Reads what webhooks name, for one event."""

    def __init__(self, deps: LaneDeps) -> None:
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self._named: dict[str, _Named] = {}
        self._orders: dict[str, None] = {}
        self._any_named = asyncio.Event()
        self._left: set[str] = set()
        """Tickets that were named and not read: their codes may have changed."""
        self._rate_limit = RateLimit(READS, READ_EVERY, self._clock)

    def receive(self, hook: "Hook") -> None:
        """Take a hint. Whatever it says, it leads to nothing but reads."""
        if hook.event and hook.event != self._event:
            return
        if hook.action.startswith(OF_EVENTS):
            self._puller.pull_soon(questions=bool(hook.event))
            return
        expected = bool(hook.event) or hook.action in NEWS
        for uuid in hook.tickets:
            # A check-in that is known already is not read: it must not hide what else is named.
            known = self._named.get(uuid, _Named(hook.action, expected=False))
            action = known.action if hook.action == CHECKED_IN else hook.action
            self._named[uuid] = _Named(action, known.expected or expected)
        if hook.order:
            self._orders[hook.order] = None
        if len(self._named) + len(self._orders) > MOST_NAMED:
            self._leave_to_list()
        elif not hook.tickets:
            self._puller.pull_soon()
        self._any_named.set()

    async def run(self) -> None:
        """Read what was named. Never returns."""
        while True:
            await self._any_named.wait()
            self._any_named.clear()
            await self._leave_to_reader()
            while self._named or self._orders:
                if not self._link.sends:  # the list is read as soon as the site is back
                    self._forget()
                    break
                tickets = {uuid: self._named.pop(uuid) for uuid in _first(self._named)}
                await asyncio.gather(*(self._ticket(*named) for named in tickets.items()))
                orders = _first(self._orders)
                for uuid in orders:
                    del self._orders[uuid]
                await asyncio.gather(*map(self._order, orders))
            await self._leave_to_reader()

    async def _leave_to_reader(self) -> None:
        """Have tickets that were named and not read be read again in the background."""
        if self._left:
            left, self._left = self._left, set()
            await self._store.write(orders.mark_unread, left)

    async def _ticket(self, uuid: str, named: "_Named") -> None:
        listed = (await self._puller.load()).get(uuid)
        if listed is None and not named.expected:
            return  # of another event, as far as is known
        if named.action == CHECKED_IN and listed is not None and await self._is_in(listed):
            return  # most often it was this lane itself
        if not self._allowed():
            self._left.add(uuid)
            return
        try:
            read = await self._ticket_reader.read(uuid)
        except NotFound:
            if listed is not None:
                self._puller.pull_soon()
            return
        except TicketbutlerError as error:
            log.info("ticket %s, named by a hook, not read: %s", uuid, error)
            self._left.add(uuid)
            return
        if not read.ticket.event:  # its type may be as new as itself
            self._puller.pull_soon()

    async def _is_in(self, listed: Ticket) -> bool:
        return (
            listed.checked_in or await self._journal.read(admissions.get, listed.uuid) is not None
        )

    async def _order(self, uuid: str) -> None:
        """Read an order, unless it was never read here: then nothing depends on it."""
        if await self._store.read(orders.get, uuid) is None or not self._allowed():
            return
        try:
            order = await self._client.orders.get(uuid, retry=False)
        except TicketbutlerError as error:
            log.info("order %s, named by a hook, not read: %s", uuid, error)
            return
        await self._puller.save_order(order)

    def _allowed(self) -> bool:
        """Whether one more read is allowed; if not, the list is read instead."""
        if self._rate_limit.take():
            return True
        self._leave_to_list()
        return False

    def _leave_to_list(self) -> None:
        self._forget()
        self._puller.pull_soon()

    def _forget(self) -> None:
        self._left.update(uuid for uuid, named in self._named.items() if named.action != CHECKED_IN)
        self._named.clear()
        self._orders.clear()


def _first(named: Iterable[str]) -> list[str]:
    return list(islice(named, AT_ONCE))
