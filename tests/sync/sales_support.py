"""What the tests of the seller share: a seller on a laptop, carts, and what the site has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from boxoffice.domain.cart import Buyer, Cart, Line, PaymentMethod
from boxoffice.domain.sale import Sale, SaleState, TakingKind
from boxoffice.domain.secret_text import SecretStr
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order, TicketType
from boxoffice.store import Journal, RosterStore, json_docs, sales, takings
from boxoffice.sync import Link
from boxoffice.sync.sales.seller import Seller
from boxoffice.ticketbutler import Limits, Ticketbutler
from tests.support import FakeClock, until
from tests.sync.conftest import Laptop

ORDERS = "orders/"
GUEST = Buyer("Walk-up", "Guest", "house@example.com", house=True)
SETTLED = frozenset(
    {SaleState.DONE, SaleState.REFUSED, SaleState.NOT_PLACED, SaleState.UNSURE, SaleState.FAILED}
)


class Till:
    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.site = laptop.site
        self.clock = laptop.clock
        self.till = laptop.journal
        self.puller = laptop.puller()
        self.seller = self.another()

    def another(self, lane: str | None = None) -> Seller:
        """As another process on the same folder has it."""
        return Seller(self.laptop.context, lambda _: self.puller, lane=lane)

    @property
    def types(self) -> list[TicketType]:
        return self.site.state.events[self.laptop.event].ticket_types

    def cart(
        self, amount: int = 1, *, kind: int = 0, buyer: Buyer = GUEST, check_in: bool = True
    ) -> Cart:
        sold = self.types[kind]
        line = Line(sold.uuid, sold.title, sold.price, amount)
        return Cart(self.laptop.event, "DKK", (line,), buyer, PaymentMethod.CASH, check_in=check_in)

    async def sale(self, sale: Sale) -> Sale:
        now = await self.till.read(sales.get, sale.id)
        assert now is not None
        return now

    async def settled(self, sale: Sale, *states: SaleState) -> Sale:
        """The sale once it stands in one of `states`, or anywhere where it stays."""
        wanted = states or tuple(SETTLED)

        async def there() -> bool:
            await self.clock.advance(self.clock.next_in or 0.5)
            return (await self.sale(sale)).state in wanted

        await until(there, f"{sale.external_order_id}: {wanted}")
        return await self.sale(sale)

    def orders(self, sale: Sale | None = None) -> list[Order]:
        return [
            order
            for order in self.site.state.orders.values()
            if order.external_order_id is not None
            and order.external_order_id.startswith("BX-")
            and (sale is None or order.external_order_id == sale.external_order_id)
        ]

    def posts(self) -> int:
        return self.site.log.count("POST", ORDERS)

    async def taken(self) -> Decimal:
        """What is in the till by the journal."""
        booked = await self.till.read_all(takings.of_event)
        assert all(taking.kind is not TakingKind.REFUND for taking in booked)
        return sum((taking.amount for taking in booked), Decimal(0))

    def owed(self) -> Decimal:
        """What the site says our orders cost."""
        return sum((order.total for order in self.orders()), Decimal(0))


@asynccontextmanager
async def till_at(
    site: Sandbox, clock: FakeClock, folder: Path, *, lane: str = "1", limits: Limits | None = None
) -> AsyncIterator[Till]:
    link = Link()
    async with Ticketbutler(
        site.url, SecretStr(site.token), clock=clock, observe=link.observe, limits=limits
    ) as client:
        await client.ping()
        journal = await Journal.open(folder / "journal.db", lane=lane, operator="Kim", clock=clock)
        store = await RosterStore.open(folder / "roster.db")
        await store.write(json_docs.save_events, await client.events.list())
        site.log.clear()
        till = Till(Laptop(site, clock, folder, link, client, journal, store))
        try:
            yield till
        finally:
            await till.seller.close()
            await journal.close()
            await store.close()
