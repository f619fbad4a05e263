"""The list below the line: keys, the wheel, what is highlighted and what is admitted by that."""

import pytest
from textual import events

from boxoffice.cli.app_context import AppContext
from boxoffice.sandbox import Sandbox
from boxoffice.widgets.footer import Banner
from boxoffice.widgets.long_list import WHEEL
from boxoffice.widgets.ticket_list import EntryLine
from tests.app.stage import (
    App,
    answered,
    app_of,
    door_list,
    lane_of,
    line_of,
    open_app,
    scan,
    text_of,
    write,
)
from tests.support import until


async def test_enter_admits_the_highlighted_row_and_the_row_says_so(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"sorensen", "down")
        tickets = door_list(pilot)
        chosen = tickets.ticket
        assert chosen is not None and tickets.cursor == 0
        await pilot.press("enter")
        await answered(pilot, 1)
        (only,) = lane_of(pilot).history.recent
        assert only.verdict.ticket is not None and only.verdict.ticket.uuid == chosen
        index = tickets.uuids.index(chosen) - tickets.top
        await until(lambda: "\u2713" in tickets.render_line(index).text[:4], "a row that is in")
        assert line_of(pilot) == ""


async def test_enter_on_nothing_does_nothing(context: AppContext) -> None:
    async with open_app(context) as pilot:
        write(pilot, "\r\r")
        await pilot.press("enter", "x", "backspace", "enter")
        assert not app_of(pilot).door.controller.waiting
        assert not lane_of(pilot).history.recent


async def test_esc_clears_and_tab_takes_the_next_filter(context: AppContext) -> None:
    async with open_app(context) as pilot:
        everyone = len(door_list(pilot).uuids)
        await pilot.press(*"anna", "escape")
        assert line_of(pilot) == ""
        await pilot.press("tab")
        await pilot.pause()
        not_in = len(door_list(pilot).uuids)
        await pilot.press("tab")
        await pilot.pause()
        assert not_in + len(door_list(pilot).uuids) == everyone
        await pilot.press("shift+tab", "shift+tab")
        await pilot.pause()
        assert len(door_list(pilot).uuids) == everyone


async def test_keys_move_in_the_list(context: AppContext) -> None:
    async with open_app(context) as pilot:
        tickets = door_list(pilot)
        seen = []
        for key in ("down", "down", "pagedown", "end", "up", "pageup", "home", "up"):
            await pilot.press(key)
            seen.append(tickets.cursor)
        page, last = tickets.page, len(tickets.uuids) - 1
        assert seen == [0, 1, 1 + page, last, last - 1, last - 1 - page, 0, 0]


@pytest.mark.parametrize("ticket_count", [400])
@pytest.mark.parametrize("query", ["", "a"])
@pytest.mark.parametrize("by", ["the wheel", "the bar"])
async def test_a_row_that_scrolling_highlighted_is_seen_and_not_admitted(
    context: AppContext, query: str, by: str
) -> None:
    async with open_app(context) as pilot:
        tickets, door = door_list(pilot), app_of(pilot).door
        await pilot.press(*query, "down", "down")
        chosen = tickets.ticket
        assert chosen is not None
        if by == "the wheel":
            await wheel(pilot, 5)
        else:
            await pilot.click(tickets, offset=(tickets.size.width - 1, tickets.size.height - 1))
        carried = tickets.ticket
        assert carried is not None and carried != chosen
        assert door.search.name(carried) in text_of(tickets)
        await pilot.press("enter", "enter")
        assert not door.controller.waiting and not lane_of(pilot).history.recent
        assert (line_of(pilot), tickets.ticket) == (query, carried)
        assert "\u2191" in text_of(door.query_one(Banner))
        await pilot.press("down", "up", "enter")
        await answered(pilot, 1)
        (only,) = lane_of(pilot).history.recent
        assert only.verdict.ticket is not None and only.verdict.ticket.uuid == carried


async def test_scrolling_highlights_nothing_and_keeps_a_choice_that_is_seen(
    context: AppContext,
) -> None:
    async with open_app(context) as pilot:
        tickets = door_list(pilot)
        await wheel(pilot, 2)
        assert tickets.top and tickets.cursor is None
        await pilot.press("enter")
        assert not lane_of(pilot).history.recent
        await pilot.press("down", *["down"] * WHEEL)
        chosen, cursor = tickets.ticket, tickets.cursor
        await wheel(pilot, 1)
        assert tickets.cursor == cursor == tickets.top
        await pilot.press("enter")
        await answered(pilot, 1)
        (only,) = lane_of(pilot).history.recent
        assert only.verdict.ticket is not None and only.verdict.ticket.uuid == chosen


async def test_what_is_typed_after_scrolling_is_a_choice_again(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("down")
        await wheel(pilot, 5)
        await pilot.press(*"sorensen", "down", "enter")
        await answered(pilot, 1)


async def test_the_arrows_go_on_from_the_row_that_the_last_answer_marked(
    context: AppContext, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        tickets = door_list(pilot)
        await pilot.press("down", "down")
        await scan(pilot, plain.uuid)
        await until(lambda: tickets.marked == plain.uuid, "the marked row")
        assert tickets.cursor is None
        await pilot.press("enter")
        assert len(lane_of(pilot).history.recent) == 1, (
            "what was chosen before the scan is chosen no more"
        )
        at = list(tickets.uuids).index(plain.uuid)
        await pilot.press("down")
        assert tickets.cursor == at + 1
        await pilot.press("up", "up")
        assert tickets.cursor == at - 1


async def test_a_changed_list_does_not_take_the_highlight_out_of_sight(context: AppContext) -> None:
    async with open_app(context) as pilot:
        tickets = door_list(pilot)
        await pilot.press("end")
        last, first = tickets.uuids[-1], tickets.uuids[tickets.top]
        between = [uuid for uuid in tickets.uuids if uuid not in (last, first)]
        tickets.replace([first, *between, last])
        assert tickets.ticket == last
        assert tickets.cursor == tickets.top + tickets.size.height - 1


@pytest.mark.parametrize("ticket_count", [400])
async def test_many_hits_choose_nobody(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"sorensen", "enter")
        line = app_of(pilot).door.query_one(EntryLine)
        assert "chooses" in line.found and line.near
        assert not lane_of(pilot).history.recent
        await pilot.press("backspace")
        assert "chooses" not in line.found


async def wheel(pilot: App, turns: int) -> None:
    """Turn the wheel over the list: down, or up where that is less than nothing."""
    tickets = door_list(pilot)
    kind = events.MouseScrollDown if turns > 0 else events.MouseScrollUp
    for _ in range(abs(turns)):
        tickets.post_message(kind(tickets, 3, 3, 0, turns, 0, False, False, False))
    await pilot.pause()
