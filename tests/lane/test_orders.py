"""Orders: looked at and corrected at the server, with the truth told."""

import asyncio
from dataclasses import replace

import pytest

from boxoffice.domain.models import Address, AnswerInput
from boxoffice.lane import Lane
from boxoffice.lane.orders import OrderError
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.ticketbutler import Refused, TicketbutlerError
from tests.lane.conftest import goes_offline
from tests.support import FakeClock, both_dialects, until


@pytest.fixture
def order(sandbox: Sandbox) -> Order:
    """That of the five Nguyễns."""
    return sandbox.examples()["party"].order


# Looking


@both_dialects
async def test_all_that_is_known_of_an_order(sandbox: Sandbox, lane: Lane, order: Order) -> None:
    view = await lane.orders.refresh(order.tickets[0].uuid)
    assert view.confirmed
    assert view.order.order_id == order.order_id
    assert view.order.address.email == order.address["email"]
    assert {row.ticket.uuid for row in view.tickets} == {ticket.uuid for ticket in order.tickets}
    assert [question.heading for question in view.questions] == [
        question.heading for question in order.event.purchase_questions
    ]
    assert (view.amount, view.sale) == (order.total, None)
    assert view.currency == "DKK"
    again = await lane.orders.of(order.uuid)
    assert again is not None
    assert (again.order, again.tickets, again.confirmed) == (view.order, view.tickets, False)
    assert sandbox.log.count("GET", "events/*/orders/") == 0


@pytest.mark.parametrize("dialect", ["live"])
async def test_the_order_of_a_ticket_may_not_be_known_yet(lane: Lane, order: Order) -> None:
    assert await lane.orders.of(order.tickets[0].uuid) is None
    assert await lane.orders.of(order.uuid) is None
    await lane.orders.refresh(order.tickets[0].uuid)
    assert await lane.orders.of(order.tickets[0].uuid) is not None


async def test_offline_the_copy_is_shown_and_the_rest_is_a_sentence(
    sandbox: Sandbox, lane: Lane, order: Order, clock: FakeClock
) -> None:
    await lane.orders.refresh(order.uuid)
    await goes_offline(sandbox, lane, clock)
    view = await lane.orders.of(order.uuid)
    assert view is not None
    assert len(view.tickets) == 5
    refreshing = asyncio.create_task(lane.orders.refresh(order.uuid))
    await until(lambda: refreshing.done() or clock.sleeping > 2)
    for _ in range(10):
        await clock.advance(5)
    with pytest.raises(TicketbutlerError) as error:
        await refreshing
    assert error.value.sentence


async def test_an_order_that_nobody_knows(lane: Lane) -> None:
    assert await lane.orders.of("0" * 32) is None
    with pytest.raises(TicketbutlerError):
        await lane.orders.refresh("0" * 32)


# The buyer


@both_dialects
async def test_another_buyer_is_written(lane: Lane, order: Order) -> None:
    before = (await lane.orders.refresh(order.uuid)).order.address
    address = replace(before, first_name="Mai", phone="+45 11 22 33 44")
    written = await lane.orders.correct(order.uuid, address, before=before)
    assert (written.address.first_name, order.address["first_name"]) == ("Mai", "Mai")
    assert order.address["phone"] == "+45 11 22 33 44"
    view = await lane.orders.of(order.uuid)
    assert view is not None
    assert view.order.address.first_name == "Mai"


@pytest.mark.parametrize(("fault", "kept"), [("drop-after", "Mai"), ("drop", "Minh")])
async def test_a_lost_answer_to_a_correction_is_looked_up(
    sandbox: Sandbox, lane: Lane, order: Order, fault: str, kept: str
) -> None:
    before = (await lane.orders.refresh(order.uuid)).order.address
    sandbox.faults.set(fault, method="PATCH", times=1)
    address = replace(before, first_name="Mai")
    if kept == "Mai":
        await lane.orders.correct(order.uuid, address)
    else:
        with pytest.raises(OrderError, match="not corrected"):
            await lane.orders.correct(order.uuid, address)
    assert order.address["first_name"] == kept


async def test_a_buyer_that_the_site_refuses_is_a_sentence(lane: Lane, order: Order) -> None:
    with pytest.raises(Refused) as error:
        await lane.orders.correct(order.uuid, Address("Mai", "Nguyễn", "no address"))
    assert error.value.sentence
    assert order.address["first_name"] == "Minh"


@both_dialects
async def test_the_buyers_questions_are_answered(lane: Lane, order: Order) -> None:
    view = await lane.orders.refresh(order.uuid)
    heard, lanterns, _ = view.questions
    given = [AnswerInput(heard.uuid, heard.choices[1].uuid), AnswerInput(lanterns.uuid, "42")]
    answers = await lane.orders.answer(order.uuid, given)
    assert {answer.question for answer in answers} == {heard.uuid, lanterns.uuid}
    view = await lane.orders.refresh(order.uuid)
    assert view.answers[lanterns.uuid].value == "42"
    assert view.answers[heard.uuid].choices == (heard.choices[1].uuid,)


# Paper


@both_dialects
async def test_the_sites_own_pdf(lane: Lane, order: Order) -> None:
    assert (await lane.orders.pdf(order.uuid)).startswith(b"%PDF")
    view = await lane.orders.refresh(order.uuid)
    assert (await lane.orders.pdf(view.order.uuid)).startswith(b"%PDF")
