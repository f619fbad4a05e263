"""Ticket types, as an organiser makes, changes and deletes them. API document: "Ticket types"."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from boxoffice.organiser import EventDetails, NewTicketType, TicketTypeDetails, differences
from boxoffice.organiser.fields import about, changed, with_fields
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    jsonable,
    refuse,
    removal_of,
)
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.event_bodies import new_type, none_emptied
from boxoffice.ticketbutler.organiser_events import EventCalls
from boxoffice.ticketbutler.organiser_shapes import Raw, raw_of, read_type
from boxoffice.ticketbutler.wire import Call

PATCHED = frozenset({"title", "price", "amount", "amount_total", "members_only"})
"""The fields that one ticket type's own update takes; the others need an update of the event."""

_STOCK = ("amount", "amount_left")
_SOLD_OUT = ("sold_out", "is_temporarily_sold_out")


class TypeCalls(EventCalls):
    """API document: "Ticket types"."""

    async def ticket_type(self, event: str, ticket_type: str) -> TicketTypeDetails:
        """One ticket type. The document's answer lacks its pk, and whether it is active.

        API document: "Get Specific Ticket Type".
        """
        uuid = hex_of(ticket_type, "ticket type")
        call = Call("GET", _path(event, uuid), same(uuid, read_type), "ticket type")
        return await self._client.send(call)

    def create_ticket_type(
        self, event: str, ticket_type: NewTicketType
    ) -> PendingChange[TicketTypeDetails]:
        """Make a ticket type. API document: "Create Ticket Type"."""

        def make() -> Call[TicketTypeDetails]:
            path = f"events/{hex_of(event, 'event')}/ticket-types/"
            return Call("POST", path, read_type, "event", body=new_type(ticket_type))

        return change_of(self._client, make, differences(None, ticket_type))

    def update_ticket_type(
        self,
        event: str,
        ticket_type: str,
        change: Callable[[TicketTypeDetails], TicketTypeDetails] | None = None,
        /,
        **fields: Any,
    ) -> PendingChange[TicketTypeDetails]:
        """Change one ticket type: by its fields, or by a function of what the site has now.

        API document: "Update Ticket Type"; what that does not take (active, description, day,
        place) goes by "Update event", with all the other ticket types.

        Stock is given as `amount` (what is left) or `amount_total` (with those sold), not both.
        The total is the safer: it stays right when a ticket is sold meanwhile.

        Raises:
            ValueError: no such field, or none that may be changed.
            Refused: both are given; or by the site: the price of what is sold, fewer than sold.

        """
        uuid = hex_of(ticket_type, "ticket type")

        def changed_type(before: TicketTypeDetails) -> TicketTypeDetails:
            after = change(before) if change is not None else before
            return with_fields(after, fields)

        async def prepare() -> PreparedChange[TicketTypeDetails]:
            before = _named(await self.ticket_types(event), uuid)
            after = changed_type(before)
            names = set(changed(before, after))
            if not names:
                raise refuse("nothing to change", NOTHING)
            none_emptied(before, after)
            if {"amount", "amount_total"} <= names:
                raise refuse("amount and amount_total", "Give the total or what is left, not both.")
            if names <= PATCHED:
                return self._patch(event, before, after)
            return await self._through_event(event, uuid, changed_type)

        return PendingChange(prepare)

    def delete_ticket_type(self, event: str, ticket_type: str) -> PendingChange[None]:
        """Delete a ticket type; the site refuses, and says why, once tickets are sold.

        API document: "Delete Ticket type".
        """

        def make() -> Call[None]:
            path = _path(event, hex_of(ticket_type, "ticket type"))
            return Call("DELETE", path, _nothing, "ticket type")

        return removal_of(self._client, make)

    def _patch(
        self, event: str, before: TicketTypeDetails, after: TicketTypeDetails
    ) -> PreparedChange[TicketTypeDetails]:
        names = {each.name: each.api for each in about(TicketTypeDetails)}
        body = {names[name]: jsonable(getattr(after, name)) for name in changed(before, after)}

        def read(value: object) -> TicketTypeDetails:
            # The document's answer has not all that the list has.
            return read_type(_newest(before.raw, raw_of(value)))

        path, uuid = _path(event, before.uuid), before.uuid
        call = Call("PATCH", path, same(uuid, read), "ticket type", body=body)
        return PreparedChange(call, lambda: self._client.send(call), differences(before, after))

    async def _through_event(
        self,
        event: str,
        uuid: str,
        changed_type: Callable[[TicketTypeDetails], TicketTypeDetails],
    ) -> PreparedChange[TicketTypeDetails]:
        def changed_event(before: EventDetails) -> EventDetails:
            after = changed_type(_named(before.ticket_types, uuid))
            return replace(before, ticket_types=(after,))

        inner = await self.update_event(event, changed_event).prepare()

        async def send() -> TicketTypeDetails:
            return _named((await inner.send()).ticket_types, uuid)

        return PreparedChange(inner.call, send, inner.differences)


def _newest(before: Raw, answer: Raw) -> Raw:
    """All that is known of a ticket type: what is left is told under either of two names."""
    if not any(name in answer for name in _STOCK):
        return {**before, **answer}
    old = {*_STOCK, *_SOLD_OUT}
    kept = {name: value for name, value in before.items() if name not in old}
    return {**kept, **answer}


def _named(
    ticket_types: list[TicketTypeDetails] | tuple[TicketTypeDetails, ...], uuid: str
) -> TicketTypeDetails:
    for each in ticket_types:
        if each.uuid == uuid:
            return each
    raise NotFound(f"no ticket type {uuid}", "The event has no such ticket type: refresh the list.")


def _path(event: str, ticket_type: str) -> str:
    return f"events/{hex_of(event, 'event')}/ticket-types/{ticket_type}/"


def _nothing(_value: object) -> None:
    return None
