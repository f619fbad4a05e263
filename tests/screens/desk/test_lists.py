"""The lists of the desk at any length: all that is found is there, and nobody waits for it."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input

from boxoffice.cli.app_context import AppContext
from boxoffice.collector import FEW
from boxoffice.manage.orders import Tickets
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.change import HINT_NAME, NOT_THE_NAME
from boxoffice.screens.desk.context import FormatOptions
from boxoffice.screens.desk.form import FormScreen, PartsScreen
from boxoffice.screens.desk.lists import RowList, RowsScreen
from boxoffice.screens.desk.resource_list import NONE_FOUND, ListScreen
from boxoffice.screens.desk.table_model import TableModel
from boxoffice.ticketbutler.resources.exports import NewsletterSignup
from boxoffice.ticketbutler.resources.tickets import TicketDetails
from boxoffice.ticketbutler.resources.webhooks import NewWebhook
from boxoffice.widgets.long_list import WHEEL
from tests.screens.desk.stage import (
    DISCOUNTS,
    QUESTIONS,
    TICKETS,
    TYPES,
    WEBHOOKS,
    desk,
    first,
    form,
    opened,
    quiet,
    took,
)
from tests.screens.stage import Stage, see, text_of
from tests.support import EVENING, UNDERWAY, until

EMPTY_FOOTER = ["F4 New", "Esc Back", "F1 Help", "F5 Refresh", "^P More", "^Q Quit"]
SECRET = "6f1a2b3c4d5e6f7a"
HOOK = f"http://127.0.0.1:8801/hooks/{SECRET}"


def listed(pilot: Pilot[Any]) -> ListScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ListScreen)
    return screen


def cursor_line(pilot: Pilot[Any]) -> str:
    return next(line for line in text_of(pilot.app).splitlines() if line.startswith("▸"))


def footer(pilot: Pilot[Any]) -> str:
    return text_of(pilot.app).splitlines()[-1].strip()


async def test_every_row_is_listed(context: AppContext, sandbox: Sandbox) -> None:
    tickets = first(sandbox).tickets
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, f"Tickets · {len(tickets)} ·")
        rows = listed(pilot).rows
        await pilot.press("ctrl+end")
        assert rows.cursor == len(tickets) - 1
        screen = listed(pilot)
        assert screen.table is not None
        last = screen.table.rows[-1].full_name
        assert last[:20] in cursor_line(pilot)
        await pilot.press("ctrl+home", "pagedown")
        assert rows.cursor == rows.page
        await pilot.press(*"soeren.soerensen")
        await until(lambda: screen.shows("soeren.soerensen"))
        assert f"Tickets · {len(rows.keys)} of {len(tickets)} ·" in text_of(pilot.app)
        assert "Søren Sørensen" in cursor_line(pilot)
        await pilot.press(*"xqz")
        await see(pilot, NONE_FOUND)
        await pilot.press("escape", "escape")
        await until(lambda: screen.table is None, "its rows to be let go")


async def test_enter_opens_what_was_typed_even_before_it_is_found(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, searched, threads = threading.Event(), Tickets.searched, set[int]()

    def slow(self: Tickets, row: Any) -> str:
        threads.add(threading.get_ident())
        assert ready.wait(60)
        return searched(self, row)

    monkeypatch.setattr(Tickets, "searched", slow)
    # Keys are pressed while the search hangs: nothing is gained by waiting for it after each.
    monkeypatch.setattr(asyncio, "to_thread", UNDERWAY.held_back(asyncio.to_thread))
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "Tickets · 60 ·")
        await pilot.press(*"soeren.soerensen")
        assert not listed(pilot).shows("soeren.soerensen")
        assert "Søren" not in cursor_line(pilot)
        asyncio.get_running_loop().call_later(0.1, ready.set)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await see(pilot, "Ticket “Søren Sørensen")
    assert threading.get_ident() not in threads


def table(count: int) -> TableModel:
    people = [
        TicketDetails(uuid=f"{at:032x}", full_name=f"person {at}", checked_in=False)
        for at in range(count)
    ]
    return TableModel(people, (), lambda _: FormatOptions(), searched=lambda row: row.full_name)


async def test_others_run_while_a_long_list_is_searched() -> None:
    turns, people = 0, table(20_000)
    await people.texts()

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(turn())
    assert await people.find("person 19999") == [19_999]
    assert turns, "the loop went on meanwhile"
    other.cancel()
    assert await people.find("7 person", [7, 8, 17]) == [7, 17]
    assert await people.find("  ") == range(20_000)


async def test_the_rows_of_a_long_list_go_while_others_run() -> None:
    threads: list[int] = []

    class Row:
        def __del__(self) -> None:
            threads.append(threading.get_ident())

    rows = [Row() for _ in range(FEW + 1)]
    long = await TableModel.build(rows, (), lambda _: FormatOptions())
    rows.clear()
    assert not threads
    del long
    await until(lambda: len(threads) > FEW)
    assert threading.get_ident() not in threads


async def test_a_refresh_keeps_the_highlighted_row(context: AppContext, sandbox: Sandbox) -> None:
    event = first(sandbox)
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "VIP balcony")
        await pilot.press("down", "down")
        assert "VIP balcony" in cursor_line(pilot)
        event.ticket_types.append(event.ticket_types.pop(0))
        await pilot.press("f5")
        await quiet(pilot)
        await until(lambda: "Student" in text_of(pilot.app).splitlines()[5], "the new order")
        assert "VIP balcony" in cursor_line(pilot)
        event.ticket_types.remove(event.ticket_types[1])
        await pilot.press("f5")
        await until(lambda: "VIP balcony" not in text_of(pilot.app), "it to be gone")
        assert "Dinner" in cursor_line(pilot)


async def test_a_click_highlights_and_a_second_one_opens(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "VIP balcony")
        await pilot.click(RowList, offset=(5, 2))
        assert "VIP balcony" in cursor_line(pilot)
        assert isinstance(pilot.app.screen, ListScreen)
        await pilot.click(RowList, offset=(5, 3), times=2)
        await see(pilot, "Ticket type “Dinner")


async def test_what_enter_opens_after_scrolling_is_seen(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "Tickets ·")
        rows = pilot.app.screen.query_one(RowList)
        await until(lambda: len(rows.keys) > 2 * rows.size.height, "more than is seen at once")
        scroll = events.MouseScrollDown(rows, 3, 3, 0, 1, 0, False, False, False)
        for _ in range(5):
            rows.post_message(scroll)
        await pilot.pause()
        assert rows.cursor == rows.top == 5 * WHEEL
        await pilot.click(RowList, offset=(rows.size.width - 1, rows.size.height - 1))
        assert rows.cursor == rows.top == len(rows.keys) - rows.size.height
        await pilot.click(RowList, offset=(rows.size.width - 1, 0))
        assert (rows.top, rows.cursor) == (0, rows.size.height - 1)


async def test_an_empty_list_says_what_can_be_done(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, DISCOUNTS, "There are none yet. F4 makes one.")
        assert footer(pilot).split("  ") == EMPTY_FOOTER
        await pilot.press("f8", "f2", "enter")
        assert isinstance(pilot.app.screen, ListScreen)


async def test_of_an_empty_list_that_nothing_is_made_in_more_is_asked(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(self: Tickets, event: str | None = None) -> Sequence[TicketDetails]:
        return []

    monkeypatch.setattr(Tickets, "list", none)
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "There are none yet. F5 asks the site again.")
        assert "Open" not in footer(pilot)
        assert "Actions" not in footer(pilot)


async def test_nothing_is_opened_while_nothing_is_listed(
    context: AppContext, sandbox: Sandbox
) -> None:
    rule = sandbox.faults.set("hang", method="GET", path="events/*/tickets/")
    async with desk(context) as pilot:
        await pilot.press(*["down"] * TICKETS, "enter")
        await until(lambda: rule.hits, "the question to the site")
        await see(pilot, "Esc Back")
        assert "Open" not in footer(pilot)
        sandbox.faults.clear()
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "Enter Open")
        await pilot.press(*"xqz")
        await see(pilot, NONE_FOUND)
        assert "Open" not in footer(pilot)


async def test_no_part_is_opened_or_dropped_where_there_is_none(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        await form(pilot, "f4")
        pilot.app.screen.query_one("#part-choices", Button).press()
        await see(pilot, "There is none yet. F4 adds one.")
        assert "Open" not in footer(pilot)
        assert "Delete" not in footer(pilot)
        await pilot.press("enter", "f8")
        assert isinstance(pilot.app.screen, PartsScreen)
        await form(pilot, "f4")
        await pilot.press(*"Vegan", "ctrl+s")
        await see(pilot, "Enter Open")
        assert "Delete" in footer(pilot)


async def test_all_that_the_site_gave_can_be_read() -> None:
    rows = [
        NewsletterSignup(
            date_joined=EVENING,
            newsletter_event=f"mail{at}@example.com",
            first_name="F",
            last_name="L",
            email="E",
        )
        for at in range(700)
    ]
    app = Stage(RowsScreen("Everybody", rows, None, "da_DK"))
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "mail0@example.com")
        assert "Everybody · 700" in text_of(app)
        await pilot.press("ctrl+end")
        await see(pilot, "mail699@example.com")


async def test_a_webhook_is_named_without_its_secret(context: AppContext, sandbox: Sandbox) -> None:
    organiser = (await context.desk()).resources["webhooks"]._client
    made = [
        await organiser.webhooks.create(NewWebhook(url=HOOK, action=action))
        for action in ("all", "ticket.checkin")
    ]
    one, other = (f"{each.uuid[:4]} 127.0.0.1:8801" for each in made)
    async with desk(context) as pilot:
        await opened(pilot, WEBHOOKS, one)
        assert other in text_of(pilot.app)
        assert SECRET not in text_of(pilot.app)
        await pilot.press(*"checkin", "f8")
        await see(pilot, HINT_NAME)
        assert SECRET not in text_of(pilot.app)
        await pilot.press(*one, "enter")
        await see(pilot, NOT_THE_NAME)
        pilot.app.screen.query_one(Input).value = other
        await pilot.press("enter")
        await took(pilot)
        assert list(sandbox.state.webhooks) == [made[0].uuid]


async def test_a_used_code_says_that_it_is_kept_and_what_to_do(
    context: AppContext, sandbox: Sandbox
) -> None:
    codes = (await context.desk()).resources["discounts"]
    event = sandbox.state.tonight.uuid
    await codes.create(event, {"code": "SUMMER", "amount": 50, "usage_tickets_limit": 9})
    (code,) = sandbox.state.discount_codes.values()
    code.amount_times_applied = 3
    async with desk(context) as pilot:
        await opened(pilot, DISCOUNTS, "SUMMER")
        await pilot.press("f8")
        await see(pilot, HINT_NAME)
        await pilot.press(*"SUMMER", "enter")
        await see(pilot, "“SUMMER” has been used 3 times, so the site keeps it")
        await see(pilot, "switch it off instead")


async def test_a_change_made_while_the_list_is_read_is_in_the_list(
    context: AppContext, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = sandbox.examples()["plain"]
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "Tickets · ")
        screen = pilot.app.screen
        assert isinstance(screen, ListScreen)
        resource = screen._resource
        read, has_read, go_on = resource.list, asyncio.Event(), asyncio.Event()

        async def slow(event: str | None = None) -> Sequence[Any]:
            rows = await read(event)
            has_read.set()
            await go_on.wait()
            return rows

        monkeypatch.setattr(resource, "list", slow)
        screen.action_refresh()
        await has_read.wait()
        sandbox.state.check_in(ticket)
        screen.action_refresh()
        go_on.set()

        def listed() -> bool:
            rows = screen.table.rows if screen.table else ()
            return any(row.uuid == ticket.uuid and row.checked_in for row in rows)

        await until(listed, "the list as it is now")


async def test_what_else_can_be_done_is_that_of_the_highlighted_row(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        screen = pilot.app.screen
        assert isinstance(screen, ListScreen)
        offered = set()
        for _ in range(len(screen.rows.keys)):
            choices = bool(screen.row.choices)
            offered.add(choices)
            await until(lambda choices=choices: ("F2" in text_of(pilot.app)) == choices, "the key")
            await pilot.press("down")
        assert offered == {True, False}
