"""Check-ins that are sent later than they were made, and what of them is published."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from boxoffice.domain.models import Answer, AnswerInput, LinkState
from boxoffice.domain.queue import Kind, State
from boxoffice.store.updates import AnswersAccepted, RowSettled, StoreUpdate
from boxoffice.sync import Drained, Sender
from boxoffice.sync.check_in_policy import ALREADY_IN, REFUNDED
from tests.support import until
from tests.sync.conftest import Laptop, pass_until, running

LATER = [timedelta(hours=1), timedelta(hours=-2)]
"""The second as the clock has it, once it was set back."""


@pytest.mark.parametrize("later", LATER)
async def test_another_door_was_first_though_the_server_had_been_asked(
    laptop: Laptop, later: timedelta
) -> None:
    (guest,) = laptop.guests(1)
    await laptop.admit(guest)
    laptop.clock.jump(later)
    laptop.site.state.check_in(guest)
    assert await laptop.sender().drain() == Drained(0, 0, 1)
    row = await laptop.row()
    assert (row.state, row.reason) == (State.CONFLICT, ALREADY_IN)
    assert laptop.writes() == 0


@pytest.mark.parametrize("later", LATER)
async def test_a_refund_meanwhile_though_the_server_had_been_asked(
    laptop: Laptop, later: timedelta
) -> None:
    (guest,) = laptop.guests(1)
    await laptop.admit(guest)
    laptop.clock.jump(later)
    laptop.site.state.refund_ticket(guest)
    assert await laptop.sender().drain() == Drained(0, 0, 1)
    assert (await laptop.row()).reason == REFUNDED
    assert laptop.writes() == 0


@pytest.mark.parametrize("fault", ["401", "403", "429"])
async def test_a_try_that_was_surely_not_applied_does_not_hide_another_door(
    laptop: Laptop, fault: str
) -> None:
    (guest,) = laptop.guests(1)
    await laptop.admit(guest)
    laptop.site.faults.set(fault, method="PATCH", times=1)
    async with running(laptop.sender().run()):
        await until(laptop.held)
        laptop.site.state.check_in(guest)

        async def aside() -> bool:
            await laptop.clock.advance(1)
            await laptop.client.ping()
            return (await laptop.row()).state is State.CONFLICT

        await until(aside)
    assert laptop.writes(applied=True) == 0


async def test_answers_that_the_site_took_are_published(laptop: Laptop) -> None:
    guest = laptop.site.examples()["answers_needed"]
    question = next(q for q in laptop.site.state.unanswered(guest) if q.variation == "TEXT")
    await laptop.admit(guest, given=(AnswerInput(question.uuid, "Nuts"),))
    sender = laptop.sender()
    order: list[str] = []
    taken: list[Sequence[Answer]] = []

    async def follow(update: StoreUpdate) -> None:
        match update:
            case AnswersAccepted(ticket, answers):  # known at any moment
                kinds = {row.kind for row in await laptop.queue() if row.ticket == ticket}
                assert Kind.ANSWERS in kinds
                order.append("answered")
                taken.append(answers)
            case RowSettled(row):
                order.append(f"settled {row.kind}")

    laptop.updates.subscribe(follow, AnswersAccepted, RowSettled)
    await sender.drain()
    assert order == ["answered", "settled answers", "settled check_in"]
    ((answer,),) = taken
    assert (answer.question, answer.value) == (question.uuid, "Nuts")


async def test_refused_answers_are_not_published_as_taken(laptop: Laptop) -> None:
    guest = laptop.site.examples()["answers_needed"]
    await laptop.admit(guest, given=(AnswerInput("f" * 32, "Nuts"),))
    sender = laptop.sender()
    taken: list[StoreUpdate] = []

    async def follow(update: StoreUpdate) -> None:
        if isinstance(update, AnswersAccepted):
            taken.append(update)

    laptop.updates.subscribe(follow, AnswersAccepted)
    await sender.drain()
    assert taken == []


@pytest.mark.parametrize("side_by_side", [1, 4, 8])
async def test_no_more_are_sent_at_once_than_asked_for(laptop: Laptop, side_by_side: int) -> None:
    """A lane's sender leaves requests to the door, which else waits behind the queue."""
    guests = laptop.guests(20)
    await laptop.admit(*guests)
    sender = Sender(laptop.context, side_by_side=side_by_side)
    hanging = laptop.site.faults.set("hang", method="PATCH")
    async with running(sender.run()):
        await until(lambda: hanging.hits == side_by_side)
        if side_by_side < 8:
            await laptop.client.ticket(guests[-1].uuid)
        assert hanging.hits == side_by_side
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
    assert laptop.link.state is LinkState.ONLINE
