"""A sale that nobody watches is looked for before it is placed again."""

from boxoffice.domain.sale import RULES, SaleState, SaleUpdate
from boxoffice.store import sales
from tests.support import both_dialects
from tests.sync.conftest import running
from tests.sync.sales_support import ORDERS, Till


@both_dialects
async def test_an_order_carried_out_after_it_was_given_up_for_lost(till: Till) -> None:
    till.site.faults.set("524", method="POST", path=ORDERS)
    async with running(till.seller.run()):
        lost = await till.settled(await till.seller.place(till.cart()))
    assert lost.state is SaleState.NOT_PLACED
    till.site.faults.clear()
    buyer = till.cart().buyer
    till.site.state.sell(
        till.site.state.events[till.laptop.event],
        {"first_name": buyer.first_name, "last_name": buyer.last_name, "email": buyer.email},
        [(till.types[0], 1)],
        lost.external_order_id,
    )
    retried = RULES[lost.state].retried
    assert retried is not None
    await till.till.write(sales.advance, lost.id, retried, SaleUpdate(unattended=True))
    await till.seller.drain()
    assert len(till.orders()) == 1
    assert (await till.sale(lost)).state is SaleState.DONE
