"""The party screen on a real lane: who is ticked, Enter at any moment, and the green rows after."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Label

from boxoffice.domain.party import may_enter
from boxoffice.domain.verdicts import Scan, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Order
from boxoffice.sandbox.names import HOSTILE
from boxoffice.screens import party as party_screen
from boxoffice.screens.party import ALL_IN, ASKING_FIRST, KNOWN, NOBODY, NOT_ABLE, PartyScreen
from boxoffice.store import StoreError
from boxoffice.widgets.party_list import PartyList
from boxoffice.widgets.verdict import VerdictBand
from tests.lane.conftest import OpenLane, goes_offline, listed, sent
from tests.screens.stage import NARROW, WIDE, Stage, pictured, resized, see, shot, text_of
from tests.support import FakeClock, both_dialects, settle, until


@pytest.fixture
def order(sandbox: Sandbox) -> Order:
    """That of the five Nguyễns, none of whom is in."""
    order = sandbox.examples()["party"].order
    for ticket in order.tickets:
        sandbox.state.check_in(ticket, False)
    return order


@pytest.fixture
async def lane(order: Order, open_lane: OpenLane) -> Lane:
    lane = await open_lane()
    await listed(lane)
    return lane


def stage(lane: Lane, order: Order) -> Stage:
    return Stage(PartyScreen(lane, order.tickets[0].uuid))


def scans_of(app: Stage) -> list[VerdictCode]:
    assert isinstance(app.answer, list)
    assert all(isinstance(scan, Scan) for scan in app.answer)
    return [scan.verdict.code for scan in app.answer]


def done_rows(pilot: Pilot[Any]) -> list[Label]:
    """The rows that stand on the screen: all of them, once the form has given way to them."""
    screen = pilot.app.screen
    rows = list(screen.query_one("#party-done").query(Label))
    return rows if screen.has_class("-done") and all(row.size.width for row in rows) else []


@pytest.mark.parametrize("dialect", ["live"])  # its list does not say who is on which order
async def test_enter_lets_all_in_and_the_green_rows_stay(
    lane: Lane, order: Order, clock: FakeClock
) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        assert text_of(app).count("[x]") == 5
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        assert all(row.has_class("-green") for row in done_rows(pilot))
        await until(lambda: text_of(app).count("✓ ADMITTED") == 5)
        screen = text_of(app)
        assert all(ticket.full_name in screen for ticket in order.tickets)
        assert app.screen.query_one(".-party", VerdictBand).face.word == "ALL IN"
        assert not app.answered
        await pilot.press("enter")
        await until(lambda: app.answered)
    assert scans_of(app) == [VerdictCode.ADMITTED] * 5
    await sent(lane, clock)
    assert all(ticket.checked_in for ticket in order.tickets)


@pytest.mark.parametrize("dialect", ["live"])  # its list does not say who is on which order
async def test_enter_before_the_server_has_told_waits_for_it(
    lane: Lane, order: Order, sandbox: Sandbox
) -> None:
    rule = sandbox.faults.set("hang", path="orders/*/")
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, ASKING_FIRST[:40])
        assert not done_rows(pilot)
        sandbox.faults.clear(rule)
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")


async def test_enter_waits_only_so_long(
    lane: Lane, order: Order, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(party_screen, "PATIENCE", 0.05)
    sandbox.faults.set("hang", path="orders/*/")
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "[x]")
        await pilot.press("enter")
        await see(pilot, "Checking in")
        sandbox.faults.clear()
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")


async def test_offline_they_are_in_and_not_confirmed(
    lane: Lane, order: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    await goes_offline(sandbox, lane, clock)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "cannot be asked")
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        face = app.screen.query_one(".-party", VerdictBand).face
        assert (face.word, face.hatched) == ("ALL IN · not confirmed", True)


async def test_space_leaves_one_out(lane: Lane, order: Order, clock: FakeClock) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("down", "tab", "space")  # also while the cursor is on a button
        await until(lambda: text_of(app).count("[x]") == 4)
        await pilot.press("f5", "shift+tab")
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 4, "four rows")
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert len(scans_of(app)) == 4
    await sent(lane, clock)
    assert [ticket.checked_in for ticket in order.tickets] == [True, False, True, True, True]


async def test_all_or_none(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("ctrl+a")
        await until(lambda: "[x]" not in text_of(app))
        assert app.screen.query_one("#admit_party").disabled, "it would admit nobody"
        await pilot.press("enter")
        await see(pilot, NOBODY)
        await pilot.press("ctrl+a")
        await until(lambda: text_of(app).count("[x]") == 5)


async def test_who_is_in_cannot_be_ticked(lane: Lane, order: Order) -> None:
    first = order.tickets[0].uuid
    await lane.admit(first)
    await until(lambda: (row := lane.roster.get(first)) is not None and not may_enter(row))
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await see(pilot, "in since 18:30")
        assert text_of(app).count("[x]") == 4
        await pilot.press("space")  # the cursor begins at the first who can be
        await until(lambda: text_of(app).count("[x]") == 3)
        await pilot.press("up", "space")
        await see(pilot, NOT_ABLE)
        for ticket in order.tickets[1:]:
            await lane.admit(ticket.uuid)
        await until(lambda: "[x]" not in text_of(app))
        await pilot.press("enter")
        await see(pilot, ALL_IN)
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert app.answer is None


async def test_one_who_came_in_elsewhere_is_seen_at_once(
    lane: Lane, order: Order, sandbox: Sandbox
) -> None:
    """The list does not know it yet: the verdict does."""
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        sandbox.state.check_in(order.tickets[1])
        await pilot.press("enter")
        await see(pilot, "! ALREADY IN")
        face = app.screen.query_one(".-party", VerdictBand).face
        assert (face.word, face.name) == ("NOT ALL IN", "4 of 5 checked in")
        assert order.tickets[1].full_name in face.reason


async def test_an_undo_that_fails_does_not_hold_the_screen(
    lane: Lane, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise OSError("the disk is full")

    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        monkeypatch.setattr(lane.undo, "last", fails)
        await pilot.press("f9")
        await see(pilot, "written the reason to its log")
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert scans_of(app) == [VerdictCode.ADMITTED] * 5


async def test_the_set_can_be_undone_here(lane: Lane, order: Order, clock: FakeClock) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("f9")  # nothing was done yet
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        await sent(lane, clock)
        await pilot.press("f9")
        await see(pilot, "UNDONE: All 5")
        await until(lambda: not any(ticket.checked_in for ticket in order.tickets))
        await until(lambda: text_of(app).count("[ ]") == 5, "nobody ticked")
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert app.answer is None


async def test_a_scan_made_since_is_not_undone_here(
    lane: Lane, order: Order, sandbox: Sandbox, clock: FakeClock
) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        screen = app.screen
        assert isinstance(screen, PartyScreen)
        plain = sandbox.examples()["plain"]
        screen.show_scan(await lane.scan(plain.uuid))
        await sent(lane, clock)
        await pilot.press("f9")
        await see(pilot, "Somebody else was scanned since")
        assert plain.checked_in
        assert all(ticket.checked_in for ticket in order.tickets)


async def test_a_full_disk_is_a_sentence(
    lane: Lane, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(tickets: list[str]) -> list[Scan]:
        raise StoreError("The disk is full: free some space, then go on.")

    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        with monkeypatch.context() as patch:
            patch.setattr(lane, "admit_party", full)
            await pilot.press("enter")
            await see(pilot, "The disk is full")
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")


async def test_it_works_by_mouse(lane: Lane, order: Order) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.click(PartyList, offset=(6, 1))
        await until(lambda: text_of(app).count("[x]") == 4)
        await pilot.click("#admit_party")
        await until(lambda: len(done_rows(pilot)) == 4, "four rows")
        await pilot.click("#back")
        await until(lambda: app.answered)


@both_dialects
async def test_hostile_names_are_nothing_but_text(open_lane: OpenLane, sandbox: Sandbox) -> None:
    sizes = NARROW, WIDE, (60, 20), (40, 12)
    event = sandbox.state.tonight
    address = {"first_name": HOSTILE[1], "last_name": "[/]", "phone": "", "email": "h@example.com"}
    people = [(event.ticket_types[0], name) for name in HOSTILE]
    order = sandbox.state.add_order(event, address, people)
    lane = await open_lane()
    await listed(lane)
    app = stage(lane, order)
    async with app.run_test(size=sizes[-1]) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("f5")
        await settle()
        await pilot.press("ctrl+a", *["down"] * len(HOSTILE))
        async for _ in resized(pilot, *sizes):
            assert not {char for char in text_of(app) if ord(char) < 32} - {"\n"}
        await pilot.press("ctrl+a")
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) >= 12, "their rows")
        async for _ in resized(pilot, *sizes):
            await pilot.click("#party-done", offset=(20, 1))
            assert not {char for char in text_of(app) if ord(char) < 32} - {"\n"}
        assert app.is_running and not app._exit


async def test_a_ticket_nobody_knows_can_be_closed(lane: Lane) -> None:
    app = Stage(PartyScreen(lane, "0" * 32))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "no such")
        await pilot.press("enter", "ctrl+a", "space", "escape")
        await until(lambda: app.answered)


@pytest.mark.parametrize("dialect", ["live"])
async def test_picture(lane: Lane, order: Order, picture: SnapshotAssertion) -> None:
    await lane.admit(order.tickets[3].uuid)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await see(pilot, "in since")
        await pilot.press("down")
        await pictured(pilot, picture)


async def test_picture_of_five_green_rows(
    lane: Lane, order: Order, picture: SnapshotAssertion
) -> None:
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        await pictured(pilot, picture)


@pytest.mark.parametrize("dialect", ["live"])
async def test_picture_of_a_guess_offline(
    lane: Lane, order: Order, sandbox: Sandbox, clock: FakeClock, picture: SnapshotAssertion
) -> None:
    await goes_offline(sandbox, lane, clock)
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "cannot be asked")
        assert await shot(pilot) == picture


async def test_picture_without_colour(
    lane: Lane,
    order: Order,
    sandbox: Sandbox,
    picture: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    sandbox.state.check_in(order.tickets[1])
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 5, "five rows")
        assert await shot(pilot) == picture


async def test_one_of_several_is_admitted_and_not_all(lane: Lane, order: Order) -> None:
    """Whoever reads ALL IN lets in the others as well."""
    app = stage(lane, order)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, KNOWN)
        await pilot.press("ctrl+a", "space")
        await until(lambda: text_of(app).count("[x]") == 1, "one is ticked")
        await pilot.press("enter")
        await until(lambda: len(done_rows(pilot)) == 1, "one row")
        assert app.screen.query_one(".-party", VerdictBand).face.word == "ADMITTED"
