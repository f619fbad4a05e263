"""Check-ins that are sent later than they were made, and what of them is published."""

import asyncio
import math
from datetime import timedelta

import pytest

from boxoffice.domain.journal import QueueKind, QueueState
from boxoffice.domain.models import AnswerInput, LinkState
from boxoffice.store import json_docs
from boxoffice.store.updates import RowSettled, StoreUpdate
from boxoffice.sync import Drained, Sender
from boxoffice.sync.check_in_policy import ALREADY_IN, REFUNDED
from boxoffice.sync.sender import BESIDE_A_LANE, IN_QUIET, LOOK_EVERY, QUIET
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
    assert (row.state, row.reason) == (QueueState.CONFLICT, ALREADY_IN)
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
            return (await laptop.row()).state is QueueState.CONFLICT

        await until(aside)
    assert laptop.writes(applied=True) == 0


async def test_answers_are_queued_until_they_are_stored_as_taken(laptop: Laptop) -> None:
    guest = laptop.site.examples()["answers_needed"]
    asked = laptop.site.state.unanswered(guest)
    question = next(q for q in asked if q.variation == "TEXT")
    unanswered = await laptop.client.tickets.unanswered(guest.uuid)
    await laptop.store.write(json_docs.save, json_docs.UNANSWERED, guest.uuid, unanswered)
    await laptop.admit(guest, given=(AnswerInput(question.uuid, "Nuts"),))
    settled: list[QueueKind] = []

    async def follow(update: StoreUpdate) -> None:
        assert isinstance(update, RowSettled)
        settled.append(update.row.kind)

    async def stored() -> dict[str, str]:
        answers = await laptop.store.read(json_docs.get_list, json_docs.ANSWERS, guest.uuid)
        return {answer.question: answer.value for answer in answers}

    laptop.updates.subscribe(follow, RowSettled)
    draining = asyncio.create_task(laptop.sender().drain())
    while not draining.done():
        waits = QueueKind.ANSWERS in {row.kind for row in await laptop.queue()}
        assert waits or await stored()
    await draining
    assert settled == [QueueKind.ANSWERS, QueueKind.CHECK_IN]
    assert await stored() == {question.uuid: "Nuts"}
    left = await laptop.store.read(json_docs.get_list, json_docs.UNANSWERED, guest.uuid)
    assert {each.uuid for each in left} == {q.uuid for q in asked} - {question.uuid}


async def test_refused_answers_are_not_stored_as_taken(laptop: Laptop) -> None:
    guest = laptop.site.examples()["answers_needed"]
    await laptop.admit(guest, given=(AnswerInput("f" * 32, "Nuts"),))
    await laptop.sender().drain()
    assert await laptop.store.read(json_docs.get, json_docs.ANSWERS, guest.uuid) is None


@pytest.mark.parametrize("side_by_side", [1, 4, 8])
async def test_no_more_are_sent_at_once_than_asked_for(laptop: Laptop, side_by_side: int) -> None:
    """A lane's sender leaves requests to the door, which else waits behind the queue."""
    guests = laptop.guests(20)
    await laptop.admit(*guests, read_first=True)
    sender = Sender(laptop.context, side_by_side=side_by_side)
    hanging = laptop.site.faults.set("hang", method="PATCH")
    async with running(sender.run()):
        await until(lambda: hanging.hits == side_by_side)
        if side_by_side < 8:
            await laptop.client.tickets.get(guests[-1].uuid)
        assert hanging.hits == side_by_side
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
    assert laptop.link.state is LinkState.ONLINE


async def test_more_are_sent_at_once_while_nobody_is_at_the_door(laptop: Laptop) -> None:
    """And one request is left all the same, for the next who comes."""
    guests = laptop.guests(20)
    await laptop.admit(*guests, read_first=True)
    sender = Sender(laptop.context, side_by_side=BESIDE_A_LANE, in_quiet=IN_QUIET)
    sender.busy_until = math.inf
    hanging = laptop.site.faults.set("hang", method="PATCH")
    async with running(sender.run()):
        await until(lambda: hanging.hits == 1)
        sender.busy_until = laptop.clock.monotonic()
        await laptop.clock.advance(LOOK_EVERY)
        await until(lambda: hanging.hits == BESIDE_A_LANE)
        await laptop.clock.advance(QUIET)
        await until(lambda: hanging.hits == IN_QUIET)
        await laptop.client.tickets.get(guests[-1].uuid)
        sender.busy_until = math.inf
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: all(guest.checked_in for guest in guests))
    assert laptop.writes() == len(guests)


async def test_who_was_admitted_with_the_server_s_word_waits_behind_no_backlog(
    laptop: Laptop,
) -> None:
    *backlog, guest = laptop.guests(40)
    await laptop.admit(*backlog, read_first=True)
    sender = Sender(laptop.context, side_by_side=BESIDE_A_LANE)
    hanging = laptop.site.faults.set("hang", method="GET", path="tickets/*/")
    async with running(sender.run()):
        await until(lambda: hanging.hits == BESIDE_A_LANE)
        await laptop.admit(guest)
        await laptop.clock.advance(LOOK_EVERY)
        await until(lambda: guest.checked_in)
        assert not any(other.checked_in for other in backlog)
        laptop.site.faults.clear()
        await pass_until(laptop.clock, lambda: all(other.checked_in for other in backlog))
    assert laptop.writes() == len(backlog) + 1
