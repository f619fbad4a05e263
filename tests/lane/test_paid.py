"""Orders: which states admit, what a partial refund leaves, and what a person may set aside."""

import json

import pytest

from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.faults import Fault, Kind
from boxoffice.sandbox.models import Order, Ticket
from boxoffice.store import journal_db
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.support import FakeClock, both_dialects

SAID = "is not paid: send to the ticket desk"


@both_dialects
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("INVOICED", "admitted"),
        ("FREE", "admitted"),
        ("MANUAL", "not_paid"),
        ("PARTIALLY_PAID", "not_paid"),
    ],
)
async def test_the_state_of_an_order(sandbox: Sandbox, lane: Lane, state: str, code: str) -> None:
    ticket = sandbox.examples()["not_paid"]
    ticket.order.state = state
    assert (await lane.scan(ticket.uuid)).verdict.code == code


async def test_a_state_that_this_organiser_takes_as_paid(
    sandbox: Sandbox, open_lane: OpenLane
) -> None:
    lane = await open_lane(paid_states=["MANUAL"])
    await listed(lane)
    ticket = sandbox.examples()["not_paid"]
    ticket.order.state = "manual"
    scan = await lane.scan(ticket.uuid)
    assert (scan.verdict.code, scan.verdict.confirmed) == (VerdictCode.ADMITTED, True)
    party = await lane.parties.of(ticket.uuid)
    assert party.order is not None
    assert party.order.status == "paid"
    other = next(each for each in ticket.order.tickets if each is not ticket)
    ticket.order.state = "NEW"
    assert (await lane.scan(other.uuid)).verdict.code is VerdictCode.NOT_PAID


def partly(order: Order, refunded: int) -> Fault:
    """An order as a site tells it of which so many tickets were refunded."""
    told = {
        "uuid": order.uuid,
        "order_id": order.order_id,
        "state": "REFUND",
        "amount_of_refunded_tickets": refunded,
        "tickets": [{"amount": len(order.tickets), "tickets": []}],
    }
    return Fault(Kind.WRONG_SHAPE, body=json.dumps(told).encode())


@both_dialects
async def test_of_an_order_refunded_in_part_each_ticket_tells(
    sandbox: Sandbox, lane: Lane, clock: FakeClock
) -> None:
    gone = sandbox.examples()["refunded_ticket"]
    order = gone.order
    kept, last = (each for each in order.tickets if not each.refunded)
    for each in (kept, last):
        each.checked_in = False
    path = f"orders/{order.uuid}/"
    rule = sandbox.faults.set(partly(order, 1), path=path)
    assert (await lane.scan(gone.uuid)).verdict.code is VerdictCode.REFUNDED
    assert (await lane.scan(kept.uuid)).verdict.code is VerdictCode.ADMITTED
    sandbox.faults.clear(rule)
    sandbox.faults.set(partly(order, len(order.tickets)), path=path)
    assert (await lane.scan(last.uuid)).verdict.code is VerdictCode.REFUNDED
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(last.uuid)).verdict.code is VerdictCode.REFUNDED


async def overridden(lane: Lane, ticket: Ticket) -> str:
    before = await lane.scan(ticket.uuid)
    assert before.verdict.can_override
    after = await lane.override(before, "the organiser says so")
    assert after.verdict.code is VerdictCode.ADMITTED
    log = [
        row.entry
        for row in await lane._journal.read_all(journal_db.log)
        if row.entry.ticket == ticket.uuid
    ]
    assert {"override", "scan"} <= {entry.kind for entry in log}
    return after.verdict.reason


async def test_what_the_settings_name_can_be_set_aside(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock
) -> None:
    lane = await open_lane(override=[VerdictCode.NOT_PAID, VerdictCode.ANSWERS_NEEDED])
    await listed(lane)
    examples = sandbox.examples()
    paid, asked = examples["not_paid"], examples["answers_needed"]
    assert SAID in (await lane.scan(paid.uuid)).verdict.reason
    assert (await overridden(lane, paid)).endswith("not paid overridden")
    assert (await overridden(lane, asked)).endswith("answers needed overridden")
    await sent(lane, clock)
    assert paid.checked_in
    assert asked.checked_in
    assert (await lane.scan(asked.uuid)).verdict.code is VerdictCode.ALREADY_IN
    for name in ("refunded_order", "cancelled", "wrong_event"):
        assert not (await lane.scan(examples[name].uuid)).verdict.can_override


async def test_what_they_do_not_name_cannot(sandbox: Sandbox, open_lane: OpenLane) -> None:
    lane = await open_lane(override=[VerdictCode.ANSWERS_NEEDED])
    await listed(lane)
    scan = await lane.scan(sandbox.examples()["not_paid"].uuid)
    assert not scan.verdict.can_override
    with pytest.raises(ValueError, match="cannot be overridden"):
        await lane.override(scan, "because")
