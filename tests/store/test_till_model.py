"""Sales and takings against a simple model, by random moves of lanes, seller and stewards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from boxoffice.domain.cart import Cart, PaymentMethod
from boxoffice.domain.sale import AFTER, CLOSED, Refund, Sale, SaleState, SaleUpdate, Taking
from boxoffice.store import ClaimedError, ShiftError, sales, takings
from boxoffice.store.database import utc_text
from boxoffice.store.db_file import transaction
from boxoffice.store.journal_db import Transaction
from tests.store.sale_support import BEGINNINGS, STANDARD, STUDENT, cart
from tests.store.support import EVENT, JournalMachine, uuid
from tests.support import EVENING

S = SaleState
P = ParamSpec("P")
T = TypeVar("T")
LANES = ["North", "north!", "South"]
ORDERS = [uuid(number) for number in range(700, 704)]

carts = st.builds(
    cart,
    st.integers(1, 3),
    price=st.sampled_from(["150.00", "0.10", "0"]),
    paid=st.sampled_from([PaymentMethod.CASH, PaymentMethod.CARD]),
    kind=st.sampled_from([STANDARD, STUDENT]),
    rounding=st.sampled_from(["0", "0.10", "-0.10"]),
)


@dataclass
class Modelled:
    lane: str
    cart: Cart
    state: SaleState
    booked: bool
    order: str | None = None
    lost: int = 0


@dataclass
class Drawer:
    opening: Decimal
    cash: Decimal = Decimal(0)
    since: Decimal = Decimal(0)
    """Cash of the lane after it was closed, until another is opened."""


@dataclass
class Model:
    sales: dict[int, Modelled] = field(default_factory=dict)
    refunds: dict[str, Decimal] = field(default_factory=dict)
    """By order."""
    open: dict[str, Drawer] = field(default_factory=dict)
    """By lane."""
    closed: list[Drawer] = field(default_factory=list)
    last: dict[str, Drawer] = field(default_factory=dict)
    """Those of `closed` that were opened last, by lane."""
    now: int = 0

    def took(self, lane: str, paid: PaymentMethod, amount: Decimal) -> None:
        if paid is PaymentMethod.CASH and lane in self.open:
            self.open[lane].cash += amount
        elif paid is PaymentMethod.CASH and lane in self.last:
            self.last[lane].since += amount


def counter(lane: str) -> str:
    """Lanes with the same one are numbered together."""
    return sales.mark(lane).casefold()


class TillMachine(JournalMachine):
    lanes = st.sampled_from(LANES)

    @initialize()
    def begin_file(self) -> None:
        self.model = Model()
        self.open_journal()

    def tx(self, lane: str) -> Transaction:
        now = utc_text(EVENING + timedelta(seconds=self.model.now))
        return Transaction(self.connection, now, lane, "Bo")

    def write(
        self,
        change: Callable[Concatenate[Transaction, P], T],
        tx: Transaction,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with transaction(self.connection):
            return change(tx, *args, **kwargs)

    def pick(self, data: st.DataObject) -> int:
        """A sale, rather one that is not closed; or none there is."""
        under_way = [key for key, one in self.model.sales.items() if one.state not in CLOSED]
        return data.draw(st.sampled_from([*under_way, *self.model.sales, 0]))

    # The sales

    @rule(lane=lanes, what=carts, state=st.sampled_from(BEGINNINGS), unattended=st.booleans())
    def begin(self, lane: str, what: Cart, state: SaleState, unattended: bool) -> None:
        same = [one for one in self.model.sales.values() if counter(one.lane) == counter(lane)]
        sale = self.write(
            sales.begin,
            self.tx(lane),
            what,
            state=state,
            unattended=unattended,
            after_number=None,
        )
        assert sale.number == len(same) + 1
        queued = state is S.QUEUED
        self.model.sales[sale.id] = Modelled(lane, what, state, queued)
        if queued:
            self.model.took(lane, what.paid, what.payable)

    @rule(
        by=lanes, data=st.data(), any_state=st.booleans(), order=st.none() | st.sampled_from(ORDERS)
    )
    def advance(self, by: str, data: st.DataObject, any_state: bool, order: str | None) -> None:
        number = self.pick(data)
        one = self.model.sales.get(number)
        ways = sorted(AFTER[one.state]) if one is not None and not any_state else []
        to = data.draw(st.sampled_from(ways or list(S)))
        update = SaleUpdate("why", order)
        if one is None or to not in AFTER[one.state]:
            assert self.write(sales.advance, self.tx(by), number, to, update) is None
            return
        if self.claimed(number, order):
            with pytest.raises(ClaimedError):
                self.write(sales.advance, self.tx(by), number, to, update)
            return
        assert self.write(sales.advance, self.tx(by), number, to, update) is not None
        self.move(one, to)
        one.order = order or one.order

    def claimed(self, number: int, order: str | None) -> bool:
        return order is not None and any(
            one.order == order for key, one in self.model.sales.items() if key != number
        )

    def move(self, one: Modelled, to: SaleState) -> None:
        one.lost += one.state is S.SENDING and to is S.UNKNOWN
        one.state = to
        if to in (S.QUEUED, S.SOLD) and not one.booked:
            one.booked = True
            self.model.took(one.lane, one.cart.paid, one.cart.payable)
        elif to is S.DROPPED and one.booked:
            one.booked = False
            self.model.took(one.lane, one.cart.paid, -one.cart.payable)

    @rule(data=st.data(), state=st.sampled_from(S), order=st.none() | st.sampled_from(ORDERS))
    def note(self, data: st.DataObject, state: SaleState, order: str | None) -> None:
        number = self.pick(data)
        one = self.model.sales.get(number)
        tx, update = self.tx(LANES[0]), SaleUpdate(order=order)
        if one is None or one.state is not state:
            assert self.write(sales.note, tx, number, state, update) is None
        elif self.claimed(number, order):
            with pytest.raises(ClaimedError):
                self.write(sales.note, tx, number, state, update)
        else:
            assert self.write(sales.note, tx, number, state, update) is not None
            one.order = order or one.order

    @rule()
    def recover(self) -> None:
        lost = [one for one in self.model.sales.values() if one.state is S.SENDING]
        assert self.write(sales.recover, self.tx("South")) == len(lost)
        for one in lost:
            self.move(one, S.UNKNOWN)

    # The money

    @rule(lane=lanes, order=st.sampled_from(ORDERS), amount=st.sampled_from(["150.00", "0.10"]))
    def refund(self, lane: str, order: str, amount: str) -> None:
        new = self.write(
            takings.refund,
            self.tx(lane),
            order,
            Refund(PaymentMethod.CASH, Decimal(amount)),
            event=EVENT,
            currency="DKK",
            sale=None,
        )
        assert new == (order not in self.model.refunds)
        if new:
            self.model.refunds[order] = Decimal(amount)
            self.model.took(lane, PaymentMethod.CASH, -Decimal(amount))

    @rule(lane=lanes, opening=st.sampled_from(["0", "500.00"]))
    def open_till(self, lane: str, opening: str) -> None:
        if lane in self.model.open:
            with pytest.raises(ShiftError):
                self.write(takings.open_shift, self.tx(lane), Decimal(opening), "DKK")
        else:
            self.write(takings.open_shift, self.tx(lane), Decimal(opening), "DKK")
            self.model.open[lane] = Drawer(Decimal(opening))
            self.model.last.pop(lane, None)

    @rule(lane=lanes)
    def close_till(self, lane: str) -> None:
        drawer = self.model.open.pop(lane, None)
        if drawer is None:
            with pytest.raises(ShiftError):
                self.write(takings.close_shift, self.tx(lane), Decimal(7))
        else:
            shift = self.write(takings.close_shift, self.tx(lane), Decimal(7))
            assert shift.expected == drawer.opening + drawer.cash
            self.model.closed.append(drawer)
            self.model.last[lane] = drawer

    @rule(lane=lanes)
    def reopen_till(self, lane: str) -> None:
        drawer = self.model.last.pop(lane, None)
        if drawer is None:
            with pytest.raises(ShiftError):
                self.write(takings.reopen_shift, self.tx(lane))
        else:
            drawer.cash, drawer.since = drawer.cash + drawer.since, Decimal(0)
            shift = self.write(takings.reopen_shift, self.tx(lane))
            assert (shift.opening, shift.expected) == (
                drawer.opening,
                drawer.opening + drawer.cash,
            )
            self.model.closed = [one for one in self.model.closed if one is not drawer]
            self.model.open[lane] = drawer

    @rule(seconds=st.integers(-9, 9))
    def the_clock_is_set(self, seconds: int) -> None:
        self.model.now += seconds

    # What must hold

    def stored(self) -> list[Sale]:
        return sales.in_states(self.connection)

    def taken(self) -> list[Taking]:
        return takings.of_event(self.connection)

    @invariant()
    def the_sales_are_those_of_the_model(self) -> None:
        found = {
            sale.id: Modelled(sale.lane, sale.cart, sale.state, sale.booked, sale.order, sale.lost)
            for sale in self.stored()
        }
        assert found == self.model.sales

    @invariant()
    def the_takings_are_the_totals_of_the_booked_sales(self) -> None:
        stored = self.stored()
        booked = sum((sale.cart.payable for sale in stored if sale.booked), Decimal(0))
        out = sum(self.model.refunds.values(), Decimal(0))
        rows = self.taken()
        assert sum((row.amount for row in rows), Decimal(0)) == booked - out
        assert {row.sale for row in rows if row.sale is not None} <= {sale.id for sale in stored}
        for sale in stored:
            own = [row.amount for row in rows if row.sale == sale.id]
            assert sum(own, Decimal(0)) == (sale.cart.payable if sale.booked else 0)

    @invariant()
    def money_is_in_for_every_order_that_is_placed_and_for_none_that_never_was(self) -> None:
        for sale in self.stored():
            if sale.state in (S.SOLD, S.DONE, S.QUEUED, S.FAILED):
                assert sale.booked or sale.state is S.FAILED
            if sale.state is S.DROPPED:
                assert not sale.booked

    @invariant()
    def the_tills_are_those_of_the_model(self) -> None:
        for lane in LANES:
            shift, drawer = takings.current_shift(self.connection, lane), self.model.open.get(lane)
            assert (shift is None) == (drawer is None)
            if shift is not None and drawer is not None:
                assert shift.expected == drawer.opening + drawer.cash
        closed = [shift for shift in takings.shifts(self.connection) if shift.counted is not None]
        assert sorted(shift.expected for shift in closed) == sorted(
            drawer.opening + drawer.cash for drawer in self.model.closed
        )

    @invariant()
    def the_reserve_is_that_of_the_model(self) -> None:
        for lane in LANES:
            expected: dict[str, int] = {}
            for one in self.model.sales.values():
                if one.lane == lane and one.booked and one.state not in CLOSED | {S.SOLD}:
                    (line,) = one.cart.lines
                    expected[line.ticket_type] = expected.get(line.ticket_type, 0) + line.amount
            assert sales.sold_offline(self.connection, EVENT, lane) == {
                kind: amount for kind, amount in expected.items() if amount
            }


TestTill = TillMachine.TestCase
TestTill.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
