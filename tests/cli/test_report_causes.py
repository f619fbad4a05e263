"""What keeps the night's account from balancing: each cause by itself, and what is said of it."""

from decimal import Decimal

import pytest

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.models import LAG
from boxoffice.domain.sale import Refund, SaleAction, SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.lane.orders import OrderError
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from tests.cli.conftest import Computer
from tests.cli.office import (
    admit,
    begun,
    event,
    north,
    office,
    open_lane,
    people,
    reported,
    run,
    sold,
)
from tests.lane.conftest import goes_offline, passes, sent
from tests.support import FakeClock

__all__ = ["event", "north", "office", "open_lane", "people"]


async def test_nothing_was_done(north: Lane, office: Computer) -> None:
    report, causes = await reported(office)
    assert causes == []
    assert report["admissions"] == 0
    assert set(report["takings"]) == {"cash", "card", "mobilepay", "invoice", "free"}


async def test_a_row_that_waits(
    sandbox: Sandbox, north: Lane, people: list[Ticket], office: Computer
) -> None:
    sandbox.faults.set("503", method="PATCH")
    await admit(north, people[0])
    report, causes = await reported(office)
    assert [cause for cause in causes if "1 row of the queue waits to be sent" in cause] == causes
    assert len(causes) == 1
    assert report["waiting"] == 1
    assert report["reconciliation"]["missing"] == []


async def test_a_row_that_failed(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    sandbox.faults.set("400", method="PATCH")
    await admit(north, people[0])
    await passes(clock, lambda: north.status.counts.failed == 1, "a refusal")
    report, (cause,) = await reported(office)
    assert "1 row of the queue has failed" in cause
    assert report["failed"] == 1
    (failed,) = (await north.queue.view()).failed
    assert await north.queue.dismiss(failed.id, "let in by hand")
    report, (cause,) = await reported(office)
    assert people[0].full_name in cause
    assert "is not in at the site (dismissed here: let in by hand)" in cause


async def test_an_admission_that_the_server_lost(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    await admit(north, *people[:3])
    await sent(north, clock)
    await north.stop()
    sandbox.state.check_in(people[1], False)
    report, (cause,) = await reported(office)
    assert f"{people[1].full_name} ({people[1].uuid}) was let in here, but is not in" in cause
    assert [each["ticket"] for each in report["reconciliation"]["missing"]] == [people[1].uuid]
    for ticket in (people[0], people[2]):
        sandbox.state.check_in(ticket, False)
    report, causes = await reported(office)
    assert len(causes) == 3


async def test_an_admission_that_the_server_lost_and_a_lane_saw_it(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    await admit(north, people[0])
    await sent(north, clock)
    await clock.advance(LAG.total_seconds() + 1)
    sandbox.state.check_in(people[0], False)
    scan = await north.scan(people[0].uuid)
    await passes(
        clock,
        lambda: (row := north.roster.get(people[0].uuid)) and row.status.attention,
        "its mark",
    )
    report, (cause,) = await reported(office)
    assert people[0].full_name in cause
    assert "it had the check-in, and has it no longer" in cause
    assert report["let_in_again"] == []
    scan = await north.scan(people[0].uuid)
    assert (await north.override(scan, "came back")).verdict.code is VerdictCode.ADMITTED
    await sent(north, clock)
    report, causes = await reported(office)
    assert causes == []
    assert report["admissions"] == 1
    assert report["reconciliation"]["checked"] == 1
    (override,) = report["overrides"]
    assert (override["verdict"], override["reason"]) == ("already_in", "came back")
    (first,) = report["let_in_again"]
    assert (first["ticket"], first["lane"]) == (people[0].uuid, "North")
    assert first["at"] < override["at"]
    text = (await run(office, "report")).out
    assert "Taken back at the site, and let in again" in text
    assert (await north.undo.last()).done
    report, causes = await reported(office)
    assert (report["admissions"], causes) == (0, [])


async def test_a_list_that_is_old_is_not_believed(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    sandbox.faults.set("stale", path="events/*/tickets/")
    await admit(north, *people[:3])
    await sent(north, clock)
    report, causes = await reported(office)
    assert causes == []
    assert report["reconciliation"]["checked"] == 3


async def test_an_admission_that_cannot_be_looked_for(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    await admit(north, *people[:2])
    await sent(north, clock)
    await north.stop()
    sandbox.state.check_in(people[0], False)
    sandbox.faults.set("500", path=f"tickets/{people[0].uuid}/")
    report, (cause,) = await reported(office)
    assert "1 admission could not be looked for at the site" in cause
    assert report["reconciliation"]["checked"] == 1


async def test_an_order_refunded_behind_our_back(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    sale = await sold(north, clock, PaymentMethod.CASH)
    assert (await reported(office))[1] == []
    sandbox.state.refund(sandbox.state.orders[sale.order or ""])
    _, (cause,) = await reported(office)
    assert f"Order {sale.order_id} of sale BX-North-1 was refunded at the site" in cause
    await north.orders.refresh(sale.order or "")
    await north.orders.refund(sale.order or "", Refund(PaymentMethod.CASH, sale.cart.total))
    report, causes = await reported(office)
    assert causes == []
    assert report["takings"]["cash"] == report["expected_cash"] == "0.00"


async def test_a_refund_asked_for_here_whose_answer_was_lost(
    sandbox: Sandbox, north: Lane, office: Computer
) -> None:
    order = sandbox.examples()["party"].order
    sandbox.faults.set("drop-after", method="DELETE", times=1)
    rule = sandbox.faults.set("500", method="GET", path="orders/*/")
    with pytest.raises(OrderError, match="not known whether"):
        await north.orders.refund(order.uuid, Refund(PaymentMethod.CASH, order.total))
    _, (cause,) = await reported(office)
    assert "could not be read at the site" in cause
    sandbox.faults.clear(rule)
    _, (cause,) = await reported(office)
    assert f"Order {order.order_id} was refunded at the site, but not in this account" in cause
    await north.orders.refresh(order.uuid)
    report, causes = await reported(office)
    assert causes == []
    assert Decimal(report["takings"]["cash"]) == -order.total


async def test_one_ticket_of_an_order_refunded_behind_our_back(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    sale = await sold(north, clock, PaymentMethod.CASH, 2)
    sandbox.state.refund_ticket(sandbox.state.tickets[sale.tickets[0]])
    _, (cause,) = await reported(office)
    assert "1 ticket of sale BX-North-1 was refunded at the site" in cause


async def test_an_order_that_is_not_paid_any_more_or_gone(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    sale = await sold(north, clock, PaymentMethod.CARD)
    order = sandbox.state.orders[sale.order or ""]
    order.state = "NEW"
    _, (cause,) = await reported(office)
    assert "stands as NEW at the site, not as paid" in cause
    order.state = "PAID"
    rule = sandbox.faults.set("500", path=f"orders/{order.uuid}/")
    _, (cause,) = await reported(office)
    assert "could not be read at the site" in cause
    sandbox.faults.clear(rule)
    sandbox.faults.set("404", path=f"orders/{order.uuid}/")
    _, (cause,) = await reported(office)
    assert "is no longer at the site" in cause


async def test_a_sale_that_is_not_settled(sandbox: Sandbox, north: Lane, office: Computer) -> None:
    sandbox.faults.set("hang-after", path="orders/", method="POST")
    sale = await begun(north, PaymentMethod.CASH)
    report, (cause,) = await reported(office)
    assert "Sale BX-North-1 is not settled" in cause
    assert report["unsettled"] == [sale.external_order_id]
    assert (report["waiting"], report["failed"]) == (1, 0)
    assert report["takings"]["cash"] == "0.00"


async def test_a_sale_that_was_queued_offline(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    await goes_offline(sandbox, north, clock)
    sale = await begun(north, PaymentMethod.CASH)
    assert sale.state is SaleState.QUEUED
    report, causes = await reported(office)
    assert len(causes) == 2
    assert "Sale BX-North-1 is not settled (queued; run boxoffice sync)" in causes[0]
    assert "Nothing was checked with the site" in causes[1]
    assert Decimal(report["takings"]["cash"]) == sale.cart.total


async def test_a_queued_sale_that_the_site_refuses(
    sandbox: Sandbox, north: Lane, clock: FakeClock, office: Computer
) -> None:
    await goes_offline(sandbox, north, clock)
    sale = await begun(north, PaymentMethod.CASH)
    sandbox.faults.set("400", path="orders/", method="POST")
    await sandbox.start()

    async def failed() -> bool:
        now = await north.box_office.sale(sale.id)
        return now is not None and now.state is SaleState.FAILED

    await passes(clock, failed, "a refusal")
    report, (cause,) = await reported(office)
    assert "Sale BX-North-1 is not settled (failed; see the queue (F6))" in cause
    queue = (await run(office, "queue", "--json")).json
    assert report["failed"] == len(queue["failed"]) == 1
    assert Decimal(report["takings"]["cash"]) == sale.cart.total
    await north.box_office.settle(sale.id, SaleAction.GIVE_UP, "the money was given back")
    report, causes = await reported(office)
    assert causes == []
    assert report["takings"]["cash"] == "0.00"
    assert report["sales"]["count"] == 0


async def test_without_a_server_the_figures_are_told(
    sandbox: Sandbox, north: Lane, clock: FakeClock, people: list[Ticket], office: Computer
) -> None:
    await admit(north, *people[:2])
    await sent(north, clock)
    inside = north.status.checked_in
    await sandbox.stop()
    report, (cause,) = await reported(office)
    assert cause.startswith("Nothing was checked with the site: ")
    assert report["admissions"] == 2
    assert report["reconciliation"]["checked"] == 0
    assert report["reconciliation"]["unknown_to_us"] is None
    assert report["in"] >= inside
    ran = await run(office, "report")
    assert ran.status == 1
    assert "It does not balance." in ran.out


@pytest.mark.parametrize("fault", ["401", "html", "524", "truncated"])
async def test_a_server_that_cannot_be_used(
    sandbox: Sandbox, north: Lane, people: list[Ticket], office: Computer, fault: str
) -> None:
    sandbox.faults.set(fault, path="events/*/tickets/")
    _, (cause,) = await reported(office)
    assert cause.startswith("Nothing was checked with the site: ")
