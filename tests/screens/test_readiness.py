"""The card before doors, on the screen and on paper."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.color import Color

from boxoffice import ProblemError
from boxoffice.cli import checks as measured
from boxoffice.cli.app_context import AppContext
from boxoffice.domain import signs
from boxoffice.domain.readiness import FAIL, OK, WARN, Check
from boxoffice.printing.a4 import card_pdf
from boxoffice.printing.papers import Card
from boxoffice.screens.readiness import NOT_YET, ReadinessScreen
from boxoffice.widgets.themes import LIGHT
from tests.printing.eyes import text_of as printed
from tests.screens.paper import written
from tests.screens.stage import HOSTILE, NARROW, Stage, pictured, see, text_of
from tests.support import EVENING, FakeClock, until

CHECKS = [
    Check("site", OK, "https://test.ticketbutler.io answers, and takes the key."),
    Check("event", OK, HOSTILE),
    Check("list", WARN, "400 tickets, 3 h old: run boxoffice sync."),
    Check("disk", FAIL, "Only 5 MB are free, and a write takes 4 ms: make room, or nobody gets in"),
]


@pytest.fixture
def app(clock: FakeClock, paper: Path) -> Stage:
    """One that finds these."""

    async def examine() -> list[Check]:
        return CHECKS

    return Stage(ReadinessScreen(examine, lane="North", clock=clock, folder=paper))


def inks(app: Stage, sign: str) -> set[Color]:
    """The colours in which a sign is drawn."""
    rows = app.screen._compositor.render_strips(app.size)
    drawn = (segment for row in rows for segment in row if sign in segment.text)
    return {
        Color.from_rich_color(segment.style.color)
        for segment in drawn
        if segment.style is not None and segment.style.color is not None
    }


async def test_picture(app: Stage, picture: SnapshotAssertion) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "NO-GO: 1 of 5 checks failed, 1 thing to look at")
        await pictured(pilot, picture)
        app.theme = LIGHT.name
        bad = Color.parse(LIGHT.variables["bad"])
        await until(lambda: bad in inks(app, signs.NO), "another theme's colours")


async def test_it_is_saved_as_it_stands(app: Stage, paper: Path) -> None:
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "NO-GO")
        await pilot.press("ctrl+s")
        await see(pilot, "Saved as")
        (file,) = written(paper)
    text = printed(file.read_bytes())
    assert "NO-GO: 1 of 5 checks failed" in text
    assert "Lane North" in text
    for check in CHECKS:
        assert check.check in text
        assert check.sentence[:40] in text


async def test_what_cannot_be_looked_at_is_said_and_f5_looks_again(
    clock: FakeClock, paper: Path
) -> None:
    found: list[list[Check]] = []

    async def examine() -> list[Check]:
        if not found:
            raise ProblemError("The disk is gone.")
        return found[-1]

    app = Stage(ReadinessScreen(examine, lane="North", clock=clock, folder=paper))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "The disk is gone.")
        await pilot.press("ctrl+s")
        await see(pilot, NOT_YET)
        found.append([Check("site", OK, "It answers.")])
        await pilot.press("f5")
        await see(pilot, "It answers.")
        assert "NO-GO" not in text_of(app)


async def test_all_is_looked_at_within_a_deadline(context: AppContext) -> None:
    found = {check.check: check for check in await measured.examine(context)}
    assert found["site"].state is OK
    assert found["key"].state is OK
    assert found["folder"].state is not FAIL


def test_a_long_sentence_stays_on_the_paper() -> None:
    card = Card((Check("site", WARN, "word " * 200),), "North")
    pdf = card_pdf(card, EVENING)
    assert pdf.startswith(b"%PDF")
    assert "word" in printed(pdf)
