"""Discount codes and complimentary tickets at a door: what is paid, booked, and counted as used."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boxoffice import ProblemError
from boxoffice.domain.account import account
from boxoffice.domain.balance import balance
from boxoffice.domain.cart import Discount, PaymentMethod
from boxoffice.domain.journal import JournalKind
from boxoffice.domain.sale import SaleAction, SaleState
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import DiscountCode
from boxoffice.store import journal_db, takings
from boxoffice.sync.reconcile import read_night, read_site
from boxoffice.sync.sales.rules import NotForSale
from tests.lane.conftest import OpenLane, goes_offline, listed
from tests.lane.test_box_office import cart_of, settled
from tests.lane.test_pin import set_pin
from tests.support import FakeClock, both_dialects

OFF = Decimal(50)


@pytest.fixture
def code(sandbox: Sandbox) -> DiscountCode:
    """50 off each of three tickets of tonight's event."""
    event = sandbox.state.tonight
    known = DiscountCode(1, "HAVN50", OFF, "PER_TICKET", 3, event)
    sandbox.state.discount_codes[known.id] = known
    return known


@both_dialects
async def test_a_sale_at_a_discount(
    sandbox: Sandbox, lane: Lane, clock: FakeClock, code: DiscountCode
) -> None:
    """The order keeps its price; what was paid, and that the code was used, is known here."""
    await lane.box_office.read_codes()
    cart = await cart_of(lane, 2, code="havn50", given=Decimal(1000))
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    order = sandbox.state.orders[done.order or ""]
    assert done.cart.discount == Discount("HAVN50", 2, 2 * OFF)
    assert done.cart.payable == order.total - 2 * OFF
    assert done.cart.change == Decimal(1000) - done.cart.payable
    assert code.amount_times_applied == 0, "the API takes no code with an order"
    (taking,) = await lane._journal.read_all(takings.of_event)
    assert taking.amount == done.cart.payable
    more = await cart_of(lane, 2, code="HAVN50")
    assert more.discount == Discount("HAVN50", 1, OFF), "one is left"
    await settled(lane, clock, await lane.box_office.sell(more))
    none = await cart_of(lane, 1, code="HAVN50")
    with pytest.raises(NotForSale, match="used up"):
        await lane.box_office.sell(none)
    night = await read_night(lane._journal, lane._store, lane.event, clock.now())
    site = await read_site(lane._client, night)
    figures = account(night, site)
    assert (figures.discounts, figures.complimentary) == (3 * OFF, 0)
    assert figures.takings[PaymentMethod.CASH] == figures.turnover - figures.discounts
    assert not [cause for cause in balance(figures, site).causes if "till" not in cause]


@both_dialects
async def test_a_code_that_was_switched_off_meanwhile(lane: Lane, code: DiscountCode) -> None:
    cart = await cart_of(lane, code="HAVN50")
    assert cart.discount == Discount("HAVN50", 0, Decimal(0)), "not read yet"
    await lane.box_office.read_codes()
    cart = await cart_of(lane, code="HAVN50")
    code.active = False
    with pytest.raises(NotForSale, match="HAVN50 is switched off"):
        await lane.box_office.sell(cart)
    assert await lane._journal.read_all(takings.of_event) == []


async def test_a_code_for_all_events_and_a_sale_that_is_given_up(
    sandbox: Sandbox, open_lane: OpenLane, clock: FakeClock, code: DiscountCode
) -> None:
    """Without the site, the codes that were read count; what is given up was not used."""
    code.event, code.usage_tickets_limit = None, 1
    lane = await open_lane(sales=SalesPolicy(offline=True))
    await listed(lane)
    await lane.box_office.read_codes()
    await goes_offline(sandbox, lane, clock)
    sale = await lane.box_office.sell(await cart_of(lane, code="HAVN50"))
    assert (sale.state, sale.cart.discounted) == (SaleState.QUEUED, OFF)
    assert (await cart_of(lane, code="HAVN50")).discounted == 0
    await lane.box_office.settle(sale.id, SaleAction.GIVE_UP, "The buyer left")
    assert (await cart_of(lane, code="HAVN50")).discounted == OFF


async def test_tickets_that_are_given_away(sandbox: Sandbox, lane: Lane, clock: FakeClock) -> None:
    """Why stands in the journal; the PIN guards it; no money is booked."""
    cart = replace(await cart_of(lane, 2), paid=PaymentMethod.FREE)
    given = Discount("", 2, cart.total, "Press")
    cart = replace(cart, discount=given, rounding=Decimal(0))
    done = await settled(lane, clock, await lane.box_office.sell(cart))
    assert done.checked_in, done.reason
    (taking,) = await lane._journal.read_all(takings.of_event)
    assert (taking.amount, taking.paid) == (Decimal(0), PaymentMethod.FREE)
    rows = await lane._journal.read_all(journal_db.log, lane.event.uuid)
    (begun,) = (row for row in rows if row.entry.kind is JournalKind.SALE)
    assert begun.entry.reason == "Press"
    assert (await lane.box_office.offer()).last_paid is PaymentMethod.CASH
    await set_pin(lane.pin)
    before = len(sandbox.state.orders)
    with pytest.raises(ProblemError, match="asks for the PIN"):
        await lane.box_office.sell(cart)
    assert len(sandbox.state.orders) == before
