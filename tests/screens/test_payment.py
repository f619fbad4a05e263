"""The payment of an order that is not paid: what is due, how it is paid, and what goes back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Button, Input

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.sale import OrderPayment
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.lane.orders import OrderView
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.order import OrderScreen
from boxoffice.screens.payment import PaymentDialog
from boxoffice.screens.printable import PrintableTickets
from boxoffice.store import takings
from tests.lane.conftest import OpenLane, listed
from tests.lane.test_payments import paid
from tests.screens.stage import NARROW, Stage, see, shot, text_of
from tests.support import FakeClock, until

DUE = Decimal("590.25")


@pytest.fixture
def unpaid(sandbox: Sandbox) -> Ticket:
    return sandbox.examples()["not_paid"]


@pytest.fixture
async def door(open_lane: OpenLane, unpaid: Ticket) -> Lane:
    lane = await open_lane(pay_at_door=True, sales=SalesPolicy(locale="da_DK"))
    await listed(lane)
    assert (await lane.scan(unpaid.uuid)).verdict.can_pay
    return lane


async def view_of(door: Lane, unpaid: Ticket) -> OrderView:
    view = await door.orders.of(unpaid.uuid)
    assert view is not None
    return view


async def test_cash_in_coins_and_the_change(
    door: Lane, unpaid: Ticket, picture: SnapshotAssertion
) -> None:
    view = replace(await view_of(door, unpaid), amount=DUE, estimated=False)
    app = Stage(PaymentDialog(door, view))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "rounded by +0,25")
        await pilot.press(*"500", "enter")
        await see(pilot, "The cash given is less than what is due.")
        await pilot.press("f3", "f3", "f3", "backspace", "backspace", "backspace", *"1000")
        await see(pilot, "CHANGE")
        await see(pilot, "no till open")
        await until(lambda: "is less" not in text_of(app), "mended")
        assert await shot(pilot) == picture
        await pilot.press("enter")
        await until(lambda: app.answered, "an answer")
    order = unpaid.order
    assert app.answer == OrderPayment(
        order.uuid,
        order.order_id,
        PaymentMethod.CASH,
        DUE,
        "DKK",
        Decimal("0.25"),
        Decimal("409.50"),
    )


async def test_what_is_due_is_asked_where_the_site_does_not_tell_it(
    door: Lane, unpaid: Ticket
) -> None:
    view = replace(await view_of(door, unpaid), amount=None, estimated=True)
    app = Stage(PaymentDialog(door, view))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, "Write how much is due, such as 590 or 590,00.")
        await pilot.press(*"590", "f3", "enter")
        await until(lambda: app.answered, "an answer")
    assert isinstance(app.answer, OrderPayment)
    assert (app.answer.paid, app.answer.amount) == (PaymentMethod.CARD, Decimal(590))


async def test_the_first_key_writes_over_what_is_proposed_as_due(
    door: Lane, unpaid: Ticket
) -> None:
    view = replace(await view_of(door, unpaid), amount=DUE, estimated=True)
    app = Stage(PaymentDialog(door, view))
    async with app.run_test(size=NARROW) as pilot:
        due, given = app.screen.query_one("#due", Input), app.screen.query_one("#given", Input)
        await until(lambda: due.value == "590,25", "the proposal")
        await pilot.press(*"700", "down", "down", *"600", "up", "up", "enter")
        await see(pilot, "The cash given is less than what is due.")
        assert app.screen.focused is given
        await pilot.press("backspace", "enter")
        await until(lambda: app.answered, "an answer")
    assert isinstance(app.answer, OrderPayment)
    assert app.answer.amount == Decimal(700)


async def test_what_was_paid_here_is_given_back(door: Lane, unpaid: Ticket) -> None:
    await door.payments.take(await door.scan(unpaid.uuid), paid(unpaid))
    async with Stage(OrderScreen(door, unpaid.uuid)).run_test(size=NARROW) as pilot:
        await see(pilot, "Paid here")
        app, button = pilot.app, pilot.app.screen.query_one("#give_back", Button)
        await until(lambda: button.display, "something to give back")
        button.press()
        await until(lambda: isinstance(app.screen, ReasonDialog), "why")
        await see(pilot, "590,00 kr. goes back (Cash); its")
        await pilot.press(*"Left", "enter")
        await see(pilot, "It is noted: hand the money back.")
        assert not button.display
    amounts = [taking.amount for taking in await door._journal.read_all(takings.of_event)]
    assert amounts == [Decimal(590), Decimal(-590)]


async def test_a_ticket_that_was_paid_for_here_can_be_shown_and_printed(
    door: Lane, unpaid: Ticket, clock: FakeClock
) -> None:
    printable = PrintableTickets(door.event, (unpaid.uuid,), None, clock)
    await printable.load(door)
    assert printable.void(unpaid.uuid) is not None
    await door.payments.take(await door.scan(unpaid.uuid), paid(unpaid))
    await printable.load(door)
    assert printable.void(unpaid.uuid) is None
    slip = printable.receipt("North")
    assert slip is not None
    assert slip.payment is not None
    assert slip.payment.amount == Decimal(590)
