"""A guest for each answer that a door can give: for tests, training and a first try."""

from datetime import timedelta
from decimal import Decimal

from boxoffice.sandbox.models import CANCELLED, NEW, REFUND, Order, Ticket, Trial
from boxoffice.sandbox.names import HOSTILE
from boxoffice.sandbox.state import State

CREW = "Crew"
"""The ticket type that the door which is tried does not admit."""
PREVIEW = "Preview"
"""The ticket type of another day: two before, so that no night reaches into it."""
SHIRT = "T-shirt"
"""Merchandise: a ticket type that admits nobody."""
_GUESTS = {
    "Asta Godaften": "Standard",
    "Ib Indenfor": "Standard",
    "Mette Mad": "Dinner & concert",
    "Rikke Returneret": "Standard",
    "Ulla Ubetalt": "Standard",
    "Jytte Jazz": "Seated",
    "Tim Tidlig": PREVIEW,
    "Viggo Vagt": CREW,
    "Nora Nummer": "Standard",
    "Tilde Trøje": SHIRT,
    "Frida Følge, Felix Følge": "Standard",
    "Nete Netløs": "Standard",
    "Karla Koncert": "Seated",
}
"""Who is on an order, and of which ticket type of event 1, or of event 2."""
GUESTS = 12
"""Tickets that event 1 gets."""
WIFI = "WIFI:T:nopass;S:Havnen;;"
"""What visitors hold up as well: the code of the house's network."""
_VERDICTS = """
Asta Godaften | admitted
Ib Indenfor | already_in
Mette Mad | answers_needed
Rikke Returneret | refunded
Ulla Ubetalt | not_paid
Jytte Jazz | wrong_event
Tim Tidlig | wrong_day
Viggo Vagt | wrong_door
Tilde Trøje | handed_out
Nora Nummer | check_name
Frida & Felix Følge | ambiguous
| unknown
| not_a_ticket
Nete Netløs | admitted
Karla Koncert | cannot_tell
"""
"""Whose code it is (nobody's: empty), and the verdict."""
_OFFLINE = ("Nete Netløs", "Karla Koncert")


def add_trials(state: State) -> list[Trial]:
    """Add the guests to events 1 and 2, whom the other door leaves alone; answers their codes."""
    tonight = state.tonight
    for title, price in ((PREVIEW, 195), (CREW, 0), (SHIRT, 150)):
        kind = state.new_type(title, Decimal(price))
        tonight.ticket_types.append(kind)
        kind.is_extra = title == SHIRT
        kind.date = tonight.start - timedelta(days=2) if title == PREVIEW else None
    orders = {names: _order(state, names, title) for names, title in _GUESTS.items()}
    orders["Ib Indenfor"].tickets[0].checked_in = True
    state.refund(orders["Rikke Returneret"])
    orders["Ulla Ubetalt"].state = NEW

    codes = {names: order.tickets[0].uuid for names, order in orders.items()}
    codes["Nora Nummer"] = str(orders["Nora Nummer"].tickets[0].number)
    codes["Frida & Felix Følge"] = orders["Frida Følge, Felix Følge"].order_id
    trials = []
    for line in _VERDICTS.strip().splitlines():
        name, verdict = (part.strip() for part in line.split("|"))
        code = codes.get(name) or (WIFI if verdict == "not_a_ticket" else state.new_uuid())
        trials.append(Trial(code, name, verdict, name in _OFFLINE))
    return trials


def _order(state: State, names: str, title: str) -> Order:
    """An order of these people for a ticket type of events 1 and 2."""
    event, kind = next(
        (event, kind)
        for event in state.events.values()
        for kind in event.ticket_types
        if kind.title == title
    )
    people = names.split(", ")
    first, _, last = people[0].partition(" ")
    address = {
        "first_name": first,
        "last_name": last,
        "phone": f"+45{20_000_000 + state.next_pk}",
        "email": f"{first.lower()}@example.com",
    }
    created = event.start - timedelta(days=14)
    kind.amount_total += len(people)  # what is left to be sold stays
    order = state.add_order(event, address, [(kind, name) for name in people], created=created)
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
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    found: dict[str, Ticket] = {}
    for ticket in tonight.tickets:
        for name in _kinds(state, ticket):
            found.setdefault(name, ticket)
    found["wrong_event"] = next(ticket for ticket in other.tickets if not ticket.checked_in)
    for ticket in days.tickets:
        date = ticket.ticket_type.date
        name = names[date.date().toordinal() - today] if date else "any_day"
        if not ticket.checked_in:
            found.setdefault(name, ticket)
    return found


def _kinds(state: State, ticket: Ticket) -> list[str]:
    order = ticket.order
    unpaid = {REFUND: "refunded_order", NEW: "not_paid", CANCELLED: "cancelled"}
    if order.state == REFUND or (order.state in unpaid and not ticket.refunded):
        return [unpaid[order.state]]
    if ticket.refunded:
        return ["refunded_ticket"]
    if ticket.checked_in:
        return ["already_in"]
    if not state.may_enter(ticket):
        return ["answers_needed"]
    if ticket.full_name in HOSTILE:
        return ["hostile"]
    kinds = ["party"] if len(order.tickets) == 5 else []
    if ticket.external_uuid is not None:
        kinds.append("external")
    if ticket.answers:
        kinds.append("answered")
    return kinds or ["plain"]
