"""Where the stylesheets are, and the themes: of all colours, and of sixteen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.theme import Theme

from boxoffice import ProblemError
from boxoffice.domain.text import clean
from boxoffice.language import _

_PACKAGE = Path(__file__).parents[1]


def stylesheet(name: str) -> Path:
    """`styles/<name>.tcss`: inside the package when installed, beside it in a working copy."""
    inside = _PACKAGE / "styles" / f"{name}.tcss"
    return inside if inside.exists() else _PACKAGE.parent / "styles" / f"{name}.tcss"


_TONES = {
    # Okabe and Ito: told apart by people who see colours differently. The text on each is the one
    # of black and white that reads better, always above 4.5 to 1.
    "tone-green": "#009E73",
    "on-green": "#000000",
    "tone-yellow": "#F0E442",
    "on-yellow": "#000000",
    "tone-blue": "#0072B2",
    "on-blue": "#FFFFFF",
    "tone-red": "#D55E00",
    "on-red": "#000000",
    # What stands out on a tone: in none of the colours of the tone and of the letters on it.
    "slip": "#FFFFFF",
    "on-slip": "#000000",
    "slip-on-dark": "#000000",
    "on-slip-on-dark": "#FFFFFF",
}

GREYS = {
    # In place of the tones where there are no colours: what lets in is white, what does not black.
    "tone-green": "#FFFFFF",
    "on-green": "#000000",
    "hatch-green": "#8C8C8C",
    "tone-yellow": "#C4C4C4",
    "on-yellow": "#000000",
    "tone-blue": "#4A4A4A",
    "on-blue": "#FFFFFF",
    "tone-red": "#000000",
    "on-red": "#FFFFFF",
    "slip": "#8C8C8C",
    "on-slip": "#000000",
    "slip-on-dark": "#8C8C8C",
    "on-slip-on-dark": "#000000",
}

NORMAL = Theme(
    name="boxoffice",
    primary="#56B4E9",
    secondary="#CC79A7",
    accent="#E69F00",
    warning="#E69F00",
    error="#E8762C",
    success="#2FBF94",
    foreground="#E6E9EC",
    background="#111518",
    surface="#171C20",
    panel="#222A30",
    dark=True,
    variables=_TONES
    | {
        "hatch-green": "#00694C",
        "label": "#98A4AE",
        "warn": "#F0C05A",
        "good": "#4CD0A8",
        "bad": "#F58A4A",
        "field": "#283036",
        "placeholder": "#A3AEB7",
        "scrollbar": "#98A4AE",
        "scrollbar-background": "#222A30",
        "cursor": "#0A3578",
        "input-selection-background": "#0A3578",
        "on-cursor": "#FFFFFF",
    },
)

CONTRAST = Theme(
    name="boxoffice-contrast",
    primary="#FFFFFF",
    secondary="#FFFFFF",
    accent="#FFFF00",
    warning="#FFFF00",
    error="#FF9B5A",
    success="#5CFFC8",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables=_TONES
    | {
        "hatch-green": "#00523B",
        "label": "#FFFFFF",
        "warn": "#FFFF00",
        "good": "#5CFFC8",
        "bad": "#FF9B5A",
        "field": "#303030",
        "placeholder": "#C8C8C8",
        "scrollbar": "#FFFFFF",
        "scrollbar-background": "#000000",
        "cursor": "#00447A",
        "input-selection-background": "#00447A",
        "on-cursor": "#FFFFFF",
    },
)

LIGHT = Theme(
    name="boxoffice-light",
    primary="#0063A0",
    secondary="#84417B",
    accent="#7A4D00",
    warning="#7A4D00",
    error="#A33D00",
    success="#00664A",
    foreground="#14181B",
    background="#FAFAF7",
    surface="#F1F3F4",
    panel="#DFE5E9",
    dark=False,
    variables=_TONES
    | {
        "hatch-green": "#00694C",
        "label": "#4A555E",
        "warn": "#744900",
        "good": "#005C42",
        "bad": "#9A3A00",
        "field": "#DFE5E9",
        "placeholder": "#535E68",
        "scrollbar": "#4A555E",
        "scrollbar-background": "#DFE5E9",
        "cursor": "#BBDDF2",
        "input-selection-background": "#BBDDF2",
        "on-cursor": "#14181B",
    },
)

THEMES = (NORMAL, CONTRAST, LIGHT)
BY_SETTING = {"": NORMAL.name, "contrast": CONTRAST.name, "light": LIGHT.name}
"""Names of themes, by what the setting calls them; Textual's own it calls by their names."""


def without_colours(app: App[Any], variables: dict[str, str]) -> dict[str, str]:
    """A theme's variables for the screens of `app`, which may have to do without colours."""
    return variables | GREYS if app.no_color else variables


def theme_name(setting: str, app: App[Any]) -> str:
    """The name of the theme that is set. Raises ProblemError where there is none."""
    name = BY_SETTING.get(setting, setting)
    if name not in app.available_themes:
        known = ", ".join([*filter(None, BY_SETTING), *sorted(app.available_themes)])
        raise ProblemError(
            _("theme: there is no {setting}; known are {known}.").format(
                setting=clean(setting, 40), known=known
            )
        )
    return name


def choices_of_themes(app: App[Any]) -> Sequence[tuple[str, str]]:
    """What can be set, and what it is called."""
    others = sorted(app.available_themes.keys() - BY_SETTING.values())
    own = [("", _("usual")), ("contrast", _("high contrast")), ("light", _("light"))]
    return [*own, *zip(others, others, strict=True)]


_BLACK, _RED, _GREEN, _BLUE, _PINK, _CYAN, _GREY = 0, 1, 2, *range(4, 8)
_DARK_GREY, _LIGHT_RED, _LIGHT_GREEN, _YELLOW, _LIGHT_PINK, _LIGHT_CYAN, _WHITE = (
    *range(8, 12),
    *range(13, 16),
)


def _numbered(*groups: tuple[int, str]) -> dict[str, int]:
    return {colour: number for number, colours in groups for colour in colours.split()}


SIXTEEN = _numbered(
    # What the tones are there: four that nobody takes for one another. Brown is too near to red.
    (_GREEN, "#009E73"),
    (_YELLOW, "#F0E442"),
    (_BLUE, "#0072B2"),
    (_RED, "#D55E00"),
    (_WHITE, "#00694C #00523B"),  # stripes on green, beside black letters
    (_BLACK, "#111518 #171C20 #222A30 #14181B"),
    (_BLACK, "#4A555E #00664A #005C42"),  # no green and no grey is dark enough on white
    (_WHITE, "#E6E9EC #FAFAF7 #F1F3F4"),
    (_GREY, "#98A4AE #DFE5E9 #C4C4C4 #8C8C8C"),
    (_DARK_GREY, "#283036 #303030 #4A4A4A"),
    (_CYAN, "#0A3578 #00447A #BBDDF2"),  # the cursor: no tone
    (_BLUE, "#0063A0 #535E68"),
    (_LIGHT_CYAN, "#56B4E9 #A3AEB7 #C8C8C8"),  # no grey is read on what a field has there
    (_LIGHT_PINK, "#CC79A7"),
    (_YELLOW, "#E69F00 #F0C05A #FFFF00"),
    (_LIGHT_GREEN, "#2FBF94 #4CD0A8 #5CFFC8"),
    (_LIGHT_RED, "#E8762C #F58A4A #FF9B5A"),
    (_RED, "#A33D00 #9A3A00"),
    (_PINK, "#84417B #7A4D00 #744900"),
)
"""Which of a terminal's sixteen colours is drawn for a theme's own; for others, the nearest."""
