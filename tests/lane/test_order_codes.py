"""A code that names an order: nobody is let in for the others on it."""

import pytest

from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from tests.lane.conftest import OpenLane, goes_offline, listed
from tests.support import FakeClock, both_dialects


@pytest.fixture
def family(sandbox: Sandbox) -> Order:
    """Five tickets on one order, none of them in."""
    orders = sandbox.state.tonight.orders
    order = next(each for each in orders if each.tickets[0].full_name == "Minh Nguyễn")
    for ticket in order.tickets:
        sandbox.state.check_in(ticket, checked_in=False)
    return order


@pytest.fixture
async def door(open_lane: OpenLane, family: Order) -> Lane:
    lane = await open_lane()
    await listed(lane)
    return lane


@both_dialects
async def test_by_its_id_after_one_ticket_was_read(door: Lane, family: Order) -> None:
    await door.details.refresh(family.tickets[2].uuid)
    answered = await door.scan(family.order_id)
    assert answered.verdict.code is VerdictCode.AMBIGUOUS
    offered = {ticket.uuid for ticket in answered.verdict.candidates}
    assert offered == {ticket.uuid for ticket in family.tickets}


@both_dialects
async def test_by_its_uuid_before_any_ticket_was_read(door: Lane, family: Order) -> None:
    answered = await door.scan(family.uuid)
    assert answered.verdict.code is VerdictCode.AMBIGUOUS
    offered = {ticket.uuid for ticket in answered.verdict.candidates}
    assert offered == {ticket.uuid for ticket in family.tickets}


@both_dialects
async def test_offline_after_one_ticket_was_read(
    door: Lane, family: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    await door.details.refresh(family.tickets[0].uuid)
    await goes_offline(sandbox, door, clock)
    answered = await door.scan(family.uuid)
    assert answered.verdict.code is VerdictCode.AMBIGUOUS
    assert len(answered.verdict.candidates) == len(family.tickets)


@both_dialects
async def test_a_ticket_alone_on_its_order_is_let_in_by_it(door: Lane, sandbox: Sandbox) -> None:
    event = sandbox.state.tonight
    (alone,) = next(
        each.tickets for each in event.orders if each.tickets[0].full_name == "Søren Sørensen"
    )
    sandbox.state.check_in(alone, checked_in=False)
    await door.details.refresh(alone.uuid)
    answered = await door.scan(alone.order.order_id)
    assert answered.verdict.code is VerdictCode.ADMITTED
    assert answered.verdict.ticket is not None
    assert answered.verdict.ticket.uuid == alone.uuid


@both_dialects
async def test_its_own_code_is_the_ticket_whatever_its_order(door: Lane, family: Order) -> None:
    await door.details.refresh(family.tickets[1].uuid)
    for code in (family.tickets[1].uuid, str(family.tickets[2].number)):
        assert (await door.scan(code, typed=True)).verdict.code is VerdictCode.ADMITTED
