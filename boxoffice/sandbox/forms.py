"""The made-up questions of event 1: every variation, required ones of one ticket type alone."""

from collections.abc import Sequence

from boxoffice.sandbox.models import Answer, Choice, Question, Ticket, TicketType
from boxoffice.sandbox.state import State

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
        ticket.answers = ticket.answers or {}
        ticket.answers[asked.uuid] = Answer(state.new_uuid(), asked, value, choices)
