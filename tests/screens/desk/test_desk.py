"""The organiser's desk on the sandbox: what is changed there, and what is never sent unseen."""

from functools import partial

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from boxoffice.cli.app_context import AppContext
from boxoffice.sandbox import Sandbox
from boxoffice.screens.base import BaseScreen
from boxoffice.screens.desk.change import CHANGED, HINT_NAME, NOT_THE_NAME, ChangeScreen
from boxoffice.screens.desk.form import NOTHING_NEW, UNSAVED, FormScreen
from boxoffice.screens.desk.home import DeskScreen
from boxoffice.screens.desk.resource_list import ListScreen
from boxoffice.screens.dialogs import ReasonDialog
from boxoffice.screens.help import HelpScreen
from boxoffice.ticketbutler.errors import MAYBE
from tests.screens.desk.stage import (
    DISCOUNTS,
    EVENTS,
    EXPORTS,
    GENERIC,
    ORDERS,
    QUESTIONS,
    TICKETS,
    TYPES,
    WEBHOOKS,
    desk,
    first,
    form,
    looked,
    opened,
    took,
)
from tests.screens.stage import HOSTILE, resized, see, text_of
from tests.support import both_dialects, until


async def test_stock_is_raised_in_a_few_keys(context: AppContext, sandbox: Sandbox) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        before = first(sandbox).ticket_types[0].amount_total
        await form(pilot)
        await pilot.press(*"+50", "ctrl+s")
        await see(pilot, f"{before + 50}")
        await see(pilot, "Enter sends it")
        assert first(sandbox).ticket_types[0].amount_total == before
        await pilot.press("enter")
        await took(pilot)
        assert first(sandbox).ticket_types[0].amount_total == before + 50
        assert str(before + 50) in text_of(pilot.app)


async def test_a_ticket_type_is_switched_off_and_the_others_stay(
    context: AppContext, sandbox: Sandbox
) -> None:
    others = [each.title for each in first(sandbox).ticket_types]
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot, "down", "enter")
        await looked(pilot, "tab", "space")
        await pilot.press("enter")
        await took(pilot)
    assert [each.title for each in first(sandbox).ticket_types] == others
    assert [each.active for each in first(sandbox).ticket_types][:2] == [True, False]


async def test_help_names_what_each_screen_of_the_desk_has(context: AppContext) -> None:
    async def has(pilot: Pilot[None]) -> list[bool]:
        front = pilot.app.screen
        assert isinstance(front, BaseScreen)
        await pilot.app.push_screen(HelpScreen(front.place, {}, front.lacks))
        shown = text_of(pilot.app)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is front)
        return [text in shown for text in ("Opens what", "Begins a new one", "what else can be")]

    async with desk(context) as pilot:
        assert await has(pilot) == [True, False, False]
        await opened(pilot, TYPES, "Standard")
        assert await has(pilot) == [True, True, False]


async def test_a_question_gets_a_choice_and_nothing_goes(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        rows = text_of(pilot.app).count("attendees") + text_of(pilot.app).count("buyers")
        await pilot.press(*"which menu")
        await pilot.press("enter")
        await see(pilot, "Choices (3)…")
        pilot.app.screen.query_one("#part-choices", Button).press()
        await see(pilot, "F4 adds one")
        await form(pilot, "f4")
        await see(pilot, "^S Take it")
        await pilot.press(*"Insects", "ctrl+s")
        await see(pilot, "Insects")
        await see(pilot, "F4 adds one")
        await pilot.press("escape")
        await see(pilot, "Choices (4)…")
        await looked(pilot)
        assert "Insects" in text_of(pilot.app)
        await pilot.press("enter")
        await took(pilot)
        await pilot.press("escape")
        await see(pilot, "Which menu?")
        text = text_of(pilot.app)
        assert text.count("attendees") + text.count("buyers") == rows


async def test_a_part_that_the_site_has_is_not_dropped_from_the_form(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        await pilot.press(*"which menu")
        await pilot.press("enter")
        await see(pilot, "Choices (3)…")
        pilot.app.screen.query_one("#part-choices", Button).press()
        await see(pilot, "F4 adds one")
        await pilot.press("f8")
        await see(pilot, "The site has this one already")
        await pilot.press("escape")
        await see(pilot, "Choices (3)…")


@pytest.mark.parametrize("place", [DISCOUNTS, GENERIC])
async def test_a_discount_code_is_made_toggled_and_deleted(context: AppContext, place: int) -> None:
    async with desk(context) as pilot:
        await opened(pilot, place, "Discount codes")
        await form(pilot, "f4")
        if place == GENERIC:
            await see(pilot, "organiser.")  # the end of what is said where there is nothing to pick
        await looked(pilot, *"SUMMER", "enter", *"50")
        await pilot.press("enter")
        await took(pilot)
        await see(pilot, "SUMMER")
        await pilot.press("f2")
        await see(pilot, "Switch it off")
        await pilot.press("enter")
        await see(pilot, "Enter sends it")
        await pilot.press("enter")
        await took(pilot)
        assert " no " in next(row for row in text_of(pilot.app).splitlines() if "SUMMER" in row)
        await pilot.press("f8")
        await see(pilot, HINT_NAME)
        await pilot.press(*"WINTER", "enter")
        await see(pilot, NOT_THE_NAME)
        await pilot.press(*["backspace"] * 6, *"summer", "enter")
        await took(pilot)
        assert "SUMMER" not in text_of(pilot.app)


async def test_a_code_for_one_ticket_type_names_it_before_it_is_sent_and_after(
    context: AppContext, sandbox: Sandbox
) -> None:
    kind = next(iter(first(sandbox).ticket_types))
    async with desk(context) as pilot:
        await opened(pilot, DISCOUNTS, "Discount codes")
        await form(pilot, "f4")
        await looked(pilot, *"SUMMER", "enter", *"50", "enter", "enter", "enter", "space")
        before_sent = text_of(pilot.app)
        await pilot.press("enter")
        await took(pilot)
        await pilot.press("enter")
        await see(pilot, "only be looked at")
        for shown in (before_sent, text_of(pilot.app)):
            (row,) = (line for line in shown.splitlines() if "Ticket type" in line)
            assert kind.title in row
            assert kind.uuid not in shown
    (code,) = sandbox.state.discount_codes.values()
    assert code.ticket_type is kind


async def test_ticket_types_of_one_title_are_told_apart_before_a_code_for_one_is_sent(
    context: AppContext, sandbox: Sandbox
) -> None:
    kind, other, *_rest = first(sandbox).ticket_types
    other.title = kind.title
    async with desk(context) as pilot:
        await opened(pilot, DISCOUNTS, "Discount codes")
        await form(pilot, "f4")
        await looked(pilot, *"SUMMER", "enter", *"50", "enter", "enter", "enter", "space")
        assert f"{kind.title} ({kind.uuid[:8]})" in text_of(pilot.app)


async def test_an_event_is_deleted_with_reason_and_name_only(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, EVENTS, "Jazzaften")
        await pilot.press(*"jazz", "f8")
        await until(lambda: isinstance(pilot.app.screen, ReasonDialog), "the question why")
        await pilot.press(*"Storm warning", "enter")
        await see(pilot, HINT_NAME)
        await pilot.press("enter")
        await see(pilot, NOT_THE_NAME)
        field = pilot.app.screen.query_one(Input)
        field.value = "Jazzaften i Ørstedsparken"
        assert sum("Jazz" in each.title for each in sandbox.state.events.values()) == 1
        await pilot.press("enter")
        await took(pilot)
    gone = next(each for each in sandbox.state.events.values() if "Jazz" in each.title)
    assert gone.deleted


@both_dialects
async def test_an_order_is_corrected_and_refunded(context: AppContext, sandbox: Sandbox) -> None:
    async with desk(context) as pilot:
        await opened(pilot, ORDERS, "paid")
        await form(pilot, *"soeren.soerensen", "enter")
        await pilot.press("enter")
        await looked(pilot, "end", "x")
        await pilot.press("enter")
        await took(pilot)
        await pilot.press("f2")
        await see(pilot, "Refund it")
        assert "( )" not in text_of(pilot.app), "things to do have no marks"
        await pilot.press("enter")
        await see(pilot, HINT_NAME)
        await pilot.press(*"dZy6", "enter")
        await took(pilot)
        await see(pilot, "refunded")
    order = next(each for each in sandbox.state.orders.values() if each.order_id == "dZy6")
    assert order.refunded


async def test_lists_that_are_only_looked_at(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TICKETS, "F2 Actions")
        await pilot.press("escape")
        await opened(pilot, EXPORTS - TICKETS, "sent by e-mail")
        await pilot.press("enter")
        await see(pilot, "Everybody who asked")
        await pilot.press("enter")
        await see(pilot, "First event")
        await pilot.press("escape")
        await see(pilot, "sent by e-mail")
        await pilot.press("escape")
        await opened(pilot, WEBHOOKS - EXPORTS, "There are none yet.")


def wrapped(pilot: Pilot[None], text: str) -> bool:
    """Whether a text that has no spaces stands on the screen, over several lines or not."""
    return text in "".join(text_of(pilot.app).split())


async def test_a_file_is_kept_and_never_over_another(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, EXPORTS, "Excel workbook")
        for name in ("newsletters.xlsx", "newsletters-2.xlsx"):
            await pilot.press(*["backspace"] * 4, *"xlsx", "enter")
            await see(pilot, "Everybody who asked for it, as an Excel workbook")
            await pilot.press("enter")
            await see(pilot, "Written to")
            await until(partial(wrapped, pilot, f"/{name}"), "its name")
    folder = context.folder / "exports"
    assert [path.name for path in sorted(folder.glob("*/*"))] == [
        "newsletters-2.xlsx",
        "newsletters.xlsx",
    ]


async def test_nothing_changed_is_not_sent_and_what_was_typed_is_not_lost_by_one_key(
    context: AppContext,
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await pilot.press("ctrl+s")
        await see(pilot, NOTHING_NEW)
        await pilot.press("9", "escape")
        await see(pilot, UNSAVED)
        assert isinstance(pilot.app.screen, FormScreen)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, ListScreen), "the list")


async def test_what_the_site_changed_meanwhile_is_shown_before_it_is_sent(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await looked(pilot, *"900")
        kind = first(sandbox).ticket_types[0]
        kind.amount_total += 7
        await pilot.press("enter")
        await see(pilot, CHANGED)
        assert str(kind.amount_total) in text_of(pilot.app)
        button = pilot.app.screen.query_one("#send", Button)
        await until(lambda: not button.has_class("-active"), "a button that can be pressed again")
        await pilot.press("left", "enter")
        await took(pilot)
        assert first(sandbox).ticket_types[0].amount_total == 900


async def test_a_refusal_is_said_and_the_form_is_still_there(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await looked(pilot, *"1")
        await pilot.press("enter")
        await until(lambda: "Sending" not in text_of(pilot.app), "an answer")
        assert isinstance(pilot.app.screen, ChangeScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, FormScreen)
        assert first(sandbox).ticket_types[0].amount_total != 1


async def test_what_may_have_been_done_is_not_sent_twice(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        await form(pilot)
        await looked(pilot, *"900")
        sandbox.faults.set("drop-after", method="PATCH")
        await pilot.press("enter")
        await until(lambda: MAYBE.split(":")[0] in " ".join(text_of(pilot.app).split()), "a doubt")
        assert pilot.app.screen.query_one("#send", Button).disabled


async def test_offline_it_says_so_and_can_be_left(context: AppContext, sandbox: Sandbox) -> None:
    async with desk(context) as pilot:
        await sandbox.stop()
        await pilot.press("enter")
        await see(pilot, "F5 asks again.")
        await pilot.press("f4", "f8", "f2", "enter")
        await pilot.press("escape", "escape")
        await sandbox.start()


async def test_hostile_texts_are_drawn_as_they_are(context: AppContext, sandbox: Sandbox) -> None:
    event = first(sandbox)
    event.title = event.ticket_types[0].title = HOSTILE
    async with desk(context) as pilot:
        await see(pilot, HOSTILE)
        await opened(pilot, TYPES, HOSTILE)
        await form(pilot)
        assert text_of(pilot.app).count(HOSTILE) == 2
        await looked(pilot, *"900")
        assert HOSTILE in text_of(pilot.app)
        await pilot.press("escape", "escape", "escape", "f8")
        await see(pilot, HINT_NAME)
        assert text_of(pilot.app).count(HOSTILE) == 2
        await pilot.press("escape", "escape")
        await opened(pilot, EVENTS - TYPES, HOSTILE[:20])
        await pilot.press("f2")
        await see(pilot, "Its desk")
        assert HOSTILE in text_of(pilot.app)


async def test_another_events_desk_is_opened_from_the_events(context: AppContext) -> None:
    async with desk(context) as pilot:
        await opened(pilot, EVENTS, "Jazzaften")
        await pilot.press(*"jazz", "f2")
        await see(pilot, "Its desk")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, DeskScreen), "a desk")
        await see(pilot, "Jazzaften i Ørstedsparken")


async def test_it_fits_every_terminal(context: AppContext) -> None:
    sizes = (60, 20), (200, 60), (40, 12)
    async with desk(context, size=sizes[-1]) as pilot:
        await opened(pilot, TYPES, "Title")
        async for _ in resized(pilot, *sizes):
            await see(pilot, "Title")
        await form(pilot)
        async for _ in resized(pilot, *sizes):
            await see(pilot, "Title")
        await looked(pilot, *"900")
        async for _ in resized(pilot, *sizes):
            await see(pilot, "Enter sends it")
        await pilot.press("escape")
        await see(pilot, "Title")
