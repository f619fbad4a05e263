"""A form that was opened before somebody else changed the same thing."""

from textual.widgets import Button, Input

from boxoffice.cli.app_context import AppContext
from boxoffice.sandbox import Sandbox
from boxoffice.screens.desk.form import FormScreen, PartsScreen
from boxoffice.widgets.form import QuestionField
from tests.screens.desk.stage import (
    EVENTS,
    QUESTIONS,
    TYPES,
    desk,
    first,
    form,
    looked,
    opened,
    took,
)
from tests.screens.stage import see, text_of
from tests.support import until


async def test_a_delta_in_the_stock_is_of_what_the_site_has(
    context: AppContext, sandbox: Sandbox
) -> None:
    async with desk(context) as pilot:
        await opened(pilot, TYPES, "Standard")
        kind = first(sandbox).ticket_types[0]
        await form(pilot)
        before, kind.amount_total = kind.amount_total, kind.amount_total + 107
        await looked(pilot, *"+50")
        await see(pilot, f"was {before} when you opened this")
        await pilot.press("enter")
        await took(pilot)
        assert kind.amount_total == before + 157


async def test_other_fields_of_a_part_stay_as_others_made_them(
    context: AppContext, sandbox: Sandbox
) -> None:
    event = first(sandbox)
    event.address = {"venue": "Hall", "city": "Aarhus", "street": "Mejlgade 1"}
    async with desk(context) as pilot:
        await opened(pilot, EVENTS, "Jazzaften")
        await form(pilot, *event.title[:12], "enter")
        event.address = event.address | {"venue": "Theirs", "city": "Odense"}
        fields = pilot.app.screen.query(QuestionField)
        for name, text in (("venue.street", "Algade 2"), ("venue.city", "Mine")):
            field = next(each for each in fields if each.field.question.uuid == name)
            field.query_one(Input).value = text
        await looked(pilot)
        assert "Theirs" not in text_of(pilot.app)
        await see(pilot, "and is Odense now.")
        await pilot.press("enter")
        await took(pilot)
    told = event.address["venue"], event.address["street"], event.address["city"]
    assert told == ("Theirs", "Algade 2", "Mine")


async def test_other_choices_stay_as_others_made_them(
    context: AppContext, sandbox: Sandbox
) -> None:
    menu = next(each for each in first(sandbox).questions if each.heading == "Which menu?")
    async with desk(context) as pilot:
        await opened(pilot, QUESTIONS, "Which menu?")
        await form(pilot, *"which menu", "enter")
        menu.choices[0].label = "Theirs"
        pilot.app.screen.query_one("#part-choices", Button).press()
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its choices")
        await form(pilot, "down", "enter")
        label = next(
            each
            for each in pilot.app.screen.query(QuestionField)
            if each.field.question.uuid == "label"
        )
        label.query_one(Input).value = "Mine"
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(pilot.app.screen, PartsScreen), "its choices")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, FormScreen), "the form")
        await looked(pilot)
        assert "Theirs" not in text_of(pilot.app)
        await pilot.press("enter")
        await took(pilot)
    assert [each.label for each in menu.choices][:2] == ["Theirs", "Mine"]
