"""The made-up questions of event 1: every variation, required ones of one ticket type alone."""

from collections.abc import Sequence

from boxoffice.sandbox.models import Answer, Choice, Question, Ticket, TicketType
from boxoffice.sandbox.state import State


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
    made = [
        Choice(state.new_uuid(), english, danish)
        for english, _, danish in (label.partition("|") for label in choices)
    ]
    return Question(
        state.new_uuid(), state.new_pk(), heading, variation, required, active, made, ticket_type
    )


def dinner_questions(state: State, dinner: TicketType) -> list[Question]:
    """Asked of dinner guests: three are required and active."""
    return [
        question(
            state,
            "Which menu?",
            "SELECT",
            choices=("Fish|Fisk", "Meat|Kød", "Vegan|Vegansk"),
            required=True,
            ticket_type=dinner,
        ),
        question(
            state, "Name on the place card", "NAME_FIRST_LAST", required=True, ticket_type=dinner
        ),
        question(
            state,
            "Which courses will you join?",
            "SELECT_MULTIPLE",
            choices=("Starter|Forret", "Main course|Hovedret", "Cheese|Ost", "Dessert|Dessert"),
            required=True,
            ticket_type=dinner,
        ),
        question(state, "Allergies, one a line", "TEXTAREA", ticket_type=dinner),
        question(state, "How old are the children with you?", "NUMBER", ticket_type=dinner),
        question(state, "Phone, should your table move", "PHONE", ticket_type=dinner),
        question(state, "Where shall we send the recipe?", "EMAIL", ticket_type=dinner),
        question(state, "When do you expect to arrive?", "TIME", ticket_type=dinner),
        question(
            state, "Coat check number", "TEXT", required=True, active=False, ticket_type=dinner
        ),
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
    return [
        question(
            state,
            "How did you hear of us?",
            "SELECT",
            choices=("A friend|En ven", "Poster|Plakat", "Newsletter|Nyhedsbrev"),
        ),
        question(state, "Guess the number of lanterns", "NUMBER"),
        question(state, "Anything we should know?", "TEXTAREA"),
    ]


def answer_required(state: State, ticket: Ticket) -> None:
    """Answer what is required of this ticket, as its owner did when buying it."""
    first_name, _, rest = ticket.full_name.partition(" ")
    for each in state.questions_of(ticket):
        if not (each.required and each.active):
            continue
        count = 1 if each.variation == "SELECT" else state.random.randint(1, 3)
        choices = state.random.sample(each.choices, count) if each.choices else []
        value = "" if choices else f"{first_name} {rest}".strip()
        ticket.answers = ticket.answers or {}
        ticket.answers[each.uuid] = Answer(state.new_uuid(), each, value, choices)
