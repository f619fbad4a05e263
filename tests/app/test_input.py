"""What a scanner or a person types is exactly what is answered, whatever is open."""

import asyncio
from functools import partial

import pytest
from textual import events
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.scan_input import UNREAD
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.screens.events import EventsScreen
from boxoffice.screens.help import HelpScreen
from boxoffice.widgets.ticket_list import EntryLine
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import (
    answered,
    app_of,
    door_list,
    lane_of,
    line_of,
    open_app,
    opened,
    scan,
    text_of,
    write,
)
from tests.person import HAND, PERSON, SILENCE, decided, eventually
from tests.support import FakeClock, until

F10 = "\x1b[21~"
PASTE = "\x1b[200~{}\x1b[201~"


def dashed(ticket: Ticket) -> str:
    u = ticket.uuid
    return "-".join((u[:8], u[8:12], u[12:16], u[16:20], u[20:]))


@pytest.mark.parametrize("gap", [0.0, 0.005])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t"])
async def test_a_scan_in_one_write_is_one_scan(
    context: AppContext, sandbox: Sandbox, gap: float, end: str
) -> None:
    ticket = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        write(pilot, ticket.uuid + end, gap=gap)
        await answered(pilot, 1)
        (only,) = lane_of(pilot).history.recent
        assert only.verdict.code is VerdictCode.ADMITTED
        assert only.verdict.ticket is not None
        assert only.verdict.ticket.uuid == ticket.uuid
        assert line_of(pilot) == ""


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "{1}",
        "{2}",
        "https://test.ticketbutler.io/en/tickets/{1}/?x=1",
        "{3}",
    ],
)
async def test_every_form_of_a_code(context: AppContext, sandbox: Sandbox, written: str) -> None:
    ticket = sandbox.examples()["plain"]
    code = written.format(ticket.uuid, dashed(ticket), ticket.uuid.upper(), ticket.number)
    async with open_app(context) as pilot:
        (only,) = await scan(pilot, code)
        assert only.verdict.ticket is not None
        assert only.verdict.ticket.uuid == ticket.uuid


async def test_ten_scans_in_one_write_are_answered_in_order(
    context: AppContext, sandbox: Sandbox
) -> None:
    tickets = list(sandbox.state.tickets.values())[40:50]
    async with open_app(context) as pilot:
        scans = await scan(pilot, *(ticket.uuid for ticket in tickets))
        assert [each.code for each in scans] == [ticket.uuid for ticket in tickets]


async def test_typing_goes_on_while_a_scan_is_answered(
    context: AppContext, sandbox: Sandbox
) -> None:
    tickets = list(sandbox.state.tickets.values())[40:42]
    async with open_app(context) as pilot:
        rule = sandbox.faults.set("hang", path="tickets/*/")
        write(pilot, tickets[0].uuid + "\r")
        await pilot.pause()
        await pilot.press(*"anna")
        assert line_of(pilot) == "anna"
        assert len(lane_of(pilot).history.recent) == 0
        sandbox.faults.clear(rule)
        await answered(pilot, 1)
        assert line_of(pilot) == "anna"


async def test_a_ticket_read_twice_in_a_moment_is_one_scan(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    plain, other = sandbox.examples()["plain"], sandbox.examples()["external"]
    async with open_app(context) as pilot:
        write(pilot, f"{plain.uuid}\r{dashed(plain)}\r{plain.uuid}\r")
        await until(lambda: "read twice" in text_of(app_of(pilot).door.query_one(VerdictBand)))
        assert "ADMITTED" in app_of(pilot).door.query_one(VerdictBand).face.word
        write(pilot, f"{other.uuid}\r")
        await answered(pilot, 2)
        await clock.advance(1.9)
        write(pilot, f"{other.uuid}\r")
        await until(lambda: app_of(pilot).door.query_one(VerdictBand).face.time[:4] == "read")
        assert len(lane_of(pilot).history.recent) == 2
        await clock.advance(0.2)
        (again,) = await scan(pilot, other.uuid)
        assert again.verdict.code is VerdictCode.ALREADY_IN


@pytest.mark.parametrize("gap", [0.1, 0.2])
async def test_what_is_typed_behind_a_key_is_for_the_screen_that_it_opens(
    context: AppContext, gap: float
) -> None:
    async with open_app(context) as pilot:
        write(pilot, f"{F10}sommer", gap=gap)
        HAND.skip(SILENCE)

        async def is_typed() -> bool:
            await decided(pilot)
            screen = pilot.app.screen
            return isinstance(screen, EventsScreen) and screen.query_one(Input).value == "sommer"

        await until(is_typed, "what was typed")
        assert line_of(pilot) == ""


async def test_what_is_typed_behind_a_key_that_leads_to_the_door_stays_in_its_order(
    context: AppContext, sandbox: Sandbox
) -> None:
    """A busy computer: the door is back, and what was typed before has not come to it yet."""
    plain = sandbox.examples()["plain"]
    behind = {"ei": "anei", PASTE.format("na") + "ei": "annaei", f"{plain.uuid}\r": "an"}
    async with open_app(context) as pilot:
        app = app_of(pilot)

        def stands(line: str) -> bool:
            return line_of(pilot) == line

        async def write_at_the_door(written: str) -> None:
            await asyncio.sleep(0)
            if app.screen is not app.door:
                app.call_later(write_at_the_door, written)
                return
            write(pilot, written, gap=0.0 if "\r" in written else PERSON)
            HAND.skip(SILENCE)

        for written, line in behind.items():
            await pilot.press("f1")
            await opened(pilot, HelpScreen)
            app.post_message(events.Key("escape", None))
            HAND.skip(PERSON)
            write(pilot, "an", gap=PERSON)
            HAND.skip(SILENCE)
            app.call_later(app.input.moment)
            app.call_later(write_at_the_door, written)
            await eventually(pilot, partial(stands, line), line)
            await pilot.press("escape")
        await answered(pilot, 1)


@pytest.mark.parametrize("end", ["", "\r", "\n"])
async def test_a_bracketed_paste_is_a_scan(context: AppContext, sandbox: Sandbox, end: str) -> None:
    ticket = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        write(pilot, PASTE.format(ticket.uuid + end))
        await answered(pilot, 1)
        assert line_of(pilot) == ""


async def test_a_name_that_is_pasted_is_looked_for(context: AppContext) -> None:
    async with open_app(context) as pilot:
        write(pilot, PASTE.format("S\u00f8rensen"))
        await until(lambda: line_of(pilot) == "S\u00f8rensen")
        await pilot.pause()
        assert not lane_of(pilot).history.recent


@pytest.mark.parametrize("query", ["aagaard", "agard", "\u00c5g\u00e5rd"])
async def test_search_is_folded(context: AppContext, query: str) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*query)
        await pilot.pause()
        rows = text_of(door_list(pilot)).splitlines()
        assert any("\u00c5g\u00e5rd" in row for row in rows)


async def test_a_near_name_is_admitted_only_when_it_was_chosen(context: AppContext) -> None:
    async with open_app(context) as pilot:
        write(pilot, "sorensne", gap=0.1)
        await until(lambda: line_of(pilot) == "sorensne")
        await pilot.pause()
        assert app_of(pilot).door.query_one(EntryLine).near
        write(pilot, "\r")
        await pilot.pause()
        assert not app_of(pilot).door.controller.waiting
        assert line_of(pilot) == "sorensne"
        await pilot.press("down", "enter")
        await answered(pilot, 1)


async def test_an_unknown_code_never_admits_a_row(context: AppContext, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["plain"]
    assert ticket.number is not None
    async with open_app(context) as pilot:
        await pilot.press("down", "down")
        scans = await scan(pilot, "0" * 32, "999999", str(ticket.number)[:-1])
        assert [each.verdict.ticket for each in scans] == [None, None, None]


async def test_rubbish_is_answered_too(context: AppContext) -> None:
    async with open_app(context) as pilot:
        rubbish = ["x" * 10_000, "]0;title", "\u202egpj.exe\u200b;;", "%d %x"]
        scans = await scan(pilot, *rubbish)
        assert {each.verdict.ticket for each in scans} == {None}
        assert all(len(each.code) <= 200 for each in scans)
        assert line_of(pilot) == ""


@pytest.mark.parametrize("ticket_count", [400])
async def test_a_scan_leaves_what_a_person_types_and_chooses_nobody(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await pilot.press(*"sorensen", "down")
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await until(lambda: door_list(pilot).ticket is None, "nobody chosen")
        assert line_of(pilot) == "sorensen"
        await pilot.press("enter")
        assert len(lane_of(pilot).history.recent) == 1


async def test_a_number_asks_for_the_name_and_enter_admits(
    context: AppContext, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        began = HAND.time()
        write(pilot, f"{plain.number}\r", at=began)
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.CHECK_NAME
        assert plain.full_name in text_of(app_of(pilot).door.query_one(VerdictBand))
        assert not plain.checked_in
        # Printed in the code, or sent apart by the scanner; read only now.
        write(pilot, "\n\r\r", gap=0.25, at=began + 0.01)
        await pilot.pause()
        assert len(lane_of(pilot).history.recent) == 1
        HAND.skip(UNREAD)
        await pilot.press("enter")
        await answered(pilot, 2)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED


async def test_a_number_that_a_person_types_is_a_choice(
    context: AppContext, sandbox: Sandbox
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        await pilot.press(*str(plain.number), "enter")
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED


async def test_half_of_a_code_is_nobody_s_to_tie(context: AppContext) -> None:
    async with open_app(context) as pilot:
        (whole,) = await scan(pilot, "GUEST-0815-X")
        assert app_of(pilot).door.check_action("tie", ())
        write(pilot, "4711")
        await until(lambda: len(lane_of(pilot).history.recent) == 2, "what is said of the half")
        await answered(pilot, 2)
        band = app_of(pilot).door.query_one(VerdictBand)
        assert "broke off" in text_of(band) and "^D" not in text_of(band)
        await pilot.press("ctrl+d")
        assert len(pilot.app.screen_stack) == 1
        assert lane_of(pilot).history.recent[1] == whole


async def test_ctrl_z_edits_while_text_stands_in_the_line(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        await scan(pilot, sandbox.examples()["plain"].uuid)
        await pilot.press(*"anne", "backspace", "ctrl+z")
        assert line_of(pilot) == "anne"
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
        assert line_of(pilot) == ""
        assert not lane_of(pilot).history.undone
        await pilot.press("ctrl+z")
        await until(lambda: lane_of(pilot).history.undone, "the check-in undone")


async def test_undo_asks_where_the_band_shows_somebody_else_and_not_where_it_is_too_late(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    examples = sandbox.examples()
    async with open_app(context) as pilot:
        await scan(pilot, examples["plain"].uuid, "0" * 32)
        await pilot.press("f9")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        assert not lane_of(pilot).history.undone
        await pilot.press("escape")
        await clock.pass_idly(16)
        await pilot.press("f9")
        band = app_of(pilot).door.query_one(VerdictBand)
        await until(lambda: "NOT UNDONE" in text_of(band), "that it is too late")
        assert pilot.app.screen is app_of(pilot).door
