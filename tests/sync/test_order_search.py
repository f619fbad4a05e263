"""The search for an order and its tickets: what it reads, what it leaves alone, what it doubts."""

from dataclasses import replace
from pathlib import Path

import pytest

from boxoffice.domain.cart import Buyer
from boxoffice.domain.sale import SaleAction, SaleState
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.sync.sales.rules import NotForSale
from tests.support import FakeClock, both_dialects
from tests.sync.conftest import running
from tests.sync.sales_support import ORDERS, Till, till_at

ANNA = Buyer("Anna", "Ågård", "anna@example.com")
BO = Buyer("Bo", "Dam", "bo@example.com")


def placed(till: Till, buyer: Buyer, mark: str | None) -> Order:
    """An order for one ticket, as the site has it from elsewhere or carries ours out late."""
    return till.site.state.sell(
        till.site.state.events[till.laptop.event],
        {"first_name": buyer.first_name, "last_name": buyer.last_name, "email": buyer.email},
        [(till.types[0], 1)],
        mark,
    )


@pytest.mark.parametrize(
    ("buyer", "state"), [(ANNA, SaleState.UNSURE), (BO, SaleState.NOT_PLACED)], ids=["hers", "his"]
)
async def test_a_ticket_without_an_order_leaves_open_only_what_it_may_belong_to(
    till: Till, buyer: Buyer, state: SaleState
) -> None:
    """Hers taken for not placed would be sold twice; a stranger's would hold up every sale."""
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(buyer=ANNA))
        placed(till, buyer, begun.external_order_id).uuid = ""
        there = await till.settled(begun)
    assert there.state is state, there.reason
    assert till.posts() == 1


async def test_to_ask_whose_an_order_is_does_not_change_it(till: Till) -> None:
    """Another laptop's, of the same buyer, who spelled the name otherwise there."""
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(buyer=ANNA))
        order = placed(till, Buyer("ANNA", "ÅGÅRD", "Anna@Example.com"), "BX-2-1")
        before = dict(order.address)
        await till.settled(begun, SaleState.NOT_PLACED)
    assert till.site.log.count("PATCH", "orders/*/") == 1
    assert order.address == before


@both_dialects
async def test_the_order_that_a_person_names_is_of_this_event_and_of_no_other_door(
    till: Till,
) -> None:
    """Taken over, it would be in two accounts, or be no ticket to this event."""
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        lost = await till.settled(await till.seller.place(till.cart()), SaleState.NOT_PLACED)
    _, other_event, *_ = till.site.state.events.values()
    elsewhere = next(order for order in other_event.orders if order.external_order_id is None)
    theirs = placed(till, lost.cart.buyer, "BX-2-1")
    for order, why in [(elsewhere, "another event"), (theirs, "another mark")]:
        with pytest.raises(NotForSale, match=why):
            await till.seller.settle(lost, SaleAction.NAME_ORDER, order.uuid)
    assert (await till.sale(lost)).state is SaleState.NOT_PLACED


@pytest.mark.parametrize("dialect", ["live"])
async def test_no_more_tickets_are_read_than_it_takes_to_find_those_of_a_sale(till: Till) -> None:
    """Where its order cannot be read, else all that was sold elsewhere is, beside the door."""
    await till.puller.pull()
    for _ in range(10):
        placed(till, BO, None)
    till.site.faults.set("500", method="GET", path="orders/*/")
    done = await till.settled(await till.seller.place(till.cart(buyer=ANNA)), SaleState.DONE)
    assert done.checked_in
    assert till.site.log.count("GET", "tickets/*/") < 10


async def test_a_first_sale_reads_the_types_that_are_not_known_yet(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    """Without them no ticket can be told from one for another door, and all stay out."""
    async with till_at(sandbox, clock, tmp_path / "data") as till:
        cart = replace(till.cart(), elsewhere=(till.types[1].uuid,))
        done = await till.settled(await till.seller.place(cart), SaleState.DONE)
    assert done.checked_in, done.reason
