"""Refunds: booked once, in the till that gave the money, with the truth told."""

import asyncio
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.money import cash_rounding
from boxoffice.domain.sale import Refund, SaleState, SaleUpdate, TakingKind
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.orders import OrderError
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.store import journal_db, sales, takings
from boxoffice.ticketbutler import Forbidden, Refused
from tests.lane.conftest import OpenLane, goes_offline, listed
from tests.lane.test_orders import order
from tests.support import FakeClock, both_dialects, until

__all__ = ["order"]


async def booked(lane: Lane) -> list[tuple[TakingKind, PaymentMethod, Decimal]]:
    found = await lane._journal.read_all(takings.of_event)
    return [(taking.kind, taking.paid, taking.amount) for taking in found]


@both_dialects
async def test_a_refund_is_booked_and_lets_nobody_in(lane: Lane, order: Order) -> None:
    await lane.orders.refresh(order.uuid)
    refunded = await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total, "Ill"))
    assert refunded.refunded
    assert order.refunded
    assert await booked(lane) == [(TakingKind.REFUND, PaymentMethod.CASH, -order.total)]
    for ticket in order.tickets:
        assert (await lane.scan(ticket.uuid)).verdict.code is VerdictCode.REFUNDED
    await until(lambda: (row := lane.roster.get(order.tickets[0].uuid)) and row.ticket.refunded)


async def test_a_refund_of_the_organisers_takes_no_money_from_the_till(
    lane: Lane, order: Order
) -> None:
    await lane.orders.refund(order.uuid, Refund())
    assert order.refunded
    assert await booked(lane) == []


async def test_refunded_offline_knowledge_keeps_them_out(
    sandbox: Sandbox, lane: Lane, order: Order, clock: FakeClock
) -> None:
    await lane.orders.refund(order.uuid, Refund())
    await goes_offline(sandbox, lane, clock)
    assert (await lane.scan(order.tickets[0].uuid)).verdict.code is VerdictCode.REFUNDED


async def test_a_refund_of_a_refunded_order_is_a_sentence(
    sandbox: Sandbox, lane: Lane, order: Order
) -> None:
    sandbox.state.refund(order)
    with pytest.raises(Refused) as error:
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert "already" in error.value.sentence
    assert await booked(lane) == []
    await lane.orders.refresh(order.uuid)
    assert await booked(lane) == []


async def test_a_key_that_may_not_refund_is_a_sentence(
    sandbox: Sandbox, lane: Lane, order: Order
) -> None:
    sandbox.state.may_refund = False
    with pytest.raises(Forbidden) as error:
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert "may not refund" in error.value.sentence
    assert not order.refunded
    assert await booked(lane) == []


@both_dialects
@pytest.mark.parametrize("fault", ["drop-after", "524-after", "truncated", "html"])
async def test_a_lost_answer_to_a_refund_is_looked_up(
    sandbox: Sandbox, lane: Lane, order: Order, fault: str
) -> None:
    sandbox.faults.set(fault, method="DELETE", times=1)
    if fault == "html":
        with pytest.raises(OrderError, match="not refunded"):
            await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    else:
        assert (
            await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
        ).refunded
    assert order.refunded is (fault != "html")
    assert len(await booked(lane)) == (fault != "html")


async def test_a_refund_that_did_not_reach_the_site_is_said(
    sandbox: Sandbox, lane: Lane, order: Order
) -> None:
    sandbox.faults.set("drop", method="DELETE", times=1)
    with pytest.raises(OrderError, match="not refunded"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert not order.refunded
    assert await booked(lane) == []
    sandbox.state.refund(order)  # by the organiser, later
    await lane.orders.refresh(order.uuid)
    assert await booked(lane) == []


async def test_a_refund_of_unknown_outcome_is_booked_once_it_is_known(
    sandbox: Sandbox, open_lane: OpenLane, order: Order
) -> None:
    lane = await open_lane()
    await listed(lane)
    sandbox.faults.set("drop-after", method="DELETE", times=1)
    sandbox.faults.set("500", method="GET", path="orders/*/")
    with pytest.raises(OrderError, match="not known whether"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CARD, order.total))
    assert order.refunded
    assert await booked(lane) == []
    sandbox.faults.clear()
    await lane.stop()
    again = await open_lane()  # the computer was started anew
    for _ in range(2):
        view = await again.orders.refresh(order.uuid)
        assert view.order.refunded
        assert await booked(again) == [(TakingKind.REFUND, PaymentMethod.CARD, -order.total)]


async def test_a_late_refund_leaves_the_drawer_of_the_lane_that_asked(
    sandbox: Sandbox, open_lane: OpenLane, order: Order
) -> None:
    north = await open_lane()
    await listed(north)
    south = await open_lane(name="South")
    await listed(south)
    sandbox.faults.set("drop-after", method="DELETE", times=1)
    sandbox.faults.set("500", method="GET", path="orders/*/")
    with pytest.raises(OrderError, match="not known whether"):
        await north.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    sandbox.faults.clear()
    await south.orders.refresh(order.uuid)
    (taking,) = await north._journal.read_all(takings.of_event)
    assert (taking.lane, taking.amount) == ("North", -order.total)


async def test_a_refund_that_came_true_later_is_written_down_by_a_person(
    sandbox: Sandbox, lane: Lane, order: Order
) -> None:
    sandbox.faults.set("drop", method="DELETE", times=1)
    with pytest.raises(OrderError, match="not refunded"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert not (await lane.orders.refresh(order.uuid)).to_note
    sandbox.state.refund(order)  # what a proxy held back
    assert (await lane.orders.refresh(order.uuid)).to_note
    await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert await booked(lane) == [(TakingKind.REFUND, PaymentMethod.CASH, -order.total)]
    assert not (await lane.orders.refresh(order.uuid)).to_note


@pytest.mark.parametrize("paid", [PaymentMethod.CASH, None])
async def test_what_the_organiser_refunded_of_ours_is_written_down_once(
    sandbox: Sandbox, lane: Lane, order: Order, paid: PaymentMethod | None
) -> None:
    await sold_here(lane, order, PaymentMethod.CASH)
    sandbox.state.refund(order)
    assert (await lane.orders.refresh(order.uuid)).to_note
    await lane.orders.refund(order.uuid, Refund(paid, order.total))
    assert sandbox.log.count("DELETE", "orders/*/") == 0
    with pytest.raises(Refused):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    assert sum(amount for *_, amount in await booked(lane)) == (0 if paid else order.total)


async def test_no_more_goes_back_than_it_cost(lane: Lane, order: Order) -> None:
    await sold_here(lane, order, PaymentMethod.CASH)
    with pytest.raises(OrderError, match="Nothing was refunded"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total * 10))
    assert not order.refunded
    assert len(await booked(lane)) == 1


async def test_what_was_sold_for_another_event_goes_back_in_its_account(
    open_lane: OpenLane, order: Order
) -> None:
    lane = await open_lane(event=1)
    await sold_here(lane, order, PaymentMethod.CASH)
    await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    till = lane._journal
    assert [
        taking.amount for taking in await till.read_all(takings.of_event, order.event.uuid)
    ] == [
        order.total,
        -order.total,
    ]
    kinds = [
        row.entry.kind for row in await lane._journal.read_all(journal_db.log, order.event.uuid)
    ]
    assert [kind for kind in kinds if "refund" in kind] == ["refund_asked", "refund"]


async def test_two_refunds_at_once_are_booked_once(lane: Lane, order: Order) -> None:
    results = await asyncio.gather(
        *(
            lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert len(await booked(lane)) == 1


async def test_two_tills_that_note_one_refund_hand_the_money_back_once(
    sandbox: Sandbox, open_lane: OpenLane, order: Order
) -> None:
    tills = [await open_lane(name=name) for name in ("North", "South")]  # of one computer
    await sold_here(tills[0], order, PaymentMethod.CASH)
    sandbox.state.refund(order)
    for till in tills:
        assert (await till.orders.refresh(order.uuid)).to_note
    given = Refund(PaymentMethod.CASH, order.total)
    ends = await asyncio.gather(
        *(till.orders.refund(order.uuid, given) for till in tills), return_exceptions=True
    )
    assert sum(isinstance(end, OrderError | Refused) for end in ends) == 1, ends
    assert [amount for *_, amount in await booked(tills[0])] == [order.total, -order.total]


async def sold_here(
    lane: Lane, order: Order, paid: PaymentMethod, rounding: Decimal = Decimal(0)
) -> None:
    """Write down that `order` was sold at this till."""
    kind = order.tickets[0].ticket_type
    line = Line(kind.uuid, kind.title, kind.price, len(order.tickets))
    buyer = Buyer("Minh", "Nguyễn", "minh@example.com")
    till = lane._journal
    cart = Cart(order.event.uuid, "DKK", (line,), buyer, paid, rounding=rounding)
    sale = await till.write(
        sales.begin, cart, state=SaleState.SENDING, unattended=False, after_number=None
    )
    await till.write(
        sales.advance,
        sale.id,
        SaleState.SOLD,
        SaleUpdate(order=order.uuid, order_id=order.order_id),
    )


@both_dialects
async def test_what_was_sold_here_is_refunded_to_the_last_penny(lane: Lane, order: Order) -> None:
    await sold_here(lane, order, PaymentMethod.CASH)
    view = await lane.orders.refresh(order.uuid)
    assert view.sale is not None
    assert (view.amount, view.estimated) == (order.total, False)
    await lane.orders.refund(order.uuid, Refund(view.sale.cart.paid, order.total))
    assert await booked(lane) == [
        (TakingKind.SALE, PaymentMethod.CASH, order.total),
        (TakingKind.REFUND, PaymentMethod.CASH, -order.total),
    ]
    (_, back) = await lane._journal.read_all(takings.of_event)
    assert (back.sale, back.order, back.currency) == (view.sale.id, order.uuid, "DKK")


@both_dialects
async def test_a_cash_sale_gives_back_what_was_paid_in_cash(lane: Lane, order: Order) -> None:
    order.tickets[0].ticket_type.price = Decimal("298.85")
    await sold_here(lane, order, PaymentMethod.CASH, rounding=Decimal("0.25"))
    view = await lane.orders.refresh(order.uuid)
    assert (view.amount, order.total) == (Decimal("1494.25"), Decimal("1494.25"))
    assert view.refundable(PaymentMethod.CASH) == Decimal("1494.50")
    with pytest.raises(OrderError, match=r"no more than that is given back\. Nothing was refunded"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, Decimal("1495.00")))
    with pytest.raises(OrderError, match=r"in coins: write .*1.?494.50.* Nothing was refunded"):
        await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, Decimal("1494.25")))
    assert not order.refunded
    await lane.orders.refund(order.uuid, Refund(PaymentMethod.CASH, Decimal("1494.50")))
    assert sum(amount for _, _, amount in await booked(lane)) == 0


@both_dialects
async def test_cash_for_an_order_of_the_web_shop_is_rounded(lane: Lane, order: Order) -> None:
    order.tickets[0].ticket_type.price = Decimal("298.85")
    view = await lane.orders.refresh(order.uuid)
    assert view.amount is not None
    assert view.refundable(PaymentMethod.CARD) == view.amount
    assert view.refundable(PaymentMethod.CASH) == view.amount + cash_rounding(
        view.amount, Decimal("0.50")
    )
