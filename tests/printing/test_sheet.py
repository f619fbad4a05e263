"""The sheet of codes to try: off the paper into a lane, each gives the verdict that it names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from boxoffice.cli.demo import Demonstration
from boxoffice.domain.models import LinkState
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.lane import Lane
from boxoffice.printing.a4 import sheet_pdf
from boxoffice.printing.papers import Sheet, SheetEntry
from boxoffice.sandbox import Dialect, Sandbox
from tests.lane.conftest import OpenLane, listed, passes
from tests.printing.eyes import pages, read, text_of
from tests.printing.samples import NAMES, UUID
from tests.support import UNDERWAY, FakeClock, both_dialects


@pytest.fixture
async def sandbox(dialect: Dialect, clock: FakeClock) -> AsyncIterator[Sandbox]:
    """The demonstration's."""
    sleep = UNDERWAY.held_back(clock.sleep)
    async with Sandbox(dialect=dialect, now=clock.now, sleep=sleep, trials=True) as box:
        yield box


@pytest.fixture
def trying(sandbox: Sandbox) -> Demonstration:
    return Demonstration(sandbox, started_as="boxoffice demo")


@pytest.fixture
async def door(open_lane: OpenLane, trying: Demonstration) -> Lane:
    lane = await open_lane(doors=trying.doors, extras=trying.extras)
    await listed(lane)
    return lane


@both_dialects
async def test_each_code_gets_the_verdict_beside_it(
    door: Lane, trying: Demonstration, clock: FakeClock
) -> None:
    entries = trying.sheet.entries
    assert {entry.verdict for entry in entries} == set(VerdictCode)
    codes = [code for page in pages(sheet_pdf(trying.sheet), 150) for code in read(page)]
    assert codes == [entry.code for entry in entries]
    cut = False
    for code, entry in zip(codes, entries, strict=True):
        if entry.verdict is VerdictCode.AMBIGUOUS:
            family = door.roster.find("Følge").uuids
            await door.details.refresh(family[0])
        if entry.offline and not cut:
            cut = not trying.unplug()
            await passes(clock, lambda: door.status.link is LinkState.OFFLINE, "offline")
        verdict = (await door.scan(code)).verdict
        assert (verdict.code, verdict.word) == (entry.verdict, entry.word), entry
        if entry.name and verdict.ticket is not None:
            assert verdict.ticket.full_name == entry.name
        if verdict.candidates:
            assert {each.full_name for each in verdict.candidates} == {
                "Frida Følge",
                "Felix Følge",
            }
    assert trying.unplug()
    await passes(clock, lambda: door.status.link is LinkState.ONLINE, "online")


def test_whom_the_other_door_admits_is_not_on_the_sheet(sandbox: Sandbox) -> None:

    state = sandbox.state
    event = state.tonight
    before = {ticket.uuid for ticket in state.spared if ticket.checked_in}
    while state.admit_somebody(event, state.random) is not None:
        pass
    assert {ticket.uuid for ticket in state.spared if ticket.checked_in} == before
    assert len(event.tickets) == 400
    assert all(kind.amount_left >= 0 for kind in event.ticket_types)


@pytest.mark.parametrize("dpi", [100, 203, 300])
def test_it_is_a4_with_a_margin_and_says_what_to_expect(trying: Demonstration, dpi: int) -> None:
    pdf = sheet_pdf(trying.sheet)
    drawn = pages(pdf, dpi)
    assert [len(read(page)) for page in drawn] == [8, 7]
    for page in drawn:
        assert (round(page.width / dpi * 25.4), round(page.height / dpi * 25.4)) == (210, 297)
        edge = round(8 / 25.4 * dpi)
        right = page.crop((page.width - edge, 0, page.width, page.height))
        assert right.getextrema() == (255, 255)
    text = " ".join(text_of(pdf).split())
    for entry in trying.sheet.entries:
        for part in (entry.word, entry.name or "Nobody's", entry.hint):
            assert part in text
    assert text.count("Network off first") == sum(entry.offline for entry in trying.sheet.entries)
    assert "boxoffice demo · Sommerfest på Havnen" in text


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_stand_on_it(name: str) -> None:
    entry = SheetEntry(UUID, name, VerdictCode.ADMITTED, name)
    (page,) = pages(sheet_pdf(Sheet((entry,), name)), 150)
    assert read(page) == [UUID]


def test_the_same_day_after_day(trying: Demonstration) -> None:
    """A sheet that was printed last week is still right."""
    later = Demonstration(Sandbox(trials=True), started_as="boxoffice demo")
    assert later.sheet == trying.sheet
    other = Demonstration(Sandbox(trials=True, seed=2), started_as="boxoffice demo --seed 2")
    assert {entry.code for entry in other.sheet.entries} != {
        entry.code for entry in trying.sheet.entries
    }


def test_it_is_written_where_it_is_wanted(trying: Demonstration, tmp_path: Path) -> None:
    trying.write(tmp_path / "sheet.pdf")
    assert len(pages((tmp_path / "sheet.pdf").read_bytes(), 72)) == 2
