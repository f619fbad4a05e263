"""The history on a real lane: searched, opened, and brought up to date while it is open."""

from datetime import UTC, datetime

from syrupy.assertion import SnapshotAssertion
from textual.screen import Screen
from textual.widgets import Input

from boxoffice.domain.history import PastScan, Since
from boxoffice.domain.verdicts import Scan, Verdict, VerdictCode
from boxoffice.lane import Lane
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.models import Ticket
from boxoffice.screens.history import NO_TICKET, NOT_FOUND, HistoryScreen, ScanList
from boxoffice.widgets.line_widget import width_of
from tests.lane.conftest import sent
from tests.screens.stage import NARROW, Stage, pictured, see, text_of
from tests.support import FakeClock, table, until


async def scanned(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> Ticket:
    """Answers the one who was let in first, and stayed."""
    examples = sandbox.examples()
    for example in ("plain", "already_in", "refunded_ticket", "hostile"):
        await lane.scan(examples[example].uuid)
    await sent(lane, clock)
    assert (await lane.undo.last()).done
    await lane.scan("0" * 32)
    return examples["plain"]


async def test_it_is_searched_and_opened(lane: Lane, sandbox: Sandbox, clock: FakeClock) -> None:
    plain, opened = await scanned(lane, sandbox, clock), list[str]()
    app = Stage(HistoryScreen(lane, opened.append))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "5 scans")
        await pilot.press("enter")
        await see(pilot, NO_TICKET)
        laid_out = list[Screen[object]]()
        signal = app.screen.screen_layout_refresh_signal
        signal.subscribe(app.screen, laid_out.append, immediate=True)
        await pilot.press(*"undone")
        await see(pilot, "1 scan")
        assert not laid_out, "a key draws the field and the list"
        await pilot.press("ctrl+u", *"confirmed")
        await see(pilot, plain.full_name)
        await pilot.press("enter")
        await until(lambda: opened == [plain.uuid], "its ticket")
        scan = await lane.scan(sandbox.examples()["external"].uuid)
        assert scan.verdict.code is VerdictCode.ADMITTED
        await see(pilot, "2 scans")
        listed = app.screen.query_one(ScanList)
        assert listed.cursor == 1, "the highlight stays with its row"
        await pilot.press("up", "enter")
        assert scan.verdict.ticket is not None
        await until(lambda: opened[1:] == [scan.verdict.ticket.uuid], "the newest")
        await pilot.click(listed, offset=(10, 1))
        await until(lambda: opened[2:] == [plain.uuid], "the one that was clicked")
        await pilot.press("ctrl+u")
        app.screen.query_one(Input).insert_text_at_cursor("nobody " * 20 + "here")
        await see(pilot, "nobody here")
        await see(pilot, NOT_FOUND)
        assert "0 scans" in text_of(app)


@table("since", [None, *Since])
@table("width", [75, 115])
def test_a_row_fills_its_line(width: int, since: Since | None) -> None:
    listed, scan = (
        ScanList(),
        Scan(1, "0" * 32, Verdict(VerdictCode.UNKNOWN, "", confirmed=True), datetime.now(UTC)),
    )
    listed.past = {1: PastScan(scan, None, "North", "Anna", since)}
    assert width_of(listed.pieces(1, width, chosen=False)) == width, "the bar stands at its end"


async def test_picture(
    lane: Lane,
    sandbox: Sandbox,
    clock: FakeClock,
    picture: SnapshotAssertion,
) -> None:
    await scanned(lane, sandbox, clock)
    async with Stage(HistoryScreen(lane, lambda _: None)).run_test(size=NARROW) as pilot:
        await see(pilot, "5 scans")
        await pilot.press("down")
        await pictured(pilot, picture)
