"""From an order that is placed to people who are in: tickets that lag, or are gone.

CONTRIBUTING.md, promise 2: what does not go by itself ends in a sentence for a person.
"""

from datetime import timedelta

from boxoffice.domain.sale import Sale, SaleState
from boxoffice.sync.sales.fulfilment import GONE, NOT_LISTED
from boxoffice.sync.sales.rules import LOOK_IN_VAIN
from tests.support import until
from tests.sync.conftest import running
from tests.sync.sales_support import Till

LIST = "events/*/tickets/"


async def sold_beside_a_list_of_before(till: Till) -> Sale:
    """A sale whose order is placed, and whose tickets no list has for now."""
    till.site.faults.set("stale", path=LIST)
    await till.puller.pull()
    begun = await till.seller.place(till.cart())

    async def looked_for() -> bool:
        return (await till.sale(begun)).tries > 0

    await until(looked_for, "its tickets were looked for")
    return await till.sale(begun)


async def test_tickets_that_are_not_listed_yet_are_waited_for(till: Till) -> None:
    """Else who paid at the desk is sent to the end of the queue, as if not checked in."""
    sold = await sold_beside_a_list_of_before(till)
    assert (sold.state, sold.reason) == (SaleState.SOLD, NOT_LISTED)
    till.site.faults.clear()
    async with running(till.seller.run()):
        done = await till.settled(sold, SaleState.DONE)
    (order,) = till.orders()
    assert done.tickets == tuple(ticket.uuid for ticket in order.tickets)
    assert (done.checked_in, done.reason) == (True, "")


async def test_tickets_that_are_never_listed_end_in_a_sentence(till: Till) -> None:
    sold = await sold_beside_a_list_of_before(till)
    async with running(till.seller.run()):
        done = await till.settled(sold, SaleState.DONE)
    assert done.since is not None
    assert sold.since is not None
    assert done.since - sold.since > timedelta(seconds=LOOK_IN_VAIN)
    assert (done.tickets, done.checked_in) == ((), False)
    assert done.reason == "1 of its tickets were not found in the list."


async def test_tickets_are_shown_before_they_are_checked_in(till: Till) -> None:
    """A buyer who waits for a slow site has something in hand."""
    hang = till.site.faults.set("hang", method="GET", path="tickets/*/")
    begun = await till.seller.place(till.cart())
    await until(lambda: hang.hits, "its ticket is read before it is checked in")
    (order,) = till.orders()
    there = await till.sale(begun)
    assert (there.state, there.tickets) == (SaleState.SOLD, (order.tickets[0].uuid,))


async def test_a_ticket_that_the_site_does_not_know_is_not_let_in_unsaid(till: Till) -> None:
    till.site.faults.set("404", method="GET", path="tickets/*/")
    async with running(till.seller.run()):
        done = await till.settled(await till.seller.place(till.cart()), SaleState.DONE)
    assert not done.checked_in
    assert done.reason.endswith(f"is not checked in: {GONE}")
