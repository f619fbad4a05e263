"""The codes to try on the screen: each is read off it, says what to expect, and can be kept."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from boxoffice.cli.demo import Demonstration
from boxoffice.sandbox import Sandbox
from boxoffice.screens.sheet import NOBODY, OFFLINE, SheetScreen
from tests.printing.eyes import pages, picture_of, read, screen_of
from tests.screens.paper import written
from tests.screens.stage import NARROW, WIDE, Stage, pictured, see, text_of
from tests.support import FakeClock, until


@pytest.fixture
def trying() -> Demonstration:
    return Demonstration(Sandbox(trials=True), started_as="boxoffice demo")


@pytest.fixture
def scanned() -> list[str]:
    return []


@pytest.fixture
def app(trying: Demonstration, scanned: list[str], clock: FakeClock, paper: Path) -> Stage:
    return Stage(SheetScreen(trying.sheet, scanned.append, clock=clock, folder=paper))


@pytest.mark.parametrize("size", [NARROW, WIDE, (60, 20), (37, 20)], ids=str)
async def test_each_code_is_read_off_the_screen(
    app: Stage, trying: Demonstration, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        for entry in trying.sheet.entries:
            await until(lambda code=entry.code: read(screen_of(app)) == [code], entry.code)
            await pilot.press("right")
        await until(lambda: read(screen_of(app)) == [trying.sheet.entries[0].code], "the first")
        assert read(picture_of(app)) == [trying.sheet.entries[0].code]
        await pilot.press("left")
        await until(lambda: read(screen_of(app)) == [trying.sheet.entries[-1].code], "the last")


async def test_each_says_whose_it_is_and_what_to_expect(app: Stage, trying: Demonstration) -> None:
    entries = trying.sheet.entries
    async with app.run_test(size=NARROW) as pilot:
        for place, entry in enumerate(entries, start=1):
            await see(pilot, f"← code {place} of {len(entries)} →")
            shown = "".join(text_of(app).split())
            for part in (entry.name or NOBODY, entry.code):
                assert "".join(part.split()) in shown
            for word in f"{entry.verdict.symbol} {entry.word} {entry.hint}".split():
                assert word in shown
            assert (OFFLINE[:9] in text_of(app)) == entry.offline
            await pilot.press("pagedown")


async def test_enter_has_the_code_scanned(
    app: Stage, trying: Demonstration, scanned: list[str]
) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("right", "enter")
        assert scanned == [trying.sheet.entries[1].code]


@pytest.mark.parametrize("key", ["ctrl+s", "f8"])
async def test_it_is_kept_as_pdf(app: Stage, trying: Demonstration, paper: Path, key: str) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(key)
        await see(pilot, "aved as")
    (file,) = written(paper)
    codes = [code for page in pages(file.read_bytes(), 150) for code in read(page)]
    assert codes == [entry.code for entry in trying.sheet.entries]


async def test_what_cannot_be_written_is_a_sentence(
    trying: Demonstration, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    screen = SheetScreen(trying.sheet, print, clock=clock, folder=tmp_path / "file")
    async with Stage(screen).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+s")
        await see(pilot, "cannot be written")


@pytest.mark.parametrize("place", [0, 13], ids=["admitted", "not-confirmed"])
async def test_picture(app: Stage, picture: SnapshotAssertion, place: int) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(*["right"] * place)
        await pictured(pilot, picture)
