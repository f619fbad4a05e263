"""Events, as an organiser lists, makes, changes and deletes them. API document: "Events"."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from boxoffice.organiser import EventDetails, NewEvent, TicketTypeDetails, differences
from boxoffice.organiser.fields import with_fields
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    done,
    refuse,
    removal_of,
    reread,
)
from boxoffice.ticketbutler.errors import TicketbutlerError, Unreadable
from boxoffice.ticketbutler.event_bodies import (
    Stock,
    all_types,
    event_update,
    new_event,
    stock_of,
    type_rows,
    with_settings,
)
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_shapes import read_event, read_events, read_types
from boxoffice.ticketbutler.wire import Call

log = logging.getLogger(__name__)

SHORTEST_REASON = 5
"""Characters."""


class EventCalls(Calls):
    """API document: "Events"."""

    async def events(self, *, old: bool = False) -> list[EventDetails]:
        """All events, without ticket types and settings; with `old`, expired ones too.

        API document: "Get All Events".
        """
        query = "old=true" if old else ""
        return await self._client.send(Call("GET", "events/", read_events, query=query))

    async def event(self, event: str) -> EventDetails:
        """An event with its settings, and its ticket types with their pk: two requests.

        API document: "Get Specific Event", "Get event ticket types".
        """
        uuid = hex_of(event, "event")
        told, ticket_types = await asyncio.gather(
            self._client.send(Call("GET", f"events/{uuid}/", same(uuid, read_event), "event")),
            self.ticket_types(uuid),
        )
        return replace(told, ticket_types=tuple(ticket_types))

    async def ticket_types(self, event: str) -> list[TicketTypeDetails]:
        """What an event sells, inactive ones too. API document: "Get event ticket types"."""
        path = f"events/{hex_of(event, 'event')}/ticket-types/"
        return await self._client.send(Call("GET", path, read_types, "event"))

    def create_event(self, event: NewEvent) -> PendingChange[EventDetails]:
        """Make an event. API document: "Create an event".

        The answer does not tell its ticket types' pk: read it with `event` before changing it.
        """

        def make() -> Call[EventDetails]:
            return Call("POST", "events/", read_event, "event", body=new_event(event), slow=True)

        return change_of(self._client, make, differences(None, event))

    def update_event(
        self,
        event: str,
        change: Callable[[EventDetails], EventDetails] | None = None,
        /,
        **fields: Any,
    ) -> PendingChange[EventDetails]:
        """Change an event: by its fields, or by a function of what the site has now.

        API document: "Update event". Reads the event and all its ticket types, and sends what is
        different with every ticket type under its pk: those that `ticket_types` leaves out stay,
        those without a uuid are made. Returns the event as read again.

        Stock is written back by what was left, the only way there is. A total that comes of that (a
        ticket was sold meanwhile, or the site reads it as the total) is set back at once; one that
        somebody else has set stays. A setting that is None stays as the site has it; an empty text
        empties it.

        Raises:
            ValueError: no such field, or none that may be changed.
            Unreadable: the site does not tell the pk of every ticket type, and nothing was sent;
                or, with `maybe_applied`, a ticket type is gone or has another total.

        """

        async def prepare() -> PreparedChange[EventDetails]:
            before = await self.event(event)
            after = change(before) if change is not None else before
            after = with_settings(before, with_fields(after, fields))
            after = replace(after, ticket_types=all_types(before, after.ticket_types).ticket_types)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            rows = type_rows(before, after.ticket_types)
            body = event_update(before, after) | {"ticket_types": rows}
            path = f"events/{before.uuid}/"
            call: Call[None] = Call("POST", path, _nothing, "event", body=body, slow=True)

            async def send() -> EventDetails:
                await self._client.send(call, done)
                told = await reread(lambda: self.event(before.uuid))
                _none_lost(before, told)
                return await self._with_totals(told, stock_of(before.ticket_types, rows))

            return PreparedChange(call, send, different)

        return PendingChange(prepare)

    def delete_event(self, event: str, reason: str) -> PendingChange[None]:
        """Delete an event. `reason` is written to the people who have tickets.

        API document: "Delete event".

        Raises:
            Refused: the reason has fewer than 5 characters. Nothing was sent.

        """

        def make() -> Call[None]:
            if len(reason.strip()) < SHORTEST_REASON:
                raise refuse(
                    "no reason",
                    f"Give a reason of at least {SHORTEST_REASON} characters: it is written to "
                    "everybody with a ticket.",
                )
            path, body = f"events/{hex_of(event, 'event')}/", {"delete_reason": reason.strip()}
            return Call("DELETE", path, _nothing, "event", body=body, slow=True)

        return removal_of(self._client, make)

    async def _with_totals(self, told: EventDetails, stock: Mapping[str, Stock]) -> EventDetails:
        """Set back totals that were misread: sites differ in how they read `amount`."""
        astray, why = _astray(told, stock), "without effect"
        misread = [each for each in astray if stock[each.uuid].misread(each)]
        for each in misread:
            total = stock[each.uuid].wanted(each)
            log.warning("total of %s set back to %d", each.uuid, total)
            path, body = f"events/{told.uuid}/ticket-types/{each.uuid}/", {"amount_total": total}
            call: Call[None] = Call("PATCH", path, _nothing, "ticket type", body=body)
            try:
                await self._client.send(call, done)
            except TicketbutlerError as error:
                why = str(error)
        if misread:
            told = await reread(lambda: self.event(told.uuid))
            astray = _astray(told, stock)
        if not astray:
            return told
        totals = ", ".join(
            f"{each.title} {each.total} instead of {stock[each.uuid].wanted(each)}"
            for each in astray
        )
        raise Unreadable(
            f"totals of {len(astray)} are others: {why}",
            "The event is changed, but the site has another total of these tickets than it "
            f"should: {totals}. Look at the ticket types, and set their totals.",
        )


def _astray(told: EventDetails, stock: Mapping[str, Stock]) -> list[TicketTypeDetails]:
    """Those whose total is neither what was meant nor what somebody else made of it."""
    return [
        each
        for each in told.ticket_types
        if (meant := stock.get(each.uuid))
        and not meant.told(each)
        and (meant.changes or meant.misread(each))
    ]


def _none_lost(before: EventDetails, after: EventDetails) -> None:
    """Raise if a ticket type that was written back is gone all the same."""
    left = {each.uuid for each in after.ticket_types}
    if lost := [each for each in before.ticket_types if each.uuid not in left]:
        names = ", ".join(each.title for each in lost)
        raise Unreadable(
            f"{len(lost)} ticket types are gone after an update of {before.uuid}",
            f"The site changed the event, but these ticket types are no longer there: {names}.",
        )


def _nothing(_value: object) -> None:
    return None
