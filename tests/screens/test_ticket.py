"""The ticket screen on a real lane: details, name, questions, and the form that admits."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from boxoffice.domain import signs
from boxoffice.domain.questions import REQUIRED
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.screens.record import FRESH, HINT, NOTHING_NEW, SAVING
from boxoffice.screens.ticket import ASK_FIRST, LEFT, SAVED, TicketScreen, Unsaved
from boxoffice.store import StoreError
from boxoffice.widgets.form import QuestionField, TicketForm
from boxoffice.widgets.option_lists import Choices
from boxoffice.widgets.verdict import VerdictBand
from tests.lane.conftest import goes_offline, sent
from tests.person import eventually
from tests.screens.stage import NARROW, WIDE, Stage, field, pictured, resized, see, shot, text_of
from tests.support import FakeClock, until

pytestmark = pytest.mark.parametrize("dialect", ["live"])  # it knows more ways to ask

MENU, CARD, COURSES = "Which menu?", "Name on the place card", "Which courses will you join?"


@pytest.fixture
def ticket_count(request: pytest.FixtureRequest) -> int:
    """As many as the pictures show, for them."""
    return 400 if "picture" in request.fixturenames else 60


async def open_form(pilot: Pilot[Any]) -> None:
    """Wait until the form is open and has the cursor."""
    await see(pilot, MENU)
    await until(lambda: pilot.app.focused is not None, "a cursor")


async def asking(lane: Lane, uuid: str, kept: dict[str, Unsaved] | None = None) -> TicketScreen:
    """The form that ANSWERS NEEDED opens."""
    scan = await lane.admit(uuid)
    assert scan.verdict.code is VerdictCode.ANSWERS_NEEDED
    return TicketScreen(lane, uuid, scan, unsaved=kept)


@pytest.mark.parametrize("ticket_count", [400])
async def test_the_details_of_this_computer_then_those_of_the_server(
    lane: Lane, sandbox: Sandbox
) -> None:
    ticket = sandbox.examples()["answered"]
    async with Stage(TicketScreen(lane, ticket.uuid)).run_test(size=WIDE) as pilot:
        await see(pilot, FRESH)
        for text in (ticket.uuid, "dZy5 · paid", "(•) Meat", "[x] Cheese"):
            await see(pilot, text)
        names = field(pilot, CARD).query(Input)
        assert [name.value for name in names] == ["Dorte", "Middag"]


async def noticed(pilot: Pilot[Any], sentence: str) -> None:
    """Wait until a notice says so, on as many lines as it takes."""
    await eventually(
        pilot, lambda: sentence in " ".join(text_of(pilot.app).replace("▌", " ").split()), sentence
    )


async def test_offline_it_says_that_it_is_this_computers_copy(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    app = Stage(TicketScreen(lane, sandbox.examples()["plain"].uuid))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await see(pilot, "As this computer knows it · ")
        await until(lambda: "asking the site" not in text_of(app))
        assert "Paul Halvvejs" in text_of(app)
        await pilot.press("ctrl+u", *"Other", "ctrl+s")
        await noticed(pilot, "Saved here; it is sent as soon as the site can be reached.")
    row = lane.roster.get(sandbox.examples()["plain"].uuid)
    assert row is not None
    assert row.ticket.full_name == "Other"


async def test_another_name_is_kept_here_at_once_and_sent(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["plain"]
    app = Stage(TicketScreen(lane, ticket.uuid))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await see(pilot, FRESH)
        await pilot.press("end", *" Jr.", "ctrl+s")
        await noticed(pilot, SAVED)
        assert app.answer is None
    row = lane.roster.get(ticket.uuid)
    assert row is not None
    assert row.ticket.full_name == "Paul Halvvejs Jr."
    await sent(lane, clock)
    assert ticket.full_name == "Paul Halvvejs Jr."


async def test_a_name_cannot_be_emptied(lane: Lane, sandbox: Sandbox) -> None:
    app = Stage(TicketScreen(lane, sandbox.examples()["plain"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        await pilot.press("ctrl+u", "ctrl+s")
        await see(pilot, REQUIRED)
        assert not app.answered


async def test_answers_are_stored_without_admitting(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    app = Stage(TicketScreen(lane, ticket.uuid))
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, FRESH)
        field(pilot, "Company").focus_first()
        await pilot.press(*"ACME", "ctrl+s")
        await until(lambda: app.answered)
    await sent(lane, clock)
    assert [answer.value for answer in (ticket.answers or {}).values()] == ["ACME"]
    assert not ticket.checked_in


async def test_saving_nothing_says_so(lane: Lane, sandbox: Sandbox) -> None:
    app = Stage(TicketScreen(lane, sandbox.examples()["plain"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        await pilot.press("ctrl+s")
        await see(pilot, NOTHING_NEW)


async def test_the_form_admits_when_it_is_filled(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    ticket = sandbox.examples()["answers_needed"]
    app = Stage(await asking(lane, ticket.uuid))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        assert ASK_FIRST.format(sign=signs.REQUIRED) in text_of(app)
        asked = [widget.field.asked for widget in app.screen.query(QuestionField)]
        assert asked[:3] == [True, True, True]
        assert not any(asked[3:])
        await pilot.press("down", "enter")  # Meat, and on to the place card
        await pilot.press("ctrl+s")
        await see(pilot, "2 answers need a look.")
        assert app.focused is field(pilot, CARD).query(Input).first()
        await pilot.press(*"Dan", "enter", *"Middag", "enter")
        await see(pilot, "One answer needs a look.")
        await pilot.press("space", "end", "space")
        await see(pilot, HINT)
        await pilot.press("ctrl+s")
        await until(lambda: app.answered)
    scan = app.answer
    assert isinstance(scan, Scan)
    assert scan.verdict.word == "ADMITTED"
    await sent(lane, clock)
    assert ticket.checked_in
    stored = {answer.question.heading: answer for answer in (ticket.answers or {}).values()}
    assert [choice.label for choice in stored[MENU].choices] == ["Meat"]
    assert stored[CARD].value == "Dan Middag"
    assert [choice.label for choice in stored[COURSES].choices] == ["Starter", "Dessert"]


async def test_what_is_typed_survives_esc_a_scan_and_a_refresh(
    lane: Lane, sandbox: Sandbox
) -> None:
    examples = sandbox.examples()
    uuid = examples["answers_needed"].uuid
    kept: dict[str, Unsaved] = {}
    app = Stage(await asking(lane, uuid, kept))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        await pilot.press("space", "enter", *"Dan")
        screen = app.screen
        assert isinstance(screen, TicketScreen)
        screen.show_scan(await lane.scan(examples["plain"].uuid))
        await pilot.press("f5")
        await see(pilot, "✓ ADMITTED")
        assert screen.query_one(VerdictBand).display
        await pilot.press(*" M.")
        names = field(pilot, CARD).query(Input)
        assert [name.value for name in names] == ["Dan M.", ""]
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert app.answer is None
    assert list(kept) == [uuid]

    again = Stage(await asking(lane, uuid, kept))
    async with again.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        assert LEFT in text_of(again)
        assert field(pilot, MENU).query_one(Choices).taken
        assert [name.value for name in field(pilot, CARD).query(Input)] == ["Dan M.", ""]
        await pilot.click("#reset")
        await pilot.pause()
        assert again.screen.query_one(TicketForm).drafts == {}
        assert not again.screen.query_one("#reset").display
        await pilot.press("escape")
        await until(lambda: again.answered)
    assert kept == {}


async def test_a_refresh_brings_what_is_new_around_what_is_typed(
    lane: Lane, sandbox: Sandbox
) -> None:
    ticket = sandbox.examples()["plain"]
    async with Stage(TicketScreen(lane, ticket.uuid)).run_test(size=WIDE) as pilot:
        await see(pilot, FRESH)
        field(pilot, "Company").focus_first()
        await pilot.press(*"AC")
        sandbox.state.check_in(ticket, True)
        ticket.full_name = "Paula Halvvejs"
        await pilot.press("f5")
        await see(pilot, "in, elsewhere, at ")
        await until(lambda: field(pilot, "Name on the ticket").draft == "Paula Halvvejs")
        await pilot.press(*"ME")
        assert field(pilot, "Company").draft == "ACME"


async def test_a_check_in_elsewhere_is_seen_while_the_form_is_open(
    lane: Lane, sandbox: Sandbox
) -> None:
    ticket = sandbox.examples()["plain"]
    async with Stage(TicketScreen(lane, ticket.uuid)).run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        await see(pilot, "not in")
        await lane.admit(ticket.uuid)
        await see(pilot, "by this computer")


async def test_the_details_can_be_paged_to_from_any_field(lane: Lane, sandbox: Sandbox) -> None:
    app = Stage(TicketScreen(lane, sandbox.examples()["answered"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        last = app.screen.query(QuestionField).last()
        last.focus_first()
        await until(lambda: last.has_focus_within and "dZy5" not in text_of(app))
        focused = app.focused
        await pilot.press(*["pageup"] * 4)
        await see(pilot, "dZy5")
        assert app.focused is focused
        await pilot.press("pagedown")
        await until(lambda: "dZy5" not in text_of(app))


async def test_it_works_by_mouse(lane: Lane, sandbox: Sandbox) -> None:
    ticket = sandbox.examples()["answers_needed"]
    app = Stage(await asking(lane, ticket.uuid))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        await pilot.click(Choices, offset=(5, 2))
        assert field(pilot, MENU).query_one(Choices).taken
        await pilot.click("#save")
        await see(pilot, "2 answers need a look.")
        await pilot.click("#back")
        await until(lambda: app.answered)


async def test_hostile_names_are_drawn_as_they_are(lane: Lane, sandbox: Sandbox) -> None:
    hostile = [
        ticket
        for ticket in sandbox.state.tonight.tickets
        if ticket.ticket_type.title == "Volunteer"
    ]
    for ticket in hostile:
        app = Stage(TicketScreen(lane, ticket.uuid))
        async with app.run_test(size=NARROW) as pilot:
            await see(pilot, FRESH)
            known = lane.roster.get(ticket.uuid)
            assert known is not None
            async for _ in resized(pilot, NARROW, WIDE):
                screen = text_of(app)
                assert not {char for char in screen if ord(char) < 32} - {"\n"}
                assert known.ticket.full_name[:30] in screen
            await pilot.click("#record-name", offset=(5, 0))
            assert app.is_running


async def test_a_ticket_that_nobody_knows_can_be_closed(lane: Lane) -> None:
    app = Stage(TicketScreen(lane, "0" * 32))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "no such")
        await pilot.press("ctrl+s")
        await pilot.press("escape")
        await until(lambda: app.answered)


async def test_while_it_saves_it_cannot_be_cut_off(
    lane: Lane, sandbox: Sandbox, clock: FakeClock
) -> None:
    uuid = sandbox.examples()["answers_needed"].uuid
    app = Stage(await asking(lane, uuid))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        sandbox.faults.set("hang", path=f"tickets/{uuid}/")
        await pilot.press("space", "enter", *"Dan", "enter", *"Middag", "enter", "space", "ctrl+s")
        await see(pilot, SAVING)
        await pilot.press("escape", "ctrl+s")
        assert not app.answered
        await clock.advance(2)
        await until(lambda: app.answered)
    assert isinstance(app.answer, Scan)
    assert app.answer.verdict.word == "ADMITTED · not confirmed"


async def test_what_cannot_be_saved_is_a_sentence_and_nothing_is_lost(
    lane: Lane, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(ticket: str, full_name: str) -> None:
        raise StoreError("The disk is full: free some space, then go on.")

    app = Stage(TicketScreen(lane, sandbox.examples()["plain"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        with monkeypatch.context() as patch:
            patch.setattr(lane.details, "rename", full)
            await pilot.press("end", *" Jr.", "ctrl+s")
            await see(pilot, "The disk is full")
        assert field(pilot, "Name on the ticket").draft == "Paul Halvvejs Jr."
        await pilot.click("#save")
        await until(lambda: app.answered)


@pytest.mark.parametrize("example", ["answered", "hostile"])
async def test_picture(
    lane: Lane, sandbox: Sandbox, picture: SnapshotAssertion, example: str
) -> None:
    app = Stage(TicketScreen(lane, sandbox.examples()[example].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, FRESH)
        await pictured(pilot, picture)


async def test_picture_of_the_form_that_admits(
    lane: Lane, sandbox: Sandbox, picture: SnapshotAssertion
) -> None:
    app = Stage(await asking(lane, sandbox.examples()["answers_needed"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        await pilot.press("down", "enter", "ctrl+s")
        await see(pilot, "2 answers need a look.")
        await pictured(pilot, picture)


async def test_picture_without_colour(
    lane: Lane, sandbox: Sandbox, picture: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Stage(await asking(lane, sandbox.examples()["answers_needed"].uuid))
    async with app.run_test(size=NARROW) as pilot:
        await open_form(pilot)
        await pilot.press("down", "enter", "ctrl+s")
        await see(pilot, "2 answers need a look.")
        assert await shot(pilot) == picture
