"""The form of a ticket's questions, by keyboard and by mouse."""

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from boxoffice.domain.models import Answer, AnswerInput, Choice, Question
from boxoffice.domain.questions import NOT_A_NUMBER, REQUIRED, Draft, Field, fields
from boxoffice.widgets.form import QuestionField, TicketForm
from boxoffice.widgets.option_lists import Choices
from tests.screens.stage import HOSTILE, Stage, text_of

A, B, C = Choice("a" * 32, "Vegan"), Choice("b" * 32, "Fish"), Choice("c" * 32, HOSTILE)
VARIATIONS = ("TEXT", "TEXTAREA", "NUMBER", "NAME", "NAME_FIRST_LAST", "COMPANY", "EMAIL", "PHONE")
DRAFTS: dict[str, tuple[Draft, Draft]] = {
    **dict.fromkeys(VARIATIONS, ("first", "second")),
    "SELECT": (A.uuid, B.uuid),
    "SELECT_MULTIPLE": ((A.uuid,), (B.uuid,)),
}
"""Two of each."""


def ask(uuid: str, kind: str = "TEXT", *, required: bool = False, heading: str = "") -> Question:
    choices = (A, B, C) if kind.startswith("SELECT") else ()
    return Question(uuid, heading or f"Question {uuid}", kind, required=required, choices=choices)


async def shown(pilot: Pilot[None], form: tuple[Field, ...]) -> TicketForm:
    widget = pilot.app.query_one(TicketForm)
    await widget.show(form)
    widget.focus_first()
    await pilot.pause()
    return widget


def stage(drafts: dict[str, str] | None = None) -> Stage:
    return Stage(widgets=[TicketForm(drafts or {})])


async def test_each_variation_can_be_filled_in_by_keyboard() -> None:
    questions = [ask(kind, kind) for kind in (*VARIATIONS, "SELECT", "SELECT_MULTIPLE", "ODD")]
    async with stage().run_test(size=(80, 60)) as pilot:
        form = await shown(pilot, fields(questions, {}))
        await pilot.press(*"text", "enter")
        await pilot.press(*"one", "enter", *"two", "tab")
        await pilot.press(*"42", "enter")
        await pilot.press(*"Bo", "enter")
        await pilot.press(*"Anne", "enter", *"Skov", "enter")
        await pilot.press(*"ACME", "enter")
        await pilot.press(*"a@b.dk", "enter")
        await pilot.press(*"12345678", "enter")
        await pilot.press("down", "enter")
        await pilot.press("space", "down", "down", "enter", "tab")
        await pilot.press(*"odd")
        assert form.look_through(admit=False).given == (
            AnswerInput("TEXT", "text"),
            AnswerInput("TEXTAREA", "one\ntwo"),
            AnswerInput("NUMBER", "42"),
            AnswerInput("NAME", "Bo"),
            AnswerInput("NAME_FIRST_LAST", "Anne Skov"),
            AnswerInput("COMPANY", "ACME"),
            AnswerInput("EMAIL", "a@b.dk"),
            AnswerInput("PHONE", "12345678"),
            AnswerInput("SELECT", B.uuid),
            AnswerInput("SELECT_MULTIPLE", (A.uuid, C.uuid)),
            AnswerInput("ODD", "odd"),
        )


async def test_what_was_answered_before_is_shown_and_not_stored_again() -> None:
    questions = [
        ask("1"),
        ask("2", "TEXTAREA"),
        ask("3", "SELECT"),
        ask("4", "SELECT_MULTIPLE"),
        ask("5", "NAME_FIRST_LAST"),
    ]
    answers = {
        "1": Answer("1", value="before"),
        "2": Answer("2", value="one\ntwo"),
        "3": Answer("3", choices=(B.uuid,)),
        "4": Answer("4", choices=(A.uuid, B.uuid)),
        "5": Answer("5", value="Anne Marie Skov"),
    }
    async with stage().run_test(size=(80, 40)) as pilot:
        form = await shown(pilot, fields(questions, answers))
        screen = text_of(pilot.app)
        assert "before" in screen
        assert "(•) Fish" in screen
        assert "[x] Vegan" in screen
        assert "[ ] [@click" in screen
        assert "Anne Marie" in screen
        assert form.drafts == {}
        assert form.look_through(admit=False).given == ()


async def test_hostile_texts_are_drawn_as_they_are() -> None:
    questions = [ask("1", heading=HOSTILE), ask("2", "SELECT", heading=HOSTILE)]
    answers = {"1": Answer("1", value=HOSTILE)}
    async with stage().run_test(size=(80, 30)) as pilot:
        await shown(pilot, fields(questions, answers, questions))
        assert text_of(pilot.app).count(HOSTILE) == 4  # two headings, an answer, a choice
        await pilot.click(Choices, offset=(8, 2))
        assert pilot.app.is_running
        assert pilot.app.query_one(Choices).taken == (C.uuid,)


async def test_problems_stand_at_their_fields_and_the_first_has_the_cursor() -> None:
    form_of = fields([ask("1"), ask("2", "NUMBER"), ask("3", "EMAIL")], {})
    async with stage().run_test(size=(80, 30)) as pilot:
        form = await shown(pilot, form_of)
        await pilot.press(*"fine", "tab", *"many", "tab", *"nobody")
        checked = form.look_through(admit=False)
        await pilot.pause()
        assert list(checked.problems) == ["2", "3"]
        assert NOT_A_NUMBER in text_of(pilot.app)
        assert pilot.app.focused is form.query(Input)[1]
        await pilot.press("end", "backspace")
        await pilot.pause()
        assert NOT_A_NUMBER not in text_of(pilot.app)
        assert [field.value for field in form.query(Input)] == ["fine", "man", "nobody"]


async def test_a_required_question_is_marked_and_holds_the_admission_up() -> None:
    meal = ask("meal", "SELECT", required=True)
    async with stage().run_test(size=(80, 30)) as pilot:
        form = await shown(pilot, fields([ask("1"), meal], {}, [meal]))
        assert "● Question meal · required" in text_of(pilot.app)
        assert form.look_through(admit=True).problems == {"meal": REQUIRED}
        await pilot.press("space")
        assert form.look_through(admit=True).given == (AnswerInput("meal", A.uuid),)


async def test_a_single_choice_can_be_left_again_only_if_it_was_not_stored() -> None:
    questions = [ask("1", "SELECT"), ask("2", "SELECT")]
    answers = {"2": Answer("2", choices=(A.uuid,))}
    async with stage().run_test(size=(80, 30)) as pilot:
        form = await shown(pilot, fields(questions, answers))
        free, stored = form.query(Choices)
        await pilot.press("space", "space")
        assert free.taken == ()
        await pilot.press("tab", "space")
        assert stored.taken == (A.uuid,)


async def test_choices_can_be_picked_with_the_mouse() -> None:
    async with stage().run_test(size=(80, 30)) as pilot:
        form = await shown(pilot, fields([ask("1", "SELECT_MULTIPLE")], {}))
        await pilot.click(Choices, offset=(5, 0))
        await pilot.click(Choices, offset=(5, 1))
        assert form.drafts == {"1": (A.uuid, B.uuid)}


async def test_a_refresh_does_not_touch_what_was_typed() -> None:
    first = [ask("1"), ask("2"), ask("3", "SELECT"), ask("gone"), ask("kept")]
    async with stage().run_test(size=(80, 40)) as pilot:
        form = await shown(pilot, fields(first, {}))
        await pilot.press(*"mine", "tab", "tab", "space", "tab", "tab", *"typed")
        typing = pilot.app.focused
        later = [ask("1"), ask("2"), ask("new"), ask("3", "SELECT")]
        answers = {
            "1": Answer("1", value="theirs"),
            "2": Answer("2", value="theirs"),
            "3": Answer("3", choices=(B.uuid,)),
        }
        await form.show(fields(later, answers))
        await pilot.pause()
        assert [field.field.question.uuid for field in form.query(QuestionField)] == [
            "1",
            "2",
            "new",
            "3",
            "kept",
        ]
        assert form.drafts == {"1": "mine", "3": A.uuid, "kept": "typed"}
        assert form.query(Input)[1].value == "theirs"
        assert pilot.app.focused is typing


async def test_a_question_that_changed_is_asked_anew_in_its_place() -> None:
    async with stage().run_test(size=(80, 40)) as pilot:
        form = await shown(pilot, fields([ask("1"), ask("2")], {}))
        await form.show(fields([ask("1", "TEXTAREA"), ask("2")], {}))
        await pilot.pause()
        assert isinstance(pilot.app.focused, TextArea)
        assert [field.field.question.uuid for field in form.query(QuestionField)] == ["1", "2"]


async def test_what_was_left_unsaved_is_there_again_and_can_be_undone() -> None:
    async with stage({"1": "half"}).run_test(size=(80, 40)) as pilot:
        form = await shown(pilot, fields([ask("1")], {"1": Answer("1", value="whole")}))
        assert form.drafts == {"1": "half"}
        form.reset()
        assert form.query_one(Input).value == "whole"
        assert form.drafts == {}


@pytest.mark.parametrize("proposed", [False, True])
@pytest.mark.parametrize("kind", ["TEXT", "NAME_FIRST_LAST"])
async def test_a_first_key_writes_over_what_is_only_proposed(kind: str, *, proposed: bool) -> None:
    """Also where it came while the cursor was there already."""
    names = kind == "NAME_FIRST_LAST"
    async with stage().run_test(size=(80, 40)) as pilot:
        for value in ("A b", "Anna berg"):
            (field,) = fields([ask("1", kind)], {"1": Answer("1", value=value)})
            form = await shown(pilot, (field._replace(typed_over=proposed),))
        await pilot.press(*"Ida")
        first, second = ("Anna", "berg") if names else ("Anna berg", "")
        typed = "Ida" if proposed else f"{first}Ida"
        assert form.drafts == {"1": (typed, second) if names else typed}


@pytest.mark.parametrize("kind", ["SELECT", "SELECT_MULTIPLE"])
async def test_a_choice_without_choices_says_so(kind: str) -> None:
    empty = Question("1", "Pick", kind, required=True)
    async with stage().run_test(size=(80, 20)) as pilot:
        form = await shown(pilot, fields([empty, ask("2")], {}, [empty]))
        assert "ask the organiser" in text_of(pilot.app)
        await pilot.press(*"x")
        assert form.drafts == {"2": "x"}


async def test_a_field_answers_while_it_is_being_made() -> None:
    async with stage().run_test() as pilot:
        form = pilot.app.query_one(TicketForm)
        for kind, (before, after) in DRAFTS.items():
            (field,) = fields([ask(kind, kind)], {})
            widget = QuestionField(field, before)
            mounting = form.mount(widget)
            names = kind == "NAME_FIRST_LAST"
            assert widget.draft == (("first", "") if names else before)
            widget.draft = after
            await mounting
            await pilot.pause()
            assert widget.draft == (("second", "") if names else after)
            assert form.drafts == {kind: widget.draft}
            await widget.remove()


@pytest.mark.parametrize("several", [False, True])
async def test_enter_gives_no_answer_that_nobody_looked_for(*, several: bool) -> None:
    kind = "SELECT_MULTIPLE" if several else "SELECT"
    async with stage().run_test(size=(80, 30)) as pilot:
        form = await shown(pilot, fields([ask("1", kind), ask("2")], {}))
        await pilot.press("enter", *"typed")
        assert form.drafts == {"2": "typed"}
        form.query_one(Choices).focus()
        await pilot.press("down", "enter")
        assert form.drafts["1"] == ((B.uuid,) if several else B.uuid)


async def test_enter_leaves_what_space_chose_of_several() -> None:
    async with stage().run_test(size=(80, 30)) as pilot:
        questions = [ask("1", "SELECT_MULTIPLE"), ask("2"), ask("3", "SELECT_MULTIPLE"), ask("4")]
        form = await shown(pilot, fields(questions, {}))
        await pilot.press("space", "down", "down", "space", "enter", *"typed", "enter")
        await pilot.press("down", "enter", "down", "enter", "enter", *"too")
        assert form.drafts == {
            "1": (A.uuid, C.uuid),
            "2": "typed",
            "3": (B.uuid, C.uuid),
            "4": "too",
        }
        first = form.query(Choices).first()
        first.focus()
        await pilot.press("up", "down", "space", "enter")
        assert form.drafts["1"] == (A.uuid,)


async def test_a_field_answers_while_it_is_taken_away() -> None:
    async with stage().run_test() as pilot:
        form = await shown(pilot, fields([ask(kind, kind) for kind in DRAFTS], {}))
        for widget in form.query(QuestionField):
            kind = widget.field.question.uuid
            _, widget.draft = DRAFTS[kind]
            before = widget.draft
            await widget.remove_children()
            assert widget.draft == before
            assert form.drafts[kind] == before


async def test_an_entry_that_was_taken_away_is_painted_blank() -> None:
    """The screen may paint it once more, by a layout that is out of date."""
    async with stage().run_test() as pilot:
        form = await shown(pilot, fields([ask("1", "TEXTAREA")], {}))
        area = form.query_one(TextArea)
        await area.remove()
        area.notify_style_update()
        assert [strip.text for strip in area.render_lines(Region(0, 0, 4, 2))] == [" " * 4] * 2
