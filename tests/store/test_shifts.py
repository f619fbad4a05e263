"""A till opened with a float and closed with a count."""

from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice.domain.cart import Paid
from boxoffice.domain.sale import SaleState, Shift
from boxoffice.store import Journal, ShiftError, StoreError
from tests.store.sale_support import begin, bring, cart, moved
from tests.store.support import EVENT, uuid
from tests.support import EVENING, FakeClock

S = SaleState


async def test_a_shift(journal: Journal, clock: FakeClock) -> None:
    till = journal.till
    assert await till.shift() is None
    opened = await till.open_shift(Decimal("500.00"), "DKK")
    assert opened == Shift(
        id=1,
        lane="North",
        operator="Bo",
        opened_at=EVENING,
        opening=Decimal("500.00"),
        currency="DKK",
        taken=Decimal(0),
    )
    assert opened.difference is None
    await bring(till, S.SOLD, cart(2))
    await bring(till, S.SOLD, cart(9, paid=Paid.CARD))
    queued = await begin(till, S.QUEUED, cart(1))
    await moved(till, queued, S.DROPPED)
    await till.refund(
        uuid(700),
        event=EVENT,
        paid=Paid.CASH,
        amount=Decimal("99.50"),
        currency="DKK",
        sale=None,
        reason="",
    )
    running = await till.shift()
    assert running == opened._replace(taken=Decimal("200.50"))
    clock.jump(timedelta(hours=5))
    closed = await till.close_shift(Decimal("700"))
    closing = await journal.position()
    assert closed == running._replace(closed_at=clock.now(), counted=Decimal("700"), closed=closing)
    assert (closed.expected, closed.difference) == (Decimal("700.50"), Decimal("-0.50"))
    assert await till.shift() is None
    assert await till.shifts() == [closed]
    (row,) = [row for row in await journal.log() if row.entry.kind == "shift_close"]
    assert row.entry.data == {
        "shift": 1,
        "opening": "500.00",
        "taken": "200.50",
        "counted": "700",
        "currency": "DKK",
    }


async def test_a_closed_shift_stays_as_it_was_counted(journal: Journal, clock: FakeClock) -> None:
    till = journal.till
    await bring(till, S.SOLD)
    await till.open_shift(Decimal(0), "DKK")
    first = await till.close_shift(Decimal(0))
    clock.jump(timedelta(hours=-3))
    await bring(till, S.SOLD)
    second = await till.open_shift(Decimal(100), "DKK")
    await bring(till, S.SOLD)
    assert await till.shifts() == [first, second._replace(taken=Decimal("300.00"))]
    assert first.taken == 0


async def test_each_lane_has_its_own(journal: Journal, south: Journal) -> None:
    await journal.till.open_shift(Decimal(1), "DKK")
    await south.till.open_shift(Decimal(2), "DKK")
    await bring(south.till, S.SOLD)
    north = await journal.till.shift()
    assert north is not None
    assert (north.lane, north.taken) == ("North", Decimal(0))
    assert [shift.taken for shift in await journal.till.shifts()] == [0, Decimal("300.00")]
    await journal.till.close_shift(Decimal(1))
    assert await south.till.shift() is not None


async def test_money_of_another_currency_is_not_in_it(journal: Journal) -> None:
    await journal.till.open_shift(Decimal(0), "EUR")
    await bring(journal.till, S.SOLD)
    shift = await journal.till.shift()
    assert shift is not None
    assert shift.taken == 0


async def test_a_till_is_opened_once_and_closed_once(journal: Journal) -> None:
    with pytest.raises(ShiftError, match="lane North is not open"):
        await journal.till.close_shift(Decimal(0))
    await journal.till.open_shift(Decimal(0), "DKK")
    with pytest.raises(ShiftError, match="lane North is open already") as caught:
        await journal.till.open_shift(Decimal(0), "DKK")
    assert isinstance(caught.value, StoreError)
    assert caught.value.sentence.endswith("first.")
    await journal.till.close_shift(Decimal(0))
    await journal.till.open_shift(Decimal(0), "DKK")
    assert len(await journal.till.shifts()) == 2


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
async def test_what_is_no_float_and_no_count(journal: Journal, amount: str) -> None:
    with pytest.raises(ShiftError, match="The float must be an amount"):
        await journal.till.open_shift(Decimal(amount), "DKK")
    await journal.till.open_shift(Decimal(0), "DKK")
    with pytest.raises(ShiftError, match="The count must be an amount"):
        await journal.till.close_shift(Decimal(amount))
    assert await journal.position() == 1
