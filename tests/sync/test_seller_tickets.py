"""Whose tickets an order has: read with the order, or found in the list."""

import pytest

from boxoffice.domain.sale import SaleState
from boxoffice.store import tickets
from tests.sync.conftest import running
from tests.sync.sales_support import Till


@pytest.mark.parametrize("dialect", ["live"])
async def test_an_order_that_names_its_tickets_is_all_that_is_read(till: Till) -> None:
    """The long list of the event is neither waited for nor needed."""
    await till.puller.pull()
    till.site.log.clear()
    ill = till.site.faults.set("500", method="GET", path="events/*/tickets/")
    done = await till.settled(await till.seller.place(till.cart(2)), SaleState.DONE)
    (order,) = till.orders()
    assert set(done.tickets) == {ticket.uuid for ticket in order.tickets}
    assert done.checked_in
    assert not ill.hits
    assert till.site.log.count("GET", "orders/*/") == 1
    assert till.site.log.count("GET", "tickets/*/") == 2


@pytest.mark.parametrize("dialect", ["live"])
async def test_tickets_that_their_order_names_are_known_where_nobody_is_let_in(till: Till) -> None:
    done = await till.settled(await till.seller.place(till.cart(2, check_in=False)), SaleState.DONE)
    for uuid in done.tickets:
        ticket = await till.laptop.store.read(tickets.get, uuid)
        assert ticket is not None
        assert (ticket.ticket_type, ticket.order) == ("Standard", done.order)


@pytest.mark.parametrize("dialect", ["live"])
async def test_where_an_order_cannot_be_read_its_tickets_are_found_by_the_list(till: Till) -> None:
    ill = till.site.faults.set("500", method="GET", path="orders/*/")
    async with running(till.seller.run()):
        done = await till.settled(await till.seller.place(till.cart(2)), SaleState.DONE)
    assert ill.hits
    assert len(done.tickets) == 2


@pytest.mark.parametrize("dialect", ["live"])
async def test_where_a_ticket_is_not_there_yet_it_is_found_by_the_list(till: Till) -> None:
    lags = till.site.faults.set("404", method="GET", path="tickets/*/", times=1)
    done = await till.settled(await till.seller.place(till.cart(2)), SaleState.DONE)
    (order,) = till.orders()
    assert lags.hits
    assert set(done.tickets) == {ticket.uuid for ticket in order.tickets}
    assert done.checked_in
