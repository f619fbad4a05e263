"""Keys as they are pressed, and what `boxoffice.domain.scan_input` decides about them."""

from enum import Enum, auto
from typing import Any, NamedTuple, TypeAlias

MOUSE = "mouse"
"""The name of a button of the mouse."""
TABS = frozenset({"tab", "ctrl+i"})
ENDS = TABS | {"enter", "ctrl+m", "ctrl+j"}
"""Keys that a scanner may end a code with."""
BACKSPACES = frozenset({"backspace", "ctrl+h"})
"""Keys that take the last character off the door's line. They act at once."""
REPEATED = BACKSPACES | {"up", "down", "left", "right", "pageup", "pagedown", "delete", MOUSE}
"""Keys that people hold down, and the mouse button, which they click twice."""
HARMLESS = REPEATED | ENDS | {"shift+tab", "home", "end", "ctrl+home", "ctrl+end", "escape"}
"""Keys that move, clear or admit at the door: it can be undone if a scan began with one."""
MODIFIERS = frozenset(
    {
        *(f"{side}_{key}" for side in ("left", "right") for key in ("shift", "control", "alt")),
        *(f"{side}_{key}" for side in ("left", "right") for key in ("super", "hyper", "meta")),
        *("iso_level3_shift", "iso_level5_shift", "caps_lock", "num_lock", "scroll_lock"),
        "ctrl+@",
    }
)
"""Modifier keys that some terminals, as with the kitty protocol, report as keys of their own. The
Windows console reports them as NUL, which is `ctrl+@`."""


def took_a_character(name: str) -> bool:
    """Whether this key may be Escape and the character after it, which terminals report as one.

    Escape and `b` or `f` are reported as the keys that go a word back or forth in shells.
    """
    return name.startswith("alt+") or name in ("ctrl+left", "ctrl+right")


class Front(Enum):
    """The kind of screen that is in front."""

    DOOR = auto()
    """The door: its line takes every character."""
    OTHER = auto()
    """A form, a dialog, a menu: it takes a person's keys, and scans are answered all the same."""
    OPEN = auto()
    """The log-in: there are no scans yet, and a program may type or paste the site's key."""


class Key(NamedTuple):
    name: str
    """As Textual names it: `a`, `enter`, `f9`, `ctrl+q`; `MOUSE` for a button of the mouse."""
    character: str
    """The character that it types; empty: none."""
    at: float
    """Seconds, on one clock that never goes back."""
    source: Any = None
    """Whatever the caller wants to have back with the decision."""


class Text(NamedTuple):
    """A character that a person types, or so it seems until now."""

    key: Key
    on_line: bool = False
    """It goes to the door's line, whatever screen is in front by now; else to that screen."""
    scanned: bool = False
    """A scanner types it, too fast for the eye to follow."""


class PastedText(NamedTuple):
    """A person's paste that is no code. It goes, cleaned, to the door's line or to a field."""

    text: str


class Command(NamedTuple):
    """A person's key that types no character, for the screen in front."""

    key: Key


class WholeScan(NamedTuple):
    """A scan, which is to be answered."""

    text: str
    on_line: int = 0
    """How many of its characters were put on the door's line, and have to be taken off again."""
    broken: bool = False
    """Only a part of it came, or it is no code: it names nobody, whatever it looks like."""


class Dropped(NamedTuple):
    """Keys that came with a scan, and are thrown away."""

    keys: tuple[Key, ...]


Decision: TypeAlias = Text | PastedText | Command | WholeScan | Dropped
