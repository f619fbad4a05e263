"""The box office's part of journal.db: sales, takings, shifts. One transaction for each step."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from boxoffice.domain.cart import Cart, Paid
from boxoffice.domain.sale import Sale, SaleState, Shift, Taking
from boxoffice.domain.text import clean
from boxoffice.store import memo, sale_rows, sales, shifts, takings
from boxoffice.store.sales import News
from boxoffice.store.stamped import Stamped

MEMO_LIMIT = 2_000
"""Characters."""


class Till(Stamped):
    """The sales of this computer, the money they brought, and the shifts of its lanes.

    On disk when it answers. All methods raise StoreError where the file cannot be read or written.
    """

    # Sales

    async def begin(
        self, cart: Cart, *, state: SaleState, unattended: bool, after_number: int | None
    ) -> Sale:
        """Number and mark a sale, SENDING or QUEUED; a queued one's money is taken at once.

        Lanes whose names become the same mark count together. Raises ValueError for another state,
        and where an amount is not a number.
        """
        return await self._write(sales.begin, cart, state, unattended, after_number)

    async def advance(
        self,
        sale: int,
        to: SaleState,
        *,
        reason: str = "",
        order: str | None = None,
        order_id: str = "",
        tickets: Collection[str] | None = None,
        checked_in: bool | None = None,
        due: datetime | None = None,
        after_number: int | None = None,
        unattended: bool | None = None,
    ) -> Sale | None:
        """Move a sale along `door.sale.AFTER`; None: it stands elsewhere, and nothing changed.

        What is left out stays, but `reason` and `due`, which are those of the new state. SENDING
        stamps `posted_at` and is never due. A move with `due` counts as a try; one without begins
        the count anew, but SENDING, which keeps it; UNKNOWN counts its own. SOLD and QUEUED take
        the money where it is not taken, DROPPED gives back what is. Raises ClaimedError where
        `order` belongs to another sale.
        """
        news = News(reason, order, order_id, tickets, checked_in, due, after_number, unattended)
        return await self._write(sales.advance, sale, to, news)

    async def note(
        self,
        sale: int,
        state: SaleState,
        *,
        reason: str | None = None,
        order: str | None = None,
        order_id: str = "",
        tickets: Collection[str] | None = None,
        checked_in: bool | None = None,
        due: datetime | None = None,
    ) -> Sale | None:
        """Note what was learnt of a sale that stays in `state`; None: it is in another one.

        What is left out stays. With `due` it counts as a try. Raises ClaimedError as `advance`.
        """
        news = News(reason, order, order_id, tickets, checked_in, due)
        return await self._write(sales.note, sale, state, news)

    async def recover(self) -> int:
        """Sales left SENDING by a process that died are UNKNOWN now; answers how many.

        Only for the one who holds the lock of those who post.
        """
        return await self._write(sales.recover)

    async def sale(self, number: int) -> Sale | None:
        """By its id."""
        return await self._database.run(sale_rows.one, number)

    async def sale_of(self, order: str) -> Sale | None:
        """The sale that an order, by its uuid, belongs to."""
        return await self._database.run(sale_rows.of_order, order)

    async def sales(
        self, event: str | None = None, states: Collection[SaleState] | None = None
    ) -> list[Sale]:
        """Oldest first; None: of all events, in all states."""
        wanted = frozenset(SaleState if states is None else states)
        found: list[Sale] = []
        more = await self._database.run(sale_rows.read, event, wanted, 0)
        while more:
            found += more
            more = await self._database.run(sale_rows.read, event, wanted, more[-1].id)
        return found

    async def counts(self, event: str | None = None) -> dict[SaleState, int]:
        """How many sales stand where; states without any are left out."""
        return await self._database.run(sale_rows.counts, event)

    async def sold_offline(self, event: str) -> dict[str, int]:
        """Tickets by uuid of their type that this lane took money for without an order so far.

        Those of queued sales, and of such as left the queue and are not known to be placed.
        """
        return await self._database.run(sale_rows.sold_offline, event, self._lane)

    # Money

    async def refund(
        self,
        order: str,
        *,
        event: str,
        paid: Paid | None,
        amount: Decimal,
        currency: str,
        sale: int | None,
        reason: str,
        by: tuple[str, str] | None = None,
    ) -> bool:
        """Note that an order was refunded, and book `amount`, 0 or more, as given back.

        `paid` None: nothing goes through a till, the journal alone says so. `by`: lane and operator
        whose till it is; else this lane's. False: noted, or with `paid` booked, before, and nothing
        changed. Raises ValueError for another amount.
        """
        return await self._write(
            takings.refund, order, event, paid, amount, currency, sale, reason, by
        )

    async def refund_of(self, order: str) -> bool:
        """Whether it is noted that the order, by its uuid, was refunded."""
        return await self._database.run(takings.noted, order)

    async def takings(self, event: str | None = None) -> list[Taking]:
        """Of all lanes, oldest first; None: of all events."""
        found: list[Taking] = []
        more = await self._database.run(takings.read, event, 0)
        while more:
            found += more
            more = await self._database.run(takings.read, event, more[-1].id)
        return found

    async def open_shift(self, opening: Decimal, currency: str) -> Shift:
        """Open this lane's till with a float. Raises ShiftError where it is open."""
        return await self._write(shifts.begin, opening, currency)

    async def close_shift(self, counted: Decimal) -> Shift:
        """Close this lane's till with the cash counted in it. Raises ShiftError if none is open."""
        return await self._write(shifts.close, counted)

    async def shift(self) -> Shift | None:
        """The open one of this lane, with the cash taken so far."""
        return await self._database.run(shifts.current, self._lane)

    async def shifts(self) -> list[Shift]:
        """Of all lanes, oldest first."""
        return await self._database.run(shifts.read)

    # Small things

    async def remember(self, key: str, value: str) -> None:
        """Keep `value` for all lanes of this computer, cleaned, in the place of the one before."""
        await self._database.run(memo.remember, key, clean(value, MEMO_LIMIT))

    async def recall(self, key: str) -> str:
        """What was remembered last; empty: nothing."""
        return await self._database.run(memo.recall, key)
