"""The client: one site, and an attribute for each kind of things there."""

from functools import cached_property
from typing import TYPE_CHECKING

from boxoffice.ticketbutler.session import Session
from boxoffice.ticketbutler.wire import Call, no_value, pong

if TYPE_CHECKING:
    from boxoffice.ticketbutler.resources.discounts import Discounts
    from boxoffice.ticketbutler.resources.events import Events
    from boxoffice.ticketbutler.resources.exports import Exports
    from boxoffice.ticketbutler.resources.orders import Orders
    from boxoffice.ticketbutler.resources.questions import Questions
    from boxoffice.ticketbutler.resources.ticket_types import TicketTypes
    from boxoffice.ticketbutler.resources.tickets import Tickets
    from boxoffice.ticketbutler.resources.webhooks import Webhooks

OF_A_DOOR = ("events", "orders", "questions", "ticket_types", "tickets")
"""What a door asks for. A kind's shapes, and pydantic with them, are loaded with its module."""


class Ticketbutler(Session):
    """One site, asked with one key. To be used as an async context manager, on one event loop.

        async with Ticketbutler("https://test.ticketbutler.io", key) as client:
            for event in await client.events.list():
                print(event.title)
            more = client.ticket_types.update(event.uuid, ticket_type, amount_total=250)
            print(await more.prepare())     # what would be sent, and what it makes different
            kind = await more               # send it

    `get` and `list` give what a door needs, `get_details` and `list_details` all that the site
    tells; where there is no such second one, `get` and `list` give all. What changes something is a
    `PendingChange`, but for what a door sends from its queue. Where the API removes what a caller
    does not send, the client reads, changes and writes back: what is not named as removed stays.

    Ids are taken in any spelling. Writes ask once, most reads twice more where the connection
    fails. Every method raises a `TicketbutlerError` where it does not do what it says.
    """

    async def ping(self) -> None:
        """Ask whether the site answers and takes the key. API document: "Authentication"."""
        await self.send(Call("GET", "ping/", no_value, retry=False), pong)

    def _load(self) -> None:
        for name in OF_A_DOOR:
            getattr(self, name)
        super()._load()

    @cached_property
    def events(self) -> "Events":
        from boxoffice.ticketbutler.resources.events import Events

        return Events(self)

    @cached_property
    def ticket_types(self) -> "TicketTypes":
        from boxoffice.ticketbutler.resources.ticket_types import TicketTypes

        return TicketTypes(self, self.events.update)

    @cached_property
    def questions(self) -> "Questions":
        from boxoffice.ticketbutler.resources.questions import Questions

        return Questions(self)

    @cached_property
    def orders(self) -> "Orders":
        from boxoffice.ticketbutler.resources.orders import Orders

        return Orders(self)

    @cached_property
    def tickets(self) -> "Tickets":
        from boxoffice.ticketbutler.resources.tickets import Tickets

        return Tickets(self)

    @cached_property
    def discounts(self) -> "Discounts":
        from boxoffice.ticketbutler.resources.discounts import Discounts

        return Discounts(self)

    @cached_property
    def exports(self) -> "Exports":
        from boxoffice.ticketbutler.resources.exports import Exports

        return Exports(self)

    @cached_property
    def webhooks(self) -> "Webhooks":
        from boxoffice.ticketbutler.resources.webhooks import Webhooks

        return Webhooks(self)
