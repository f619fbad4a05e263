"""Events, ticket types and questions exactly as the API document shows them.

With `boxoffice.sandbox.shapes_orders` the dialect `docs`: every uuid in hex, every field of the
document's examples and no other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from boxoffice.sandbox.models import (
    ADDRESS_FIELDS,
    SETTINGS,
    Answer,
    Choice,
    Event,
    Order,
    Question,
    Ticket,
    TicketType,
    words,
)
from boxoffice.sandbox.state import State

Dialect = Literal["docs", "live"]
Json = dict[str, Any]

SITE = "https://test.ticketbutler.example"
"""Where links in the answers point: fixed, so that a list's bytes do not depend on the port."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_DOCUMENTED = {"TEXT", "TEXTAREA", "NUMBER", "NAME", "COMPANY", "EMAIL", "SELECT"}
_DOCUMENTED_AS = {"SELECT_MULTIPLE": "SELECT_MULTIPLE", "NAME_FIRST_LAST": "NAME"}
_SHOWN_SETTINGS: Mapping[str, object] = {
    **dict.fromkeys(
        words(
            "is_no_show_fee invoice_payment_only invoice_payment_optional vat_exempt barcode_active"
        ),
        False,
    ),
    "order_ticket_limit": 0,
    "show_waiting_list": True,
    "organizer_absorb_fees": True,
    "fee_type": "attendee",
    "event_type": "fee",
}
"""Settings that nobody can change, where an event is read."""
_CREATED_SETTINGS: Mapping[str, object] = {
    **_SHOWN_SETTINGS,
    **SETTINGS,
    "refund_email_text": "",
    "reminder_email": True,
    "reminder_email_text": "",
    "is_no_show_fee": True,
    "show_waiting_list": False,
    "event_ticket_limit_sold_out": False,
    "event_type": "on-show",
    "event_ticket_limit_amount_initially": 0,
    "has_event_ticket_limit": False,
}
"""All settings, where an event was created."""
_IN_EVENT = words(
    "uuid title price active amount amount_sold amount_total is_tickets_sold price_verbose"
    " is_free sold_out is_members_only start_date"
)
_CREATED = words("uuid title price amount amount_total is_members_only")


def picked(row: Json, names: Sequence[str]) -> Json:
    return {name: row[name] for name in names}


def attributes(thing: object, names: str) -> Json:
    """What has the same name in an answer as in the models."""
    return {name: getattr(thing, name) for name in names.split()}


def derived(uuid: str, which: int) -> str:
    """A uuid of its own for something that belongs to `uuid`."""
    return f"{(int(uuid, 16) + which) % (1 << 128):032x}"


class EventShapes:
    """What is read of an event, and what creating and changing it answer."""

    created = 200
    """The status of an answer to a POST that made something."""
    mails_exports = False
    """A spreadsheet is promised by e-mail, not answered."""
    shows_deleted = False
    """A deleted event can still be read, and is marked as such."""
    pages_codes = False
    """Discount codes are listed in pages, under a path in the plural."""
    collections_by_type = False
    """Each ticket type has a collection of its own, numbered from 0."""
    keeps_removed_choices = False
    """A choice that is removed stays selected in the answers that were given."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.origin = SITE
        """Where the PDFs of orders are: at the server that answers, once it has a port."""

    def time(self, moment: datetime, event: Event) -> str:
        return moment.astimezone(event.timezone).isoformat(timespec="seconds")

    def utc(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def event_row(self, event: Event) -> Json:
        """An event in `events/`."""
        prices = [float(kind.price) for kind in event.ticket_types] or [0.0]
        more = {"price_min": min(prices), "price_max": max(prices)}
        return self._both(event) | attributes(event, "currency summary") | more

    def event(self, event: Event) -> Json:
        """`events/<e>/`."""
        prices = [float(kind.price) for kind in event.ticket_types] or [0.0]
        codes = self.state.discount_codes.values()
        return self._both(event) | {
            "has_discount_code": any(code.event is event for code in codes),
            "has_ticket_sold": bool(event.tickets),
            "is_free_event": max(prices) == 0,
            "pin_str": event.pin,
            "price_range": {"min": min(prices), "max": max(prices)},
            "ticket_types": [self.event_ticket_type(kind, event) for kind in event.ticket_types],
            "eventsettings": self.settings(event),
            "team_uuid": event.team.uuid,
            "team": event.team.name,
        }

    def _both(self, event: Event) -> Json:
        """What the list and the single event have in common."""
        return attributes(event, "title uuid description") | {
            "url": f"{SITE}/da/e/{event.slug}/",
            "address": self.venue(event),
            "images": [],
            "is_expired": event.expired(self.state.now()),
            "start_date": self.time(event.start, event),
        }

    def settings(self, event: Event) -> Json:
        return {
            **_SHOWN_SETTINGS,
            "reminder_email": event.settings["reminder_email"],
            "ticket_limit": event.ticket_limit,
            "end_date_provided": event.end_given,
        }

    def created_event(self, event: Event) -> Json:
        """What creating an event answers."""
        return attributes(event, "uuid title pin description summary") | {
            "start_date": self.time(event.start, event),
            "end_date": self.time(event.end, event) if event.end_given else None,
            "ticket_types": [
                picked(self.ticket_type(kind, event), _CREATED) for kind in event.ticket_types
            ],
            "eventsettings": {
                **_CREATED_SETTINGS,
                "has_end_date": event.end_given,
                **event.settings,
                "ticket_limit": event.ticket_limit,
            },
            "team": event.team.name,
            "address": picked(self.venue(event), ADDRESS_FIELDS),
            "is_members_only": event.members_only,
        }

    def updated_event(self, event: Event) -> Json:
        """What updating an event answers."""
        return self.created_event(event)

    def venue(self, event: Event) -> Json:
        known = {
            "venue": event.venue,
            "business_name": "Havnens Venner",
            "street": "Islands Brygge 1",
            "city": "København S",
            "postcode": "2300",
            "country": "Denmark",
            "phone": "42424242",
            "language": "da",
        }
        return dict.fromkeys(ADDRESS_FIELDS, "") | known | (event.address or {})

    def event_ticket_type(self, kind: TicketType, event: Event) -> Json:
        """A ticket type as it stands in an event."""
        return picked(self.ticket_type(kind, event), _IN_EVENT)

    def single_ticket_type(self, kind: TicketType, event: Event) -> Json:
        """One ticket type by itself: read, created or changed."""
        return picked(self.ticket_type(kind, event), [*_CREATED, "is_free", "amount_sold"])

    def ticket_type(self, kind: TicketType, event: Event) -> Json:
        """A ticket type in `events/<e>/ticket-types/`."""
        same = "pk uuid title active amount_sold amount_total description sort_id"
        return attributes(kind, same) | {
            "price": float(kind.price),
            "amount": max(0, kind.amount_total - kind.amount_sold),
            "constraint_definition": None,
            "is_tickets_sold": kind.amount_sold > 0,
            "invoice_price": None,
            "price_verbose": f"{kind.price:.2f} {event.currency}" if kind.price else "gratis",
            "is_free": not kind.price,
            "sold_out": kind.amount_left == 0,
            "is_members_only": kind.members_only,
            "start_date": self.time(kind.date, event) if kind.date else None,
            "fee": 3.9,
        }

    def variation(self, question: Question) -> str:
        """The document has no word for some kinds of question: those are texts in it."""
        named = question.variation
        return named if named in _DOCUMENTED else _DOCUMENTED_AS.get(named, "TEXT")

    def question(self, question: Question, sort_id: int) -> Json:
        return attributes(question, "uuid heading active required") | {
            "sort_id": sort_id if question.sort_id is None else question.sort_id,
            "variation": self.variation(question),
            "choices": [self.choice(choice, at) for at, choice in enumerate(question.choices)],
        }

    def choice(self, choice: Choice, at: int) -> Json:
        return attributes(choice, "uuid label description") | {"sort_id": at}

    def single_question(self, question: Question, event: Event) -> Json:
        """One question by itself, numbered as it is in its collection."""
        asked = event.purchase_questions
        if question not in asked:
            kind = question.ticket_type
            asked = [
                other
                for other in event.questions
                if not self.collections_by_type or other.ticket_type is kind
            ]
        return self.question(question, asked.index(question))

    def questions(self, questions: Sequence[Question]) -> list[Json]:
        return [self.question(question, at) for at, question in enumerate(questions)]

    def collection(self, uuid: str, questions: Sequence[Question]) -> Json:
        return {"uuid": uuid, "active": bool(questions), "questions": self.questions(questions)}

    def ticket_type_questions(self, event: Event) -> object:
        """One collection with the questions of all ticket types."""
        return self.collection(derived(event.uuid, 1), event.questions)

    def purchase_questions(self, event: Event) -> Json:
        return self.collection(derived(event.uuid, 2), event.purchase_questions)

    def answers(self, answered: Ticket | Order) -> Json:
        name = "ticket" if isinstance(answered, Ticket) else "purchase"
        answers = answered.answers.values()
        return {name: answered.uuid, "answers": [self.answer(given, answered) for given in answers]}

    def answer(self, given: Answer, answered: Ticket | Order) -> Json:
        return {
            "uuid": given.uuid,
            "question": given.question.uuid,
            "variation": self.variation(given.question),
            "question_heading": given.question.heading,
            "answer_value": given.value,
            "answered_choices": [
                {"uuid": choice.uuid, "choice_heading": choice.label} for choice in given.choices
            ],
        }
