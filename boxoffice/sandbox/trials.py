"""A guest for each answer that a door can give: for tests, training and a first try."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from boxoffice.sandbox.models import (
    CANCELLED,
    NEW,
    PAID,
    REFUND,
    Event,
    Order,
    Ticket,
    TicketType,
    Trial,
)
from boxoffice.sandbox.names import HOSTILE
from boxoffice.sandbox.neighbour import may_enter
from boxoffice.sandbox.state import State

CREW = "Crew"
"""The ticket type that the door which is tried does not admit."""
PREVIEW = "Preview"
"""The ticket type of another day: two before, so that no night reaches into it."""
SHIRT = "T-shirt"
"""Merchandise: a ticket type that admits nobody."""
GUESTS = 12
"""Tickets that event 1 gets."""
WIFI = "WIFI:T:nopass;S:Havnen;;"
"""What visitors hold up as well: the code of the house's network."""


def add_trials(state: State) -> list[Trial]:
    """Add the guests to events 1 and 2, whom the other door leaves alone; answers their codes."""
    tonight, other, *_ = state.events.values()
    standard = _type_of(tonight, "Standard")
    dinner = _type_of(tonight, "Dinner & concert")
    preview = _new_type(state, PREVIEW, 195)
    preview.date = tonight.start - timedelta(days=2)
    crew = _new_type(state, CREW, 0)
    shirt = _new_type(state, SHIRT, 150)
    shirt.is_extra = True
    tonight.ticket_types += [preview, crew, shirt]

    def guest(name: str, kind: TicketType = standard, event: Event = tonight) -> Order:
        return _order(state, event, kind, [name])

    valid, inside, hungry = guest("Asta Godaften"), guest("Ib Indenfor"), guest("Mette Mad", dinner)
    inside.tickets[0].checked_in = True
    refunded, unpaid = guest("Rikke Returneret"), guest("Ulla Ubetalt")
    state.refund(refunded)
    unpaid.state = NEW
    elsewhere, early = (
        guest("Jytte Jazz", other.ticket_types[0], other),
        guest("Tim Tidlig", preview),
    )
    backstage, number = guest("Viggo Vagt", crew), guest("Nora Nummer")
    fan = guest("Tilde Trøje", shirt)
    family = _order(state, tonight, standard, ["Frida Følge", "Felix Følge"])
    cut_off = guest("Nete Netløs")
    unknown = guest("Karla Koncert", other.ticket_types[0], other)
    return [
        _of(valid, "admitted", "Valid and not in yet. Scan it again a little later: ALREADY IN."),
        _of(
            inside, "already_in", "Came in before, at another door: it says what is known of when."
        ),
        _of(
            hungry,
            "answers_needed",
            "A dinner guest: the form opens, and admits once it is filled.",
        ),
        _of(refunded, "refunded", "Got the money back."),
        _of(unpaid, "not_paid", "The order was never paid."),
        _of(elsewhere, "wrong_event", "A ticket for tomorrow's concert: it says which."),
        _of(early, "wrong_day", "Valid two days ago. Ctrl+O admits all the same, with a reason."),
        _of(backstage, "wrong_door", f"{CREW} has a door of its own. Ctrl+O admits all the same."),
        _of(fan, "handed_out", "Merchandise: hand it over; nobody is counted."),
        Trial(
            str(number.tickets[0].number),
            number.tickets[0].full_name,
            "check_name",
            "A bare number proves nothing: is that the name? Enter admits.",
        ),
        Trial(
            family.order_id,
            "Frida and Felix Følge",
            "ambiguous",
            "An order's id, known a minute after the door was opened: choose who is here.",
        ),
        Trial(state.new_uuid(), "", "unknown", "Made up: the site has no such ticket."),
        Trial(WIFI, "", "not_a_ticket", "The code of a wireless network, as guests do hold up."),
        _of(
            cut_off,
            "admitted",
            "By this computer's list; the site is told when it can be reached again.",
            offline=True,
        ),
        _of(
            unknown,
            "cannot_tell",
            "Not in the list, and the site cannot be asked: it is for tomorrow's concert.",
            offline=True,
        ),
    ]


def _of(order: Order, verdict: str, hint: str, *, offline: bool = False) -> Trial:
    (ticket,) = order.tickets
    return Trial(ticket.uuid, ticket.full_name, verdict, hint, offline)


def _type_of(event: Event, title: str) -> TicketType:
    return next(kind for kind in event.ticket_types if kind.title == title)


def _new_type(state: State, title: str, price: int) -> TicketType:
    return TicketType(state.new_uuid(), state.new_pk(), title, Decimal(price), 0)


def _order(state: State, event: Event, kind: TicketType, names: Sequence[str]) -> Order:
    first, _, last = names[0].partition(" ")
    address = {
        "first_name": first,
        "last_name": last,
        "phone": f"+45{20_000_000 + state.next_pk}",
        "email": f"{first.lower()}@example.com",
    }
    created = event.start - timedelta(days=14)
    kind.amount_total += len(names)  # what is left to be sold stays
    order = state.add_order(event, address, [(kind, name) for name in names], created=created)
    state.spared.update(order.tickets)
    return order


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
    found["wrong_event"] = next(ticket for ticket in other.tickets if not ticket.checked_in)
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
