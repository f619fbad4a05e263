"""How people come in at an event, as far as this computer knows."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from boxoffice.domain.arrivals import Arrivals, Holder, count
from boxoffice.domain.models import CheckInWindow, Ticket
from boxoffice.lane.deps import LanePart
from boxoffice.store import admissions, tickets


class ArrivalsView(LanePart):
    """Counts those who are in: our own by the journal, other doors' by the list."""

    async def view(self) -> Arrivals:
        """How it stands now, in the event's time zone."""
        seen = await self._store.read_all(tickets.sightings)
        event = self._event_cache.event
        ours = await self._journal.read_all(admissions.of_event, event.uuid)
        admitted = {admission.ticket: admission.at for admission in ours}
        listed = dict(await self._puller.load())  # it changes while another thread looks at it
        now = self._clock.now().astimezone(event.zone)
        extras = self._policy.extras
        return await asyncio.to_thread(_count, listed, admitted, seen, extras, now)


def _count(
    tickets: Mapping[str, Ticket],
    admitted: Mapping[str, datetime],
    seen: Mapping[str, CheckInWindow],
    extras: frozenset[str],
    now: datetime,
) -> Arrivals:
    return count(
        (
            Holder(
                ticket.ticket_type,
                ticket.checked_in or uuid in admitted,
                admitted.get(uuid),
                seen.get(uuid),
                ticket.ticket_type.casefold() in extras,
            )
            for uuid, ticket in tickets.items()
            if not ticket.refunded
        ),
        now,
    )
