"""Looks for a sale that is not settled: who waits for them, for how long, and where they begin."""

from datetime import timedelta

import pytest

from boxoffice.domain.sale import Sale, SaleAction, SaleState, SaleUpdate
from boxoffice.store import sales
from boxoffice.sync.sales.rules import LOOK_IN_VAIN
from boxoffice.sync.sales.seller import DRAIN_FOR
from tests.support import until
from tests.sync.conftest import pass_until, running
from tests.sync.sales_support import GUEST, ORDERS, Till

LIST = "events/*/tickets/"


def placed(till: Till, mark: str | None) -> str:
    """An order at the site for one ticket to the house's buyer; its uuid."""
    order = till.site.state.sell(
        till.site.state.events[till.laptop.event],
        {"first_name": GUEST.first_name, "last_name": GUEST.last_name, "email": GUEST.email},
        [(till.types[0], 1)],
        mark,
    )
    return order.uuid


async def lost(till: Till) -> Sale:
    """A sale whose post was left without an answer, and was not carried out."""
    till.site.faults.set("524", method="POST", path=ORDERS, times=1)
    begun = await till.seller.place(till.cart())

    async def unknown() -> bool:
        return (await till.sale(begun)).state is SaleState.UNKNOWN

    await until(unknown, "its answer is lost")
    return await till.sale(begun)


async def drained(till: Till) -> tuple[tuple[int, int], float]:
    """What `drain` answers, and after how many seconds."""
    began, came = till.clock.monotonic(), []

    async def drain() -> None:
        came.append((await till.seller.drain(), till.clock.monotonic() - began))

    async with running(drain()):
        await pass_until(till.clock, lambda: came)
    return came[0]


async def test_a_drain_waits_for_what_will_be_known_and_not_for_a_list_that_fails(
    till: Till,
) -> None:
    begun = await lost(till)
    ill = till.site.faults.set("500", method="GET", path=LIST)
    left, seconds = await drained(till)
    assert (left, ill.hits > 0) == ((1, 0), True)
    assert seconds < DRAIN_FOR / 2
    till.site.faults.clear(ill)
    assert (await drained(till))[0] == (0, 1), "it was looked for until it was known"
    assert (await till.sale(begun)).state is SaleState.NOT_PLACED


@pytest.mark.parametrize("dialect", ["live"])
async def test_a_drain_waits_for_a_few_looks_for_the_tickets_of_an_order(till: Till) -> None:
    ill = till.site.faults.set("500", method="GET", path="tickets/*/")
    begun = await till.seller.place(till.cart())
    await until(lambda: ill.hits, "its ticket was not read")
    left, seconds = await drained(till)
    assert left == (1, 0)
    assert 4 < seconds < DRAIN_FOR
    till.site.faults.clear(ill)
    assert (await drained(till))[0] == (0, 0)
    assert (await till.sale(begun)).state is SaleState.DONE


async def test_who_waits_for_a_sale_is_answered_as_soon_as_it_is_settled(till: Till) -> None:
    """And not only when the patience is over: the next in the queue stands there."""
    came = []

    async def sell() -> None:
        came.append(await till.seller.place(till.cart(), patience=600))

    began = till.clock.monotonic()
    async with running(till.seller.run()), running(sell()):
        await pass_until(till.clock, lambda: came)
    assert came[0].state is SaleState.DONE
    assert till.clock.monotonic() - began < 60


async def test_a_person_s_look_finds_what_was_carried_out_late_and_changes_nothing_else(
    till: Till,
) -> None:
    async with running(till.seller.run()):
        missed = await till.settled(await lost(till), SaleState.NOT_PLACED)
        looked = await till.seller.settle(missed, SaleAction.LOOK)
        assert looked.state is SaleState.NOT_PLACED
        order = placed(till, missed.external_order_id)
        looked = await till.seller.settle(missed, SaleAction.LOOK)
        assert (looked.state, looked.order) == (SaleState.DONE, order)
    assert till.posts() == 1


@pytest.mark.parametrize("dialect", ["live"])
async def test_a_person_s_look_does_not_begin_what_is_under_way_a_second_time(till: Till) -> None:
    hang = till.site.faults.set("hang", method="GET", path="tickets/*/")
    begun = await till.seller.place(till.cart())
    await until(lambda: hang.hits, "its ticket is being read")
    looked = await till.seller.settle(await till.sale(begun), SaleAction.LOOK)
    assert looked.state is SaleState.SOLD
    assert hang.hits == 1


async def test_looks_begin_at_what_was_known_before_the_first_post(till: Till) -> None:
    """A ticket of the first post, carried out late, has a lower number than those seen since."""
    async with running(till.seller.run()):
        till.site.faults.set("524", method="POST", path=ORDERS, times=1)
        begun = await till.seller.place(till.cart(), unattended=True)
        placed(till, "BX-2-1")
        done = await till.settled(begun, SaleState.DONE)
    assert done.lost == 1
    assert begun.after_number is not None
    assert done.after_number == begun.after_number


async def test_looks_that_worked_in_between_begin_the_patience_anew(till: Till) -> None:
    """A person is asked once looks have failed for long, and not for having failed now and then."""
    async with running(till.seller.run()):
        ill = till.site.faults.set("500", method="GET", path=LIST, times=1)
        begun = await lost(till)
        await pass_until(till.clock, lambda: ill.hits)
        seen = till.site.log.count("GET", LIST)
        await pass_until(till.clock, lambda: till.site.log.count("GET", LIST) > seen)
        till.site.faults.set("500", method="GET", path=LIST)
        ill_since = till.clock.now()
        unsure = await till.settled(begun, SaleState.UNSURE)
    assert unsure.since is not None
    assert unsure.since - ill_since >= timedelta(seconds=LOOK_IN_VAIN)


async def test_an_order_that_another_sale_has_is_not_counted_for_two(till: Till) -> None:
    """A person named it for a sale that was lost, just as it was being placed."""
    first = await lost(till)
    hang = till.site.faults.set("hang-after", method="POST", path=ORDERS)
    second = await till.seller.place(till.cart())
    await until(till.orders, "an order")
    (order,) = till.orders()
    await till.till.write(sales.advance, first.id, SaleState.SOLD, SaleUpdate(order=order.uuid))
    till.site.faults.clear(hang)
    async with running(till.seller.run()):
        there = await till.settled(second)
    assert there.order is None
    assert there.state is not SaleState.DONE
    assert await till.taken() == till.owed()
