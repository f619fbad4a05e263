"""F8 in the whole app: the code on the screen is scanned, as a guest's phone would be."""

from dataclasses import replace

from boxoffice.cli.app_context import AppContext
from boxoffice.config import Badges
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.screens.paper import PaperScreen
from tests.app.stage import app_of, lane_of, open_app, scan
from tests.printing.eyes import picture_of, read, screen_of, text_of
from tests.screens.conftest import no_printer
from tests.screens.stage import both_sizes, see
from tests.support import until

__all__ = ["no_printer"]


@both_sizes
async def test_what_the_screen_shows_is_scanned_over_it(
    context: AppContext, sandbox: Sandbox, size: tuple[int, int]
) -> None:
    ticket = sandbox.examples()["plain"]
    async with open_app(context, size=size) as pilot:
        app = app_of(pilot)
        await pilot.press(*ticket.full_name.lower(), "down", "f8")
        await until(lambda: isinstance(app.screen, PaperScreen), "the screen")
        await see(pilot, ticket.full_name)
        await until(lambda: read(picture_of(app)), "a code")
        (code,) = read(picture_of(app))
        (answer,) = await scan(pilot, code)
        assert answer.verdict.code is VerdictCode.ADMITTED
        assert answer.verdict.ticket is not None
        assert answer.verdict.ticket.uuid == ticket.uuid
        # The verdict stands over the screen; the code below it is still whole.
        assert isinstance(app.screen, PaperScreen)
        await see(pilot, "ADMITTED")
        await see(pilot, "in since 18:30")
        await until(lambda: read(screen_of(app)) == [code], "the whole code")


async def test_f8_after_a_scan_shows_that_ticket(context: AppContext, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["hostile"]
    async with open_app(context) as pilot:
        await scan(pilot, ticket.uuid)
        await pilot.press("f8")
        await see(pilot, "Check-in: ")
        await until(lambda: read(screen_of(pilot.app)) == [ticket.uuid], "its code")
        await pilot.press("escape")
        await until(lambda: app_of(pilot).screen is app_of(pilot).door, "the door")
        assert lane_of(pilot).history.recent


async def test_who_is_admitted_gets_a_badge(context: AppContext, sandbox: Sandbox) -> None:
    badges = Badges(size="62x100", at_check_in=True)
    context.settings = replace(context.settings, badges=badges)
    ticket = sandbox.examples()["plain"]
    refunded = next(one for one in sandbox.state.tickets.values() if one.refunded)
    async with open_app(context) as pilot:
        exports = lane_of(pilot).exports
        (answer,) = await scan(pilot, refunded.uuid)
        assert answer.verdict.code is VerdictCode.REFUNDED
        (answer,) = await scan(pilot, ticket.uuid)
        assert answer.verdict.code is VerdictCode.ADMITTED
        await see(pilot, "No printer here: ")  # there is none in the tests
        assert [paper.name for paper in exports.iterdir()] == [f"badge-{ticket.uuid[:8]}.pdf"]
        await pilot.press("f8")
        await until(lambda: isinstance(app_of(pilot).screen, PaperScreen), "the screen")
        await see(pilot, "Badge, 62 × 100 mm")
        assert ticket.full_name.split()[0] in text_of(next(exports.iterdir()).read_bytes())


async def test_the_guest_list_is_saved_from_the_door(context: AppContext) -> None:
    async with open_app(context) as pilot:
        door, lane = app_of(pilot).door, lane_of(pilot)
        await until(lambda: len(lane.roster), "the list")
        await door.run_action("save_guest_list")
        await see(pilot, "Saved as ")
        (paper,) = lane.exports.iterdir()
        assert lane.event.title in text_of(paper.read_bytes())
