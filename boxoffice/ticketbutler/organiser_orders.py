"""Orders and tickets, as changes that can be looked at first. API document: "Orders", "Tickets".

`Ticketbutler` makes the same changes at once, and tells less of what it reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from boxoffice.domain.models import Address, Answer, Given, Order
from boxoffice.organiser import STATES, Difference, FullOrder, TicketDetails, differences
from boxoffice.organiser.fields import about, changed, with_fields
from boxoffice.ticketbutler import calls, order_calls
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    change_of,
    jsonable,
    refuse,
)
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_order_shapes import full_order, read_full_orders
from boxoffice.ticketbutler.organiser_shapes import Raw, raw_of, read_ticket
from boxoffice.ticketbutler.wire import Call


class OrderCalls(Calls):
    """API document: "Orders", "Tickets"."""

    async def order(self, order: str) -> FullOrder:
        """One order with all that the site tells of it. API document: "Get a Specific Order".

        The document's answer has neither lines nor amounts.
        """
        return await self._client.send(_in_full(calls.order(order, retry=True)))

    async def event_orders(self, event: str) -> list[FullOrder]:
        """All orders with their lines and tickets. API document: "Get events orders".

        Heavy, as `Ticketbutler.event_orders`, and holds every answer as it came.
        """
        uuid = hex_of(event, "event")

        def read(value: object) -> list[FullOrder]:
            return read_full_orders(value, uuid)

        told = order_calls.event_orders(uuid)
        call = Call(told.method, told.path, read, told.what, large=True, retry=False)
        return await self._client.send(call, order_calls.in_pieces)

    def create_order(
        self,
        event: str,
        *,
        address: Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> PendingChange[FullOrder]:
        """Place an order that is paid, as `Ticketbutler.create_order`.

        API document: "Create Order".
        """

        def make() -> Call[FullOrder]:
            return _in_full(order_calls.create_order(event, address, amounts, external_order_id))

        return change_of(self._client, make, differences(None, address))

    def update_order(
        self,
        order: str,
        change: Callable[[Address], Address] | None = None,
        /,
        **fields: str,
    ) -> PendingChange[FullOrder]:
        """Change who ordered, by fields of `Address`, or by a function of what the site tells.

        API document: "Update order".

        The site tells an order without most fields of its address: what it does not tell and is
        not given is not sent.

        Raises:
            TypeError: no such field.

        """

        async def prepare() -> PreparedChange[FullOrder]:
            before, said = await self._client.send(_address_as_said(order))
            after = replace(change(before) if change is not None else before, **fields)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            call = _in_full(order_calls.update_order(order, after, before, said))
            return PreparedChange(call, lambda: self._client.send(call), different)

        return PendingChange(prepare)

    def refund_order(self, order: str) -> PendingChange[FullOrder]:
        """Refund an order with all its tickets, as `Ticketbutler.refund_order`.

        API document: "Refund an order". One that is refunded is Refused, and nothing is sent.
        """

        async def prepare() -> PreparedChange[FullOrder]:
            call = _in_full(order_calls.refund_order(order))
            before = await self._client.send(calls.order(order, retry=True))
            if before.refunded:
                raise refuse("refunded before", order_calls.REFUNDED)
            total = f"{before.total:.2f}" if before.total is not None else ""

            def whose(state: str) -> str:
                return " · ".join(filter(None, (state, before.full_name, total)))

            now, said = whose(before.state), whose(STATES.get(before.state, before.state))
            different = Difference("state", "State", now, "REFUND", {**STATES, now: said})
            return PreparedChange(call, lambda: self._client.send(call), (different,))

        return PendingChange(prepare)

    def answer_order(self, order: str, given: Sequence[Given]) -> PendingChange[list[Answer]]:
        """Store a buyer's answers; others stay. API document: "Collect Order Data"."""
        return change_of(self._client, lambda: order_calls.answer_order(order, given))

    def answer_ticket(self, ticket: str, given: Sequence[Given]) -> PendingChange[list[Answer]]:
        """Store an attendee's answers; others stay. API document: "Collect Ticket Data"."""
        return change_of(self._client, lambda: calls.answer(ticket, given))

    async def ticket(self, ticket: str) -> TicketDetails:
        """One ticket with all its fields. API document: "Get specific ticket"."""
        uuid = hex_of(ticket, "ticket")
        return await self._client.send(
            Call("GET", f"tickets/{uuid}/", same(uuid, read_ticket), "ticket")
        )

    def update_ticket(
        self,
        ticket: str,
        change: Callable[[TicketDetails], TicketDetails] | None = None,
        /,
        **fields: Any,
    ) -> PendingChange[TicketDetails]:
        """Change name, check-in, external id or lead tracking reference of a ticket.

        API document: "Update ticket details". A check-in at a door goes through its journal
        instead.

        Raises:
            ValueError: no such field, or none that may be changed.

        """
        names = {each.name: each.api for each in about(TicketDetails)}

        async def prepare() -> PreparedChange[TicketDetails]:
            before = await self.ticket(ticket)
            after = with_fields(change(before) if change is not None else before, fields)
            body = {names[name]: jsonable(getattr(after, name)) for name in changed(before, after)}
            if not body:
                raise refuse("nothing to change", NOTHING)
            read = same(before.uuid, read_ticket)
            call = Call("PATCH", f"tickets/{before.uuid}/", read, "ticket", body=body)
            return PreparedChange(call, lambda: self._client.send(call), differences(before, after))

        return PendingChange(prepare)


def _in_full(call: Call[Order]) -> Call[FullOrder]:
    """The same request, read with all that the answer tells."""

    def read(value: object) -> FullOrder:
        order = call.read(value)
        # A refund is told around the order.
        return full_order(raw_of(value).get("purchase", value), order)

    request: dict[str, Any] = {each.name: getattr(call, each.name) for each in fields_of(call)}
    return Call(**request | {"read": read})


def _address_as_said(order: str) -> Call[tuple[Address, Raw]]:
    """Who ordered, as it is read and as the site said it."""
    call = calls.order(order, retry=True)

    def read(value: object) -> tuple[Address, Raw]:
        said = raw_of(value).get("address")
        return call.read(value).address, raw_of(said) if isinstance(said, dict) else {}

    return Call(call.method, call.path, read, call.what)
