"""Terminals that show few colours or few signs: what is found out of them, and what is drawn."""

import ast
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Mixed
from textual.filter import LineFilter
from textual.theme import Theme

import boxoffice
from boxoffice.cli.app_context import AppContext
from boxoffice.domain import signs
from boxoffice.domain.signs import ASCII, COMMON, Signs
from boxoffice.sandbox import Sandbox
from boxoffice.sandbox.names import HOSTILE
from boxoffice.widgets.terminal import FewSigns, SixteenColors, Terminal, luminance
from boxoffice.widgets.themes import GREYS, LIGHT, NORMAL, THEMES
from tests.app.stage import open_app, scan
from tests.screens.stage import see, text_of
from tests.support import table, until

UTF = "utf-8"
DEEP = {"TERM": "xterm-256color", "LANG": "da_DK.UTF-8"}
BACKGROUND = Mixed(0, 0, 0)
NOT_DRAWN = {"domain/keyboard_layouts.py", "domain/signs.py", "domain/text.py"}


@pytest.mark.parametrize(
    ("environment", "platform", "encoding", "expected"),
    [
        (DEEP, "linux", UTF, Signs.ALL),
        ({"TERM": "xterm-256color"}, "linux", UTF, Signs.ALL),  # nothing is named
        ({"TERM": "xterm-256color", "LC_CTYPE": "UTF-8"}, "darwin", UTF, Signs.ALL),
        ({**DEEP, "TERM": "linux"}, "linux", UTF, Signs.LATIN),
        ({**DEEP, "TERM": "vt220"}, "linux", UTF, Signs.LATIN),
        ({**DEEP, "LANG": "da_DK.ISO-8859-1"}, "linux", UTF, Signs.LATIN),
        ({**DEEP, "LANG": "da_DK@euro"}, "linux", "iso8859-15", Signs.LATIN),
        ({**DEEP, "LC_ALL": "C"}, "linux", UTF, Signs.ASCII),
        ({**DEEP, "LANG": "POSIX"}, "linux", UTF, Signs.ASCII),
        ({**DEEP, "LANG": "C", "LC_CTYPE": "C.UTF-8"}, "linux", UTF, Signs.ASCII),  # Python's doing
        ({**DEEP, "LANG": "C", "LC_CTYPE": "da_DK.UTF-8"}, "linux", UTF, Signs.ALL),
        ({}, "win32", UTF, Signs.COMMON),
        ({"WT_SESSION": "1"}, "win32", UTF, Signs.ALL),
        ({"TERM_PROGRAM": "vscode"}, "win32", UTF, Signs.ALL),
    ],
)
def test_its_signs_are_found_out(
    environment: Mapping[str, str], platform: str, encoding: str, expected: Signs
) -> None:
    assert Terminal.of(environment, platform, encoding).signs is expected
    for said, then in ((True, Signs.ASCII), (False, Signs.ALL)):
        terminal = Terminal.of(environment, platform, encoding, ascii_only=said)
        assert terminal.signs is then, "a person knows better"


@pytest.mark.parametrize(
    ("environment", "is_sixteen"),
    [
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm-16color"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, False),
    ],
)
def test_its_colours_are_found_out(environment: Mapping[str, str], is_sixteen: bool) -> None:
    assert Terminal.of(environment, "linux", UTF).is_sixteen is is_sixteen


def drawn(line_filter: LineFilter, text: str) -> str:
    (segment,) = line_filter.apply([Segment(text)], BACKGROUND)
    return segment.text


@pytest.mark.parametrize("table", [COMMON, ASCII], ids=["common", "ascii"])
def test_what_stands_for_a_sign_is_as_wide(table: Mapping[str, str]) -> None:
    assert {sign: cell_len(sign) for sign in table} == {
        sign: cell_len(instead) for sign, instead in table.items()
    }


def test_what_stands_for_a_sign_can_be_drawn() -> None:
    assert "".join(ASCII.values()).isascii()
    assert all(instead.isascii() or instead not in COMMON for instead in COMMON.values())


@pytest.mark.parametrize(
    ("text", "latin", "ascii_only"),
    [
        ("Søren Kjær · 16 × Åse", "Søren Kjær - 16 × Åse", "Soren Kjar - 16 x Ase"),
        ("“Łukasz” …", '"Lukasz" .', '"Lukasz" .'),
        ("李 is in", "Li is in", "Li is in"),
        ("🎉", ":t", ":t"),
        ("e\u0301", "e", "e"),
        ("\ue000", "?", "?"),
    ],
)
def test_letters_are_written_with_such_as_there_are(text: str, latin: str, ascii_only: str) -> None:
    assert drawn(FewSigns(Signs.LATIN), text) == latin
    assert drawn(FewSigns(Signs.ASCII), text) == ascii_only
    assert cell_len(ascii_only) == cell_len(text)


def test_a_full_block_is_solid() -> None:
    ink, ground = Color.parse("#000000"), Color.parse("#009E73")
    for style in (
        Style(color=ink, bgcolor=ground, bold=True),
        Style(color=ground, bgcolor=ink, reverse=True),
    ):
        segments = FewSigns(Signs.ASCII).apply([Segment(" ██▄ ", style)], BACKGROUND)
        assert [(text, look) for text, look, _ in segments] == [
            (" ", style),
            ("##", style + Style(color=ink, bgcolor=ink, reverse=False, bold=False)),
            ("m ", style),
        ]
        assert FewSigns(Signs.COMMON).apply([Segment("██", style)], BACKGROUND)[0].style == style


def test_the_common_signs_leave_letters_as_they_are() -> None:
    assert drawn(FewSigns(Signs.COMMON), "✓ Łukasz … ❯") == "√ Łukasz … ►"


@cache
def constants() -> list[tuple[str, str]]:
    """Each text in what draws, with the file that it is in; not what explains the code."""
    package, texts = Path(boxoffice.__file__).parent, []
    for part in ("commands", "domain", "lane", "screens", "widgets", "cli/hub_screen.py"):
        path = package / part
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            if (source := file.read_text(encoding="utf-8")).isascii():
                continue
            nodes = list(ast.walk(ast.parse(source)))
            explained = {node.value for node in nodes if isinstance(node, ast.Expr)}
            for node in nodes:
                if isinstance(node, ast.Constant) and node not in explained:
                    texts.append((file.relative_to(package).as_posix(), str(node.value)))
    return texts


def test_every_sign_has_one_that_stands_for_it() -> None:
    lacking = {
        (file, char)
        for file, text in constants()
        if file not in NOT_DRAWN
        for char in text
        if not char.isascii() and unicodedata.category(char)[0] not in "LMZC" and char not in ASCII
    }
    assert not lacking


def test_signs_are_drawn_by_their_names() -> None:
    named = {sign for sign in vars(signs).values() if isinstance(sign, str)}
    rare = named & {*COMMON, "●", "○", "▲"}
    loose = {
        (file, text)
        for file, text in constants()
        if file != "domain/signs.py" and rare.intersection(text)
    }
    assert not loose


# Sixteen colours


def in_sixteen(ink: str, ground: str, *, bold: bool = False) -> Style:
    style = Style(color=Color.parse(ink), bgcolor=Color.parse(ground), bold=bold)
    (segment,) = SixteenColors().apply([Segment("x", style)], BACKGROUND)
    assert segment.style is not None
    return segment.style


def numbers(style: Style) -> tuple[int | None, int | None]:
    assert style.color is not None
    assert style.bgcolor is not None
    return number_of(style.color), number_of(style.bgcolor)


def number_of(color: Color) -> int | None:
    return color.downgrade(ColorSystem.STANDARD).number


def test_the_tones_are_four_colours_that_nobody_confuses() -> None:
    looks = {
        tone: numbers(in_sixteen(NORMAL.variables[f"on-{tone}"], NORMAL.variables[f"tone-{tone}"]))
        for tone in ("green", "yellow", "blue", "red")
    }
    assert looks == {"green": (0, 2), "yellow": (0, 11), "blue": (15, 4), "red": (15, 1)}
    stripes, green = numbers(in_sixteen(NORMAL.variables["hatch-green"], "#009E73"))
    assert (stripes, green) == (15, 2), "stripes are neither the ground nor the letters on it"


def test_what_the_cursor_is_on_can_be_read() -> None:
    looks = in_sixteen(NORMAL.variables["on-cursor"], NORMAL.variables["cursor"], bold=True)
    assert numbers(looks) == (0, 6), "white on cyan is a third as light as it has to be"


@table("name", ["accent", "warn", "bad"])
def test_what_is_to_stand_out_does_on_the_bars_of_the_light_theme(name: str) -> None:
    colours = LIGHT.to_color_system().generate() | LIGHT.variables
    assert numbers(in_sixteen(colours[name], colours["panel"], bold=True)) == (4, 7)
    assert numbers(in_sixteen(colours["label"], colours["panel"])) == (0, 7)


def test_nothing_is_bold_that_would_be_fainter_where_bold_is_bright() -> None:
    assert in_sixteen("#FFFFFF", "#0072B2", bold=True).bold
    assert in_sixteen("#98A4AE", "#111518", bold=True).bold
    for ink, ground in (("#000000", "#009E73"), ("#14181B", "#FAFAF7"), ("#000000", "#F0E442")):
        assert not in_sixteen(ink, ground, bold=True).bold, "black would be a dark grey"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_what_is_faint_is_fainter_than_what_is_read(theme: Theme) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    for ground in ("background", "surface", "panel"):
        behind = Mixed.parse(colours[ground])
        faint = behind.blend(Mixed.parse(colours["foreground"]), 0.4).hex
        looks = [numbers(in_sixteen(ink, behind.hex)) for ink in (colours["foreground"], faint)]
        read, faded = (
            contrast(*(Color.from_ansi(number or 0).get_truecolor().hex for number in look))
            for look in looks
        )
        assert read > faded > 1.5, ground


def test_what_lies_behind_a_dialog_grows_fainter_as_elsewhere() -> None:
    """A dialog's shade is drawn on what was turned into sixteen colours, and that once more."""
    shade = Mixed.parse(NORMAL.background or "")
    once = in_sixteen("#E6E9EC", "#111518")
    assert once.color is not None
    assert once.bgcolor is not None
    shaded = [
        shade.blend(Mixed.from_rich_color(part), 0.4).hex for part in (once.color, once.bgcolor)
    ]
    assert numbers(in_sixteen(*shaded)) == (8, 0)
    assert numbers(in_sixteen(shaded[0], shaded[0])) == (8, 8), "a full block stays one"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_nothing_is_written_in_the_colour_of_its_ground(theme: Theme) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    for name in ("foreground", "label", "warn", "good", "bad", "accent", "primary", "on-cursor"):
        for ground in ("background", "surface", "panel", "field", "cursor"):
            ink, on = numbers(in_sixteen(colours[name], colours[ground]))
            assert ink != on, f"{name} on {ground}"


@table("theme", THEMES)
def test_what_a_field_asks_for_is_read_and_taken_for_no_answer(theme: Theme) -> None:
    asked, answer = (
        numbers(in_sixteen(ink, theme.variables["field"]))
        for ink in (theme.variables["placeholder"], theme.foreground or "")
    )
    assert asked[0] != answer[0]
    assert contrast(*(Color.from_ansi(number or 0).get_truecolor().hex for number in asked)) > 3


def contrast(*colours: str) -> float:
    darker, lighter = sorted(luminance(Mixed.parse(colour).rgb) for colour in colours)
    return (lighter + 0.05) / (darker + 0.05)


@table("theme", THEMES)
def test_every_text_can_be_read_on_every_ground(theme: Theme) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    pairs = [(f"on-{tone}", f"tone-{tone}") for tone in ("green", "yellow", "blue", "red")]
    pairs += [
        (ink, ground)
        for ink in ("foreground", "on-cursor", "label", "warn", "good", "bad")
        for ground in ("background", "surface", "panel", "cursor")
    ]
    pairs += [(ink, "field") for ink in ("foreground", "label", "placeholder", "warn", "primary")]
    pairs += [("primary", ground) for ground in ("background", "surface", "panel")]
    pairs += [("accent", "panel"), ("background", "primary")]
    pairs += [("on-slip", "slip"), ("on-slip-on-dark", "slip-on-dark")]
    pairs += [("on-cursor", "input-selection-background")]
    poor = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert not {pair: ratio for pair, ratio in poor.items() if ratio < 4.5}


def test_without_colours_the_tones_are_four_greys_far_apart() -> None:
    tones = ("green", "yellow", "blue", "red")
    grounds = [GREYS[f"tone-{tone}"] for tone in tones]
    assert all(contrast(*pair) > 1.7 for pair in combinations(grounds, 2))
    assert all(contrast(GREYS[f"on-{tone}"], GREYS[f"tone-{tone}"]) > 4.5 for tone in tones)
    slips = [GREYS["slip-on-dark" if tone == "blue" else "slip"] for tone in tones]
    for tone, slip in zip(tones, slips, strict=True):
        assert contrast(slip, GREYS[f"tone-{tone}"]) > 1.7, "a slip is seen on its tone"
        assert contrast(slip, GREYS[f"on-{tone}"]) > 1.7, "and apart from the letters"


def test_the_terminals_own_colours_stay() -> None:
    style = in_sixteen("default", "default")
    assert style.color is not None
    assert style.color.is_default
    assert numbers(in_sixteen("color(3)", "color(0)")) == (3, 0)


# On the screen


async def test_nothing_but_what_it_can_show_is_drawn(context: AppContext, sandbox: Sandbox) -> None:
    async with open_app(context, terminal=Terminal(Signs.ASCII, is_sixteen=True)) as pilot:
        tickets = sandbox.state.tickets.values()
        await scan(pilot, *[ticket.uuid for ticket in tickets if ticket.full_name in HOSTILE])
        await see(pilot, "###")
        await pilot.press("home")
        assert text_of(pilot.app).isascii()
        for key in ("f1", "f2", "f3", "f4", "f6", "f7", "f8", "f10", "ctrl+f", "ctrl+p", "ctrl+q"):
            await pilot.press(key)
            await until(lambda: len(pilot.app.screen_stack) > 1, f"what {key} opens")
            await pilot.pause()
            assert text_of(pilot.app).isascii(), key
            while len(pilot.app.screen_stack) > 1:  # the sale asks for the house's e-mail first
                await pilot.press("escape")
