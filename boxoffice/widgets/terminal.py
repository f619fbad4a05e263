"""What the terminal can show, and what is drawn where it cannot: the last step of every line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import ClassVar, Self

from rich.cells import get_character_cell_size
from rich.color import Color, ColorSystem, ColorType
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color as Mixed
from textual.constants import COLOR_SYSTEM
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme
from textual.widget import Widget

from boxoffice.domain.signs import ASCII, COMMON, Signs
from boxoffice.widgets.themes import NORMAL, SIXTEEN, THEMES, without_colours

_FEW_SIGNS = frozenset({"linux", "ansi", "cons25", "vt100", "vt102", "vt220"})
"""Values of TERM: consoles whose fonts hold 256 or 512 signs, and terminals of before Unicode."""
_LATER_CONSOLES = frozenset({"WT_SESSION", "TERM_PROGRAM", "TERM", "ConEmuPID"})
"""Variables of Windows' terminals that take a sign from another font where one lacks it."""
_LATIN_LETTERS = range(0xC0, 0x100)
_FULL = "█"
_RUNS = re.compile(f"{_FULL}+|[^{_FULL}]+")


@dataclass(frozen=True)
class Terminal:
    """What is known of it: the default is one that shows everything."""

    signs: Signs = Signs.ALL
    is_sixteen: bool = False
    """It has the 16 colours of the ANSI standard, as its user has set them, and no others."""

    @classmethod
    def of(
        cls,
        environment: Mapping[str, str],
        platform: str,
        encoding: str,
        *,
        ascii_only: bool | None = None,
    ) -> Self:
        """The terminal of this process. `encoding`: of what is written to it.

        `ascii_only`: what a person has said of it; None: nothing.
        """
        if ascii_only is None:
            signs = _signs_of(environment, platform, encoding)
        else:
            signs = Signs.ASCII if ascii_only else Signs.ALL
        console = Console(
            color_system=COLOR_SYSTEM,  # type: ignore[arg-type]  # as Textual has it
            force_terminal=True,
            legacy_windows=False,
            _environ=environment,
        )
        return cls(signs, is_sixteen=console.color_system == "standard")

    @cached_property
    def filters(self) -> list[LineFilter]:
        """What turns lines into such as it can show; none for most terminals."""
        filters: list[LineFilter] = []
        if self.is_sixteen:
            filters.append(SixteenColors())
        if self.signs is not Signs.ALL:
            filters.append(FewSigns(self.signs))
        return filters


ANY = Terminal()
_OWN_THEMES = {theme.name: theme for theme in THEMES}


class TerminalApp(App[None], inherit_bindings=False):
    """Has the themes of `THEMES`, as far as its terminal can show them."""

    theme = Reactive(NORMAL.name)  # from the first: for another one, Textual reads all styles again

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        super().__init__()

    @property
    def available_themes(self) -> dict[str, Theme]:
        return {**super().available_themes, **_OWN_THEMES}

    def get_theme(self, theme_name: str) -> Theme | None:
        # Textual asks for it at every widget of every frame, and makes the list of all each time.
        return _OWN_THEMES.get(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return NORMAL.variables

    def get_css_variables(self) -> dict[str, str]:
        return without_colours(self, super().get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), *self.terminal.filters]


def draws_halves(widget: Widget) -> bool:
    """Whether half a cell can be drawn where this widget is."""
    terminal: Terminal = getattr(widget.app, "terminal", ANY)
    return terminal.signs in (Signs.ALL, Signs.COMMON)


def draws_sixteen(widget: Widget) -> bool:
    """Whether there are sixteen colours where this widget is: red is then a dark one."""
    terminal: Terminal = getattr(widget.app, "terminal", ANY)
    return terminal.is_sixteen


def _signs_of(environment: Mapping[str, str], platform: str, encoding: str) -> Signs:
    if platform == "win32":
        return Signs.ALL if _LATER_CONSOLES & environment.keys() else Signs.COMMON
    locale = _locale(environment)
    if locale in ("C", "POSIX"):
        return Signs.ASCII
    charset = locale.partition("@")[0].partition(".")[2] or encoding
    if "utf" not in charset.lower() or environment.get("TERM") in _FEW_SIGNS:
        return Signs.LATIN
    return Signs.ALL


def _locale(environment: Mapping[str, str]) -> str:
    """The locale of characters; empty where none is named.

    Python itself names C.UTF-8 where it finds C (PEP 538).
    """
    language = environment.get("LANG", "")
    characters = environment.get("LC_CTYPE", "")
    if characters in ("C.UTF-8", "C.utf8") and language in ("C", "POSIX"):
        characters = language
    return environment.get("LC_ALL") or characters or language


class FewSigns(LineFilter):
    """Draws what stands for the signs that the terminal lacks, in as many cells.

    A full block is a letter on its own colour: so large letters are as solid as elsewhere.
    """

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._spelling = _Spelling(signs)
        self._has_blocks = signs is Signs.COMMON

    def apply(self, segments: list[Segment], background: Mixed) -> list[Segment]:
        return [
            Segment(text if text.isascii() else text.translate(self._spelling), style, control)
            for text, style, control in chain.from_iterable(map(self._parted, segments))
        ]

    def _parted(self, segment: Segment) -> Iterable[Segment]:
        """The segment, its full blocks apart from what is around them."""
        text, style, control = segment
        if self._has_blocks or _FULL not in text or style is None:
            return (segment,)
        return (
            Segment(run, _solid(style) if run[0] == _FULL else style, control)
            for run in _RUNS.findall(text)
        )


@lru_cache(maxsize=256)
def _solid(style: Style) -> Style:
    """Of a letter that cannot be told from its ground."""
    ink = style.bgcolor if style.reverse else style.color
    solid = Style(color=ink, bgcolor=ink, reverse=False, bold=False)  # bold may be bright
    return style if ink is None else style + solid


class WholeScrollBar(ScrollBarRender):
    """A thumb of whole cells: what stands for a part of one is a letter."""

    VERTICAL_BARS: ClassVar = [ScrollBarRender.BLANK_GLYPH]
    HORIZONTAL_BARS: ClassVar = VERTICAL_BARS


ScrollBar.renderer = WholeScrollBar


class _Spelling(dict[int, str]):
    """By the character, what is drawn."""

    def __init__(self, signs: Signs) -> None:
        table = COMMON if signs is Signs.COMMON else ASCII
        super().__init__({ord(sign): drawn for sign, drawn in table.items()})
        if signs is Signs.LATIN:
            self.update((letter, chr(letter)) for letter in _LATIN_LETTERS)
        self._is_any = signs is Signs.COMMON

    def __missing__(self, key: int) -> str:
        char = chr(key)
        if char.isascii() or self._is_any:
            drawn = char
        else:
            from anyascii import anyascii  # noqa: PLC0415  # few terminals need it

            cells = get_character_cell_size(char)
            drawn = (anyascii(char).strip() or "?")[:cells].ljust(cells)
        self[key] = drawn
        return drawn


_VGA = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
    *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The sixteen as consoles have them: by these it is judged what can be read."""
_CHOSEN = [(Mixed.parse(colour).rgb, number) for colour, number in SIXTEEN.items()]
_ROUNDED = 3
"""By so much of 255 a theme's colour may come out otherwise than it is written."""
_READABLE = 3.5
"""How many times as light as the other text or its ground is, as WCAG 2 reckons it, at least.

Less than the 4.5 that a theme has: brown on black, of the sixteen themselves, has four.
"""
_FAINT = 4.5
"""By less than this no text of a theme stands out."""
_SEEN = 2.0
"""By so much what is faint does all the same."""
_BLACK, _BLUE, _GREY, _DARK_GREY, _WHITE = 0, 4, 7, 8, 15


class SixteenColors(LineFilter):
    """Draws in the colours of `SIXTEEN`, with text that can be read on each."""

    def apply(self, segments: list[Segment], background: Mixed) -> list[Segment]:
        return [
            Segment(text, _in_sixteen(style) if style else style, control)
            for text, style, control in segments
        ]


@lru_cache(maxsize=4096)
def _in_sixteen(style: Style) -> Style:
    ink, ground = _number_of(style.color), _number_of(style.bgcolor)
    bold = style.bold
    if ink is not None and ground is not None and style.color != style.bgcolor:
        is_faint = _is_faint(style)
        if _contrast(ink, ground) < _READABLE and not (is_faint and ink != ground):
            ink = _faint_ink_on(ground) if is_faint else _ink_on(ground)
        # Many terminals draw bold as bright, and so black as a grey that reads worse on green.
        bright = ink | _DARK_GREY
        bold = bold and not is_faint and _contrast(bright, ground) >= _contrast(ink, ground)
    return style + Style(color=_drawn(ink), bgcolor=_drawn(ground), bold=bold)


def _drawn(number: int | None) -> Color | None:
    """The colour of this number, as what lies behind a dialog can be made fainter by."""
    return None if number is None else Color.from_rgb(*_VGA[number])


def _is_faint(style: Style) -> bool:
    """Whether its text never stands out: behind a dialog, or of what is disabled."""
    if style.color is None or style.bgcolor is None:
        return False
    ink, ground = (luminance(part.get_truecolor()) for part in (style.color, style.bgcolor))
    return _ratio(ink, ground) < _FAINT


def luminance(rgb: tuple[int, int, int]) -> float:
    """From 0 to 1, as WCAG 2 has it, of parts up to 255."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_LUMINANCES = [luminance(rgb) for rgb in _VGA]


def _contrast(one: int, other: int) -> float:
    return _ratio(_LUMINANCES[one], _LUMINANCES[other])


def _ratio(one: float, other: float) -> float:
    """By what WCAG 2 calls contrast, of two luminances."""
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _faint_ink_on(ground: int) -> int:
    greys = (grey for grey in (_GREY, _DARK_GREY) if _contrast(ground, grey) > _SEEN)
    return min(greys, key=partial(_contrast, ground))


def _ink_on(ground: int) -> int:
    """For a colour that cannot be read there."""
    if ground == _BLACK:
        return _GREY
    if ground == _GREY:
        return _BLUE  # other text is black there, and may not be bold
    return max(_BLACK, _WHITE, key=partial(_contrast, ground))


def _number_of(color: Color | None) -> int | None:
    """Of the sixteen; None: it is the terminal's own."""
    if color is None or color.is_default:
        return None
    if color.type is ColorType.STANDARD:
        return color.number
    rgb = color.get_truecolor()
    for chosen, number in _CHOSEN:
        if all(abs(one - other) <= _ROUNDED for one, other in zip(chosen, rgb, strict=True)):
            return number
    return color.downgrade(ColorSystem.STANDARD).number
