"""Orders that turn up late, or look like another door's: none is placed twice, none is taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from boxoffice.domain.cart import Buyer
from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.store import StoreError, orders
from boxoffice.sync.sales.rules import NotForSale
from tests.support import FakeClock, both_dialects, until
from tests.sync.conftest import pass_until, running
from tests.sync.sales_support import ORDERS, Till

ANNA = Buyer("Anna", "Ågård", "anna@example.com")


def placed_late(till: Till, sale: Sale, mark: str | None = "", buyer: Buyer | None = None) -> None:
    """The site carries the order of a sale out, long after it was posted."""
    who = buyer or sale.cart.buyer
    till.site.state.sell(
        till.site.state.events[till.laptop.event],
        {"first_name": who.first_name, "last_name": who.last_name, "email": who.email},
        [(till.types[0], sale.cart.amount)],
        sale.external_order_id if mark == "" else mark,
    )


async def refused_after_a_lost_post(till: Till, refusal: str, state: SaleState) -> Sale:
    """A queued sale: its first post is lost and not found, the next one is refused."""
    queued = await till.seller.place(till.cart(), queue=True)
    refused = till.site.faults.set(refusal, method="POST", path=ORDERS)
    lost = till.site.faults.set("524", method="POST", path=ORDERS, times=1)
    await pass_until(till.clock, lambda: refused.hits)
    there = await till.settled(queued, state)
    assert (lost.hits, refused.hits, there.lost) == (1, 1, 1)
    return there


@both_dialects
async def test_refused_after_a_lost_post_it_is_looked_for_before_it_is_sold_again(
    till: Till,
) -> None:
    async with running(till.seller.run()):
        failed = await refused_after_a_lost_post(till, "400", SaleState.FAILED)
        till.site.faults.clear()
        placed_late(till, failed)
        done = await till.settled(
            await till.seller.settle(failed, SaleAction.SELL_AGAIN), SaleState.DONE
        )
    (order,) = till.orders()
    assert done.order == order.uuid
    assert await till.taken() == till.owed()


async def test_refused_after_a_lost_post_it_is_sold_again_where_it_is_not_there(till: Till) -> None:
    async with running(till.seller.run()):
        failed = await refused_after_a_lost_post(till, "400", SaleState.FAILED)
        ill = till.site.faults.set("500", method="GET", path="events/*/tickets/")
        with pytest.raises(NotForSale, match="could not be looked for"):
            await till.seller.settle(failed, SaleAction.SELL_AGAIN)
        assert ill.hits
        till.site.faults.clear()
        await till.settled(await till.seller.settle(failed, SaleAction.SELL_AGAIN), SaleState.DONE)
    assert len(till.orders()) == 1
    assert await till.taken() == till.owed()


async def test_a_person_may_name_the_order_of_a_sale_that_was_refused(till: Till) -> None:
    async with running(till.seller.run()):
        failed = await refused_after_a_lost_post(till, "400", SaleState.FAILED)
        till.site.faults.clear()
        placed_late(till, failed)
        (order,) = till.orders()
        found = await till.seller.settle(failed, SaleAction.NAME_ORDER, order.uuid)
        assert (await till.settled(found, SaleState.DONE)).order == order.uuid
    assert await till.taken() == till.owed()


@both_dialects
async def test_back_in_the_queue_after_a_lost_post_it_is_looked_for_before_the_next(
    till: Till,
) -> None:
    async with running(till.seller.run()):
        queued = await refused_after_a_lost_post(till, "429=60", SaleState.QUEUED)
        till.site.faults.clear()
        placed_late(till, queued)
        done = await till.settled(queued, SaleState.DONE)
    (order,) = till.orders()
    assert done.order == order.uuid
    assert await till.taken() == till.owed()


async def test_back_in_the_queue_after_a_lost_post_it_is_posted_where_it_is_not_there(
    till: Till,
) -> None:
    async with running(till.seller.run()):
        queued = await refused_after_a_lost_post(till, "429=5", SaleState.QUEUED)
        till.site.faults.clear()
        assert (await till.settled(queued, SaleState.DONE)).order
    assert len(till.orders()) == 1


@both_dialects
async def test_another_door_s_house_sale_is_not_taken_where_marks_are_not_told(till: Till) -> None:
    """The key may not change orders; another laptop sells the same in the house's name."""
    till.site.faults.set("403", method="PATCH", path="orders/*/")
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart())
        placed_late(till, begun, mark="BX-2-1")
        there = await till.settled(begun)
    assert there.order is None
    expected = SaleState.NOT_PLACED if till.site.dialect == "live" else SaleState.UNSURE
    assert there.state is expected, there.reason
    assert till.posts() == 1


async def test_where_marks_are_not_told_a_buyer_s_own_name_and_address_tell(till: Till) -> None:
    till.site.faults.set("403", method="PATCH", path="orders/*/")
    till.site.faults.set("drop-after", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(buyer=ANNA))
        done = await till.settled(begun)
    assert done.state is SaleState.DONE, done.reason


@both_dialects
async def test_our_mark_on_the_order_of_another_buyer_is_not_taken_for_ours(till: Till) -> None:
    """Two laptops whose lanes have one name count the same numbers."""
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(buyer=ANNA))
        placed_late(till, begun, buyer=replace(ANNA, first_name="Bo", email="bo@example.com"))
        there = await till.settled(begun)
    assert there.state is not SaleState.DONE
    assert there.order is None
    assert till.posts() == 1


async def test_a_copy_that_cannot_be_written_does_not_unmake_a_sale(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = till.laptop.store.write

    async def full(change: Callable[..., object], *args: object) -> object:
        if change is orders.save:
            raise StoreError("The disk is full.")
        return await write(change, *args)

    monkeypatch.setattr(till.laptop.store, "write", full)
    begun = await till.seller.place(till.cart())

    async def sold() -> bool:
        return (await till.sale(begun)).state is SaleState.SOLD

    await until(sold, "sold")
    monkeypatch.undo()
    async with running(till.seller.run()):
        assert (await till.settled(begun, SaleState.DONE)).order
    assert till.posts() == 1


async def test_the_patience_of_a_command_begins_with_the_post(till: Till) -> None:
    """Before it, another process may be at work for long."""
    till.site.faults.set("latency=0.1", method="POST", path=ORDERS)
    other = till.another()

    async def hold() -> None:
        async with other._workflow._lock.hold(0):
            await till.clock.sleep(30)

    async with running(hold()), running(till.seller.run()):

        async def sell() -> None:
            sale = await till.seller.place(till.cart(), patience=20)
            assert sale.state is SaleState.DONE, sale.state

        async with running(sell()) as selling:

            async def there() -> bool:
                await till.clock.advance(0.5)
                return selling.done()

            await until(there, "sold")


async def test_sales_of_another_lane_are_taken_on_after_the_clock_was_set_back(
    till: Till, clock: FakeClock
) -> None:
    """Its moments are to come then, and tell nothing of how long it was left alone."""
    begun = await till.seller.place(till.cart(), queue=True)
    clock.jump(-timedelta(hours=3))
    async with running(till.another(lane="2").run()):
        assert (await till.settled(begun, SaleState.DONE)).order
