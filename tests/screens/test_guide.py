"""What the demonstration proposes: each step goes on with what was to be tried, and fits."""

import pytest
from rich.cells import cell_len

from boxoffice.commands import COMMANDS, key_names
from boxoffice.domain.verdicts import VerdictCode
from boxoffice.language import _, available, use
from boxoffice.screens.doors import GUIDE
from boxoffice.screens.guide import CLOSES, DOOR, DOORS, WIFI, Guide, Step, step
from boxoffice.screens.guide import COMMANDS as NAMED


def test_a_step_waits_for_what_it_proposes() -> None:
    guide = Guide([step("one", "a", "b"), step("two", "a"), step("the end")])
    assert not guide.see(["c"])
    assert guide.text == "one"
    assert guide.see(["c", "b"])
    assert not guide.see(["b"])
    assert guide.see(["a"])
    assert guide.text == "the end"
    assert not guide.see(["a", "b", ""])


@pytest.mark.parametrize("language", available())
@pytest.mark.parametrize(
    ("steps", "line"),
    [(DOOR, (" ▸ {step} ", CLOSES, " ")), (DOORS, (" ▸ ", GUIDE))],
    ids=["door", "doors"],
)
def test_each_but_the_last_can_be_done_and_all_fit_in_80_columns(
    steps: tuple[Step, ...], line: tuple[str, ...], language: str
) -> None:
    use(language)
    whole = "".join(map(_, line))
    keys = {command.id: key_names(command.keys[:1])[0] for command in COMMANDS if command.keys}
    words = {"number": "104948", "other": WIFI, **{name: keys[name] for name in NAMED}}
    for one in steps:
        shown = whole.replace("{step}", _(one.text)).format(**words)
        assert cell_len(shown) <= 80, shown
        assert bool(one.done_by) is (one is not steps[-1])


def test_verdicts_are_told_apart_from_places() -> None:
    assert DOOR[1].done_by == {VerdictCode.ALREADY_IN} == {"already_in"}
