"""Every endpoint, error and webhook of the API document, and what of the client is for it.

The contract test walks `ENDPOINTS` against the sandbox in both dialects: a row without a test of
its own fails.
"""

from typing import NamedTuple

from boxoffice.ticketbutler import errors
from boxoffice.ticketbutler.errors import TicketbutlerError


class Endpoint(NamedTuple):
    """One row of the document."""

    section: str
    """Its heading in the document."""
    method: str
    path: str
    """Under `/api/v3/`; the whole path where it begins with a slash. `<…>`: a uuid or a number."""
    client: str
    """The method of `Ticketbutler` that asks it."""
    sends: str = ""
    """Parameters of the query and fields of the payload, with spaces between.

    A field inside another, or inside the elements of a list: `address.first_name`.
    """
    notes: str = ""
    """How the document is read where it contradicts itself or the live service."""


def _in(name: str, fields: str) -> str:
    return " ".join(f"{name}.{each}" for each in fields.split())


_TYPE = "title price amount_total is_members_only"
_TYPE_ROW = f"pk uuid {_TYPE} active amount_sold description start_date sort_id"
_BUYER = "first_name last_name email phone"
_ADDRESS = f"{_BUYER} title venue business_name cvr street street_2 city postcode country"
_SETTINGS = (
    "refund_email_text reminder_email reminder_email_text ticket_limit ticket_limit_members_only "
    "ticket_email_text"
)
_EVENT = " ".join(
    (
        "title start_date end_date is_members_only team description summary",
        _in("eventsettings", _SETTINGS),
        _in("address", f"{_ADDRESS} language"),
    )
)
_CHOICES = "choices.uuid choices.sort_id choices.label"
_QUESTION = f"sort_id heading active required variation {_CHOICES}"
_QUESTIONS = _in("questions", f"uuid new ticket_type {_QUESTION}")
_CODE = "amount code usage_tickets_limit discount_type ticket_type_uuid"
_PLURAL = "Asked in the document's two ways and in the plural, until one is there."
_TYPES = "events/<event>/ticket-types/"
_CODES = "events/<event>/discount-code/"
_ANY_CODE = "discount-code/<code>/"
_ONE_QUESTION = "events/<event>/questions/<question>/"
_HOOKS = "/webhooks/v1/whitelabel/hooks/"

ENDPOINTS = (
    Endpoint("Authentication", "GET", "ping/", "ping"),
    # Events
    Endpoint("Get All Events", "GET", "events/", "events.list_details", "old"),
    Endpoint(
        "Create an event",
        "POST",
        "events/",
        "events.create",
        f"{_EVENT} {_in('ticket_types', _TYPE)}",
    ),
    Endpoint("Get Specific Event", "GET", "events/<event>/", "events.get_details"),
    Endpoint(
        "Update event",
        "POST",
        "events/<event>/",
        "events.update",
        f"{_EVENT} {_in('ticket_types', _TYPE_ROW)}",
        "The sample posts to events/. All ticket types are sent, each with its pk, without what is "
        "left of them: some of it may be sold meanwhile.",
    ),
    Endpoint("Delete event", "DELETE", "events/<event>/", "events.delete", "delete_reason"),
    # Ticket types
    Endpoint("Get event ticket types", "GET", _TYPES, "ticket_types.list_details"),
    Endpoint("Create Ticket Type", "POST", _TYPES, "ticket_types.create", _TYPE),
    Endpoint(
        "Get Specific Ticket Type",
        "GET",
        f"{_TYPES}<type>/",
        "ticket_types.get_details",
        notes="The text spells ticket_types, the sample ticket-types.",
    ),
    Endpoint(
        "Update Ticket Type",
        "PATCH",
        f"{_TYPES}<type>/",
        "ticket_types.update",
        f"{_TYPE} amount",
        "The text says GET. amount and amount_total are never sent together.",
    ),
    Endpoint("Delete Ticket type", "DELETE", f"{_TYPES}<type>/", "ticket_types.delete"),
    # Data collection
    Endpoint(
        "Get Ticket Type Questions",
        "GET",
        "events/<event>/ticket-type-questions/",
        "questions.list_details",
        notes="One collection in the document, a list of them in the live service.",
    ),
    Endpoint(
        "Get Purchase Questions",
        "GET",
        "events/<event>/purchase-questions/",
        "questions.list_details",
    ),
    Endpoint(
        "Create/Update Ticket Type Questions",
        "POST",
        "events/<event>/ticket-type-questions/",
        "questions.create",
        _QUESTIONS,
        "All questions and choices are sent, each with its uuid.",
    ),
    Endpoint(
        "Create/Update Ticket Type Questions",
        "POST",
        "events/<event>/purchase-questions/",
        "questions.create",
        _QUESTIONS,
        "The same request for the other collection.",
    ),
    Endpoint("Get Specific Question", "GET", _ONE_QUESTION, "questions.get_details"),
    Endpoint("Update Specific Question", "PATCH", _ONE_QUESTION, "questions.update", _QUESTION),
    Endpoint(
        "Delete specific question",
        "DELETE",
        _ONE_QUESTION,
        "questions.delete",
        notes="The text lacks the slash before the uuid.",
    ),
    # Orders
    Endpoint(
        "Create Order",
        "POST",
        "orders/",
        "orders.create",
        f"event {_in('address', _BUYER)} ticket_types.uuid ticket_types.amount external_order_id",
        notes="400: insufficient tickets, vouchers or order details; event expired.",
    ),
    Endpoint("Get a Specific Order", "GET", "orders/<order>/", "orders.get"),
    Endpoint(
        "Get a Specific Order",
        "GET",
        "orders/<order>/",
        "orders.get_details",
        notes="With all that the answer tells.",
    ),
    Endpoint(
        "Get events orders",
        "GET",
        "events/<event>/orders/",
        "orders.list",
        notes="Heavy: minutes, or 524.",
    ),
    Endpoint(
        "Get events orders",
        "GET",
        "events/<event>/orders/",
        "orders.list_details",
        notes="With their lines, and all that the answer tells.",
    ),
    Endpoint("Update order", "PATCH", "orders/<order>/", "orders.patch", _in("address", _ADDRESS)),
    Endpoint("Refund an order", "DELETE", "orders/<order>/", "orders.refund"),
    Endpoint(
        "Collect Order Data", "POST", "orders/<order>/questions/", "orders.answer", "uuid value"
    ),
    Endpoint("Get Collected Data from order", "GET", "orders/<order>/questions/", "orders.answers"),
    Endpoint(
        "Get a Specific Order",
        "GET",
        "/da/purchase/<order>/tickets-as-pdf/",
        "orders.pdf",
        notes="`ticket_pdf_absolute_url` of the answer: a PDF, beside the API.",
    ),
    # Discount codes
    Endpoint("Create a discount code", "POST", _CODES, "discounts.create", _CODE, _PLURAL),
    Endpoint("Get event discount codes", "GET", _CODES, "discounts.list", notes=_PLURAL),
    Endpoint(
        "Toggle discount code",
        "POST",
        f"{_CODES}<code>/",
        "discounts.toggle",
        notes=_PLURAL,
    ),
    Endpoint(
        "Delete discount codes",
        "DELETE",
        f"{_CODES}<code>/",
        "discounts.delete",
        notes="404 also where it has been used.",
    ),
    Endpoint(
        "Create a discount code",
        "POST",
        "discount-code/",
        "discounts.create",
        _CODE,
        "Generic: for all events.",
    ),
    Endpoint("Get discount codes", "GET", "discount-code/", "discounts.list"),
    Endpoint("Toggle discount code", "POST", _ANY_CODE, "discounts.toggle"),
    Endpoint(
        "Delete discount codes",
        "DELETE",
        _ANY_CODE,
        "discounts.delete",
        notes="404 also where it has been used.",
    ),
    # Tickets
    Endpoint("Get event tickets", "GET", "events/<event>/tickets/", "tickets.list"),
    Endpoint("Get specific ticket", "GET", "tickets/<ticket>/", "tickets.get"),
    Endpoint(
        "Update ticket details",
        "PATCH",
        "tickets/<ticket>/",
        "tickets.update",
        "full_name checked_in external_uuid lead_tracking_reference",
    ),
    Endpoint(
        "Collect Ticket Data", "POST", "tickets/<ticket>/questions/", "tickets.answer", "uuid value"
    ),
    Endpoint("Get Collected Ticket Data", "GET", "tickets/<ticket>/questions/", "tickets.answers"),
    Endpoint(
        "Get Ticket Specific Questions",
        "GET",
        "tickets/<ticket>/questions/all/",
        "tickets.questions",
        notes="The text names questions/, which holds the answers.",
    ),
    Endpoint(
        "Get Unanswered Questions",
        "GET",
        "tickets/<ticket>/questions/unanswered/",
        "tickets.unanswered",
    ),
    # Exports
    Endpoint(
        "Get all newsletter signups",
        "GET",
        "whitelabel/newsletters/",
        "exports.newsletters",
        "format",
        "The text says POST. The live service may send them by e-mail instead.",
    ),
    Endpoint(
        "Get Order by Month",
        "GET",
        "whitelabel/orders/",
        "exports.orders_by_month",
        "year month email",
        "An e-mail goes out at each request.",
    ),
    # Webhooks
    Endpoint("Test access to the webhooks", "GET", "/webhooks/v1/", "webhooks.access"),
    Endpoint("Actions", "GET", "/webhooks/v1/actions/", "webhooks.actions"),
    Endpoint("Whitelabel Create Webhook", "POST", _HOOKS, "webhooks.create", "url action"),
    Endpoint("Whitelabel List Webhooks", "GET", _HOOKS, "webhooks.list"),
    Endpoint("Whitelabel Get Webhook", "GET", f"{_HOOKS}<webhook>/", "webhooks.get"),
    Endpoint("Whitelabel Delete Webhook", "DELETE", f"{_HOOKS}<webhook>/", "webhooks.delete"),
    Endpoint(
        "Whitelabel Update Webhook",
        "PATCH",
        f"{_HOOKS}<webhook>/",
        "webhooks.update",
        "url action active",
        "The sample says POST.",
    ),
)

ERRORS: tuple[tuple[int, str, type[TicketbutlerError]], ...] = (
    (400, "Bad Request", errors.Refused),
    (401, "Unauthorized", errors.KeyRefused),
    (403, "Forbidden", errors.Forbidden),
    (404, "Not Found", errors.NotFound),
    (405, "Method Not Allowed", errors.NotAllowed),
    (406, "Not Acceptable", errors.Refused),
    (410, "Gone", errors.Gone),
    (429, "Too Many Requests", errors.TooMany),
    (500, "Internal Server Error", errors.ServerFault),
    (503, "Service Unavailable", errors.ServerFault),
)
"""API document: "Errors"."""

PAYLOADS = (
    ("Webhook structure", "boxoffice.ticketbutler.resources.webhooks.read_hook"),
    ("Zapier", "boxoffice.ticketbutler.resources.webhooks.read_purchase"),
    ("Actions", "boxoffice.ticketbutler.resources.webhooks.ACTIONS"),
)
"""What the site sends by itself, and what reads it."""
