"""What a person takes back at the door, or lets in all the same: overrides and undo."""

import pytest
from textual.widgets import Input

from boxoffice.cli.app_context import AppContext
from boxoffice.domain import signs
from boxoffice.domain.models import LAG
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.dialogs import ConfirmDialog, ReasonDialog
from boxoffice.screens.paper import PaperScreen
from boxoffice.screens.party import PartyScreen
from boxoffice.screens.ticket import TicketScreen
from boxoffice.widgets.footer import CommandFooter
from boxoffice.widgets.last_scans import LastScans
from boxoffice.widgets.ticket_list import SEE_IT
from tests.app.stage import answered, app_of, lane_of, open_app, opened, passes, scan, text_of
from tests.app.test_door import band
from tests.screens.stage import text_of as screen_of
from tests.support import FakeClock, until


async def test_an_override_asks_for_a_reason(context: AppContext, sandbox: Sandbox) -> None:
    context.event = list(sandbox.state.events)[2]
    async with open_app(context) as pilot:
        footer = app_of(pilot).door.query_one(CommandFooter)
        assert "Override" not in text_of(footer)
        (wrong,) = await scan(pilot, sandbox.examples()["yesterday"].uuid)
        assert wrong.verdict.code is VerdictCode.WRONG_DAY
        assert "Ctrl+O" in text_of(band(pilot)) and "Override" in text_of(footer)
        await pilot.press("ctrl+o")
        await opened(pilot, ReasonDialog)
        reason = pilot.app.screen.query_one(Input)
        reason.value = "Sold wrong"
        await pilot.press("enter")
        await answered(pilot, 2)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED


async def test_what_the_site_took_back_is_let_in_again_with_a_reason(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        plain = sandbox.examples()["plain"]
        await scan(pilot, plain.uuid)
        await until(lambda: plain.checked_in, "sent")
        await clock.advance(LAG.total_seconds() + 1)
        sandbox.state.check_in(plain, checked_in=False)
        await passes(
            clock,
            lambda: (row := lane_of(pilot).roster.get(plain.uuid)) and row.status.attention,
            "its mark",
        )
        await until(
            lambda: SEE_IT in screen_of(pilot.app), "that it needs a person"
        )  # a sentence has no room in its row
        (back,) = await scan(pilot, plain.uuid)
        assert back.verdict.code is VerdictCode.ALREADY_IN
        assert "taken back since" in text_of(band(pilot))
        assert "Ctrl+O" in text_of(band(pilot))
        await pilot.press("ctrl+o")
        await opened(pilot, ReasonDialog)
        pilot.app.screen.query_one(Input).value = "Came back"
        await pilot.press("enter")
        await answered(pilot, 3)
        assert lane_of(pilot).history.recent[0].verdict.code is VerdictCode.ADMITTED
        await until(lambda: plain.checked_in, "sent again")


@pytest.mark.parametrize(
    ("key", "screen"), [("f2", TicketScreen), ("f3", PartyScreen), ("f8", PaperScreen)]
)
async def test_after_an_undo_the_keys_are_about_whom_it_was(
    context: AppContext, sandbox: Sandbox, key: str, screen: type
) -> None:
    async with open_app(context) as pilot:
        plain = sandbox.examples()["plain"]
        await scan(pilot, plain.uuid)
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "UNDONE", "undone")
        await pilot.press(key)
        await opened(pilot, screen)
        await until(lambda: plain.full_name in screen_of(pilot.app), "whose it is")


async def test_undo_takes_the_green_off_the_band(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    async with open_app(context) as pilot:
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "NOT UNDONE", "nothing to undo")
        plain = sandbox.examples()["plain"]
        await scan(pilot, plain.uuid)
        await until(lambda: plain.checked_in, "sent")
        await pilot.press("f9")
        await until(lambda: band(pilot).face.word == "UNDONE", "undone")
        assert plain.full_name in text_of(band(pilot))
        assert band(pilot).face.tone is None
        assert "█" in text_of(band(pilot)), "large, to be read from where the guest stands"
        assert "UNDONE" in text_of(band(pilot)), "for what reads the terminal as text"
        strip = app_of(pilot).door.query_one(".strip", LastScans)
        assert text_of(strip).split()[0] == signs.UNDONE, "the strip takes it off too"
        await clock.advance(1)
        await scan(pilot, plain.uuid)
        drawn = [
            each
            for each in text_of(strip).split()
            if each in {signs.UNDONE, VerdictCode.ADMITTED.symbol}
        ]
        assert drawn == [VerdictCode.ADMITTED.symbol, signs.UNDONE]


async def test_a_key_that_repeats_undoes_one_check_in_and_then_asks(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with open_app(context) as pilot:
        tickets = sandbox.examples()
        first, second = tickets["plain"], tickets["party"]
        await scan(pilot, first.uuid, second.uuid)
        await until(lambda: first.checked_in and second.checked_in, "sent")
        await pilot.press("f9", "f9", "f9", "f9")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        assert not second.checked_in
        assert first.checked_in
        await pilot.press("escape")
        assert first.checked_in
        await pilot.press("f9")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question again")
        await pilot.click("#yes")
        await until(lambda: not first.checked_in, "undone")
