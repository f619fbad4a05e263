"""The order screen on a real lane: buyer, tickets, answers, and the refund behind its question."""

from decimal import Decimal
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Button, Input

from boxoffice.domain.cart import PaymentMethod
from boxoffice.domain.questions import ADDRESS_PREFIX
from boxoffice.lane import Lane, SalesPolicy
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.sandbox.names import HOSTILE
from boxoffice.screens.order import (
    NO_AMOUNT,
    NOT_KNOWN,
    NOT_SAVED,
    REFUNDED,
    OrderScreen,
    RefundDialog,
)
from boxoffice.screens.order_texts import ALREADY, NOT_FRESH, TO_NOTE
from boxoffice.screens.record import FRESH, NOTHING_NEW
from boxoffice.store import takings
from boxoffice.widgets.form import QuestionField
from boxoffice.widgets.option_lists import Choices
from tests.lane.conftest import OpenLane, goes_offline, listed
from tests.lane.test_refunds import sold_here
from tests.screens.stage import NARROW, WIDE, Stage, pictured, resized, see, shot, text_of
from tests.support import FakeClock, both_dialects, until


@pytest.fixture
def ticket_count() -> int:
    """As many as the pictures show."""
    return 400


@pytest.fixture(autouse=True)
def danish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Money is written as in Denmark."""
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")


@pytest.fixture
def order(sandbox: Sandbox) -> Order:
    """That of the five Nguyễns."""
    return sandbox.examples()["party"].order


def stage(lane: Lane, order: Order) -> Stage:
    return Stage(OrderScreen(lane, order.tickets[0].uuid))


def field(pilot: Pilot[Any], name: str) -> QuestionField:
    """A field of the buyer by its name, or a question by its heading."""
    for widget in pilot.app.screen.query(QuestionField):
        question = widget.field.question
        if name in (question.uuid.removeprefix(ADDRESS_PREFIX), question.heading):
            return widget
    raise AssertionError(f"no field {name!r}")


async def filled_in(pilot: Pilot[Any]) -> None:
    """Wait until the form stands as the server has it, each field with what is typed into."""
    await see(pilot, FRESH)
    fields = pilot.app.screen.query(QuestionField)
    await until(lambda: all(widget.query("*") for widget in fields), "fields to type into")


@both_dialects
async def test_buyer_tickets_and_total(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=WIDE) as pilot:
        await filled_in(pilot)
        screen = text_of(app)
        assert "Order dZy8" in screen
        assert "1.475,00" in screen
        assert all(ticket.full_name in screen for ticket in order.tickets)
        assert field(pilot, "first_name").draft == "Minh"
        assert field(pilot, "email").draft == order.address["email"]
        assert field(pilot, "How did you hear of us?").draft == ""


async def test_the_buyer_is_corrected_and_questions_are_answered(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        field(pilot, "first_name").focus_first()
        await pilot.press("ctrl+u", *"Mai")
        field(pilot, "How did you hear of us?").focus_first()
        await pilot.press("down", "space", "ctrl+s")
        await until(lambda: app.answered)
    assert order.address["first_name"] == "Mai"
    (answer,) = (order.answers or {}).values()
    assert [choice.label for choice in answer.choices] == ["Poster"]


async def test_what_is_wrong_is_said_before_it_leaves(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        await pilot.press("ctrl+s")
        await see(pilot, NOTHING_NEW)
        field(pilot, "email").focus_first()
        await pilot.press("ctrl+u", *"nowhere", "ctrl+s")
        await see(pilot, "One field needs a look.")
        await pilot.press("escape")
        await see(pilot, NOT_SAVED[:40])
        assert not app.answered
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert order.address["first_name"] == "Minh"


async def test_a_save_that_fails_keeps_what_was_typed(
    lane: Lane, order: Order, sandbox: Sandbox
) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        sandbox.faults.set("400", method="PATCH", times=1)
        field(pilot, "first_name").focus_first()
        await pilot.press("ctrl+u", *"Mai", "ctrl+s")
        await see(pilot, "refused")
        assert field(pilot, "first_name").draft == "Mai"
        await pilot.press("ctrl+s")
        await until(lambda: app.answered)
    assert order.address["first_name"] == "Mai"


async def test_offline_it_is_a_copy_and_nothing_is_refunded(
    lane: Lane, order: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Minh")
        await pilot.press("ctrl+l")
        await see(pilot, NOT_FRESH)


@pytest.mark.parametrize("dialect", ["live"])
async def test_an_order_that_is_not_known_yet(lane: Lane, order: Order, sandbox: Sandbox) -> None:
    rule = sandbox.faults.set("hang", path="tickets/*/")
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, NOT_KNOWN[:50])
        await pilot.press("ctrl+s", "ctrl+l", "f8")
        sandbox.faults.clear(rule)
        await filled_in(pilot)
        await until(lambda: pilot.app.focused is not None)


# The refund


async def asked(pilot: Pilot[Any]) -> RefundDialog:
    """The question, once it is open."""
    await filled_in(pilot)
    await pilot.press("ctrl+l")
    await until(lambda: isinstance(pilot.app.screen, RefundDialog), "the question")
    screen = pilot.app.screen
    assert isinstance(screen, RefundDialog)
    await until(lambda: pilot.app.focused is not None)
    return screen


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_enter_and_esc_refund_nothing(lane: Lane, order: Order, key: str) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await asked(pilot)
        screen = text_of(app)
        assert "Refund order dZy8 of Minh Nguyễn?" in screen
        assert "1.475,00" in screen
        assert "1 of them is in" in screen
        await pilot.press(key)
        await until(lambda: isinstance(app.screen, OrderScreen))
    assert not order.refunded


async def test_a_refund_in_cash(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        dialog = await asked(pilot)
        dialog.query_one(Choices).focus()
        await pilot.press("down")
        amount = dialog.query_one("#amount", Input)
        assert (amount.display, amount.value) == (True, "1.475,00")
        amount.value = "some"
        dialog.query_one("#yes", Button).focus()
        await pilot.press("enter")
        await until(lambda: NO_AMOUNT in text_of(app))
        amount.value = "1.000,00"
        dialog.query_one("#why", Input).value = "Ill"
        await until(lambda: not dialog.query_one("#yes").has_class("-active"))
        await pilot.click("#yes")
        await see(pilot, REFUNDED)
        await see(pilot, "REFUNDED · ")
        assert not app.screen.query_one("#refund").display
        await pilot.press("ctrl+l")
        await see(pilot, ALREADY)
    assert order.refunded
    (taking,) = await lane._journal.read_all(takings.of_event)
    assert (taking.paid, taking.amount) == (PaymentMethod.CASH, Decimal(-1000))


async def test_what_was_sold_here_for_cash_goes_back_in_cash(lane: Lane, order: Order) -> None:
    await sold_here(lane, order, PaymentMethod.CASH)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        dialog = await asked(pilot)
        assert dialog.query_one(Choices).taken == (PaymentMethod.CASH,)
        assert dialog.query_one("#amount", Input).value == "1.475,00"
        assert "by today's prices" not in text_of(app)
        await pilot.click("#yes")
        await see(pilot, REFUNDED)
        await see(pilot, "Sold here")
    taken = await lane._journal.read_all(takings.of_event)
    assert sum(taking.amount for taking in taken) == 0


async def test_what_the_site_refunded_of_ours_is_written_down(
    sandbox: Sandbox, lane: Lane, order: Order
) -> None:
    await sold_here(lane, order, PaymentMethod.CASH)
    sandbox.state.refund(order)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, TO_NOTE)
        await asked(pilot)
        assert "What goes back for order dZy8 of Minh Nguyễn?" in text_of(app)
        assert "Write down" in text_of(app)
        assert "become invalid" not in text_of(app)
        await pilot.click("#yes")
        await see(pilot, REFUNDED)
        await pilot.press("ctrl+l")
        await see(pilot, ALREADY)
    assert sum(taking.amount for taking in await lane._journal.read_all(takings.of_event)) == 0
    assert sandbox.log.count("DELETE", "orders/*/") == 0


async def test_a_refund_that_is_refused_is_a_sentence(
    lane: Lane, order: Order, sandbox: Sandbox
) -> None:
    sandbox.state.may_refund = False
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        dialog = await asked(pilot)
        assert not dialog.query_one("#amount", Input).display
        await pilot.click("#yes")
        await see(pilot, "may not refund")
    assert not order.refunded


# Hostile


@both_dialects
async def test_hostile_names_are_nothing_but_text(open_lane: OpenLane, sandbox: Sandbox) -> None:
    sizes = NARROW, WIDE, (60, 20), (40, 12)
    event = sandbox.state.tonight
    address = {"first_name": HOSTILE[1], "last_name": "[/]", "phone": "", "email": "h@example.com"}
    order = sandbox.state.add_order(
        event, address, [(event.ticket_types[0], name) for name in HOSTILE]
    )
    lane = await open_lane()
    await listed(lane)
    app = stage(lane, order)
    async with app.run_test(size=sizes[-1]) as pilot:
        await see(pilot, "As the site")
        async for _ in resized(pilot, *sizes):
            for _ in range(6):
                assert not {char for char in text_of(app) if ord(char) < 32} - {"\n"}
                await pilot.press("pagedown")
            await pilot.click("#record-name", offset=(15, 0))
            await pilot.press("home")
        await pilot.press("ctrl+l")
        await until(lambda: isinstance(app.screen, RefundDialog))
        async for _ in resized(pilot, *sizes):
            assert not {char for char in text_of(app) if ord(char) < 32} - {"\n"}
        assert app.is_running and not app._exit


# Pictures


async def test_picture(lane: Lane, order: Order, picture: SnapshotAssertion) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        await until(lambda: pilot.app.focused is not None)
        await pictured(pilot, picture)


async def test_cash_given_back_out_of_no_till_is_said_beforehand(lane: Lane, order: Order) -> None:
    async with stage(lane, order).run_test(size=NARROW) as pilot:
        await asked(pilot)
        await see(pilot, "cash, out of no till: none is open here")


async def test_picture_of_the_question(
    lane: Lane, order: Order, picture: SnapshotAssertion
) -> None:
    await lane.box_office.open_till(Decimal(0))
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        dialog = await asked(pilot)
        dialog.query_one(Choices).focus()
        await pilot.press("down", "space")
        await see(pilot, "1.475,00 ")
        await pictured(pilot, picture)


async def test_picture_of_a_refunded_order(
    lane: Lane, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    app = stage(lane, sandbox.examples()["refunded_order"].order)
    async with app.run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        await until(lambda: pilot.app.focused is not None)
        assert await shot(pilot) == picture


async def test_money_is_written_as_the_setting_says(
    open_lane: OpenLane, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    lane = await open_lane(sales=SalesPolicy(locale="da_DK"))
    await listed(lane)
    async with stage(lane, order).run_test(size=NARROW) as pilot:
        await filled_in(pilot)
        await see(pilot, "1.475,00 kr.")
        await pilot.press("ctrl+l")
        await see(pilot, "5 tickets, 1.475,00 kr.")
        await pilot.press("up", "up", "up", "up")
        pilot.app.screen.query_one(Choices).focus()
        await pilot.press("down", "space")
        await see(pilot, "1.475,00")
        assert "1,475.00" not in text_of(pilot.app)
