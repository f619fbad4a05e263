"""A code of the organiser's own, tied to a guest at the door, and what comes of that."""

from textual.command import CommandPalette
from textual.widgets import Button

from boxoffice.cli.house import House
from boxoffice.domain.verdict import Scan, VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.confirm import ConfirmDialog
from boxoffice.screens.tie import TieScreen
from boxoffice.widgets.banner import Banner
from boxoffice.widgets.ticket_list import TicketList
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import App, answered, app_of, lane_of, open_app, opened, scan, text_of
from tests.support import FakeClock, until

OWN = "GUEST-0815-X"
"""A code that no ticket of the site has."""


def band(pilot: App) -> str:
    return text_of(app_of(pilot).door.query_one(VerdictBand))


def banner(pilot: App) -> str:
    return text_of(app_of(pilot).door.query_one(Banner))


def may_enter(sandbox: Sandbox, count: int) -> list[Ticket]:
    """Guests whom nothing keeps out, with names of their own."""
    tonight = next(iter(sandbox.state.events.values()))
    plain = sandbox.examples()["plain"]
    named = [
        ticket
        for ticket in tonight.tickets
        if not ticket.checked_in
        and ticket.order.state == plain.order.state
        and ticket.ticket_type is plain.ticket_type
        and not ticket.refunded
    ]
    names = [ticket.full_name for ticket in named]
    return [ticket for ticket in named if names.count(ticket.full_name) == 1][:count]


async def say_whose(pilot: App, guest: Ticket) -> Scan:
    """Say whose the code on the band is; answers what the door says of the guest."""
    await pilot.press("ctrl+d")
    await opened(pilot, TieScreen)
    before = len(lane_of(pilot).recent)
    tickets = pilot.app.screen.query_one(TicketList)
    await pilot.press(*guest.full_name)
    await until(lambda: guest.uuid in tickets.uuids and len(tickets.uuids) < 4, "few guests")
    while tickets.ticket != guest.uuid:
        await pilot.press("down")
    await pilot.press("enter")
    await answered(pilot, before + 1)
    return lane_of(pilot).recent[0]


async def command(pilot: App, title: str) -> None:
    """Give a command of the palette."""
    await pilot.press("ctrl+p")
    await opened(pilot, CommandPalette)
    await pilot.press(*title)
    await pilot.pause(0.5)
    await pilot.press("enter")


async def confirm(pilot: App) -> None:
    await opened(pilot, ConfirmDialog)
    pilot.app.screen.query_one("#yes", Button).press()
    await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def test_an_unknown_code_is_tied_and_known_from_then_on(
    house: House, sandbox: Sandbox, clock: FakeClock
) -> None:
    guest = may_enter(sandbox, 1)[0]
    async with open_app(house) as pilot:
        (unknown,) = await scan(pilot, OWN)
        assert unknown.verdict.code is VerdictCode.CANNOT_TELL
        assert "Ctrl+D: whose is it?" in band(pilot)
        tied = await say_whose(pilot, guest)
        assert tied.verdict.code is VerdictCode.ADMITTED
        assert guest.full_name in band(pilot)
        assert "tied here by Anna at 18:30" in band(pilot)
        await until(lambda: guest.checked_in, "the check-in at the site")
        await clock.advance(5)
        (again,) = await scan(pilot, OWN)
        assert again.verdict.code is VerdictCode.ALREADY_IN
        assert "whose is it?" not in band(pilot)
    await sandbox.stop()
    async with open_app(house, online=False) as pilot:
        (offline,) = await scan(pilot, OWN)
        assert offline.verdict.code is VerdictCode.ALREADY_IN
        assert offline.verdict.ticket is not None
        assert offline.verdict.ticket.uuid == guest.uuid
        await command(pilot, "take back the last tie")
        await confirm(pilot)
        await until(lambda: "UNTIED" in band(pilot), "the tie taken back")
        await clock.advance(5)
        (gone,) = await scan(pilot, OWN)
        assert gone.verdict.code is VerdictCode.CANNOT_TELL
        assert "Ctrl+D: whose is it?" in band(pilot)
