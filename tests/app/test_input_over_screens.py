"""Scans while a form, a dialog or another window is in front are answered, and do nothing there."""

import pytest
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.widgets.scan_band import ScanBand
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import (
    App,
    answered,
    app_of,
    lane_of,
    open_app,
    scan,
    text_of,
    write,
)
from tests.person import HAND, SILENCE
from tests.support import until


async def test_scans_over_a_form_are_answered_and_the_form_keeps_its_text(
    context: AppContext, sandbox: Sandbox
) -> None:
    tickets = sandbox.examples()
    async with open_app(context) as pilot:
        await pilot.press("down", "f2")
        field = await focused_field(pilot)
        before = field.value
        write(pilot, " Ib", gap=0.2)
        await until(lambda: field.value == f"{before} Ib", "slow typing in the field")
        write(pilot, f"{tickets['plain'].uuid}\r{tickets['external'].uuid}\r\n")
        await answered(pilot, 2)
        write(pilot, f"{tickets['party'].uuid}\r", gap=0.005)
        await answered(pilot, 3)
        assert field.value == f"{before} Ib"
        over = pilot.app.screen.query_one(VerdictBand)
        assert over.display and "ADMITTED" in text_of(over)


async def test_fast_typing_over_a_form_reaches_it(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("down", "f2")
        field = await focused_field(pilot)
        before = field.value
        write(pilot, "zz top", gap=0.08)
        await until(lambda: field.value == f"{before}zz top", "held keys given back in order")
        assert not lane_of(pilot).history.recent


async def test_no_scan_gets_into_a_form(context: AppContext) -> None:
    async with open_app(context) as pilot:
        await pilot.press("down", "f2")
        field = await focused_field(pilot)
        before = field.value
        write(pilot, "zz top\t\r", gap=0.01)
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.NOT_A_TICKET
        assert (field.value, pilot.app.focused) == (before, field)


@pytest.mark.parametrize("keys", ["\x11", "\x11\r", "\x11\t\r", "\x1b[21~", "\x10quit\r"])
async def test_a_printed_code_runs_no_command(
    context: AppContext, sandbox: Sandbox, keys: str
) -> None:
    plain = sandbox.examples()["plain"]
    async with open_app(context) as pilot:
        write(pilot, f"{keys}{plain.uuid}\r")
        await until(lambda: plain.checked_in, "the check-in")
        await pilot.press("escape")
        assert len(pilot.app.screen_stack) == 1
        assert pilot.app.is_running


async def test_a_scan_behind_a_dialog_is_answered(context: AppContext, sandbox: Sandbox) -> None:
    sandbox.faults.set("503", method="PATCH")
    tickets = sandbox.examples()
    async with open_app(context) as pilot:
        await scan(pilot, tickets["plain"].uuid)
        await until(lambda: lane_of(pilot).status.counts.unsent == 1, "something unsent")
        await pilot.press("ctrl+q")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        write(pilot, f"{tickets['external'].uuid}\r")
        await answered(pilot, 2)
        assert isinstance(pilot.app.screen, ConfirmDialog)
        assert "ADMITTED" in text_of(pilot.app.screen.query_one(VerdictBand))
        await pilot.press("escape")
        await until(lambda: len(pilot.app.screen_stack) == 1, "the door again")


async def test_a_code_that_began_at_the_door_ends_there(
    context: AppContext, sandbox: Sandbox
) -> None:
    tickets = sandbox.examples()
    code = tickets["plain"].uuid
    async with open_app(context) as pilot:
        write(pilot, code[:20])
        pilot.app.call_later(pilot.app.push_screen, ConfirmDialog("In between?", "", "Yes"))
        write(pilot, f"{code[20:]}\r")
        await answered(pilot, 1)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED


async def test_a_verdict_is_covered_while_scans_go_to_another_window(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        first, second = sandbox.examples()["plain"], sandbox.examples()["external"]
        await scan(pilot, first.uuid)
        band = app_of(pilot).door.query_one(ScanBand)
        assert first.full_name in text_of(band)
        write(pilot, "\x1b[O")
        await until(lambda: band.drawn.word == "CLICK HERE", "what to do about it")
        app_of(pilot).door.controller.scan(second.uuid)  # it was read before
        await until(lambda: second.full_name in band.drawn.reason, "whom the last answer is about")
        assert band.drawn.tone is None
        write(pilot, "\x1b[I")
        await until(lambda: band.drawn.word == "ADMITTED", "the verdict")
        write(pilot, "\x1b[O")
        await until(lambda: band.drawn.word == "CLICK HERE", "what to do about it again")
        HAND.skip(SILENCE)
        await scan(pilot, first.uuid)  # whatever the terminal said
        assert band.drawn.word == "ALREADY IN"


async def focused_field(pilot: App) -> Input:
    await until(lambda: isinstance(pilot.app.focused, Input), "a field with the focus")
    field = pilot.app.focused
    assert isinstance(field, Input)
    return field
