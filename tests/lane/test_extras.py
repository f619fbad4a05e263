"""Merchandise at a door: handed out with the promises of an admission, and counted as nobody."""

from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Line, PaymentMethod
from boxoffice.domain.sale import SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket, TicketType
from boxoffice.store import journal_db
from tests.lane.conftest import OpenLane, goes_offline, listed, passes, sent
from tests.support import FakeClock, both_dialects

SHIRT = "T-shirt"


@pytest.fixture
def shirt(sandbox: Sandbox) -> Ticket:
    state = sandbox.state
    event = state.tonight
    kind = TicketType(state.new_uuid(), state.new_pk(), SHIRT, Decimal(150), 20, is_extra=True)
    event.ticket_types.append(kind)
    buyer = {"first_name": "Bo", "last_name": "Holm", "email": "bo@example.com"}
    (ticket,) = state.sell(event, buyer, [(kind, 1)], None).tickets
    return ticket


@pytest.fixture
async def door(open_lane: OpenLane, shirt: Ticket) -> Lane:
    lane = await open_lane(extras=["t-SHIRT"])
    await listed(lane)
    return lane


@both_dialects
async def test_it_is_handed_out_once_and_counted_as_nobody(
    door: Lane, shirt: Ticket, clock: FakeClock
) -> None:
    before, people = door.status, await door.arrivals()
    first = (await door.scan(shirt.uuid)).verdict
    assert (first.code, first.word) == (VerdictCode.HANDED_OUT, "HANDED OUT")
    assert first.confirmed
    await sent(door, clock)
    assert shirt.checked_in
    again = (await door.scan(shirt.uuid)).verdict
    assert again.code is VerdictCode.ALREADY_IN
    assert again.reason.startswith("Handed out here")
    assert (door.status.checked_in, door.status.total) == (before.checked_in, before.total)
    arrivals = await door.arrivals()
    assert (arrivals.inside, arrivals.expected) == (people.inside, people.expected)
    (shirts,) = arrivals.handed_out
    assert shirts == (SHIRT, 1, 1)


async def test_offline_it_is_handed_out_by_the_list_and_undone(
    door: Lane, sandbox: Sandbox, shirt: Ticket, clock: FakeClock
) -> None:
    await goes_offline(sandbox, door, clock)
    verdict = (await door.scan(shirt.uuid)).verdict
    assert verdict.word == "HANDED OUT · not confirmed"
    assert verdict.reason.startswith("By the list")
    assert (await door.undo.last()).done
    assert (await door.scan(shirt.uuid)).verdict.code is VerdictCode.HANDED_OUT


async def test_sold_at_the_door_it_is_handed_out_with_the_sale(
    door: Lane, clock: FakeClock
) -> None:
    offer = await door.box_office.refresh()
    (kind,) = [each for each in offer.types if each.title == SHIRT]
    assert kind.price is not None
    line, buyer = Line(kind.uuid, SHIRT, kind.price, 1), Buyer("Bo", "Ek", "bo@example.com")
    cart = offer.cart([line], buyer, PaymentMethod.CASH)
    begun = await door.box_office.sell(cart)

    async def done() -> bool:
        now = await door.box_office.sale(begun.id)
        return now is not None and now.state is SaleState.DONE

    await passes(clock, done, "sold")
    rows = [row.entry for row in await door._journal.read_all(journal_db.log, door.event.uuid)]
    assert [row.verdict for row in rows if row.kind == "scan"] == [VerdictCode.HANDED_OUT]
