"""What an organiser asks of a site and changes there: `Ticketbutler.organiser`.

    async with Ticketbutler("https://test.ticketbutler.io", key) as client:
        more = client.organiser.update_ticket_type(event, ticket_type, amount_total=250)
        print(await more.request())     # what would be sent, and what it makes different
        told = await more               # send it

Every method that changes something returns a `PendingChange`, those that read return values.
Where the API removes what a caller does not send, the client reads, changes and writes back: what
is not named as removed stays. Errors are those of `boxoffice.ticketbutler.errors`.
"""

from boxoffice.ticketbutler.organiser_discounts import DiscountCalls
from boxoffice.ticketbutler.organiser_exports import ExportCalls
from boxoffice.ticketbutler.organiser_orders import OrderCalls
from boxoffice.ticketbutler.organiser_questions import QuestionCalls
from boxoffice.ticketbutler.organiser_types import TypeCalls
from boxoffice.ticketbutler.organiser_webhooks import WebhookCalls


class Organiser(TypeCalls, QuestionCalls, OrderCalls, DiscountCalls, ExportCalls, WebhookCalls):
    """All of it, over the connection and with the key of one client."""
