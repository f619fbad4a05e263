"""Rows under headings: where the highlight is after they changed."""

from textual.content import Content
from textual.widgets.option_list import Option

from boxoffice.widgets.option_lists import Choices, KeyedList, Section, SectionList
from tests.screens.stage import Stage, text_of


def section(heading: str, keys: str) -> Section:
    return Section(heading, [(key, Content(f"row {key}")) for key in keys])


async def test_the_highlight_stays_with_its_row_or_in_its_place() -> None:
    rows = SectionList()
    app = Stage(widgets=[rows])
    async with app.run_test() as pilot:
        rows.show([], empty="nothing here")
        await pilot.pause()
        assert rows.key is None
        assert "nothing here" in text_of(app)
        rows.show([section("First", "ab"), section("None", ""), section("Second", "cd")])
        await pilot.pause()
        assert rows.key == "a"
        assert "None" not in text_of(app)
        rows.focus()
        await pilot.press("down", "down")
        assert rows.key == "c"  # not the heading between
        rows.show([section("First", "xab"), section("Second", "cd")])
        assert rows.key == "c"
        rows.show([section("First", "xab"), section("Second", "d")])
        assert rows.key == "d"
        rows.show([section("First", "xab")])
        assert rows.key == "b"
        rows.show([section("First", "xab")], from_first=True)
        assert rows.key == "x"


async def test_the_first_that_is_meant_is_highlighted_until_a_person_moves() -> None:
    rows, options = KeyedList(), [Option(key, id=key) for key in "abc"]
    async with Stage(widgets=[rows]).run_test() as pilot:
        rows.put(options, first="a")
        rows.put(options, first="b")
        assert rows.key == "b"
        rows.focus()
        await pilot.press("down")
        rows.put(options, first="a")
        assert rows.key == "c"


async def test_a_letter_goes_to_the_next_row_that_begins_with_it() -> None:
    names = ("Fish", "Meat", "fruit", "Ærter")
    choices = Choices([(name, name) for name in names], several=True, taken=["Meat"])
    rows = SectionList()
    async with Stage(widgets=[choices, rows]).run_test() as pilot:
        choices.focus()
        seen = []
        for letter in "ffxmæf":
            await pilot.press(letter)
            seen.append(names[choices.highlighted or 0])
        assert seen == ["fruit", "Fish", "Fish", "Meat", "Ærter", "Fish"]
        assert choices.taken == ("Meat",)
        rows.show([section("Rows", "ab"), section("More", "c")])
        rows.focus()
        await pilot.press("m", "r")  # no heading
        assert rows.key == "b"
