"""What the venue's account is made of: our journal, what the doors claim, and what they tell."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from boxoffice.domain.account import account
from boxoffice.domain.models import Event, Ticket
from boxoffice.domain.venue import ASK, HubState
from boxoffice.domain.venue_account import (
    ANSWER,
    DoorAccount,
    SilentDoor,
    VenueAccount,
    account_of,
    read_account,
)
from boxoffice.store import claim_feed, tickets, venue
from boxoffice.sync.claim_sync import ClaimSync
from boxoffice.sync.context import SyncContext, Wakeup
from boxoffice.sync.reconcile import read_night

if TYPE_CHECKING:  # few computers ever join one
    from boxoffice.venue import Venue

log = logging.getLogger(__name__)

LISTENS, ANSWERS_WITHIN, LOOK_EVERY = 2.5, 6.0, 0.25
"""Seconds: in which every door that is there says so; that one has to answer; between two looks."""


async def read_own_account(
    context: SyncContext,
    event: Event,
    extras: frozenset[str],
    listed: Mapping[str, Ticket] | None = None,
) -> DoorAccount:
    """What was let in and taken by this computer. Raises StoreError."""
    journal, now = context.journal, context.clock.now()
    night = await read_night(journal, context.store, event, now, extras, listed)
    twice = await journal.read_all(venue.clash_rows, event.uuid)
    return account_of(journal.lane, account(night, None), twice)


async def read_venue_account(
    context: SyncContext, hub: "Venue", event: Event, extras: frozenset[str]
) -> VenueAccount:
    """Have every door that is there tell its account. Raises StoreError."""
    listed = await context.store.read_all(tickets.by_uuid, event.uuid)
    answers = _Answers(context, hub, event)
    unwatch = hub.watch_broadcasts(event.uuid, ANSWER, answers.take)
    try:
        await ClaimSync(context, hub, event.uuid).catch_up()
        reached = hub.status.state is HubState.JOINED
        theirs = await context.store.read_all(claim_feed.in_by_others, event.uuid, hub.device)
        lanes = {claim.device: claim.lane for claim in theirs}
        if reached:
            lanes |= await answers.gather(frozenset(lanes))
    finally:
        unwatch()
    people = Counter(
        claim.device
        for claim in theirs
        if (known := listed.get(claim.ticket)) is None or known.ticket_type.casefold() not in extras
    )
    own = await read_own_account(context, event, extras, listed)
    silent = [
        SilentDoor(lane, people[device])
        for device, lane in lanes.items()
        if device not in answers.by_device
    ]
    others = sorted(answers.by_device.values(), key=lambda door: door.lane.casefold())
    pairs = await context.store.read_all(claim_feed.let_in_twice, event.uuid)
    currencies = (door.currency for door in (own, *others))
    return VenueAccount(
        event=event,
        venue=hub.status.name,
        at=context.clock.now().astimezone(event.zone),
        doors=(own, *others),
        silent=tuple(sorted(silent)),
        let_in_twice=tuple(pair.in_zone(event.zone) for pair in pairs),
        reached=reached,
        currency=next(filter(None, currencies), ""),
    )


class _Answers:
    """What the doors tell, while they are asked."""

    def __init__(self, context: SyncContext, hub: "Venue", event: Event) -> None:
        self.by_device: dict[str, DoorAccount] = {}
        self._hub = hub
        self._event = event.uuid
        self._clock = context.clock
        self._arrived = Wakeup(context.clock)

    def take(self, device: str, fields: Mapping[str, Any]) -> None:
        try:
            self.by_device[device] = read_account(fields)
        except ValueError as error:
            log.info("passed over: what %s tells is %s", device, error)
        self._arrived.set()

    async def gather(self, claimants: frozenset[str]) -> dict[str, str]:
        """Ask until all have answered, or there is no more time; the doors that are there.

        `claimants`: devices that are to answer, there or not. Answers lanes by device.
        """
        from boxoffice.venue import HubAwayError  # noqa: PLC0415 - only where a venue was joined

        began, there = self._clock.monotonic(), dict[str, str]()
        self._hub.broadcast(self._event, ASK, {})
        while True:
            try:
                present = await self._hub.doors(self._event)
            except HubAwayError as error:
                log.info("the doors are not known: %s", error)
                present = ()
            come = {
                door.device: door.lane
                for door in present
                if door.device != self._hub.device and door.device not in there
            }
            if there and come:  # they may have come after it
                self._hub.broadcast(self._event, ASK, {})
            there |= come
            passed = self._clock.monotonic() - began
            all_answered = (claimants | there.keys()) <= self.by_device.keys()
            if passed >= ANSWERS_WITHIN or (all_answered and passed >= LISTENS):
                return there
            await self._arrived.wait(LOOK_EVERY)
