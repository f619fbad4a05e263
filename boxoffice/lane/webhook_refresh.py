"""Reads again at once what webhooks name: they are hints, and nothing of them is believed.

Anybody who knows the secret path may send them, so that they are rationed: single tickets while
there is an allowance, else the list, and that no more often than a lane reads it by itself.
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
"""Reads under way, so that scans find requests free."""
READS = 20.0
"""Single reads in one go; one more may follow each `READ_EVERY` seconds."""
READ_EVERY = 0.5
MOST_NAMED = 100
"""Tickets and orders that wait to be read; where more are named, the list is read."""

CHECKED_IN = "ticket.checkin"
NEWS = frozenset({"ticket.paid", "purchase.paid"})
"""What brings tickets that no list held yet."""
OF_EVENTS = "event."


class _Named(NamedTuple):
    """For what a ticket was named."""

    action: str
    expected: bool
    """It may be this event's, though it is not listed."""


class WebhookRefresh(LanePart):
    """Reads again what webhooks name, of one event."""

    def __init__(self, deps: LaneDeps) -> None:
        super().__init__(deps)
        self._ticket_reader = TicketReader(deps)
        self._named: dict[str, _Named] = {}
        self._orders: dict[str, None] = {}
        self._any_named = asyncio.Event()
        self._left: set[str] = set()
        """Tickets that were named and not read: what the list does not hold of them may be old."""
        self._rate_limit = RateLimit(READS, READ_EVERY, self._clock)

    def receive(self, hook: "Hook") -> None:
        """Take up a hint. Whatever it says, no more is done than to read."""
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
        """Read what is named. Never returns."""
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
        """Have the codes of tickets that were not read learnt again when there is time."""
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
        """Orders that were never looked at here are not read: nothing rests on them."""
        if await self._store.read(orders.get, uuid) is None or not self._allowed():
            return
        try:
            order = await self._client.orders.get(uuid, retry=False)
        except TicketbutlerError as error:
            log.info("order %s, named by a hook, not read: %s", uuid, error)
            return
        await self._puller.save_order(order)

    def _allowed(self) -> bool:
        """Whether one more may be read; where not, the list says it all."""
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
