"""A code of the organiser's own, tied to a guest at the door, and what comes of that."""

from textual.command import CommandPalette
from textual.widgets import Button, OptionList

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.secret_text import SecretStr
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.dialogs import ConfirmDialog
from boxoffice.screens.tie import NO_RULE, NO_TIE, NOT_USED, USED, TieScreen
from boxoffice.store import code_ties, journal_db
from boxoffice.widgets.footer import Banner
from boxoffice.widgets.ticket_list import TicketList
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import App, answered, app_of, lane_of, open_app, opened, scan, text_of
from tests.screens.stage import see
from tests.support import FakeClock, until

OWN = "GUEST-0815-X"
"""A code that no ticket of the site has."""


def band(pilot: App) -> str:
    return text_of(app_of(pilot).door.query_one(VerdictBand))


def banner(pilot: App) -> str:
    return text_of(app_of(pilot).door.query_one(Banner))


def may_enter(sandbox: Sandbox, count: int) -> list[Ticket]:
    """Guests whom nothing keeps out, with names of their own."""
    tonight = sandbox.state.tonight
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


def whose(scan: Scan) -> str:
    return scan.verdict.ticket.uuid if scan.verdict.ticket else ""


async def pick(pilot: App, guest: Ticket) -> None:
    await pilot.press("ctrl+d")
    await opened(pilot, TieScreen)
    tickets = pilot.app.screen.query_one(TicketList)
    await pilot.press(*guest.full_name)
    await until(lambda: guest.uuid in tickets.uuids and len(tickets.uuids) < 4, "few guests")
    while tickets.ticket != guest.uuid:
        await pilot.press("down")
    await pilot.press("enter")


async def say_whose(pilot: App, guest: Ticket) -> Scan:
    """Say whose the code on the band is; answers what the door says of the guest."""
    before = len(lane_of(pilot).history.recent)
    await pick(pilot, guest)
    await answered(pilot, before + 1)
    return lane_of(pilot).history.recent[0]


async def command(pilot: App, title: str) -> None:
    """Give a command of the palette, by the beginning of its name."""
    await pilot.press("ctrl+p")
    await opened(pilot, CommandPalette)
    hits = pilot.app.screen.query_one(OptionList)
    await until(lambda: hits.option_count > 5, "every command")
    await pilot.press(*title)
    await until(lambda: hits.option_count == 1, "the one that was looked for")
    await pilot.press("enter")


async def confirm(pilot: App, says: str) -> None:
    """Go on in a dialog that says something."""
    await opened(pilot, ConfirmDialog)
    await see(pilot, says)
    pilot.app.screen.query_one("#yes", Button).press()
    await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")


async def test_an_unknown_code_is_tied_and_known_from_then_on(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    guest = may_enter(sandbox, 1)[0]
    async with open_app(context) as pilot:
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
    await context.close()
    async with (
        AppContext(context.settings, key=SecretStr(sandbox.token), clock=clock) as started_anew,
        open_app(started_anew, online=False) as pilot,
    ):
        (offline,) = await scan(pilot, OWN)
        assert offline.verdict.code is VerdictCode.ALREADY_IN
        assert whose(offline) == guest.uuid
        await command(pilot, "take back the last tie")
        await confirm(pilot, guest.full_name)
        await until(lambda: "UNTIED" in band(pilot), "the tie taken back")
        await clock.advance(5)
        (gone,) = await scan(pilot, OWN)
        assert gone.verdict.code is VerdictCode.CANNOT_TELL
        assert "Ctrl+D: whose is it?" in band(pilot)


async def test_a_scan_over_the_picker_is_answered_and_chooses_nobody(
    context: AppContext, sandbox: Sandbox
) -> None:
    guest, other = may_enter(sandbox, 2)
    async with open_app(context) as pilot:
        await scan(pilot, OWN)
        await pilot.press("ctrl+d")
        await opened(pilot, TieScreen)
        (green,) = await scan(pilot, other.uuid)
        assert green.verdict.code is VerdictCode.ADMITTED
        assert isinstance(pilot.app.screen, TieScreen)
        assert lane_of(pilot).history.recent[0] is green
        tickets = pilot.app.screen.query_one(TicketList)
        await pilot.press(*guest.full_name)
        await until(lambda: guest.uuid in tickets.uuids and len(tickets.uuids) < 4, "few guests")
        while tickets.ticket != guest.uuid:
            await pilot.press("down")
        await pilot.press("enter")
        await answered(pilot, 3)
        tied = lane_of(pilot).history.recent[0]
        assert (tied.code, whose(tied)) == (OWN, guest.uuid)


async def test_only_what_names_nobody_offers_it(context: AppContext, sandbox: Sandbox) -> None:
    guest = may_enter(sandbox, 1)[0]
    async with open_app(context) as pilot:
        for code in (guest.uuid, "#!;;#"):
            await scan(pilot, code)
            assert "whose is it?" not in band(pilot)
            await pilot.press("ctrl+d")
            await pilot.pause()
            assert pilot.app.screen is app_of(pilot).door
        await command(pilot, "take back the last tie")
        await until(lambda: NO_TIE in banner(pilot), "no tie")
        await command(pilot, "rule for codes")
        await until(lambda: NO_RULE[:60] in banner(pilot), "no rule")


async def test_another_s_tie_is_replaced_only_after_asking(
    context: AppContext, sandbox: Sandbox
) -> None:
    guest, other = may_enter(sandbox, 2)
    async with open_app(context) as pilot:
        await scan(pilot, OWN)
        # As another lane does meanwhile.
        journal = (await context.files()).journal
        event = lane_of(pilot).event.uuid
        await journal.write(code_ties.tie, OWN, event, other.uuid)
        await pick(pilot, guest)
        await opened(pilot, ConfirmDialog)
        await see(pilot, f"{OWN} is {other.full_name}")
        await pilot.press("escape")
        await until(lambda: pilot.app.screen is app_of(pilot).door, "the door")
        kept = await lane_of(pilot).code_ties.of(OWN)
        assert kept is not None
        assert kept.ticket == other.uuid
        await pick(pilot, guest)
        await confirm(pilot, guest.full_name)
        await answered(pilot, 2)
        assert whose(lane_of(pilot).history.recent[0]) == guest.uuid


async def test_a_rule_is_offered_used_and_ended(
    context: AppContext, sandbox: Sandbox, clock: FakeClock
) -> None:
    one, two, three, four = may_enter(sandbox, 4)
    async with open_app(context) as pilot:
        for guest in (one, two):
            await scan(pilot, f"W/{guest.uuid[:9]}")
            await say_whose(pilot, guest)
        await opened(pilot, ConfirmDialog)
        await see(pilot, "the first 9 characters")
        await pilot.press("escape")
        await until(lambda: NOT_USED[:30] in banner(pilot), "declined")
        (unread,) = await scan(pilot, f"W/{three.uuid[:9]}")
        assert whose(unread) == ""
        await command(pilot, "rule for codes")
        await confirm(pilot, "the first 9 characters")
        await until(lambda: USED[:40] in banner(pilot), "accepted")
        await clock.advance(5)
        (read,) = await scan(pilot, f"W/{three.uuid[:9]}")
        assert (read.verdict.code, whose(read)) == (VerdictCode.ADMITTED, three.uuid)
        await command(pilot, "rule for codes")
        await confirm(pilot, "the first 9 characters")
        await until(lambda: NOT_USED[:30] in banner(pilot), "ended")
        (ended,) = await scan(pilot, f"W/{four.uuid[:9]}")
        assert whose(ended) == ""
        journal = (await context.files()).journal
        kinds = [row.entry.kind for row in await journal.read_all(journal_db.log)]
        decided = [kind for kind in kinds if kind.startswith("rule_")]
        assert decided == ["rule_declined", "rule_accepted", "rule_revoked"]
