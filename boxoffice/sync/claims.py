"""Claims tickets at the venue's hub before a green is shown, and gives claims back to it.

The hub takes the first claim of a ticket and refuses every other. Our own claims are in journal.db,
each written in the transaction of its admission. Those that the hub missed, `claim_sync` sends it.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from boxoffice.clock import LateError, within
from boxoffice.domain.venue import (
    DEADLINE,
    FIRST,
    UNKNOWN,
    Claim,
    ClaimState,
    HubState,
    Outcome,
    Taken,
    next_in,
)
from boxoffice.store import claim_feed, venue
from boxoffice.store.claim_feed import FeedPosition, NewestClaim
from boxoffice.store.roster import keep_copy
from boxoffice.store.venue import ClaimMade, OwnClaim
from boxoffice.sync.context import SyncContext, SyncPart

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

UNUSED = timedelta(seconds=60)
"""A claim of ours that is older than this, and let nobody in, is from a process that has ended."""
LOOK_FOR_UNUSED = timedelta(seconds=20)
"""How often such claims are looked for."""


class Claims(SyncPart):
    """Claims tickets for this computer. Make it with `of`."""

    def __init__(self, context: SyncContext, venue: "Venue") -> None:
        super().__init__(context)
        self._hub = venue

    @classmethod
    def of(cls, context: SyncContext) -> Self | None:
        """The claims of this computer; None: it never joined a venue."""
        return None if context.venue is None else cls(context, context.venue)

    async def take(self, event: str, ticket: str) -> ClaimMade | Claim:
        """Claim `ticket` at the hub.

        Returns our claim, won or pending, to be written together with the admission; or the claim
        of another door, which was first.
        """
        if self._hub.status.state in (HubState.ALONE, HubState.REFUSED):
            return ClaimMade(FIRST, ClaimState.PENDING, FeedPosition())
        began, now = self._clock.monotonic(), self._clock.now()
        asking = self._hub.take(event, ticket, FIRST, now)  # goes on while the journal is read
        reading = self._journal.read(venue.given_back, ticket)
        taken, given_back = await asyncio.gather(asking, reading)
        won = taken.claim if taken.outcome is Outcome.WON else None
        if won is not None and any(_is_in_doubt(won, own) for own in given_back):
            left = DEADLINE - (self._clock.monotonic() - began)
            try:
                taken = await within(left, self._take_anew(event, ticket, now), self._clock)
            except LateError:
                taken = UNKNOWN
        if taken.claim is None:
            newest = await self._store.read(claim_feed.newest, ticket, event)
            return ClaimMade(next_in(newest.round), ClaimState.PENDING, newest.position)
        if taken.outcome is Outcome.LOST or await self._is_of_copy(taken.claim, now):
            await keep_copy(self._store.write(claim_feed.record_claim, taken.claim))
            return taken.claim
        return ClaimMade(taken.claim.round, ClaimState.WON, FeedPosition(*taken.record))

    async def _take_anew(self, event: str, ticket: str, now: datetime) -> Taken:
        """Tell the hub of the claims that were given back, then claim once more."""
        if not await self.release(ticket):
            return UNKNOWN
        return await self._hub.take(event, ticket, FIRST, now)

    async def _is_of_copy(self, claim: Claim, now: datetime) -> bool:
        """Whether another computer, with a copy of this data folder, made this claim of ours.

        A claim that this computer made is in the journal, except for the moment before it is
        written there; and what a killed process left unwritten is given back after a while.
        """
        if claim.at == now or now - claim.at < UNUSED + 2 * LOOK_FOR_UNUSED:
            return False
        return await self._journal.read(venue.of_round, claim.ticket, claim.round) is None

    async def release(self, ticket: str) -> bool:
        """Give back to the hub the claims of `ticket` that were undone. False: not all of them."""
        for own in await self._journal.read(venue.releasing, ticket):
            at = await self._store.read(claim_feed.position, own.event)
            if not await self.give_back(own, at):
                return False
        return True

    async def give_back(self, own: OwnClaim, at: FeedPosition) -> bool:
        """Give back a claim of ours. `at`: the hub's record. False: the hub did not take it yet."""
        taken = await self._hub.release(own.event, own.ticket, own.round, own.out_at)
        if taken.outcome is Outcome.UNKNOWN:
            return False
        await self._journal.write(venue.release, own, at)
        if taken.claim is not None:
            await self._store.write(claim_feed.record_claim, taken.claim)
        return True

    def of_others(self, newest: NewestClaim) -> Claim | None:
        """The claim by which another door has a ticket in, as far as is known here; None: none."""
        claim = newest.claim
        if claim is None or not claim.is_in or claim.device == self._hub.device:
            return None
        return claim

    async def in_by_others(
        self, event: str, tickets: Collection[str] | None = None
    ) -> dict[str, Claim]:
        """By ticket, the claims by which other doors have them in. `tickets` is None: of all."""
        device = self._hub.device
        found = await self._store.read_all(claim_feed.in_by_others, event, device, tickets)
        return {claim.ticket: claim for claim in found}

    async def take_out(self, claim: Claim) -> bool:
        """Tell all doors that the site has a ticket out again. Returns whether the hub took it."""
        out = claim._replace(
            round=claim.round + 1,
            device=self._hub.device,
            lane=self._journal.lane,
            at=self._clock.now(),
            number=0,
        )
        if not await self._hub.put(out):
            return False
        await self._store.write(claim_feed.record_claim, out)
        return True


def _is_in_doubt(won: Claim, given_back: OwnClaim) -> bool:
    """Whether `won` may be our earlier claim, which was given back without the hub knowing yet.

    Once the hub knows that, a new claim has a later round.
    """
    return given_back.state is ClaimState.RELEASING or won.round <= given_back.round
