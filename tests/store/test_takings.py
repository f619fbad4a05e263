"""Money: booked once with its sale in one transaction, given back once, never rewritten."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import AFTER, Refund, SaleState, SaleUpdate, Taking, TakingKind
from boxoffice.store import Journal, journal_db, sales, takings
from tests.store.sale_support import balance, begin, bring, cart, moved, way_to
from tests.store.support import EVENT, OTHER_EVENT, execute, position, uuid
from tests.support import EVENING

S = SaleState
ORDER = uuid(700)


async def give_back(
    journal: Journal,
    amount: str = "300.00",
    *,
    paid: PaymentMethod | None = PaymentMethod.CASH,
    order: str = ORDER,
    sale: int | None = None,
) -> bool:
    return await journal.write(
        takings.refund,
        order,
        Refund(paid, Decimal(amount), "ill\x1b"),
        event=EVENT,
        currency="DKK",
        sale=sale,
    )


@pytest.mark.parametrize("paid", PaymentMethod)
async def test_a_sale_that_is_placed_brings_its_money(
    journal: Journal, paid: PaymentMethod
) -> None:
    sale = await begin(journal, what=cart(paid=paid))
    assert await journal.read_all(takings.of_event) == []
    await journal.write(sales.advance, sale.id, S.SOLD, SaleUpdate(order=ORDER))
    (taking,) = await journal.read_all(takings.of_event)
    assert taking == Taking(
        id=2,
        at=EVENING,
        lane="North",
        operator="Bo",
        event=EVENT,
        kind=TakingKind.SALE,
        paid=paid,
        amount=Decimal("300.00"),
        currency="DKK",
        sale=sale.id,
        order=ORDER,
    )
    assert (await journal.read_all(journal_db.log))[1].entry.kind == "sale_sold"
    await moved(journal, sale, S.DONE)
    assert await journal.read_all(takings.of_event) == [taking]


async def test_a_sale_for_nothing_is_in_the_account(journal: Journal) -> None:
    await bring(journal, S.SOLD, cart(price="0.00", paid=PaymentMethod.FREE))
    (taking,) = await journal.read_all(takings.of_event)
    assert (taking.paid, str(taking.amount)) == (PaymentMethod.FREE, "0.00")


async def test_money_that_was_queued_is_booked_once(journal: Journal) -> None:
    sale = await begin(journal, S.QUEUED)
    (taking,) = await journal.read_all(takings.of_event)
    assert (taking.id, taking.sale, taking.amount) == (sale.id, sale.id, Decimal("300.00"))
    for to in (S.SENDING, S.UNKNOWN, S.QUEUED, S.SENDING, S.FAILED, S.SENDING, S.SOLD, S.DONE):
        assert (await moved(journal, sale, to)).booked
        assert await journal.read_all(takings.of_event) == [taking]


@pytest.mark.parametrize("first", [S.SENDING, S.QUEUED])
@pytest.mark.parametrize("state", [s for s in S if S.DROPPED in AFTER[s]])
async def test_what_was_taken_for_a_sale_given_up_is_given_back(
    journal: Journal, south: Journal, state: SaleState, first: SaleState
) -> None:
    way = way_to(state)
    if first is S.QUEUED and way[0] is S.SENDING:
        way = [S.QUEUED, *way]
    sale = await begin(journal, way[0])
    for to in way[1:]:
        sale = await moved(journal, sale, to)
    booked = sale.booked
    assert booked == (S.QUEUED in way)
    assert not (await moved(south, sale, S.DROPPED)).booked
    assert await balance(journal) == 0
    moves = await journal.read_all(takings.of_event)
    assert [taking.kind for taking in moves] == (
        [TakingKind.SALE, TakingKind.REVERSAL] if booked else []
    )
    if booked:
        back = moves[-1]
        assert (back.amount, back.sale, back.paid) == (
            Decimal("-300.00"),
            sale.id,
            PaymentMethod.CASH,
        )
        assert (back.lane, back.operator) == ("North", "Ada"), "its till, and who gave it back"
        assert back.id == await journal.read(position)


async def test_the_money_is_in_the_till_of_the_lane_that_sold(
    journal: Journal, south: Journal
) -> None:
    sale = await bring(journal, S.UNKNOWN)
    await moved(south, sale, S.SOLD)
    (taking,) = await south.read_all(takings.of_event)
    assert (taking.lane, taking.operator) == ("North", "Bo")
    assert (await journal.read_all(journal_db.log))[-1].lane == "South"


async def test_nothing_half_done_when_the_money_cannot_be_booked(
    journal: Journal, path: Path
) -> None:
    """As it would be with a full disk between the sale's rows and its takings."""
    sale = await begin(journal)
    execute(
        path,
        "CREATE TRIGGER broken BEFORE INSERT ON taking BEGIN SELECT RAISE(ABORT, 'broken'); END",
    )
    newest = await journal.read(position)
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        await journal.write(sales.advance, sale.id, S.SOLD, SaleUpdate(order=ORDER))
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        await begin(journal, S.QUEUED)
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        await give_back(journal)
    assert await journal.read(position) == newest
    assert await journal.read_all(sales.in_states) == [sale]


async def test_takings_of_one_event(journal: Journal) -> None:
    for number in range(7):
        await bring(journal, S.SOLD, cart(event=EVENT if number % 3 else OTHER_EVENT))
    assert len(await journal.read_all(takings.of_event)) == 7
    found = await journal.read_all(takings.of_event, OTHER_EVENT)
    assert [taking.event for taking in found] == [OTHER_EVENT] * 3


# Refunds


async def test_a_refund_takes_money_out_once(journal: Journal, south: Journal) -> None:
    sale = await bring(journal, S.DONE)
    assert await give_back(south, sale=sale.id)
    (_, taking) = await journal.read_all(takings.of_event)
    assert (taking.kind, taking.amount, taking.currency) == (
        TakingKind.REFUND,
        Decimal("-300.00"),
        "DKK",
    )
    assert (taking.sale, taking.order, taking.lane) == (sale.id, ORDER, "South")
    row = (await journal.read_all(journal_db.log))[-1]
    assert (row.id, row.entry.kind, row.entry.reason) == (taking.id, "refund", "ill")
    assert row.entry.data == {
        "order": ORDER,
        "sale": sale.id,
        "paid": "cash",
        "amount": "300.00",
        "currency": "DKK",
    }
    assert not await give_back(journal, sale=sale.id)
    assert not await give_back(journal, paid=None)
    assert await journal.read(position) == row.id
    assert await balance(journal) == 0


async def test_a_refund_that_did_not_go_through_the_till(journal: Journal) -> None:
    assert await give_back(journal, paid=None)
    assert not await give_back(journal, paid=None)
    assert await journal.read_all(takings.of_event) == []
    assert [row.entry.kind for row in await journal.read_all(journal_db.log)] == ["refund"]
    assert await give_back(journal, paid=PaymentMethod.CARD), "the money was handed out after all"
    assert await give_back(journal, order=uuid(701)), "another order"
    assert len(await journal.read_all(takings.of_event)) == 2


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
async def test_what_is_no_refund(journal: Journal, amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        await give_back(journal, amount)
    assert await journal.read_all(journal_db.log) == []


# Append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE taking SET amount = '0'",
        "UPDATE taking SET operator = 'another'",
        "DELETE FROM taking",
        "INSERT OR REPLACE INTO taking SELECT id, at, lane, operator, event, kind, 'card', '1',"
        ' currency, sale, "order" FROM taking',
        "UPDATE journal SET lane = 'another'",
        "DELETE FROM journal",
    ],
)
async def test_takings_and_journal_are_append_only(
    journal: Journal, path: Path, statement: str
) -> None:
    await bring(journal, S.DONE)
    before = (
        await journal.read_all(takings.of_event),
        await journal.read_all(journal_db.log),
    )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        execute(path, statement)
    assert (
        await journal.read_all(takings.of_event),
        await journal.read_all(journal_db.log),
    ) == before


async def test_the_file_itself_takes_a_sale_s_money_once(journal: Journal, path: Path) -> None:
    await bring(journal, S.SOLD)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        execute(
            path,
            "INSERT INTO taking SELECT id + 9, at, lane, operator, event, kind, paid, amount,"
            ' currency, sale, "order" FROM taking',
        )
