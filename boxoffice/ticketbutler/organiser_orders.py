"""Orders and tickets, as changes that can be looked at first. API document: "Orders", "Tickets".

`Ticketbutler` reads orders and makes the same changes at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from boxoffice.door.models import Address, Answer, Given, Order
from boxoffice.organiser import Difference, TicketDetails, differences
from boxoffice.organiser.fields import about, changed, with_fields
from boxoffice.ticketbutler import calls, order_calls
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changing import NOTHING, Change, Plan, change_of, jsonable, refuse
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_shapes import Raw, raw_of, read_ticket
from boxoffice.ticketbutler.wire import Call


class OrderCalls(Calls):
    """API document: "Orders", "Tickets"."""

    def create_order(
        self,
        event: str,
        *,
        address: Address,
        amounts: Sequence[tuple[str, int]],
        external_order_id: str,
    ) -> Change[Order]:
        """Place an order that is paid, as `Ticketbutler.create_order`.

        API document: "Create Order".
        """

        def make() -> Call[Order]:
            return order_calls.create_order(event, address, amounts, external_order_id)

        return change_of(self._client, make, differences(None, address))

    def update_order(self, order: str, **fields: str) -> Change[Order]:
        """Change who ordered, by fields of `Address`; the others stay.

        API document: "Update order".

        The site tells an order without most fields of its address: what it does not tell and is
        not given is not sent.

        Raises:
            TypeError: no such field.

        """

        async def plan() -> Plan[Order]:
            before, said = await self._client.ask(_address_as_said(order))
            after = replace(before, **fields)
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            call = order_calls.update_order(order, after, before, said)
            return Plan(call, lambda: self._client.ask(call), different)

        return Change(plan)

    def refund_order(self, order: str) -> Change[Order]:
        """Refund an order with all its tickets, as `Ticketbutler.refund_order`.

        API document: "Refund an order".
        """

        async def plan() -> Plan[Order]:
            call = order_calls.refund_order(order)
            before = await self._client.ask(calls.order(order, retry=True))
            different = Difference("state", "State", before.state, "REFUND")
            return Plan(call, lambda: self._client.ask(call), (different,))

        return Change(plan)

    def answer_order(self, order: str, given: Sequence[Given]) -> Change[list[Answer]]:
        """Store a buyer's answers; others stay. API document: "Collect Order Data"."""
        return change_of(self._client, lambda: order_calls.answer_order(order, given))

    def answer_ticket(self, ticket: str, given: Sequence[Given]) -> Change[list[Answer]]:
        """Store an attendee's answers; others stay. API document: "Collect Ticket Data"."""
        return change_of(self._client, lambda: calls.answer(ticket, given))

    async def ticket(self, ticket: str) -> TicketDetails:
        """One ticket with all its fields. API document: "Get specific ticket"."""
        uuid = hex_of(ticket, "ticket")
        return await self._client.ask(
            Call("GET", f"tickets/{uuid}/", same(uuid, read_ticket), "ticket")
        )

    def update_ticket(
        self,
        ticket: str,
        change: Callable[[TicketDetails], TicketDetails] | None = None,
        /,
        **fields: Any,
    ) -> Change[TicketDetails]:
        """Change name, check-in, external id or lead tracking reference of a ticket.

        API document: "Update ticket details". A check-in at a door goes through its journal
        instead.

        Raises:
            ValueError: no such field, or none that may be changed.

        """
        names = {each.name: each.api for each in about(TicketDetails)}

        async def plan() -> Plan[TicketDetails]:
            before = await self.ticket(ticket)
            after = with_fields(change(before) if change is not None else before, fields)
            body = {names[name]: jsonable(getattr(after, name)) for name in changed(before, after)}
            if not body:
                raise refuse("nothing to change", NOTHING)
            read = same(before.uuid, read_ticket)
            call = Call("PATCH", f"tickets/{before.uuid}/", read, "ticket", body=body)
            return Plan(call, lambda: self._client.ask(call), differences(before, after))

        return Change(plan)


def _address_as_said(order: str) -> Call[tuple[Address, Raw]]:
    """Who ordered, as it is read and as the site said it."""
    call = calls.order(order, retry=True)

    def read(value: object) -> tuple[Address, Raw]:
        said = raw_of(value).get("address")
        return call.read(value).address, raw_of(said) if isinstance(said, dict) else {}

    return Call(call.method, call.path, read, call.what)
