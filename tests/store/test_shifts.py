"""A till opened with a float and closed with a count."""

from datetime import timedelta
from decimal import Decimal

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import Refund, SaleState, Shift
from boxoffice.store import Journal, ShiftError, StoreError, journal_db, takings
from tests.store.sale_support import begin, bring, cart, moved
from tests.store.support import EVENT, position, uuid
from tests.support import EVENING, FakeClock

S = SaleState


async def test_a_shift(journal: Journal, clock: FakeClock) -> None:
    till = journal
    assert await till.read(takings.current_shift, till.lane) is None
    opened = await till.write(takings.open_shift, Decimal("500.00"), "DKK")
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
    await bring(till, S.SOLD, cart(9, paid=PaymentMethod.CARD))
    queued = await begin(till, S.QUEUED, cart(1))
    await moved(till, queued, S.DROPPED)
    await till.write(
        takings.refund,
        uuid(700),
        Refund(PaymentMethod.CASH, Decimal("99.50")),
        event=EVENT,
        currency="DKK",
        sale=None,
    )
    running = await till.read(takings.current_shift, till.lane)
    assert running == opened._replace(taken=Decimal("200.50"))
    clock.jump(timedelta(hours=5))
    closed = await till.write(takings.close_shift, Decimal("700"))
    closing = await journal.read(position)
    assert closed == running._replace(
        closed_at=clock.now(), counted=Decimal("700"), closed=closing, closed_by="Bo"
    )
    assert (closed.expected, closed.difference) == (Decimal("700.50"), Decimal("-0.50"))
    assert await till.read(takings.current_shift, till.lane) is None
    assert await till.read(takings.shifts) == [closed]
    (row,) = [
        row for row in await journal.read_all(journal_db.log) if row.entry.kind == "shift_close"
    ]
    assert row.entry.data == {
        "shift": 1,
        "opening": "500.00",
        "taken": "200.50",
        "counted": "700",
        "currency": "DKK",
    }


async def test_a_closed_shift_stays_as_it_was_counted(journal: Journal, clock: FakeClock) -> None:
    till = journal
    await bring(till, S.SOLD)
    await till.write(takings.open_shift, Decimal(0), "DKK")
    first = await till.write(takings.close_shift, Decimal(0))
    clock.jump(timedelta(hours=-3))
    await bring(till, S.SOLD)
    second = await till.write(takings.open_shift, Decimal(100), "DKK")
    await bring(till, S.SOLD)
    assert await till.read(takings.shifts) == [first, second._replace(taken=Decimal("300.00"))]
    assert first.taken == 0


async def test_a_shift_reopened_is_as_if_it_had_not_been_closed(
    journal: Journal, south: Journal
) -> None:
    with pytest.raises(ShiftError, match="was not opened yet"):
        await journal.write(takings.reopen_shift)
    opened = await journal.write(takings.open_shift, Decimal(500), "DKK", EVENT)
    with pytest.raises(ShiftError, match="lane North is open"):
        await journal.write(takings.reopen_shift)
    await bring(journal, S.SOLD)
    closed = await journal.write(takings.close_shift, Decimal(7))
    await bring(journal, S.SOLD)
    with pytest.raises(ShiftError, match="lane South was not opened yet"):
        await south.write(takings.reopen_shift)
    journal.operator = "Anna"
    with pytest.raises(ShiftError, match="Only Bo can reopen"):
        await journal.write(takings.reopen_shift)
    journal.operator = "Bo"
    again = await journal.write(takings.reopen_shift)
    assert again == opened._replace(taken=Decimal("600.00"))
    (row,) = [
        row for row in await journal.read_all(journal_db.log) if row.entry.kind == "shift_reopen"
    ]
    assert row.entry.data == {"shift": opened.id, "closed": closed.closed, "counted": "7"}
    assert row.entry.event == EVENT
    assert [shift.earlier_counts for shift in await journal.read(takings.shifts)] == [(Decimal(7),)]


async def test_a_shift_before_the_newest_stays_closed(journal: Journal) -> None:
    await journal.write(takings.open_shift, Decimal(1), "DKK")
    first = await journal.write(takings.close_shift, Decimal(1))
    second = await journal.write(takings.open_shift, Decimal(2), "DKK")
    await journal.write(takings.close_shift, Decimal(2))
    assert (await journal.write(takings.reopen_shift)).id == second.id
    assert (await journal.read(takings.shifts))[0] == first


async def test_a_shift_is_closed_as_it_was_shown(journal: Journal) -> None:
    await journal.write(takings.open_shift, Decimal(500), "DKK")
    await bring(journal, S.SOLD)
    with pytest.raises(ShiftError, match="meanwhile"):
        await journal.write(takings.close_shift, Decimal(500), Decimal(500))
    closed = await journal.write(takings.close_shift, Decimal(500), Decimal("800.00"))
    assert closed.difference == -300


async def test_each_lane_has_its_own(journal: Journal, south: Journal) -> None:
    await journal.write(takings.open_shift, Decimal(1), "DKK")
    await south.write(takings.open_shift, Decimal(2), "DKK")
    await bring(south, S.SOLD)
    north = await journal.read(takings.current_shift, journal.lane)
    assert north is not None
    assert (north.lane, north.taken) == ("North", Decimal(0))
    assert [shift.taken for shift in await journal.read(takings.shifts)] == [0, Decimal("300.00")]
    await journal.write(takings.close_shift, Decimal(1))
    assert await south.read(takings.current_shift, south.lane) is not None


async def test_money_of_another_currency_is_not_in_it(journal: Journal) -> None:
    await journal.write(takings.open_shift, Decimal(0), "EUR")
    await bring(journal, S.SOLD)
    shift = await journal.read(takings.current_shift, journal.lane)
    assert shift is not None
    assert shift.taken == 0


async def test_a_till_is_opened_once_and_closed_once(journal: Journal) -> None:
    with pytest.raises(ShiftError, match="lane North is not open"):
        await journal.write(takings.close_shift, Decimal(0))
    await journal.write(takings.open_shift, Decimal(0), "DKK")
    with pytest.raises(ShiftError, match="lane North is open already") as caught:
        await journal.write(takings.open_shift, Decimal(0), "DKK")
    assert isinstance(caught.value, StoreError)
    assert caught.value.sentence.endswith("first.")
    await journal.write(takings.close_shift, Decimal(0))
    await journal.write(takings.open_shift, Decimal(0), "DKK")
    assert len(await journal.read(takings.shifts)) == 2


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
async def test_what_is_no_float_and_no_count(journal: Journal, amount: str) -> None:
    with pytest.raises(ShiftError, match="The float must be an amount"):
        await journal.write(takings.open_shift, Decimal(amount), "DKK")
    await journal.write(takings.open_shift, Decimal(0), "DKK")
    with pytest.raises(ShiftError, match="The count must be an amount"):
        await journal.write(takings.close_shift, Decimal(amount))
    assert await journal.read(position) == 1
