"""The requests that a door makes, each with how its answer is read. Nothing is sent here."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from boxoffice.domain.models import Answer, Event, Given, Order, Question, Ticket, TicketType
from boxoffice.domain.text import hex_uuid
from boxoffice.ticketbutler import order_shapes, question_shapes, shapes
from boxoffice.ticketbutler.errors import NotFound
from boxoffice.ticketbutler.tickets import read_ticket
from boxoffice.ticketbutler.wire import Call, WrongShape

_ABOUT = {"ticket": "ticket", "order": "purchase"}
"""What an answer about answers calls the thing that was asked."""


class _Named(Protocol):
    @property
    def uuid(self) -> str: ...


Named = TypeVar("Named", bound=_Named)


def ping() -> Call[None]:
    """API document: "Authentication"."""
    return Call("GET", "ping/", _nothing, retry=False)


def events(*, old: bool) -> Call[list[Event]]:
    """API document: "Get All Events"; `old`: the expired ones too."""
    return Call("GET", "events/", shapes.read_events, query="old=true" if old else "")


def event(event: str) -> Call[Event]:
    """API document: "Get Specific Event"."""
    uuid = hex_of(event, "event")
    return Call("GET", f"events/{uuid}/", same(uuid, shapes.read_event), "event")


def ticket_types(event: str) -> Call[list[TicketType]]:
    """API document: "Get event ticket types"."""
    path = f"events/{hex_of(event, 'event')}/ticket-types/"
    return Call("GET", path, shapes.read_ticket_types, "event")


def ticket_type_questions(event: str) -> Call[list[Question]]:
    """API document: "Get Ticket Type Questions"."""
    path = f"events/{hex_of(event, 'event')}/ticket-type-questions/"
    return Call("GET", path, question_shapes.read_collections, "event")


def purchase_questions(event: str) -> Call[list[Question]]:
    """API document: "Get Purchase Questions"."""
    path = f"events/{hex_of(event, 'event')}/purchase-questions/"
    return Call("GET", path, question_shapes.read_collections, "event")


def ticket_list(event: str) -> Call[None]:
    """API document: "Get event tickets". Read by `boxoffice.ticketbutler.tickets`, in a thread."""
    return Call("GET", f"events/{hex_of(event, 'event')}/tickets/", _nothing, "event", large=True)


def ticket(ticket: str, *, retry: bool) -> Call[Ticket]:
    """API document: "Get specific ticket"."""
    uuid = hex_of(ticket, "ticket")
    return Call("GET", f"tickets/{uuid}/", _this_ticket(uuid), "ticket", retry=retry)


def update_ticket(
    ticket: str,
    *,
    checked_in: bool | None,
    full_name: str | None,
    external_uuid: str | None = None,
    lead_tracking_reference: str | None = None,
) -> Call[Ticket]:
    """API document: "Update ticket details"."""
    uuid = hex_of(ticket, "ticket")
    fields = {
        "checked_in": checked_in,
        "full_name": full_name,
        "external_uuid": external_uuid,
        "lead_tracking_reference": lead_tracking_reference,
    }
    body = {name: value for name, value in fields.items() if value is not None}
    if not body:
        raise ValueError("nothing to change")
    return Call("PATCH", f"tickets/{uuid}/", _this_ticket(uuid), "ticket", body=body)


def answers(ticket: str) -> Call[list[Answer]]:
    """API document: "Get Collected Ticket Data"."""
    uuid = hex_of(ticket, "ticket")
    return Call("GET", f"tickets/{uuid}/questions/", answers_of(uuid, "ticket"), "ticket")


def questions(ticket: str) -> Call[list[Question]]:
    """API document: "Get Ticket Specific Questions"."""
    path = f"tickets/{hex_of(ticket, 'ticket')}/questions/all/"
    return Call("GET", path, question_shapes.read_questions, "ticket")


def unanswered(ticket: str, *, retry: bool) -> Call[list[Question]]:
    """API document: "Get Unanswered Questions"."""
    path = f"tickets/{hex_of(ticket, 'ticket')}/questions/unanswered/"
    return Call("GET", path, question_shapes.read_questions, "ticket", retry=retry)


def answer(ticket: str, given: Sequence[Given]) -> Call[list[Answer]]:
    """API document: "Collect Ticket Data"."""
    uuid = hex_of(ticket, "ticket")
    path, body = f"tickets/{uuid}/questions/", answers_body(given)
    return Call("POST", path, answers_of(uuid, "ticket"), "ticket", body=body)


def order(order: str, *, retry: bool) -> Call[Order]:
    """API document: "Get a Specific Order"."""
    uuid = hex_of(order, "order")
    read = same(uuid, order_shapes.read_order)
    return Call("GET", f"orders/{uuid}/", read, "order", retry=retry)


def answers_body(given: Sequence[Given]) -> list[dict[str, object]]:
    """Answers as the API takes them: a list for several choices, else a text."""
    return [
        {
            "uuid": each.question,
            "value": each.value if isinstance(each.value, str) else list(each.value),
        }
        for each in given
    ]


def hex_of(text: str, what: str) -> str:
    """The uuid as it stands in a path. What is no uuid is not asked for: no site can have it."""
    uuid = hex_uuid(text)
    if uuid is None:
        raise NotFound(f"no uuid of the {what}", f"The site has no such {what}.")
    return uuid


def _nothing(_value: object) -> None:
    return None


def same(uuid: str, read: Callable[[object], Named]) -> Callable[[object], Named]:
    """Reads, and makes sure that it is what was asked for and not something kept by a proxy."""

    def read_same(value: object) -> Named:
        named = read(value)
        if named.uuid != uuid:
            raise WrongShape(f"about {named.uuid} instead")
        return named

    return read_same


def _this_ticket(uuid: str) -> Callable[[object], Ticket]:
    def read(value: object) -> Ticket:
        ticket = read_ticket(value, "")
        if ticket is None or ticket.uuid != uuid:
            raise WrongShape("not the ticket asked for")
        return ticket

    return read


def answers_of(uuid: str, what: str) -> Callable[[object], list[Answer]]:
    """Reads the answers of a ticket or an order."""

    def read(value: object) -> list[Answer]:
        answers = question_shapes.read_answers(value)
        about = hex_uuid(value.get(_ABOUT[what])) if isinstance(value, dict) else None
        if about not in {uuid, None}:
            raise WrongShape(f"answers of {about} instead")
        return answers

    return read
