"""An evening of sales with whatever faults there are: as many orders as sales, and their money."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from boxoffice.domain.sale import Sale, SaleAction, SaleState
from boxoffice.sandbox import Sandbox
from boxoffice.store import admissions, sales
from tests.support import FakeClock, until
from tests.sync.conftest import running
from tests.sync.sales_support import GUEST, ORDERS, Till, till_at

FAULTS = (
    *("drop", "drop-after", "hang", "hang-after", "cut", "truncated", "html", "429", "401", "400"),
    *("500", "500-after", "502", "502-after", "524", "524-after", "latency=3", "wrong-shape"),
)
READS = ("events/*/tickets/", "tickets/*/", "orders/*/", "**")
SALES = 10


async def spell(till: Till, chance: random.Random) -> None:
    """One sale, in the middle of other troubles; now and then the process ends within."""
    till.site.faults.clear()
    if chance.random() < 0.8:
        times = chance.choice([1, 2, None])
        till.site.faults.set(chance.choice(FAULTS), method="POST", path=ORDERS, times=times)
    if chance.random() < 0.4:
        path, fault = chance.choice(READS), chance.choice(["500", "drop", "524", "truncated"])
        till.site.faults.set(fault, method="GET", path=path, times=chance.randint(1, 6))
    buyer = GUEST if chance.random() < 0.7 else replace(GUEST, last_name=chance.choice("ABC"))
    cart = till.cart(chance.choice([1, 1, 1, 2]), kind=chance.choice([0, 0, 1]), buyer=buyer)
    await till.seller.place(cart, unattended=chance.random() < 0.5)
    if chance.random() < 0.4:  # the process ends, wherever the sale is, and another one begins
        for _ in range(chance.randint(0, 20)):
            await till.clock.advance(0.25)
        await till.seller.close()
        till.seller = till.another()
    for _ in range(chance.randint(0, 120)):
        await till.clock.advance(0.5)


async def settle_all(till: Till) -> list[Sale]:
    """Faults are over: let everything come to an end, with a person who sells again."""
    till.site.faults.clear()

    async def quiet() -> bool:
        await till.clock.advance(1)
        begun = await till.till.read_all(sales.in_states)
        for sale in begun:
            if sale.state is SaleState.UNSURE:
                await till.seller.settle(sale, SaleAction.LOOK)
        return all(
            sale.state
            in (SaleState.DONE, SaleState.REFUSED, SaleState.NOT_PLACED, SaleState.FAILED)
            for sale in begun
        )

    await until(quiet, "everything is settled")
    return await till.till.read_all(sales.in_states)


@pytest.mark.parametrize(("seed", "dialect"), [(n, ("docs", "live")[n % 2]) for n in range(8)])
async def test_as_many_orders_as_sales(
    seed: int, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    for kind in sandbox.state.tonight.ticket_types:
        kind.amount_total += 100
    async with till_at(sandbox, clock, tmp_path / "data") as till:
        await till.puller.metadata.pull()
        for _ in range(SALES):
            async with running(till.seller.run()):
                await spell(till, chance)
        async with running(till.seller.run()):
            sales = await settle_all(till)
        assert len(sales) == SALES
        sold = [sale for sale in sales if sale.state is SaleState.DONE]
        assert {sale.order: sale.external_order_id for sale in sold} == {
            order.uuid: order.external_order_id for order in till.orders()
        }
        assert await till.taken() == till.owed()
        assert till.posts() <= 3 * SALES
        for sale in sold:
            order = sandbox.state.orders[sale.order or ""]
            assert set(sale.tickets) == {ticket.uuid for ticket in order.tickets}
            assert sale.checked_in, sale.reason
            for ticket in sale.tickets:
                assert await till.laptop.journal.read(admissions.get, ticket) is not None
