"""What an organiser's changes answer, exactly as the API document shows it."""

from typing import TYPE_CHECKING

from boxoffice.sandbox.models import ADDRESS_FIELDS, Event, Order, Question, TicketType
from boxoffice.sandbox.shapes import Json, TicketShapes

if TYPE_CHECKING:
    from boxoffice.sandbox.models_organiser import DiscountCode, Webhook

NEWSLETTER_COLUMNS = ("date_joined", "newsletter_event", "first_name", "last_name", "email")


class OrganiserShapes(TicketShapes):
    """Answers to the organiser's endpoints, in the dialect `docs`."""

    every_action: tuple[str, ...] = (
        "all",
        "event.all",
        "event.added",
        "event.updated",
        "event.removed",
        "purchase.all",
        "purchase.cancelled",
        "purchase.newsletter",
        "purchase.paid",
        "purchase.refunded",
        "ticket.checkin",
        "ticket.paid",
        "ticket.refund",
        "ticket.updated",
    )
    """Every action of the document's table."""
    actions: tuple[str, ...] = every_action[:11]
    """The actions of the document's list, which is shorter than its table."""
    mails_exports = False
    """A spreadsheet is promised by e-mail, not answered."""
    tells_deleted = False
    """A deleted event can still be read, and says so."""
    collections_by_type = False
    """Each ticket type has a collection of its own, numbered from 0."""

    def created_event(self, event: Event) -> Json:
        """What creating and updating an event answer."""
        return {
            "uuid": event.uuid,
            "title": event.title,
            "start_date": self.time(event.start, event),
            "end_date": self.time(event.end, event) if event.end_given else None,
            "ticket_types": [self._created_type(each) for each in event.ticket_types],
            "eventsettings": {
                "refund_email_text": "",
                "reminder_email": True,
                "reminder_email_text": "",
                "ticket_limit_members_only": 9,
                "order_ticket_limit": 0,
                "is_no_show_fee": True,
                "show_waiting_list": False,
                "event_ticket_limit_sold_out": False,
                "invoice_payment_only": False,
                "invoice_payment_optional": False,
                "organizer_absorb_fees": False,
                "fee_type": "attendee",
                "event_type": "on-show",
                "vat_exempt": False,
                "event_ticket_limit_amount_initially": 0,
                "has_event_ticket_limit": False,
                "barcode_active": False,
                "has_end_date": event.end_given,
                "ticket_email_text": None,
            }
            | event.settings
            | {"ticket_limit": event.ticket_limit},
            "team": event.team.name,
            "address": {name: self.venue(event).get(name, "") for name in ADDRESS_FIELDS},
            "pin": event.pin,
            "is_members_only": event.members_only,
            "description": event.description,
            "summary": event.summary,
        }

    def _created_type(self, ticket_type: TicketType) -> Json:
        return {
            "uuid": ticket_type.uuid,
            "title": ticket_type.title,
            "price": float(ticket_type.price),
            "amount": ticket_type.amount_left,
            "amount_total": ticket_type.amount_total,
            "is_members_only": ticket_type.members_only,
        }

    def single_ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        """One ticket type by itself: read, created or changed."""
        return self._created_type(ticket_type) | {
            "is_free": not ticket_type.price,
            "amount_sold": ticket_type.amount_sold,
        }

    def single_question(self, question: Question, event: Event) -> Json:
        """One question by itself, numbered as it is in its collection."""
        asked = event.purchase_questions
        if question not in asked:
            asked = [each for each in event.questions if self._together(each, question)]
        return self.question(question, asked.index(question))

    def _together(self, one: Question, other: Question) -> bool:
        return not self.collections_by_type or one.ticket_type is other.ticket_type

    def discount_code(self, code: "DiscountCode") -> Json:
        path = f"event/{code.event.uuid}/discount-code" if code.event else "discount-code"
        row = {
            "id": code.id,
            "active": code.active,
            "amount": f"{code.amount:.2f}",
            "code": code.code,
            "toggle_url": f"/api/{path}/{code.id}/",
            "usage_tickets_limit": code.usage_tickets_limit,
            "amount_times_applied": code.amount_times_applied,
            "discount_type": code.discount_type,
        }
        return row | ({"ticket_type_uuid": code.ticket_type.uuid} if code.ticket_type else {})

    def webhook(self, hook: "Webhook") -> Json:
        return {
            "uuid": hook.uuid,
            "action": hook.action,
            "active": hook.active,
            "created": hook.created.isoformat(timespec="microseconds"),
            "updated": hook.updated.isoformat(timespec="microseconds"),
            "scope": hook.scope,
            "url": hook.url,
        }

    def signup(self, order: Order) -> tuple[str, ...]:
        """A row of the newsletter's list, in the order of NEWSLETTER_COLUMNS."""
        address, event = order.address, order.event
        joined = order.created.astimezone(event.timezone).isoformat()
        first, last = address.get("first_name", ""), address.get("last_name", "")
        return (joined, event.title, first, last, address["email"])
