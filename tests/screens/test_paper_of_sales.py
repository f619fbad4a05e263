"""The paper of a sale: its tickets as they are found, its receipt, and the site's own PDF."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from boxoffice.domain.cart import Buyer, PaymentMethod, put
from boxoffice.domain.sale import Sale, SaleState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane, SaleUpdated
from boxoffice.sandbox import Sandbox
from tests.lane.conftest import goes_offline
from tests.printing import samples
from tests.printing.eyes import pages, read, screen_of, text_of
from tests.screens.paper import screen, told, written
from tests.screens.stage import NARROW, WIDE, see
from tests.support import FakeClock, both_dialects, until


async def test_a_sale_that_is_not_placed_has_its_number(
    lane: Lane, clock: FakeClock, paper: Path
) -> None:
    app = screen(lane, clock, paper, sale=samples.sale(SaleState.QUEUED, ()))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "BX-North-12")
        await see(pilot, "2 × Standard")
        assert read(screen_of(app)) == []
        await pilot.press("f8", "ctrl+s", "ctrl+o", "right")
        assert not written(paper)
        await pilot.press("ctrl+r")
        slip = await told(pilot, paper, "receipt-BX-North-12")
        assert "NOT YET ISSUED" in text_of(slip)
        assert read(pages(slip, 203)[0]) == []


async def test_its_tickets_are_shown_as_soon_as_they_are_found(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    queued = samples.sale(SaleState.QUEUED, ())
    app = screen(lane, clock, paper, sale=queued)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "BX-North-12")
        other = queued._replace(id=99, state=SaleState.DONE, tickets=(samples.UUID,))
        lane._list_state.notify(SaleUpdated(other))
        lane._list_state.notify(SaleUpdated(queued._replace(state=SaleState.SOLD)))
        await see(pilot, "The order is placed.")
        done = queued._replace(state=SaleState.DONE, tickets=(ticket.uuid,))
        lane._list_state.notify(SaleUpdated(done))
        await see(pilot, ticket.full_name)
        await until(lambda: read(screen_of(app)) == [ticket.uuid], "its code")


@pytest.mark.parametrize("state", [SaleState.REFUSED, SaleState.DROPPED])
async def test_of_a_sale_given_up_nothing_is_printed(
    lane: Lane, clock: FakeClock, paper: Path, state: SaleState
) -> None:
    app = screen(lane, clock, paper, sale=samples.sale(state, ()))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "This sale was given up")
        await pilot.press("f8", "ctrl+r", "ctrl+s", "ctrl+o")
        await pilot.pause()
    assert not written(paper)


@both_dialects
async def test_the_sites_own_pdf(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    app = screen(lane, clock, paper, ticket.uuid)
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, "Order ")
        await pilot.press("ctrl+o")
        pdf = await told(pilot, paper, "site-")
        assert ticket.uuid in text_of(pdf)


async def test_the_sites_pdf_that_cannot_be_had_is_a_sentence(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    app = screen(lane, clock, paper, sandbox.examples()["plain"].uuid)
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, "Order ")
        await goes_offline(sandbox, lane, clock)
        await pilot.press("ctrl+o")
        await see(pilot, "cannot be reached")
        await pilot.press("ctrl+s")  # what needs no site goes on
        await told(pilot, paper, "ticket-")


async def test_a_ticket_sold_at_the_door_is_shown_printed_and_scanned(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    offer = await lane.box_office.refresh()
    kind = next(each for each in offer.types if each.title == "Standard")
    cart = offer.cart(
        put((), kind, 1),
        Buyer("Ida", "Ørsted", "ida@example.com"),
        PaymentMethod.CASH,
        given=Decimal(1000),
        check_in=False,
    )
    sale = await lane.box_office.sell(cart)
    app = screen(lane, clock, paper, sale=sale)
    async with app.run_test(size=NARROW) as pilot:

        async def shown_there() -> bool:
            await clock.advance(1)
            return bool(read(screen_of(app)))

        await until(shown_there, "the code of the new ticket")
        (code,) = read(screen_of(app))
        order = sandbox.state.tickets[code].order
        assert order.external_order_id == sale.external_order_id
        order.state = "NEW"  # as the site may have it for a while
        await pilot.press("ctrl+r")
        receipt = await told(pilot, paper, f"receipt-{sale.external_order_id}")
        assert [read(page) for page in pages(receipt, 203)] == [[code]]
        scan = await lane.scan(code)
        assert scan.verdict.code is VerdictCode.ADMITTED


def sold(ticket: str) -> Sale:
    sale = samples.sale(SaleState.DONE, (ticket,))
    return sale._replace(cart=replace(sale.cart, currency="DKK"))


async def test_the_receipt_of_a_sale(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    uuid = sandbox.examples()["plain"].uuid
    app = screen(lane, clock, paper, sale=sold(uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Print receipt, 80 mm")
        await pilot.press("ctrl+r")
        receipt = await told(pilot, paper, "receipt-BX-North-12")
        assert [read(page) for page in pages(receipt, 203)] == [[uuid]]
        text = text_of(receipt)
        assert "BX-North-12" in text
        assert "Change" in text
