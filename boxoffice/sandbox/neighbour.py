"""Another door: somebody else who admits people now and then, so that lists change."""

import random
from collections.abc import Awaitable, Callable

from boxoffice.sandbox.models import PAID, Event, Ticket
from boxoffice.sandbox.state import State

_GUESSES = 50


def may_enter(state: State, ticket: Ticket) -> bool:
    """Whether a door would admit the holder of this ticket now."""
    if ticket.checked_in or ticket.refunded or ticket.order.state != PAID:
        return False
    return not any(question.required for question in state.unanswered(ticket))


def _may_admit(state: State, ticket: Ticket) -> bool:
    """Whether the other door would: some guests are left for those who try this one."""
    return ticket not in state.spared and may_enter(state, ticket)


def admit_somebody(state: State, event: Event, rnd: random.Random) -> Ticket | None:
    """Check a random person in; None where nobody is left."""
    for _ in range(min(_GUESSES, len(event.tickets))):
        ticket = rnd.choice(event.tickets)
        if _may_admit(state, ticket):
            break
    else:
        waiting = [ticket for ticket in event.tickets if _may_admit(state, ticket)]
        if not waiting:
            return None
        ticket = rnd.choice(waiting)
    state.check_in(ticket)
    return ticket


async def another_door(
    state: State,
    event: Event,
    *,
    every: float,
    sleep: Callable[[float], Awaitable[None]],
    rnd: random.Random,
) -> None:
    """Admit somebody about every `every` seconds, for as long as the task runs."""
    while True:
        await sleep(every * (0.5 + rnd.random()))
        admit_somebody(state, event, rnd)
