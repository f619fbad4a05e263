"""What the organiser wants seen, on the real door: the band, a party's rows, the list."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from boxoffice.cli.app_context import AppContext
from boxoffice.domain.roster import Filter
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.party import PartyScreen
from boxoffice.screens.ticket import TicketScreen
from boxoffice.widgets.verdict import VerdictBand
from tests.app.stage import App, app_of, door_list, lane_of, open_app, scan, text_of
from tests.lane.test_highlights import answered
from tests.screens.stage import see
from tests.support import until


@pytest.fixture
def guest(sandbox: Sandbox) -> Ticket:
    """Who has an allergy."""
    guest = sandbox.examples()["answered"]
    answered(sandbox, guest, "Allergies", "lupin, [b]nuts[/b]")
    return guest


@pytest.fixture
async def app(context: AppContext) -> AsyncIterator[App]:
    context.settings = replace(
        context.settings, show=("Allergies", "wish"), attention=("Dinner & concert",)
    )
    async with open_app(context) as pilot:
        yield pilot


async def test_what_comes_late_is_on_the_band_and_over_the_form_that_was_opened_meanwhile(
    app: App, sandbox: Sandbox, guest: Ticket
) -> None:
    answers = f"tickets/{guest.uuid}/questions/"
    late = sandbox.faults.set("hang-after", path=answers, times=1)
    await scan(app, guest.uuid)
    band = app_of(app).door.query_one(VerdictBand)
    assert "Allergies: … · wish: …" in text_of(band)
    await app.press("f2")
    await until(lambda: isinstance(app.app.screen, TicketScreen), "the form")
    assert not app.app.screen.query_one("VerdictBand.-over").has_class("-shown")
    sandbox.faults.clear(late)
    await until(lambda: "Allergies: lupin, [b]nuts[/b]" in text_of(band), "the answers")
    assert " VIP  " in text_of(band)
    assert not app.app.screen.query_one("VerdictBand.-over").has_class("-shown")
    await app.press("escape")
    await see(app, "Allergies: lupin")


async def test_the_list_says_what_was_found_and_who_is_still_to_come(
    app: App, guest: Ticket
) -> None:
    lane, tickets = lane_of(app), door_list(app)
    await until(lambda: len(lane.roster.rows(Filter.ATTENTION)) > 1, "VIPs")
    assert guest.uuid in lane.roster.rows(Filter.ATTENTION)
    await scan(app, guest.uuid)
    await until(lambda: guest.uuid not in lane.roster.rows(Filter.ATTENTION), "who is in")
    await until(lambda: list(lane.roster.find("lupin").uuids) == [guest.uuid], "the answer")
    app_of(app).door.put("lupin")
    await until(lambda: list(tickets.uuids) == [guest.uuid], "who has that allergy")
    await until(lambda: "lupin, [b]nuts[/b]" in text_of(tickets), "why")
    assert tickets.ticket is None  # an answer is nobody's name: Enter needs a choice


async def test_each_row_of_a_party_shows_its_own(app: App, sandbox: Sandbox) -> None:
    guests = sandbox.examples()["party"].order.tickets
    for number, one in enumerate(guests):
        sandbox.state.check_in(one, False)
        answered(sandbox, one, "wish", f"song {number}")
    await scan(app, guests[0].uuid)
    await app.press("f3")
    await until(lambda: isinstance(app.app.screen, PartyScreen), "the party")
    await app.press("enter")  # waits until it is known who they are
    for number in range(1, len(guests)):
        await see(app, f"wish: song {number}")
