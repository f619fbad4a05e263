"""What an organiser asks of a site and changes there: `Ticketbutler.organiser`.

    async with Ticketbutler("https://test.ticketbutler.io", key) as client:
        more = client.organiser.ticket_types.update(event, ticket_type, amount_total=250)
        print(await more.prepare())     # what would be sent, and what it makes different
        kind = await more               # send it

One module a resource, with its one model and its calls. What changes something returns a
`PendingChange`, what reads returns models. Where the API removes what a caller does not send, the
client reads, changes and writes back: what is not named as removed stays. Errors are those of
`boxoffice.ticketbutler.errors`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boxoffice.ticketbutler.session import Session


class Organiser:
    """All of it, over the connection and with the key of one client."""

    def __init__(self, session: "Session") -> None:
        # A door needs none of them.
        from boxoffice.ticketbutler.resources.discounts import Discounts  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.events import Events  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.exports import Exports  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.orders import Orders  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.questions import Questions  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.ticket_types import TicketTypes  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.tickets import Tickets  # noqa: PLC0415
        from boxoffice.ticketbutler.resources.webhooks import Webhooks  # noqa: PLC0415

        self.events = Events(session)
        self.ticket_types = TicketTypes(session, self.events.update)
        self.questions = Questions(session)
        self.orders = Orders(session)
        self.tickets = Tickets(session)
        self.discounts = Discounts(session)
        self.exports = Exports(session)
        self.webhooks = Webhooks(session)
