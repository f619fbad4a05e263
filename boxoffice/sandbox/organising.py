"""What an organiser's changes do to the rest of the data: what goes with a removed thing."""

from collections.abc import Collection, Iterable

from boxoffice.sandbox.models import Choice, Event, Order, Question, Ticket, TicketType
from boxoffice.sandbox.state import State


def touch_tickets(state: State, event: Event, ticket_type: TicketType | None = None) -> None:
    """Make the rows of this type's tickets anew, or of all: they show names and days of it."""
    for ticket in event.tickets:
        if ticket_type in (None, ticket.ticket_type):
            state.touch(ticket)


def was_sold(event: Event, ticket_type: TicketType) -> bool:
    """Whether there is a ticket of this type, refunded or not."""
    return any(each.ticket_type is ticket_type for each in event.tickets)


def sort_types(event: Event) -> None:
    """Those without a sort id come last, as they were."""
    event.ticket_types.sort(key=lambda each: (each.sort_id is None, each.sort_id or 0))


def remove_types(state: State, event: Event, gone: Collection[TicketType]) -> None:
    """Remove types with their own questions and discount codes; sold tickets stay as they are."""
    if not gone:
        return
    event.ticket_types = [each for each in event.ticket_types if each not in gone]
    remove_questions(event, [each for each in event.questions if each.ticket_type in gone])
    codes = state.discount_codes
    for number in [each.id for each in list(codes.values()) if each.ticket_type in gone]:
        del codes[number]


def remove_questions(event: Event, gone: Collection[Question]) -> None:
    """Remove questions of an attendee or a buyer with all answers to them."""
    if not gone:
        return
    event.questions = [each for each in event.questions if each not in gone]
    event.purchase_questions = [each for each in event.purchase_questions if each not in gone]
    for answered in _answered(event):
        for each in gone:
            (answered.answers or {}).pop(each.uuid, None)


def set_choices(event: Event, question: Question, choices: list[Choice]) -> None:
    """Set a question's choices; what selected a removed one does so no longer."""
    gone = [each for each in question.choices if each not in choices]
    question.choices = choices
    if not gone:
        return
    for answered in _answered(event):
        given = (answered.answers or {}).get(question.uuid)
        if given is None or not given.choices or answered.answers is None:
            continue
        given.choices = [each for each in given.choices if each not in gone]
        if not given.choices:
            del answered.answers[question.uuid]


def _answered(event: Event) -> Iterable[Ticket | Order]:
    yield from event.tickets
    yield from event.orders
