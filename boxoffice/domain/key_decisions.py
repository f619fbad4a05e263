"""Keys as hands press them, and what `boxoffice.domain.scan_input` decides of them."""

from enum import Enum, auto
from typing import Any, NamedTuple, TypeAlias

MOUSE = "mouse"
"""The name of a button of the mouse."""
TABS = frozenset({"tab", "ctrl+i"})
ENDS = TABS | {"enter", "ctrl+m", "ctrl+j"}
"""Keys that a scanner may end a code with."""
BACKSPACES = frozenset({"backspace", "ctrl+h"})
"""Keys that take the last character off the door's line, which nobody has to wait for."""
REPEATED = BACKSPACES | {"up", "down", "left", "right", "pageup", "pagedown", "delete", MOUSE}
"""Keys that are held down, and the button that is clicked twice."""
HARMLESS = REPEATED | ENDS | {"shift+tab", "home", "end", "ctrl+home", "ctrl+end", "escape"}
"""Keys that move or clear on the door, or admit: what a scan began with one can be taken back."""
MODIFIERS = frozenset(
    {
        *(f"{side}_{key}" for side in ("left", "right") for key in ("shift", "control", "alt")),
        *(f"{side}_{key}" for side in ("left", "right") for key in ("super", "hyper", "meta")),
        *("iso_level3_shift", "iso_level5_shift", "caps_lock", "num_lock", "scroll_lock"),
        "ctrl+@",
    }
)
"""Modifiers that terminals report by themselves, as those with the kitty protocol do; the console
of Windows reports them as NUL."""


def took_a_character(name: str) -> bool:
    """Whether this may be Escape and the character behind it, which terminals tell of as one key.

    Of `b` and `f` they make the shells' keys for a word back and forth.
    """
    return name.startswith("alt+") or name in ("ctrl+left", "ctrl+right")


class Front(Enum):
    """What is in front of the person."""

    DOOR = auto()
    """The door, whose line takes every character."""
    OTHER = auto()
    """A form, a dialog, a menu: keys are its own, but a scan is answered all the same."""
    OPEN = auto()
    """Where nobody is admitted and a key may be pasted or typed by a program: the log-in."""


class Key(NamedTuple):
    name: str
    """As Textual names it: `a`, `enter`, `f9`, `ctrl+q`; `MOUSE` for a button of the mouse."""
    character: str
    """What it types; empty where that is nothing."""
    at: float
    """Seconds, on one clock that never goes back."""
    source: Any = None
    """For the caller, who has it back."""


class Text(NamedTuple):
    """A character that a person types, as far as can be told yet."""

    key: Key
    on_line: bool = False
    """It goes on the door's line, whatever is in front by now; else to the screen in front."""
    scanned: bool = False
    """A scanner types it, at a pace that no eye follows."""


class PastedText(NamedTuple):
    """A person's paste that is no code: for the line, cleaned, or for the field in front."""

    text: str


class Command(NamedTuple):
    """A person's key that types nothing, for the screen in front."""

    key: Key


class WholeScan(NamedTuple):
    """A scan, to be answered."""

    text: str
    on_line: int = 0
    """So many characters at the end of the door's line are its own, and are to be taken off."""
    broken: bool = False
    """It broke off, or is no code at all: nobody is meant, whatever it looks like."""


class Dropped(NamedTuple):
    """Keys that came with a scan and are nobody's."""

    keys: tuple[Key, ...]


Decision: TypeAlias = Text | PastedText | Command | WholeScan | Dropped
