"""The paper screen on a real lane: codes that are read off the screen, and what is printed."""

import stat
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.domain.sale import SaleState
from boxoffice.domain.signs import Signs
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.names import HOSTILE
from boxoffice.screens.paper import NO_ORDER, NOT_PRINTED, PaperScreen
from boxoffice.widgets.qr import BigSign, QrCode
from boxoffice.widgets.terminal import Terminal
from boxoffice.widgets.themes import CONTRAST
from tests.printing import samples
from tests.printing.eyes import CODE128, QR, pages, picture_of, read, screen_of
from tests.screens.paper import screen, told, written
from tests.screens.stage import NARROW, WIDE, Stage, pictured, resized, see, shot
from tests.screens.stage import text_of as shown
from tests.support import FakeClock, until


async def test_the_code_is_read_off_the_screen(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    app = screen(lane, clock, paper, ticket.uuid)
    async with app.run_test(size=(37, 20)) as pilot:
        await until(lambda: read(screen_of(app)) == [ticket.uuid], "its code")
        async for size in resized(pilot, (37, 20), (60, 20), NARROW, WIDE, (200, 60)):
            assert read(screen_of(app)) == [ticket.uuid], size
            assert read(picture_of(app)) == [ticket.uuid], size


async def test_every_kind_of_row_shows_a_code_that_is_its_own(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    tickets = sandbox.state.tonight.tickets
    kinds = {each.ticket_type.title: each for each in tickets if not each.refunded}
    hostile = [each for each in tickets if each.full_name in HOSTILE]
    seated = max(tickets, key=lambda each: len(each.seat or ""))
    shown = [*kinds.values(), seated, *hostile]
    roomy = shown[: -len(hostile) + 3]  # where there is room, one of each is enough
    app = screen(lane, clock, paper, *(each.uuid for each in shown))
    async with app.run_test(size=NARROW) as pilot:
        for ticket in shown:
            code = ticket.uuid
            await until(lambda code=code: read(screen_of(app)) == [code], ticket.full_name)
            async for _ in resized(pilot, *((WIDE, NARROW) if ticket in roomy else ())):
                assert read(screen_of(app)) == [code], ticket.full_name
            scanned = (await lane.scan(code)).verdict.ticket
            assert scanned is not None
            assert scanned.uuid == ticket.uuid
            await pilot.press("right")


async def test_a_larger_window_shows_a_larger_code(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    app = screen(lane, clock, paper, sandbox.examples()["plain"].uuid)
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: app.screen.query_one(QrCode).size == (37, 19), "a code")
        await pilot.resize_terminal(*WIDE)
        await until(lambda: app.screen.query_one(QrCode).size == (74, 37), "a larger code")
        await pilot.resize_terminal(36, 24)
        await see(pilot, "Make the window larger")
        assert read(screen_of(app)) == []


async def test_the_code_is_read_where_there_are_no_half_blocks(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    app = screen(lane, clock, paper, ticket.uuid)
    app.terminal = Terminal(Signs.ASCII)
    async with app.run_test(size=WIDE) as pilot:
        await until(lambda: read(screen_of(app)) == [ticket.uuid], "its code")
        assert app.screen.query_one(QrCode).size == (74, 37)
        await pilot.resize_terminal(*NARROW)
        await see(pilot, "needs 74 columns")
        await see(pilot, "Print this ticket")


@pytest.mark.parametrize("theme", ["", CONTRAST.name, "no colour"])
async def test_it_is_black_on_white_in_every_theme(
    lane: Lane,
    sandbox: Sandbox,
    clock: FakeClock,
    paper: Path,
    monkeypatch: pytest.MonkeyPatch,
    theme: str,
) -> None:
    if theme == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
    uuid = sandbox.examples()["plain"].uuid
    app = screen(lane, clock, paper, uuid)
    async with app.run_test(size=NARROW):
        if theme and theme != "no colour":
            app.theme = theme
        await until(lambda: read(screen_of(app)) == [uuid], "its code")
        drawn = screen_of(app)
        region = app.screen.query_one(QrCode).region
        assert region.size == (37, 19)
        code = drawn.crop((0, 0, 37 * 8, 19 * 16))
        colours = code.getcolors()
        assert colours is not None
        assert {colour for _, colour in colours} == {(0, 0, 0), (255, 255, 255)}


async def test_it_says_whose_it_is_and_whether_it_is_in(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    ticket = sandbox.examples()["plain"]
    app = screen(lane, clock, paper, ticket.uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Paul Halvvejs")
        await see(pilot, f"Order {ticket.order.order_id}")
        assert "Check-in: not in" in shown(app)
        await lane.admit(ticket.uuid)
        await see(pilot, "in since 18:30")


async def test_several_are_shown_one_by_one(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    family = [ticket.uuid for ticket in sandbox.examples()["party"].order.tickets]
    app = screen(lane, clock, paper, *family)
    async with app.run_test(size=NARROW) as pilot:
        for place, uuid in enumerate(family, start=1):
            await see(pilot, f"ticket {place} of 5")
            await until(lambda code=uuid: read(screen_of(app)) == [code], "its code")
            await pilot.press("right")
        await see(pilot, "ticket 1 of 5")
        await pilot.press("left")
        await see(pilot, "ticket 5 of 5")
        await until(lambda: read(screen_of(app)) == [family[-1]], "its code")


async def test_the_ticket_shown_is_printed(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    family = [ticket.uuid for ticket in sandbox.examples()["party"].order.tickets]
    app = screen(lane, clock, paper, *family)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "ticket 1 of 5")
        await pilot.press("right", "f8")
        (page,) = pages(await told(pilot, paper, "ticket-"), 203)
        assert read(page, QR) == read(page, CODE128) == [family[1]]
        await pilot.press("ctrl+a")
        drawn = pages(await told(pilot, paper, "tickets-"), 100)
        assert [read(page) for page in drawn] == [[uuid] for uuid in family]


async def test_a_slip_for_the_roll(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    uuid = sandbox.examples()["plain"].uuid
    app = screen(lane, clock, paper, uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Print slip, 80 mm")
        await pilot.press("ctrl+r")
        (page,) = pages(await told(pilot, paper, "slip-"), 203)
        assert read(page) == [uuid]


@pytest.mark.skipif(sys.platform == "win32", reason="files have no modes")
async def test_the_pdf_is_kept_beside_the_data_for_its_person_alone(
    lane: Lane, sandbox: Sandbox
) -> None:
    app = Stage(PaperScreen(lane, (sandbox.examples()["plain"].uuid,)))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Order ")
        await pilot.press("ctrl+s")
        await see(pilot, "Saved as ")
    (file,) = lane.exports.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("example", "why"),
    [
        ("refunded_ticket", "✗ REFUNDED: This ticket"),
        ("refunded_order", "✗ REFUNDED: "),
        ("cancelled", "✗ REFUNDED: "),
        ("not_paid", "✗ NOT PAID: Order "),
    ],
)
async def test_what_lets_nobody_in_is_neither_shown_nor_printed(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path, example: str, why: str
) -> None:
    ticket = sandbox.examples()[example]
    await lane.scan(ticket.uuid)
    app = screen(lane, clock, paper, ticket.uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, why)
        await see(pilot, "Order ")
        assert read(screen_of(app)) == []
        for key in ("f8", "ctrl+r", "ctrl+s"):
            await pilot.press(key)
            await see(pilot, NOT_PRINTED[:30])
    assert not written(paper)


async def test_a_ticket_of_another_event_is_not_printed_as_one_of_this(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    uuid = sandbox.examples()["wrong_event"].uuid
    await lane.scan(uuid)
    app = screen(lane, clock, paper, uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "not in this computer's list")
        await until(lambda: read(screen_of(app)) == [uuid], "its code")
        assert lane.event.title not in shown(app)
        for key in ("f8", "ctrl+r", "ctrl+s"):
            await pilot.press(key)
            await see(pilot, NOT_PRINTED[:30])
        await pilot.press("ctrl+o")
        await see(pilot, NO_ORDER[:30])
    assert not written(paper)


async def test_what_cannot_be_written_is_a_sentence(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    app = screen(lane, clock, tmp_path / "file", sandbox.examples()["plain"].uuid)
    async with app.run_test(size=WIDE) as pilot:
        await see(pilot, "Order ")
        for _ in range(2):  # it can be tried again
            await pilot.press("ctrl+s")
            await see(pilot, "cannot be written")
            await pilot.press("left")


async def test_by_keyboard_and_by_mouse(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path
) -> None:
    app = screen(lane, clock, paper, sandbox.examples()["plain"].uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Order ")
        await pilot.press("enter")  # nothing has the focus: nothing is printed
        await pilot.pause()
        assert not written(paper)
        await pilot.press("down", "enter")
        await told(pilot, paper, "ticket-")
        await pilot.click("#print_receipt")
        await told(pilot, paper, "slip-")
        await pilot.press("escape")
        await until(lambda: app.answered)


async def test_hostile_names(lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path) -> None:
    everyone = sandbox.state.tickets.values()
    hostile = [each.uuid for each in everyone if each.full_name[:1] in "[<=\x1b"][:10]
    app = screen(lane, clock, paper, *hostile)
    async with app.run_test(size=(20, 5)) as pilot:
        async for _ in resized(pilot, (20, 5), (60, 20), NARROW, WIDE):
            for _ in hostile:
                await pilot.press("right")
        await pilot.press("ctrl+s")
        await until(lambda: list(paper.glob("*.pdf")), "a file")
        await pilot.pause()


async def test_picture(
    lane: Lane,
    sandbox: Sandbox,
    clock: FakeClock,
    paper: Path,
    picture: SnapshotAssertion,
) -> None:
    family = [ticket.uuid for ticket in sandbox.examples()["party"].order.tickets]
    app = screen(lane, clock, paper, *family)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Order ")
        await pictured(pilot, picture)


async def test_picture_of_a_refunded_ticket(
    lane: Lane, sandbox: Sandbox, clock: FakeClock, paper: Path, picture: SnapshotAssertion
) -> None:
    app = screen(lane, clock, paper, sandbox.examples()["refunded_ticket"].uuid)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "Order ")
        assert await shot(pilot) == picture


async def test_picture_of_what_is_not_issued(
    lane: Lane, clock: FakeClock, paper: Path, picture: SnapshotAssertion
) -> None:
    app = screen(lane, clock, paper, sale=samples.sale(SaleState.QUEUED, ()))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "BX-North-12")
        await pictured(pilot, picture)


async def test_all_words_of_a_sign_are_large_where_letters_are_high(
    lane: Lane, clock: FakeClock, paper: Path
) -> None:
    app = screen(lane, clock, paper, sale=samples.sale(SaleState.QUEUED, ()))
    app.terminal = Terminal(Signs.ASCII)
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "BX-North-12")
        drawn = str(app.screen.query_one(BigSign).content)
        assert "\u2588" in drawn
        assert not any(letter.isalpha() for letter in drawn)
        assert len(drawn.splitlines()) <= 19
