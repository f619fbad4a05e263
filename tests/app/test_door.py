"""What the door shows and does: verdicts, and commands by key and by mouse."""

import re

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.roster import Filter
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens import door_controller
from boxoffice.screens.door import DoorScreen
from boxoffice.screens.events import EventsScreen
from boxoffice.screens.help import HelpScreen
from boxoffice.screens.history import HistoryScreen
from boxoffice.screens.ticket import TicketScreen
from boxoffice.widgets.footer import Banner, CommandFooter
from boxoffice.widgets.last_scans import LastScans
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.status import StatusLine
from boxoffice.widgets.verdict import IDLE, Face, VerdictBand
from tests.app.stage import (
    WIDE,
    App,
    all_sent,
    answered,
    app_of,
    door_list,
    lane_of,
    line_of,
    open_app,
    opened,
    passes,
    scan,
    text_of,
    write,
)
from tests.screens.stage import text_of as screen_of
from tests.support import FakeClock, until


def band(pilot: App) -> ScanBand:
    return app_of(pilot).door.query_one(ScanBand)


def status(pilot: App) -> str:
    return text_of(app_of(pilot).door.query_one(StatusLine))


@pytest.mark.parametrize(
    ("example", "code", "tone"),
    [
        ("plain", VerdictCode.ADMITTED, "green"),
        ("already_in", VerdictCode.ALREADY_IN, "yellow"),
        ("refunded_ticket", VerdictCode.REFUNDED, "red"),
        ("not_paid", VerdictCode.NOT_PAID, "red"),
        ("wrong_event", VerdictCode.WRONG_EVENT, "red"),
        ("party", VerdictCode.ADMITTED, "green"),
    ],
)
async def test_the_band_says_the_word_the_name_and_why(
    context: AppContext, sandbox: Sandbox, example: str, code: VerdictCode, tone: str
) -> None:
    async with open_app(context) as pilot:
        (only,) = await scan(pilot, sandbox.examples()[example].uuid)
        assert only.verdict.code is code
        face, shown = band(pilot).face, text_of(band(pilot))
        assert (face.word, face.tone) == (code.word, tone)
        assert only.verdict.ticket is not None
        assert only.verdict.ticket.full_name in shown
        assert only.verdict.reason in shown
        assert code.symbol in text_of(app_of(pilot).door.query_one(".strip", LastScans))


async def test_codes_that_name_nobody(context: AppContext) -> None:
    async with open_app(context) as pilot:
        unknown, rubbish = await scan(pilot, "0" * 32, "#!;;#")
        assert unknown.verdict.code is VerdictCode.UNKNOWN
        assert rubbish.verdict.code is VerdictCode.NOT_A_TICKET
        assert "#!;;#" in text_of(band(pilot))


async def test_answers_needed_opens_the_form_which_admits(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, sandbox.examples()["answers_needed"].uuid)
        await opened(pilot, TicketScreen)
        assert band(pilot).face.word == "ANSWERS NEEDED"
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        await pilot.press("f2")
        await opened(pilot, TicketScreen)


async def test_a_form_waits_for_a_line_that_is_being_typed(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        rule = sandbox.faults.set("hang", path="tickets/*/")
        write(pilot, sandbox.examples()["answers_needed"].uuid + "\r")
        await pilot.press(*"ann")
        sandbox.faults.clear(rule)
        await answered(pilot, 1)
        assert (pilot.app.screen, line_of(pilot)) == (app_of(pilot).door, "ann")
        await pilot.press("escape")
        await opened(pilot, TicketScreen)


async def test_which_one_lists_the_tickets_of_several_orders(
    context: AppContext, sandbox: Sandbox
) -> None:
    tickets = [sandbox.examples()[name] for name in ("plain", "party", "answered")]
    for ticket in tickets:
        ticket.number = 99_999
        sandbox.state.touch(ticket)
    async with open_app(context) as pilot:
        (which,) = await scan(pilot, "99999")
        assert which.verdict.code is VerdictCode.AMBIGUOUS
        listed = door_list(pilot)
        await until(lambda: len(listed.uuids) == len(tickets), "the tickets of the code")
        await pilot.press("down", "enter")
        await answered(pilot, 2)
        await pilot.press("down", "enter")
        await answered(pilot, 3)
        first, second = list(lane_of(pilot).history.recent)[1::-1]
        assert first.verdict.code is second.verdict.code is VerdictCode.ADMITTED
        assert len(listed.uuids) == len(tickets)
        await pilot.press("escape")
        await until(lambda: len(listed.uuids) > len(tickets), "the whole list")


async def test_the_footer_names_keys_that_the_computer_has(
    context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(context) as pilot:
        footer = app_of(pilot).door.query_one(CommandFooter)
        assert "F2 Ticket" in text_of(footer)
        monkeypatch.setattr("boxoffice.commands.sys.platform", "darwin")  # F2 is Fn with F2 there
        footer.refresh()
        assert "^T Ticket" in text_of(footer)
        assert not re.search(r"\bF[0-9]", text_of(footer))


async def test_the_mouse_does_it_too(context: AppContext) -> None:
    async with open_app(context) as pilot:
        tickets = door_list(pilot)
        await pilot.click(tickets, offset=(5, 3))
        assert tickets.cursor == 3
        await pilot.click(CommandFooter, offset=(3, 0))
        await opened(pilot, HelpScreen)
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        await pilot.click("EntryLine", offset=(67, 0))
        assert app_of(pilot).door.search.query.filter is Filter.IN
        await pilot.press("escape", "shift+tab", "shift+tab")
        await pilot.pause()
        await pilot.click(tickets, offset=(5, 5), times=2)
        await answered(pilot, 1)


async def test_another_event_is_chosen(context: AppContext) -> None:
    async with open_app(context) as pilot:
        here = lane_of(pilot).event.title
        await scan(pilot, "0" * 32)
        app_of(pilot).door.show_notice(Face("NOT UNDONE"))
        await pilot.press("left")
        await until(lambda: "1 before" in text_of(band(pilot)), "who was before that")
        await pilot.press("f10")
        await opened(pilot, EventsScreen)
        await until(
            lambda: "today" in pilot.app.screen.query_one("OptionList").__class__.__name__ or True
        )
        await pilot.press("down", "enter")
        await until(lambda: lane_of(pilot).event.title != here, "another event")
        await until(lambda: lane_of(pilot).event.title[:8] in status(pilot), "its title")
        await until(lambda: band(pilot).drawn is IDLE, "nobody of the other event on the band")


async def test_another_doors_check_in_appears_by_itself(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        before = lane_of(pilot).status.checked_in
        plain = sandbox.examples()["plain"]
        sandbox.state.check_in(plain)
        await passes(clock, lambda: f"in {before + 1}/" in status(pilot), "the count")


async def test_hostile_names_are_nothing_but_text(context: AppContext, sandbox: Sandbox) -> None:
    async with open_app(context, size=WIDE) as pilot:
        tickets = door_list(pilot)
        for top in range(0, len(tickets.uuids), 20):
            tickets.top = top
            tickets.refresh()
            await pilot.pause()
        await scan(pilot, sandbox.examples()["hostile"].uuid)
        await pilot.click(VerdictBand, offset=(5, 7))
        await pilot.click(VerdictBand, offset=(5, 8))
        assert pilot.app.screen is app_of(pilot).door
        assert not pilot.app._exit


async def test_refresh_says_what_came_of_it(context: AppContext, sandbox: Sandbox) -> None:
    async with open_app(context) as pilot:
        banner = app_of(pilot).door.query_one(Banner)
        await pilot.press("f5")
        await until(lambda: "60 tickets" in banner.passing, "the outcome")
        sandbox.faults.set("500")
        await pilot.press("f5")
        await until(lambda: not banner.passing and banner.notices, "the trouble")


async def test_a_ticket_scanned_again_over_its_form_is_asked_once(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        asked = sandbox.examples()["answers_needed"]
        await scan(pilot, asked.uuid)
        await until(lambda: isinstance(pilot.app.screen, TicketScreen), "the form")
        await scan(pilot, str(asked.number))  # the same code again would be a bouncing scanner
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, DoorScreen), "the door")
        await pilot.pause()
        assert isinstance(pilot.app.screen, DoorScreen)


async def test_who_was_before_takes_one_key_and_is_never_green(
    context: AppContext, sandbox: Sandbox
) -> None:
    examples = sandbox.examples()
    first, second, third = (examples[name] for name in ("plain", "external", "party"))
    async with open_app(context) as pilot:
        await scan(pilot, first.uuid, second.uuid)
        await all_sent(pilot)
        shown, footer = band(pilot), app_of(pilot).door.query_one(CommandFooter)
        await pilot.press("left")
        await until(lambda: first.full_name in text_of(shown), "the one before")
        assert (shown.drawn.tone, shown.drawn.symbol) == (None, "")
        assert "1 before, at" in text_of(shown) and "confirmed · " in text_of(shown)
        await pilot.press("f2")
        await opened(pilot, TicketScreen)
        await until(lambda: first.full_name in screen_of(pilot.app), "whose ticket it is")
        await pilot.press("escape")
        await opened(pilot, DoorScreen)
        await pilot.press("left")
        banner = app_of(pilot).door.query_one(Banner)
        await until(lambda: banner.passing == door_controller.NONE_BEFORE, "that nobody was")
        await pilot.press("escape")
        await until(lambda: second.full_name in text_of(shown), "the last one")
        assert shown.drawn.tone == "green"
        await pilot.press("left")
        await until(lambda: first.full_name in text_of(shown), "the one before again")
        await scan(pilot, third.uuid)
        assert third.full_name in text_of(shown)
        await pilot.press("left", "left", "right")
        await until(lambda: second.full_name in text_of(shown), "two before and one after")
        assert "Override" not in text_of(footer)
        await pilot.press("right")
        await until(lambda: third.full_name in text_of(shown), "the last one")


async def test_the_last_scans_survive_a_restart_and_are_opened(
    context: AppContext, sandbox: Sandbox
) -> None:
    examples = sandbox.examples()
    plain = examples["plain"]
    async with open_app(context) as pilot:
        await scan(pilot, "0" * 32, plain.uuid)
        await until(lambda: plain.checked_in, "sent")
    async with open_app(context) as pilot:
        strip = app_of(pilot).door.query_one(".strip", LastScans)
        assert plain.full_name.split()[0] in text_of(strip)
        await pilot.press("left")
        await until(lambda: plain.full_name in text_of(band(pilot)), "who was last")
        await pilot.click(strip, offset=(5, 0))
        await opened(pilot, TicketScreen)
        await pilot.press("escape")
        await opened(pilot, DoorScreen)
        await pilot.press("ctrl+f")
        await opened(pilot, HistoryScreen)
        await until(lambda: "2 scans" in screen_of(pilot.app), "both")
        await pilot.press("escape")
        await opened(pilot, DoorScreen)
        await pilot.click(strip, offset=(30, 0))
        await opened(pilot, HistoryScreen)  # its code names nobody
