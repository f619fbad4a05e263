"""A made-up organiser, the same for the same seed and day: one event tonight, others around it."""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from boxoffice.sandbox.models import (
    CANCELLED,
    NEW,
    PAID,
    Answer,
    Choice,
    Event,
    Order,
    Question,
    Ticket,
    TicketType,
)
from boxoffice.sandbox.names import HOSTILE, email, family
from boxoffice.sandbox.state import Now, State
from boxoffice.sandbox.trials import GUESTS, add_trials

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MORNING = time(6)
"""Until then a door goes by the day before."""
_DINNER = (
    ("Which menu?", "SELECT", ("Fish|Fisk", "Meat|Kød", "Vegan|Vegansk")),
    ("Name on the place card", "NAME_FIRST_LAST", ()),
    (
        "Which courses will you join?",
        "SELECT_MULTIPLE",
        ("Starter|Forret", "Main course|Hovedret", "Cheese|Ost", "Dessert|Dessert"),
    ),
    ("Allergies, one a line", "TEXTAREA", ()),
    ("How old are the children with you?", "NUMBER", ()),
    ("Phone, should your table move", "PHONE", ()),
    ("Where shall we send the recipe?", "EMAIL", ()),
    ("When do you expect to arrive?", "TIME", ()),
)
"""Heading, variation and choices; the first three are required."""
_TONIGHT = (
    ("Standard", 295, 58, 63),
    ("Student", 195, 18, 12),
    ("VIP balcony", 595, 8, 0),
    ("Dinner & concert", 845, 12, 4),
    ("Volunteer", 0, 4, 20),
)
"""Ticket types of event 1: title, price, how many of a hundred orders, and how many are left."""
_SIZES = (1, 2, 3, 4, 5, 6)
_SIZE_WEIGHTS = (50, 30, 8, 8, 3, 1)


def organiser(now: Now, *, tickets: int = 400, seed: int = 1, trials: bool = False) -> State:
    """All events, relative to the day it is at `now` in Copenhagen; `tickets` in event 1.

    `trials`: among them a guest for each answer of a door, listed in the state.
    """
    state = State(now, seed)
    local = now().astimezone(COPENHAGEN)
    today = local.date()
    # The night belongs to the day before at a door, and so do the tickets for a day.
    at_the_door = -1 if local.time() < MORNING else 0

    def moment(days: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(hour, minute), COPENHAGEN)

    tonight = _event(state, "Sommerfest på Havnen", "dZy", moment(0, 19), moment(1, 2))
    _fill_tonight(state, tonight, tickets - GUESTS if trials else tickets)
    jazz = _event(state, "Jazzaften i Ørstedsparken", "Jca", moment(1, 20), moment(1, 23, 30))
    _fill_plain(state, jazz, 60, [_type(state, "Seated", 180), _type(state, "Standing", 120)])
    first = at_the_door - 1
    days = _event(state, "Kulturdage 3 × dag", "UWb", moment(first, 10), moment(first + 2, 23))
    of_a_day = [_type(state, f"Day {at + 1}", 150, moment(first + at, 10)) for at in range(3)]
    _fill_plain(state, days, 120, [*of_a_day, _type(state, "All days", 350)])
    title = "[reverse]Nytår[/] \x1b[5mi fjor\x1b[0m"
    past = _event(state, title, "Old", moment(-30, 18), moment(-29, 3))
    _fill_plain(state, past, 12, [_type(state, "Guest", 0)])
    if trials:
        state.trials = add_trials(state)
    return state


def _event(state: State, title: str, prefix: str, start: datetime, end: datetime) -> Event:
    slug = f"{prefix.lower()}-{start:%Y-%m-%d}"
    event = Event(state.new_uuid(), state.new_pk(), title, slug, start, end, COPENHAGEN)
    event.venue, event.order_prefix = "Pakhus 11", prefix
    event.description = "<p>Doors open an hour before.</p>"
    state.add_event(event)
    return event


def _type(state: State, title: str, price: int, date: datetime | None = None) -> TicketType:
    kind = state.new_type(title, Decimal(price))
    kind.date = date
    return kind


def _fill_tonight(state: State, event: Event, tickets: int) -> None:
    rnd = state.random
    types = [_type(state, title, price) for title, price, _, _ in _TONIGHT]
    standard, _, balcony, dinner, volunteer = types
    event.ticket_types = types
    event.questions = [*common_questions(state, volunteer), *dinner_questions(state, dinner)]
    event.purchase_questions = purchase_questions(state)

    _people_to_know(state, event, standard, dinner)
    for at, name in enumerate(HOSTILE):
        mail = f"guest{at}@example.com" if at else "=1+1[b]@example.com"
        address = {"first_name": name, "last_name": "", "phone": "", "email": mail}
        kind = volunteer if at % 5 == 0 else standard
        state.add_order(event, address, [(kind, name)], created=_bought(rnd, event))
    weights = [weight for _, _, weight, _ in _TONIGHT]
    while len(event.tickets) < tickets:
        size = min(rnd.choices(_SIZES, _SIZE_WEIGHTS)[0], tickets - len(event.tickets))
        _order(state, event, rnd.choices(types, weights)[0], family(rnd, size))

    for at, ticket in enumerate(event.tickets):
        if ticket.ticket_type is balcony:
            ticket.seat = f"Balcony {'ABCDEFGH'[at // 40 % 8]}{at % 40 + 1}"
        if at % 9 == 4:
            ticket.external_uuid = f"MEM-{at * 7 + 1000:06d}"
        if ticket.ticket_type is dinner and at % 3:
            answer_required(state, ticket)
        if ticket.order.state == PAID and not ticket.refunded and rnd.random() < 0.12:
            ticket.checked_in = not state.unanswered(ticket) or at % 3 > 0
    for kind, (_, _, _, left) in zip(types, _TONIGHT, strict=True):
        kind.amount_total = kind.amount_sold + left


def _people_to_know(state: State, event: Event, standard: TicketType, dinner: TicketType) -> None:
    """Orders that every demonstration wants: refunded, unpaid, a family, well-known names."""

    def order(names: str, kind: TicketType = standard) -> Order:
        people = (name.partition(" ") for name in names.split(", "))
        return _order(state, event, kind, [(first, last) for first, _, last in people])

    state.refund(order("Regitze Refunderet, Rolf Refunderet"))
    state.refund_ticket(order("Paul Halvvejs, Paula Halvvejs, Pia Halvvejs").tickets[-1])
    order("Nina Ubetalt, Nis Ubetalt").state = NEW
    order("Carl Afbestilt").state = CANCELLED
    order("Dorte Middag, Dan Middag", dinner)
    order("Søren Sørensen")
    order("Åse Ågård")
    order("Minh Nguyễn, Lan Nguyễn, Tú Nguyễn, Hà Nguyễn, Đức Nguyễn")


def _fill_plain(state: State, event: Event, tickets: int, types: Sequence[TicketType]) -> None:
    """An event without questions: about a tenth of it is in."""
    event.ticket_types = list(types)
    while len(event.tickets) < tickets:
        size = min(state.random.choices(_SIZES, _SIZE_WEIGHTS)[0], tickets - len(event.tickets))
        people = family(state.random, size)
        _order(state, event, types[len(event.orders) % len(types)], people)
    for at, ticket in enumerate(event.tickets):
        ticket.checked_in = at % 10 == 9
    for kind in types:
        kind.amount_total = kind.amount_sold + 50


def _order(
    state: State, event: Event, ticket_type: TicketType, people: Sequence[tuple[str, str]]
) -> Order:
    first, last = people[0]
    number = state.next_pk
    address = {
        "first_name": first,
        "last_name": last,
        "phone": f"+45{20_000_000 + number * 7919 % 79_999_999}",
        "email": email(first, last, number),
    }
    named = [(ticket_type, f"{first} {last}".strip()) for first, last in people]
    order = state.add_order(event, address, named, created=_bought(state.random, event))
    if number % 3 == 0:
        order.newsletter = True
        state.subscribers.add(address["email"])
    return order


def _bought(rnd: random.Random, event: Event) -> datetime:
    """Some time in the two months before the event."""
    return event.start - timedelta(seconds=rnd.randint(86_400, 60 * 86_400))


def question(
    state: State,
    heading: str,
    variation: str,
    *,
    choices: Sequence[str] = (),
    required: bool = False,
    active: bool = True,
    ticket_type: TicketType | None = None,
) -> Question:
    """A question; each of `choices` is a label, or `English|Danish`."""
    labels = [label.partition("|") for label in choices]
    made = [Choice(state.new_uuid(), english, danish) for english, _, danish in labels]
    return Question(
        state.new_uuid(), state.new_pk(), heading, variation, required, active, made, ticket_type
    )


def dinner_questions(state: State, dinner: TicketType) -> list[Question]:
    """Asked of dinner guests: three are required and active."""
    return [
        question(state, heading, variation, choices=choices, required=at < 3, ticket_type=dinner)
        for at, (heading, variation, choices) in enumerate(_DINNER)
    ] + [
        question(
            state, "Coat check number", "TEXT", required=True, active=False, ticket_type=dinner
        )
    ]


def common_questions(state: State, volunteer: TicketType) -> list[Question]:
    """Asked of everybody, and a hostile one asked of volunteers; none is required."""
    return [
        question(state, "What shall we call you?", "NAME"),
        question(state, "Company", "COMPANY"),
        question(state, "A wish for the band", "TEXT"),
        question(
            state,
            "[blink]Shift[/] \x1b[31m[on] or [/off]?\u202e",
            "SELECT",
            choices=("[@click=app.quit]Early[/]|[Tidlig", "\x1b]0;late\x07Late", "=1+1"),
            ticket_type=volunteer,
        ),
    ]


def purchase_questions(state: State) -> list[Question]:
    ways = ("A friend|En ven", "Poster|Plakat", "Newsletter|Nyhedsbrev")
    return [
        question(state, "How did you hear of us?", "SELECT", choices=ways),
        question(state, "Guess the number of lanterns", "NUMBER"),
        question(state, "Anything we should know?", "TEXTAREA"),
    ]


def answer_required(state: State, ticket: Ticket) -> None:
    """Answer what is required of this ticket, as its owner did when buying it."""
    first_name, _, rest = ticket.full_name.partition(" ")
    for asked in state.questions_of(ticket):
        if not (asked.required and asked.active):
            continue
        count = 1 if asked.variation == "SELECT" else state.random.randint(1, 3)
        choices = state.random.sample(asked.choices, count) if asked.choices else []
        value = "" if choices else f"{first_name} {rest}".strip()
        ticket.answers[asked.uuid] = Answer(state.new_uuid(), asked, value, choices)
