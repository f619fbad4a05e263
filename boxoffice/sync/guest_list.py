"""Reads the guest list off this computer's disk, so that it can be printed offline too."""

from datetime import datetime

from boxoffice import ProblemError
from boxoffice.domain.admission_rules import DoorPolicy
from boxoffice.domain.guest_list import GuestList, list_guests
from boxoffice.domain.models import Event
from boxoffice.language import N_, _
from boxoffice.store import (
    Journal,
    RosterStore,
    admissions,
    claim_feed,
    orders,
    sales,
    takings,
    ticket_lists,
    tickets,
)

NO_LIST = N_("There is no list of this event on this computer yet: connect once, and ask again.")


async def read_guest_list(
    journal: Journal, store: RosterStore, event: Event, now: datetime, policy: DoorPolicy
) -> GuestList:
    """The list as this computer has it. Raises ProblemError where it has none, and StoreError."""
    listed = await store.read_all(tickets.load, event.uuid)
    if not listed:
        raise ProblemError(_(NO_LIST))
    pulled = await store.read(ticket_lists.pulled, event.uuid)
    claims = await store.read_all(claim_feed.in_by_others, event.uuid, "")  # of every door
    ours = await journal.read_all(admissions.of_event, event.uuid)
    sold = await journal.read_all(sales.in_states, event.uuid)
    return list_guests(
        event,
        listed,
        now=now,
        read_at=pulled.at if pulled else None,
        let_in={one.ticket: one.at for one in claims} | {one.ticket: one.at for one in ours},
        orders=await store.read_all(orders.of_event, event.uuid),
        takings=await journal.read_all(takings.of_event, event.uuid),
        sold=(sale.order for sale in sold if sale.booked and sale.order),
        policy=policy,
    )
