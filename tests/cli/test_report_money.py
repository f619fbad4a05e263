"""The night's money counted by hand, and the same by the report."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.models import LinkState
from boxoffice.domain.sale import Refund, SaleAction, SaleState
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Event
from tests.cli.conftest import Computer
from tests.cli.office import FOLDER, begun, event, north, office, open_lane, reported, sold
from tests.lane.conftest import OpenLane, goes_offline, listed, passes
from tests.support import FakeClock, both_dialects

__all__ = ["event", "north", "office", "open_lane"]

CASH, CARD = PaymentMethod.CASH, PaymentMethod.CARD


@pytest.fixture
def event_with_odd_prices(event: Event) -> Event:
    """A ticket costs 298.90, of which 299.00 is paid in Danish coins."""
    event.ticket_types[0].price = Decimal("298.90")
    assert event.ticket_types[1].price == Decimal("195.00")
    return event


@both_dialects
@pytest.mark.usefixtures("event_with_odd_prices")
async def test_an_evening_of_two_tills(
    sandbox: Sandbox, north: Lane, open_lane: OpenLane, clock: FakeClock, office: Computer
) -> None:
    await north.box_office.refresh()
    south = await open_lane(folder=FOLDER, name="South", sales=SalesPolicy(offline=True))
    await listed(south)
    await sold(north, clock, CASH)  # 299.00, before any till is open
    await north.box_office.open_till(Decimal(500))
    await south.box_office.open_till(Decimal(300))
    await sold(north, clock, CASH, 2)  # 598.00 for 597.80
    await sold(south, clock, CASH, kind=1)  # 195.00
    await sold(south, clock, CARD)  # 298.90
    back = await sold(north, clock, CASH)  # 299.00, and the same out again
    view = await north.orders.refresh(back.order or "")
    given_back = view.refundable(CASH)
    assert given_back == Decimal("299.00")
    await north.orders.refund(back.order or "", Refund(CASH, given_back, "could not stay"))
    await goes_offline(sandbox, north, clock)
    late = await begun(north, CASH)  # 299.00, whose order is placed later
    assert late.state is SaleState.QUEUED
    await sandbox.start()
    await passes(clock, lambda: north.status.link is LinkState.ONLINE, "online")

    async def placed() -> bool:
        now = await north.box_office.sale(late.id)
        return now is not None and now.state is SaleState.DONE

    await passes(clock, placed, "the sale made offline")
    await passes(clock, lambda: north.status.counts.waiting == 0, "an empty queue")
    await north.box_office.close_till(Decimal("1397.00"))  # 500 + 598 + 299 - 299 + 299
    await south.box_office.close_till(Decimal("494.50"))  # 300 + 195 less 0.50

    report, causes = await reported(office)
    assert report["takings"] == {
        **{"cash": "1391.00", "card": "298.90"},
        **{"mobilepay": "0.00", "invoice": "0.00", "free": "0.00"},
    }
    sales = report["sales"]
    assert (sales["count"], sales["tickets"]) == (6, 7)
    assert (sales["total"], sales["rounding"]) == ("1988.40", "0.50")
    assert report["refunds"]["total"] == "299.00"
    assert Decimal("1988.40") + Decimal("0.50") - Decimal("299.00") == Decimal("1391.00") + Decimal(
        "298.90"
    )
    assert report["not_in_a_till"] == "299.00"
    tills = [
        [till[name] for name in ("lane", "float", "expected", "counted", "difference")]
        for till in report["tills"]
    ]
    assert tills == [
        ["North", "500.00", "1397.00", "1397.00", "0.00"],
        ["South", "300.00", "495.00", "494.50", "-0.50"],
    ]
    assert report["expected_cash"] == "1892.00"
    differs, outside = causes
    assert differs.startswith("The till of lane South, closed at ")
    assert "held 0.50 DKK too little" in differs
    assert outside.startswith("1 payment in cash, together 299.00 DKK, came in or went out while")
    again = await south.box_office.reopen_till()
    assert (again.opening, again.taken) == (Decimal(300), Decimal(195))
    assert again.counted is None
    await south.box_office.close_till(Decimal(495))
    report, causes = await reported(office)
    assert causes == [outside]


async def test_what_is_given_up_after_its_till_was_closed_is_named(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    await north.box_office.open_till(Decimal(500))
    await goes_offline(sandbox, north, clock)
    sale = await begun(north, CASH)
    await north.box_office.close_till(Decimal(500) + sale.cart.payable)
    sandbox.faults.set("400", path="orders/", method="POST")
    await sandbox.start()

    async def refused() -> bool:
        now = await north.box_office.sale(sale.id)
        return now is not None and now.state is SaleState.FAILED

    await passes(clock, refused, "a refusal")
    await north.box_office.settle(sale.id, SaleAction.GIVE_UP, "the money was given back")
    report, (cause,) = await reported(office)
    assert cause.startswith("1 payment in cash, together -295.00 DKK, ")
    assert report["not_in_a_till"] == "-295.00"
    assert report["tills"][0]["difference"] == "0.00"


async def test_what_came_in_and_went_out_of_no_till_does_not_cancel_out(
    north: Lane, clock: FakeClock, office: Computer
) -> None:
    sale = await sold(north, clock, CASH)
    await north.orders.refresh(sale.order or "")
    await north.orders.refund(sale.order or "", Refund(CASH, sale.cart.payable))
    report, causes = await reported(office)
    assert (report["not_in_a_till"], causes) == ("0.00", [])
    await north.box_office.open_till(Decimal(0))
    report, (cause,) = await reported(office)
    assert cause.startswith("2 payments in cash, together 0.00 DKK, ")


async def test_a_till_without_a_sale_that_lacks_its_float(north: Lane, office: Computer) -> None:
    await north.box_office.open_till(Decimal(500))
    await north.box_office.close_till(Decimal(1))
    report, (cause,) = await reported(office)
    assert "held 499.00 DKK too little" in cause
    assert report["balanced"] is False


async def test_money_in_the_file_alone_is_not_changed_by_a_hand(
    north: Lane, clock: FakeClock, office: Computer, tmp_path: Path
) -> None:
    await north.box_office.open_till(Decimal(500))
    sale = await sold(north, clock, CASH)
    connection = sqlite3.connect(tmp_path / FOLDER / "journal.db")
    for change in ("UPDATE taking SET amount = '1.00'", "DELETE FROM taking"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(change)
    with connection:
        connection.execute("UPDATE sale SET booked = 0 WHERE id = ?", (sale.id,))
    connection.close()
    _, causes = await reported(office)
    assert [cause for cause in causes if "is in the takings" in cause]


async def test_a_sale_that_is_known_to_be_placed_after_its_till_was_closed(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    await north.box_office.open_till(Decimal(500))
    sandbox.faults.set("drop-after", path="orders/", method="POST", times=1)
    reads = sandbox.faults.set("500", method="GET")
    sale = await begun(north, CASH)
    assert sale.state is SaleState.SENDING
    await north.box_office.close_till(Decimal(795))
    sandbox.faults.clear(reads)

    async def placed() -> bool:
        now = await north.box_office.sale(sale.id)
        return now is not None and now.state is SaleState.DONE

    await passes(clock, placed, "the order that was looked for")
    await passes(clock, lambda: north.status.counts.waiting == 0, "an empty queue")
    _, (differs, outside) = await reported(office)
    assert "held 295.00 DKK too much" in differs
    assert outside.startswith("1 payment in cash, together 295.00 DKK, ")
    assert (await north.box_office.reopen_till()).expected == Decimal(795)
    await north.box_office.close_till(Decimal(795))
    report, causes = await reported(office)
    assert (causes, report["not_in_a_till"]) == ([], "0.00")
    assert report["tills"][0]["counted_before"] == ["795.00"]
