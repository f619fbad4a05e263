"""What an organiser has and changes: events, ticket types, questions, discounts, exports, webhooks.

Plain values without I/O, beside `boxoffice.domain.models`, and the one mechanism that makes lists,
forms and differences of them: `fields`, `forms` and `difference`.
"""

from boxoffice.organiser.addresses import EventAddress, ZapierAddress
from boxoffice.organiser.difference import Difference, differences
from boxoffice.organiser.discounts import DiscountCode, NewDiscountCode
from boxoffice.organiser.events import (
    EventDetails,
    EventSettings,
    NewEvent,
    NewTicketType,
    TicketTypeDetails,
)
from boxoffice.organiser.exports import Newsletters, NewsletterSignup
from boxoffice.organiser.fields import About, Kind, about
from boxoffice.organiser.orders import STATES, FullOrder, OrderLine
from boxoffice.organiser.questions import Asked, ChoiceDetails, Collection, QuestionDetails
from boxoffice.organiser.tickets import TicketDetails
from boxoffice.organiser.webhooks import ACTIONS, Hook, NewWebhook, Webhook
from boxoffice.organiser.zapier import (
    ZapierAnswer,
    ZapierEvent,
    ZapierPurchase,
    ZapierTicket,
    ZapierTicketType,
)

__all__ = [
    "ACTIONS",
    "STATES",
    "About",
    "Asked",
    "ChoiceDetails",
    "Collection",
    "Difference",
    "DiscountCode",
    "EventAddress",
    "EventDetails",
    "EventSettings",
    "FullOrder",
    "Hook",
    "Kind",
    "NewDiscountCode",
    "NewEvent",
    "NewTicketType",
    "NewWebhook",
    "NewsletterSignup",
    "Newsletters",
    "OrderLine",
    "QuestionDetails",
    "TicketDetails",
    "TicketTypeDetails",
    "Webhook",
    "ZapierAddress",
    "ZapierAnswer",
    "ZapierEvent",
    "ZapierPurchase",
    "ZapierTicket",
    "ZapierTicketType",
    "about",
    "differences",
]
