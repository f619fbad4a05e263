"""A ticket for each answer that a door can give, for tests, training and a first try."""

from boxoffice.sandbox.models import CANCELLED, NEW, PAID, REFUND, Ticket
from boxoffice.sandbox.names import HOSTILE
from boxoffice.sandbox.neighbour import may_enter
from boxoffice.sandbox.state import State


def examples(state: State) -> dict[str, Ticket]:
    """The first ticket of each kind that there is now.

    Of event 1: `plain` (may enter), `already_in`, `refunded_order`, `refunded_ticket` (its order is
    paid), `not_paid`, `cancelled`, `answers_needed`, `answered` (may enter, had questions), `party`
    (on an order of five), `hostile`, `external` (has an `external_uuid`); of event 2:
    `wrong_event`; of event 3: `yesterday`, `today`, `tomorrow`, `any_day`.
    """
    tonight, other, days, *_ = state.events.values()
    today = days.start.date().toordinal() + 1
    found: dict[str, Ticket] = {}
    for ticket in tonight.tickets:
        for name in _kinds(state, ticket):
            found.setdefault(name, ticket)
    found["wrong_event"] = next(each for each in other.tickets if not each.checked_in)
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    for ticket in days.tickets:
        date = ticket.ticket_type.date
        name = names[date.date().toordinal() - today] if date else "any_day"
        if not ticket.checked_in:
            found.setdefault(name, ticket)
    return found


def _kinds(state: State, ticket: Ticket) -> list[str]:
    order = ticket.order
    if order.state == REFUND:
        return ["refunded_order"]
    if ticket.refunded:
        return ["refunded_ticket"]
    if order.state in (NEW, CANCELLED):
        return ["not_paid" if order.state == NEW else "cancelled"]
    if ticket.checked_in:
        return ["already_in"]
    if not may_enter(state, ticket):
        return ["answers_needed"]
    if ticket.full_name in HOSTILE:
        return ["hostile"]
    kinds = ["party"] if len(order.tickets) == 5 else []
    if ticket.external_uuid is not None:
        kinds.append("external")
    if ticket.answers:
        kinds.append("answered")
    elif not kinds and order.state == PAID:
        kinds.append("plain")
    return kinds
