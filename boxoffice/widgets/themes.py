"""Where the stylesheets are, and the two themes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.theme import Theme

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
        "cursor": "#2E5C7E",
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
        "cursor": "#FFFFFF",
        "on-cursor": "#000000",
    },
)

THEMES = (NORMAL, CONTRAST)
_OWN = {"": NORMAL.name, "contrast": CONTRAST.name}
"""What the settings call them."""


def theme_name(setting: str) -> str:
    """The name of the theme that is set."""
    return _OWN.get(setting, setting)


def choices_of_themes(app: App[Any]) -> Sequence[tuple[str, str]]:
    """What can be set, and what it is called."""
    others = sorted(app.available_themes.keys() - _OWN.values())
    return [("", _("usual")), ("contrast", _("high contrast")), *zip(others, others, strict=True)]
