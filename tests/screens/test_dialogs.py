"""The dialogs: a reason, and a yes or no."""

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.color import Color
from textual.widgets import Button, Input

from boxoffice.domain.pin import Act
from boxoffice.screens.dialogs import (
    NOT_EMPTY,
    TYPE_IT,
    ConfirmDialog,
    EmailDialog,
    PinDialog,
    ReasonDialog,
)
from boxoffice.widgets.footer import Banner
from tests.screens.stage import HOSTILE, NARROW, Stage, see, shot, text_of
from tests.support import until

REASONS = ("Let in by the person in charge", f"Looked for {HOSTILE}")


def reason() -> ReasonDialog:
    return ReasonDialog(f"Override WRONG DAY for {HOSTILE}?", "Valid on Saturday.", "Go", REASONS)


async def test_a_reason_is_typed() -> None:
    app = Stage(reason())
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, HOSTILE)
        await pilot.press(*"  the  band  ", "enter")
        await until(lambda: app.answered)
    assert app.answer == "the band"


async def test_a_reason_is_picked() -> None:
    app = Stage(reason())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("tab", "down", "enter")
        assert app.screen.query_one(Input).value == REASONS[1]
        await pilot.press(*"Own")  # in its place
        assert app.screen.query_one(Input).value == "Own"
        await pilot.press("down", "down", "enter", "enter")
        await until(lambda: app.answered)
    assert app.answer == REASONS[1]


async def test_without_a_reason_it_does_not_go_on() -> None:
    app = Stage(reason())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("space", "enter")
        await see(pilot, NOT_EMPTY)
        await pilot.press("a")
        await until(lambda: NOT_EMPTY not in text_of(app), "nothing wrong any longer")
        await pilot.press("escape")
        await until(lambda: app.answered)
    assert app.answer is None


@pytest.mark.parametrize(
    ("keys", "answer"), [(["enter"], False), (["escape"], False), (["right", "enter"], True)]
)
async def test_going_back_is_the_first_choice(keys: list[str], answer: bool) -> None:
    app = Stage(ConfirmDialog(f"Quit {HOSTILE}?", "12 are unsent.", "Quit"))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, HOSTILE)
        assert isinstance(app.focused, Button)
        await pilot.press(*keys)
        await until(lambda: app.answered)
    assert app.answer is answer


async def test_one_button_alone_is_filled_the_one_that_enter_presses() -> None:
    app = Stage(reason())

    def filled() -> list[str | None]:
        plain = Color.parse(app.get_css_variables()["field"])
        buttons = app.screen.query(Button)
        return [one.id for one in buttons if one.styles.background != plain]

    async with app.run_test(size=NARROW) as pilot:
        assert filled() == ["go"]
        for _ in range(2):
            await pilot.press("tab")
        assert filled() == ["go"]
        await pilot.press("tab")
        assert filled() == ["back"]


async def test_a_dialog_works_by_mouse() -> None:
    app = Stage(ConfirmDialog("Quit?", "12 are unsent.", "Quit"))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.click("#yes")
        await until(lambda: app.answered)
    assert app.answer is True


async def test_what_is_said_of_a_key_does_not_move_the_box() -> None:
    app = Stage(reason())
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, HOSTILE)
        box = app.screen.query_one(".dialog").region
        app.screen.query_one(Banner).announce("F6 does nothing on this screen.")
        await see(pilot, "F6 does nothing")
        assert app.screen.query_one(".dialog").region == box


async def test_what_is_written_over_is_seen_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Stage(EmailDialog("", "", "door@example.com"))
    async with app.run_test(size=NARROW) as pilot:
        await see(pilot, "door@example.com")
        rows = app.screen._compositor.render_strips(app.size)
        (look,) = (part.style for row in rows for part in row if "door@" in part.text)
        assert look is not None
        assert look.reverse


async def test_picture(picture: SnapshotAssertion) -> None:
    async with Stage(reason()).run_test(size=NARROW) as pilot:
        await pilot.press("tab")
        assert await shot(pilot) == picture


async def test_the_question_for_the_pin(picture: SnapshotAssertion) -> None:
    tried: list[str] = []

    async def attempt(given: str) -> str:
        tried.append(given)
        return "That is not the PIN." if len(tried) == 1 else ""

    app = Stage(PinDialog(Act.REFUND, attempt))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("enter")
        await see(pilot, TYPE_IT)
        await pilot.press(*"4711")
        await until(lambda: TYPE_IT not in text_of(app), "nothing wrong any longer")
        assert await shot(pilot) == picture
        assert "4711" not in text_of(app)
        await pilot.press("enter")
        await see(pilot, "That is not the PIN.")
        await pilot.press(*"0815", "enter")
        await until(lambda: app.answered)
    assert app.answer is True
    assert tried == ["4711", "0815"]


async def test_the_arrows_reach_the_reasons() -> None:
    app = Stage(ReasonDialog("Why?", "Say why.", "Go on", ("One", "Two")))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("down", "down", "enter", "enter")
        await until(lambda: app.answered)
    assert app.answer == "Two"
