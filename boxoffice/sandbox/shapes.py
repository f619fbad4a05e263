"""Events, tickets and questions exactly as the API document shows them: the dialect `docs`."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from boxoffice.sandbox.models import Answer, Choice, Event, Order, Question, Ticket, TicketType
from boxoffice.sandbox.state import State

Dialect = Literal["docs", "live"]
Json = dict[str, Any]

SITE = "https://test.ticketbutler.example"
"""Where links in the answers point: fixed, so that a list's bytes do not depend on the port."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_DOCUMENTED = {"TEXT", "TEXTAREA", "NUMBER", "NAME", "COMPANY", "EMAIL", "SELECT"}
_DOCUMENTED_AS = {"SELECT_MULTIPLE": "SELECT_MULTIPLE", "NAME_FIRST_LAST": "NAME"}


class TicketShapes:
    """Every uuid in hex, every field of the document's examples and no other."""

    created = 200
    """The status of an answer to a POST that made something."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.origin = SITE
        """Where the PDFs of orders are: at the server that answers, once it has a port."""

    def time(self, moment: datetime, event: Event) -> str:
        return moment.astimezone(event.timezone).isoformat(timespec="seconds")

    def utc(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

    # Events

    def event_row(self, event: Event) -> Json:
        prices = [float(each.price) for each in event.ticket_types] or [0.0]
        return {
            "uuid": event.uuid,
            "title": event.title,
            "start_date": self.time(event.start, event),
            "images": [],
            "url": f"{SITE}/da/e/{event.slug}/",
            "address": self.venue(event),
            "is_expired": event.expired(self.state.now()),
            "price_min": min(prices),
            "price_max": max(prices),
            "currency": event.currency,
            "description": event.description,
            "summary": event.summary,
        }

    def event(self, event: Event) -> Json:
        prices = [float(each.price) for each in event.ticket_types] or [0.0]
        return {
            "title": event.title,
            "uuid": event.uuid,
            "url": f"{SITE}/da/e/{event.slug}/",
            "description": event.description,
            "address": self.venue(event),
            "has_discount_code": any(
                each.event is event for each in self.state.discount_codes.values()
            ),
            "has_ticket_sold": bool(event.tickets),
            "images": [],
            "is_free_event": max(prices) == 0,
            "is_expired": event.expired(self.state.now()),
            "pin_str": event.pin,
            "price_range": {"min": min(prices), "max": max(prices)},
            "start_date": self.time(event.start, event),
            "ticket_types": [self.event_ticket_type(each, event) for each in event.ticket_types],
            "eventsettings": {
                "reminder_email": event.settings["reminder_email"],
                "ticket_limit": event.ticket_limit,
                "order_ticket_limit": 0,
                "is_no_show_fee": False,
                "show_waiting_list": True,
                "invoice_payment_only": False,
                "invoice_payment_optional": False,
                "organizer_absorb_fees": False,
                "fee_type": "attendee",
                "event_type": "fee",
                "vat_exempt": False,
                "end_date_provided": event.end_given,
                "barcode_active": False,
            },
            "team_uuid": event.team.uuid,
            "team": event.team.name,
        }

    def venue(self, event: Event) -> Json:
        made_up = {
            "first_name": "",
            "last_name": "",
            "title": "",
            "venue": event.venue,
            "business_name": "Havnens Venner",
            "cvr": "",
            "street": "Islands Brygge 1",
            "street_2": "",
            "city": "København S",
            "postcode": "2300",
            "country": "Denmark",
            "phone": "42424242",
            "email": "",
            "language": "da",
        }
        return made_up | (event.address or {})

    def event_ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        """A ticket type as it stands in an event."""
        row = self.ticket_type(ticket_type, event)
        shown = (
            "uuid title price active amount amount_sold amount_total is_tickets_sold price_verbose"
            " is_free sold_out is_members_only start_date"
        )
        return {name: row[name] for name in shown.split()}

    def ticket_type(self, ticket_type: TicketType, event: Event) -> Json:
        price = ticket_type.price
        return {
            "pk": ticket_type.pk,
            "uuid": ticket_type.uuid,
            "title": ticket_type.title,
            "price": float(price),
            "active": ticket_type.active,
            "amount": ticket_type.amount_left,
            "amount_sold": ticket_type.amount_sold,
            "amount_total": ticket_type.amount_total,
            "constraint_definition": None,
            "is_tickets_sold": ticket_type.amount_sold > 0,
            "invoice_price": None,
            "price_verbose": f"{price:.2f} {event.currency}" if price else "gratis",
            "is_free": not price,
            "sold_out": ticket_type.amount_left == 0,
            "is_members_only": ticket_type.members_only,
            "description": ticket_type.description,
            "start_date": self.time(ticket_type.date, event) if ticket_type.date else None,
            "fee": 3.9,
            "sort_id": ticket_type.sort_id,
        }

    # Tickets

    def list_row(self, ticket: Ticket) -> Json:
        """A ticket in `events/<e>/tickets/`."""
        ticket_type, event = ticket.ticket_type, ticket.event
        return {
            "id": ticket.number,
            "uuid": ticket.uuid,
            "checked_in": ticket.checked_in,
            "ticket_refund": ticket.refunded,
            "full_name": ticket.full_name,
            "ticket_type_pk": ticket_type.pk,
            "ticket_type_name": ticket_type.title,
            "has_ticket_type_date": ticket_type.date is not None,
            "ticket_type_date": self.utc(ticket_type.date or event.start),
            "purchase_uuid": ticket.order.uuid,
            "email": ticket.email,
        }

    def ticket(self, ticket: Ticket) -> Json:
        """`tickets/<t>/`."""
        ticket_type, event = ticket.ticket_type, ticket.event
        return {
            "id": ticket.number,
            "uuid": ticket.uuid,
            "external_uuid": ticket.external_uuid,
            "checked_in": ticket.checked_in,
            "ticket_refund": ticket.refunded,
            "full_name": ticket.full_name,
            "ticket_type_pk": ticket_type.pk,
            "ticket_type_name": ticket_type.title,
            "has_ticket_type_date": ticket_type.date is not None,
            "ticket_type_date": self.utc(ticket_type.date or event.start),
            "purchase_uuid": ticket.order.uuid,
            "email": ticket.email,
            "url": f"{SITE}/t/{ticket.slug}/",
            "lead_tracking_reference": ticket.lead_tracking_reference,
        }

    # Questions

    def variation(self, question: Question) -> str:
        """The document has no word for some kinds of question: those are texts in it."""
        named = question.variation
        return named if named in _DOCUMENTED else _DOCUMENTED_AS.get(named, "TEXT")

    def question(self, question: Question, sort_id: int) -> Json:
        return {
            "uuid": question.uuid,
            "sort_id": sort_id if question.sort_id is None else question.sort_id,
            "heading": question.heading,
            "active": question.active,
            "required": question.required,
            "variation": self.variation(question),
            "choices": [self.choice(each, at) for at, each in enumerate(question.choices)],
        }

    def choice(self, choice: Choice, at: int) -> Json:
        return {"uuid": choice.uuid, "sort_id": at, "label": choice.label} | {
            "description": choice.description
        }

    def questions(self, questions: Sequence[Question]) -> list[Json]:
        return [self.question(each, at) for at, each in enumerate(questions)]

    def collection(self, uuid: str, questions: Sequence[Question]) -> Json:
        return {"uuid": uuid, "active": bool(questions), "questions": self.questions(questions)}

    def ticket_type_questions(self, event: Event) -> object:
        """One collection with the questions of all ticket types."""
        return self.collection(derived(event.uuid, 1), event.questions)

    def purchase_questions(self, event: Event) -> Json:
        return self.collection(derived(event.uuid, 2), event.purchase_questions)

    def answers(self, answered: Ticket | Order) -> Json:
        name = "ticket" if isinstance(answered, Ticket) else "purchase"
        answers = (answered.answers or {}).values()
        return {name: answered.uuid, "answers": [self.answer(each, answered) for each in answers]}

    def answer(self, answer: Answer, answered: Ticket | Order) -> Json:
        return {
            "uuid": answer.uuid,
            "question": answer.question.uuid,
            "variation": self.variation(answer.question),
            "question_heading": answer.question.heading,
            "answer_value": answer.value,
            "answered_choices": [
                {"uuid": each.uuid, "choice_heading": each.label} for each in answer.choices
            ],
        }


def derived(uuid: str, which: int) -> str:
    """A uuid of its own for something that belongs to `uuid`."""
    return f"{(int(uuid, 16) + which) % (1 << 128):032x}"
