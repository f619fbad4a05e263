"""An order is never placed twice, whatever becomes of its answer.

CONTRIBUTING.md, promise 7.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path

import pytest

from boxoffice.domain.cart import Buyer
from boxoffice.domain.sale import SaleAction, SaleState
from boxoffice.sandbox import Sandbox
from boxoffice.sync.sales.rules import NotForSale
from boxoffice.ticketbutler import Limits
from tests.support import FakeClock, both_dialects, until
from tests.sync.conftest import pass_by, running
from tests.sync.sales_support import GUEST, ORDERS, Till, till_at


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    """Short of patience only where the site is silent: on a busy machine any answer may be late."""
    spec = getattr(request.node, "callspec", None)
    silent = spec is not None and str(spec.params.get("fault")).startswith("hang")
    return Limits(order_read=0.1) if silent else Limits()


@pytest.fixture
async def till(
    sandbox: Sandbox, clock: FakeClock, tmp_path: Path, limits: Limits
) -> AsyncIterator[Till]:
    async with till_at(sandbox, clock, tmp_path / "data", limits=limits) as made:
        await made.puller.metadata.pull()
        yield made


CARRIED_OUT = (
    *("drop-after", "hang-after", "cut", "truncated", "wrong-shape", "deep"),
    *("500-after", "502-after", "503-after", "522-after", "524-after"),
)
NOT_CARRIED_OUT = ("drop", "hang", "500", "502", "503", "504", "520", "524", "html", "408")
DIALECTS = ("docs", "live")
"""An order that is not there looks alike in both: one after another they meet each fault."""
REFUSALS = ("400", "401", "403", "404", "409", "410", "422", "429", "429=5", "redirect")


@both_dialects
@pytest.mark.parametrize("fault", CARRIED_OUT)
async def test_an_order_whose_answer_is_lost_is_found(till: Till, fault: str) -> None:
    rule = till.site.faults.set(fault, method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(2))
        done = await till.settled(begun)
    till.site.faults.clear(rule)
    assert done.state is SaleState.DONE, done.reason
    (order,) = till.orders()
    assert done.order == order.uuid
    assert done.order_id == order.order_id
    assert set(done.tickets) == {ticket.uuid for ticket in order.tickets}
    assert done.checked_in
    assert till.posts() == 1
    assert await till.taken() == order.total


@pytest.mark.parametrize(("fault", "dialect"), list(zip(NOT_CARRIED_OUT, cycle(DIALECTS))))
async def test_an_order_that_is_not_there_is_sold_again_by_a_person_only(
    till: Till, fault: str
) -> None:
    rule = till.site.faults.set(fault, method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(2))
        lost = await till.settled(begun)
        assert lost.state is SaleState.NOT_PLACED, lost.reason
        assert (till.posts(), till.orders(), await till.taken()) == (1, [], Decimal(0))
        till.site.faults.clear(rule)
        again = await till.seller.settle(lost, SaleAction.SELL_AGAIN)
        assert again.state is SaleState.SENDING
        done = await till.settled(again, SaleState.DONE)
    (order,) = till.orders()
    assert (done.order, till.posts()) == (order.uuid, 2)
    assert order.external_order_id == begun.external_order_id
    assert await till.taken() == order.total


@pytest.mark.parametrize(("fault", "dialect"), list(zip(REFUSALS, cycle(DIALECTS))))
async def test_what_is_refused_is_over(till: Till, fault: str) -> None:
    till.site.faults.set(fault, method="POST", path=ORDERS)
    async with running(till.seller.run()):
        refused = await till.settled(await till.seller.place(till.cart()))
    assert refused.state is SaleState.REFUSED
    assert refused.reason.endswith(".")
    assert (till.posts(), till.orders(), await till.taken()) == (1, [], Decimal(0))


async def test_it_is_not_given_up_before_a_list_can_hold_it(till: Till) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart())
        unknown = await till.settled(begun, SaleState.UNKNOWN)
        lost = await till.settled(begun)
    assert lost.since is not None
    assert unknown.since is not None
    assert lost.since - unknown.since >= timedelta(seconds=30)
    assert till.site.log.count("GET", "events/*/tickets/") > 2


@both_dialects
async def test_an_order_that_is_carried_out_late_is_found_before_it_is_sold_again(
    till: Till,
) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        lost = await till.settled(await till.seller.place(till.cart()))
        assert lost.state is SaleState.NOT_PLACED
        late = till.cart().buyer
        address = {"first_name": late.first_name, "last_name": late.last_name}
        till.site.state.sell(
            till.site.state.events[till.laptop.event],
            address | {"email": late.email},
            [(till.types[0], 1)],
            lost.external_order_id,
        )
        again = await till.seller.settle(lost, SaleAction.SELL_AGAIN)
        done = await till.settled(again, SaleState.DONE)
    (order,) = till.orders()
    assert (done.order, till.posts()) == (order.uuid, 1)
    assert await till.taken() == order.total


@both_dialects
async def test_an_order_of_another_laptop_is_not_taken_for_ours(
    till: Till, tmp_path: Path, clock: FakeClock
) -> None:
    """Both sell the same to the same house e-mail; only the other one's order is placed."""
    async with till_at(till.site, clock, tmp_path / "other", lane="2") as other:
        await other.puller.metadata.pull()
        rule = till.site.faults.set("524", method="POST", path=ORDERS, times=1)
        async with running(till.seller.run()), running(other.seller.run()):
            mine = await till.seller.place(till.cart())
            await till.settled(mine, SaleState.UNKNOWN)
            till.site.faults.clear(rule)
            theirs = await other.seller.place(other.cart())
            sold = await other.settled(theirs, SaleState.DONE)
            lost = await till.settled(mine)
    assert lost.state is SaleState.NOT_PLACED, lost.reason
    (order,) = till.orders()
    assert sold.order == order.uuid


async def test_an_order_is_not_claimed_while_its_mark_cannot_be_asked_for(
    till: Till, clock: FakeClock
) -> None:
    """Another laptop's order is all that is found, and for a while nobody can tell whose."""
    till.site.faults.set("524", method="POST", path=ORDERS)
    ill = till.site.faults.set("500", method="PATCH", path="orders/*/")
    event, began = till.site.state.events[till.laptop.event], clock.now()
    address = {"first_name": GUEST.first_name, "last_name": GUEST.last_name}
    async with running(till.seller.run()):
        mine = await till.seller.place(till.cart())
        till.site.state.sell(
            event, address | {"email": GUEST.email}, [(till.types[0], 1)], "BX-2-1"
        )

        async def asked_in_vain() -> bool:
            await clock.advance(0.5)
            return ill.hits > 1 and clock.now() - began > timedelta(minutes=1)

        await until(asked_in_vain, "the mark was asked for, long after the post")
        assert (await till.sale(mine)).state is SaleState.UNKNOWN
        till.site.faults.clear(ill)
        lost = await till.settled(mine)
    assert lost.state is SaleState.NOT_PLACED, lost.reason
    assert till.posts() == 1


@both_dialects
async def test_sales_that_are_alike_each_get_their_own(till: Till) -> None:
    till.site.faults.set("drop-after", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = [await till.seller.place(till.cart()) for _ in range(3)]
        done = [await till.settled(sale) for sale in begun]
    assert {sale.state for sale in done} == {SaleState.DONE}
    placed = {order.uuid: order.external_order_id for order in till.orders()}
    assert {sale.order: sale.external_order_id for sale in done} == placed
    assert till.posts() == 3
    assert await till.taken() == till.owed()


@both_dialects
async def test_a_site_that_does_not_tell_marks_leaves_a_person_to_decide(till: Till) -> None:
    """The document shows a mark only where an order is changed, which the key may not here."""
    till.site.faults.set("403", method="PATCH", path="orders/*/")
    till.site.faults.set("drop-after", method="POST", path=ORDERS)
    buyer, event = GUEST, till.site.state.events[till.laptop.event]
    address = {"first_name": buyer.first_name, "last_name": buyer.last_name}
    address["email"] = buyer.email
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart())
        till.site.state.sell(event, address, [(till.types[0], 1)], "BX-other-7")
        there = await till.settled(begun)
        if till.site.dialect == "live":
            assert there.state is SaleState.DONE
        else:
            assert there.state is SaleState.UNSURE
            assert event.order_prefix in there.reason
            mine = next(o for o in till.orders() if o.external_order_id == "BX-1-1")
            await till.seller.settle(there, SaleAction.NAME_ORDER, mine.order_id)
            there = await till.settled(there, SaleState.DONE)
    assert till.site.state.orders[there.order or ""].external_order_id == "BX-1-1"
    assert till.posts() == 1


async def test_looks_that_fail_leave_it_open_then_ask_a_person(till: Till) -> None:
    till.site.faults.set("drop-after", method="POST", path=ORDERS)
    ill = till.site.faults.set("500", method="GET", path="events/*/tickets/")
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart())
        there = await till.settled(begun)
        assert there.state is SaleState.UNSURE
        assert there.posted_at is not None and there.since is not None
        assert there.since - there.posted_at >= timedelta(minutes=10)
        till.site.faults.clear(ill)
        looked = await till.seller.settle(there, SaleAction.LOOK)
        assert looked.state is SaleState.DONE
    assert (till.posts(), len(till.orders())) == (1, 1)


@both_dialects
async def test_unattended_it_is_placed_again_by_itself(till: Till) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS, times=2)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(), unattended=True)
        done = await till.settled(begun, SaleState.DONE)
    assert (till.posts(), len(till.orders()), done.lost) == (3, 1, 2)
    assert await till.taken() == till.owed()


async def test_unattended_it_is_placed_three_times_at_most(till: Till) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        begun = await till.seller.place(till.cart(), unattended=True)
        lost = await till.settled(begun)
    assert (lost.state, till.posts()) == (SaleState.NOT_PLACED, 3)


async def test_what_was_posted_when_the_process_ended_is_looked_for(till: Till) -> None:
    rule = till.site.faults.set("hang-after", method="POST", path=ORDERS)
    begun = await till.seller.place(till.cart())
    await until(till.orders, "an order")
    await till.seller.close()
    assert (await till.sale(begun)).state is SaleState.SENDING
    till.site.faults.clear(rule)
    waiting, attention = await till.another().drain()
    assert (waiting, attention) == (0, 0)
    assert (await till.sale(begun)).state is SaleState.DONE
    assert (till.posts(), len(till.orders())) == (1, 1)


async def test_a_sale_that_another_process_posts_is_left_alone(till: Till) -> None:
    rule = till.site.faults.set("latency=5", method="POST", path=ORDERS)
    begun = await till.seller.place(till.cart())
    await till.another()._workflow.recover()
    assert (await till.sale(begun)).state is SaleState.SENDING
    till.site.faults.clear(rule)
    assert (await till.settled(begun, SaleState.SOLD, SaleState.DONE)).order


@both_dialects
async def test_the_last_tickets_from_two_lanes_at_once(
    till: Till, tmp_path: Path, clock: FakeClock
) -> None:
    kind = till.types[0]
    kind.amount_total = kind.amount_sold + 5
    async with till_at(till.site, clock, tmp_path / "other", lane="2") as other:
        await other.puller.metadata.pull()
        async with running(till.seller.run()), running(other.seller.run()):
            begun = [
                (lane, await lane.seller.place(lane.cart()))
                for _ in range(3)
                for lane in (till, other)
            ]
            ended = [await lane.settled(sale) for lane, sale in begun]
        states = sorted(sale.state for sale in ended)
        assert states == [SaleState.DONE] * 5 + [SaleState.REFUSED]
        (refused,) = (sale for sale in ended if sale.state is SaleState.REFUSED)
        assert refused.reason.startswith("Not enough tickets are left")
        assert kind.amount_left == 0
        assert await till.taken() + await other.taken() == till.owed()


async def test_a_person_may_not_sell_again_what_is_under_way(till: Till) -> None:
    async with running(till.seller.run()):
        done = await till.settled(await till.seller.place(till.cart()), SaleState.DONE)
    with pytest.raises(NotForSale):
        await till.seller.settle(done, SaleAction.SELL_AGAIN)
    assert till.posts() == 1


async def test_an_order_named_by_a_person_must_be_free(till: Till) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS, times=1)
    async with running(till.seller.run()):
        lost = await till.settled(await till.seller.place(till.cart()))
        done = await till.settled(await till.seller.place(till.cart()), SaleState.DONE)
    assert lost.state is SaleState.NOT_PLACED
    with pytest.raises(NotForSale, match="BX-1-2 already"):
        await till.seller.settle(lost, SaleAction.NAME_ORDER, done.order or "")
    with pytest.raises(NotForSale, match="known"):
        await till.seller.settle(lost, SaleAction.NAME_ORDER, "zzz9")
    assert (await till.sale(lost)).state is SaleState.NOT_PLACED


async def test_a_buyer_with_markup_in_the_name(till: Till) -> None:
    till.site.faults.set("drop-after", method="POST", path=ORDERS)
    buyer = Buyer("[b]Łukasz", "O'Đ\u202eễ [/]", "Lukasz+1@Example.com")
    async with running(till.seller.run()):
        done = await till.settled(await till.seller.place(till.cart(buyer=buyer)))
    assert done.state is SaleState.DONE, done.reason


async def test_queued_sales_are_placed_in_their_order(till: Till) -> None:
    buyers = [Buyer(name, "X", "x@example.com") for name in ("First", "Second", "Third")]
    for buyer in buyers:
        queued = await till.seller.place(till.cart(buyer=buyer), queue=True)
        assert (queued.state, queued.booked) == (SaleState.QUEUED, True)
    till.site.faults.set("429", method="POST", path=ORDERS, times=1)
    async with running(till.seller.run()):
        await till.settled(queued, SaleState.DONE)
    assert [order.address["first_name"] for order in till.orders()] == ["First", "Second", "Third"]
    assert till.posts() == 4
    assert await till.taken() == till.owed()


async def test_a_site_that_asks_for_a_long_rest_is_left_in_peace(till: Till) -> None:
    till.site.faults.set("429=3600", method="POST", path=ORDERS)
    sale = await till.seller.place(till.cart(), queue=True)
    async with running(till.seller.run()):
        await until(till.posts)
        await pass_by(till.clock, 60)
        assert till.posts() == 1
        till.site.faults.clear()
        assert (await till.settled(sale)).state is SaleState.DONE
    assert till.posts() == 2


async def test_a_lane_leaves_the_sales_of_another_alone_while_it_is_open(
    till: Till, clock: FakeClock
) -> None:
    """On one data folder; the other's sale is taken on once nobody seems to look after it."""
    begun = await till.seller.place(till.cart(), queue=True)
    other = till.another(lane="2")
    async with running(other.run()):
        for _ in range(60):
            await clock.advance(1)
        assert (await till.sale(begun)).state is SaleState.QUEUED
        assert (await till.settled(begun, SaleState.DONE)).order
