"""Holds seats in escrow for this computer's till, so that it can sell while the site is away.

The tills of a venue share a pool for each ticket type: what the site has left, and what each till
holds. The hub stores the states of a pool, numbered. If two tills change the same state, the hub
takes one change, and the other till begins again from the new state. What the site has left is read
after the state: so whatever a till had sold is either in its escrow, or gone from what is left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from boxoffice.domain.models import TicketType
from boxoffice.domain.seats import Holding, Pool
from boxoffice.domain.venue import HubState
from boxoffice.store import json_docs, seats
from boxoffice.store.updates import EventMetadataStored, SaleUpdated
from boxoffice.sync.context import SyncContext, SyncPart, Wakeup
from boxoffice.ticketbutler import TicketbutlerError

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

TRIES = 5
"""How often a change is tried in a row, while another till is first each time."""
LOOK_EVERY, AGAIN = 10.0, 2.0
"""Seconds between looks at the pools, and until a change that failed is tried again."""

Lefts = dict[str, int | None]
"""By uuid of the ticket type, how many the site has left; None: it does not say."""


class Seats(SyncPart):
    """Takes seats of one event into escrow while the hub can be reached, and gives them back."""

    def __init__(
        self,
        context: SyncContext,
        venue: "Venue",
        event: str,
        at_hand: Callable[[], Awaitable[int]],
    ) -> None:
        """`event`: its uuid. `at_hand`: how many of each type this till wants now."""
        super().__init__(context)
        self._hub = venue
        self._event = event
        self._at_hand = at_hand
        self._is_alone = context.is_alone
        self._turn = asyncio.Lock()
        self._is_left_over = True
        """Seats of other events may be held still for another process, or one that was killed."""
        self._at_work = False

    @classmethod
    def of(
        cls, context: SyncContext, event: str, at_hand: Callable[[], Awaitable[int]]
    ) -> Self | None:
        """The seats of this computer; None: it never joined a venue."""
        return None if context.venue is None else cls(context, context.venue, event, at_hand)

    async def run(self) -> None:
        """Keep as many seats as the till wants, while the hub can be reached. Never returns."""
        wakeup = Wakeup(self._clock)
        unwatch = self._hub.watch(wakeup.set)
        unsubscribe = self._updates.wake(wakeup.set, SaleUpdated, EventMetadataStored)
        try:
            while True:
                await wakeup.wait(LOOK_EVERY if await self.settle() else AGAIN)
        finally:
            unsubscribe()
            unwatch()

    async def settle(self) -> bool:
        """Take the seats that are lacking, and give back the others. False: not all was done."""
        self._at_work = True
        at_hand, known = await self._at_hand(), await self._known()
        kinds = known if at_hand else ()
        done = await self._settle(self._event, kinds, at_hand, known)
        if done and self._is_left_over and self._is_alone():
            events = set(await self._journal.read(seats.events)) - {self._event}
            given_back = [await self._settle(event, (), 0, {}) for event in events]
            self._is_left_over = not all(given_back)
        return done

    async def give_back(self) -> bool:
        """Give back what is held for this till. False: not all of it could be given back."""
        return not self._at_work or await self.give_back_all()

    async def give_back_all(self) -> bool:
        """Give back what is held for any till of this computer, where none of them is open."""
        return await self._settle(self._event, (), 0, {})

    async def _known(self) -> Lefts:
        """How many are left of the types on sale, as the site was last read."""
        types = await self._store.read(json_docs.get_list, json_docs.TICKET_TYPES, self._event)
        return _lefts(kind for kind in types if kind.active)

    async def _read_site(self) -> Lefts:
        """How many are left, as the site has it now. Raises TicketbutlerError."""
        types = await self._client.ticket_types.list(self._event)
        await self._store.write(json_docs.save, json_docs.TICKET_TYPES, self._event, types)
        await self._updates.publish(EventMetadataStored(self._event))
        return _lefts(types)

    async def _settle(self, event: str, kinds: Iterable[str], at_hand: int, known: Lefts) -> bool:
        """Hold `at_hand` seats of each type in `kinds`, and none of any other type."""
        async with self._turn:
            escrow = await self._journal.read(seats.in_escrow, event)
            wants = dict.fromkeys(escrow, 0) | dict.fromkeys(kinds, at_hand)
            for _ in range(TRIES):
                if wants:
                    wants = await self._divide(event, wants, known)
            return not wants

    async def _divide(self, event: str, wants: dict[str, int], known: Lefts) -> dict[str, int]:
        """Try once to hold what is wanted; returns the part of `wants` to be tried again."""
        device, looks, fresh = self._hub.device, [], Lefts()
        for kind in wants:
            look = await self._look(event, kind, known.get(kind, 0))
            if look is None:
                return wants
            looks.append(look)
        if self._link.sends and any(
            kind in known and pool.is_worth_a_read(device, own, wants[kind], known[kind])
            for kind, _, _, pool, own in looks
        ):
            try:
                fresh = await self._read_site()
            except TicketbutlerError as error:
                log.info("what is left was not read: %s", error)
        refused = {}
        for look in looks:
            at_hand, is_fresh = wants[look.kind], look.kind in fresh
            left = fresh[look.kind] if is_fresh else look.pool.left
            if not await self._write(event, look, left, at_hand, fresh=is_fresh):
                refused[look.kind] = at_hand
        return refused

    async def _look(self, event: str, kind: str, left: int | None) -> "_Look | None":
        """Read the hub's pool, and take up what it gives us; None: the hub is away.

        `left`: how many the site has left, for a type without a pool so far.
        """
        if self._hub.status.state in (HubState.ALONE, HubState.REFUSED):
            return None
        if (read := await self._hub.read_pool(event, kind)) is None:
            return None
        number, stored = read
        own, known = await self._journal.read(seats.own, event, kind)
        pool = stored.completed(known)
        if not number:
            pool = pool._replace(left=known.left if known.tills else left)
        given = own.pending and pool.escrow(self._hub.device).serial == own.serial
        if given or (number and pool != known):
            await self._journal.write(seats.take_up, event, kind, self._hub.device, pool)
            own, _ = await self._journal.read(seats.own, event, kind)
        return _Look(kind, number, stored, pool, own)

    async def _write(
        self, event: str, look: "_Look", left: int | None, at_hand: int, *, fresh: bool
    ) -> bool:
        """Write the pool as it should be. False: another till was first, or the hub is away."""
        kind, number, stored, pool, own = look
        pool, device = pool._replace(left=left), self._hub.device
        plan, escrow = pool.plan(device, own, at_hand, fresh=fresh), pool.escrow(device)
        if own.pending or plan.escrow(own.serial, plan.by) != escrow:
            by = await self._journal.write(seats.change, event, kind, own, plan.by, escrow)
            if by is None:
                return False
            pool = pool.with_escrow(device, plan.escrow(own.serial + 1, by))
        if pool == stored:
            return True
        if not await self._hub.write_pool(event, kind, number + 1, pool):
            return False
        await self._journal.write(seats.take_up, event, kind, device, pool)
        return True


class _Look(NamedTuple):
    """What is known of one ticket type's pool."""

    kind: str
    number: int
    stored: Pool
    """As the hub has it."""
    pool: Pool
    """The same, completed by what is known here."""
    own: Holding


def _lefts(types: Iterable[TicketType]) -> Lefts:
    """How many are left of each type; none where the site has sold more than there are."""
    return {kind.uuid: None if kind.left is None else max(0, kind.left) for kind in types}
