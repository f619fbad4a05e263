"""A family at the door: one scan, F3, Enter; five in, five green rows, one undo."""

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.screens.order import OrderScreen
from boxoffice.screens.party import KNOWN, NOBODY, WHO, PartyScreen
from boxoffice.screens.ticket import TicketScreen
from boxoffice.widgets.party_list import PartyList
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import (
    NARROW,
    WIDE,
    App,
    all_sent,
    app_of,
    lane_of,
    open_app,
    opened,
    scan,
    text_of,
)
from tests.screens.stage import see
from tests.screens.stage import text_of as screen_of
from tests.support import both_dialects, until


@pytest.fixture
def order(sandbox: Sandbox) -> Order:
    """That of the five Nguyễns, none of whom is in."""
    order = sandbox.examples()["party"].order
    for ticket in order.tickets:
        sandbox.state.check_in(ticket, False)
    return order


def band(pilot: App) -> VerdictBand:
    return app_of(pilot).door.query_one(VerdictBand)


def green_rows(pilot: App) -> int:
    return len(list(pilot.app.screen.query("#party-done Label.-green")))


async def at_the_door(pilot: App) -> None:
    await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def none_is_in(pilot: App, order: Order) -> None:
    roster = lane_of(pilot).roster

    def out() -> bool:
        rows = [roster.get(ticket.uuid) for ticket in order.tickets]
        return not any(row is None or row.is_in for row in rows)

    await until(out, "none of them in the list")


@pytest.mark.parametrize("dialect", ["live"])  # its list does not say who is on which order
async def test_one_scan_f3_enter_and_one_undo(context: AppContext, order: Order) -> None:
    async with open_app(context) as pilot:
        (first,) = await scan(pilot, order.tickets[1].uuid)
        assert first.verdict.word == "ADMITTED"
        await pilot.press("f3", "enter")
        await until(lambda: green_rows(pilot) == 4, "four green rows")
        await pilot.press("escape")
        await at_the_door(pilot)
        await until(lambda: all(ticket.checked_in for ticket in order.tickets), "all at the server")
        await all_sent(pilot)
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "UNDONE", "undone")
        assert "4 people" in text_of(band(pilot))
        assert [ticket.checked_in for ticket in order.tickets] == [False, True, False, False, False]


@pytest.mark.parametrize("dialect", ["live"])  # its list does not say who is on which order
async def test_the_list_f3_enter_five_green_rows_and_one_undo(
    context: AppContext, order: Order
) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"minh nguyen", "down")
        await until(lambda: app_of(pilot).door.search.highlighted == order.tickets[0].uuid)
        await pilot.press("f3", "enter")
        await until(lambda: green_rows(pilot) == 5, "five green rows")
        await pilot.press("enter")
        await at_the_door(pilot)
        assert [entry.verdict.word for entry in list(lane_of(pilot).history.recent)[:5]] == [
            "ADMITTED"
        ] * 5
        await until(lambda: all(ticket.checked_in for ticket in order.tickets), "all at the server")
        await all_sent(pilot)
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "UNDONE", "undone")
        assert not any(ticket.checked_in for ticket in order.tickets)
        await none_is_in(pilot, order)


@both_dialects
async def test_the_orders_code_opens_the_party(
    context: AppContext, order: Order, dialect: str
) -> None:
    async with open_app(context) as pilot:
        if dialect == "live":  # the site's list does not say who is on which order
            await lane_of(pilot).parties.refresh(order.tickets[0].uuid)
        (which,) = await scan(pilot, order.order_id if dialect == "live" else order.uuid)
        assert which.verdict.code is VerdictCode.AMBIGUOUS
        await opened(pilot, PartyScreen)
        await see(pilot, WHO)
        await pilot.press("enter")
        await see(pilot, NOBODY)
        assert lane_of(pilot).status.counts.unsent == 0
        await pilot.press("ctrl+a", "enter")
        await until(lambda: green_rows(pilot) == 5, "five green rows")
        await pilot.press("enter")
        await at_the_door(pilot)
        await all_sent(pilot)
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "UNDONE", "undone")
        assert not any(ticket.checked_in for ticket in order.tickets)


@both_dialects
async def test_of_an_orders_code_a_person_chooses_one(
    context: AppContext, order: Order, dialect: str
) -> None:
    async with open_app(context) as pilot:
        if dialect == "live":
            await lane_of(pilot).parties.refresh(order.tickets[0].uuid)
        await scan(pilot, order.order_id if dialect == "live" else order.uuid)
        await opened(pilot, PartyScreen)
        await see(pilot, WHO)
        await pilot.press("escape")
        await at_the_door(pilot)
        await pilot.press("f3")  # of the whole order still, and not of one who proved to be it
        await opened(pilot, PartyScreen)
        await see(pilot, WHO)
        await pilot.press("space", "enter")
        await until(lambda: green_rows(pilot) == 1, "one green row")
        await until(lambda: sum(ticket.checked_in for ticket in order.tickets) == 1, "one is in")


async def test_a_key_that_repeats_asks_before_the_next_set(
    context: AppContext, order: Order, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        lane = lane_of(pilot)
        await lane.admit_party([ticket.uuid for ticket in order.tickets])
        await scan(pilot, plain.uuid)
        await until(lambda: lane.status.counts.unsent == 0 and plain.checked_in, "sent")
        await pilot.press("f9", "f9", "f9")
        await opened(pilot, ConfirmDialog)
        await see(pilot, f"Undo {order.tickets[-1].full_name} and 4 others?")
        assert all(ticket.checked_in for ticket in order.tickets)
        await pilot.click("#yes")
        await until(lambda: not any(ticket.checked_in for ticket in order.tickets), "undone")


async def test_a_scan_over_the_party_is_answered_and_the_ticks_stay(
    context: AppContext, order: Order, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, order.tickets[0].uuid)
        await pilot.press("f3")
        await opened(pilot, PartyScreen)
        await see(pilot, KNOWN)
        await pilot.press("down", "space")
        await until(lambda: screen_of(pilot.app).count("[x]") == 3)
        plain = sandbox.examples()["plain"]
        await scan(pilot, plain.uuid)
        await see(pilot, plain.full_name)
        assert isinstance(pilot.app.screen, PartyScreen)
        assert screen_of(pilot.app).count("[x]") == 3
        await pilot.press("enter")
        await until(lambda: green_rows(pilot) == 3, "three green rows")


async def test_a_scan_made_over_the_green_rows_stays_on_the_band(
    context: AppContext, order: Order, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        await scan(pilot, order.tickets[0].uuid)
        await pilot.press("f3", "enter")
        await until(lambda: green_rows(pilot) == 4, "four green rows")
        await scan(pilot, plain.uuid)
        await pilot.press("escape")
        await at_the_door(pilot)
        await pilot.pause()
        assert band(pilot).face.name == plain.full_name


async def test_f3_right_after_typing_is_about_what_was_typed(
    context: AppContext, order: Order
) -> None:
    async with open_app(context) as pilot:
        door = app_of(pilot).door
        door.put("minh nguyen")
        door.press("down")
        door.action_party()  # before the list was drawn
        await opened(pilot, PartyScreen)
        await see(pilot, "Order dZy8")


async def test_answers_needed_are_asked_after_the_party(
    context: AppContext, sandbox: Sandbox
) -> None:
    asked = sandbox.examples()["answers_needed"]
    async with open_app(context) as pilot:
        await pilot.press(*str(asked.number))
        await until(lambda: app_of(pilot).door.search.highlighted == asked.uuid)
        await pilot.press("f3", "enter")
        await see(pilot, "ANSWERS NEEDED")
        await pilot.press("enter")
        await opened(pilot, TicketScreen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_from_the_ticket_to_its_party_and_order(
    context: AppContext, order: Order, size: tuple[int, int]
) -> None:
    async with open_app(context, size=size) as pilot:
        await scan(pilot, order.tickets[0].uuid)
        await pilot.press("f2")
        await opened(pilot, TicketScreen)
        await pilot.press("f3")
        await opened(pilot, PartyScreen)
        await see(pilot, KNOWN)
        await pilot.press("ctrl+o")
        await opened(pilot, OrderScreen)
        await see(pilot, "Order dZy8")
        await pilot.press("escape")
        await opened(pilot, PartyScreen)
        await pilot.press("enter")
        await until(lambda: green_rows(pilot) == 4, "four green rows")
        await pilot.press("enter")
        await opened(pilot, TicketScreen)
        await until(lambda: band(pilot).face.name == order.tickets[-1].full_name, "the door's band")
        await pilot.press("ctrl+o")
        await opened(pilot, OrderScreen)
        await pilot.press("escape")
        await opened(pilot, TicketScreen)


async def test_nobody_in_hand_is_said(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("f3")
        await see(pilot, "Highlight a row")
        assert pilot.app.screen is app_of(pilot).door


async def test_one_ticket_is_a_party_of_one(context: AppContext, sandbox: Sandbox) -> None:
    one = next(
        ticket
        for ticket in sandbox.state.tonight.tickets
        if len(ticket.order.tickets) == 1 and not ticket.checked_in and not ticket.refunded
    )
    async with open_app(context) as pilot:
        await pilot.press(*str(one.number))
        await until(lambda: app_of(pilot).door.search.highlighted == one.uuid)
        await pilot.press("f3")
        await opened(pilot, PartyScreen)
        await see(pilot, "1 ticket")
        assert pilot.app.screen.query_one(PartyList).option_count == 1


async def test_an_undo_of_the_party_is_the_last_thing_done_for_the_door_too(
    context: AppContext, order: Order
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, order.tickets[1].uuid)
        await pilot.press("f3", "enter")
        await until(lambda: green_rows(pilot) == 4, "four green rows")
        await pilot.press("f9")
        await see(pilot, "UNDONE")
        await pilot.press("escape")
        await at_the_door(pilot)
        assert "4 people" in text_of(band(pilot))
        await pilot.press("f9")
        await opened(pilot, ConfirmDialog)  # another one is not undone without a question
